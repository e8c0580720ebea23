"""Which shapes demand what of a term, in their own messages."""

import functools
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.ask.ontology import Node, Ontology
from kg.graph.terms import named


class Demand(NamedTuple):
    """What one shape demands of a class or property: `of` names the classes where that is said on a property."""

    of: str
    message: str


def demands(ontology: Ontology, iri: str) -> tuple[Demand, ...]:
    """The messages of all shapes that target the class, or that have the property as their path."""
    return _all(ontology).get(iri, ())


@functools.cache
def _all(ontology: Ontology) -> dict[str, tuple[Demand, ...]]:
    found: dict[str, list[Demand]] = {}
    for shape in ontology.subjects("rdf:type", named("sh:NodeShape")):
        targets = ontology.named_values(shape, "sh:targetClass")
        labels = " or ".join(_label(ontology, target) for target in targets)
        for message in ontology.values(shape, "sh:message"):
            for target in targets:
                found.setdefault(target, []).append(Demand("", message.value))
        for part in ontology.values(shape, "sh:property"):
            message = ontology.values(part, "sh:message")[0]
            for target in targets:
                found.setdefault(target, []).append(Demand("", message.value))
            for path in _paths(ontology, part):
                found.setdefault(path, []).append(Demand(f"{labels}: ", message.value))
    return {iri: tuple(dict.fromkeys(some)) for iri, some in found.items()}


def _label(ontology: Ontology, iri: str) -> str:
    return ontology.text(iri, "rdfs:label") or iri


def _paths(ontology: Ontology, part: Node) -> Iterator[str]:
    """The properties of a path: itself, or its alternatives."""
    for path in ontology.values(part, "sh:path"):
        if isinstance(path, NamedNode):
            yield path.value
        for head in ontology.values(path, "sh:alternativePath"):
            yield from (item.value for item in ontology.items(head))
