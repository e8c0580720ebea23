"""Lines of a PDF flow joined into one cell, with the way back from each of its characters to the file.

A line break becomes one blank; nothing after a hyphen that belongs to the word, and nothing inside a link. A blank
that the line ends with was printed there: nothing is joined over it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.read.tabbed import Cell
from kg.read.text import SourceError, Span, line_number

URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>“”\"]*[^\s<>“”\".,;:]")
STARTS_URL: Final = re.compile(r"[-•<(“\"]*(?:https?://|www\.)", re.IGNORECASE)
# The replacement character stands for a blank that the file has lost; inside a word it is a lost letter, and stays.
BLANK: Final = re.compile(r"(?:\s|(?<!\S)\ufffd)+|\S")
LINKED: Final = re.compile(r"[/_%?=&#]|\.\w")


@dataclass(frozen=True)
class Line:
    """A line with something on it. `soft`: it ends with a printed blank; `gap`: blank lines above; `opens`: it begins
    with a blank, as the first line of a page does."""

    span: Span
    soft: bool
    gap: int
    opens: bool


def nothing(at: int) -> Cell:
    """A cell with nothing in it."""
    return Cell("", Span(at, at))


def join(text: str, lines: Sequence[Line]) -> Cell:
    """The lines as one cell, runs of blanks as one. Raises SourceError where a link may or may not go on."""
    characters: list[str] = []
    offsets: list[int] = []
    previous: Line | None = None
    for line in lines:
        if previous and not goes_on("".join(characters), text[line.span.begin : line.span.end], text, previous):
            characters.append(" ")
            offsets.append(previous.span.end)
        for match in BLANK.finditer(text, line.span.begin, line.span.end):
            blank = len(match[0]) > 1 or match[0].isspace() or (match[0] == "\ufffd" and _at_start(characters))
            if not (blank and _at_start(characters)):
                characters.append(" " if blank else match[0])
                offsets.append(match.start())
        previous = line
    return Cell("".join(characters), Span(0, 0), tuple(offsets)).cut(0, len(characters))


def _at_start(characters: Sequence[str]) -> bool:
    return not characters or characters[-1] == " "


def goes_on(before: str, line: str, text: str, previous: Line) -> bool:
    """Whether what stands before goes on in this line without a blank."""
    if previous.soft or not before:
        return False
    last, first = before.rsplit(" ", 1)[-1], line.split()[0]
    if STARTS_URL.match(last):
        alone = len(line.split()) == 1
        if last.endswith("/") and alone and first.isalpha() and first[0].isupper():
            number = line_number(text, previous.span.end)
            raise SourceError(
                f"line {number}: whether the link goes on with {first!r} cannot be told", previous.span.end
            )
        return _url_goes_on(last, first, alone=alone)
    return len(last) > 1 and last[-1] in "-‐" and last[-2].isalnum()


def _url_goes_on(last: str, first: str, *, alone: bool) -> bool:
    if STARTS_URL.match(first):
        return False
    if last[-1] in "-_=&?#~+%" or re.search(r"%[0-9A-Fa-f]{2}$", last):
        return True
    if not alone and first.upper() == first:
        return False
    like_a_link = LINKED.search(first) is not None
    if last[-1] in "/.":
        return like_a_link or (alone and (first[0].islower() or bool(re.search(r"[-\d]", first))))
    return alone and like_a_link and first[0].islower()
