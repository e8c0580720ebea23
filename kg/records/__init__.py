"""The records: what a source states, with the position where it stands. Written by extract, read by build."""

import typing

from kg.keys import digest, fold, slug
from kg.records.base import Coverage, Entity, Finding, Many, Mention, Sentence, Source, Statement
from kg.records.paper import (
    Activity,
    Citation,
    Cooperation,
    Curated,
    Designation,
    Event,
    Footnote,
    LinkTarget,
    Mandate,
    Membership,
    Participation,
    Post,
    ProgrammeListing,
    Quantity,
    Reference,
    Section,
)
from kg.records.report import (
    Figure,
    FocalPoint,
    Framework,
    Link,
    Naming,
    Note,
    OrganizationRow,
    OtherCell,
    TreatyStatus,
)

__all__ = [
    "KINDS",
    "Activity",
    "Citation",
    "Cooperation",
    "Coverage",
    "Curated",
    "Designation",
    "Entity",
    "Event",
    "Figure",
    "Finding",
    "FocalPoint",
    "Footnote",
    "Framework",
    "Link",
    "LinkTarget",
    "Mandate",
    "Many",
    "Membership",
    "Mention",
    "Naming",
    "Note",
    "OrganizationRow",
    "OtherCell",
    "Participation",
    "Post",
    "ProgrammeListing",
    "Quantity",
    "Record",
    "Reference",
    "Section",
    "Sentence",
    "Source",
    "Statement",
    "TreatyStatus",
    "digest",
    "fold",
    "slug",
]

Record = (
    Source
    | Entity
    | Coverage
    | Sentence
    | Mention
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
    | Mandate
    | ProgrammeListing
    | Participation
    | Cooperation
    | Citation
    | Quantity
    | Event
    | Post
    | Activity
    | Designation
    | Reference
    | LinkTarget
    | Finding
)
KINDS: dict[str, type[Record]] = {kind.kind: kind for kind in typing.get_args(Record)}
