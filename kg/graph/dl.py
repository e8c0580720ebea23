"""The restrictions of OWL 2 DL that an OWL 2 RL ontology has to keep too (W3C OWL 2 Structural Specification, Second
Edition): typing constraints (5.8), reserved vocabulary (2.4), simple properties and a regular hierarchy (11.2).

Not checked, as the ontology has no such things: cyclic datatype definitions, and the shape of what anonymous
individuals form."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

RESERVED: Final = tuple(str(space) for space in (OWL, RDF, RDFS, XSD))
KINDS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
# The annotation properties of OWL 2 itself (5.5) need no declaration.
ANNOTATIONS: Final = frozenset(
    {
        *(RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.deprecated, OWL.versionInfo),
        *(OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith),
    }
)
# Characteristics and restrictions that only a simple property may have.
SIMPLE_TYPES: Final = {
    OWL.FunctionalProperty: "FunctionalObjectProperty",
    OWL.InverseFunctionalProperty: "InverseFunctionalObjectProperty",
    OWL.IrreflexiveProperty: "IrreflexiveObjectProperty",
    OWL.AsymmetricProperty: "AsymmetricObjectProperty",
}
SIMPLE_RESTRICTIONS: Final = (
    *(OWL.hasSelf, OWL.minCardinality, OWL.maxCardinality, OWL.cardinality),
    *(OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality, OWL.qualifiedCardinality),
)
OBJECT_TYPES: Final = (
    *(OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.ReflexiveProperty),
    *(OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty),
)
Found = Iterator[tuple[str, str]]


def breaches(graph: Graph) -> Found:
    """Axiom or term, and the restriction that it breaks."""
    yield from _header(graph)
    yield from _vocabulary(graph)
    yield from _typing(graph)
    yield from _one_kind(graph)
    yield from _declared(graph)
    yield from _values(graph)
    yield from _simple(graph)
    yield from _regular(graph)


def is_builtin(term: Node) -> bool:
    """Whether a term belongs to OWL, RDF, RDFS or XML Schema themselves."""
    return isinstance(term, URIRef) and str(term).startswith(RESERVED)


def _header(graph: Graph) -> Found:
    headers = sorted({str(s) for s in graph.subjects(RDF.type, OWL.Ontology)})
    if len(headers) != 1:
        yield "ontology header", f"exactly one ontology, not {len(headers)} (OWL 2 Syntax 3)"


def _vocabulary(graph: Graph) -> Found:
    """What looks like OWL is OWL: a misspelt word would be an axiom that nobody reads."""
    for term in {term for triple in graph for term in triple if isinstance(term, URIRef)}:
        if term.startswith(str(OWL)) and term not in OWL:
            yield f"use of {term}", "a word of the OWL vocabulary (OWL 2 Mapping to RDF 3)"


def _typing(graph: Graph) -> Found:
    """No name is two kinds of property, or class and datatype; nobody redefines what is reserved."""
    pairs = [*combinations(KINDS, 2), (OWL.Class, RDFS.Datatype)]
    for one, other in pairs:
        for term in set(graph.subjects(RDF.type, one)) & set(graph.subjects(RDF.type, other)):
            yield f"declaration of {term}", f"not both {_name(one)} and {_name(other)} (OWL 2 Syntax 5.8.1)"
    for kind in (*KINDS, OWL.Class, RDFS.Datatype):
        for term in graph.subjects(RDF.type, kind):
            if is_builtin(term) and term not in ANNOTATIONS:
                yield f"declaration of {term}", "no name of the reserved vocabulary (OWL 2 Syntax 2.4)"


def _one_kind(graph: Graph) -> Found:
    """Object properties are related to object properties, data properties to data properties."""
    for kind in OBJECT_TYPES:
        for term in graph.subjects(RDF.type, kind):
            if (term, RDF.type, OWL.DatatypeProperty) in graph:
                yield f"{_name(kind)} {_name(term)}", "of an object property only (OWL 2 Syntax 9.2)"
    for predicate in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith, OWL.inverseOf):
        for pair in graph.subject_objects(predicate):
            low, high = (frozenset(graph.objects(_plain(graph, prop), RDF.type)) & set(KINDS) for prop in pair)
            if low and high and low != high:
                axiom = f"{_name(predicate)} {_name(pair[0])} {_name(pair[1])}"
                yield axiom, "two properties of one kind (OWL 2 Syntax 9.2, 9.3)"
    for prop, head in graph.subject_objects(OWL.propertyChainAxiom):
        if any((link, RDF.type, OWL.DatatypeProperty) in graph for link in (prop, *Collection(graph, head))):
            yield f"chain of {_name(prop)}", "object properties only (OWL 2 Syntax 9.2.1)"


def _declared(graph: Graph) -> Found:
    """Every name that stands for a class or a property is declared."""
    classes = set(graph.objects(None, RDF.type)) | set(graph.objects(None, OWL.onClass))
    for predicate in (RDFS.subClassOf, OWL.disjointWith, OWL.equivalentClass):
        classes |= {term for pair in graph.subject_objects(predicate) for term in pair}
    used = set(graph.predicates()) | set(graph.objects(None, OWL.onProperty))
    for head in graph.objects(None, OWL.propertyChainAxiom):
        used |= set(Collection(graph, head))
    for predicate in (RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty, OWL.propertyDisjointWith):
        used |= {term for pair in graph.subject_objects(predicate) for term in pair}
    for prop, value in (*graph.subject_objects(RDFS.domain), *graph.subject_objects(RDFS.range)):
        used.add(prop)
        classes |= {value} if (prop, RDF.type, OWL.ObjectProperty) in graph else set()
    yield from _undeclared(graph, classes, (OWL.Class, RDFS.Datatype), "class")
    yield from _undeclared(graph, used, KINDS, "property")


def _undeclared(graph: Graph, terms: Iterable[Node], kinds: tuple[URIRef, ...], what: str) -> Found:
    for term in terms:
        known = is_builtin(term) or isinstance(term, BNode)
        if not known and not any((term, RDF.type, kind) in graph for kind in kinds):
            yield f"use of {term}", f"a {what} that is declared (OWL 2 Syntax 5.8.2)"


def _values(graph: Graph) -> Found:
    """An object property points to things, a data property to literals."""
    for kind, literal in ((OWL.ObjectProperty, False), (OWL.DatatypeProperty, True)):
        for prop in graph.subjects(RDF.type, kind):
            for subject, value in graph.subject_objects(prop) if isinstance(prop, URIRef) else ():
                if isinstance(value, Literal) != literal:
                    wanted = "a literal" if literal else "an individual"
                    yield f"{_name(prop)} of {subject}", f"{wanted} as value (OWL 2 Syntax 9.6)"


def _simple(graph: Graph) -> Found:
    complex_ones = _not_simple(graph)
    where = [(name, prop) for kind, name in SIMPLE_TYPES.items() for prop in graph.subjects(RDF.type, kind)]
    for predicate in SIMPLE_RESTRICTIONS:
        for node in graph.subjects(predicate):
            where += [(f"restriction {_name(predicate)} on", prop) for prop in graph.objects(node, OWL.onProperty)]
    for pair in graph.subject_objects(OWL.propertyDisjointWith):
        where += [("DisjointObjectProperties", prop) for prop in pair]
    for node in graph.subjects(RDF.type, OWL.AllDisjointProperties):
        for head in graph.objects(node, OWL.members):
            where += [("DisjointObjectProperties", prop) for prop in Collection(graph, head)]
    for name, prop in where:
        if _plain(graph, prop) in complex_ones:
            yield f"{name} {_name(_plain(graph, prop))}", "a simple property (OWL 2 Syntax 11.2)"


def _not_simple(graph: Graph) -> set[Node]:
    """What is transitive or derived by a chain, and every property above it."""
    composite = {_plain(graph, p) for p in graph.subjects(OWL.propertyChainAxiom)}
    composite |= {_plain(graph, p) for p in graph.subjects(RDF.type, OWL.TransitiveProperty)}
    composite |= {OWL.topObjectProperty, OWL.bottomObjectProperty}
    above = _above(graph)
    return {term for prop in composite for term in _reach(above, prop)}


def _above(graph: Graph) -> dict[Node, set[Node]]:
    """The next properties above each, a property and its inverse taken as one: their hierarchies mirror each other."""
    found: dict[Node, set[Node]] = {}
    both = (OWL.equivalentProperty, OWL.inverseOf)
    for predicate in (RDFS.subPropertyOf, *both):
        for one, other in graph.subject_objects(predicate):
            low, high = _plain(graph, one), _plain(graph, other)
            found.setdefault(low, set()).add(high)
            if predicate in both:
                found.setdefault(high, set()).add(low)
    return found


def _reach(edges: dict[Node, set[Node]], start: Node) -> set[Node]:
    """The start and everything that its edges lead to."""
    found, waiting = {start}, [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _regular(graph: Graph) -> Found:
    """The links of a chain are below what they derive, in one strict order that the hierarchy does not turn round."""
    below: dict[Node, set[Node]] = {}
    chains = [
        (prop, [_plain(graph, link) for link in Collection(graph, head)])
        for prop, head in graph.subject_objects(OWL.propertyChainAxiom)
    ]
    for prop, links in chains:
        for link in _ordered_links(prop, links):
            below.setdefault(link, set()).add(prop)
    above = _above(graph)
    for prop, links in chains:
        for link in _ordered_links(prop, links):
            higher = _reach(below, prop)
            if link in higher or any(link in _reach(above, term) for term in higher):
                yield f"chain of {_name(prop)}", f"{_name(link)} below it in a regular hierarchy (OWL 2 Syntax 11.2)"


def _ordered_links(prop: Node, links: list[Node]) -> list[Node]:
    """The links that have to be below the property: the property itself may stand at one end, or twice as all."""
    if links == [prop, prop]:
        return []
    if links[0] == prop:
        return links[1:]
    return links[:-1] if links[-1] == prop else links


def _plain(graph: Graph, prop: Node) -> Node:
    """A property, or that of which an anonymous one is the inverse."""
    inverse = graph.value(prop, OWL.inverseOf) if isinstance(prop, BNode) else None
    return prop if inverse is None else inverse


def _name(term: Node) -> str:
    return str(term).rpartition("#")[2].rpartition("/")[2]
