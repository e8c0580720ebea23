"""A table of a flow whose rows are known by their captions: which block, or which part of a line, is which cell.

A line may hold two cells side by side, and a cell may be several blocks. A cell begins with the row, with a phrase that
is known to begin one, or with a block; where this leaves more than one reading the row is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.read.blocks import Block, make_block
from kg.read.cells import CaptionedRow, check_widths, place, tell_apart
from kg.read.hints import Caption, Hints
from kg.read.tabbed import Cell, Row, Table, is_heading, together
from kg.read.text import SourceError, Span
from kg.read.wrapped import URL, join, nothing

VALUE: Final = re.compile(r"\d[\d,.]*(?: (?:thousand|million|billion))?%?|[—–−-]{1,2}")
HEADER_BLOCKS: Final = 8
NAME_WORDS: Final = 8


@dataclass(frozen=True)
class Header:
    """The columns' names, and the number of the block and of the line in it with which the first row begins."""

    cells: tuple[Cell, ...]
    block: int
    line: int


def header(text: str, blocks: Sequence[Block], at: int, hints: Hints) -> Header | None:
    """The header that begins with this block, or None: names of organizations and, next, a known caption."""
    held: list[Cell] = []
    for number in range(at, min(at + HEADER_BLOCKS, len(blocks))):
        block = blocks[number]
        if block.heading or len(block.text.split()) > 2 * NAME_WORDS * len(hints.captions):
            return None
        line = _first_caption(text, block, hints)
        if line is None:
            held.append(block.cell)
            continue
        if line:
            held.append(join(text, block.lines[:line]))
        names = [name for cell in held for name in _names(cell, hints)]
        known = sum(hints.organization(name.text) is not None for name in names)
        capitals = all(hints.organization(name.text) or is_heading(name.text) for name in names)
        return Header(tuple(names), number, line) if known and capitals else None
    return None


def begins(block: Block, hints: Hints) -> bool:
    """Whether the block begins with a known caption."""
    return _caption(block.text, hints) is not None


def _first_caption(text: str, block: Block, hints: Hints) -> int | None:
    """The number of the line of this block with which a known caption begins."""
    for line in range(len(block.lines)):
        if _caption(join(text, block.lines[line:]).text, hints):
            return line
    return None


def _caption(printed: str, hints: Hints) -> tuple[int, Caption] | None:
    """The known caption in capitals that the text begins with, and where it ends."""
    for caption in sorted(hints.captions, key=lambda caption: -len(caption.text)):
        match = re.match(rf"{re.escape(caption.text)}(?:,? in \d{{4}})?(?=\s|$)", printed, re.IGNORECASE)
        if match and not any(c.islower() for c in match[0]):
            return match.end(), caption
    return None


def _names(cell: Cell, hints: Hints) -> Iterator[Cell]:
    """The names in a line of them: the longest known ones; words between them make one name."""
    words = list(re.finditer(r"\S+", cell.text))
    begin, unknown = 0, 0
    while begin < len(words):
        start = words[begin].start()
        longest = min(len(words), begin + NAME_WORDS)
        ends = [n for n in range(longest, begin, -1) if hints.organization(cell.text[start : words[n - 1].end()])]
        if ends:
            if unknown < begin:
                yield cell.cut(words[unknown].start(), start)
            yield cell.cut(start, words[ends[0] - 1].end())
        begin = unknown_from = ends[0] if ends else begin + 1
        unknown = unknown_from if ends else unknown
    if unknown < len(words):
        yield cell.cut(words[unknown].start(), len(cell.text))


def read(text: str, blocks: Sequence[Block], found: Header, heading: str, hints: Hints) -> tuple[Table, list[Block]]:
    """The table that begins with this header, and the blocks that are no part of it. `blocks` begin with the caption of
    the first row. Raises SourceError for a row whose cells cannot be told."""
    rows, others = _rows(text, blocks, hints)
    for row in rows:
        _split(text, row, len(found.cells), hints)
    check_widths(rows)
    for row in rows:
        place(row, rows, len(found.cells))
    begin = found.cells[0].span.begin
    first = Row((nothing(begin), *found.cells), Span(begin, found.cells[-1].span.end))
    return Table((first, *(_made(row) for row in rows)), heading), others


def _made(row: CaptionedRow) -> Row:
    end = max(cell.span.end for cell in (row.caption, *row.cells))
    cells = [cell if cell.text else nothing(end) for cell in row.cells]
    return Row((row.caption, *cells), Span(row.caption.span.begin, end))


def _rows(text: str, blocks: Sequence[Block], hints: Hints) -> tuple[list[CaptionedRow], list[Block]]:
    """The rows with the blocks that follow each caption. What is tied to a heading, and all after it, is none."""
    rows: list[CaptionedRow] = []
    others: list[Block] = []
    closed = False
    for whole in blocks:
        block: Block | None = whole
        if whole.heading:
            closed = True
            others.append(whole)
            continue
        while block:
            opening = _opening(text, block, hints)
            if opening is None:
                break
            row, block = opening
            rows.append(row)
            closed = False
        if block:
            (others if closed else rows[-1].pieces).append(block)
    return rows, others


def _opening(text: str, block: Block, hints: Hints) -> tuple[CaptionedRow, Block | None] | None:
    """The row that a block opens with its caption, and what stands after the caption in the block."""
    known = _caption(block.text, hints)
    if known:
        end = known[0]
    else:
        capitals = next((n for n, line in enumerate(block.lines) if not _is_capital(text, line.span)), len(block.lines))
        name = join(text, block.lines[:capitals]).text if capitals else ""
        if len(name.split()) < 2 or sum(c.isalpha() for c in name) < 8 or hints.organization(name):
            return None
        end = len(name)
    row = CaptionedRow(block.cell.cut(0, end), known[1] if known else None)
    rest = block.cell.cut(end, len(block.text))
    return row, _after(text, block, rest.span.begin) if rest.text else None


def _is_capital(text: str, span: Span) -> bool:
    printed = text[span.begin : span.end]
    return is_heading(printed) and URL.search(printed) is None and not re.search(r"\d", printed)


def _after(text: str, block: Block, begin: int) -> Block:
    """What stands from this offset on, as a block of its own."""
    lines = [line for line in block.lines if line.span.end > begin]
    first = lines[0]
    if first.span.begin < begin:
        lines[0] = type(first)(Span(begin, first.span.end), first.soft, 0, False)
    return make_block(text, lines, block.page)


def _split(text: str, row: CaptionedRow, width: int, hints: Hints) -> None:
    """Fill in the cells of a row. Raises SourceError if there are more of them than columns, or several readings."""
    if not row.pieces:
        raise SourceError(f"row {row.caption.text!r} has no cells: the table is cut off", row.caption.span.begin)
    whole = together([piece.cell for piece in row.pieces])
    listed = _values(whole, hints) or _links(whole, hints)
    if listed:
        if len(listed) != width:
            what = f"{len(listed)} values where the header has {width}: row {row.caption.text!r}"
            raise SourceError(what, row.caption.span.begin)
        row.cells, row.blocks = listed, [[] for _ in listed]
        return
    row.blocks = tell_apart(text, row, width)
    row.cells = [together([block.cell for block in cell]) for cell in row.blocks]


def _values(whole: Cell, hints: Hints) -> list[Cell]:
    """Numbers, dashes and N/A, if the row is made of nothing else."""
    nothing_here = "|".join(re.escape(phrase) for phrase in sorted(hints.nothing))
    each = re.compile(rf"(?:{VALUE.pattern}|{nothing_here})(?=\s|$)\s*", re.IGNORECASE)
    found: list[Cell] = []
    at = 0
    while at < len(whole.text):
        match = each.match(whole.text, at)
        if match is None:
            return []
        found.append(whole.cut(*match.span()))
        at = match.end()
    return found


def _links(whole: Cell, hints: Hints) -> list[Cell]:
    """The links of a row that is made of nothing else."""
    found = list(URL.finditer(whole.text))
    rest = URL.sub("", whole.text).strip(" /")
    return [whole.cut(*match.span()) for match in found] if not rest else []
