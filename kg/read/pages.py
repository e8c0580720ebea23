"""The pages of a PDF text, line by line: running text, headings to be, footnotes, the targets of links, page numbers.

A page begins at a line that opens with a blank and follows another line directly, or at the first line after link
targets. Footnotes stand at its bottom, below a line of blanks, numbered through the document.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from kg.read.text import Span, lines, strip

Role = Literal["heading", "body", "bullet", "note", "link", "folio"]
RULE: Final = 20  # blanks that make up the line above footnotes
URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>“”‘’\"]+")
MARK: Final = re.compile(r"[\uf0b7•]\s*")
NUMBER: Final = re.compile(r"(\d{1,3})\s")


class Line(NamedTuple):
    """A line with something on it: its text without outer blanks and list mark, and what it is there for."""

    span: Span
    page: int
    role: Role
    opens: bool  # it is the first of its page
    gap: int  # lines without text above it
    note: int  # the number of the footnote that it belongs to, else 0


@dataclass
class _Bottom:
    """What the lines before one leave open."""

    page: int = 0
    note: int = 0
    in_notes: bool = False
    gap: int = 0
    ruled: bool = False


def read_lines(text: str) -> list[Line]:
    """All lines that hold text, in order. Headings are not told from the body here."""
    found: list[Line] = []
    state = _Bottom()
    for whole in lines(text):
        span = strip(text, whole)
        if span.begin == span.end:
            state.ruled = whole.end - whole.begin >= RULE
            state.gap += 1
            continue
        found.append(_line(text, whole, span, state, found[-1] if found else None))
        state.gap, state.ruled = 0, False
    return found


def _line(text: str, whole: Span, span: Span, state: _Bottom, previous: Line | None) -> Line:
    role = _role(text, whole, span, state, previous)
    opens = _opens_page(text, whole, role, state, previous)
    if opens:
        state.page += 1
        state.in_notes = False
        if role == "body" and text[span.begin : span.end].isdecimal():
            role = "folio"
    if role == "body":
        role = _note_role(text, span, state)
    mark = MARK.match(text, span.begin) if role == "bullet" else None
    begin = mark.end() if mark else span.begin
    note = state.note if role == "note" else 0
    return Line(Span(begin, span.end), state.page, role, opens, state.gap, note)


def _role(text: str, whole: Span, span: Span, state: _Bottom, previous: Line | None) -> Role:
    """link: a web address and nothing else, or the rest of one that was broken at the line's end."""
    url = URL.fullmatch(text, span.begin, span.end)
    if url and not text.startswith("www.", span.begin):
        return "link"
    directly = previous is not None and previous.role == "link" and not state.gap and whole.begin == span.begin
    if directly and " " not in text[span.begin : span.end]:
        return "link"
    return "bullet" if MARK.match(text, span.begin) else "body"


def _opens_page(text: str, whole: Span, role: Role, state: _Bottom, previous: Line | None) -> bool:
    if previous is None:
        return True
    indented = text[whole.begin] == " " and not state.gap
    return indented or (previous.role == "link" and role != "link")


def _note_role(text: str, span: Span, state: _Bottom) -> Role:
    """Below the line of blanks, the next number in turn begins a footnote; it runs on to the next one."""
    number = NUMBER.match(text, span.begin, span.end)
    if number and int(number[1]) == state.note + 1 and (state.in_notes or state.ruled):
        state.note += 1
        state.in_notes = True
    return "note" if state.in_notes else "body"
