"""Answers of other endpoints: read strictly, and kept for a while."""

import time
from collections import OrderedDict
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QueryResultsFormat, Triple, parse_query_results

from kg.federate.refused import Refused

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]


class RemoteFailed(Refused):
    """Another endpoint did not answer as it should; SERVICE SILENT goes on without it."""


class Answer(NamedTuple):
    """`age` is how many seconds ago it was fetched, None if just now; `requests` counts repeated ones too."""

    columns: tuple[str, ...]
    rows: list[Row]
    size: int
    requests: int = 1
    age: float | None = None


class Cache(Protocol):
    """Answers that are kept, by endpoint and query; an answer is the bytes as they came, with their age in seconds."""

    def get(self, endpoint: str, query: str) -> tuple[bytes, float] | None: ...

    def put(self, endpoint: str, query: str, data: bytes) -> None: ...


class Answers:
    """The last answers as they came, as many as fit into `size` bytes, none older than `seconds`."""

    def __init__(self, size: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._seconds = seconds
        self._now = now
        self._kept: OrderedDict[tuple[str, str], tuple[float, bytes]] = OrderedDict()

    def get(self, endpoint: str, query: str) -> tuple[bytes, float] | None:
        """The bytes and their age in seconds."""
        came, data = self._kept.get((endpoint, query), (0.0, b""))
        age = self._now() - came
        return (data, age) if data and age <= self._seconds else None

    def put(self, endpoint: str, query: str, data: bytes) -> None:
        self._kept.pop((endpoint, query), None)
        self._kept[endpoint, query] = self._now(), data
        while sum(len(kept) for _, kept in self._kept.values()) > self._size:
            self._kept.popitem(last=False)


def read_json(endpoint: str, data: bytes, most: int) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of SPARQL results in JSON; raises RemoteFailed (502), or Refused (400) beyond `most` rows.

    Each term is checked as it is read: an IRI or a language with a sign that it cannot hold is no term.
    """
    try:
        results = parse_query_results(data, format=QueryResultsFormat.JSON)
        if isinstance(results, QueryBoolean):
            raise RemoteFailed(502, "The other endpoint failed", f"{endpoint} answered true or false, not with rows")
        rows = [tuple(solution) for solution in islice(results, most + 1)]
    except (SyntaxError, ValueError) as error:
        detail = f"{endpoint} answered what is no SPARQL result in JSON: {str(error)[:200]}"
        raise RemoteFailed(502, "The other endpoint failed", detail) from error
    if len(rows) > most:
        raise too_much(f"{endpoint} answered with more rows than the {most} that are left to this query")
    return tuple(variable.value for variable in results.variables), rows


def too_much(detail: str) -> Refused:
    return Refused(400, "The query asks too much of another endpoint", f"{detail}; restrict it, or ask in parts")
