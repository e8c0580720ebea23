"""Checks and metrics as they are packaged: one SPARQL file each, its description in the header; what they find."""

import functools
import importlib.resources
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

SEVERITIES: Final = ("error", "warning", "note")
# What is not a query: findings that records hold, and those that rest on facts from outside the graph.
READING, OUTSIDE = "reading", "outside"
Term = NamedNode | Literal


class ChecksError(ValueError):
    """A check, or a table of reviews, that cannot be used; the message names file, line and what is allowed."""


@dataclass(frozen=True)
class Check:
    """A check: its question, what it means that something is found, what to do then, how much it matters, which kind
    of problem its findings have, the dimension of data quality, and the query ("" for what is not found by one)."""

    name: str
    summary: str
    problem: str
    solution: str
    severity: str
    kind: str
    dimension: str
    query: str


@dataclass(frozen=True)
class Metric:
    """Something measured: what it says, the XML Schema datatype of its values, its dimension and its query."""

    name: str
    summary: str
    definition: str
    datatype: str
    dimension: str
    query: str


@dataclass(frozen=True, order=True)
class Row:
    """What a check found: IRI of the thing or statement, of the property, the value, and the IRI of what it is
    compared with; "" for what there is none of."""

    check: str
    entity: str
    property: str
    value: str
    compared: str


@dataclass(frozen=True, order=True)
class Value:
    """What a metric measured: on which thing, in which category ("" for all), and the value."""

    metric: str
    computed_on: str
    category: str
    value: str


@functools.cache
def packaged_checks() -> tuple[Check, ...]:
    """All checks by name: queries/checks/*.rq, readings and outside facts. Raises ChecksError."""
    found = [read_check(name, text) for name, text in _files("checks")]
    return tuple(sorted([*found, *NOT_QUERIES], key=lambda check: check.name))


@functools.cache
def packaged_metrics() -> tuple[Metric, ...]:
    """All metrics by name: queries/metrics/*.rq. Raises ChecksError."""
    return tuple(read_metric(name, text) for name, text in _files("metrics"))


def _files(folder: str) -> Iterator[tuple[str, str]]:
    for item in sorted((importlib.resources.files("kg.queries") / folder).iterdir(), key=lambda item: item.name):
        if item.name.endswith(".rq"):
            yield item.name.removesuffix(".rq"), item.read_text(encoding="utf-8")


def read_check(name: str, text: str) -> Check:
    """A check file. Raises ChecksError where its header lacks something or names an unknown severity."""
    keys = ("summary", "problem", "solution", "severity", "kind", "dimension")
    header = _header(f"queries/checks/{name}.rq", text, keys)
    if header["severity"] not in SEVERITIES:
        raise ChecksError(
            f"queries/checks/{name}.rq: severity is {header['severity']!r}; known: {', '.join(SEVERITIES)}"
        )
    return Check(name=name, query=text, **{key: header[key] for key in keys})


def read_metric(name: str, text: str) -> Metric:
    """A metric file. Raises ChecksError where its header lacks something."""
    keys = ("summary", "definition", "datatype", "dimension")
    header = _header(f"queries/metrics/{name}.rq", text, keys)
    return Metric(name=name, query=text, **{key: header[key] for key in keys})


def _header(file: str, text: str, keys: Sequence[str]) -> dict[str, str]:
    try:
        header: Any = yaml.safe_load("\n".join(line[3:] for line in text.split("\n") if line.startswith("#+ ")))
    except yaml.YAMLError as error:
        raise ChecksError(f"{file}: its header (#+ lines) is no YAML: {error}") from error
    missing = [key for key in keys if not isinstance(header, dict) or not isinstance(header.get(key), str)]
    if missing:
        raise ChecksError(f"{file}: its header (#+ lines) lacks {', '.join(missing)}; it must give {', '.join(keys)}")
    return {key: str(header[key]) for key in keys}


def rows(store: Store, checks: Iterable[Check]) -> list[Row]:
    """What the checks find in the merged graph of the store, sorted. Raises ChecksError for one that is no SELECT."""
    found = {Row(check.name, *cells) for check in checks if check.query for cells in _cells(store, check)}
    return sorted(found)


def _cells(store: Store, check: Check) -> Iterator[tuple[str, str, str, str]]:
    solutions = _select(store, f"queries/checks/{check.name}.rq", check.query)
    names = {variable.value for variable in solutions.variables}
    if not {"entity", "property", "value"} <= names <= {"entity", "property", "value", "with"}:
        raise ChecksError(
            f"queries/checks/{check.name}.rq: must give ?entity ?property ?value, and ?with if it compares"
        )
    for solution in solutions:
        other = text(solution["with"]) if "with" in names else ""
        yield text(solution["entity"]), text(solution["property"]), text(solution["value"]), other


def values(store: Store, metrics: Iterable[Metric]) -> list[Value]:
    """What the metrics measure in the merged graph of the store, sorted."""
    found: list[Value] = []
    for metric in metrics:
        for solution in _select(store, f"queries/metrics/{metric.name}.rq", metric.query):
            cells = (text(solution[name]) for name in ("on", "category", "value"))
            found.append(Value(metric.name, *cells))
    return sorted(found)


def _select(store: Store, file: str, query: str) -> QuerySolutions:
    try:
        solutions = store.query(query)
    except SyntaxError as error:
        raise ChecksError(f"{file}: {error}") from error
    if not isinstance(solutions, QuerySolutions):
        raise ChecksError(f"{file}: must be a SELECT query")
    return solutions


def text(term: object) -> str:
    """An IRI or literal as its text; "" for nothing."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


NOT_QUERIES: Final = (
    Check(
        name=READING,
        summary="What did those who read a source, or the code that reads its tables, notice and record?",
        problem="Something in a source is printed wrongly, contradicts another place or can be read in two ways.",
        solution="Keep it as printed, with the usual form or the other place beside it.",
        severity="warning",
        kind="unclear",
        dimension="semanticAccuracy",
        query="",
    ),
    Check(
        name=OUTSIDE,
        summary="What in a source looks different when a source outside the graph is read beside it?",
        problem="A document that is no source of the graph says otherwise.",
        solution="Keep the statement; the finding names the document and what it says.",
        severity="warning",
        kind="outside_fact",
        dimension="semanticAccuracy",
        query="",
    ),
)
