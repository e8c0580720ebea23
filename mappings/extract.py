"""From source texts to records: which text is which, read by its series, written beside and moved into place."""

import importlib.resources
import re
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.mappings import icat, ledger, mentions, names, tip
from kg.mappings.reading import Reading, distinct
from kg.read import tabbed
from kg.read.text import SourceError, Text, line_number, read_text
from kg.record_tables import read as read_records
from kg.record_tables import write
from kg.records import Entity, Record, Source, Statement

ID: Final = re.compile(r"(?P<series>[a-z]+)-(?P<edition>\d{4})")
SERIES: Final = ("tip", "icat")


class ExtractError(ValueError):
    """A text that cannot be read, or cannot be told; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Extraction:
    """What one text states."""

    source: str
    path: Path
    records: tuple[Record, ...]
    warnings: tuple[str, ...]


def editions() -> dict[str, dict[str, Any]]:
    """The settings of every source with a TOML of its own, by source id."""
    found: dict[str, dict[str, Any]] = {}
    for item in importlib.resources.files("kg.mappings").iterdir():
        match = re.fullmatch(r"([a-z]+)_(\d{4})\.toml", item.name)
        if match:
            found[f"{match[1]}-{match[2]}"] = tomllib.loads(item.read_text(encoding="utf-8"))
    return dict(sorted(found.items()))


def texts_in(folder: Path) -> dict[str, Path]:
    """The texts of a folder by source id, told by their SHA-256. Raises ExtractError: none, or an unknown one."""
    if not folder.is_dir():
        raise ExtractError(f"{folder}: no such folder; --sources takes the folder that holds the source texts")
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".txt" and path.is_file())
    if not paths:
        raise ExtractError(
            f"extract reads the source texts and found none (looked in {folder}). Give --sources DIR. "
            "The graph itself needs none: tipkg build."
        )
    known = {str(settings["sha256"]): source for source, settings in editions().items()}
    found: dict[str, Path] = {}
    for path in paths:
        source = known.get(read_text(path).sha256)
        if source is None:
            raise ExtractError(
                f"{path}: unknown or truncated text (its fingerprint is none of {', '.join(known.values())}). "
                f"Another copy of a known source: --source {path.name}=tip-2018; "
                f"a new edition: --source {path.name}=tip-2019"
            )
        found[source] = path
    return found


def parse_source(option: str) -> tuple[str, Path]:
    """FILE=ID of the option --source. Raises ExtractError if ID is no <series>-<year> of a known series."""
    name, _, source = option.rpartition("=")
    match = ID.fullmatch(source)
    if not name or match is None or match["series"] not in SERIES:
        known = " or ".join(f"{series}-YEAR" for series in SERIES)
        raise ExtractError(f"--source {option}: wanted FILE=ID, where ID is {known} (the year is the edition)")
    return source, Path(name)


def extract(source: str, path: Path) -> Extraction:
    """Read one text as the source with this id. Raises ExtractError or TextError naming file and line."""
    settings = editions().get(source)
    text = read_text(path)
    if not text.value.strip():
        raise ExtractError(f"{path}: the text is empty")
    series = source.split("-")[0]
    if series == "icat" and settings is None:
        raise ExtractError(f"{path}: {source} has no curated tables; papers of this series are read by people first")
    shared = {**names.settings("tip"), **(settings or {})} if series == "tip" else settings or {}
    reading = Reading(source, text.value, _short_title(shared, source), settings or {}, strict=settings is not None)
    try:
        statements = tip.read(reading) if series == "tip" else icat.read(reading)
        distinct(statements)
    except SourceError as error:
        raise ExtractError(f"{path}:{line_number(text.value, error.at)}: {error.message}") from error
    if settings is not None and settings["sha256"] == text.sha256:
        _check_counts(path, settings, statements)
    named = mentions.read(reading, statements)
    about = [*_entities(reading), *ledger.account_for(reading, statements), *named]
    about += ledger.account_for_sentences(reading, statements, named)
    records: list[Any] = [_source(source, text, shared), *about, *statements]
    return Extraction(source, path, tuple(records), tuple(f"{path}: {warning}" for warning in reading.warnings))


def _short_title(shared: dict[str, Any], source: str) -> str:
    return f"{shared['short_title']} {source.split('-')[1]}"


def _entities(reading: Reading) -> list[Entity]:
    return [reading.entities[key] for key in sorted(reading.entities)]


def _source(source: str, text: Text, shared: dict[str, Any]) -> Source:
    series, _, edition = source.partition("-")
    return Source(
        id=source,
        series=series,
        edition=edition,
        title=shared.get("title") or f"{shared['report']} {edition}",
        short_title=f"{shared['short_title']} {edition}",
        publisher=shared["publisher"],
        published=shared.get("published", edition),
        licence=shared["licence"],
        layout=shared.get("layout") or ("tabbed" if tabbed.is_tabbed(text.value) else "pdf-flow"),
        file=shared.get("file", ""),
        sha256=text.sha256,
        characters=len(text.value),
    )


def _check_counts(path: Path, settings: dict[str, Any], statements: Sequence[Statement]) -> None:
    for kind, wanted in settings.get("counts", {}).items():
        got = sum(record.kind == kind for record in statements)
        if got != wanted:
            raise ExtractError(f"{path}: {got} {kind} records where the source's TOML counts {wanted}")


def save(extraction: Extraction, folder: Path) -> None:
    """Write the records to folder/<source>: beside first, then moved into place; nothing else there is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    new, target, old = (folder / f"{prefix}{extraction.source}" for prefix in (".new-", "", ".old-"))
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir()
    write(new, extraction.records)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def differences(extraction: Extraction, folder: Path) -> Iterator[str]:
    """What the records in folder/<source> say otherwise, a line each: - there and not in the text, + the reverse."""
    target = folder / extraction.source
    if not target.is_dir():
        yield f"{target}: no records of {extraction.source}"
        return
    there, here = read_records(target), list(extraction.records)
    for sign, some, others in (("-", there, here), ("+", here, there)):
        keys = {_line(record) for record in others}
        yield from (f"{sign} {extraction.source} {line}" for line in map(_line, some) if line not in keys)


def _line(record: Record) -> str:
    values = {name: value for name, value in vars(record).items() if value not in ("", ())}
    return f"{record.kind} " + " ".join(f"{name}={value}" for name, value in values.items())
