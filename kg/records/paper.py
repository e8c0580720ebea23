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
class Curated(Statement):
    """What people read in prose: the section, by its key, and the phrase to search for."""

    section: str
    locator: str


@dataclass(frozen=True, kw_only=True)
class Mandate(Curated):
    """What an organization is there for: the instruments that give or shape the mandate, who tasks it, and the task in
    our own words; themes are classified by us, pillars only where stated."""

    kind: ClassVar[str] = "mandate"
    organization: str
    instruments: Many
    tasked_by: Many
    task: str
    themes: Many
    pillars: Many
    since: str


@dataclass(frozen=True, kw_only=True)
class ProgrammeListing(Curated):
    """That there is a programme, project, campaign, operation, fund, database ..., its name as printed, where and when,
    of which programme it is a phase, and the instruments (publications too) that it produced."""

    kind: ClassVar[str] = "programme_listing"
    programme: str
    name: str
    states: Many
    regions: Many
    since: str
    ended: str
    phase_of: str
    produced: Many
    progress: str


@dataclass(frozen=True, kw_only=True)
class Participation(Curated):
    """Who takes part in a programme, in which role, where (states, empty: the whole programme) and how far along.

    role is of mappings/curated.py's closed list; progress: done, ongoing, planned."""

    kind: ClassVar[str] = "participation"
    programme: str
    organization: str
    role: str
    states: Many
    progress: str


@dataclass(frozen=True, kw_only=True)
class Cooperation(Curated):
    """Who works with whom, as one statement. pattern: hub (one cooperator, its counterparts), joint (all act
    together: everybody is a cooperator) or directed. relation is a slug of the relation-kind scheme; subject (on what)
    and others (partners that are no single organization) are in our own words."""

    kind: ClassVar[str] = "cooperation"
    pattern: str
    relation: str
    cooperators: Many
    counterparts: Many
    subject: str
    others: str
    programmes: Many
    states: Many
    regions: Many
    since: str
    progress: str


@dataclass(frozen=True, kw_only=True)
class Citation(Curated):
    """That an organization cites, publishes, adopts ... (use) an instrument or publication, which provision of it, in
    which footnote, and the date that is printed for the instrument."""

    kind: ClassVar[str] = "citation"
    instrument: str
    organization: str
    use: str
    provision: str
    footnote: str
    date: str
    progress: str


@dataclass(frozen=True, kw_only=True)
class Quantity(Curated):
    """A number in prose: of what (kind/id), measure and unit in our own words, how exact (qualifier), and the quantity
    that it is a part of (subset_of, an id)."""

    kind: ClassVar[str] = "quantity"
    about: Many
    measure: str
    value: str
    unit: str
    qualifier: str
    as_of: str
    since: str
    subset_of: str
    states: Many


@dataclass(frozen=True, kw_only=True)
class Event(Curated):
    """A dated happening to things (kind/id), what it was in our own words, and where."""

    kind: ClassVar[str] = "event"
    about: Many
    kind_of_event: str
    what: str
    date: str
    ended: str
    place: str
    states: Many
    progress: str


@dataclass(frozen=True, kw_only=True)
class Post(Curated):
    """A post, chair, unit or group (post, "" if it has no name of its own) of a thing (post_of, kind/id), and the
    organization that holds it; never a person."""

    kind: ClassVar[str] = "post"
    post: str
    post_role: str
    post_of: str
    held_by: str
    since: str
    ended: str
    progress: str


@dataclass(frozen=True, kw_only=True)
class Activity(Curated):
    """What organizations do, in our own words, whom it serves, in which programmes, states and regions."""

    kind: ClassVar[str] = "activity"
    organizations: Many
    what: str
    kind_of_activity: str
    served: str
    programmes: Many
    themes: Many
    states: Many
    regions: Many
    since: str
    ended: str
    progress: str


@dataclass(frozen=True, kw_only=True)
class Designation(Curated):
    """A name and an abbreviation as printed, and the thing (kind/id) that they mean."""

    kind: ClassVar[str] = "designation"
    entity: str
    name: str
    abbreviation: str


@dataclass(frozen=True, kw_only=True)
class Reference(Curated):
    """A definite noun ("the Protocol") and the thing (kind/id) that it means in its section."""

    kind: ClassVar[str] = "reference"
    phrase: str
    entity: str


@dataclass(frozen=True, kw_only=True)
class LinkTarget(Statement):
    """What a printed link is the link of: the id of the link, the thing (kind/id), and how sure that is."""

    kind: ClassVar[str] = "link_target"
    link: str
    entity: str
    certainty: str
