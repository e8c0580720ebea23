"""Where a statement stands: its passages in words, their offsets, and the passage itself where the text is at hand."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from kg.ask.questions import question
from kg.ask.rows import select
from kg.ask.values import full_iri
from kg.keys import digest

AROUND: Final = 240


class EvidenceError(ValueError):
    """An IRI that no evidence belongs to, or a text that is not the one the passages were cut from."""


@dataclass(frozen=True)
class Passage:
    """One passage of a statement; `text_sha256` is the fingerprint of the text that begin and end count in."""

    statement: str
    label: str
    source: str
    where: str
    begin: int
    end: int
    sha256: str
    text_sha256: str


def passages(store: Store, iri: str) -> list[Passage]:
    """The passages that a statement, a finding or a passage IRI stands for, whole or without the base.

    Raises EvidenceError if the graph has no evidence for it, BadValueError if it is no IRI."""
    full = full_iri(iri)
    found = question("evidence")
    rows = select(store, found, {"statement": full}) or select(store, found, {"passage": full})
    if not rows:
        raise EvidenceError(
            f"{full.value}: no statement, finding or passage of this graph; the question `statements` lists them all"
        )
    return [Passage(**dict(zip(found.column_names, row.values, strict=True))) for row in rows]  # type: ignore[arg-type]


def quote(passage: Passage, text: str) -> tuple[str, str, str]:
    """What stands before the passage (up to 240 characters), the passage, and what follows.

    Raises EvidenceError if the text at that place is another one."""
    inside = text[passage.begin : passage.end]
    if digest(inside) != passage.sha256:
        raise EvidenceError(f"the text of {passage.source} at hand has another passage at {passage.begin}")
    before = text[max(0, passage.begin - AROUND) : passage.begin]
    return before, inside, text[passage.end : passage.end + AROUND]
