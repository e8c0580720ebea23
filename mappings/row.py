"""A row of the multilateral table while it is read, and the organizations and bodies that its labels name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.mappings.titles import URL, is_abbreviation
from kg.read.lookup import fold_name

BRACKET: Final = re.compile(r"\s*\(([^()]+)\)")
NOT_APPLICABLE: Final = {"n/a", "na", "n.a", "not applicable"}
SMALL: Final = {"of", "for", "on", "the", "and", "in", "to", "against"}
ALIKE: Final = 85  # of 100: labor and labour, not African and American
DASHES: Final = {"—", "–", "-", "--"}


@dataclass
class Row:
    """Its key, the organization it opens with, and what it is called in `where`; `bodies` are named inside it."""

    reading: Reading
    key: str
    organization: str
    name: str
    title: str
    counts: dict[str, int] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)

    def number(self, base: str) -> str:
        """The id, with a number if this row has it already."""
        self.counts[base] = self.counts.get(base, 0) + 1
        return base if self.counts[base] == 1 else f"{base}-{self.counts[base]}"

    def where(self, column: str) -> tuple[str, str, str]:
        """The words that lead a person to a column of this row."""
        return self.title, f"row {self.name}", f"column {column}"

    def body(self, label: str) -> str:
        """The organization that a label names, noted as named in this row; "" if it names none."""
        key = find(label) or ""
        if key and key != self.organization:
            self.reading.use(names.kind_of_organization(key), key)
            self.bodies += [] if key in self.bodies else [key]
        return key


def read_label(paragraph: str) -> str:
    """What stands before the first link, without list mark and colon."""
    link = URL.search(paragraph)
    label = " ".join((paragraph[: link.start()] if link else paragraph).split())
    return re.sub(r"^[-•]\s*|\s*[-•]$", "", label).rstrip(": ")


def find(label: str) -> str | None:
    """The organization that a label names: as it stands, without its brackets, or by what stands in them."""
    bare = BRACKET.sub("", label).strip()
    found = names.organization(label) or names.organization(bare)
    if found or not BRACKET.search(label):
        return found
    inside = [names.organization(part) for part in BRACKET.findall(label)]
    return next((key for key in inside if key and _same_words(bare, key)), None)


def _same_words(bare: str, key: str) -> bool:
    """Whether a spelled-out name differs from one of an organization's in spelling only: labor, labour.

    An abbreviation alone does not tell: a West African Union (AU) is not the African Union."""
    mine = _words(bare)
    entry = names.table("organizations")[key]
    return any(_alike(mine, _words(name)) for name in names.spellings(entry))


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", fold_name(name).replace("-", "")) if word not in SMALL]


def _alike(some: list[str], others: list[str]) -> bool:
    pairs = list(zip(some, others, strict=False))
    return len(some) == len(others) and all(a[0] == b[0] and fuzz.ratio(a, b) >= ALIKE for a, b in pairs)


def opening(reading: Reading, label: str, at: int) -> str:
    """The organization that a row opens with; an unknown one under a generated id where the source allows it."""
    key = find(label)
    if key:
        return reading.use(names.kind_of_organization(key), key)
    bare = BRACKET.sub("", label).strip() or label
    reading.unknown("organization", label, names.known("organizations").nearest(bare), at)
    return reading.make(names.generated("organization", bare, abbreviation=abbreviation(BRACKET.findall(label))))


def abbreviation(brackets: Iterable[str]) -> str:
    """The first bracket that holds an abbreviation, or ""."""
    return next((part for part in brackets if is_abbreviation(part)), "")


def belongs(body: str, key: str) -> bool:
    """Whether a body is part of the row's organization, however far up."""
    while body:
        if body == key:
            return True
        body = names.table("organizations").get(body, {}).get("part_of", "")
    return False
