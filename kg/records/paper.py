"""The kinds of statement of a paper in prose: its sections, members and footnotes, and what people read in it."""

from dataclasses import dataclass
from typing import ClassVar

from kg.records.base import Many, Statement


@dataclass(frozen=True, kw_only=True)
class Section(Statement):
    """A section of a paper: its heading as printed, joined over lines, and the organization that it is about."""

    kind: ClassVar[str] = "section"
    heading: str
    organization: str


@dataclass(frozen=True, kw_only=True)
class Membership(Statement):
    """A member of a group, as listed; as_of is a date with the precision stated; has_section yes or no."""

    kind: ClassVar[str] = "membership"
    group: str
    organization: str
    name: str
    abbreviation: str
    as_of: str
    has_section: str


@dataclass(frozen=True, kw_only=True)
class Footnote(Statement):
    """A footnote: its number and the symbols of the documents that it cites."""

    kind: ClassVar[str] = "footnote"
    number: str
    symbols: Many


@dataclass(frozen=True, kw_only=True)
class Participation(Statement):
    """Who takes part in a programme, in which role, where (states, empty: the whole programme) and how far along.

    role: lead, initiator, implementing_partner, funder, beneficiary or planned; progress: done, ongoing, planned."""

    kind: ClassVar[str] = "participation"
    programme: str
    organization: str
    role: str
    states: Many
    progress: str
    section: str
    locator: str


@dataclass(frozen=True, kw_only=True)
class Cooperation(Statement):
    """Who works with whom, as one statement. pattern: hub (one cooperator, its counterparts), joint (all act
    together: everybody is a cooperator) or directed. relation is a slug of the relation-kind scheme."""

    kind: ClassVar[str] = "cooperation"
    pattern: str
    relation: str
    cooperators: Many
    counterparts: Many
    progress: str
    section: str
    locator: str
