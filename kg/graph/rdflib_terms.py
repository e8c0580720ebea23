"""Triples of the store's library as a graph of rdflib's, which owlrl and pySHACL work on."""

from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from kg.graph.terms import Term


def graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """An rdflib graph of these triples. Literals keep their form as printed: normalizing 2018-04 would change facts."""
    terms: dict[Term, Node] = {}
    found = rdflib.Graph()
    for triple in triples:
        found.add(tuple(_known(term, terms) for term in triple))  # type: ignore[arg-type]
    return found


def _known(term: Term, terms: dict[Term, Node]) -> Node:
    node = terms.get(term)
    if node is None:
        node = terms[term] = _node(term)
    return node


def _node(term: Term) -> Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    return literal(term)


def literal(term: ox.Literal) -> rdflib.Literal:
    """A literal with its form as printed."""
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def forget_owlrl() -> None:
    """Let rdflib read the forms of literals as it does by itself: once owlrl has run, xsd:gYear and others are read by
    owlrl's code, so that what is ill-typed would depend on what ran before."""
    rdflib.term._reset_bindings()
