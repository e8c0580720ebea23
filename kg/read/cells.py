"""The cells of a captioned row in a flow: which blocks, or parts of a block, stand in which column.

A cell begins with the row, with a phrase that is known to begin one, or with a block; where this leaves more than one
reading the row is refused. A row that shows fewer cells than there are columns is read only if one whole paragraph
fills the first column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from kg.read.blocks import Block, make_block
from kg.read.hints import Caption
from kg.read.tabbed import Cell
from kg.read.text import SourceError, Span
from kg.read.wrapped import nothing

WIDER: Final = 1.25  # a block this many times as wide as a column has shown to be is not of that column
SNUG: Final = 0.1  # how far the lines of a paragraph may be from the width of its column
PARAGRAPH: Final = 3  # lines that a paragraph must have to show the width of its column


@dataclass
class CaptionedRow:
    """A row while it is read: its caption, the blocks after it, the cells, and the blocks that each cell is made of."""

    caption: Cell
    known: Caption | None
    pieces: list[Block] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    blocks: list[list[Block]] = field(default_factory=list)


def tell_apart(text: str, row: CaptionedRow, width: int) -> list[list[Block]]:
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
    """The block cut where a phrase stands in it that it begins with too, or that begins a sentence; whether a phrase
    begins the first part."""
    folded = piece.text.casefold()
    opens = any(folded.startswith(phrase) for phrase in phrases)
    before = "(?<= )" if opens else r"(?<=[.!?] )"
    again = {m.start() for phrase in phrases for m in re.finditer(rf"{before}{re.escape(phrase)}", folded)}
    if not opens and not again:
        return [(piece, False)]
    found: list[tuple[Block, bool]] = []
    for begin, end in zip(bounds := sorted({0, *again}), [*bounds[1:], len(folded)], strict=True):
        part = piece.cell.cut(begin, end)
        lines = [line for line in piece.lines if line.span.end > part.span.begin and line.span.begin < part.span.end]
        ends = [Span(max(line.span.begin, part.span.begin), min(line.span.end, part.span.end)) for line in lines]
        cuts = [type(line)(span, line.soft, line.gap, False) for line, span in zip(lines, ends, strict=True)]
        found.append((make_block(text, cuts, piece.page), opens or begin > 0))
    return found


def check_widths(rows: Sequence[CaptionedRow]) -> None:
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


def _widths(rows: Sequence[CaptionedRow]) -> list[tuple[int, int]]:
    """How wide each column has shown to be, at least and at most, by its blocks of several lines; 0: unknown."""
    found: list[tuple[int, int]] = []
    for column in range(max((len(row.blocks) for row in rows), default=0)):
        broken = [b for row in rows if row.blocks for b in row.blocks[column] if b.room is not None]
        least = max((block.widest for block in broken), default=0)
        found.append((least, max([least, *(block.room or 0 for block in broken)])))
    return found


def place(row: CaptionedRow, rows: Sequence[CaptionedRow], width: int) -> None:
    """Leave the other columns of a row empty whose one cell fills the first. Raises SourceError: it may be another's,
    or several cells on one line."""
    if len(row.cells) == width:
        return
    shown = _widths([other for other in rows if len(other.blocks) == width])
    if len(row.cells) != 1 or not shown or not _fills(row.blocks[0], shown):
        what = f"{len(row.cells)} cells where the header has {width}, which cannot be told apart"
        raise SourceError(f"row {row.caption.text!r}: {what}", row.caption.span.begin)
    row.cells += [nothing(0)] * (width - 1)


def _fills(cell: Sequence[Block], shown: Sequence[tuple[int, int]]) -> bool:
    """Whether the cell is one paragraph, each line of it as long as the first column has shown to be, and no other."""
    block = cell[0]
    if len(cell) > 1 or len(block.lines) < PARAGRAPH or block.room is None:
        return False
    least, most = shown[0]
    snug = block.widest <= most * (1 + SNUG) and block.room >= least * (1 - SNUG)
    return snug and all(block.widest > WIDER * room for _, room in shown[1:])
