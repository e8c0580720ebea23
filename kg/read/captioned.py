"""A table of a flow whose rows are known by their captions: which block, or which part of a line, is which cell.

A line may hold two cells side by side, and a cell may be several blocks. A cell begins with the row, with a phrase that
is known to begin one, or with a block; where this leaves more than one reading the row is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from kg.read.blocks import Block, make_block
from kg.read.hints import Caption, Hints
from kg.read.tabbed import Cell, Row, Table, is_heading, together
from kg.read.text import SourceError, Span
from kg.read.wrapped import URL, join, nothing

VALUE: Final = re.compile(r"\d[\d,.]*(?: (?:thousand|million|billion))?%?|[—–−-]{1,2}")
WIDER: Final = 1.25  # a block this many times as wide as a column has shown to be is not of that column
NARROWER: Final = 0.8
HEADER_BLOCKS: Final = 8
NAME_WORDS: Final = 8


@dataclass(frozen=True)
class Header:
    """The columns' names, and the number of the block and of the line in it with which the first row begins."""

    cells: tuple[Cell, ...]
    block: int
    line: int


@dataclass
class _Row:
    """A row while it is read: its caption and what stands after it; `starts` are the places where a cell begins."""

    caption: Cell
    known: Caption | None
    pieces: list[Block] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    blocks: list[list[Block]] = field(default_factory=list)


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
        return Header(tuple(names), number, line) if known > 1 and capitals else None
    return None


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
    _check_widths(rows)
    for row in rows:
        _place(row, rows, len(found.cells))
    begin = found.cells[0].span.begin
    first = Row((nothing(begin), *found.cells), Span(begin, found.cells[-1].span.end))
    return Table((first, *(_made(row) for row in rows)), heading), others


def _made(row: _Row) -> Row:
    end = max(cell.span.end for cell in (row.caption, *row.cells))
    cells = [cell if cell.text else nothing(end) for cell in row.cells]
    return Row((row.caption, *cells), Span(row.caption.span.begin, end))


def _rows(text: str, blocks: Sequence[Block], hints: Hints) -> tuple[list[_Row], list[Block]]:
    """The rows with the blocks that follow each caption. What is tied to a heading, and all after it, is none."""
    rows: list[_Row] = []
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


def _opening(text: str, block: Block, hints: Hints) -> tuple[_Row, Block | None] | None:
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
    row = _Row(block.cell.cut(0, end), known[1] if known else None)
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


def _split(text: str, row: _Row, width: int, hints: Hints) -> None:
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
    row.blocks = _cells(text, row, width, hints)
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


def _cells(text: str, row: _Row, width: int, hints: Hints) -> list[list[Block]]:
    """The blocks, or parts of them, of each cell that the row shows; fewer cells than columns are placed later."""
    phrases = row.known.begins if row.known else ()
    parts: list[tuple[Block, bool]] = []
    for number, piece in enumerate(row.pieces):
        for turn, (block, begins) in enumerate(_phrased(text, piece, phrases)):
            parts.append((block, begins or turn > 0 or number == 0))
    sure = [number for number, (_, begins) in enumerate(parts) if begins]
    open_starts = [number for number, (_, begins) in enumerate(parts) if not begins]
    name, at = row.caption.text, row.caption.span.begin
    if len(sure) > width:
        raise SourceError(f"{len(sure)} cells where the header has {width}: row {name!r}", at)
    if len(sure) < width < len(parts):
        ways = len(list(combinations(open_starts, width - len(sure))))
        what = f"row {name!r}: {len(parts)} blocks for {width} columns can be told apart in {ways} ways"
        raise SourceError(what, at)
    starts = sure if len(sure) == width else list(range(len(parts)))
    bounds = [*starts, len(parts)]
    return [[block for block, _ in parts[bounds[n] : bounds[n + 1]]] for n in range(len(starts))]


def _phrased(text: str, piece: Block, phrases: Sequence[str]) -> list[tuple[Block, bool]]:
    """The block cut where a phrase that it begins with stands in it again; whether a phrase begins the first part."""
    folded = piece.text.casefold()
    first = next((phrase for phrase in phrases if folded.startswith(phrase)), None)
    if first is None:
        return [(piece, False)]
    again = {m.start() for phrase in phrases for m in re.finditer(rf"(?<= ){re.escape(phrase)}", folded)}
    found: list[tuple[Block, bool]] = []
    for begin, end in zip(bounds := sorted({0, *again}), [*bounds[1:], len(folded)], strict=True):
        part = piece.cell.cut(begin, end)
        lines = [line for line in piece.lines if line.span.end > part.span.begin and line.span.begin < part.span.end]
        ends = [Span(max(line.span.begin, part.span.begin), min(line.span.end, part.span.end)) for line in lines]
        cuts = [type(line)(span, line.soft, line.gap, False) for line, span in zip(lines, ends, strict=True)]
        found.append((make_block(text, cuts, piece.page), True))
    return found


def _check_widths(rows: Sequence[_Row]) -> None:
    """No block is much wider than its column has shown to be in other rows, while another column is that wide."""
    whole = [row for row in rows if row.blocks and len(row.blocks) == max(len(other.blocks) for other in rows)]
    for row in whole:
        shown = _widths([other for other in whole if other is not row])
        for (_, room), cell in zip(shown, row.blocks, strict=False):
            widest = max((block.widest for block in cell), default=0)
            if room and widest > WIDER * room and any(widest <= other for _, other in shown):
                raise SourceError(
                    f"row {row.caption.text!r}: the block {cell[0].text[:40]!r} is too wide for its column, "
                    "so the cells cannot be told apart",
                    row.caption.span.begin,
                )


def _widths(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    """How wide each column has shown to be, at least and at most, by its blocks of several lines; 0: unknown."""
    found: list[tuple[int, int]] = []
    for column in range(max((len(row.blocks) for row in rows), default=0)):
        broken = [b for row in rows if row.blocks for b in row.blocks[column] if b.room is not None]
        least = max((block.widest for block in broken), default=0)
        found.append((least, max([least, *(block.room or 0 for block in broken)])))
    return found


def _place(row: _Row, rows: Sequence[_Row], width: int) -> None:
    """Give the cells of a row that has fewer than the table their columns, by width. Raises SourceError: no one way."""
    if len(row.cells) == width:
        return
    shown = _widths([other for other in rows if len(other.blocks) == width]) or [(0, 0)] * width
    fits = [
        columns
        for columns in combinations(range(width), len(row.cells))
        if all(_fits(cell, shown[column]) for cell, column in zip(row.blocks, columns, strict=True))
    ]
    if len(fits) != 1:
        raise SourceError(
            f"{len(row.cells)} cells where the header has {width}, in {len(fits)} possible places: "
            f"row {row.caption.text!r}",
            row.caption.span.begin,
        )
    at = dict(zip(fits[0], row.cells, strict=True))
    row.cells = [at.get(number, nothing(0)) for number in range(width)]


def _fits(cell: Sequence[Block], shown: tuple[int, int]) -> bool:
    least, most = shown
    if not most:
        return True
    room = min((block.room for block in cell if block.room is not None), default=None)
    return max(block.widest for block in cell) <= WIDER * most and (room is None or room > NARROWER * least)
