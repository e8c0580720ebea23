"""The schema in short, for those who write queries: each class with its properties, as the graph counts itself (VoID).

It says what is there, not what may be: a property that no thing has is left out, a range is what values really are."""

import importlib.resources
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Store

from kg import iris
from kg.ask import description as graph
from kg.ask import term_examples
from kg.ask.ontology import Ontology, packaged, short
from kg.graph.terms import named, prefixes

_DATASET: Final = NamedNode(iris.dataset())
# What ontologies are made of is no subject of the graph.
_LANGUAGE: Final = "owl:"


class Range(NamedTuple):
    """What values of a property are: a class or a datatype (tip:State, xsd:date), and how many of the triples."""

    name: str
    triples: int


class Use(NamedTuple):
    """A property that things of a class have; `things` is how many of them have it."""

    name: str
    label: str
    triples: int
    things: int
    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class ClassDigest:
    """A class: `things` is how many there are, `example` one of them with its label, `query` one that has rows.

    Classes of others have neither a definition nor a query here."""

    name: str
    iri: str
    label: str
    definition: str
    parents: tuple[str, ...]
    things: int
    example: str
    example_label: str
    query: str
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Digest:
    """The graph in short: classes of ours first, in alphabetical order."""

    title: str
    description: str
    licence: str
    build_id: str
    triples: int
    prefixes: dict[str, str]
    classes: tuple[ClassDigest, ...]


class _Counted(NamedTuple):
    """A row of digest.rq."""

    cls: NamedNode
    things: int
    prop: NamedNode
    triples: int
    subjects: int
    range: NamedNode | None
    values: int


@lru_cache(maxsize=2)
def digest(store: Store) -> Digest:
    """Of a built graph; one without graph/service has no classes here."""
    found = tuple(_class(store, packaged(), rows) for rows in _by_class(store))
    ours = sorted(found, key=lambda one: (not one.iri.startswith(iris.ONTOLOGY), one.name))
    return Digest(
        title=graph.value(store, _DATASET, named("dcterms:title")),
        description=graph.value(store, _DATASET, named("dcterms:description")),
        licence=graph.value(store, _DATASET, named("dcterms:license")),
        build_id=graph.value(store, _DATASET, named("dcterms:identifier")),
        triples=int(graph.value(store, _DATASET, named("void:triples")) or 0),
        prefixes={prefix: space for prefix, space in prefixes().items() if _is_used(prefix, ours)},
        classes=tuple(ours),
    )


def _by_class(store: Store) -> Iterator[list[_Counted]]:
    solutions = store.query((importlib.resources.files("kg.ask") / "digest.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    rows = [_counted(*row) for row in solutions]
    for cls, group in groupby(rows, key=lambda row: row.cls):
        if not short(cls.value).startswith(_LANGUAGE):
            yield list(group)


def _counted(*row: object) -> _Counted:
    cls, things, prop, triples, subjects, range_, values = row
    numbers = [int(getattr(one, "value", 0)) for one in (things, triples, subjects, values)]
    assert isinstance(cls, NamedNode)
    assert isinstance(prop, NamedNode)
    leads = range_ if isinstance(range_, NamedNode) else None
    return _Counted(cls, numbers[0], prop, numbers[1], numbers[2], leads, numbers[3])


def _class(store: Store, ontology: Ontology, rows: list[_Counted]) -> ClassDigest:
    cls, things = rows[0].cls, rows[0].things
    term = ontology.terms.get(cls.value)
    example = _example(store, cls)
    return ClassDigest(
        name=short(cls.value),
        iri=cls.value,
        label=graph.called(store, cls),
        definition=term.definition if term else "",
        parents=tuple(short(parent) for parent in ontology.parents(cls.value)),
        things=things,
        example=example.value if example else "",
        example_label=graph.label(store, example) if example else "",
        query=term_examples.example(store, ontology, term).query if term else "",
        uses=tuple(
            _use(store, list(group))
            for prop, group in groupby(rows, key=lambda row: row.prop)
            if prop != graph.TYPE  # all things have it, and it leads to classes only
        ),
    )


def _example(store: Store, cls: NamedNode) -> NamedNode | None:
    """The first instance in order, so that it does not hang on the store."""
    found = (quad.subject for quad in store.quads_for_pattern(None, graph.TYPE, cls, DefaultGraph()))
    return min((one for one in found if isinstance(one, NamedNode)), key=lambda one: one.value, default=None)


def _use(store: Store, rows: list[_Counted]) -> Use:
    first = rows[0]
    ranges = [Range(short(row.range.value), row.values) for row in rows if row.range is not None]
    label = graph.called(store, first.prop)
    return Use(short(first.prop.value), label, first.triples, first.subjects, tuple(ranges))


def _is_used(prefix: str, classes: Iterable[ClassDigest]) -> bool:
    start = f"{prefix}:"
    return any(
        name.startswith(start)
        for one in classes
        for name in (one.name, *(use.name for use in one.uses), *(r.name for use in one.uses for r in use.ranges))
    )
