"""Answers as bytes, by the engine's own serializers, with what these get wrong put right: XML that is XML."""

import re
from typing import IO, Final, Protocol, cast

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


def write_graph(results: QueryTriples, wanted: Format, output: Output) -> None:
    """Raises Problem 406 where the format cannot hold a triple."""
    guarded = _XmlOnly(output) if wanted == RDF_XML else output
    try:
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


def _cannot_hold(detail: str) -> Problem:
    return Problem(406, "No acceptable format", detail)
