"""A triple as people type it: things by any of their names, properties and classes by CURIE, name or label."""

import importlib.resources
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from kg import iris
from kg.ask.names import SCHEMES, BadValueError, Names, names_of
from kg.keys import slug

TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
WITHOUT_BASE: Final = re.compile(r"/?(id|statement|passage|source|text|finding|vocab|mention|ontology)[/#]")
# What is in a graph by the class that it has there; concepts are the values of closed lists.
TERMS: Final = {"Class": "class", "DatatypeProperty": "property", "ObjectProperty": "property", "Concept": "value"}
# In this order a name is looked up among things.
KINDS: Final = ("thing", "source", *SCHEMES)
Terms = Mapping[str, Mapping[str, set[str]]]


def read_triple(store: Store, prefixes: Mapping[str, str], asked: tuple[str, str, str]) -> Triple:
    """The triple of subject, predicate and object as typed; `a` is the type.

    Raises BadValueError: an IRI that the graph does not have, or a name of nothing (nearest names) or of several."""
    names, terms = names_of(store), _terms(store)
    subject, predicate, value = asked
    thing = _whole(store, prefixes, subject) or _thing(names, terms, subject)
    prop = TYPE if predicate == "a" else _whole(store, prefixes, predicate) or _term(terms, "property", predicate)
    if prop == TYPE:
        return Triple(thing, prop, _whole(store, prefixes, value) or _term(terms, "class", value))
    there = [quad.object for quad in store.quads_for_pattern(thing, prop, None, DefaultGraph())]
    same = [term for term in there if isinstance(term, Literal) and term.value == value]
    if same:
        return Triple(thing, prop, same[0])
    held = {term.value for term in there if isinstance(term, NamedNode)}
    return Triple(thing, prop, _whole(store, prefixes, value) or _thing(names, terms, value, held))


def _whole(store: Store, prefixes: Mapping[str, str], value: str) -> NamedNode | None:
    """The node of an IRI: whole, without the base, or with a prefix; None for what is none. Raises BadValueError."""
    prefix, colon, local = value.partition(":")
    if re.match(r"https?://", value):
        full = value
    elif colon and prefix in prefixes:
        full = prefixes[prefix] + local
    elif WITHOUT_BASE.match(value):
        full = iris.BASE + value.lstrip("/")
    else:
        return None
    try:
        node = NamedNode(full)
    except ValueError as error:
        raise BadValueError(f"{full!r} is no IRI: {error}") from error
    if not any(next(found, None) for found in _places(store, node)):
        raise BadValueError(f"nothing in this graph has the IRI {full}{_like(store, full)}")
    return node


def _places(store: Store, node: NamedNode) -> Iterator[Iterator[object]]:
    yield store.quads_for_pattern(node, None, None, None)
    yield store.quads_for_pattern(None, node, None, None)
    yield store.quads_for_pattern(None, None, node, None)


def _like(store: Store, iri: str) -> str:
    """The nearest IRIs of the same namespace."""
    space = re.sub(r"[^/#]*$", "", iri)
    subjects = {quad.subject for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    known = {node.value for node in subjects if isinstance(node, NamedNode) and node.value.startswith(space)}
    near = get_close_matches(iri, sorted(known), n=3, cutoff=0.6)
    return f" (nearest: {', '.join(near)})" if near else ""


def _thing(names: Names, terms: Terms, value: str, held: frozenset[str] | set[str] = frozenset()) -> NamedNode:
    """An entity, a source or a value of a closed list, of several the one in `held`. Raises BadValueError."""
    errors: list[BadValueError] = []
    for kind in KINDS:
        try:
            return names.find(kind, value)
        except BadValueError as error:
            errors.append(error)
    found = terms["value"].get(_key(value), set())
    fitting = found & held or found
    if len(fitting) == 1:
        return NamedNode(next(iter(fitting)))
    if fitting:
        raise BadValueError(f"{value!r} names several: {', '.join(sorted(fitting))}; give the IRI")
    raise errors[0]


def _term(terms: Terms, kind: str, value: str) -> NamedNode:
    """A class or property by local name or label; one of our ontology before one of another. Raises BadValueError."""
    found = terms[kind].get(_key(value), set())
    fitting = {iri for iri in found if iri.startswith(iris.ONTOLOGY)} or found
    if len(fitting) == 1:
        return NamedNode(next(iter(fitting)))
    if fitting:
        raise BadValueError(f"{value!r} names several: {', '.join(sorted(fitting))}; give the IRI")
    near = get_close_matches(_key(value), sorted(terms[kind]), n=3, cutoff=0.4) or sorted(terms[kind])[:3]
    called = [sorted(re.split(r"[#/]", iri)[-1] for iri in terms[kind][key])[0] for key in near]
    raise BadValueError(f"no {kind} is called {value!r} (nearest: {', '.join(dict.fromkeys(called))})")


def _terms(store: Store) -> Terms:
    """Classes, properties and values of closed lists by their keys: kind -> key -> IRIs."""
    found: dict[str, dict[str, set[str]]] = {kind: {} for kind in TERMS.values()}
    solutions = store.query((importlib.resources.files("kg.ask") / "terms.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    for cls, term, label in solutions:
        kind = found[TERMS[re.split(r"[#/]", cls.value)[-1]]]
        for name in (label.value, re.split(r"[#/]", term.value)[-1]):
            kind.setdefault(_key(name), set()).add(term.value)
    return found


def _key(name: str) -> str:
    """A name without regard to case, blanks and hyphens: cooperatesWith as "cooperates with"."""
    return slug(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name), limit=10_000)
