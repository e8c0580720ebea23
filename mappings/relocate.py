"""The locators of a source found again in another conversion of the same document: what moved, what is missing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.read.text import line_number
from kg.records import Record, Source, Statement


@dataclass(frozen=True)
class Found:
    """A phrase of a recorded statement in the other text. status: found, missing, or "nearest of N" where it stands N
    times (a locator is unique in its section only): the place nearest to the recorded one, measured along the text.
    line (1-based), begin and end are of the phrase, 0 where it is missing; was is where the recorded passage begins."""

    kind: str
    id: str
    phrase: str
    status: str
    line: int
    begin: int
    end: int
    was: int


def relocate(records: Iterable[Record], text: str) -> Iterator[Found]:
    """One row for each statement with a locator, in the order of the records. Blanks and line ends in the text, also
    after a hyphen, do not count; what stands between the words on a page's end does."""
    every = list(records)
    long = next((record.characters for record in every if isinstance(record, Source)), len(text))
    for record in every:
        phrase = getattr(record, "locator", "")
        if isinstance(record, Statement) and phrase:
            yield _find(record, str(phrase), text, len(text) / max(long, 1))


def _find(record: Statement, phrase: str, text: str, scale: float) -> Found:
    words = (re.escape(word).replace(r"\-", r"-\s*") for word in phrase.split())
    matches = list(re.finditer(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", text))
    if not matches:
        return Found(record.kind, record.id, phrase, "missing", 0, 0, 0, record.begin)
    begin, end = min((match.span() for match in matches), key=lambda span: abs(span[0] - record.begin * scale))
    status = "found" if len(matches) == 1 else f"nearest of {len(matches)}"
    return Found(record.kind, record.id, phrase, status, line_number(text, begin), begin, end, record.begin)
