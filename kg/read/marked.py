"""Rows of a name and marks in a flow: blocks of captions first, then names, each with as many marks as captions.

A mark is a year with what its brackets say, or a dash. A row is not a line: marks go on over lines and blank lines.
An empty cell leaves no trace in a flow, so a row with another number of marks is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.read.blocks import Apart, Block
from kg.read.hints import Hints
from kg.read.tabbed import Cell, Row, Table, together
from kg.read.text import SourceError, Span, line_number
from kg.read.wrapped import URL, nothing

NOTES: Final = "*†‡§¶¹²³"
DASH: Final = "[—–−-]{1,2}"
MARK: Final = re.compile(
    rf"(?<!\S)(?:\d{{4}}(?: ?[{NOTES}]+)?(?: ?\([^()]{{1,80}}\))*|{DASH})(?:[{NOTES}]+|(?: [{NOTES}]+)(?= |$))?(?!\S)"
)
OPEN: Final = re.compile(rf"(?<!\S)\d{{4}}(?: ?[{NOTES}]+)? ?\([^()]*$")
TICK: Final = re.compile(r"(?<!\S)[Xx✓✔✗✘√●•](?!\S)")
FOOTNOTE: Final = re.compile(rf"[{NOTES}]+ ?(?=[^\s{NOTES}])")
STOP: Final = re.compile(r"\w{3}[.!?](?:\s|$)")
PROSE_WORDS: Final = 12
UNNAMED_MARKS: Final = 4  # "2019 – 2030" at the end of a title is a period, and no row of three marks
SHOWN: Final = 5


@dataclass(frozen=True)
class _Row:
    name: Cell
    marks: tuple[Cell, ...]


@dataclass(frozen=True)
class Marks:
    """The tables of this kind in a stretch of blocks, the blocks that stand between their rows, and what is apart."""

    tables: tuple[Table, ...]
    others: tuple[Block, ...]
    apart: tuple[Apart, ...]


def is_row(blocks: Sequence[Block], at: int, hints: Hints) -> bool:
    """Whether the block begins with a known name and a mark, is a name before a block of marks, or ends with several
    marks of a name."""
    block = blocks[at]
    if hints.is_name(block.text.strip(f" {NOTES}")):
        return at + 1 < len(blocks) and _first_mark(blocks[at + 1].text) == 0
    first = _first_mark(block.text)
    if first <= 0:
        return False
    if hints.is_name(block.text[:first].strip(f" {NOTES}")):
        return True
    marks = TICK.sub("", MARK.sub("", block.text[first:])).strip()
    many = len(MARK.findall(block.text)) + len(TICK.findall(block.text)) >= UNNAMED_MARKS
    return many and (not marks or re.fullmatch(r"\d{4} ?\([^()]*", marks) is not None)


def _first_mark(printed: str) -> int:
    """Where the first mark begins, though its bracket be closed in another block; -1 if there is none."""
    return min((found.start() for sign in (MARK, OPEN, TICK) if (found := sign.search(printed))), default=-1)


def is_prose(block: Block) -> bool:
    """Whether the block is made of sentences, or goes on under a heading."""
    long = len(block.text.split()) >= PROSE_WORDS
    return block.tied or (long and STOP.search(URL.sub("", block.text)) is not None)


def captions_above(blocks: Sequence[Block], first: int, hints: Hints) -> int:
    """The number of the block with which the captions above the first row begin."""
    begin = first
    while begin > 0:
        above = blocks[begin - 1]
        if above.heading or is_prose(above) or FOOTNOTE.match(above.text) or URL.search(above.text):
            break
        begin -= 1
        if above.opens and not (begin and hints.is_caption(blocks[begin - 1].text)):
            break
    return begin


def read(text: str, blocks: Sequence[Block], heading: str, hints: Hints) -> Marks:
    """The rows of these blocks, which begin with captions. Raises SourceError naming each row that is not whole."""
    tables: list[Table] = []
    others: list[Block] = []
    apart: list[Apart] = []
    rest = list(blocks)
    header: list[Block] = []
    rows: list[Row] = []
    while rest:
        captions = _captions(rest, hints)
        rest = rest[len(captions) :]
        if header and [block.text for block in captions] == [block.text for block in header]:
            apart += [Apart(block.cell.span, "repeated header") for block in captions]
        else:
            tables += _table(header, rows, heading)
            header, rows = captions, []
        count = next((n for n in range(1, len(rest)) if _is_header(rest, n, hints)), len(rest))
        body = [block for block in rest[:count] if not (is_prose(block) or FOOTNOTE.match(block.text) or block.heading)]
        others += [block for block in rest[:count] if block not in body]
        rows += _rows(text, body, len(header), hints)
        rest = rest[count:]
    return Marks((*tables, *_table(header, rows, heading)), tuple(others), tuple(apart))


def _captions(blocks: Sequence[Block], hints: Hints) -> list[Block]:
    """The blocks above the first row. Raises SourceError: there are none."""
    count = next((number for number in range(len(blocks)) if is_row(blocks, number, hints)), len(blocks))
    if not count:
        name = blocks[0].text[:40]
        raise SourceError(
            f"rows of names and marks without captions above them, from {name!r} on", blocks[0].cell.span.begin
        )
    for block in blocks[:count]:
        if MARK.match(block.text) and len(MARK.findall(block.text)) > 2:
            raise SourceError(f"{block.text[:40]!r} stands before the first name of its table", block.cell.span.begin)
    return list(blocks[:count])


def _is_header(blocks: Sequence[Block], at: int, hints: Hints) -> bool:
    """Whether captions begin again here, after a row."""
    block = blocks[at]
    return hints.is_caption(block.text) and not FOOTNOTE.match(block.text) and not is_row(blocks, at, hints)


def _table(header: Sequence[Block], rows: Sequence[Row], heading: str) -> list[Table]:
    if not header:
        return []
    begin = header[0].cell.span.begin
    cells = (nothing(begin), *(block.cell for block in header))
    first = Row(cells, Span(begin, header[-1].cell.span.end))
    return [Table((first, *rows), heading)]


def _rows(text: str, blocks: Sequence[Block], width: int, hints: Hints) -> list[Row]:
    # A number of up to three digits that stands alone is no year: it is a page's.
    kept = [block for block in blocks if not re.fullmatch(r"\d{1,3}", block.text)]
    if not kept:
        return []
    stream = together([block.cell for block in kept])
    marks = list(MARK.finditer(stream.text))
    if not marks:
        at = stream.span.begin
        raise SourceError(f"{_ticks(stream)}names with no year or dash after them: {stream.text[:40]!r}", at)
    found: list[_Row] = []
    begin = 0
    for match in [*marks, None]:
        gap = stream.cut(begin, match.start() if match else len(stream.text))
        if gap.text:
            _check_name(text, gap, found, last=match is None)
            found.append(_Row(gap, ()))
        elif match and not found:
            raise SourceError(f"{match[0]!r} stands before the first name of its table", gap.span.begin)
        if match:
            name, before = found[-1].name, found[-1].marks
            found[-1] = _Row(name, (*before, stream.cut(*match.span())))
            begin = match.end()
    _check(text, found, width)
    return [Row((row.name, *row.marks), Span(row.name.span.begin, row.marks[-1].span.end)) for row in found]


def _ticks(cell: Cell) -> str:
    return "X marks where years and dashes are read: " if TICK.search(cell.text) else ""


def _check_name(text: str, name: Cell, rows: Sequence[_Row], *, last: bool) -> None:
    after = f" (after {rows[-1].name.text!r})" if rows else ""
    if TICK.search(name.text):
        row = TICK.split(name.text)[0].strip() or (rows[-1].name.text if rows else "")
        raise SourceError(
            f"row {row!r}: X marks where years and dashes are read; which cells are empty leaves no trace here",
            name.span.begin,
        )
    if name.text.startswith("("):
        raise SourceError(f"{name.text[:40]!r}{after} opens a bracket that goes with no mark", name.span.begin)
    if last:
        raise SourceError(
            f"row {name.text[:40]!r} has no marks: the table is cut off or goes on otherwise", name.span.begin
        )
    if re.search(r"\d|https?:", name.text) or not any(c.isalpha() for c in name.text):
        raise SourceError(f"{name.text[:60]!r}{after} is neither a name nor a mark", name.span.begin)


def _check(text: str, rows: Sequence[_Row], width: int) -> None:
    wrong = [row for row in rows if len(row.marks) != width]
    if not wrong:
        return
    told = [_told(text, row, width) for row in wrong[:SHOWN]]
    more = f"; and {len(wrong) - SHOWN} rows more" if len(wrong) > SHOWN else ""
    why = " (an empty cell leaves no trace in this layout)" if any(len(row.marks) < width for row in wrong) else ""
    raise SourceError("; ".join(told) + more + why, wrong[0].name.span.begin)


def _told(text: str, row: _Row, width: int) -> str:
    count = len(row.marks)
    unnamed = count // width - 1
    also = ""
    if count > width and not count % width:
        also = " and an unnamed row" if unnamed == 1 else f" and {unnamed} unnamed rows"
    place = line_number(text, row.name.span.begin)
    return f"{count} marks where the header has {width}: {row.name.text}{also} (line {place})"
