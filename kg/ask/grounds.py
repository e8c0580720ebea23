"""On which statements a shortcut between two things rests: the ontology derives it by a chain of two properties."""

from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from kg.ask.description import TYPE

_OWL: Final = "http://www.w3.org/2002/07/owl#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DEFAULT: Final = DefaultGraph()
Node = NamedNode | BlankNode


def grounds(store: Store, triple: Triple) -> list[NamedNode]:
    """The statements in the middle of the chains that derive the triple, in order; none if a rule derives it."""
    found: set[NamedNode] = set()
    pairs: list[tuple[object, object]] = [(triple.subject, triple.object)]
    if Quad(triple.predicate, TYPE, NamedNode(f"{_OWL}SymmetricProperty"), _DEFAULT) in store:
        pairs.append((triple.object, triple.subject))
    for first, second in _chains(store).get(triple.predicate, ()):
        for begin, end in pairs:
            if isinstance(begin, NamedNode):
                found |= set(_between(store, begin, (first, second), end))
    return sorted(found, key=lambda node: node.value)


def _between(store: Store, begin: NamedNode, chain: tuple[NamedNode, NamedNode], end: object) -> list[NamedNode]:
    middles = (quad.object for quad in store.quads_for_pattern(begin, chain[0], None, _DEFAULT))
    named = [middle for middle in middles if isinstance(middle, NamedNode)]
    return [middle for middle in named if Quad(middle, chain[1], end, _DEFAULT) in store]  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def _chains(store: Store) -> dict[NamedNode, list[tuple[NamedNode, NamedNode]]]:
    """The chains of two named properties by what they derive."""
    found: dict[NamedNode, list[tuple[NamedNode, NamedNode]]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(f"{_OWL}propertyChainAxiom"), None, _DEFAULT):
        members = _members(store, quad.object)
        if isinstance(quad.subject, NamedNode) and len(members) == 2:
            found.setdefault(quad.subject, []).append((members[0], members[1]))
    return found


def _members(store: Store, head: object) -> list[NamedNode]:
    """The named members of an RDF list."""
    found: list[NamedNode] = []
    while isinstance(head, BlankNode):
        first = next(store.quads_for_pattern(head, NamedNode(f"{_RDF}first"), None, _DEFAULT)).object
        head = next(store.quads_for_pattern(head, NamedNode(f"{_RDF}rest"), None, _DEFAULT)).object
        found += [first] if isinstance(first, NamedNode) else []
    return found
