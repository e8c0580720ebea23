"""The conventions chart: which state is party to which instrument since when, as its captions say."""

import re
from dataclasses import dataclass
from typing import Final

from kg.mappings import names
from kg.mappings.dates import iso_date
from kg.mappings.reading import Reading
from kg.read.tabbed import Row, Table, check_width
from kg.read.text import SourceError, Span
from kg.records import TreatyStatus, slug

DASHES: Final = {"—", "–", "-", "−", "--"}
CELL: Final = re.compile(
    r"(?P<year>\d{4})\s*(?:\((?P<mark>[A-Za-z])\))?"
    r"\s*(?:\((?:into force|entry into force|in force):? (?P<force>[^()]+)\))?"
)
MARK: Final = re.compile(r"([A-Z][a-z]+)(?: \((\w)\))?")


@dataclass(frozen=True)
class Column:
    """A column of the chart: the instrument of its caption, and what its sub-header says of the mode."""

    instrument: str
    caption: str
    span: Span
    marks: dict[str, str]
    unmarked: str


def read_chart(reading: Reading, table: Table, *, modes: dict[str, str], announced: str) -> list[TreatyStatus]:
    """One record a cell. `modes` maps a mode's name as printed to its slug; `announced` is the sentence above the
    chart, which may explain marks too. Raises SourceError at a row, state, instrument or cell not understood."""
    check_width(table)
    header, *rows = table.rows
    below = rows.pop(0) if rows and not rows[0].cells[0].text else None
    explained = _marks(announced, modes) | _marks(" ".join(c.text for c in below.cells) if below else "", modes)
    columns = [_column(reading, header, below, index, modes) for index in range(1, len(header.cells))]
    _unlike(columns)
    records: list[TreatyStatus] = []
    seen: dict[str, Row] = {}
    for row in rows:
        if row.cells[0].text == header.cells[0].text:
            continue
        state = _state(reading, row)
        if state in seen:
            raise SourceError(f"{row.cells[0].text!r} has a second row in the chart", row.span.begin)
        seen[state] = row
        for index, column in enumerate(columns, 1):
            records.append(_cell(reading, row, index, state, column, explained))
    return records


def _marks(sentence: str, modes: dict[str, str]) -> dict[str, str]:
    """The letters that a caption explains, case-sensitive: a -> accession, A -> acceptance."""
    return {mark: modes[word.lower()] for word, mark in MARK.findall(sentence) if mark and word.lower() in modes}


def _column(reading: Reading, header: Row, below: Row | None, index: int, modes: dict[str, str]) -> Column:
    cell = header.cells[index]
    caption = cell.text.rstrip(" *†‡")
    if not caption:
        raise SourceError(f"column {index + 1} of the conventions chart has no caption", header.span.begin)
    key = names.instrument(caption)
    if key is None:
        reading.unknown("instrument", caption, names.known("instruments").nearest(caption), cell.span.begin)
        key = reading.make(names.generated("instrument", caption))
    else:
        reading.use("instrument", key)
    sub = below.cells[index].text if below else ""
    named = {modes[word.lower()] for word, _ in MARK.findall(sub) if word.lower() in modes}
    unmarked = named.pop() if len(named) == 1 else "unspecified"
    return Column(key, caption, cell.span, _marks(sub, modes), unmarked)


def _unlike(columns: list[Column]) -> None:
    for number, column in enumerate(columns):
        if column.instrument in {other.instrument for other in columns[:number]}:
            raise SourceError(
                f"two columns of the chart are {column.instrument!r} ({column.caption})", column.span.begin
            )


def _state(reading: Reading, row: Row) -> str:
    printed = row.cells[0].text.rstrip(" *†‡")
    if not printed:
        raise SourceError("a row of the conventions chart has no country name", row.span.begin)
    try:
        return reading.use("state", names.state(printed))
    except names.UnknownNameError as error:
        raise SourceError(str(error), row.span.begin) from error


def _cell(
    reading: Reading, row: Row, index: int, state: str, column: Column, explained: dict[str, str]
) -> TreatyStatus:
    cell = row.cells[index]
    name = row.cells[0].text
    status, year, mode, force = _content(reading, cell.text, cell.span, column, explained, name)
    entry = names.table("instruments").get(column.instrument, {})
    short = entry.get("abbreviation") or column.caption
    where = ("conventions chart", f"row {name}", f"column {short}")
    return TreatyStatus(
        id=f"{slug(state)}-{column.instrument}",
        state=state,
        state_name=name,
        instrument=column.instrument,
        status=status,
        year=year,
        mode=mode,
        entry_into_force=force,
        printed=cell.text,
        **reading.place(cell.span if cell.text else row.span, *where),
    )


def _content(
    reading: Reading, printed: str, span: Span, column: Column, explained: dict[str, str], state: str
) -> tuple[str, str, str, str]:
    """status, year, mode and entry into force of a cell as printed."""
    if printed in DASHES:
        return "not_party", "", "", ""
    if not printed:
        return "blank", "", "", ""
    match = CELL.fullmatch(printed)
    if match is None:
        raise SourceError(f"row {state}, column {column.caption}: {printed!r} is no year, dash or blank", span.begin)
    force = iso_date(match["force"]) if match["force"] else ""
    if force is None:
        raise SourceError(f"row {state}, column {column.caption}: {match['force']!r} is no date", span.begin)
    mark = match["mark"]
    if not mark:
        return "party", match["year"], column.unmarked, force
    mode = column.marks.get(mark) or explained.get(mark)
    if mode is None:
        reading.warn(f"row {state}: no caption explains the letter ({mark}); kept as printed", span.begin)
    return "party", match["year"], mode or mark, force
