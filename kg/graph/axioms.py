"""Axioms of the ontology as rules: what they make, as CONSTRUCT, and what they forbid, as SELECT.

OWL 2 RL as far as our ontology uses it; anything else is refused."""

import functools
import itertools
from collections.abc import Iterator
from typing import Final

import owlrl  # type: ignore[import-untyped]  # it comes without types
import rdflib
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import iris
from kg.graph.rulebook import Pattern, Rule
from kg.graph.terms import prefixes

# owlrl closes these; on anything more it works ten times as long, and the fixpoint over the data makes up for it.
HIERARCHY: Final = (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)
# Names that are plain without their prefix.
OWN: Final = (iris.BASE, str(OWL), str(RDF), str(RDFS))
TYPES: Final = frozenset(
    {
        *(OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty),
        *(OWL.Restriction, OWL.SymmetricProperty, OWL.TransitiveProperty),
        *(OWL.AllDisjointClasses, OWL.AsymmetricProperty, OWL.IrreflexiveProperty),
    }
)
PREDICATES: Final = frozenset(
    {
        *(*HIERARCHY, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.propertyChainAxiom),
        *(OWL.onProperty, OWL.hasValue, OWL.someValuesFrom),
        *(OWL.disjointWith, OWL.propertyDisjointWith, OWL.members),
        *(OWL.priorVersion, OWL.versionIRI, OWL.versionInfo, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso),
    }
)


class AxiomError(ValueError):
    """An axiom that no rule covers: to leave it out would leave out what it entails."""


def rules(ontology: Graph) -> list[Rule]:
    """One rule for each axiom that entails something about data, in order of their names. Raises AxiomError."""
    _check(ontology)
    found: list[Rule] = []
    for sub, predicate, sup in _hierarchy(ontology):
        says = _path(ontology, sub, predicate, sup)
        if predicate == RDFS.subPropertyOf:
            found.append(_rule(says, f"?x {_iri(sub)} ?y", f"?x {_iri(sup)} ?y"))
        else:
            found += _implies(ontology, says, _holds(ontology, sub, "?x"), sup, "?x")
    for prop, predicate, cls in _axioms(ontology):
        found += _property_rules(ontology, prop, predicate, cls)
    return sorted(found, key=lambda rule: (rule.name, rule.query))


def forbidden(ontology: Graph) -> list[Rule]:
    """One rule without conclusions for each two classes or properties that nothing may have both, and for each
    property that must not lead back: its query selects what breaks it. Raises AxiomError."""
    found: list[Rule] = []
    for subject, predicate, value in _axioms(ontology):
        says = _says(ontology, subject, predicate, value)
        if predicate == OWL.disjointWith:
            found.append(_never_both(ontology, says, subject, value))
        elif predicate == OWL.members:
            for pair in itertools.combinations(sorted(Collection(ontology, value), key=str), 2):
                found.append(_never_both(ontology, f"{_short(pair[0])} disjointWith {_short(pair[1])}", *pair))
        elif predicate == OWL.propertyDisjointWith:
            found.append(_never(says, f"?x {_iri(subject)} ?y . ?x {_iri(value)} ?y"))
        elif value == OWL.IrreflexiveProperty:
            found.append(_never(says, f"?x {_iri(subject)} ?x"))
        elif value == OWL.AsymmetricProperty:
            found.append(_never(says, f"?x {_iri(subject)} ?y . ?y {_iri(subject)} ?x"))
    return sorted(found, key=lambda rule: (rule.name, rule.query))


def _check(ontology: Graph) -> None:
    schema = (str(OWL), str(RDFS))
    for subject, predicate, value in ontology:
        kind = predicate == RDF.type and str(value).startswith(schema) and value not in TYPES
        if kind or (str(predicate).startswith(schema) and predicate not in PREDICATES):
            says = _says(ontology, subject, predicate, value)
            raise AxiomError(f"{says}: the reasoner covers no {_short(value if kind else predicate)}")


def _axioms(ontology: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """The triples that can be axioms: most of an ontology are definitions and notes, and to word them takes time."""
    return (triple for triple in ontology if triple[1] == RDF.type or triple[1] in PREDICATES)


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


def _path(ontology: Graph, sub: Node, predicate: Node, sup: Node) -> str:
    """The axioms that lead from a class or property to one above it, step by step; the shortest way there is."""
    same = OWL.equivalentClass if predicate == RDFS.subClassOf else OWL.equivalentProperty
    ways = {sub: _short(sub, ontology)}
    for term in (queue := [sub]):
        steps = [(predicate, up) for up in ontology.objects(term, predicate)]
        steps += [(same, other) for other in (*ontology.objects(term, same), *ontology.subjects(same, term))]
        for step, up in sorted(steps, key=lambda way: _short(way[1], ontology)):
            if up not in ways:
                ways[up] = f"{ways[term]} {_short(step)} {_short(up, ontology)}"
                queue.append(up)
    return ways[sup]


def _property_rules(ontology: Graph, prop: Node, predicate: Node, value: Node) -> Iterator[Rule]:
    says = _says(ontology, prop, predicate, value)
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


def _never_both(ontology: Graph, says: str, one: Node, other: Node) -> Rule:
    return _never(says, f"{_holds(ontology, one, '?x')} . {_holds(ontology, other, '?x')}")


def _never(says: str, condition: str) -> Rule:
    return Rule(says, f"SELECT * WHERE {{ {condition} }}", _patterns(condition), ())


def _rule(says: str, condition: str, conclusion: str) -> Rule:
    query = f"CONSTRUCT {{ {conclusion} }} WHERE {{ {condition} }}"
    return Rule(says, query, _patterns(condition), _patterns(conclusion))


def _patterns(condition: str) -> tuple[Pattern, ...]:
    """The triples of a condition as it is written here: terms without blanks, `a` for the type."""
    parts = [part.split(" ") for part in condition.split(" . ")]
    return tuple((s, str(NamedNode(RDF.type)) if p == "a" else p, o) for s, p, o in parts)


def _iri(term: Node | None) -> str:
    if not isinstance(term, URIRef):
        raise AxiomError(f"{term}: the reasoner covers names only here, no anonymous property and no literal")
    return str(NamedNode(str(term)))


def _short(term: Node, ontology: Graph | None = None) -> str:
    """A name, a foreign one with its prefix; the class of what has a value, in an ontology, as property and value."""
    if isinstance(term, rdflib.URIRef):
        local = str(term).rpartition("#")[2].rpartition("/")[2]
        prefix = _foreign().get(str(term).removesuffix(local))
        return f"{prefix}:{local}" if prefix else local
    parts = [ontology.value(term, part) for part in (OWL.onProperty, OWL.hasValue)] if ontology is not None else []
    named = [_short(part) for part in parts if isinstance(part, URIRef)]
    return f"({named[0]} hasValue {named[1]})" if len(named) == 2 else "an anonymous class"


@functools.cache
def _foreign() -> dict[str, str]:
    """The namespaces of others, and their prefixes."""
    return {space: prefix for prefix, space in prefixes().items() if not space.startswith(OWN)}


def _says(ontology: Graph, subject: Node, predicate: Node, value: Node) -> str:
    return f"{_short(subject, ontology)} {_short(predicate)} {_short(value, ontology)}"
