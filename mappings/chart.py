"""The conventions chart: which state is party to which instrument since when, as its captions say."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.mappings import names
from kg.mappings.dates import iso_date
from kg.mappings.matter import Denunciation
from kg.mappings.reading import Reading
from kg.read.tabbed import Row, Table, check_width
from kg.read.text import SourceError, Span, line_number
from kg.records import TreatyStatus, slug

DASHES: Final = {"—", "–", "-", "−", "--"}
CELL: Final = re.compile(
    r"(?P<year>\d{4})\s*(?:\((?P<mark>[A-Za-z])\))?\s*"
    r"(?:\((?:into force|entry into force|in force):? (?P<force>[^()]+)\))?"
)
MODE: Final = re.compile(r"([A-Za-z][a-z]+)(?: ?\((\w)\))?")
FILLERS: Final = {"or", "and", "of", "by"}
FOOTNOTE: Final = " *†‡§¶¹²³"


@dataclass(frozen=True)
class Column:
    """A column of the chart: the instrument of its caption, what its sub-header says of the mode, and the marks of the
    footnotes that say that a state has left."""

    instrument: str
    caption: str
    span: Span
    marks: dict[str, str]
    unmarked: str
    ended: Collection[str]


def read_chart(
    reading: Reading, table: Table, *, modes: dict[str, str], announced: str, ended: Mapping[str, Denunciation]
) -> list[TreatyStatus]:
    """One record a cell. `modes` maps a mode's name as printed to its slug; `announced` is the sentence above the
    chart, which may explain marks too; `ended` are the footnotes below it that say that a state has left, by mark.
    Raises SourceError at a row, state, instrument or cell not understood."""
    check_width(table)
    header, *rows = table.rows
    below = rows.pop(0) if rows and _is_below(header, rows[0]) else None
    sentence = " ".join(cell.text for cell in below.cells) if below else ""
    explained = _marks(announced, modes) | _marks(sentence, modes)
    columns = [_column(reading, header, below, index, modes, ended) for index in range(1, len(header.cells))]
    _unlike(columns)
    repeated = [_texts(header), *([_texts(below)] if below else [])]
    records: list[TreatyStatus] = []
    seen: dict[str, Row] = {}
    for row in rows:
        if _texts(row) in repeated:
            continue
        state = _state(reading, row, ended)
        if state in seen:
            first = line_number(reading.text, seen[state].span.begin)
            raise SourceError(
                f"{row.cells[0].text!r} has a second row in the chart (first: line {first})", row.span.begin
            )
        seen[state] = row
        for index, column in enumerate(columns, 1):
            records.append(_cell(reading, row, index, state, column, explained))
    return _ended(records, ended)


def _ended(records: Sequence[TreatyStatus], ended: Mapping[str, Denunciation]) -> list[TreatyStatus]:
    """The records with those whose cell has the mark of a denunciation ended: the state is no party any more. Raises
    SourceError where the footnote belongs to no cell, or to that of another state."""
    found: list[TreatyStatus] = []
    used: set[str] = set()
    for record in records:
        mark = _mark(record.printed)
        if mark in ended:
            used.add(mark)
            said = ended[mark]
            if said.state not in ("", record.state):
                about = names.states()[said.state].label
                raise SourceError(f"row {record.state_name}: the footnote {mark!r} is about {about}", record.begin)
            status = "denounced" if record.status == "party" else record.status
            record = replace(record, status=status, ended=said.date)
        found.append(record)
    for mark, said in ended.items():
        if mark not in used:
            raise SourceError(
                f"the footnote {mark!r} says that a state left, but no cell has its mark", said.line.span.begin
            )
    return found


def _mark(printed: str) -> str:
    return printed[len(printed.rstrip(FOOTNOTE)) :].strip()


def _texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def _is_value(printed: str) -> bool:
    return printed in DASHES or CELL.fullmatch(printed.rstrip(FOOTNOTE)) is not None


def _is_below(header: Row, row: Row) -> bool:
    """Whether this is the second level of the header: no state, no value, and not the header again."""
    no_state = row.cells[0].text in ("", header.cells[0].text)
    return no_state and _texts(row) != _texts(header) and not any(_is_value(cell.text) for cell in row.cells)


def _marks(sentence: str, modes: dict[str, str]) -> dict[str, str]:
    """The letters that a caption explains, case-sensitive: a -> accession, A -> acceptance."""
    return {mark: modes[word.lower()] for word, mark in MODE.findall(sentence) if mark and word.lower() in modes}


def _column(
    reading: Reading, header: Row, below: Row | None, index: int, modes: dict[str, str], ended: Collection[str]
) -> Column:
    cell = header.cells[index]
    caption = cell.text.rstrip(FOOTNOTE)
    if not caption or _is_value(caption):
        raise SourceError(f"column {index + 1} of the conventions chart has no caption", header.span.begin)
    key = names.instrument(caption)
    if key is None:
        reading.unknown("instrument", caption, names.known("instruments").nearest(caption), cell.span.begin)
        key = reading.make(names.generated("instrument", caption))
    else:
        reading.use("instrument", key)
    sub = below.cells[index].text if below else ""
    words = [word.lower() for word, _ in MODE.findall(sub) if word.lower() not in FILLERS]
    for word in words:
        if word not in modes:
            reading.doubt(f"column {caption}: {word!r} is no known way of becoming party", cell.span.begin)
    unmarked = modes.get(words[0], "unspecified") if len(set(words)) == 1 else "unspecified"
    return Column(key, caption, cell.span, _marks(sub, modes), unmarked, ended)


def _unlike(columns: list[Column]) -> None:
    for number, column in enumerate(columns):
        if column.instrument in {other.instrument for other in columns[:number]}:
            raise SourceError(
                f"two columns of the chart are {column.instrument!r} ({column.caption})", column.span.begin
            )


def _state(reading: Reading, row: Row, ended: Mapping[str, Denunciation]) -> str:
    name = row.cells[0].text
    printed = name.rstrip(FOOTNOTE)
    if _mark(name) in ended:
        what = f"row {name!r}: the footnote says that the state left, but not which of the instruments"
        raise SourceError(what, row.span.begin)
    if printed != name:
        reading.doubt(f"row {name!r} points to a footnote, which says more than the row", row.span.begin)
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
    name = row.cells[0].text.rstrip(FOOTNOTE)
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
        ended="",
        printed=cell.text,
        **reading.place(cell.span if cell.text else row.span, *where),
    )


def _content(
    reading: Reading, printed: str, span: Span, column: Column, explained: dict[str, str], state: str
) -> tuple[str, str, str, str]:
    """status, year, mode and entry into force of a cell as printed."""
    place = f"row {state}, column {column.caption}"
    bare = printed.rstrip(FOOTNOTE)
    if bare != printed and _mark(printed) not in column.ended:
        reading.doubt(f"{place}: {printed!r} points to a footnote, which says more than the cell", span.begin)
    if bare in DASHES:
        return "not_party", "", "", ""
    if not printed:
        return "blank", "", "", ""
    match = CELL.fullmatch(bare)
    if match is None:
        raise SourceError(f"{place}: {printed!r} is no year, dash or blank", span.begin)
    force = iso_date(match["force"]) if match["force"] else ""
    if force is None:
        raise SourceError(f"{place}: {match['force']!r} is no date", span.begin)
    mark = match["mark"]
    if not mark:
        return "party", match["year"], column.unmarked, force
    mode = column.marks.get(mark) or explained.get(mark)
    if mode is None:
        reading.doubt(f"{place}: no caption explains the letter ({mark})", span.begin)
    return "party", match["year"], mode or mark, force
