"""The records: what a source states, with the position where it stands. Written by extract, read by build.

begin and end are 0-based code points, half-open, in the text; sha256 is that of the passage with blanks folded.
"""

import hashlib
import re
import typing
import unicodedata
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
    """A thing that the statements are about. `kind_of` is organization, body, state, instrument or programme;
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
class Statement:
    """What every statement carries: an id, unique in its kind and source, and its passage; `where` is for people."""

    kind: ClassVar[str] = ""
    id: str
    begin: int
    end: int
    sha256: str
    where: str


@dataclass(frozen=True, kw_only=True)
class TreatyStatus(Statement):
    """A cell of the conventions chart. status: party, denounced (a footnote says that the state left, `ended` when),
    not_party (a printed dash) or blank (nothing printed)."""

    kind: ClassVar[str] = "treaty_status"
    state: str
    state_name: str
    instrument: str
    status: str
    year: str
    mode: str
    entry_into_force: str
    ended: str
    printed: str


@dataclass(frozen=True, kw_only=True)
class OrganizationRow(Statement):
    """A row of the multilateral table: its first organization, others that share the row, bodies named inside it."""

    kind: ClassVar[str] = "organization_row"
    organization: str
    shared_with: Many
    bodies: Many
    name: str


@dataclass(frozen=True, kw_only=True)
class Link(Statement):
    """A URL as printed, the organization or body under whose name it stands, and the text that introduces it."""

    kind: ClassVar[str] = "link"
    row: str
    organization: str
    label: str
    url: str
    remark: str


@dataclass(frozen=True, kw_only=True)
class Framework(Statement):
    """A framework document listed in a row; `years` as printed (periods too), `short` a bracketed abbreviation."""

    kind: ClassVar[str] = "framework"
    row: str
    organization: str
    instrument: str
    title: str
    years: Many
    symbol: str
    short: str
    url: str
    heading: str
    remark: str


@dataclass(frozen=True, kw_only=True)
class OtherCell(Statement):
    """A cell of a row in a column that no table knows: its caption and its text, both as printed."""

    kind: ClassVar[str] = "other_cell"
    row: str
    caption: str
    printed: str


@dataclass(frozen=True, kw_only=True)
class FocalPoint(Statement):
    """A focal point listed in a row. status: named, not_applicable (N/A) or empty; body is the entity named."""

    kind: ClassVar[str] = "focal_point"
    row: str
    organization: str
    body: str
    name: str
    heading: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Figure(Statement):
    """A cell of the peacekeeping table, or one number of it. status: number, text, none_reported or empty."""

    kind: ClassVar[str] = "figure"
    organization: str
    measure: str
    status: str
    value: str
    unit: str
    years: Many
    printed: str


@dataclass(frozen=True, kw_only=True)
class Naming(Statement):
    """An abbreviation and what a glossary says it stands for; entity is kind/id where a shared table knows it."""

    kind: ClassVar[str] = "naming"
    abbreviation: str
    expansion: str
    entity: str


@dataclass(frozen=True, kw_only=True)
class Note(Statement):
    """A note on a table or the document.

    about: reporting_window, exchange_rates, entry_into_force, denunciation, footnote (of which nothing but its mark and
    its place is understood), photo_credits, staff.

    since and until are dates with the precision printed; value a count; instrument a slug; url and mark as printed."""

    kind: ClassVar[str] = "note"
    about: str
    instrument: str
    since: str
    until: str
    value: str
    url: str
    mark: str


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


@dataclass(frozen=True, kw_only=True)
class Finding(Statement):
    """Something in a source that a reader should know: about is <kind>/<id> of the statement concerned.

    problem: printed_error, sum_differs, listed_twice, suspected_row."""

    kind: ClassVar[str] = "finding"
    about: str
    problem: str
    printed: str
    normal: str
    explanation: str


Record = (
    Source
    | Entity
    | Coverage
    | TreatyStatus
    | OrganizationRow
    | Link
    | Framework
    | OtherCell
    | FocalPoint
    | Figure
    | Naming
    | Note
    | Section
    | Membership
    | Footnote
    | Participation
    | Cooperation
    | Finding
)
KINDS: dict[str, type[Record]] = {kind.kind: kind for kind in typing.get_args(Record)}


def fold(text: str) -> str:
    """The text with every run of blanks, line ends included, as one blank: what a passage's hash is taken over."""
    return " ".join(text.split())


def digest(passage: str) -> str:
    """SHA-256 (hex) of the passage in UTF-8, blanks folded, so that re-wrapping a text does not change it."""
    return hashlib.sha256(fold(passage).encode()).hexdigest()


def slug(name: str, *, limit: int = 80) -> str:
    """A readable key: lower-case ASCII words joined by hyphens, cut at a word end before `limit` characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    while len(words) > 1 and len("-".join(words)) > limit:
        words.pop()
    return "-".join(words)[:limit]
