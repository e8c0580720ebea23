"""A SPARQL query on the graph, as rows for a table or as the bytes of a standard format."""

import re
from typing import Final, NamedTuple

from pyoxigraph import QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store

from kg import iris

RESULTS: Final = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
GRAPHS: Final = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES}


class SparqlError(ValueError):
    """A query that cannot be run: where (line and column) and why, or which formats its result can have."""


class Rows(NamedTuple):
    """The result of SELECT or ASK as rows of strings."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def run(store: Store, text: str, form: str | None) -> Rows | bytes:
    """Evaluate; `form` None or table gives Rows for SELECT and ASK and Turtle for the others. Raises SparqlError."""
    try:
        result = store.query(text, base_iri=iris.BASE)
    except SyntaxError as error:
        raise SparqlError(_place(str(error))) from error
    if isinstance(result, QueryTriples):
        return _graph(result, form)
    if form in GRAPHS:
        raise SparqlError(f"the result of SELECT or ASK is no graph; formats: table, {', '.join(RESULTS)}")
    if form in RESULTS:
        return _bytes(result.serialize(format=RESULTS[form]))
    if isinstance(result, QueryBoolean):
        return Rows(("answer",), [("true" if result else "false",)])
    names = tuple(variable.value for variable in result.variables)
    return Rows(names, [tuple("" if v is None else v.value for v in row) for row in map(tuple, result)])


def _graph(result: QueryTriples, form: str | None) -> bytes:
    if form in RESULTS:
        raise SparqlError(f"the result of CONSTRUCT or DESCRIBE is a graph; formats: {', '.join(GRAPHS)}")
    return _bytes(result.serialize(format=GRAPHS.get(form or "", RdfFormat.TURTLE)))


def _bytes(data: bytes | None) -> bytes:
    return data or b""


def _place(message: str) -> str:
    at = re.search(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    return f"SPARQL syntax error at line {at[1]}, column {at[2]}: {at[3]}" if at else f"SPARQL syntax error: {message}"
