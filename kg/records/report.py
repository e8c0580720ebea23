"""The kinds of statement that the tables of a report make, and the notes around them."""

from dataclasses import dataclass
from typing import ClassVar

from kg.records.base import Many, Statement


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
    """A cell of the peacekeeping table, or one number of it. status: number, text, none_reported or empty; part_of is
    the id of the total of which a number in square brackets is a part."""

    kind: ClassVar[str] = "figure"
    organization: str
    measure: str
    status: str
    value: str
    unit: str
    years: Many
    printed: str
    part_of: str


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
