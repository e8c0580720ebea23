"""What is in the graph, counted: its classes, its properties, and which class links to which by which property."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.graph.terms import TYPE, named

Node = NamedNode | BlankNode | Triple
Classes = tuple[NamedNode, ...]
Value = Node | Literal
Pair = tuple[Node, Value]


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
    uses: dict[NamedNode, list[Pair]] = defaultdict(list)
    # One object for each term: sets of them then compare by identity.
    same: dict[Any, Any] = {}
    one = same.setdefault
    for subject, predicate, value in triples:
        uses[one(predicate, predicate)].append((one(subject, subject), one(value, value)))
    above = _superclasses(uses.get(named("rdfs:subClassOf"), ()))
    types = _types(uses.get(TYPE, ()))
    most_special = {classes: _most_special(classes, above) for classes in set(types.values())}
    special = {subject: most_special[classes] for subject, classes in types.items()}
    told = {name for classes in most_special.values() for name in classes}
    told |= {name for classes in most_special for name in classes if name.value.startswith(always)}
    properties: dict[NamedNode, Property] = defaultdict(Property)
    links: dict[NamedNode, dict[NamedNode, Property]] = defaultdict(lambda: defaultdict(Property))
    for predicate, pairs in uses.items():
        for classes, some in _by_classes(pairs, types):
            found = _property(some, special)
            _merge(properties[predicate], found)
            for name in told.intersection(classes):
                _merge(links[name][predicate], found)
    instances = Counter(name for classes in types.values() for name in classes)
    subjects = {subject for found in properties.values() for subject in found.subjects}
    objects = {value for found in properties.values() for value in found.objects}
    return Statistics(sum(map(len, uses.values())), len(subjects), len(objects), instances, properties, links)


def _types(pairs: Iterable[Pair]) -> dict[Node, Classes]:
    """The classes of each thing; those of things of the same classes are one object."""
    found: dict[Node, list[NamedNode]] = defaultdict(list)
    for subject, name in pairs:
        if isinstance(name, NamedNode):
            found[subject].append(name)
    same: dict[Classes, Classes] = {}
    sets = ((subject, tuple(sorted(classes, key=str))) for subject, classes in found.items())
    return {subject: same.setdefault(classes, classes) for subject, classes in sets}


def _by_classes(pairs: Iterable[Pair], types: Mapping[Node, Classes]) -> Iterable[tuple[Classes, list[Pair]]]:
    """The pairs of subject and object apart by the classes of the subject."""
    found: dict[int, tuple[Classes, list[Pair]]] = {}
    for pair in pairs:
        classes = types.get(pair[0], ())
        # By identity: the hash of a tuple is that of all its terms, each time.
        found.setdefault(id(classes), (classes, []))[1].append(pair)
    return found.values()


def _superclasses(pairs: Iterable[Pair]) -> dict[Node, set[Node]]:
    """Every named class above each class."""
    direct: dict[Node, set[Node]] = defaultdict(set)
    for name, higher in pairs:
        if isinstance(higher, NamedNode):
            direct[name].add(higher)
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


def _property(pairs: list[Pair], special: Mapping[Node, Classes]) -> Property:
    """One property between these pairs; `special` has the most special classes of each thing."""
    found = Property(len(pairs), {subject for subject, _ in pairs}, {value for _, value in pairs})
    found.classes.update(name for _, value in pairs if isinstance(value, Node) for name in special.get(value, ()))
    found.datatypes.update(value.datatype for _, value in pairs if isinstance(value, Literal))
    return found


def _merge(into: Property, found: Property) -> None:
    into.triples += found.triples
    into.subjects |= found.subjects
    into.objects |= found.objects
    into.classes.update(found.classes)
    into.datatypes.update(found.datatypes)
