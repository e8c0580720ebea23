"""PDF prose: a paper's sections, sentences, footnotes, lists and URLs, each with its place; phrases are found whatever
line ends and page furniture run through them. Nothing here knows what a paper is about."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from rapidfuzz import process

from kg.read import flow as running
from kg.read.flow import Flow, Paragraph, Piece
from kg.read.pages import URL, Line, read_lines
from kg.read.text import SourceError, Span
from kg.records import fold

# A short title that ends in a bracketed abbreviation, at the top of a page: nothing else looks like that.
TITLE: Final = re.compile(r"[A-Z][^.;:!?]{5,150}\([A-Z][\w– -]{1,20}\)")
LONGEST: Final = 4  # lines of a heading


class Section(NamedTuple):
    """A heading as printed, joined over lines, and the stretch from it to the next one."""

    heading: str
    span: Span


class Footnote(NamedTuple):
    """A footnote from its number to its last character."""

    number: int
    page: int
    span: Span


class Url(NamedTuple):
    """A URL as printed, joined where it runs over a line's end, and the line that it begins in."""

    value: str
    span: Span
    line: Line


@dataclass(frozen=True)
class Prose:
    """A text read as PDF prose. The first flow is the body without page furniture, then comes one per footnote."""

    text: str
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    footnotes: tuple[Footnote, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def pages(self) -> tuple[Span, ...]:
        """The pages, the first of which is page 1."""
        starts = [line.span.begin for line in self.lines if line.opens]
        return tuple(Span(begin, end) for begin, end in pairwise([*starts, len(self.text)]))

    @cached_property
    def sentences(self) -> tuple[tuple[Span, ...], ...]:
        """Flow by flow, its sentences. One that runs over a page's end spans the furniture that stands there."""
        marks = {(note.number, note.page) for note in self.footnotes}
        return tuple(
            tuple(running.sentences(each, lambda number, at: (number, self.page(at)) in marks)) for each in self.flows
        )

    def page(self, at: int) -> int:
        """The number of the page that holds the offset, counted from 1."""
        return bisect_right(self.pages, at, key=lambda page: page.begin)

    def find(self, phrase: str, within: Span) -> Span:
        """The one place of a phrase in the body or a footnote. Raises PhraseError: missing there, or ambiguous."""
        return running.find(self.text, self.flows, phrase, within)

    def occurrences(self, phrase: str, within: Span) -> list[Span]:
        """All places of a phrase inside this span."""
        return running.occurrences(self.flows, phrase, within)

    def passage(self, first: Span, last: Span) -> Span:
        """From the begin of the sentence that holds the first place to the end of the one that holds the last.
        Raises SourceError if they are not both in the body, or in one footnote, in this order."""
        kinds = [index for index, each in enumerate(self.flows) if each.holds(first) and each.holds(last)]
        if not kinds or first.begin > last.begin:
            raise SourceError("a passage must end behind its begin, in the body or in one footnote", first.begin)
        head, tail = (running.covering(self.sentences[kinds[0]], span) for span in (first, last))
        return Span(head.begin, tail.end)

    def items(self, after: int) -> list[Paragraph]:
        """The items of the list that follows this offset of the body, as they stand in the first flow's value."""
        body = self.flows[0]
        following = (each for each in body.paragraphs if body.offsets[each.begin] > after)
        return list(takewhile(lambda paragraph: paragraph.bullet, following))


def read(text: str, headings: Sequence[str]) -> Prose:
    """Read the text, cut at these headings. Raises SourceError if one is missing or out of order, or if the top of a
    page holds what looks like another one."""
    found = read_lines(text)
    spans = _tell_headings(text, found, headings)
    for index, line in enumerate(found):
        if line.opens and line.role == "body":
            _refuse_title(text, found[index : index + LONGEST], headings)
    footnotes = _footnotes(found)
    flows = [running.flow(text, _pieces(found))]
    for note in footnotes:
        flows.append(running.flow(text, (Piece(line.span, breaks=False) for line in found if line.note == note.number)))
    return Prose(text, tuple(found), _sections(found, headings, spans), footnotes, tuple(flows))


def _tell_headings(text: str, found: list[Line], headings: Sequence[str]) -> list[Span]:
    """Set the role of the lines that are headings, in place; give back where each heading stands."""
    spans: list[Span] = []
    at = 0
    for heading in headings:
        stretch = _heading(text, found, fold(heading), at)
        if stretch is None:
            raise _missing(text, found, heading, at)
        for index in range(*stretch):
            found[index] = found[index]._replace(role="heading")
        spans.append(Span(found[stretch.begin].span.begin, found[stretch.end - 1].span.end))
        at = stretch.end
    return spans


def _heading(text: str, found: list[Line], heading: str, at: int) -> Span | None:
    """The lines, counted from `at` on, that the heading fills from the first to the last character."""
    for begin in range(at, len(found)):
        if _may_open(found[begin]) and heading.startswith(_joined(text, found[begin : begin + 1])):
            for end in range(begin + 1, min(begin + LONGEST, len(found)) + 1):
                if _joined(text, found[begin:end]) == heading:
                    return Span(begin, end)
    return None


def _may_open(line: Line) -> bool:
    return line.role == "body" and (line.opens or line.gap > 1)


def _missing(text: str, found: Sequence[Line], heading: str, at: int) -> SourceError:
    candidates = {line.span.begin: _joined(text, [line]) for line in found[at:] if _may_open(line)}
    if not candidates:
        return SourceError(f"the heading {heading!r} is missing: the text ends before it", len(text))
    near, _, begin = process.extractOne(heading, candidates)
    return SourceError(f"the heading {heading!r} is missing after the last one (nearest line: {near!r})", begin)


def _refuse_title(text: str, found: Sequence[Line], headings: Sequence[str]) -> None:
    for end in range(1, len(found) + 1):
        title = _joined(text, found[:end])
        if TITLE.fullmatch(title):
            near = ", ".join(match[0] for match in process.extract(title, headings, limit=2))
            raise SourceError(f"unknown heading {title!r} (nearest: {near})", found[0].span.begin)


def _joined(text: str, found: Sequence[Line]) -> str:
    return running.flow(text, (Piece(line.span, breaks=False) for line in found)).value


def _sections(found: Sequence[Line], headings: Sequence[str], spans: Sequence[Span]) -> tuple[Section, ...]:
    begins = [*(span.begin for span in spans), found[-1].span.end + 1 if found else 0]
    stretches = [
        Span(begin, max(line.span.end for line in found if line.span.begin < following))
        for begin, following in pairwise(begins)
    ]
    return tuple(Section(heading, span) for heading, span in zip(headings, stretches, strict=True))


def _footnotes(found: Sequence[Line]) -> tuple[Footnote, ...]:
    notes: dict[int, Footnote] = {}
    for line in found:
        if line.note:
            begin = notes[line.note].span.begin if line.note in notes else line.span.begin
            notes[line.note] = Footnote(line.note, line.page, Span(begin, line.span.end))
    return tuple(notes.values())


def _pieces(found: Sequence[Line]) -> Iterator[Piece]:
    """The lines of the body. An empty line more than usual ends a paragraph; a page's end does not."""
    previous: Line | None = None
    for line in found:
        if line.role in ("heading", "body", "bullet"):
            breaks = line.role == "bullet" or previous is None or previous.role != line.role == "heading"
            if previous and not breaks:
                breaks = line.role != previous.role == "heading" or (line.page == previous.page and line.gap > 1)
            yield Piece(line.span, breaks, line.role == "bullet")
            previous = line


def urls(prose: Prose) -> list[Url]:
    """Every URL in sentences, footnotes and link lines, in the order of the text."""
    found: list[Url] = []
    covered = 0
    for line in prose.lines:
        for match in URL.finditer(prose.text, max(line.span.begin, covered), line.span.end):
            url = _url(prose.text, match, line)
            found.append(url)
            covered = url.span.end
    return found


def _url(text: str, match: re.Match[str], line: Line) -> Url:
    """A URL that touches the end of its line goes on with the next line's first word, if that begins directly there."""
    value, end = match[0], match.end()
    following = re.compile(r"\r?\n(?!https?://|www\.)(\S+)").match(text, end) if end == line.span.end else None
    if following:
        value, end = value + following[1], following.end()
    bare = _bare(value)
    return Url(bare, Span(match.start(), end - (len(value) - len(bare))), line)


def _bare(url: str) -> str:
    """Without a full stop or the like behind it, and without a bracket that was opened before it."""
    while url[-1] in ".,;:!?" or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    return url
