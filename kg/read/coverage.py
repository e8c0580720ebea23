"""Which line of a text belongs to a mapped passage, and why any other line does not: nothing is left out silently."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.read.text import Span, lines

MAPPED: Final = "mapped"
UNACCOUNTED: Final = "unaccounted"
# Why a line is not mapped: the closed list, and what each word means.
REASONS: Final = {
    "heading": "a title, a caption or a header row",
    "repeated header": "the header of a table printed again",
    "page furniture": "side tab, page number or another mark of the page",
    "stray link": "a link printed away from what it belongs to",
    "credit": "a photo credit",
    "staff": "a line of a list of staff",
    "essay": "narrative that states no fact of the tables",
    "narrative": "prose that was read and states no fact",
    "prose-not-yet-read": "prose that nobody has read for facts yet",
}


@dataclass(frozen=True)
class Stretch:
    """Lines that follow each other (blank ones apart) in one section for one reason; line numbers are 1-based."""

    first: int
    last: int
    lines: int
    section: str
    reason: str


@dataclass(frozen=True)
class Ledger:
    """What accounts for the lines of a text: mapped passages, other stretches with a reason, where sections begin."""

    passages: Sequence[Span]
    reasons: Sequence[tuple[Span, str]]
    sections: Sequence[tuple[int, str]]


def account(text: str, ledger: Ledger) -> list[Stretch]:
    """Every non-blank line of the text in order, as stretches. Raises ValueError for a reason that is not listed."""
    unknown = {reason for _, reason in ledger.reasons} - REASONS.keys()
    if unknown:
        raise ValueError(f"no reason of the ledger: {', '.join(sorted(unknown))}; known: {', '.join(REASONS)}")
    mapped = Stretches(ledger.passages)
    found: list[Stretch] = []
    for number, line in enumerate(lines(text), 1):
        if text[line.begin : line.end].strip():
            reason = MAPPED if mapped.touch(line) else reason_of(ledger.reasons, line)
            _append(found, number, section_of(ledger.sections, line.end - 1), reason)
    return found


def _append(found: list[Stretch], number: int, section: str, reason: str) -> None:
    if found and (found[-1].section, found[-1].reason) == (section, reason):
        last = found.pop()
        found.append(Stretch(last.first, number, last.lines + 1, section, reason))
    else:
        found.append(Stretch(number, number, 1, section, reason))


class Stretches:
    """Stretches of a text of which one asks whether they touch another; they may overlap and come in any order."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._merged: list[Span] = []
        for span in sorted(spans):
            if self._merged and span.begin <= self._merged[-1].end:
                self._merged[-1] = Span(self._merged[-1].begin, max(span.end, self._merged[-1].end))
            else:
                self._merged.append(span)

    def touch(self, span: Span) -> bool:
        """Whether one of them has a character in common with the span."""
        at = bisect_left(self._merged, span.end, key=lambda other: other.begin)
        return at > 0 and self._merged[at - 1].end > span.begin


def reason_of(reasons: Iterable[tuple[Span, str]], line: Span) -> str:
    """The reason of the smallest stretch that the line is in; unaccounted if it is in none."""
    around = [
        (span.end - span.begin, reason) for span, reason in reasons if span.begin < line.end and line.begin < span.end
    ]
    return min(around)[1] if around else UNACCOUNTED


def section_of(sections: Sequence[tuple[int, str]], at: int) -> str:
    """The name of the section that the place is in, "" above the first; sections are in order."""
    return next((name for begin, name in reversed(sections) if begin <= at), "")
