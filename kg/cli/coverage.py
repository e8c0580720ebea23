"""The command that accounts for every line of the sources: coverage."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.options import FORM, RECORDS, SOURCES, echo_rows, sources_here

if TYPE_CHECKING:
    from kg.records import Coverage, Record, Sentence

COLUMNS: Final = (
    *("source", "section", "lines", "mapped", "reasons", "unaccounted"),
    *("sentences", "stated", "mention only", "other sentences"),
)


@click.command()
@click.argument("source", required=False)
@SOURCES
@RECORDS
@FORM
def coverage(source: str | None, sources: Path | None, records: Path | None, form: str) -> None:
    """Account for every line: mapped, left out for a reason, or unaccounted (exit 1).

    Of a paper also for every sentence: how many state something recorded, only mention a known thing, or neither."""
    from kg.graph.build import packaged_records
    from kg.record_tables import read_all

    read = read_all(records or packaged_records())
    given = sources or sources_here()
    if given:
        read |= _again(given)
    if source is not None and source not in read:
        raise click.UsageError(f"no source is called {source!r} (known: {', '.join(read)})")
    rows = [row for key in sorted(read) if source in (None, key) for row in _rows(key, read[key])]
    echo_rows(COLUMNS, rows, form)
    lost = sum(int(row[5]) for row in rows if row[1] == "all")
    if lost:
        click.echo(f"{lost} lines or sentences are unaccounted for", err=True)
        sys.exit(1)


def _again(folder: Path) -> "dict[str, list[Record]]":
    from kg.mappings.extract import extract, texts_in

    found = {key: list(extract(key, path).records) for key, path in texts_in(folder).items()}
    return {key: records for key, records in found.items() if records}


def _rows(source: str, records: "list[Record]") -> list[tuple[str | int, ...]]:
    """The whole source first, then its sections in order."""
    from kg.records import Coverage, Sentence

    parts = [record for record in records if isinstance(record, Coverage | Sentence)]
    sections = list(dict.fromkeys(part.section for part in parts if isinstance(part, Coverage)))
    rows = [_row(source, "all", parts)]
    return [*rows, *(_row(source, name, [part for part in parts if part.section == name]) for name in sections)]


def _row(source: str, section: str, parts: "list[Coverage | Sentence]") -> tuple[str | int, ...]:
    from kg.records import Coverage

    lines: Counter[str] = Counter()
    sentences: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, Coverage):
            lines[part.reason] += part.lines
        else:
            sentences[part.reason] += 1
    all_lines, all_sentences = lines.total(), sentences.total()
    mapped, lost = lines.pop("mapped", 0), lines.pop("unaccounted", 0) + sentences.pop("unaccounted", 0)
    stated, named = sentences.pop("statement", 0), sentences.pop("mention", 0)
    row = source, section, all_lines, mapped, _listed(lines), lost
    return (*row, all_sentences, stated, named, _listed(sentences)) if all_sentences else (*row, "", "", "", "")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))
