"""The short way of a query gives what the long way gives, byte for byte, and leaves all else to that."""

import zlib
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import Store

from kg.serve.app import Application, create_app
from kg.serve.boundary import TransferBroken
from kg.serve.bounded import Most
from kg.serve.endpoint import PROBLEM, Limits
from kg.serve.now import respond
from kg.serve.problem import Problem
from tests.serve.conftest import EX

Fields = tuple[tuple[bytes, bytes], ...]
Said = list[tuple[Any, bytes, bool]]
JSON: Fields = ((b"host", b"localhost"), (b"accept", b"application/sparql-results+json"))
FORM: Fields = ((b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded"))
ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s"
SOME = "SELECT * { VALUES ?a { " + "0 " * 40 + "} ?s ?p ?o }"
MANY = "SELECT * { VALUES ?a { " + "0 " * 40 + "} VALUES ?b { " + "0 " * 40 + "} ?s ?p ?o }"


@pytest.fixture
def application(store: Store) -> Application:
    return create_app(store, build_id="build-1", questions=[], limits=Limits(result=Most(rows=5_000)))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """How an answer is cut into pieces does not depend on the time."""
    monkeypatch.setattr("kg.serve.push._AT_MOST", 60.0)


def long_way(app: Application, line: tuple[bytes, bytes, bytes], headers: Fields, body: bytes = b"") -> Said:
    said: Said = []
    heads: list[Any] = []

    def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
            heads.append(list(message["headers"]))
        else:
            said.append((heads.pop() if heads else None, message["body"], message.get("more_body", False)))

    method, path, query = line
    scope = {"type": "http", "method": method.decode(), "path": path.decode(), "raw_path": path}
    scope |= {"query_string": query, "headers": list(headers), "root_path": "", "scheme": "http"}
    respond(app, scope | {"server": ("localhost", 80), "client": None}, body, send)
    return said


def short_way(app: Application, line: tuple[bytes, bytes, bytes], headers: Fields, body: bytes = b"") -> Said | None:
    """None where it is not taken to the end."""
    said: Said = []

    def emit(head: Any, piece: bytes, *, more: bool) -> None:
        said.append((None if head is None else head.all(), piece, more))

    return said if app.direct.answer(line, headers, body, emit) is True else None


def get(query: str) -> tuple[bytes, bytes, bytes]:
    return b"GET", b"/sparql", f"query={quote(query)}".encode()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "query",
    [
        ROWS,
        "ASK {}",
        "SELECT (RAND() AS ?r) {} LIMIT 0",
        f"DESCRIBE <{EX}a>",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        SOME,
        MANY,
    ],
)
@pytest.mark.parametrize("accept", [b"*/*", b"text/csv, text/turtle", b"application/json", b""])
@pytest.mark.parametrize("coding", [b"identity", b"gzip, br"])
def test_answers_are_the_same(application: Application, query: str, accept: bytes, coding: bytes) -> None:
    headers = ((b"host", b"localhost"), (b"accept", accept), (b"accept-encoding", coding))
    said = short_way(application, get(query), headers)
    assert said is not None
    assert said == long_way(application, get(query), headers)


def test_posted_query_has_the_same_answer(application: Application) -> None:
    line, body = (
        (b"POST", b"/sparql", b"default-graph-uri=" + quote(EX + "first").encode()),
        b"query=" + quote(ROWS).encode(),
    )
    said = short_way(application, line, FORM, body)
    assert said is not None
    assert said == long_way(application, line, FORM, body)
    assert b"http://example.org/b" in said[0][1]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("coding", [b"identity", b"gzip"])
def test_answer_in_pieces_is_the_same(application: Application, coding: bytes) -> None:
    headers = (*JSON, (b"accept-encoding", coding))
    said = short_way(application, get(MANY), headers)
    assert said is not None
    assert len(said) > 1
    assert said == long_way(application, get(MANY), headers)


@pytest.mark.usefixtures("at_once")
def test_compressed_pieces_are_read_one_by_one(application: Application) -> None:
    plain = short_way(application, get(MANY), JSON)
    said = short_way(application, get(MANY), (*JSON, (b"accept-encoding", b"gzip")))
    assert plain is not None
    assert said is not None
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert [reader.decompress(piece) for _, piece, _ in said] == [piece for _, piece, _ in plain]
    assert dict(said[0][0])[b"content-encoding"] == b"gzip"


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        ((b"HEAD", b"/sparql", b"query=ASK%20%7B%7D"), JSON),
        ((b"GET", b"/questions", b""), JSON),
        ((b"GET", b"/sparql/", b"query=ASK%20%7B%7D"), JSON),
        ((b"GET", b"/sparql", b""), JSON),
        ((b"GET", b"/sparql", b"default"), JSON),
        (get("SELECT"), JSON),
        (get("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"), JSON),
        (get(ROWS), ((b"accept", b"text/html"),)),
        (get(ROWS), ((b"accept", b"image/png"),)),
        ((b"POST", b"/sparql", b""), FORM),
    ],
)
def test_all_else_goes_the_long_way(
    application: Application, line: tuple[bytes, bytes, bytes], headers: Fields
) -> None:
    assert short_way(application, line, headers) is None


def test_service_in_a_name_is_no_call(application: Application) -> None:
    query = f"SELECT * {{ <{EX}a-service> ?p ?o }}"
    said = short_way(application, get(query), JSON)
    assert said is not None
    assert said == long_way(application, get(query), JSON)


def test_what_a_client_has_already_goes_the_long_way(application: Application) -> None:
    said = short_way(application, get(ROWS), JSON)
    assert said is not None
    etag = dict(said[0][0])[b"etag"]
    assert short_way(application, get(ROWS), (*JSON, (b"if-none-match", etag))) is None


def test_answer_that_gets_too_large_is_broken_off_once_it_has_begun(application: Application) -> None:
    begun: list[bytes] = []

    def emit(head: Any, piece: bytes, *, more: bool) -> None:
        begun.append(piece)

    with pytest.raises(TransferBroken, match="more than 5000 rows"):
        application.direct.answer(get(MANY.replace("?s ?p ?o", "?s ?p ?o . ?t ?q ?u")), JSON, b"", emit)
    assert begun


def test_fault_before_an_answer_has_begun_is_told_by_the_long_way(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("kg.serve.evaluate.write_rows", fail)
    assert short_way(application, get(ROWS), JSON) is None


@pytest.mark.parametrize("query", ["SELECT", "ASK { ?s a <urn:x> . ", "INSERT DATA {}"])
def test_problem_is_told_by_the_long_way_without_a_second_look(application: Application, query: str) -> None:
    problem = application.direct.answer(get(query), JSON, b"", pytest.fail)
    assert isinstance(problem, Problem)
    assert problem.status in (400, 403)
    scope = {"type": "http", "method": "GET", "path": "/sparql", "raw_path": b"/sparql", "root_path": ""}
    scope |= {"query_string": b"query=ASK%20%7B%7D", "headers": list(JSON), "scheme": "http", PROBLEM: problem}
    said: list[Any] = []
    respond(application, scope | {"server": ("localhost", 80), "client": None}, b"", said.append)
    assert said[0]["status"] == problem.status
    assert problem.title.encode() in said[1]["body"]
