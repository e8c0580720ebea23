"""The sources of a graph, and which of them can say what a question asks."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg import iris
from kg.ask.question import Question
from kg.ask.rows import Terms

TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DOCUMENT: Final = NamedNode(iris.term("SourceDocument"))
ID: Final = NamedNode("http://purl.org/dc/terms/identifier")
TITLE: Final = NamedNode("http://purl.org/dc/terms/title")
SERIES: Final = NamedNode(iris.term("series"))
YEAR: Final = NamedNode(iris.term("editionYear"))


class Source(NamedTuple):
    """A source document: its id is series and edition; the edition is a year."""

    id: str
    iri: str
    series: str
    edition: int
    title: str


@lru_cache(maxsize=4)
def sources_of(store: Store) -> tuple[Source, ...]:
    """The sources of the graph by id."""
    nodes = [quad.subject for quad in store.quads_for_pattern(None, TYPE, DOCUMENT, DefaultGraph())]
    found = (_source(store, node) for node in nodes if isinstance(node, NamedNode))
    return tuple(sorted(found))


def able_to_say(store: Store, found: Question) -> tuple[Source, ...]:
    """The sources that the question is answered from."""
    return tuple(one for one in sources_of(store) if _within(one, found.limits.sources))


def asked_of(sources: Iterable[Source], found: Question, terms: Terms) -> tuple[Source, ...]:
    """Those of them that were asked, where a parameter names a source or an edition."""
    kinds = {parameter.name: parameter.type for parameter in found.parameters}
    wanted = [(kinds[key], term.value) for key, term in terms.items()]
    return tuple(one for one in sources if _asked(one, wanted))


def _within(source: Source, named: Iterable[str]) -> bool:
    return any(name in (source.id, source.series) for name in named)


def _asked(source: Source, wanted: Iterable[tuple[str, str]]) -> bool:
    own = {"source": source.iri, "edition": str(source.edition)}
    return all(own.get(kind, value) == value for kind, value in wanted)


@lru_cache(maxsize=4)
def build_id(store: Store) -> str:
    """That of the graph, by its own description; nothing for a graph without one."""
    return _text(store, NamedNode(iris.dataset()), ID)


def _source(store: Store, node: NamedNode) -> Source:
    series, year = _text(store, node, SERIES), _text(store, node, YEAR)
    return Source(_text(store, node, ID), node.value, series, int(year), _text(store, node, TITLE))


def _text(store: Store, node: NamedNode, predicate: NamedNode) -> str:
    found = (quad.object for quad in store.quads_for_pattern(node, predicate, None, DefaultGraph()))
    return next((term.value for term in found if isinstance(term, Literal)), "")
