"""The terms of the ontology for a page: label, definition, and how they stand to each other."""

from typing import Final, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg import iris
from kg.ask.description import TYPE, label, value

_OWL: Final = "http://www.w3.org/2002/07/owl#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_KINDS: Final = (
    ("Classes", f"{_OWL}Class"),
    ("Relations", f"{_OWL}ObjectProperty"),
    ("Properties with values", f"{_OWL}DatatypeProperty"),
    ("Annotations", f"{_OWL}AnnotationProperty"),
)
_RELATED: Final = (
    ("under", f"{_RDFS}subClassOf"),
    ("under", f"{_RDFS}subPropertyOf"),
    ("of", f"{_RDFS}domain"),
    ("to", f"{_RDFS}range"),
    ("inverse of", f"{_OWL}inverseOf"),
)


class Term(NamedTuple):
    """`related` are (how, label, IRI) of other named terms."""

    name: str
    kind: str
    label: str
    definition: str
    related: tuple[tuple[str, str, str], ...]


def terms(store: Store) -> list[Term]:
    """Every term of our ontology, by kind and name; one of two kinds stands under the first."""
    found: dict[NamedNode, Term] = {}
    for kind, cls in _KINDS:
        nodes = {quad.subject for quad in store.quads_for_pattern(None, TYPE, NamedNode(cls), DefaultGraph())}
        ours = [node for node in nodes if isinstance(node, NamedNode) and node.value.startswith(iris.ONTOLOGY)]
        for node in sorted(ours, key=lambda one: one.value):
            found.setdefault(node, _term(store, node, kind))
    return list(found.values())


def _term(store: Store, node: NamedNode, kind: str) -> Term:
    related = []
    for how, predicate in _RELATED:
        quads = store.quads_for_pattern(node, NamedNode(predicate), None, DefaultGraph())
        others = {quad.object for quad in quads if isinstance(quad.object, NamedNode)} - {node}
        related += [(how, label(store, other), other.value) for other in sorted(others, key=lambda one: one.value)]
    definition = value(store, node, NamedNode(f"{_SKOS}definition"))
    name = node.value.removeprefix(iris.ONTOLOGY)
    return Term(name, kind, label(store, node), definition, tuple(related))
