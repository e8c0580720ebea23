"""Shapes of SHACL Core, compiled: a shapes graph in, the constraints out that our shapes use.

A shape that says anything else is refused, since a constraint left out is a promise not kept."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.graph import literals
from kg.graph.terms import SHACL, TYPE, Term, named

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Said about a shape, or holding its parts; what is neither here nor in READERS is refused.
FRAME: Final = frozenset({"targetClass", "path", "property", "message"})
ONCE: Final = frozenset(
    {"path", "message", "minCount", "maxCount", "datatype", "in", "nodeKind", "languageIn", "minInclusive"}
)
ON_PATHS: Final = frozenset({"minCount", "maxCount", "lessThan", "lessThanOrEquals"})
KINDS: Final[dict[str, tuple[type, ...]]] = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


class ShapeError(ValueError):
    """A shape that says what is not compiled; the message names shape, constraint and what is known."""


@dataclass(frozen=True)
class Constraint:
    """A constraint by its local name in SHACL, with what it asks for as the reader of its kind in READERS gives it."""

    kind: str
    wanted: Any


@dataclass(frozen=True)
class Shape:
    """Constraints on what a path leads to, or on the thing itself if there is none; properties are shapes of paths."""

    targets: tuple[NamedNode, ...]
    path: tuple[NamedNode, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple["Shape", ...]
    message: str


def compiled(triples: Iterable[Triple]) -> list[Shape]:
    """The shapes of a shapes graph that have targets, in order. Raises ShapeError for what is not compiled."""
    reader = _Reader(triples)
    targeted = {node for node, said in reader.said.items() if SHACL + "targetClass" in said}
    found = [reader.shape(node, _name(node)) for node in sorted(targeted, key=str)]
    for node, said in reader.said.items():
        if node not in reader.reached and any(name.startswith(SHACL) for name in said):
            raise ShapeError(f"{_name(node)}: has no sh:targetClass, and no other shape holds it")
    return found


class _Reader:
    """A shapes graph by subject and predicate, and which of its nodes were read."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.said: dict[Any, dict[str, list[Any]]] = {}
        self.reached: set[Term] = set()
        self._open: list[Term] = []
        for subject, predicate, value in triples:
            self.said.setdefault(subject, {}).setdefault(predicate.value, []).append(value)

    def shape(self, node: Term, name: str, *, inner: bool = False) -> Shape:
        """The shape of a node; `name` is how messages call it, an inner one is in a list and reports nothing itself."""
        if node in self._open:
            raise ShapeError(f"{name}: holds itself")
        self._open.append(node)
        found = self._shape(node, name, inner=inner)
        self._open.pop()
        return found

    def _shape(self, node: Term, name: str, *, inner: bool) -> Shape:
        self.reached.add(node)
        said = {_local(key, name): values for key, values in self.said.get(node, {}).items() if _validates(key)}
        for key in sorted(said):
            if key in ONCE and len(said[key]) > 1:
                raise ShapeError(f"{name}: sh:{key} is given {len(said[key])} times, at most one is allowed")
        path = self.path(said["path"][0], name) if "path" in said else ()
        name = f"{name}, path {' | '.join(part.value for part in path)}" if path else name
        constraints = tuple(self.constraints(said, name, bool(path)))
        if constraints and not inner and "message" not in said:
            raise ShapeError(f"{name}: has no sh:message")
        if path and "property" in said:
            raise ShapeError(f"{name}: sh:property is compiled for shapes without sh:path only")
        return Shape(
            targets=tuple(_iri(target, f"{name}: sh:targetClass") for target in said.get("targetClass", ())),
            path=path,
            constraints=constraints,
            properties=tuple(self.shape(part, name, inner=inner) for part in said.get("property", ())),
            message=said["message"][0].value if "message" in said else "",
        )

    def constraints(self, said: dict[str, list[Any]], name: str, has_path: bool) -> Iterator[Constraint]:
        for key in sorted(said.keys() - FRAME):
            if key in ON_PATHS and not has_path:
                raise ShapeError(f"{name}: sh:{key} needs an sh:path")
            for value in said[key]:
                yield Constraint(key, self.wanted(key, value, f"{name}: sh:{key}"))

    def wanted(self, key: str, value: Term, place: str) -> Any:
        if key in ("or", "xone"):
            return tuple(self.shape(part, place, inner=True) for part in self.items(value, place))
        if key == "in":
            return frozenset(self.items(value, place))
        if key == "languageIn":
            return frozenset(_language(part, place) for part in self.items(value, place))
        return READERS[key](value, place)

    def path(self, node: Term, name: str) -> tuple[NamedNode, ...]:
        """A property, or the alternatives of sh:alternativePath; no other path is compiled."""
        if isinstance(node, NamedNode):
            return (node,)
        self.reached.add(node)
        kinds = self.said.get(node, {})
        if list(kinds) != [SHACL + "alternativePath"] or len(kinds[SHACL + "alternativePath"]) > 1:
            raise ShapeError(f"{name}: sh:path must be a property or one sh:alternativePath of properties")
        parts = self.items(kinds[SHACL + "alternativePath"][0], f"{name}: sh:alternativePath")
        return tuple(_iri(part, f"{name}: sh:alternativePath") for part in parts)

    def items(self, node: Term, place: str) -> list[Any]:
        """The members of an RDF list that has some."""
        found: list[Any] = []
        while node != NamedNode(RDF + "nil"):
            said = self.said.get(node, {})
            first, rest = said.get(RDF + "first", []), said.get(RDF + "rest", [])
            if len(first) != 1 or len(rest) != 1:
                raise ShapeError(f"{place}: must be a list")
            found.append(first[0])
            node = rest[0]
        if not found:
            raise ShapeError(f"{place}: the list is empty")
        return found


def _validates(key: str) -> bool:
    """Whether a predicate of a shape is more than a note for readers."""
    return key not in (TYPE.value, named("rdfs:label").value, named("rdfs:comment").value)


def _local(key: str, name: str) -> str:
    local = key.removeprefix(SHACL)
    if local not in FRAME | KNOWN:
        shown = f"sh:{local}" if local != key else f"<{key}>"
        raise ShapeError(f"{name}: {shown} is not compiled; known: {', '.join(sorted(FRAME | KNOWN))}")
    return local


def _name(node: Term) -> str:
    return f"shape {node.value}" if isinstance(node, NamedNode) else "a shape without a name"


def _iri(value: Term, place: str) -> NamedNode:
    if not isinstance(value, NamedNode):
        raise ShapeError(f"{place}: {value} must be an IRI")
    return value


def _datatype(value: Term, place: str) -> NamedNode:
    if _iri(value, place) in (named("rdfs:Literal"), named("rdfs:Resource")):
        raise ShapeError(f"{place}: {value} is no datatype; nodeKind sh:Literal is meant")
    return _iri(value, place)


def _count(value: Term, place: str) -> int:
    if not isinstance(value, Literal) or value.datatype != named("xsd:integer") or not value.value.isdecimal():
        raise ShapeError(f"{place}: {value} must be an xsd:integer of 0 or more")
    return int(value.value)


def _language(value: Term, place: str) -> str:
    # pySHACL takes "en-GB" for the whole tag, the recommendation for a range: we use neither.
    if not isinstance(value, Literal) or not value.value.isalpha():
        raise ShapeError(f'{place}: {value} must be a language without subtags, such as "en"')
    return value.value.lower()


def _pattern(value: Term, place: str) -> re.Pattern[str]:
    try:
        return re.compile(_literal(value, place).value)
    except re.error as error:
        raise ShapeError(f"{place}: {value} is no regular expression ({error})") from error


def _literal(value: Term, place: str) -> Literal:
    if not isinstance(value, Literal):
        raise ShapeError(f"{place}: {value} must be a literal")
    return value


def _limit(value: Term, place: str) -> Literal:
    if not literals.ordered(_literal(value, place)):
        raise ShapeError(f"{place}: {value} must be a number, a day or a time")
    return _literal(value, place)


def _kind(value: Term, place: str) -> tuple[type, ...]:
    local = _iri(value, place).value.removeprefix(SHACL)
    if local not in KINDS:
        raise ShapeError(f"{place}: {value} is no node kind; known: {', '.join(KINDS)}")
    return KINDS[local]


def _term(value: Term, place: str) -> Term:
    if isinstance(value, BlankNode):
        raise ShapeError(f"{place}: a blank node names nothing; give an IRI or a literal")
    return value


READERS: Final[dict[str, Callable[[Term, str], Any]]] = {
    "class": _iri,
    "datatype": _datatype,
    "disjoint": _iri,
    "hasValue": _term,
    "lessThan": _iri,
    "lessThanOrEquals": _iri,
    "maxCount": _count,
    "minCount": _count,
    "minInclusive": _limit,
    "nodeKind": _kind,
    "pattern": _pattern,
}
KNOWN: Final = frozenset({*READERS, "in", "languageIn", "or", "xone"})
