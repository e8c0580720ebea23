"""How often a built graph uses the terms and concepts of the ontology."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg import iris
from kg.graph.terms import TYPE, named

# With these the ontology itself speaks of concepts.
ABOUT_CONCEPTS: Final = ("owl:hasValue", "skos:inScheme", "skos:topConceptOf")


@dataclass(frozen=True)
class Uses:
    """By IRI: statements with a property, or things of a class, that are recorded and that are derived; things that
    have a concept; the properties under which they have concepts of a list."""

    recorded: Mapping[str, int]
    derived: Mapping[str, int]
    concepts: Mapping[str, int]
    properties: Mapping[str, tuple[str, ...]]


def uses(store: Store) -> Uses:
    """The uses in the default graph. What a source states and what also follows is recorded, not derived."""
    derived = _terms(store, NamedNode(iris.graph("inferred")))
    everything = _terms(store, DefaultGraph())
    having: dict[str, set[object]] = {}
    properties: dict[str, set[str]] = {}
    apart = {named(name) for name in ABOUT_CONCEPTS}
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        steps = iris.steps(getattr(quad.object, "value", ""))
        if isinstance(quad.object, NamedNode) and steps[:1] == ("vocab",) and quad.predicate not in apart:
            having.setdefault(quad.object.value, set()).add(quad.subject)
            properties.setdefault(steps[1], set()).add(quad.predicate.value)
    return Uses(
        recorded=everything - derived,
        derived=derived,
        concepts={concept: len(things) for concept, things in having.items()},
        properties={slug: tuple(sorted(some)) for slug, some in properties.items()},
    )


def _terms(store: Store, graph: NamedNode | DefaultGraph) -> Counter[str]:
    """IRI of a class or property -> how many triples of the graph use it."""
    return Counter(_used(quad) for quad in store.quads_for_pattern(None, None, None, graph))


def _used(quad: Quad) -> str:
    if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
        return quad.object.value
    return quad.predicate.value
