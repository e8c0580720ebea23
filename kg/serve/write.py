"""Answers as bytes, by the engine's own serializers, with what these get wrong put right: XML that is XML."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Final, Protocol, cast

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat

from kg.serve.negotiate import CSV, JSON, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TSV, TURTLE, XML, Format
from kg.serve.problem import Problem

RESULT_SYNTAXES: Final = {
    JSON: QueryResultsFormat.JSON,
    XML: QueryResultsFormat.XML,
    CSV: QueryResultsFormat.CSV,
    TSV: QueryResultsFormat.TSV,
}
GRAPH_SYNTAXES: Final = {
    TURTLE: RdfFormat.TURTLE,
    N_TRIPLES: RdfFormat.N_TRIPLES,
    JSON_LD: RdfFormat.JSON_LD,
    RDF_XML: RdfFormat.RDF_XML,
    TRIG: RdfFormat.TRIG,
    N_QUADS: RdfFormat.N_QUADS,
}
# What XML 1.0 cannot hold, not even as a character reference: control characters, U+FFFE and U+FFFF.
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# Up to so many bytes an answer in Turtle is read by people, and gets prefixes.
_SHORT: Final = 64 * 1024
# How the engine writes a predicate that ends in no name, which RDF/XML has no way to write.
_NO_NAME: Final = b"<oxprefix: "


class Output(Protocol):
    """Where the engine writes an answer, 8 KiB at a time; raising ends the query."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def write_rows(results: QuerySolutions | QueryBoolean, wanted: Format, output: Output) -> None:
    """Raises Problem 406 where the format cannot hold a value."""
    guarded = _XmlOnly(output) if wanted == XML else output
    results.serialize(cast("IO[bytes]", guarded), RESULT_SYNTAXES[wanted])


def write_graph(results: QueryTriples, wanted: Format, output: Output, prefixes: Mapping[str, str]) -> None:
    """Raises Problem 406 where the format cannot hold a triple. A short answer in Turtle or TriG has the prefixes."""
    try:
        if wanted in {TURTLE, TRIG}:
            short = _ShortFirst(output, GRAPH_SYNTAXES[wanted], prefixes)
            results.serialize(cast("IO[bytes]", short), GRAPH_SYNTAXES[wanted])
            short.end()
        else:
            guarded = _XmlOnly(output) if wanted == RDF_XML else output
            results.serialize(cast("IO[bytes]", guarded), GRAPH_SYNTAXES[wanted])
    except OSError as error:
        if wanted == JSON_LD and type(error) is OSError:
            raise _cannot_hold("a term is of RDF 1.2, which JSON-LD cannot hold: ask for Turtle") from error
        raise


class _XmlOnly:
    """Refuses what no XML reader takes, and writes a carriage return so that none takes it for a line feed."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._tail = b""

    def write(self, data: bytes) -> int:
        seen = self._tail + data
        if _NOT_XML.search(seen):
            raise _cannot_hold("a value holds a control character, which XML cannot hold: ask for JSON")
        if _NO_NAME in seen:
            raise _cannot_hold("a predicate ends in no name, so that RDF/XML cannot hold it: ask for Turtle")
        self._tail = seen[-len(_NO_NAME) :]
        self._output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self._output.flush()


class _ShortFirst:
    """The engine takes no prefixes for the answer of a query: what is short is read and written once more with them,
    what is long goes on as it comes."""

    def __init__(self, output: Output, syntax: RdfFormat, prefixes: Mapping[str, str]) -> None:
        self._output = output
        self._syntax = syntax
        self._prefixes = prefixes
        self._held: bytearray | None = bytearray()

    def write(self, data: bytes) -> int:
        if self._held is None:
            return self._output.write(data)
        self._held += data
        if len(self._held) > _SHORT:
            self._output.write(bytes(self._held))
            self._held = None
        return len(data)

    def flush(self) -> None:
        """The engine calls this once, at the end; `end` does the work."""

    def end(self) -> None:
        if self._held is not None:
            self._output.write(_with_prefixes(bytes(self._held), self._syntax, self._prefixes))
        self._output.flush()


def _with_prefixes(written: bytes, syntax: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    used = {name: namespace for name, namespace in prefixes.items() if f"<{namespace}".encode() in written}
    if not used:
        return written
    again = BytesIO()
    triples = (quad.triple for quad in pyoxigraph.parse(written, syntax))
    pyoxigraph.serialize(triples, again, syntax, prefixes=used)
    return again.getvalue()


def _cannot_hold(detail: str) -> Problem:
    return Problem(406, "No acceptable format", detail)
