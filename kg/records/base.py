"""What every source has: the document, the things that it speaks of, the coverage of its lines; and what every
statement carries. begin and end are 0-based code points, half-open, in the text; sha256 is that of the passage with
blanks folded.
"""

from dataclasses import dataclass
from typing import ClassVar

Many = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """The document itself; `characters` is the length of the text in code points."""

    kind: ClassVar[str] = "source"
    id: str
    series: str
    edition: str
    title: str
    short_title: str
    publisher: str
    published: str
    licence: str
    layout: str
    file: str
    sha256: str
    characters: int


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A thing that the statements are about. `kind_of` is organization, body, state, instrument, programme or region;
    `generated` is "yes" where no shared table knows it and the id was made from the name as printed."""

    kind: ClassVar[str] = "entity"
    kind_of: str
    id: str
    label: str
    abbreviation: str
    names: Many
    classes: Many
    alpha2: str
    part_of: str
    generated: str


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Lines in a row in one section, mapped or left out for one reason; 1-based, blank ones not counted."""

    kind: ClassVar[str] = "coverage"
    id: str
    first: int
    last: int
    lines: int
    section: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a paper and what accounts for it: statement, mention (it names a thing and states nothing that was
    recorded), or the reason of its lines in the coverage ledger; begin and end as in a statement."""

    kind: ClassVar[str] = "sentence"
    id: str
    section: str
    begin: int
    end: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Where a known name stands: entity is kind/id, begin and end as in a statement. It states nothing."""

    kind: ClassVar[str] = "mention"
    id: str
    entity: str
    begin: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What every statement carries: an id, unique in its kind and source, and its passage; `where` is for people."""

    kind: ClassVar[str] = ""
    id: str
    begin: int
    end: int
    sha256: str
    where: str


@dataclass(frozen=True, kw_only=True)
class Finding(Statement):
    """Something in a source that a reader should know: about is <kind>/<id> of the statement concerned.

    problem: printed_error, sum_differs, listed_twice, suspected_row, conflict, unclear."""

    kind: ClassVar[str] = "finding"
    about: str
    problem: str
    printed: str
    normal: str
    explanation: str
