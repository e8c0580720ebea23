"""How people read what changed: labels for IRIs, words for passages and for unnamed parts of the ontology."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Triple

from kg import iris
from kg.graph.snapshot import PARTS, Snapshot, Term, subject, value
from kg.graph.terms import LABEL, TYPE, named, tip

EVIDENCE: Final = tip("evidence")
# What a place is told by; the label of a passage says it again.
PLACE: Final = (tip("where"), named("nif:beginIndex"), named("nif:endIndex"))
TOLD: Final = (*PLACE, LABEL, TYPE)


class Edit(NamedTuple):
    """One property of a thing: what it was and what it is, "" for nothing."""

    property: str
    old: str
    new: str


class Words:
    """The labels of two snapshots; where both have one, the newer goes first."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self._said = {**old.by_subject, **new.by_subject}
        self._labels: dict[NamedNode, str] = {}
        for snapshot in (old, new):
            labelled = sorted((t for t in snapshot.triples if t.predicate == LABEL), key=str, reverse=True)
            self._labels |= {subject(triple): value(triple).value for triple in labelled}

    def name(self, node: NamedNode) -> str:
        """Its label; without one, its name in words, or where it stands under the base."""
        if node in self._labels:
            return " ".join(self._labels[node].split())
        steps = iris.steps(node.value)
        if steps and steps[0] not in ("ontology", "vocab"):
            return "/".join(steps)
        local = re.split(r"[#/]", node.value.rstrip("#/"))[-1]
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).replace("-", " ").lower() if local else node.value

    def term(self, term: Term) -> str:
        """A value: a label, a literal as it is, or what stands in an unnamed part of the ontology."""
        if not isinstance(term, NamedNode):
            return " ".join(term.value.split())
        if iris.steps(term.value)[:1] != ("genid",):
            return self.name(term)
        said = sorted(self._said.get(term, ()), key=str)
        if any(triple.predicate == named("rdf:first") for triple in said):
            return f"({', '.join(self._items(term))})"
        return f"[{'; '.join(f'{self.name(t.predicate)}: {self.term(value(t))}' for t in said)}]"

    def _items(self, node: NamedNode) -> Iterator[str]:
        by_property = {triple.predicate: value(triple) for triple in self._said.get(node, ())}
        yield self.term(by_property[named("rdf:first")])
        rest = by_property[named("rdf:rest")]
        if isinstance(rest, NamedNode) and rest != named("rdf:nil"):
            yield from self._items(rest)

    def edits(self, node: NamedNode, old: frozenset[Triple], new: frozenset[Triple]) -> tuple[Edit, ...]:
        """What differs between two descriptions of a thing, a line a property; where it stands comes last."""
        before, after = ({t for t in some if t.subject == node} for some in (old, new))
        differing = {t.predicate for t in before ^ after} - {EVIDENCE}
        edits = [self._edit(prop, before, after) for prop in differing]
        return (*sorted(edits), *self._moves(old - before, new - after))

    def _edit(self, prop: NamedNode, old: Iterable[Triple], new: Iterable[Triple]) -> Edit:
        before, after = ({value(t) for t in some if t.predicate == prop} for some in (old, new))
        gone, come = ([*sorted(map(self.term, some))] for some in (before - after, after - before))
        if set(gone) & set(come):
            # Two terms that read alike, such as a year and a string: only their full forms tell them apart.
            gone, come = ([*sorted(map(str, some))] for some in (before - after, after - before))
        return Edit(self.name(prop), "; ".join(gone), "; ".join(come))

    def _moves(self, old: frozenset[Triple], new: frozenset[Triple]) -> Iterator[Edit]:
        """What differs between the passages of a statement: the place in words and numbers, then all else."""
        before, after = ([_place(some, node) for node in _passages(some)] for some in (old, new))
        if before != after:
            yield Edit(self.name(EVIDENCE), "; ".join(before), "; ".join(after))
        others = {t.predicate for t in old ^ new if _of_passage(t) and t.predicate not in TOLD}
        for prop in sorted(others, key=str):
            edit = self._edit(prop, filter(_of_passage, old), filter(_of_passage, new))
            if edit.old or edit.new:
                yield edit._replace(property=f"{self.name(EVIDENCE)}, {edit.property}")


def _of_passage(triple: Triple) -> bool:
    return iris.steps(subject(triple).value)[:1] == PARTS[0]


def _passages(triples: frozenset[Triple]) -> list[NamedNode]:
    return sorted({subject(triple) for triple in triples if _of_passage(triple)}, key=lambda node: node.value)


def _place(triples: frozenset[Triple], node: NamedNode) -> str:
    said = {t.predicate: value(t).value for t in triples if t.subject == node}
    where, begin, end = (said.get(prop, "?") for prop in PLACE)
    return f"{where} (characters {begin} to {end})"
