"""Running text: lines joined into one string with the way back to their offsets, its sentences, and phrases found."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz

from kg.read.text import SourceError, Span, line_number
from kg.records import fold

# What ends a sentence, with closing quotes and at most a footnote mark; what follows must open another one.
STOP: Final = re.compile(r"[.!?][”’\"')\]]*(?P<mark>\d{1,2})?(?= +[A-Z0-9“‘\"(\[])")
ABBREVIATED: Final = re.compile(
    r"(?<![\w.])(?:[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]|Nos?|Arts?|paras?|ch|vs?|cf|ed|vol|pp?|Mrs?|Ms|Dr|St|"
    r"Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)$"
)


class PhraseError(SourceError):
    """A phrase that does not stand exactly once where it should; the message names the nearest or all the places."""


@dataclass(frozen=True)
class Piece:
    """A line of a flow. `breaks`: a new paragraph, item or heading begins here; `bullet`: it is an item of a list."""

    span: Span
    breaks: bool
    bullet: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, heading or list item: where it stands in the flow's value."""

    begin: int
    end: int
    bullet: bool


@dataclass(frozen=True)
class Flow:
    """`value` has runs of blanks as one, paragraphs separated by a line feed; `offsets` leads each character back."""

    value: str
    offsets: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]

    def span(self, begin: int, end: int) -> Span:
        """Where a stretch of the value stands in the text."""
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)

    def holds(self, span: Span) -> bool:
        """Whether the span begins with a character of this flow, not with furniture that runs through it."""
        at = bisect_left(self.offsets, span.begin)
        return at < len(self.offsets) and self.offsets[at] == span.begin

    def inside(self, within: Span) -> Span:
        """The stretch of the value whose characters stand in this span of the text."""
        return Span(bisect_left(self.offsets, within.begin), bisect_left(self.offsets, within.end))


def flow(text: str, pieces: Iterable[Piece]) -> Flow:
    """Join lines: by nothing after a hyphen that belongs to a word, else by one blank."""
    value: list[str] = []
    offsets: list[int] = []
    starts: list[tuple[int, bool]] = []
    for piece in pieces:
        if piece.breaks or not value:
            if value:
                value.append("\n")
                offsets.append(piece.span.begin)
            starts.append((len(value), piece.bullet))
        elif not (value[-1] == "-" and len(value) > 1 and value[-2].isalnum()):
            value.append(" ")
            offsets.append(piece.span.begin)
        for match in re.finditer(r"\S|\s+", text[piece.span.begin : piece.span.end]):
            value.append(match[0] if match[0].strip() else " ")
            offsets.append(piece.span.begin + match.start())
    bounds = [*starts, (len(value) + 1, False)]
    paragraphs = [Paragraph(begin, following - 1, bullet) for (begin, bullet), (following, _) in pairwise(bounds)]
    return Flow("".join(value), tuple(offsets), tuple(paragraphs))


def sentences(running: Flow, is_mark: Callable[[int, int], bool]) -> list[Span]:
    """The sentences of a flow as spans of the text; a paragraph's end also ends one. `is_mark(number, offset)` tells
    whether a number that follows a stop at this offset of the text is a footnote mark."""
    found: list[Span] = []
    for paragraph in running.paragraphs:
        begin = paragraph.begin
        for match in STOP.finditer(running.value, paragraph.begin, paragraph.end):
            if match["mark"] and not is_mark(int(match["mark"]), running.offsets[match.start()]):
                continue
            if ABBREVIATED.search(running.value, begin, match.start()) is None:
                found.append(running.span(begin, match.end()))
                begin = re.compile(" *").match(running.value, match.end()).end()  # type: ignore[union-attr]
        if begin < paragraph.end:
            found.append(running.span(begin, paragraph.end))
    return found


def occurrences(flows: Sequence[Flow], phrase: str, within: Span) -> list[Span]:
    """Where the phrase stands inside this span, blanks folded, in the text's order. Case counts."""
    wanted = fold(phrase)
    found: list[Span] = []
    for running in flows:
        here = running.inside(within)
        at = running.value.find(wanted, here.begin, here.end) if wanted else -1
        while at >= 0:
            found.append(running.span(at, at + len(wanted)))
            at = running.value.find(wanted, at + 1, here.end)
    return sorted(found)


def find(text: str, flows: Sequence[Flow], phrase: str, within: Span) -> Span:
    """The one place of the phrase inside this span. Raises PhraseError if it stands there never, or more than once."""
    found = occurrences(flows, phrase, within)
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(line_number(text, span.begin)) for span in found)
        raise PhraseError(f"{phrase!r} stands {len(found)} times (lines {numbers}): take more words", found[0].begin)
    near = nearest(flows, phrase, within)
    if near is None:
        raise PhraseError(f"{phrase!r} is not there", within.begin)
    words = fold(text[near.begin : near.end])
    line = line_number(text, near.begin)
    raise PhraseError(f"{phrase!r} is not there; nearest: {words!r} (line {line})", near.begin)


def nearest(flows: Sequence[Flow], phrase: str, within: Span) -> Span | None:
    """The stretch of whole words inside this span that is most like the phrase; None if there is no text."""
    best: tuple[float, Span] | None = None
    for running in flows:
        here = running.inside(within)
        match = fuzz.partial_ratio_alignment(fold(phrase), running.value[here.begin : here.end])
        if match and match.dest_end > match.dest_start and (best is None or match.score > best[0]):
            begin, end = here.begin + match.dest_start, here.begin + match.dest_end
            best = match.score, running.span(*_whole_words(running.value, begin, end))
    return best[1] if best else None


def _whole_words(value: str, begin: int, end: int) -> tuple[int, int]:
    while begin > 0 and not value[begin - 1].isspace():
        begin -= 1
    while end < len(value) and not value[end].isspace():
        end += 1
    while value[begin].isspace():
        begin += 1
    while value[end - 1].isspace():
        end -= 1
    return begin, end


def covering(spans: Sequence[Span], stretch: Span) -> Span:
    """From the first to the last of these (sorted, not overlapping) spans that the stretch touches."""
    first = bisect_right([span.end for span in spans], stretch.begin)
    last = bisect_left([span.begin for span in spans], stretch.end) - 1
    return Span(spans[first].begin, spans[last].end)
