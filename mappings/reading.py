"""What all readers of one source share: its text, the passages cut from it, the things named in it, the warnings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from kg.mappings import names
from kg.read.text import SourceError, Span, line_number
from kg.records import Entity, Statement, digest


class Place(TypedDict):
    """The last four columns of a record: its passage."""

    begin: int
    end: int
    sha256: str
    where: str


@dataclass
class Reading:
    """One source while it is read. `strict` sources have a TOML of their own: what it does not know is an error;
    in others it is kept as printed under a generated id, with a warning."""

    source: str
    text: str
    short_title: str
    settings: dict[str, Any]
    strict: bool
    warnings: list[str] = field(default_factory=list)
    entities: dict[tuple[str, str], Entity] = field(default_factory=dict)
    # For the coverage ledger: what is left out and why, and where sections begin.
    apart: list[tuple[Span, str]] = field(default_factory=list)
    sections: list[tuple[int, str]] = field(default_factory=list)
    # The parts of a paper by their keys, which rows of curated tables name.
    parts: dict[str, Span] = field(default_factory=dict)
    # The sentences of a paper, in the body and in footnotes.
    sentences: list[Span] = field(default_factory=list)
    # Cells of tables, each with the stretch in which something must be recorded for the cell to count as mapped.
    cells: list[tuple[Span, Span]] = field(default_factory=list)

    def place(self, span: Span, *where: str) -> Place:
        """The passage, and where it stands: the document's short title and the parts given, joined by commas."""
        passage = self.text[span.begin : span.end]
        if not passage.strip():
            raise SourceError("an empty passage proves nothing", span.begin)
        return Place(
            begin=span.begin, end=span.end, sha256=digest(passage), where=", ".join([self.short_title, *where])
        )

    def use(self, kind_of: str, key: str) -> str:
        """Note that the statements speak of this thing of a shared table; gives back its key."""
        if key and (kind_of, key) not in self.entities:
            record = names.entity(kind_of, key)
            self.entities[kind_of, key] = record
            if record.part_of:
                whole = kind_of if kind_of == "programme" else names.kind_of_organization(record.part_of)
                self.use(whole, record.part_of)
        return key

    def make(self, record: Entity) -> str:
        """Note a thing under its generated id; one that is the key of a shared table means the thing in that table."""
        if names.is_known(record.kind_of, record.id):
            return self.use(record.kind_of, record.id)
        return self.entities.setdefault((record.kind_of, record.id), record).id

    def warn(self, message: str, at: int) -> None:
        """One warning for each message, with its line."""
        text = f"line {line_number(self.text, at)}: {message}"
        if text not in self.warnings:
            self.warnings.append(text)

    def doubt(self, message: str, at: int) -> None:
        """Something printed that is not understood: an error in a source with its own TOML, else a warning."""
        if self.strict:
            raise SourceError(message, at)
        self.warn(f"{message}; kept as printed", at)

    def unknown(self, what: str, name: str, nearest: Sequence[str], at: int) -> None:
        """A name that no table has: an error in a source with its own TOML, else a warning."""
        near = f" (nearest: {', '.join(nearest)})" if nearest else ""
        if self.strict:
            raise SourceError(f"unknown {what} {name!r}{near}; add it to the shared tables", at)
        self.warn(f"unknown {what} {name!r}{near}: kept as printed under a generated id", at)


def distinct(records: Sequence[Statement]) -> None:
    """Ids are unique in a kind. Raises ValueError naming the double one: a reader that makes it must be mended."""
    seen: set[tuple[str, str]] = set()
    for record in records:
        if (record.kind, record.id) in seen:
            raise ValueError(f"two {record.kind} records have the id {record.id!r}")
        seen.add((record.kind, record.id))
