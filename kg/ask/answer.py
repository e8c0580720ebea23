"""An answer: its rows with their evidence, what was asked, from what, and why it is empty if it is.

Command line, HTTP and Python show the same answer; kg.ask.answer_forms writes it in their formats."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg import iris
from kg.ask.question import Place, Question
from kg.ask.rows import Cell, Row, engine_term
from kg.ask.sources import Source

if TYPE_CHECKING:
    from pandas import DataFrame
    from rdflib import Graph

    from kg.federate.rewrite import Receipt

Used = OneOf["graph", "live", "twin"]
DERIVED: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"


class Evidence(NamedTuple):
    """Where something stands: code points of the text of a source, half-open."""

    source: str
    begin: int
    end: int

    @property
    def iri(self) -> str:
        """That of the passage; a place of the index of names is a mention, and has no passage."""
        return iris.passage(self.source, self.begin, self.end)


# From the values of a row to the place where it stands.
Find = Callable[[tuple[Cell, ...]], Evidence | None]


class Asked(NamedTuple):
    """A parameter as it was typed, the term that it means, and how this is called."""

    parameter: str
    value: str
    term: NamedNode | Literal
    label: str


class Near(NamedTuple):
    """A row that is no answer, and in what it differs from one: the parameter that it does not hold, or the column."""

    row: Row
    differs_in: str


@dataclass(frozen=True, repr=False)
class Answer:
    """`rows_found` are answers only. `nearest`, `explanation` and `not_stated_by` say why there is none; rows that are
    near are there as well if they were asked for. `sources` are those that can say it, `query` is what was run.

    `used` says whether the graph alone was asked, Wikidata too (live), or the offline twin of it; then there is a
    receipt for each SERVICE, and no row is a statement of a source."""

    question: Question
    asked: tuple[Asked, ...]
    rows_found: Sequence[Row]
    sources: tuple[Source, ...]
    build_id: str
    query: str
    nearest: tuple[Near, ...] = ()
    near_asked_for: bool = False
    explanation: str = ""
    not_stated_by: tuple[str, ...] = ()
    used: Used = "graph"
    receipts: tuple["Receipt", ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        asked = ", ".join(f"{one.parameter}: {one.label}" for one in self.asked)
        return f"<{len(self.rows)} answers to {self.question.name} ({asked})>"

    @property
    def columns(self) -> tuple[str, ...]:
        return self.question.column_names

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The answers: a value a column, "" for nothing, whole numbers as such."""
        return tuple(row.values for row in self.rows_found)

    @cached_property
    def evidence(self) -> tuple[tuple[Evidence, ...], ...]:
        """For each row the places where it stands; none where the question has its evidence elsewhere."""
        return tuple(map(self._places, self.rows))

    def places(self, row: Row) -> tuple[Evidence, ...]:
        """Where a row of the question stands, near-answers included."""
        return self._places(row.values)

    def _places(self, values: tuple[Cell, ...]) -> tuple[Evidence, ...]:
        found = [one for find in self._finders if (one := find(values)) is not None]
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)

    def records(self) -> list[dict[str, Cell]]:
        """The rows as mappings from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> "DataFrame":
        """The rows as a data frame, whole numbers as such; needs pandas (pip install 'tipkg[pandas]')."""
        from pandas import DataFrame

        return DataFrame(list(self.rows), columns=list(self.columns))

    def triples(self) -> Iterator[Triple]:
        """The rows as RDF, as W3C's CSV on the Web turns a table into it: a node a row, a property a column. Names
        of things are their IRIs where the question has them; prov:wasDerivedFrom leads to the passages."""
        columns = [NamedNode(f"{iris.question(self.question.name)}#{name}") for name in self.columns]
        for number, row in enumerate(self.rows_found, start=1):
            node = BlankNode(f"row{number}")
            for column, text, iri in zip(columns, row.terms, row.iris, strict=True):
                if text:
                    yield Triple(node, column, NamedNode(iri) if iri else engine_term(text))
            for place in self.places(row):
                yield Triple(node, NamedNode(DERIVED), NamedNode(place.iri))

    def to_rdflib(self) -> "Graph":
        """The triples as a graph of rdflib."""
        import rdflib

        graph, nodes = rdflib.Graph(), defaultdict[str, rdflib.BNode](rdflib.BNode)
        for triple in self.triples():
            term = triple.object
            assert isinstance(triple.subject, BlankNode)
            if isinstance(term, Literal):
                datatype = None if term.language else rdflib.URIRef(term.datatype.value)
                value: rdflib.term.Node = rdflib.Literal(term.value, lang=term.language, datatype=datatype)
            else:
                assert isinstance(term, NamedNode)
                value = rdflib.URIRef(term.value)
            graph.add((nodes[triple.subject.value], rdflib.URIRef(triple.predicate.value), value))
        return graph

    @cached_property
    def _finders(self) -> tuple[Find, ...]:
        return tuple(map(self._finder, self.question.evidence))

    def _finder(self, place: Place) -> Find:
        """What finds this place in the values of a row; the numbers of its columns are looked up once for all rows."""
        number = self.columns.index
        begin_at, end_at = number(place.begin), number(place.end)
        when = [(number(column), wanted) for column, wanted in place.when.items()]
        source_of = self._source_of(place)

        def find(values: tuple[Cell, ...]) -> Evidence | None:
            begin, end, source = values[begin_at], values[end_at], source_of(values)
            if not source or not isinstance(begin, int) or not isinstance(end, int):
                return None
            held = not when or all(values[at] == wanted for at, wanted in when)
            return Evidence(source, begin, end) if held else None

        return find

    def _source_of(self, place: Place) -> Callable[[tuple[Cell, ...]], str]:
        """The source in its column; else of its series the one with the edition in a column, or the only one."""
        if place.source:
            at = self.columns.index(place.source)
            return lambda values: str(values[at])
        some = [one for one in self.sources if one.series == place.series]
        if place.edition:
            edition = self.columns.index(place.edition)
            counts = Counter(one.edition for one in some)
            by_edition: dict[Cell, str] = {one.edition: one.id for one in some if counts[one.edition] == 1}
            return lambda values: by_edition.get(values[edition], "")
        only = some[0].id if len(some) == 1 else ""
        return lambda _: only
