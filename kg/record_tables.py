"""Record tables: one tab-separated file a kind, <records>/<source>/<kind>.tsv, as git keeps and people review them.

The first row names the columns, which are the fields of the record type, the passage's place last. A list is joined
by "|"; tab, newline, backslash and the "|" of a list's part are written \\t, \\n, \\\\ and \\p.
"""

import re
import typing
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from kg.records import KINDS, Coverage, Entity, Many, Mention, Record, Sentence, Source


class RecordError(ValueError):
    """A record table that cannot be read: its message names file, line, what is wrong and what is allowed."""


PLACE: Final = ("begin", "end", "sha256", "where")


def columns(kind: type[Record]) -> list[str]:
    """The columns of a kind's table: its fields, with the place of the passage last."""
    names = [field.name for field in fields(kind)]
    return [n for n in names if n not in PLACE] + [n for n in names if n in PLACE]


def write(folder: Path, records: Iterable[Record]) -> None:
    """Write one <kind>.tsv per kind into `folder`, which must exist; kinds without a record get no file."""
    for kind, kind_type in KINDS.items():
        rows = [record for record in records if record.kind == kind]
        if rows:
            names = columns(kind_type)
            lines = ["\t".join(names), *("\t".join(_cell(getattr(row, n)) for n in names) for row in rows)]
            (folder / f"{kind}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_all(folder: Path) -> dict[str, list[Record]]:
    """The records of every source under a folder, by source id. Raises RecordError: no folder, or no records there."""
    if not folder.is_dir():
        raise RecordError(f"{folder}: no such folder; --records takes the folder that holds one folder for each source")
    found = {path.name: read(path) for path in sorted(folder.iterdir()) if (path / "source.tsv").is_file()}
    if not found:
        raise RecordError(f"{folder}: no records there (no SOURCE/source.tsv); tipkg extract writes them")
    return found


def read(folder: Path) -> list[Record]:
    """All records of one source's folder, kind by kind. Raises RecordError with file and line."""
    records: list[Record] = []
    for path in sorted(folder.glob("*.tsv")):
        if path.stem not in KINDS:
            raise RecordError(f"{path}: no record kind is called {path.stem!r}; kinds: {', '.join(KINDS)}")
        records += _read_table(path, KINDS[path.stem])
    sources = [record for record in records if isinstance(record, Source)]
    if len(sources) != 1:
        raise RecordError(f"{folder}: source.tsv must hold exactly one row, found {len(sources)}")
    _check(folder, records, sources[0])
    return records


def _check(folder: Path, records: Sequence[Record], source: Source) -> None:
    """Offsets lie in the text, hashes are hashes, ids are unique in their kind: errors name file and line."""
    lines: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for record in records:
        number = lines[record.kind] = lines.get(record.kind, 1) + 1
        place = f"{folder / record.kind}.tsv:{number}"
        key = (f"{record.kind}/{record.kind_of}" if isinstance(record, Entity) else record.kind, record.id)
        if key in seen:
            raise RecordError(f"{place}: a second row with the id {record.id!r}")
        seen.add(key)
        if isinstance(record, Source | Entity | Coverage):
            continue
        if record.end > source.characters:
            raise RecordError(f"{place}: end {record.end} lies behind the text's {source.characters} characters")
        if not isinstance(record, Mention | Sentence) and not re.fullmatch(r"[0-9a-f]{64}", record.sha256):
            raise RecordError(f"{place}: sha256 must be 64 hexadecimal digits, found {record.sha256!r}")


def _read_table(path: Path, kind: type[Record]) -> list[Record]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}: not UTF-8 at byte {error.start}") from error
    names = columns(kind)
    header = lines[0].split("\t")
    if header != names:
        missing = [name for name in names if name not in header] or "none"
        raise RecordError(f"{path}:1: columns must be {' '.join(names)}; found {' '.join(header)}; missing: {missing}")
    types = typing.get_type_hints(kind)
    found: list[Record] = []
    for number, line in enumerate(lines[1:], 2):
        if line:
            found.append(_row(f"{path}:{number}", kind, types, names, line))
    return found


def _row(place: str, kind: type[Record], types: dict[str, Any], names: Sequence[str], line: str) -> Record:
    cells = line.split("\t")
    if len(cells) != len(names):
        raise RecordError(f"{place}: {len(cells)} values for {len(names)} columns ({' '.join(names)})")
    values: dict[str, Any] = {n: _value(place, n, types[n], cell) for n, cell in zip(names, cells, strict=True)}
    if not values["id"]:
        raise RecordError(f"{place}: the id is empty")
    if "begin" in values and not 0 <= values["begin"] < values["end"]:
        raise RecordError(f"{place}: begin {values['begin']} and end {values['end']}: begin must be under end")
    return kind(**values)


def _cell(value: str | int | Many) -> str:
    if isinstance(value, tuple):
        return "|".join(_escape(part).replace("|", "\\p") for part in value)
    return str(value) if isinstance(value, int) else _escape(value)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "p": "|"}.get(m[1], m[1]), text)


def _value(place: str, name: str, wanted: Any, cell: str) -> str | int | Many:
    if wanted is int:
        if not re.fullmatch(r"[0-9]+", cell):
            raise RecordError(f"{place}: {name} must be a whole number, found {cell!r}")
        return int(cell)
    if wanted is str:
        return _unescape(cell)
    return tuple(_unescape(part) for part in cell.split("|")) if cell else ()
