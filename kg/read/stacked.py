"""A table of a flow whose rows come as blocks, the columns of a row one after the other: links, titles and posts.

A row opens with an organization's name. Its blocks never go back to an earlier column; the columns are told apart by
links, by years, by how wide they are, and by order. What these leave open is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kg.read.blocks import Apart, Block, is_links, make_block, repeats
from kg.read.hints import Hints
from kg.read.tabbed import Cell, Row, Table, together
from kg.read.text import SourceError, Span
from kg.read.widths import Widths, measure
from kg.read.wrapped import URL, Line, nothing

ROLES: Final = ("links", "titles", "posts")
SHORT_NAME: Final = re.compile(r"[A-Z][^()]*\((?P<short>[^()]*[A-Z][^()]*[A-Z][^()]*)\)(?: ?\([^()]+\))*")
YEAR: Final = re.compile(r"\b(?:1[89]|20)\d{2}\b")
SYMBOL: Final = re.compile(r"\b[A-Z]+/[\w./]*\d")
YEARS_END: Final = re.compile(rf"(?:\([^()]*{YEAR.pattern}[^()]*\)|{YEAR.pattern}|-\d{{2}})$")
HEADER_BLOCKS: Final = 3
BESIDE: Final = 1.15  # a line with two columns is so many times longer than any other


@dataclass(frozen=True)
class Header:
    """The columns in their order, the cells of their captions, and how many blocks make up the header."""

    roles: tuple[str, ...]
    cells: tuple[Cell, ...]
    count: int


@dataclass
class _Row:
    """A row while it is read: its organization ("" if none is known by the name), the blocks of each column, and the
    column that has been reached."""

    organization: str
    name: str
    blocks: dict[str, list[Block]] = field(default_factory=lambda: {role: [] for role in ROLES})
    role: str = "links"


@dataclass
class _Table:
    """The table while it is read."""

    hints: Hints
    roles: tuple[str, ...]
    widths: Widths
    rows: list[_Row] = field(default_factory=list)

    def may_follow(self, role: str) -> bool:
        return bool(self.rows) and self.roles.index(role) >= self.roles.index(self.rows[-1].role)


def header(blocks: Sequence[Block], at: int, hints: Hints) -> Header | None:
    """The header that begins with this block, or None: the captions of all three columns, in capitals, in up to three
    blocks. Raises SourceError if the first column is not that of the links."""
    held: list[Block] = []
    for block in blocks[at : at + HEADER_BLOCKS]:
        if block.heading or any(c.islower() for c in block.text):
            return None
        held.append(block)
        whole = together([part.cell for part in held])
        places = {role: whole.text.casefold().find(words) for role, words in hints.columns.items()}
        if min(places.values()) >= 0:
            return _header(whole, places, len(held))
        if max(places.values()) < 0:
            return None
    return None


def _header(whole: Cell, places: dict[str, int], count: int) -> Header:
    roles = tuple(sorted(places, key=lambda role: places[role]))
    if roles[0] != "links":
        raise SourceError(
            f"a table whose first column is not that of the links ({whole.text[:60]!r}): its rows cannot be told apart",
            whole.span.begin,
        )
    starts = [0, *(places[role] for role in roles[1:]), len(whole.text)]
    return Header(roles, tuple(whole.cut(begin, end) for begin, end in pairwise(starts)), count)


def read(text: str, blocks: Sequence[Block], found: Header, heading: str, hints: Hints) -> tuple[Table, list[Apart]]:
    """The table below this header, and what is furniture in it. Raises SourceError for a block whose place in the
    table cannot be told, and for a text that ends with a row that has no post."""
    # A number that stands alone is a page's: no cell of such a table is one.
    folios = [block for block in blocks if re.fullmatch(r"\d{1,4}", block.text)]
    parts = _side_by_side(text, [block for block in blocks if block not in folios], hints)
    widths = measure(parts, [_known(part, hints) is not None for part in parts])
    table = _Table(hints, found.roles, widths)
    apart = [Apart(block.cell.span, "page furniture") for block in folios]
    for number, block in enumerate(parts):
        if _is_stray(table, block, parts):
            apart.append(Apart(block.cell.span, "stray link"))
        else:
            _take(table, block, parts[number + 1] if number + 1 < len(parts) else None)
    for row in table.rows:
        _check(row, hints)
    _check_end(text, table)
    begin = found.cells[0].span.begin
    first = Row(found.cells, Span(begin, found.cells[-1].span.end))
    return Table((first, *(_made(row, found.roles) for row in table.rows)), heading), apart


def _check(row: _Row, hints: Hints) -> None:
    """N/A stands alone. Raises SourceError: then one of its neighbours is of another column or row."""
    posts = row.blocks["posts"]
    if len(posts) > 1 and any(post.text.casefold().strip(" .") in hints.nothing for post in posts):
        raise _cannot(posts[0], f"stands with {posts[-1].text!r} among the posts of {row.name!r}")


def _check_end(text: str, table: _Table) -> None:
    """Raises SourceError if the last row has no post and nothing comes after it: it may be cut off."""
    last = table.rows[-1] if table.rows else None
    end = max((block.cell.span.end for blocks in last.blocks.values() for block in blocks), default=0) if last else 0
    if last and not last.blocks["posts"] and not text[end:].strip():
        raise SourceError(f"the text ends with the row {last.name!r}: it is cut off", end - 1)


def _made(row: _Row, roles: Sequence[str]) -> Row:
    every = [block.cell.span for blocks in row.blocks.values() for block in blocks]
    whole = Span(min(span.begin for span in every), max(span.end for span in every))
    filled = {role: together([block.cell for block in blocks]) for role, blocks in row.blocks.items() if blocks}
    return Row(tuple(filled.get(role, nothing(whole.end)) for role in roles), whole)


def _side_by_side(text: str, blocks: Sequence[Block], hints: Hints) -> list[Block]:
    """A block whose first line holds an organization's name and the next column beside it, as two blocks."""
    found: list[Block] = []
    for block in blocks:
        usual = max((other.widest for other in blocks if other is not block), default=0)
        first, *others = block.lines
        for match in re.finditer(r"\)(?= [A-Z“])", block.text):
            end = block.cell.within(0, match.end()).end
            wide = first.span.end - first.span.begin > BESIDE * max([usual, match.end()])
            if wide and end < first.span.end and hints.organization(block.text[: match.end()]):
                begin = block.cell.cut(match.end(), len(block.text)).span.begin
                name = Line(Span(first.span.begin, end), False, first.gap, first.opens)
                beside = Line(Span(begin, first.span.end), first.soft, 0, False)
                found.append(make_block(text, [name], block.page))
                block = make_block(text, [beside, *others], block.page)
                break
        found.append(block)
    return found


def label(block: Block) -> str:
    """What stands before the first link of a block, without colon and list mark."""
    return _before(block).strip("- ").rstrip(": ").strip()


def _before(block: Block) -> str:
    link = URL.search(block.text)
    return (block.text[: link.start()] if link else block.text).strip("- ")


def _known(block: Block, hints: Hints) -> str | None:
    return hints.organization(label(block))


def _is_stray(table: _Table, block: Block, parts: Sequence[Block]) -> bool:
    """Links alone, after the column of links is done, that only repeat links of the table."""
    others = [part for part in parts if part is not block]
    return is_links(block) and not table.may_follow("links") and repeats(block, others)


def _take(table: _Table, block: Block, following: Block | None) -> None:
    """Put a block where it belongs. Raises SourceError: that cannot be told."""
    if not table.rows or _opens_row(table, block, following):
        if not label(block) or (not table.rows and _known(block, table.hints) is None and not _looks_new(block)):
            raise _cannot(block, "stands before the first organization")
        table.rows.append(_Row(_known(block, table.hints) or "", label(block)))
        table.rows[-1].blocks["links"].append(block)
        return
    row = table.rows[-1]
    role = _role(table, row, block, following)
    if not table.may_follow(role):
        raise _cannot(block, f"looks like one of the {role} of {row.name!r}, whose {row.role} stand before it")
    row.role = role
    row.blocks[role].append(block)


def _cannot(block: Block, why: str) -> SourceError:
    return SourceError(f"where {block.text[:60]!r} belongs cannot be told: it {why}", block.cell.span.begin)


def _looks_new(block: Block) -> bool:
    """Whether the label is a name with its short form in brackets."""
    return SHORT_NAME.fullmatch(label(block)) is not None


def _spells(block: Block) -> bool:
    """Whether the bracket holds the initials of the name before it."""
    found = SHORT_NAME.fullmatch(label(block))
    if found is None:
        return False
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", label(block).split("(")[0]))
    capitals = "".join(c for c in initials if c.isupper())
    return found["short"].casefold() in (initials.casefold(), capitals.casefold())


def _opens_row(table: _Table, block: Block, following: Block | None) -> bool:
    """Whether a block opens a new row. Raises SourceError where it may as well belong to the row before."""
    row = table.rows[-1]
    known, linked = _known(block, table.hints), URL.search(block.text) is not None
    if table.may_follow("links"):
        return _opens_after_links(table, row, block, known)
    if known:
        return linked or (known != row.organization and _opens_known(table, row, block, following))
    last = not table.may_follow("titles")
    if not linked:
        return last and _looks_new(block) and table.widths.too_wide(block, table.widths.posts)
    if is_links(block):
        return False
    if last or _spells(block):
        return True
    if _looks_new(block) and not YEAR.search(label(block)):
        raise _cannot(block, f"names an unknown organization, or one more of the titles of {row.name!r}")
    return False


def _opens_known(table: _Table, row: _Row, block: Block, following: Block | None) -> bool:
    """Whether the bare name of another organization opens a row; else it is one of the posts."""
    widths = table.widths
    if "(" in block.text or widths.too_wide(block, widths.posts) or (following and is_links(following)):
        return True
    if widths.too_narrow(block, widths.links):
        return False
    raise _cannot(block, f"may open a row or be one of the posts of {row.name!r}")


def _opens_after_links(table: _Table, row: _Row, block: Block, known: str | None) -> bool:
    """While a row has nothing but links: a part of its organization, one known to share the row, or a label with a
    colon goes on with it."""
    hints = table.hints
    if known and (hints.belongs(known, row.organization) or hints.shares(known, row.organization)):
        return False
    if _before(block).endswith(":") or not (known or (_spells(block) and URL.search(block.text))):
        return False
    raise _cannot(block, f"may open a row or share that of {row.name!r}, as nothing stands between them")


def _role(table: _Table, row: _Row, block: Block, following: Block | None) -> str:
    if _known(block, table.hints) and table.may_follow("links"):
        return "links"
    if URL.search(block.text):
        return _linked(table, row, block)
    if block.text.endswith(":") and following and is_links(following) and table.may_follow("links"):
        return "links"
    return _unlinked(table, row, block)


def _linked(table: _Table, row: _Row, block: Block) -> str:
    """Links or titles, for a block with a link in it."""
    if is_links(block) and not table.may_follow("links"):
        raise _cannot(block, f"is a link without a name among the {row.role} of {row.name!r}")
    if is_links(block) or not table.may_follow("links"):
        return "links" if is_links(block) else "titles"
    among = table.widths.among(block)
    if len(among) == 1:
        return among.pop()
    if _before(block).endswith(":"):
        return "links"
    if YEARS_END.search(_before(block)):
        return "titles"
    raise _cannot(block, f"may be one of the links or of the titles of {row.name!r}")


def _unlinked(table: _Table, row: _Row, block: Block) -> str:
    """Titles or posts, for a block without a link."""
    if block.text.casefold().strip(" .") in table.hints.nothing or table.hints.is_post(block.text, row.organization):
        return "posts"
    widths = table.widths
    if not widths.posts and not YEAR.search(block.text):
        raise _cannot(block, f"may be one of the titles or of the posts of {row.name!r}")
    dated = YEAR.search(block.text) or SYMBOL.search(block.text) or block.text.endswith(":")
    if widths.too_wide(block, widths.posts) or (dated and not widths.too_narrow(block, widths.titles)):
        return "titles"
    if len(block.lines) == 1 or widths.too_narrow(block, widths.titles) or not table.may_follow("titles"):
        return "posts"
    raise _cannot(block, f"may be one of the titles or of the posts of {row.name!r}")
