"""SPARQL 1.1 Protocol, section 2.1, and Graph Store Protocol, reads: a request is read as an operation, strictly.

No sockets, no framework.
"""

import re
from binascii import a2b_qp
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from kg.serve.problem import Problem

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
GRAPH_METHODS: Final = ("GET", "HEAD", "OPTIONS")
FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_READ_ONLY: Final = "this endpoint is read-only: the graph changes only when it is built again from its records"
_SINGLE_PARAMETERS: Final = frozenset({"query", "update", "format", "graph", "default", "timeout"})
_DESCRIPTION_PARAMETERS: Final = frozenset({"format", "timeout"})
_GRAPH_PARAMETERS: Final = frozenset({"graph", "default"})
_QUERY: Final = b"query="
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2}).{0,2}")
_DECIMAL: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")


class Request(NamedTuple):
    """Header names are in lower case, fields of one name are one; the query string and the body are as they came."""

    method: str
    query_string: bytes
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Dataset:
    """The graphs that a request names; a request that names any has no others."""

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


class QueryOperation(NamedTuple):
    """`dataset` is None where the query's own FROM counts; `format` overrides Accept."""

    query: str
    dataset: Dataset | None
    format: str | None


@dataclass(frozen=True)
class ReadGraph:
    """A whole graph as it is stored: a named one, or with None the default graph."""

    graph: str | None
    format: str | None


@dataclass(frozen=True)
class DescribeService:
    """A bare GET of the endpoint."""

    format: str | None


@dataclass(frozen=True)
class Preflight:
    """OPTIONS: what may be sent here, also from a page of another origin."""


Operation = QueryOperation | ReadGraph | DescribeService | Preflight


def read(request: Request, *, most_seconds: float) -> Operation:
    """Raises Problem (400, 403, 405, 415). `most_seconds` is what `timeout` may ask for; who ends queries obeys it."""
    if request.method == "OPTIONS":
        return Preflight()
    if (operation := _query_alone(request)) is not None:
        return operation
    refuse_double_framing(request)
    parameters = list(pairs(request.query_string, "the query string"))
    names = {name for name, _ in parameters}
    methods = GRAPH_METHODS if names & _GRAPH_PARAMETERS else METHODS
    if request.method not in methods:
        allow = (("Allow", ", ".join(methods)),)
        raise Problem(405, "Method not allowed", f"{request.method}: {_READ_ONLY}", headers=allow)
    if request.method == "POST":
        parameters += _posted(request)
    given = _single(parameters)
    if given.get("timeout"):  # an empty one is what a form sends that was left empty
        seconds(given["timeout"], most_seconds)
    if request.method != "POST" and names <= _DESCRIPTION_PARAMETERS:
        return DescribeService(given.get("format"))
    return _graph(given) if names & _GRAPH_PARAMETERS else _query(parameters, given)


def _query_alone(request: Request) -> QueryOperation | None:
    """What most requests are, a GET with a query and nothing else: it needs no tables of parameters. None for all
    others, those with something wrong among them."""
    said = request.query_string
    alone = request.method == "GET" and said.startswith(_QUERY) and b"&" not in said
    if not alone or "transfer-encoding" in request.headers:
        return None
    query = _decode(said[len(_QUERY) :], "the query string")
    return QueryOperation(query, None, None) if query.strip() else None


def seconds(timeout: str, most: float) -> float:
    """The value of `timeout`. Raises Problem 400 with the range."""
    wanted = float(timeout) if _DECIMAL.fullmatch(timeout) else 0.0
    if not 0 < wanted <= most:
        detail = f"timeout is a number of seconds, more than 0 and at most {most:g}, not {timeout[:40]!r}"
        raise Problem(400, "No such time-out", detail)
    return wanted


def refuse_double_framing(request: Request) -> None:
    """With two lengths, a proxy in front may see another request than we do (RFC 9112, section 6.3)."""
    if request.headers.get("content-length") is not None and request.headers.get("transfer-encoding") is not None:
        detail = "the request has both Content-Length and Transfer-Encoding"
        raise Problem(400, "Ambiguous length", detail, headers=(("Connection", "close"),))


def _posted(request: Request) -> list[tuple[str, str]]:
    """The body's parameters; a direct POST is a form of one `query`."""
    content_type = request.headers.get("content-type")
    if content_type is None and not request.body:
        return []
    media_type, charset = _media_type(content_type or "none")
    if media_type == UPDATE:
        raise Problem(403, "Read-only", _READ_ONLY)
    if media_type not in {FORM, DIRECT}:
        detail = f"a query is posted as {FORM} or {DIRECT}, not as {media_type}"
        raise Problem(415, "Unsupported media type", detail, headers=(("Accept-Post", f"{FORM}, {DIRECT}"),))
    if charset not in {None, "utf-8", "utf8"}:
        raise Problem(415, "Unsupported charset", f"a query is read as UTF-8, not as {charset}")
    if request.headers.get("content-encoding") not in {None, "identity"}:
        raise Problem(415, "Unsupported content encoding", "the body has to be sent as it is, without compression")
    if media_type == FORM:
        return list(pairs(request.body, "the form"))
    return [("query", _utf8(request.body, "the query"))]


def _media_type(content_type: str) -> tuple[str, str | None]:
    """Bare type and charset, in lower case."""
    bare, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            charset = value.strip().strip('"')
    return bare, charset


def _graph(given: Mapping[str, str]) -> ReadGraph:
    asked = given.keys() & {"query", "update", "graph", "default"}
    if len(asked) > 1:
        raise Problem(400, "Ambiguous request", f"only one of these is allowed: {', '.join(sorted(asked))}")
    if given.get("graph") == "":
        raise Problem(400, "No graph", "the parameter graph is empty; default is for the default graph")
    return ReadGraph(given.get("graph"), given.get("format"))


def _query(parameters: list[tuple[str, str]], given: Mapping[str, str]) -> QueryOperation:
    if "update" in given:
        both = "query" in given
        raise Problem(400 if both else 403, "Ambiguous request" if both else "Read-only", _READ_ONLY)
    if not given.get("query", "").strip():
        raise Problem(400, "No query", "the parameter query is missing or empty")
    return QueryOperation(given["query"], _dataset(parameters), given.get("format"))


def _single(parameters: list[tuple[str, str]]) -> dict[str, str]:
    """The parameters that may be given once."""
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in _SINGLE_PARAMETERS:
            continue
        if name in given:
            count = sum(1 for other, _ in parameters if other == name)
            raise Problem(400, "Ambiguous request", f"there are {count} parameters {name}, where one is allowed")
        given[name] = value
    return given


def _dataset(parameters: list[tuple[str, str]]) -> Dataset | None:
    """An empty name is what query forms send for "no graph named"."""
    defaults = tuple(value for name, value in parameters if name == "default-graph-uri" and value)
    named = tuple(value for name, value in parameters if name == "named-graph-uri" and value)
    return Dataset(defaults, named) if defaults or named else None


def pairs(encoded: bytes, where: str) -> Iterator[tuple[str, str]]:
    """The names and values of a query string or form. Raises Problem 400 for what cannot be read."""
    for pair in encoded.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            yield _decode(name, where), _decode(value, where)


def _decode(encoded: bytes, where: str) -> str:
    """Once, and never with a replacement character: what cannot be read is not answered."""
    spaced = encoded.replace(b"+", b" ")
    if b"%" not in spaced:
        return _utf8(spaced, where)
    broken = _BROKEN_ESCAPE.search(spaced)
    if broken:
        sign = broken[0].decode("ascii", "replace")
        raise Problem(400, "Malformed request", f"{where} has a percent sign that starts no escape: {sign}")
    # Quoted-printable is the same with = for %, and is undone ten times as fast as by urllib.
    return _utf8(a2b_qp(spaced.replace(b"=", b"=3D").replace(b"%", b"=")), where)


def _utf8(encoded: bytes, where: str) -> str:
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"{where} is not UTF-8: byte {encoded[error.start]:#04x} at {error.start}"
        raise Problem(400, "Malformed request", detail) from error
