"""Triples against compiled shapes: which values break which constraint.

Each constraint means what section 4 of the SHACL recommendation says, read as pySHACL reads it (kg.graph.reference)."""

from collections.abc import Iterable, Iterator, Set
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.graph import literals
from kg.graph.shapes import Constraint, Shape
from kg.graph.terms import TYPE, Term

SUBCLASS: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


class Result(NamedTuple):
    """What breaks a shape. The path has alternatives, none if the thing as a whole is concerned; the value is None if
    one is missing or there are too many."""

    focus: Term
    path: tuple[NamedNode, ...]
    value: Term | None
    message: str


class Index:
    """Triples by predicate and subject, and the instances of each class and of all classes under it."""

    def __init__(self, triples: Iterable[Triple], predicates: Set[NamedNode]) -> None:
        self._objects: dict[NamedNode, dict[Term, set[Term]]] = {name: {} for name in {*predicates, TYPE, SUBCLASS}}
        for subject, predicate, value in triples:
            if (by_subject := self._objects.get(predicate)) is not None:
                by_subject.setdefault(subject, set()).add(value)
        self._members: dict[Term, set[Term]] = {}
        for thing, classes in self._objects[TYPE].items():
            for cls in classes:
                self._members.setdefault(cls, set()).add(thing)
        self._instances: dict[NamedNode, set[Term]] = {}

    def objects(self, subject: Term, path: tuple[NamedNode, ...]) -> Set[Term]:
        """What any of the alternatives leads to, each once."""
        if len(path) == 1:
            return self._objects[path[0]].get(subject, frozenset())
        return {value for part in path for value in self._objects[part].get(subject, ())}

    def instances(self, cls: NamedNode) -> Set[Term]:
        """The SHACL instances of a class: by rdf:type and any number of rdfs:subClassOf."""
        if cls not in self._instances:
            classes: set[Term] = {cls}
            while more := {sub for sub, above in self._objects[SUBCLASS].items() if above & classes} - classes:
                classes |= more
            self._instances[cls] = set[Term]().union(*(self._members.get(member, ()) for member in classes))
        return self._instances[cls]


def results(shapes: Iterable[Shape], triples: Iterable[Triple]) -> Iterator[Result]:
    """Everything that breaks one of the shapes, in no order; the same may come more than once."""
    shapes = list(shapes)
    index = Index(triples, {name for shape in shapes for name in _looked_at(shape)})
    for shape in shapes:
        foci = set[Term]().union(*(index.instances(target) for target in shape.targets))
        yield from _results(shape, index, foci)


def _looked_at(shape: Shape) -> Iterator[NamedNode]:
    yield from shape.path
    for constraint in shape.constraints:
        if constraint.kind in ("lessThan", "lessThanOrEquals", "disjoint"):
            yield constraint.wanted
        elif constraint.kind in ("or", "xone"):
            yield from (name for inner in constraint.wanted for name in _looked_at(inner))
    for inner in shape.properties:
        yield from _looked_at(inner)


def _results(shape: Shape, index: Index, foci: Iterable[Term]) -> Iterator[Result]:
    for focus in foci:
        values = index.objects(focus, shape.path) if shape.path else {focus}
        for constraint in shape.constraints:
            for value in _breaking(constraint, index, focus, values):
                yield Result(focus, shape.path, value, shape.message)
    for inner in shape.properties:
        yield from _results(inner, index, foci)


def _breaking(constraint: Constraint, index: Index, focus: Term, values: Set[Term]) -> Iterable[Term | None]:
    """The values that break a constraint; None for one that speaks of all values together."""
    wanted = constraint.wanted
    match constraint.kind:
        case "minCount":
            return () if len(values) >= wanted else (None,)
        case "maxCount":
            return () if len(values) <= wanted else (None,)
        case "hasValue":
            return () if wanted in values else (None,)
        case "disjoint":
            return values & index.objects(focus, (wanted,))
        case "lessThan":
            others = index.objects(focus, (wanted,))
            return [value for value in values if not all(literals.less(value, other) for other in others)]
        case "lessThanOrEquals":
            others = index.objects(focus, (wanted,))
            return [value for value in values if not all(literals.less_or_equal(value, other) for other in others)]
    return [value for value in values if not _fits(constraint, index, value)]


def _fits(constraint: Constraint, index: Index, value: Term) -> bool:
    """Whether a value keeps a constraint that speaks of each value alone."""
    wanted = constraint.wanted
    match constraint.kind:
        case "class":
            return value in index.instances(wanted)
        case "datatype":
            return isinstance(value, Literal) and value.datatype == wanted and literals.well_formed(value)
        case "in":
            return value in wanted
        case "pattern":
            return not isinstance(value, BlankNode) and wanted.search(value.value) is not None
        case "nodeKind":
            return isinstance(value, wanted)
        case "languageIn":
            return isinstance(value, Literal) and (value.language or "").partition("-")[0].lower() in wanted
        case "minInclusive":
            return isinstance(value, Literal) and literals.less_or_equal(wanted, value)
        case "or":
            return any(_conforms(shape, index, value) for shape in wanted)
        case "xone":
            return sum(_conforms(shape, index, value) for shape in wanted) == 1
    raise AssertionError(constraint.kind)


def _conforms(shape: Shape, index: Index, value: Term) -> bool:
    return next(_results(shape, index, (value,)), None) is None
