"""Class expressions and data ranges in RDF, against the productions of OWL 2 RL (W3C OWL 2 Profiles, 4.2.1-4.2.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

SUB: Final = "subClassExpression"
SUPER: Final = "superClassExpression"
EQUIVALENT: Final = "equivClassExpression"
RANGE: Final = "DataRange"
# A production, the constructors that it allows, and the production of their parts ("" where parts are no classes).
GRAMMAR: Final[Mapping[str, Mapping[str, str]]] = {
    SUB: {
        "ObjectIntersectionOf": SUB,
        "ObjectUnionOf": SUB,
        "ObjectOneOf": "",
        "ObjectSomeValuesFrom": SUB,
        "ObjectHasValue": "",
        "DataSomeValuesFrom": RANGE,
        "DataHasValue": "",
    },
    SUPER: {
        "ObjectIntersectionOf": SUPER,
        "ObjectComplementOf": SUB,
        "ObjectAllValuesFrom": SUPER,
        "ObjectHasValue": "",
        "ObjectMaxCardinality": SUB,
        "DataAllValuesFrom": RANGE,
        "DataHasValue": "",
        "DataMaxCardinality": RANGE,
    },
    EQUIVALENT: {"ObjectIntersectionOf": EQUIVALENT, "ObjectHasValue": "", "DataHasValue": ""},
    RANGE: {"DataIntersectionOf": RANGE},
}
# The two constructors in which owl:Thing may stand as a part.
WITH_THING: Final = frozenset({"ObjectSomeValuesFrom", "ObjectMaxCardinality"})
COMBINED: Final = {
    OWL.intersectionOf: "IntersectionOf",
    OWL.unionOf: "UnionOf",
    OWL.complementOf: "ComplementOf",
    OWL.datatypeComplementOf: "ComplementOf",
    OWL.oneOf: "OneOf",
    OWL.onDatatype: "Restriction",
}
RESTRICTED: Final = {
    OWL.someValuesFrom: "SomeValuesFrom",
    OWL.allValuesFrom: "AllValuesFrom",
    OWL.hasValue: "HasValue",
    OWL.hasSelf: "HasSelf",
    OWL.minCardinality: "MinCardinality",
    OWL.maxCardinality: "MaxCardinality",
    OWL.cardinality: "ExactCardinality",
    OWL.minQualifiedCardinality: "MinCardinality",
    OWL.maxQualifiedCardinality: "MaxCardinality",
    OWL.qualifiedCardinality: "ExactCardinality",
}
DATATYPES: Final = frozenset(
    {
        *(RDF.PlainLiteral, RDF.XMLLiteral, RDF.langString, RDFS.Literal, XSD.decimal, XSD.integer),
        *(XSD.nonNegativeInteger, XSD.nonPositiveInteger, XSD.positiveInteger, XSD.negativeInteger),
        *(XSD.long, XSD.int, XSD.short, XSD.byte, XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort),
        *(XSD.unsignedByte, XSD.float, XSD.double, XSD.string, XSD.normalizedString, XSD.token, XSD.language),
        *(XSD.Name, XSD.NCName, XSD.NMTOKEN, XSD.boolean, XSD.hexBinary, XSD.base64Binary, XSD.anyURI),
        *(XSD.dateTime, XSD.dateTimeStamp),
    }
)


@dataclass(frozen=True)
class Expression:
    """An anonymous class or data range: constructor in functional syntax, parts, the number of a cardinality or ""."""

    constructor: str
    parts: tuple[Node, ...]
    number: str = ""


def breaches(graph: Graph, node: Node, production: str) -> Iterator[str]:
    """What in a class expression or data range its production does not allow, in words."""
    if isinstance(node, URIRef):
        yield from _named(graph, node, production)
    else:
        yield from anonymous(graph, node, production)


def anonymous(graph: Graph, node: Node, production: str) -> Iterator[str]:
    """The same for a node that is described by its parts, even if it has a name, as OWL 1 wrote equivalent classes."""
    found = read(graph, node, production)
    if found.constructor not in GRAMMAR[production]:
        yield f"{production}: no {found.constructor}"
        return
    if found.number not in ("", "0", "1"):
        yield f"{production}: {found.constructor} with 0 or 1 only, not {found.number}"
    if found.constructor.endswith(("IntersectionOf", "UnionOf")) and len(found.parts) < 2:
        yield f"{production}: {found.constructor} of two parts at least"
    inner = GRAMMAR[production][found.constructor]
    for part in found.parts if inner else ():
        if not (part == OWL.Thing and found.constructor in WITH_THING):
            yield from breaches(graph, part, inner)


def read(graph: Graph, node: Node, production: str) -> Expression:
    """The constructor and the parts of an anonymous node."""
    for predicate, name in COMBINED.items():
        value = graph.value(node, predicate)
        if value is not None:
            one = predicate in (OWL.complementOf, OWL.datatypeComplementOf, OWL.onDatatype)
            parts = (value,) if one else tuple(Collection(graph, value))
            return Expression(_kind(name, data=production == RANGE), parts)
    prop = graph.value(node, OWL.onProperty)
    data = (prop, RDF.type, OWL.DatatypeProperty) in graph
    for predicate, name in RESTRICTED.items():
        value = graph.value(node, predicate)
        if prop is not None and value is not None:
            return _restriction(graph, node, Expression(_kind(name, data=data), (value,)))
    return Expression("expression without a constructor of OWL 2", ())


def _restriction(graph: Graph, node: Node, found: Expression) -> Expression:
    """A cardinality has its number as value; its part, if there is one, stands apart."""
    if not found.constructor.endswith("Cardinality"):
        return found
    part = graph.value(node, OWL.onClass) or graph.value(node, OWL.onDataRange)
    return Expression(found.constructor, () if part is None else (part,), str(found.parts[0]))


def _kind(name: str, *, data: bool) -> str:
    if name == "Restriction":
        return "DatatypeRestriction"
    return ("Data" if data else "Object") + name


def _named(graph: Graph, name: URIRef, production: str) -> Iterator[str]:
    if production != RANGE:
        if name == OWL.Thing:
            yield f"{production}: a class other than owl:Thing"
    elif name not in DATATYPES and (name, OWL.equivalentClass, None) not in graph:
        yield f"{production}: a datatype of the list in OWL 2 Profiles 4.2.1, not {name}"
