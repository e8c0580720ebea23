"""How a PDF text flow breaks lines: words at blanks, links where their signs allow it, never with a new hyphen."""

import re
from collections.abc import Iterable, Iterator

# A link breaks after one of these signs and keeps it.
PIECES = re.compile(r".*?(?:%20|[-/_.?&](?![-/_.?&])|$)")
LINK = re.compile(r"(?:https?://|www\.)\S+")


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most this width where that can be; a line that ends between words keeps its blank."""
    lines = [""]
    for word in text.split(" "):
        pieces = _pieces(word)
        gap = " " if lines[-1] else ""
        if len(lines[-1]) + len(gap) + len(pieces[0]) > width and lines[-1]:
            lines[-1] += " "
            lines.append(pieces[0])
        else:
            lines[-1] += gap + pieces[0]
        for piece in pieces[1:]:
            if len(lines[-1]) + len(piece) > width:
                lines.append(piece)
            else:
                lines[-1] += piece
    return lines


def _pieces(word: str) -> list[str]:
    """A link by its breaking points; its host stays whole."""
    if not LINK.match(word):
        return [word]
    head = re.match(r"(?:https?://)?[^/]+/?", word)
    first = head[0] if head else ""
    return [first, *(match[0] for match in PIECES.finditer(word[len(first) :]) if match[0])]


def paragraphs(texts: Iterable[str], width: int) -> list[str]:
    """The lines of a cell: its paragraphs wrapped, a blank line between them."""
    lines: list[str] = []
    for text in texts:
        lines += [*([""] if lines else []), *(line for part in text.split("\n") for line in wrap(part, width))]
    return lines


def row(cells: Iterable[list[str]]) -> Iterator[str]:
    """The lines of a row: a cell of one line is followed by the next one on that line, a longer one by a blank line."""
    open_line = ""
    for cell in cells:
        if not cell:
            continue
        if len(cell) == 1:
            open_line = f"{open_line} {cell[0]}" if open_line else cell[0]
            continue
        yield f"{open_line} {cell[0]}" if open_line else cell[0]
        yield from cell[1:]
        yield ""
        open_line = ""
    if open_line:
        yield open_line
        yield ""
