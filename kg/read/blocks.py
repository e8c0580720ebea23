"""The blocks of a PDF flow: lines without a blank line or a page's end between them, page furniture set apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.read.tabbed import Cell, is_heading
from kg.read.text import Span, lines, strip
from kg.read.wrapped import STARTS_URL, URL, Line, goes_on, join

FOLIO: Final = re.compile(r"\d{1,3}")
TAB_LINE: Final = 20  # characters that a line of a letter-split side tab has at most
TAB_LINES: Final = 4
SCATTERED: Final = 3  # different lines of one or two letters in a side tab
PIECE: Final = re.compile(r"[^/\-_.%?&=]*(?:[/\-_.?&=]|%20)?")


@dataclass(frozen=True)
class Apart:
    """A stretch of the text that belongs to no table and says nothing, and why."""

    span: Span
    reason: str


@dataclass(frozen=True)
class Block:
    """Lines that stand together. `heading`: the kind of the known heading that it is; `tied`: it follows the block
    before without a blank line; `widest`: its longest line; `room`: what its narrowest break shows the column to be
    narrower than (a line that broke although the next word would have fitted), or None."""

    lines: tuple[Line, ...]
    cell: Cell
    page: int
    opens: bool
    heading: str = ""
    tied: bool = False
    widest: int = 0
    room: int | None = None

    @property
    def text(self) -> str:
        """The lines joined."""
        return self.cell.text


def read_lines(text: str) -> list[Line]:
    """The lines that hold something. In a text where nearly all lines end with a blank, that blank says nothing."""
    found: list[Line] = []
    gap = 0
    for whole in lines(text):
        span = strip(text, whole)
        if span.begin == span.end:
            gap += 1
            continue
        found.append(Line(span, span.end < whole.end, gap, text[whole.begin].isspace()))
        gap = 0
    if sum(line.soft for line in found) > 0.9 * len(found):
        return [Line(line.span, False, line.gap, line.opens) for line in found]
    return found


def read_blocks(text: str, headings: Mapping[str, str]) -> tuple[list[Block], list[Apart]]:
    """The blocks in the order of the text, and what is page furniture."""
    every = read_lines(text)
    furniture = _furniture(text, every, headings)
    blocks: list[Block] = []
    page, held = 0, list[Line]()
    for number, line in enumerate(every):
        if number in furniture:
            continue
        turns = line.opens or number - 1 in furniture or number == 0
        # A word in lower case at the top of a page goes on with the cell that the page's end has cut.
        cut = turns and text[line.span.begin].islower()
        if held and (line.gap or turns) and not cut:
            blocks += _block(text, held, page)
            held = []
        page += turns and not cut
        held.append(line)
    blocks += _block(text, held, page)
    apart = [Apart(every[number].span, "page furniture") for number in sorted(furniture)]
    kept, strays = _strays(blocks)
    parts = [part for block in kept for part in _headings(text, block, headings)]
    return parts, [*apart, *(Apart(line.span, "stray link") for block in strays for line in block.lines)]


def _block(text: str, held: Sequence[Line], page: int) -> list[Block]:
    return [make_block(text, held, page)] if held else []


def make_block(text: str, held: Sequence[Line], page: int, *, heading: str = "", tied: bool = False) -> Block:
    """A block of these lines."""
    printed = [text[line.span.begin : line.span.end] for line in held]
    widest = max(len(line) for line in printed)
    return Block(tuple(held), join(text, held), page, held[0].opens, heading, tied, widest, _room(text, held, printed))


def _room(text: str, held: Sequence[Line], printed: Sequence[str]) -> int | None:
    """The least length that a line would have had with the next word; breaks that end a paragraph do not count."""
    lengths: list[int] = []
    soft = any(line.soft for line in held)
    for number in range(len(held) - 1):
        here, following = printed[number], printed[number + 1]
        inside = goes_on(here, following, text, held[number])
        if STARTS_URL.match(following) or (soft and not held[number].soft and not inside):
            continue
        first = following.split()[0]
        piece = PIECE.match(first) if inside else re.match(r"[^-]*-?", first)
        lengths.append(len(here) + (not inside) + len(piece[0] if piece and piece[0] else first))
    return min(lengths, default=None)


def _furniture(text: str, every: Sequence[Line], headings: Mapping[str, str]) -> set[int]:
    """The numbers of the lines that are side tab or page number."""
    found = _side_tabs(text, every, headings)
    for number, line in enumerate(every):
        if not FOLIO.fullmatch(text, line.span.begin, line.span.end):
            continue
        following = every[number + 1] if number + 1 < len(every) else None
        alone = (line.gap or number == 0 or line.opens) and (following is None or following.gap or following.opens)
        ends = following is None or following.opens or number + 1 in found or number - 1 in found
        if alone and (ends or line.gap > 1 or (following is not None and following.gap > 1)):
            found.add(number)
    return found


def _side_tabs(text: str, every: Sequence[Line], headings: Mapping[str, str]) -> set[int]:
    """A heading set along the edge comes out in a few letters a line: lines whose letters spell part of a heading."""
    printed = [text[line.span.begin : line.span.end] for line in every]
    spelled = {
        _letters(heading): set(heading.casefold().split())
        for heading in [*headings.values(), *_capitals(every, printed)]
    }
    found: set[int] = set()
    number = 0
    while number < len(every):
        end = max((_tab_end(printed, number, letters, words) for letters, words in spelled.items()), default=number)
        end = max(end, _scattered_end(printed, number))
        found |= set(range(number, end))
        number = max(end, number + 1)
    return found


def _scattered_end(printed: Sequence[str], begin: int) -> int:
    """Where the side tab ends that begins here and spells no heading of this text; `begin` if none does.

    It begins and ends with a line of one or two letters, and holds several of them, which differ."""
    end = begin
    while end < len(printed) and _is_tab_line(printed[end]):
        end += 1
    few = [number for number in range(begin, end) if len(_letters(printed[number])) <= 2]
    if not few or few[0] != begin or len({_letters(printed[number]) for number in few}) < SCATTERED:
        return begin
    return few[-1] + 1 if few[-1] + 1 - begin > TAB_LINES else begin


def _tab_end(printed: Sequence[str], begin: int, letters: str, words: set[str]) -> int:
    """Where the side tab that begins here ends; `begin` if none does."""
    end, run = begin, ""
    while end < len(printed) and _is_tab_line(printed[end]) and run + _letters(printed[end]) in letters:
        run += _letters(printed[end])
        end += 1
    broken = sum(bool(set(line.casefold().split()) - words) for line in printed[begin:end])
    return end if end - begin >= TAB_LINES and broken >= 2 and len(run) >= 10 else begin


def _is_tab_line(printed: str) -> bool:
    return len(printed) <= TAB_LINE and printed.replace(" ", "").isalpha() and printed == printed.upper()


def _letters(printed: str) -> str:
    return "".join(c for c in printed.casefold() if c.isalpha())


def _capitals(every: Sequence[Line], printed: Sequence[str]) -> list[str]:
    """Blocks of wide lines in capitals: the headings that stand in the text."""
    found: list[str] = []
    held: list[str] = []
    for line, value in zip(every, printed, strict=True):
        if held and (line.gap or line.opens or not is_heading(value)):
            found.append(" ".join(held))
            held = []
        if is_heading(value) and len(value) > TAB_LINE:
            held.append(value)
    return [*found, *([" ".join(held)] if held else [])]


def _strays(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Link lines at the bottom of a page that only repeat links printed on it are set apart."""
    kept: list[Block] = []
    strays: list[Block] = []
    pages = {block.page: [other for other in blocks if other.page == block.page] for block in blocks}
    for page in pages.values():
        last = list(page)
        dropped: list[Block] = []
        while len(last) > 1 and is_links(last[-1]) and repeats(last[-1], last[:-1]):
            dropped.append(last.pop())
        kept += last
        strays += reversed(dropped)
    return kept, strays


def is_links(block: Block) -> bool:
    """Whether the block holds links and nothing else."""
    return not URL.sub("", block.text).replace("-", "").strip()


def repeats(block: Block, others: Iterable[Block]) -> bool:
    """Whether each link of the block is printed in another one too."""
    printed = {_bare(match[0]) for other in others for match in URL.finditer(other.text)}
    return all(_bare(match[0]) in printed for match in URL.finditer(block.text))


def _bare(url: str) -> str:
    return url.rstrip("/")


def _headings(text: str, block: Block, headings: Mapping[str, str]) -> list[Block]:
    """The block cut at the known headings in it: the fewest lines in capitals that hold one."""
    printed = [text[line.span.begin : line.span.end] for line in block.lines]
    for end in range(1, len(printed) + 1):
        for begin in range(end - 1, -1, -1):
            if not is_heading(printed[begin]):
                break
            kind = _kind_of(" ".join(printed[begin:end]), headings)
            if kind:
                return _cut(text, block, begin, end, kind, headings)
    return [block]


def _kind_of(printed: str, headings: Mapping[str, str]) -> str:
    folded = " ".join(printed.casefold().split())
    return next((kind for kind, words in headings.items() if words in folded), "")


def _cut(text: str, block: Block, begin: int, end: int, kind: str, headings: Mapping[str, str]) -> list[Block]:
    above, heading, below = block.lines[:begin], block.lines[begin:end], block.lines[end:]
    found = [make_block(text, above, block.page)] if above else []
    found.append(make_block(text, heading, block.page, heading=kind, tied=bool(above)))
    if below:
        found += _headings(text, make_block(text, below, block.page, tied=True), headings)
    return found
