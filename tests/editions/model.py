"""What a generated edition says, before any layout: tables of cells with their facts, and the answers they make.

A thing that a shared table knows is named by its slug there; any other is "new: <name as printed>".
"""

from dataclasses import dataclass
from typing import NamedTuple


class Ratification(NamedTuple):
    """A row of the answer to ratification_status."""

    state: str
    iso3: str
    instrument: str
    status: str
    year: str
    mode: str
    entry_into_force: str
    ended: str


class FocalPoint(NamedTuple):
    """A row of the answer to focal_points; `body` is the thing that the name means ("" if there is none)."""

    organization: str
    name: str
    status: str
    body: str
    heading: str


class Framework(NamedTuple):
    """A row of the answer to framework_documents."""

    organization: str
    title: str
    years: tuple[str, ...]
    symbol: str
    short: str
    url: str
    instrument: str
    heading: str


class Link(NamedTuple):
    """A row of the answer to organization_links; `row` is the organization that its table row opens with."""

    row: str
    organization: str
    label: str
    url: str


class Listed(NamedTuple):
    """A row of the multilateral table: whose it is, and which organizations share it."""

    organization: str
    name: str
    shared_with: tuple[str, ...]


class Figure(NamedTuple):
    """A value of the peacekeeping table; of a summary in words only its first word is compared."""

    organization: str
    measure: str
    year: str
    status: str
    value: str


class Naming(NamedTuple):
    """A row of the glossary."""

    term: str
    expansion: str


class Note(NamedTuple):
    """A note around the tables."""

    about: str
    instrument: str
    since: str
    until: str
    value: str
    url: str


class Answers(NamedTuple):
    """Everything that one edition states, each list in the order of the print."""

    ratifications: list[Ratification]
    rows: list[Listed]
    links: list[Link]
    frameworks: list[Framework]
    focal_points: list[FocalPoint]
    figures: list[Figure]
    glossary: list[Naming]
    notes: list[Note]


@dataclass(frozen=True)
class Column:
    """A column of the chart: its caption, the instrument that it means, and its second header line."""

    caption: str
    instrument: str
    below: str
    unmarked: str
    footnote: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of the chart: what is printed, and what that says; `mark` points to a footnote."""

    printed: str
    status: str
    year: str = ""
    mode: str = ""
    force: str = ""
    mark: str = ""
    ended: str = ""


@dataclass(frozen=True)
class StateRow:
    """A state as its row prints it; `mark` points to a footnote."""

    name: str
    iso3: str
    cells: tuple[Cell, ...]
    mark: str = ""


@dataclass(frozen=True)
class Chart:
    """The conventions chart and the lines around it; `breaks` are the rows before which a page begins."""

    corner: str
    announcement: str
    columns: tuple[Column, ...]
    rows: tuple[StateRow, ...]
    footnotes: tuple[str, ...]
    notes: tuple[Note, ...]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class LinkPart:
    """A paragraph of the first column. `owner` is the organization that its label names ("": none); `names` are
    brackets after its further links, each naming the link before it."""

    label: str
    colon: str
    urls: tuple[str, ...]
    owner: str = ""
    remark: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A paragraph of the second column: the text, the link after it, and the documents that it names."""

    text: str
    url: str
    facts: tuple[Framework, ...]
    item: bool = False


@dataclass(frozen=True)
class Focal:
    """A paragraph of the third column."""

    text: str
    fact: FocalPoint


@dataclass(frozen=True)
class Row:
    """A row of the multilateral table."""

    organization: str
    name: str
    shared_with: tuple[str, ...]
    links: tuple[LinkPart, ...]
    documents: tuple[Document, ...]
    focals: tuple[Focal, ...]


@dataclass(frozen=True)
class Mission:
    """A row of the peacekeeping table: caption, and for each organization what is printed and what that says."""

    caption: str
    cells: tuple[str, ...]
    facts: tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True)
class Missions:
    """The peacekeeping table: the organizations of its header as printed, and its rows."""

    header: tuple[str, ...]
    rows: tuple[Mission, ...]


@dataclass(frozen=True)
class Frame:
    """Glossary, note on currencies, photo credits, staff."""

    glossary: tuple[Naming, ...]
    rates: str
    credits: tuple[str, ...]
    staff: tuple[str, ...]
    notes: tuple[Note, ...]
