"""A query on the engine: syntax errors made readable, several default graphs merged, SELECT * in order of first use."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urljoin

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from kg.iris import BASE
from kg.serve.explain import explain
from kg.serve.guard import inspect, inspect_fully
from kg.serve.negotiate import Format
from kg.serve.now import WaitingError
from kg.serve.outline import Outline
from kg.serve.problem import Problem
from kg.serve.protocol import Dataset
from kg.serve.write import Output, write_graph, write_rows

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]
_Results = QuerySolutions | QueryBoolean | QueryTriples

_VIEWS_KEPT: Final = 4


class Question(NamedTuple):
    """A query that has passed the guard."""

    text: str
    outline: Outline
    dataset: Dataset | None


@dataclass(frozen=True)
class Table:
    """The first rows of an answer, for a page; `answer` is set for ASK only, `more` where rows were left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    more: bool = False
    answer: bool | None = None


class Engine:
    """One read-only store. A query that has begun ends when its writer raises, or with its process.

    `merged` is the default graph alone, for queries that can name no other."""

    def __init__(self, store: Store, prefixes: Callable[[], Mapping[str, str]], merged: Store | None = None) -> None:
        self._store = store
        self._merged_alone = store if merged is None else merged
        self._prefixes = prefixes
        self._empty = Store()
        self._views: OrderedDict[Dataset, Store] = OrderedDict()

    def serialize(self, question: Question, wanted: Format, output: Output) -> None:
        try:
            results = self._query(question)
            if isinstance(results, QueryTriples):
                write_graph(results, wanted, output, self._prefixes())
            else:
                write_rows(results, wanted, output)
        except WaitingError:
            raise
        except (SyntaxError, RuntimeError) as error:
            raise _readable(question.text, error) from error

    def rows(self, dataset: Dataset | None, text: str) -> Iterator[Row]:
        """Of a SELECT that we have made ourselves out of a query that has passed the guard."""
        outline = inspect(text)
        results = self._query(Question(text, outline, dataset))
        assert isinstance(results, QuerySolutions)
        return (tuple(solution) for solution in results)

    def table(self, question: Question, most: int) -> Table:
        try:
            results = self._query(question)
            if isinstance(results, QueryBoolean):
                return Table((), (), answer=bool(results))
            columns: tuple[str, ...] = ("subject", "predicate", "object")
            if isinstance(results, QuerySolutions):
                columns = tuple(variable.value for variable in results.variables)
            rows = [tuple(row) for row in islice(results, most + 1)]
            return Table(columns, tuple(rows[:most]), more=len(rows) > most)
        except WaitingError:
            raise
        except (SyntaxError, RuntimeError) as error:
            raise _readable(question.text, error) from error

    def _query(self, question: Question) -> _Results:
        text = self._with_variables(question)
        dataset = _resolved(question.dataset) if question.dataset else self._own_dataset(question.outline)
        if dataset is None:
            store = self._store if may_name_graphs(text) else self._merged_alone
            return store.query(text, base_iri=BASE)
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in dataset.named_graphs]
        if len(dataset.default_graphs) > 1:
            return self._view(dataset).query(text, base_iri=BASE, default_graph=DefaultGraph(), named_graphs=named)
        defaults: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in dataset.default_graphs]
        return self._store.query(text, base_iri=BASE, default_graph=defaults, named_graphs=named)

    def _own_dataset(self, outline: Outline) -> Dataset | None:
        """FROM and FROM NAMED where there are several FROM (the engine is right about one); it resolves the names."""
        if len(outline.default_graphs) < 2:
            return None
        graphs = outline.default_graphs + outline.named_graphs
        columns = " ".join(f"({graph} AS ?g{place})" for place, graph in enumerate(graphs))
        resolved = self._empty.query(f"{outline.prologue} SELECT {columns} {{}}", base_iri=BASE)
        iris = tuple(str(term.value) for row in resolved for term in row)  # type: ignore[union-attr]
        count = len(outline.default_graphs)
        return _resolved(Dataset(iris[:count], iris[count:]))

    def _with_variables(self, question: Question) -> str:
        """SELECT * made explicit, in order of first use; the engine tells over no data which variables are in scope."""
        text, outline = question.text, question.outline
        if outline.star is None:
            return text
        results = self._empty.query(text, base_iri=BASE)
        in_scope = {variable.value for variable in results.variables}  # type: ignore[union-attr]
        names = [f"?{name}" for name in outline.variables if name in in_scope]
        if not names:
            return text
        return f"{text[: outline.star]} {' '.join(names)} {text[outline.star + 1 :]}"

    def _view(self, dataset: Dataset) -> Store:
        """A store whose default graph is the merge of several: the engine would give a triple once per graph."""
        view = self._views.pop(dataset, None)
        if view is None:
            view = Store()
            view.bulk_extend(self._merged(dataset))
        self._views[dataset] = view
        if len(self._views) > _VIEWS_KEPT:
            self._views.popitem(last=False)
        return view

    def _merged(self, dataset: Dataset) -> Iterator[Quad]:
        for iri in dataset.default_graphs:
            for quad in self._store.quads_for_pattern(None, None, None, NamedNode(iri)):
                yield Quad(*quad.triple)
        for iri in dataset.named_graphs:
            yield from self._store.quads_for_pattern(None, None, None, NamedNode(iri))


def _readable(text: str, error: SyntaxError | RuntimeError) -> Problem:
    """What is to be raised instead of what the engine has raised."""
    if isinstance(error, SyntaxError):
        # What the guard can tell of a syntax error it tells better; it may not have read every token yet.
        inspect_fully(text)
        return explain(text, str(error))
    return Problem(400, "The query cannot be evaluated", str(error))


def may_name_graphs(text: str) -> bool:
    """False where a query has no GRAPH and no FROM, however they are spelled; words are counted in names too."""
    upper = text.upper()
    return "GRAPH" in upper or "FROM" in upper or "\\U" in upper


def graph_name(iri: str) -> NamedNode:
    """Resolved against the base; raises Problem 400."""
    try:
        return NamedNode(urljoin(BASE, iri))
    except ValueError as error:
        raise Problem(400, "Malformed request", f"{iri!r} is no IRI of a graph") from error


def _resolved(dataset: Dataset) -> Dataset:
    """In one order, so that a set of graphs is merged once however it is written."""
    defaults, named = (
        {graph_name(iri).value for iri in iris} for iris in (dataset.default_graphs, dataset.named_graphs)
    )
    return Dataset(tuple(sorted(defaults)), tuple(sorted(named)))
