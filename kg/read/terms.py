"""Rows of a term and what it stands for in a flow: "TERM what it stands for", wrapped on either side."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from kg.read.blocks import Block
from kg.read.hints import Hints
from kg.read.marked import is_prose
from kg.read.tabbed import Cell, Row, Table
from kg.read.text import SourceError, Span
from kg.read.wrapped import URL

LOST: Final = re.compile(r"(?<=\s)\ufffd\s*")
WORD: Final = re.compile(r"\S+")
TERM_WORDS: Final = 5
AT_ONCE: Final = 3  # rows in succession that show a list of terms where no heading does


def starts(blocks: Sequence[Block], hints: Hints, *, expected: bool) -> bool:
    """Whether a list of terms begins here: several rows whose terms begin with the letter of what they stand for.

    Where one is `expected`, after what comes after tables, a block that begins with a term is enough."""
    if expected:
        return _is_row(blocks[0], hints) and not is_prose(blocks[0])
    terms = [_term_of(block) for block in blocks[:AT_ONCE]]
    if len(set(terms)) < AT_ONCE or not all(terms):
        return False
    meanings = [block.text[len(term) :].strip() for block, term in zip(blocks, terms, strict=False)]
    return all(term[0] == meaning[0] for term, meaning in zip(terms, meanings, strict=True))


def before(blocks: Sequence[Block]) -> int:
    """How many of the last blocks are rows of the list too that begins after them: of its page, and of its form."""
    count = 0
    for block in reversed(blocks):
        term = _is_term(block.text.split()[0])
        if block.heading or block.page != blocks[-1].page or not term or is_prose(block) or URL.search(block.text):
            break
        count += 1
    return count


def _term_of(block: Block) -> str:
    """The words in capitals before others, "" if there are none or no others."""
    words = block.text.split()
    capitals = next((n for n, word in enumerate(words) if not _is_short(word)), len(words))
    return " ".join(words[:capitals]) if capitals < len(words) else ""


def ends(before: Sequence[Block], rest: Sequence[Block], hints: Hints) -> bool:
    """Whether the first of the blocks that are left is no row of the list whose blocks stand before it."""
    block = rest[0]
    if not _is_row(block, hints):
        return not before or not _is_bare(before[-1])
    if not _is_bare(block):
        return False
    return len(rest) == 1 or rest[1].opens or _is_bare(rest[1])


def _is_row(block: Block, hints: Hints) -> bool:
    return _is_term(block.text.split()[0]) or _known_end(block.text, hints) > 0


def _known_end(printed: str, hints: Hints) -> int:
    """Where a term of a few words ends, as all that follows is known; 0 if it is not."""
    starts = [word.start() for word in WORD.finditer(printed)][1 : TERM_WORDS + 1]
    return next((start for start in starts if hints.is_term(printed[start:])), 0)


def _spells(term: str, meaning: str) -> bool:
    """Whether the letters of the term stand in what it stands for, in their order."""
    letters = iter(meaning.casefold())
    return all(letter in letters for letter in term.casefold() if letter.isalpha())


def _is_short(word: str) -> bool:
    """At least two capitals, no small letters."""
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and not any(c.islower() for c in letters)


def _is_term(word: str) -> bool:
    """An abbreviation: capitals or digits, among which a few small letters may stand."""
    capitals = sum(c.isupper() for c in word)
    return capitals > 1 or word.isdecimal() or (capitals == 1 and any(c.isdecimal() for c in word))


def _is_bare(block: Block) -> bool:
    """Whether the block holds a term and nothing that it stands for."""
    return not any(c.islower() for c in block.text)


def read(text: str, blocks: Sequence[Block], heading: str, hints: Hints) -> Table:
    """One row a term. Raises SourceError where the end of a term cannot be told."""
    rows: list[Row] = []
    term: Cell | None = None
    for block in blocks:
        if term is None and _is_bare(block):
            term = block.cell
            continue
        if term is None:
            term, meaning = _split(text, block, hints)
        else:
            meaning = block.cell
        rows.append(Row((term, meaning), Span(term.span.begin, meaning.span.end)))
        term = None
    if term is not None:
        raise SourceError(f"the term {term.text!r} stands for nothing: the list is cut off", term.span.begin)
    return Table(tuple(rows), heading)


def _split(text: str, block: Block, hints: Hints) -> tuple[Cell, Cell]:
    cell = block.cell
    lost = LOST.search(text, cell.span.begin, cell.span.end)
    words = list(WORD.finditer(cell.text))
    at = cell.span.begin
    if lost:
        begin = bisect_left(cell.offsets, lost.end())
        return cell.cut(0, begin), cell.cut(begin, len(cell.text))
    end = _known_end(cell.text, hints)
    capitals = next((n for n, word in enumerate(words) if n and any(c.islower() for c in word[0])), len(words))
    if not end and capitals == 1 and _spells(words[0][0], cell.text[words[1].start() :]):
        end = words[1].start()
    if not end:
        raise SourceError(f"where the term ends cannot be told: {cell.text[:60]!r}", at)
    return cell.cut(0, end), cell.cut(end, len(cell.text))
