"""What changed from one build to another, a statement, thing, term, finding or source at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Triple

from kg import iris
from kg.graph.snapshot import Snapshot
from kg.graph.wording import EVIDENCE, Edit, Words

ACTIONS: Final = ("added", "removed", "changed", "moved")
GROUPS: Final = ("statement", "entity", "term", "finding", "source", "other")
# First step of an IRI -> the group that its subject is told in.
GROUP_OF: Final = {
    "statement": "statement",
    "id": "entity",
    "ontology": "term",
    "vocab": "term",
    "finding": "finding",
    "source": "source",
    "text": "source",
    "passage": "source",
    "genid": "term",
    "project": "term",
}


@dataclass(frozen=True)
class Change:
    """One subject that changed. `moved`: a statement or finding of which nothing but the evidence differs.

    `old` and `new` are all that was and is said of it and of its passages; edits are given for changed and moved."""

    action: str
    group: str
    source: str
    kind: str
    subject: NamedNode
    label: str
    edits: tuple[Edit, ...] = ()
    old: frozenset[Triple] = field(default=frozenset(), repr=False)
    new: frozenset[Triple] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Difference:
    """The changes between two snapshots, sorted by group, source, kind and label; `left_out` is told to people."""

    old: Snapshot
    new: Snapshot
    changes: tuple[Change, ...]
    left_out: str = ""

    def counts(self) -> list[tuple[str, str, str, tuple[int, ...]]]:
        """Group, source and kind of all that changed, with a number for each action."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for change in self.changes:
            found.setdefault((change.group, change.source, change.kind), []).append(change.action)
        return [(*key, tuple(map(actions.count, ACTIONS))) for key, actions in found.items()]


def compare(old: Snapshot, new: Snapshot) -> Difference:
    """Compare two snapshots. Terms count only where both hold the ontology: the merged Turtle dump has none."""
    words = Words(old, new)
    without = next((snapshot.name for snapshot in (old, new) if not snapshot.holds_terms), None)
    found = [change for change in _changes(old, new, words) if without is None or change.group != "term"]
    left_out = f"terms of the ontology are not compared: {without} holds none" if without is not None else ""
    return Difference(old, new, tuple(sorted(found, key=_order)), left_out)


def _order(change: Change) -> tuple[int, str, str, str, str]:
    return GROUPS.index(change.group), change.source, change.kind, change.label, change.subject.value


def _changes(old: Snapshot, new: Snapshot, words: Words) -> Iterator[Change]:
    for node in old.owners() | new.owners():
        before, after = old.unit(node), new.unit(node)
        if before == after:
            continue
        group, source, kind = _placed(node)
        action = "added" if not before else "removed" if not after else _action(node, before, after)
        edits = words.edits(node, before, after) if before and after else ()
        yield Change(action, group, source, kind, node, words.name(node), edits, before, after)


def _action(node: NamedNode, old: frozenset[Triple], new: frozenset[Triple]) -> str:
    content, other = ({t for t in some if t.subject == node and t.predicate != EVIDENCE} for some in (old, new))
    evidenced = any(triple.predicate == EVIDENCE for triple in old | new)
    return "moved" if evidenced and content == other else "changed"


def _placed(node: NamedNode) -> tuple[str, str, str]:
    """Group, source and kind, as the IRI says them; names of others' vocabularies are terms."""
    steps = iris.steps(node.value)
    group = GROUP_OF.get(steps[0], "other") if steps else "term"
    match steps:
        case ("statement", source, kind, *_):
            return group, source, kind.replace("-", " ")
        case ("finding" | "source" | "text" | "passage" as kind, source, *_):
            return group, source, kind
        case ("id", kind, *_):
            return group, "", kind
        case ("ontology", name):
            return group, "", "class" if name[:1].isupper() else "property"
        case ("vocab", scheme, *_):
            return group, "", f"concept of {scheme}"
    return group, "", steps[0] if steps else "term of others"
