"""Axioms of the ontology as CONSTRUCT rules. OWL 2 RL as far as our ontology uses it; anything else is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import owlrl  # type: ignore[import-untyped]  # it comes without types
import rdflib
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

# owlrl closes these; on anything more it works ten times as long, and the fixpoint over the data makes up for it.
HIERARCHY: Final = (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)
TYPES: Final = frozenset(
    {
        *(OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty),
        *(OWL.Restriction, OWL.SymmetricProperty, OWL.TransitiveProperty),
    }
)
PREDICATES: Final = frozenset(
    {
        *(*HIERARCHY, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.propertyChainAxiom),
        *(OWL.onProperty, OWL.hasValue, OWL.someValuesFrom),
        *(OWL.priorVersion, OWL.versionIRI, OWL.versionInfo, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso),
    }
)


class AxiomError(ValueError):
    """An axiom that no rule covers: to leave it out would leave out what it entails."""


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query and what it stands for: an axiom in words, or the name of a rule in ontology/rules.

    Only triples with one of the properties or classes that it reads can make it say more; None if that is not known."""

    name: str
    query: str
    reads: frozenset[str] | None = None


def rules(ontology: Graph) -> list[Rule]:
    """One rule for each axiom that entails something about data. Raises AxiomError."""
    _check(ontology)
    found: list[Rule] = []
    for sub, predicate, sup in sorted(_hierarchy(ontology)):
        if predicate == RDFS.subPropertyOf:
            found.append(_rule(_says(sub, predicate, sup), f"?x {_iri(sub)} ?y", f"?x {_iri(sup)} ?y"))
        else:
            found += _implies(ontology, _says(sub, predicate, sup), _holds(ontology, sub, "?x"), sup, "?x")
    for prop, predicate, cls in sorted(ontology.triples((None, None, None))):
        found += _property_rules(ontology, prop, predicate, cls)
    return found


def _check(ontology: Graph) -> None:
    schema = (str(OWL), str(RDFS))
    for subject, predicate, value in ontology:
        if predicate == RDF.type and str(value).startswith(schema) and value not in TYPES:
            raise AxiomError(f"{_says(subject, predicate, value)}: the reasoner covers no {_short(value)}")
        if str(predicate).startswith(schema) and predicate not in PREDICATES:
            raise AxiomError(f"{_says(subject, predicate, value)}: the reasoner covers no {_short(predicate)}")


def _hierarchy(ontology: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """Every class under another and every property under another, however far: closed by owlrl."""
    closed = Graph()
    for predicate in HIERARCHY:
        for triple in ontology.triples((None, predicate, None)):
            closed.add(triple)
    named = {term for triple in closed for term in (triple[0], triple[2])}
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        for sub, _, sup in closed.triples((None, predicate, None)):
            if sub != sup and {sub, sup} <= named and sup != OWL.Thing:
                yield sub, predicate, sup


def _property_rules(ontology: Graph, prop: Node, predicate: Node, value: Node) -> Iterator[Rule]:
    says = _says(prop, predicate, value)
    if predicate == RDFS.domain:
        yield from _implies(ontology, says, f"?x {_iri(prop)} ?y", value, "?x")
    elif predicate == RDFS.range and (prop, RDF.type, OWL.DatatypeProperty) not in ontology:
        yield from _implies(ontology, says, f"?y {_iri(prop)} ?x", value, "?x")
    elif predicate == OWL.inverseOf:
        yield _rule(says, f"?x {_iri(prop)} ?y", f"?y {_iri(value)} ?x")
        yield _rule(says, f"?x {_iri(value)} ?y", f"?y {_iri(prop)} ?x")
    elif predicate == OWL.propertyChainAxiom:
        links = [_iri(link) for link in Collection(ontology, value)]
        steps = [f"?x{number} {link} ?x{number + 1}" for number, link in enumerate(links)]
        chain = f"{_short(prop)} propertyChainAxiom ({' '.join(_short(x) for x in Collection(ontology, value))})"
        yield _rule(chain, " . ".join(steps), f"?x0 {_iri(prop)} ?x{len(links)}")
    elif value == OWL.SymmetricProperty:
        yield _rule(says, f"?x {_iri(prop)} ?y", f"?y {_iri(prop)} ?x")
    elif value == OWL.TransitiveProperty:
        yield _rule(says, f"?x {_iri(prop)} ?y . ?y {_iri(prop)} ?z", f"?x {_iri(prop)} ?z")


def _implies(ontology: Graph, says: str, condition: str, cls: Node, var: str) -> Iterator[Rule]:
    """That what meets the condition is in a class: its type, or the value that the class demands."""
    if not isinstance(cls, BNode):
        if cls != OWL.Thing:
            yield _rule(says, condition, f"{var} a {_iri(cls)}")
    elif ontology.value(cls, OWL.hasValue) is not None:
        yield _rule(says, condition, _value(ontology, cls, var))
    else:
        raise AxiomError(f"{says}: the reasoner covers no such class as a conclusion, only names and hasValue")


def _holds(ontology: Graph, cls: Node, var: str) -> str:
    """The pattern that something in a class meets."""
    if not isinstance(cls, BNode):
        return f"{var} a {_iri(cls)}"
    if ontology.value(cls, OWL.hasValue) is not None:
        return _value(ontology, cls, var)
    prop, filler = ontology.value(cls, OWL.onProperty), ontology.value(cls, OWL.someValuesFrom)
    if prop is None or filler is None:
        raise AxiomError(f"class {cls}: the reasoner covers as a condition only names, hasValue and someValuesFrom")
    inner = f"{var}i"
    more = "" if filler == OWL.Thing else f" . {_holds(ontology, filler, inner)}"
    return f"{var} {_iri(prop)} {inner}{more}"


def _value(ontology: Graph, restriction: Node, var: str) -> str:
    prop, value = ontology.value(restriction, OWL.onProperty), ontology.value(restriction, OWL.hasValue)
    return f"{var} {_iri(prop)} {_iri(value)}"


def _rule(says: str, condition: str, conclusion: str) -> Rule:
    reads = frozenset(re.findall(r"<([^>]*)>", condition))
    return Rule(says, f"CONSTRUCT {{ {conclusion} }} WHERE {{ {condition} }}", reads)


def _iri(term: Node | None) -> str:
    if not isinstance(term, URIRef):
        raise AxiomError(f"{term}: the reasoner covers names only here, no anonymous property and no literal")
    return str(NamedNode(str(term)))


def _short(term: Node) -> str:
    return str(term).rpartition("#")[2].rpartition("/")[2] if isinstance(term, rdflib.URIRef) else "an anonymous class"


def _says(subject: Node, predicate: Node, value: Node) -> str:
    return f"{_short(subject)} {_short(predicate)} {_short(value)}"
