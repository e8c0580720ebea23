"""owlrl, the reference that the derived data are compared with; a build does without it.

Of what it says, noise is left out (docs/design.md, section 3): literals as subjects, things that are the same as
themselves, types that are owl:Thing, a datatype, anonymous or a term of RDF, RDFS or OWL, and what is said of terms
that the ontology itself describes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import owlrl  # type: ignore[import-untyped]  # it comes without types
from pyoxigraph import Triple
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.graph import rdflib_terms

LANGUAGE: Final = tuple(str(space) for space in (RDF, RDFS, OWL))
NO_THINGS: Final = (*LANGUAGE, str(XSD))
Statement = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Comparison:
    """What owlrl and the rules say about the data and the graph lacks, and what the graph has beyond that; how many
    triples both have."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    same: int


class Semantics(owlrl.OWLRL_Semantics):  # type: ignore[misc]  # a class without types
    """OWL 2 RL as owlrl has it, without what takes most of its time and says nothing: that a thing is itself, and the
    search for a rule that starts from a triple of the data. Every rule of owlrl starts from a triple whose property, or
    whose class, is a term of RDF, RDFS or OWL (but for owl:Thing, from which none starts).

    The CONSTRUCT queries run at the start of each of its rounds, so that one closure reaches the common fixpoint."""

    queries: ClassVar[Sequence[str]] = ()
    # What is known to be in the graph, where rdflib takes ten times as long to look it up.
    known: frozenset[Statement] | set[Statement] = frozenset()

    def empty_stored_triples(self) -> None:
        self.known = {*self.known, *getattr(self, "added_triples", ())} if self.known else set(self.graph)
        super().empty_stored_triples()
        for query in self.queries:
            for triple in self.graph.query(query):
                self.store_triple(triple)

    def store_triple(self, t: Statement) -> None:
        if t not in self.known and (t[1] != OWL.sameAs or t[0] != t[2]):
            super().store_triple(t)

    def rules(self, t: Statement, cycle_num: int) -> None:
        _, predicate, value = t
        if _of(predicate, LANGUAGE) and (predicate != RDF.type or (_of(value, LANGUAGE) and value != OWL.Thing)):
            super().rules(t, cycle_num)


def compare(
    asserted: Iterable[Triple], ontology: Iterable[Triple], inferred: Iterable[Triple], rules: Sequence[str]
) -> Comparison:
    """Close data and ontology with owlrl and the CONSTRUCT rules, and compare with what was inferred."""
    data, terms, ours = (rdflib_terms.graph(some) for some in (asserted, ontology, inferred))
    expected = entailed(data, terms, rules)
    derived = set(ours)
    missing, extra = (sorted(map(_say, some)) for some in (expected - derived, derived - expected))
    return Comparison(tuple(missing), tuple(extra), len(expected & derived))


def entailed(data: Graph, ontology: Graph, rules: Sequence[str], semantics: Any = Semantics) -> set[Statement]:
    """What follows about the data beyond data and ontology, at one fixpoint of all rules, without the noise."""
    full = data + ontology
    semantics = type("SemanticsAndRules", (semantics,), {"queries": tuple(rules)})
    before = -1
    while before < len(full):
        owlrl.DeductiveClosure(semantics).expand(full)
        before = len(full)
        for rule in rules:
            for triple in list(full.query(rule)):
                full.add(triple)  # type: ignore[arg-type]  # a CONSTRUCT query gives triples
    described = set(ontology.subjects())
    return {t for t in full if t not in data and t not in ontology and not _is_noise(t, described)}


def _is_noise(triple: Statement, described: set[Node]) -> bool:
    subject, predicate, value = triple
    if isinstance(subject, Literal | BNode) or subject in described or _of(subject, NO_THINGS):
        return True
    if predicate == RDF.type:
        return isinstance(value, BNode) or _of(value, NO_THINGS)
    return predicate == OWL.sameAs and subject == value


def _of(term: Node, spaces: tuple[str, ...]) -> bool:
    # rdflib's own startswith takes one prefix only.
    return isinstance(term, URIRef) and str(term).startswith(spaces)


def _say(triple: Statement) -> str:
    return " ".join(term.n3() for term in triple)
