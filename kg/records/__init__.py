"""The records: what a source states, with the position where it stands. Written by extract, read by build."""

import hashlib
import re
import typing
import unicodedata

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
