"""Is an ontology in OWL 2 RL? Each axiom against the grammar of W3C OWL 2 Profiles (Second Edition), section 4.2.

A document is in the profile only if it is in OWL 2 DL too (OWL 2 Conformance, 2.1), for which see kg.graph.dl."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.graph import dl
from kg.graph.expressions import COMBINED, DATATYPES, EQUIVALENT, RANGE, SUB, SUPER, anonymous, breaches

CLASSES: Final = {
    RDFS.subClassOf: ("SubClassOf", SUB, SUPER),
    OWL.disjointWith: ("DisjointClasses", SUB, SUB),
    OWL.equivalentClass: ("EquivalentClasses", EQUIVALENT, EQUIVALENT),
}
FORBIDDEN_TYPES: Final = {OWL.ReflexiveProperty: "ReflexiveObjectProperty"}
FORBIDDEN: Final = {OWL.disjointUnionOf: "DisjointUnion"}


@dataclass(frozen=True, order=True)
class Breach:
    """An axiom, in short words, and the production or restriction that it breaks, with the section of the standard."""

    axiom: str
    broken: str

    def __str__(self) -> str:
        return f"{self.axiom}: {self.broken}"


def check(graph: Graph) -> list[Breach]:
    """Everything that keeps the graph out of OWL 2 RL, in order; none if it is in the profile."""
    found = {Breach(axiom, f"{broken} (OWL 2 Profiles {section})") for axiom, broken, section in _grammar(graph)}
    return sorted(found | {Breach(axiom, broken) for axiom, broken in dl.breaches(graph)})


def _grammar(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Axiom, what it breaks, section."""
    yield from _class_axioms(graph)
    yield from _property_axioms(graph)
    yield from _assertions(graph)
    for predicate, name in FORBIDDEN.items():
        for subject in graph.subjects(predicate):
            yield f"{name} {short(subject)}", f"no {name}", "4.2.5"
    for kind, name in FORBIDDEN_TYPES.items():
        for subject in graph.subjects(RDF.type, kind):
            yield f"{name} {short(subject)}", f"no {name}", "4.2.5"
    for literal in {o for o in graph.objects() if isinstance(o, Literal)}:
        if literal.datatype is not None and literal.datatype not in DATATYPES:
            yield f"literal {literal.n3()}", "a datatype of the list", "4.2.1"


def _class_axioms(graph: Graph) -> Iterator[tuple[str, str, str]]:
    for predicate, (name, left, right) in CLASSES.items():
        for subject, value in graph.subject_objects(predicate):
            axiom = f"{name} {short(subject)} {short(value)}"
            if predicate == OWL.equivalentClass and (subject, RDF.type, RDFS.Datatype) in graph:
                yield from _all(graph, f"DatatypeDefinition {short(subject)}", value, RANGE)
            else:
                yield from _all(graph, axiom, subject, left)
                yield from _all(graph, axiom, value, right)
    for node in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for member in _members(graph, node, OWL.members):
            yield from _all(graph, f"DisjointClasses {short(member)}", member, SUB)
    for node in {subject for predicate in COMBINED for subject in graph.subjects(predicate)}:
        if isinstance(node, URIRef):
            for broken in anonymous(graph, node, EQUIVALENT):
                yield f"EquivalentClasses {short(node)}", broken, "4.2.3"
    for subject in graph.subjects(OWL.hasKey):
        yield from _all(graph, f"HasKey {short(subject)}", subject, SUB)


def _property_axioms(graph: Graph) -> Iterator[tuple[str, str, str]]:
    for prop, value in graph.subject_objects(RDFS.domain):
        if (prop, RDF.type, OWL.AnnotationProperty) not in graph:
            yield from _all(graph, f"PropertyDomain {short(prop)} {short(value)}", value, SUPER)
    for prop, value in graph.subject_objects(RDFS.range):
        if (prop, RDF.type, OWL.AnnotationProperty) not in graph:
            data = (prop, RDF.type, OWL.DatatypeProperty) in graph
            name = "DataPropertyRange" if data else "ObjectPropertyRange"
            yield from _all(graph, f"{name} {short(prop)} {short(value)}", value, RANGE if data else SUPER)


def _assertions(graph: Graph) -> Iterator[tuple[str, str, str]]:
    for subject, kind in graph.subject_objects(RDF.type):
        if not dl.is_builtin(kind) or kind == OWL.Thing:
            yield from _all(graph, f"ClassAssertion {short(kind)} {short(subject)}", kind, SUPER)


def _all(graph: Graph, axiom: str, node: Node, production: str) -> Iterator[tuple[str, str, str]]:
    section = "4.2.4" if production == RANGE else "4.2.3"
    for broken in breaches(graph, node, production):
        yield axiom, broken, section


def _members(graph: Graph, node: Node, predicate: URIRef) -> list[Node]:
    head = graph.value(node, predicate)
    return [] if head is None else list(Collection(graph, head))


def short(term: Node) -> str:
    """The last part of a name; what has no name is anonymous."""
    return str(term).rpartition("#")[2].rpartition("/")[2] if isinstance(term, URIRef) else "(anonymous)"
