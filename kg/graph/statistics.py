"""What is in the graph, counted: its classes, its properties, and which class links to which by which property."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.graph.terms import TYPE, named

Node = NamedNode | BlankNode | Triple
Classes = tuple[NamedNode, ...]
# Classes that an object has, or the datatype of a literal.
Kinds = Classes | NamedNode


@dataclass
class Property:
    """How often a property is used, between how many things; of which classes and datatypes its objects are."""

    triples: int = 0
    subjects: set[Node] = field(default_factory=set)
    objects: set[object] = field(default_factory=set)
    classes: Counter[NamedNode] = field(default_factory=Counter)
    datatypes: Counter[NamedNode] = field(default_factory=Counter)


@dataclass(frozen=True)
class Statistics:
    """`instances` counts the things of each class; `links` has, by class of the subject, what its things are said to
    have, with the objects by their most special classes."""

    triples: int
    subjects: int
    objects: int
    instances: Mapping[NamedNode, int]
    properties: Mapping[NamedNode, Property]
    links: Mapping[NamedNode, Mapping[NamedNode, Property]]


def count(triples: Iterable[Triple], *, always: str) -> Statistics:
    """Classes that only stand above others are counted and not looked into, which would say everything twice; but
    those under the namespace `always` are."""
    graph = list(triples)
    above = _superclasses(graph)
    types = _types(graph)
    special = {classes: _most_special(classes, above) for classes in set(types.values())}
    told = {name for classes in special.values() for name in classes}
    told |= {name for classes in special for name in classes if name.value.startswith(always)}
    properties: dict[NamedNode, Property] = defaultdict(Property)
    sets: dict[tuple[Classes, NamedNode], Property] = defaultdict(Property)
    for triple in graph:
        kind = _kind(triple.object, types)
        for found in (properties[triple.predicate], sets[types.get(triple.subject, ()), triple.predicate]):
            _add(found, triple, special.get(kind, ()) if isinstance(kind, tuple) else kind)
    instances = Counter(name for classes in types.values() for name in classes)
    links: dict[NamedNode, dict[NamedNode, Property]] = defaultdict(lambda: defaultdict(Property))
    for (classes, predicate), found in sets.items():
        for name in told.intersection(classes):
            _merge(links[name][predicate], found)
    subjects, objects = {triple.subject for triple in graph}, {triple.object for triple in graph}
    return Statistics(len(graph), len(subjects), len(objects), instances, properties, links)


def _types(graph: Iterable[Triple]) -> dict[Node, Classes]:
    found: dict[Node, list[NamedNode]] = defaultdict(list)
    for triple in graph:
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
            found[triple.subject].append(triple.object)
    return {subject: tuple(sorted(classes, key=str)) for subject, classes in found.items()}


def _superclasses(graph: Iterable[Triple]) -> dict[Node, set[Node]]:
    """Every named class above each class."""
    direct: dict[Node, set[Node]] = defaultdict(set)
    sub_class = named("rdfs:subClassOf")
    for triple in graph:
        if triple.predicate == sub_class and isinstance(triple.object, NamedNode):
            direct[triple.subject].add(triple.object)
    found: dict[Node, set[Node]] = {}
    for name in direct:
        left, above = list[Node](direct[name]), set[Node]()
        while left:
            one = left.pop()
            if one not in above:
                above.add(one)
                left += direct.get(one, ())
        found[name] = above - {name}
    return found


def _most_special(classes: Classes, above: Mapping[Node, set[Node]]) -> Classes:
    general = {higher for name in classes for higher in above.get(name, ())}
    return tuple(name for name in classes if name not in general) or classes


def _kind(value: object, types: Mapping[Node, Classes]) -> Kinds:
    if isinstance(value, Literal):
        return value.datatype
    return types.get(value, ()) if isinstance(value, Node) else ()


def _add(found: Property, triple: Triple, kind: Kinds) -> None:
    found.triples += 1
    found.subjects.add(triple.subject)
    found.objects.add(triple.object)
    if isinstance(kind, tuple):
        found.classes.update(kind)
    else:
        found.datatypes[kind] += 1


def _merge(into: Property, found: Property) -> None:
    into.triples += found.triples
    into.subjects |= found.subjects
    into.objects |= found.objects
    into.classes.update(found.classes)
    into.datatypes.update(found.datatypes)
