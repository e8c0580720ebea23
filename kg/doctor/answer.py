"""What came back, and what it says: status, headers, rows, triples, read as its own label says."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple
from xml.etree import ElementTree

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

_RESULTS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
}
_GRAPHS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/xml": RdfFormat.RDF_XML,
    "text/xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_OF_ANYTHING: Final = frozenset({"application/json", "application/xml", "text/xml", "text/plain"})
_BASE: Final = "http://example.org/"


@dataclass(frozen=True)
class Answer:
    """Names of headers are in lower case; the body is without transfer and content coding."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """All fields of that name as one, or None."""
        values = [value for field_name, value in self.headers if field_name == name]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        """Bare, in lower case; "" without one."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Came:
    """All that came of one check. Without an answer `failure` says why; `closed` is known of raw sockets only."""

    answers: tuple[Answer, ...] = ()
    failure: str = ""
    closed: bool = False
    seconds: float = 0.0
    touched: bool = False
    alive: bool = True
    meanwhile: bool = True


class Rows(NamedTuple):
    """A result as cells without type or language; `boolean` is of ASK."""

    cells: list[list[str]]
    boolean: bool | None = None


def rows(answer: Answer) -> Rows:
    """Raises ValueError where the body is not what its label says, or no result."""
    if answer.media_type in _RESULTS:
        try:
            return _parsed(pyoxigraph.parse_query_results(answer.body, _RESULTS[answer.media_type]))
        except SyntaxError as error:
            raise ValueError(str(error)) from error
    text = answer.body.decode("utf-8")
    if answer.media_type == "text/csv":
        return _listed(list(csv.reader(io.StringIO(text, newline=""))))
    if answer.media_type == "text/tab-separated-values":
        lines = text.removesuffix("\n").split("\n")
        return _listed([[_plain(cell) for cell in line.rstrip("\r").split("\t")] for line in lines])
    raise ValueError(f"{answer.media_type or 'no type'} is no format of results")


def _parsed(found: object) -> Rows:
    if isinstance(found, QueryBoolean):
        return Rows([], bool(found))
    assert isinstance(found, QuerySolutions)
    return Rows([[getattr(cell, "value", "") for cell in solution] for solution in found])


def _listed(lines: list[list[str]]) -> Rows:
    if lines and lines[0] in (["true"], ["false"]):
        return Rows([], lines[0] == ["true"])
    return Rows(lines[1:])


def _plain(cell: str) -> str:
    """A term of TSV without its quotes; escapes are undone as JSON has them."""
    if cell.startswith('"') and '"' in cell[1:]:
        return str(json.loads(cell[: cell.rindex('"') + 1]))
    return cell.strip("<>")


def triples(answer: Answer) -> Iterator[Triple]:
    """Raises ValueError where the body is not what its label says, or no RDF."""
    if answer.media_type not in _GRAPHS:
        raise ValueError(f"{answer.media_type or 'no type'} is no format of RDF")
    try:
        for quad in pyoxigraph.parse(answer.body, _GRAPHS[answer.media_type], base_iri=_BASE):
            yield quad.triple
    except SyntaxError as error:
        raise ValueError(f"no {answer.media_type}: {error}") from error


def is_well_formed(answer: Answer) -> Literal[True]:
    """Raises ValueError with the place where the bytes are not what the label says; other types are not looked into."""
    try:
        if answer.media_type.endswith("xml") and answer.media_type != "application/xhtml+xml":
            ElementTree.fromstring(answer.body)  # noqa: S314  expat of today keeps to its own limits
        if answer.media_type in _GRAPHS.keys() - _OF_ANYTHING:
            list(triples(answer))
        elif answer.media_type in _RESULTS.keys() - _OF_ANYTHING:
            rows(answer)
    except ElementTree.ParseError as error:
        raise ValueError(f"no {answer.media_type}: {error}") from error
    return True


def printable(text: str) -> str:
    """In one line, without what would steer a terminal: it comes from a server that nobody vouches for."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))


def summary(came: Came) -> str:
    """What came, in one line."""
    if not came.answers:
        closed = "the connection was closed without an answer" if came.closed else "no answer, and the connection open"
        return came.failure or f"{closed} after {came.seconds:.0f} s"
    shown = [printable(f"{answer.status} {answer.media_type}") for answer in came.answers]
    text = printable(came.answers[-1].body[:200].decode("utf-8", "replace"))
    return ", then ".join(dict.fromkeys(shown)) + (f": {text[:80]}" if text else "")
