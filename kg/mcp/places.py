"""Sources and places: the documents of the graph, and where in them a statement stands."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg import iris
from kg.ask import description as graph
from kg.graph.terms import named as term
from kg.mcp.answers import Place, Source

_DOCUMENT: Final = term("tip:SourceDocument")
_ID: Final = term("dcterms:identifier")
_TITLE: Final = term("dcterms:title")
_PASSAGE: Final = re.compile(re.escape(iris.BASE) + r"passage/(?P<source>[^/]+)/(?P<begin>\d+)-(?P<end>\d+)")


@lru_cache(maxsize=4)
def documents(store: Store) -> dict[str, Source]:
    """The sources of the graph by id."""
    nodes = (quad.subject for quad in store.quads_for_pattern(None, graph.TYPE, _DOCUMENT, DefaultGraph()))
    found = [
        Source(id=graph.value(store, node, _ID), title=graph.value(store, node, _TITLE), iri=node.value)
        for node in nodes
        if isinstance(node, NamedNode)
    ]
    return {one.id: one for one in sorted(found, key=lambda one: one.id)}


def named(store: Store, ids: Iterable[str]) -> list[Source]:
    """The sources of these ids, each once, in order."""
    wanted = set(ids)
    return [source for name, source in documents(store).items() if name in wanted]


def at(store: Store, source: str, begin: int, end: int) -> Place:
    """A stretch of a source; what is no passage of the graph, such as a mention, has no words for `where`."""
    iri = iris.passage(source, begin, end)
    where = graph.value(store, NamedNode(iri), graph.WHERE)
    return Place(source=source, where=where, begin=begin, end=end, iri=iri)


def of(store: Store, node: NamedNode) -> list[Place]:
    """Where a statement or finding stands, or the place that a passage is; nothing for any other thing."""
    if place := _passage(store, node):
        return [place]
    found = (quad.object for quad in store.quads_for_pattern(node, graph.EVIDENCE, None, DefaultGraph()))
    places = [_passage(store, passage) for passage in found if isinstance(passage, NamedNode)]
    return sorted((one for one in places if one), key=lambda one: (one.source, one.begin, one.end))


def _passage(store: Store, node: NamedNode) -> Place | None:
    match = _PASSAGE.fullmatch(node.value)
    return at(store, match["source"], int(match["begin"]), int(match["end"])) if match else None
