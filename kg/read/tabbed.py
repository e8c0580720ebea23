"""Texts whose tables are tab-separated lines, with paragraphs and lists marked by HTML-like tags inside a cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.read.text import SourceError, Span, lines, strip

# Only these are tags: "<http://...>" is a link in angle brackets. Tags inside a line do not end a paragraph.
BLOCK: Final = re.compile(r"</?(?:p|ul|ol|li|br|div)(?:\s[^<>]*)?/?>", re.IGNORECASE)
INLINE: Final = re.compile(r"</?(?:span|b|i|u|em|strong|sup|sub)(?:\s[^<>]*)?>", re.IGNORECASE)
WRAPPED: Final = re.compile(r"<p(?:\s[^<>]*)?>([^<>]*)</p>", re.IGNORECASE)
LIST: Final = re.compile(r"<(?:ul|ol)\b", re.IGNORECASE)
ITEM: Final = re.compile(r"(?:^|(?<=\s))(?:-(?=\S)|•)")


@dataclass(frozen=True)
class Cell:
    """A cell: the text between its tabs, without outer blanks or the tags of its only paragraph, and its place.

    One that is joined from several lines has the offset of each of its characters, and its paragraphs as `parts`."""

    text: str
    span: Span
    offsets: tuple[int, ...] = ()
    parts: tuple["Cell", ...] = ()

    def within(self, begin: int, end: int) -> Span:
        """Where a stretch of the text stands in the file."""
        if begin >= end:
            return Span(self.span.begin, self.span.begin)
        if not self.offsets:
            return Span(self.span.begin + begin, self.span.begin + end)
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)

    def cut(self, begin: int, end: int) -> "Cell":
        """A stretch of the text as a cell of its own, without outer blanks."""
        inner = strip(self.text, Span(begin, end))
        return Cell(self.text[inner.begin : inner.end], self.within(*inner), self.offsets[inner.begin : inner.end])


def together(cells: Sequence[Cell]) -> Cell:
    """Cells as one, in their order, with a blank between them; they are its paragraphs."""
    offsets: list[int] = []
    for cell in cells:
        offsets += [cell.span.begin - 1] if offsets else []
        offsets += cell.offsets or range(*cell.span)
    text = " ".join(cell.text for cell in cells)
    return Cell(text, Span(cells[0].span.begin, cells[-1].span.end), tuple(offsets), tuple(cells))


@dataclass(frozen=True)
class Row:
    """A tab-separated line, with its place as a whole."""

    cells: tuple[Cell, ...]
    span: Span


@dataclass(frozen=True)
class Table:
    """Tab-separated lines with no other line between them, and the heading that stands above."""

    rows: tuple[Row, ...]
    heading: str


@dataclass(frozen=True)
class Line:
    """A line outside of tables; `heading` is the heading that it stands under ("" before the first). One that is
    joined from several has the offset of each of its characters."""

    text: str
    span: Span
    heading: str
    offsets: tuple[int, ...] = ()

    def within(self, begin: int, end: int) -> Span:
        """Where a stretch of the text stands in the file."""
        return Cell(self.text, self.span, self.offsets).within(begin, end)


@dataclass(frozen=True)
class Document:
    """Tables and other non-blank lines, in the order of the text."""

    tables: tuple[Table, ...]
    lines: tuple[Line, ...]


def is_tabbed(text: str) -> bool:
    """Whether the text is of this layout: at least two lines hold a tab."""
    return sum("\t" in text[line.begin : line.end] for line in lines(text)) >= 2


def read(text: str) -> Document:
    """Split a text of this layout into its tables and its other lines."""
    tables: list[Table] = []
    others: list[Line] = []
    rows: list[Row] = []
    heading = ""
    for span in [*lines(text), None]:
        part = text[span.begin : span.end] if span else ""
        if span and "\t" in part:
            rows.append(_row(text, span))
            continue
        if rows:
            tables.append(Table(tuple(rows), heading))
            rows = []
        if span and part.strip():
            if is_heading(part):
                heading = " ".join(part.split())
            others.append(Line(part.strip(), strip(text, span), heading))
    return Document(tuple(tables), tuple(others))


def is_heading(line: str) -> bool:
    """A short line in capitals: at least two letters, none of them lower-case, no full stop at its end."""
    letters = [c for c in line if c.isalpha()]
    return len(letters) > 1 and not any(c.islower() for c in letters) and not line.rstrip().endswith(".")


def _row(text: str, span: Span) -> Row:
    cells: list[Cell] = []
    begin = span.begin
    for part in text[span.begin : span.end].split("\t"):
        inner = strip(text, Span(begin, begin + len(part)))
        wrapped = WRAPPED.fullmatch(text, inner.begin, inner.end)
        inner = strip(text, Span(*wrapped.span(1))) if wrapped else inner
        cells.append(Cell(text[inner.begin : inner.end], inner))
        begin += len(part) + 1
    return Row(tuple(cells), span)


def paragraphs(cell: Cell) -> list[Cell]:
    """The paragraphs and list items of a cell, tags left out; an unclosed list ends with the cell.

    A tag inside a line becomes as many blanks, so that positions inside a paragraph stay those of the source."""
    if cell.offsets:
        return list(cell.parts) or [cell]
    text = INLINE.sub(lambda tag: " " * len(tag[0]), cell.text)
    found: list[Cell] = []
    begin, in_list = 0, False
    for tag in [*BLOCK.finditer(text), None]:
        end = tag.start() if tag else len(text)
        piece = Span(begin, end)
        for part in _items(text, piece) if in_list else [piece]:
            inner = strip(text, part)
            if inner.begin < inner.end:
                at = cell.span.begin
                found.append(Cell(text[inner.begin : inner.end], Span(at + inner.begin, at + inner.end)))
        if tag:
            begin = tag.end()
            in_list = bool(LIST.match(tag[0])) or (in_list and not re.match(r"</[uo]l", tag[0], re.IGNORECASE))
    return found


def _items(text: str, piece: Span) -> list[Span]:
    starts = [m.start() for m in ITEM.finditer(text, piece.begin, piece.end)]
    bounds = sorted({piece.begin, *starts, piece.end})
    return [Span(a, b) for a, b in pairwise(bounds)]


def check_width(table: Table) -> None:
    """Every row has as many cells as the first. Raises SourceError at the row that has not."""
    width = len(table.rows[0].cells)
    for row in table.rows:
        if len(row.cells) != width:
            more = "too many" if len(row.cells) > width else "too few"
            name = row.cells[0].text[:60]
            raise SourceError(
                f"row {name!r} has {len(row.cells)} cells where the header has {width}: {more}", row.span.begin
            )
