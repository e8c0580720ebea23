"""Why a triple of a built graph holds: proofs down to the passages of the sources; or what comes nearest to it."""

import functools
import importlib.resources
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from kg import iris
from kg.ask.triple import TYPE, read_triple
from kg.graph.proof import Knowledge, Proof, proofs
from kg.graph.rulebook import RuleBook

INFERRED: Final = iris.graph("inferred")
LABEL: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
# How many other triples are told at most, of one subject or one object, where a triple does not hold.
SHOWN: Final = 10


@dataclass(frozen=True, order=True)
class Passage:
    """A place in a source, its offsets as in the records, and in words."""

    source: str
    begin: int
    end: int
    where: str


@dataclass(frozen=True)
class Stated:
    """Where an asserted triple stands: its named graphs, and the passages that its subject rests on."""

    graphs: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Near:
    """A statement that names both things of a triple which does not hold: its class, its label, and in which roles."""

    statement: NamedNode
    label: str
    kind: str
    roles: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Explanation:
    """Why a triple holds, in all ways that need something of their own; without proofs it does not hold, and then
    `nearest` are statements that come near it and `instead` other triples of the same kind that do hold."""

    triple: Triple
    proofs: tuple[Proof, ...]
    nearest: tuple[Near, ...] = ()
    instead: tuple[Triple, ...] = ()


def explain(store: Store, book: RuleBook, asked: tuple[str, str, str]) -> Explanation:
    """Explain a triple of subject, predicate and object as people type them. Raises BadValueError."""
    triple = read_triple(store, book.prefixes, asked)
    found = proofs(Knowledge(store, book.rules, lambda some: bool(_graphs(store, some))), triple)
    if found:
        return Explanation(triple, tuple(found))
    return Explanation(triple, (), tuple(_nearest(store, book, triple)), tuple(_instead(store, triple)))


def stated(store: Store, triple: Triple) -> Stated:
    """Where an asserted triple stands."""
    return Stated(tuple(sorted(_graphs(store, triple))), _passages(store, triple.subject))


def shorten(book: RuleBook, term: object) -> str:
    """A term as the dumps write it: an IRI with its prefix, else whole; a literal as in Turtle."""
    if not isinstance(term, NamedNode):
        return str(term)
    fitting = [prefix for prefix, space in book.prefixes.items() if term.value.startswith(space)]
    prefix = max(fitting, key=lambda name: len(book.prefixes[name]), default="")
    local = term.value[len(book.prefixes[prefix]) :] if prefix else ""
    return f"{prefix}:{local}" if local and not re.search(r"[/#]", local) else str(term)


def label(store: Store, term: object) -> str:
    """How a person calls a term: its label, else the end of its IRI, else its value."""
    if not isinstance(term, NamedNode):
        return str(getattr(term, "value", term))
    labels = [quad.object for quad in store.quads_for_pattern(term, LABEL, None, DefaultGraph())]
    found = {label.value for label in labels if isinstance(label, Literal)}
    return min(found, default=re.split(r"[#/]", term.value)[-1])


def _graphs(store: Store, triple: Triple) -> set[str]:
    """The named graphs that assert a triple."""
    quads = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)} - {INFERRED}


@functools.cache
def _passages_query() -> str:
    return (importlib.resources.files("kg.ask") / "passages.rq").read_text(encoding="utf-8")


def _passages(store: Store, statement: object) -> tuple[Passage, ...]:
    if not isinstance(statement, NamedNode):
        return ()
    rows = store.query(_passages_query(), substitutions={Variable("statement"): statement})
    assert isinstance(rows, QuerySolutions)
    cells = ([row[name].value for name in ("source", "begin", "end", "where")] for row in rows)
    return tuple(Passage(source, int(begin), int(end), where) for source, begin, end, where in cells)


def _nearest(store: Store, book: RuleBook, triple: Triple) -> list[Near]:
    """The statements that name both things; where some have a role that the property is derived from, only these."""
    derived_from = _derived_from(book, triple.predicate)
    naming = _roles(store, triple.subject)
    other = _roles(store, triple.object)
    both = {statement: naming[statement] | other[statement] for statement in naming.keys() & other.keys()}
    both = {statement: roles for statement, roles in both.items() if len(roles) > 1}
    close = {statement: roles for statement, roles in both.items() if {role for role, _ in roles} & derived_from}
    found = [_near(store, statement, roles) for statement, roles in (close or both).items()]
    return sorted((near for near in found if near.passages), key=lambda near: (near.passages, near.statement.value))


def _derived_from(book: RuleBook, predicate: NamedNode) -> set[NamedNode]:
    """The properties from which rules derive this one, over however many steps."""
    found = {str(predicate)}
    for one in (queue := [str(predicate)]):
        for rule in book.rules:
            if any(pattern[1] == one for pattern in rule.conclusions):
                new = {pattern[1] for pattern in rule.premises} - found
                found |= new
                queue += sorted(new)
    return {NamedNode(name[1:-1]) for name in found if name.startswith("<")}


def _roles(store: Store, thing: object) -> dict[NamedNode, set[tuple[NamedNode, NamedNode]]]:
    """What is asserted to point to a thing, and by which property."""
    found: dict[NamedNode, set[tuple[NamedNode, NamedNode]]] = {}
    if isinstance(thing, NamedNode):
        for quad in store.quads_for_pattern(None, None, thing, None):
            asserted = isinstance(quad.graph_name, NamedNode) and quad.graph_name.value != INFERRED
            if asserted and isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject, set()).add((quad.predicate, thing))
    return found


def _near(store: Store, statement: NamedNode, roles: Iterable[tuple[NamedNode, NamedNode]]) -> Near:
    kinds = [
        quad.object for quad in store.quads_for_pattern(statement, TYPE, None, None) if _graphs(store, quad.triple)
    ]
    shown = sorted(f"{label(store, role)}: {label(store, thing)}" for role, thing in roles)
    kind = min(label(store, kind) for kind in kinds)
    return Near(statement, label(store, statement), kind, tuple(shown), _passages(store, statement))


def _instead(store: Store, triple: Triple) -> list[Triple]:
    """The triple the other way round if it holds, then those with another object or another subject."""
    default = DefaultGraph()
    found: list[Triple] = []
    if isinstance(triple.object, NamedNode):
        found += [q.triple for q in store.quads_for_pattern(triple.object, triple.predicate, triple.subject, default)]
    for pattern in ((triple.subject, None), (None, triple.object)):
        quads = store.quads_for_pattern(pattern[0], triple.predicate, pattern[1], default)
        found += sorted((quad.triple for quad in quads), key=str)[:SHOWN]
    return list(dict.fromkeys(found))
