"""Texts that came out of a PDF as one flow: columns are lost, cells and links are broken over lines, page furniture
stands among the rows. Read into the same tables and lines as the tabbed layout.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.read import captioned, marked, stacked, tabbed, terms
from kg.read.blocks import Apart, Block, is_links, make_block, read_blocks, read_lines
from kg.read.hints import Hints
from kg.read.tabbed import Document, Line, Table
from kg.read.text import SourceError
from kg.read.wrapped import URL, join

WRAPPED: Final = 0.1  # of the lines of a flow, at least, go on with the line above


@dataclass(frozen=True)
class Flow:
    """`tables` are pairs of the kind of a table and the table, in the order of the text; `apart` is what says
    nothing, with its reason: heading, repeated header, page furniture, stray link. `unread` are the tables left."""

    tables: tuple[tuple[str, Table], ...]
    lines: tuple[Line, ...]
    apart: tuple[Apart, ...]
    unread: tuple["Unread", ...] = ()

    @property
    def document(self) -> Document:
        """The tables and lines, without their kinds."""
        return Document(tuple(table for _, table in self.tables), self.lines)


@dataclass(frozen=True)
class Unread:
    """A table that is there and was left, where its first row or what cannot be told apart stands, and why."""

    kind: str
    at: int
    why: str


class _Left(Exception):  # noqa: N818 - it is no error: the hints allow to leave the table
    """A table that cannot be told apart and may be left."""

    def __init__(self, table: Unread) -> None:
        super().__init__(table.why)
        self.table = table


@dataclass
class _Region:
    """Blocks of one table, or of none (kind ""); `start` is what opened it."""

    kind: str
    blocks: list[Block]
    start: captioned.Header | stacked.Header | None = None
    apart: list[Apart] = field(default_factory=list)


def is_flow(text: str) -> bool:
    """Whether the text is of this layout: not tabbed, and broken into lines that go on with the line above."""
    if tabbed.is_tabbed(text):
        return False
    lines = read_lines(text)
    return sum(not line.gap for line in lines[1:]) > WRAPPED * len(lines)


def read(text: str, hints: Hints) -> Flow:
    """The tables, lines and furniture of a flow. Raises SourceError for what cannot be told apart."""
    found_blocks, apart = read_blocks(text, hints.headings)
    blocks = [part for block in found_blocks for part in _seams(text, block, hints)]
    headings = {block.heading: " ".join(block.text.split()) for block in reversed(blocks) if block.heading}
    tables: list[tuple[str, Table]] = []
    lines: list[Line] = []
    unread: list[Unread] = []
    under = ""
    for region in _regions(text, blocks, hints):
        heading = headings.get(region.kind, "")
        inside = [block for block in region.blocks if not block.heading]
        try:
            found, others, furniture = _table(text, region, inside, heading, hints)
        except _Left as left:
            unread.append(left.table)
            continue
        tables += [(region.kind, table) for table in found]
        apart += [*furniture, *region.apart]
        rest = {id(block) for block in others}
        for block in region.blocks:
            if block.heading:
                under = " ".join(block.text.split())
                apart.append(Apart(block.cell.span, "heading"))
            if block.heading or id(block) in rest:
                lines += _lines(text, block, heading or under)
    return Flow(tuple(tables), tuple(lines), tuple(sorted(apart, key=lambda part: part.span)), tuple(unread))


def _table(
    text: str, region: _Region, blocks: Sequence[Block], heading: str, hints: Hints
) -> tuple[list[Table], list[Block], list[Apart]]:
    """What the blocks of a region make: tables, blocks that are no part of them, furniture. Raises _Left."""
    if not region.kind:
        _check_lost(text, blocks, hints)
        return [], list(blocks), []
    if region.kind not in hints.read:
        raise _Left(Unread(region.kind, blocks[0].cell.span.begin if blocks else 0, "its columns are lost"))
    try:
        return _read(text, region, blocks, heading, hints)
    except SourceError as error:
        # At the end of the text the table may be cut off, which is no reason to leave it.
        if region.kind in hints.whole or not text[blocks[-1].cell.span.end :].strip():
            raise
        raise _Left(Unread(region.kind, error.at, error.message)) from error


def _read(
    text: str, region: _Region, blocks: Sequence[Block], heading: str, hints: Hints
) -> tuple[list[Table], list[Block], list[Apart]]:
    if region.kind == "marks":
        found = marked.read(text, blocks, heading, hints)
        return list(found.tables), list(found.others), list(found.apart)
    if isinstance(region.start, captioned.Header):
        table, others = captioned.read(text, region.blocks, region.start, heading, hints)
        return [table], others, []
    if isinstance(region.start, stacked.Header):
        table, furniture = stacked.read(text, blocks, region.start, heading, hints)
        return [table], [], furniture
    return [terms.read(text, blocks, heading, hints)] if blocks else [], [], []


def _check_lost(text: str, blocks: Sequence[Block], hints: Hints) -> None:
    """Rows that stand in no table, as its header is not known, are refused or left, and never lost. Raises _Left."""
    for block in blocks:
        kind = ""
        if captioned.begins(block, hints):
            kind = "captions"
        elif URL.search(block.text) and hints.organization(stacked.label(block)):
            kind = "columns"
        if kind:
            why = f"{block.text[:40]!r} stands in no table whose header is known"
            if kind in hints.read & hints.whole:
                raise SourceError(why, block.cell.span.begin)
            raise _Left(Unread(kind, block.cell.span.begin, why))


def _lines(text: str, block: Block, heading: str) -> Iterator[Line]:
    """A block outside of tables: one paragraph, or one line each where the lines are a list."""
    short = all(not line.soft and line.span.end - line.span.begin <= 40 for line in block.lines)
    for lines in [[line] for line in block.lines] if short else [block.lines]:
        cell = join(text, lines)
        yield Line(cell.text, cell.span, heading, cell.offsets)


def _regions(text: str, blocks: Sequence[Block], hints: Hints) -> list[_Region]:
    """The blocks in order, each in the table that it stands in or between tables."""
    regions = [_Region("", [])]
    rest = list(blocks)
    while rest:
        block = rest[0]
        if block.heading and block.heading != regions[-1].kind:
            regions.append(_Region("terms" if block.heading == "terms" else "", []))
        if not block.heading:
            rest = _open(text, rest, regions, hints)
        regions[-1].blocks += rest[:1]
        rest = rest[1:]
    return regions


def _seams(text: str, block: Block, hints: Hints) -> list[Block]:
    """The block cut where a table's header, what comes after tables, or below links an organization's name begins with
    a line inside it: there a page ended that left no other trace."""
    for number in range(1, len(block.lines)):
        rest = make_block(text, block.lines[number:], block.page)
        first = make_block(text, block.lines[number : number + 1], block.page)
        after = any(rest.text.casefold().startswith(phrase) for phrase in hints.after)
        captions = not any(c.islower() for c in first.text) and captioned.header(text, [rest], 0, hints)
        above = make_block(text, block.lines[:number], block.page, heading=block.heading, tied=block.tied)
        opens = is_links(above) and hints.organization(stacked.label(rest)) is not None
        if after or opens or (captions and captions.line) or stacked.header([first], 0, hints):
            return [above, *_seams(text, rest, hints)]
    return [block]


def _open(text: str, rest: Sequence[Block], regions: list[_Region], hints: Hints) -> list[Block]:
    """Begin a new region if something begins with the first of these blocks. Gives back the blocks without header."""
    region = regions[-1]
    if region.kind != "marks" and marked.is_row(rest, 0, hints):
        regions.append(_Region("marks", _captions(region, rest[0], hints)))
    elif columns := stacked.header(rest, 0, hints):
        _begin(regions, "columns", columns, rest[: columns.count])
        return list(rest[columns.count :])
    elif captions := _captions_header(text, region, rest, hints):
        first = rest[captions.block]
        head = [
            *rest[: captions.block],
            *([make_block(text, first.lines[: captions.line], first.page)] if captions.line else []),
        ]
        _begin(regions, "captions", captions, head)
        return [make_block(text, first.lines[captions.line :], first.page), *rest[captions.block + 1 :]]
    elif region.kind and _is_after(region, rest, hints):
        regions.append(_Region("", []))
    elif region.kind != "terms" and terms.starts(rest, hints, expected=_is_matter_after(region, hints)):
        count = 0 if region.kind or _is_matter_after(region, hints) else terms.before(region.blocks)
        earlier = region.blocks[len(region.blocks) - count :]
        del region.blocks[len(region.blocks) - count :]
        regions.append(_Region("terms", earlier))
    return list(rest)


def _captions_header(text: str, region: _Region, rest: Sequence[Block], hints: Hints) -> captioned.Header | None:
    """The header of rows known by captions; inside of such rows one name alone is a cell, and no header."""
    found = captioned.header(text, rest, 0, hints)
    return found if found and (region.kind != "captions" or len(found.cells) > 1) else None


def _captions(region: _Region, row: Block, hints: Hints) -> list[Block]:
    """The captions above a first row of marks, taken out of the region before."""
    begin = marked.captions_above([*region.blocks, row], len(region.blocks), hints)
    captions = region.blocks[begin:]
    del region.blocks[begin:]
    return captions


def _begin(regions: list[_Region], kind: str, start: captioned.Header | stacked.Header, head: Sequence[Block]) -> None:
    """A header begins a region, or is printed again in the one that it began."""
    for region in regions:
        if region.start and region.kind == kind:
            if [cell.text for cell in region.start.cells] != [cell.text for cell in start.cells]:
                raise SourceError("a second table of one kind, with another header", head[0].cell.span.begin)
            if region is not regions[-1]:
                regions.append(_Region(kind, [], start))
            regions[-1].apart += [Apart(block.cell.span, "repeated header") for block in head]
            return
    regions.append(_Region(kind, [], start))


def _is_after(region: _Region, rest: Sequence[Block], hints: Hints) -> bool:
    """Whether the table is over: a phrase that comes after tables, or no term in a list of terms."""
    return _comes_after(rest[0], hints) or (region.kind == "terms" and terms.ends(region.blocks, rest, hints))


def _is_matter_after(region: _Region, hints: Hints) -> bool:
    """Whether the region begins with what comes after tables, and no heading has followed it."""
    return not region.kind and bool(region.blocks) and _comes_after(region.blocks[0], hints)


def _comes_after(block: Block, hints: Hints) -> bool:
    return any(block.text.casefold().startswith(phrase) for phrase in hints.after)
