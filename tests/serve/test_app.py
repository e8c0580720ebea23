"""The endpoint asked in process: the W3C's protocol tests by name, headers, errors."""

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse, parse_query_results
from starlette.types import ASGIApp

from kg.federate.allowed import Allowed
from kg.serve.app import create_app
from kg.serve.boundary import TransferBroken
from kg.serve.endpoint import Limits
from kg.serve.evaluate import Engine
from tests.serve.conftest import EX, Ask, client_of

DIRECT = {"Content-Type": "application/sparql-query"}
EXPOSED = (
    "ETag, Link, Retry-After, Accept-Ranges, Content-Range, Content-Encoding, "
    "Query-Id, Result-Limit, Service-Receipt, Service-Used, Total-Rows"
)
ASK = "ASK { ?s ?p ?o }"
TRUE = b'{"head":{},"boolean":true}'
GRAPHS = {"query": "SELECT ?o { ?s ?p ?o }", "default-graph-uri": [EX + "first", EX + "second"]}


def query(text: str, **more: str) -> str:
    return f"/sparql?{httpx.QueryParams({'query': text, **more})}"


def csv(response: httpx.Response) -> list[str]:
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return response.text.split("\r\n")[1:-1]


# The names are those of the W3C's protocol test suite.


def test_query_get(ask: Ask) -> None:
    assert ask("GET", query(ASK)).content == TRUE


def test_query_post_form(ask: Ask) -> None:
    assert ask("POST", "/sparql", data={"query": ASK}).content == TRUE


def test_query_post_direct(ask: Ask) -> None:
    assert ask("POST", "/sparql", content=ASK.encode(), headers=DIRECT).content == TRUE


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query_dataset_default_graphs(ask: Ask, method: str) -> None:
    arguments = {"params": GRAPHS} if method == "GET" else {"data": GRAPHS}
    rows = csv(ask(method, "/sparql", headers={"Accept": "text/csv"}, **arguments))
    assert sorted(rows) == [EX + "b", EX + "c"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query_dataset_named_graphs(ask: Ask, method: str) -> None:
    parameters = {"query": "SELECT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": EX + "first"}
    arguments = {"params": parameters} if method == "GET" else {"data": parameters}
    assert csv(ask(method, "/sparql", headers={"Accept": "text/csv"}, **arguments)) == [EX + "first"]


def test_query_dataset_full(ask: Ask) -> None:
    text = "SELECT ?g ?x ?y { ?x ?p ?y GRAPH ?g { ?y ?q ?z } }"
    parameters = GRAPHS | {"query": text, "named-graph-uri": EX + "second", "format": "csv"}
    assert csv(ask("GET", "/sparql", params=parameters)) == [f"{EX}second,{EX}a,{EX}b"]


def test_query_multiple_dataset(ask: Ask) -> None:
    text = f"SELECT ?o FROM <{EX}second> {{ <{EX}b> ?p ?o }}"
    parameters = {"query": text, "default-graph-uri": EX + "first", "format": "csv"}
    assert csv(ask("GET", "/sparql", params=parameters)) == []


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        ("SELECT (1 AS ?value) {}", "application/sparql-results+json"),
        ("ASK {}", "application/sparql-results+json"),
        ("DESCRIBE <http://example.org/>", "text/turtle; charset=utf-8"),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", "text/turtle; charset=utf-8"),
    ],
)
def test_query_content_type(ask: Ask, text: str, content_type: str) -> None:
    response = ask("POST", "/sparql", content=text.encode(), headers=DIRECT)
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize(
    ("method", "path", "arguments", "status"),
    [
        ("PUT", "/sparql", {"data": {"query": "ASK {}"}}, 405),
        ("GET", "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", {}, 400),
        ("POST", "/sparql", {"content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", "/sparql", {"content": b"query=ASK%20%7B%7D"}, 415),
        ("POST", "/sparql", {"content": b"ASK {}"}, 415),
        ("POST", "/sparql", {"content": "ASK {}".encode("utf-16"), "headers": DIRECT}, 400),
        ("GET", "/sparql?query=ASK%20%7B", {}, 400),
    ],
    ids=["method", "multiple", "wrong_type", "missing_form_type", "missing_direct_type", "non_utf8", "syntax"],
)
def test_bad_query(ask: Ask, method: str, path: str, arguments: dict[str, bytes], status: int) -> None:
    response = ask(method, path, **arguments)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["status"] == status


@pytest.mark.parametrize("name", ["json", "xml"])
def test_select_in_every_result_format(ask: Ask, name: str) -> None:
    syntax = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}[name]
    response = ask("GET", query(f"SELECT ?s {{ ?s ?p <{EX}c> }}", format=name))
    rows = parse_query_results(response.content, syntax)
    assert [str(row["s"]) for row in rows] == [f"<{EX}b>"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "content_type", "syntax"),
    [
        ("turtle", "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("nt", "application/n-triples", RdfFormat.N_TRIPLES),
        ("jsonld", "application/ld+json", RdfFormat.JSON_LD),
        ("rdf", "application/rdf+xml", RdfFormat.RDF_XML),
        ("trig", "application/trig", RdfFormat.TRIG),
        ("nq", "application/n-quads", RdfFormat.N_QUADS),
    ],
)
def test_construct_in_every_graph_format(ask: Ask, name: str, content_type: str, syntax: RdfFormat) -> None:
    response = ask("GET", query(f"CONSTRUCT WHERE {{ ?s ?p <{EX}c> }}", format=name))
    assert response.headers["content-type"] == content_type
    triples = [str(quad.triple) for quad in parse(response.content, syntax)]
    assert triples == [f"<{EX}b> <{EX}knows> <{EX}c>"]


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("json", "application/sparql-results+json", TRUE),
        ("csv", "text/csv; charset=utf-8", b"true"),
        ("tsv", "text/tab-separated-values; charset=utf-8", b"true"),
    ],
)
def test_ask_in_every_result_format(ask: Ask, name: str, content_type: str, content: bytes) -> None:
    response = ask("GET", query(ASK, format=name))
    assert (response.headers["content-type"], response.content) == (content_type, content)
    assert ask("GET", query(ASK, format="xml")).headers["content-type"] == "application/sparql-results+xml"


def test_value_that_xml_cannot_hold_is_an_error(ask: Ask) -> None:
    response = ask("GET", query('SELECT ("\\u0001" AS ?x) {}', format="xml"))
    assert (response.status_code, response.headers["content-type"]) == (406, "application/problem+json")


def test_csv_is_rfc_4180(ask: Ask) -> None:
    response = ask("GET", query("SELECT ?b ?a { VALUES (?b ?a) { ('x,\"y' 'é') } }", format="csv"))
    assert response.content == 'b,a\r\n"x,""y",é\r\n'.encode()


def test_trailing_slash_is_the_endpoint_too(ask: Ask) -> None:
    assert ask("GET", query(ASK).replace("/sparql", "/sparql/")).content == TRUE


def test_head_is_get_without_the_body(ask: Ask) -> None:
    got, head = ask("GET", query(ASK)), ask("HEAD", query(ASK))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers
    assert head.headers["content-length"] == str(len(TRUE))


def test_not_acceptable_comes_before_the_engine(ask: Ask) -> None:
    response = ask("GET", query("SELECT ?x { ?x <p> }"), headers={"Accept": "image/png"})
    assert response.status_code == 406


def test_every_answer_has_its_headers(ask: Ask) -> None:
    for response in (
        ask("GET", query(ASK)),
        ask("GET", "/sparql?query=x"),
        ask("PUT", "/sparql"),
        ask("GET", "/sparql"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        assert response.headers["access-control-expose-headers"] == EXPOSED
        assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_preflight_allows_any_origin(ask: Ask) -> None:
    response = ask("OPTIONS", "/sparql", headers={"Origin": "http://x", "Cookie": "a=b"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("path", ["/", "/id/organization/lab", "/static/page.css"])
def test_preflight_of_what_is_only_read(ask: Ask, path: str) -> None:
    response = ask("OPTIONS", path, headers={"Origin": "http://x", "Access-Control-Request-Headers": "If-None-Match"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["access-control-allow-headers"] == "Accept, Content-Type, If-None-Match, If-Range, Range, *"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_refused_method_names_the_allowed_ones(ask: Ask, method: str) -> None:
    response = ask(method, "/sparql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_etag_saves_the_evaluation(ask: Ask) -> None:
    etag = ask("GET", query(ASK)).headers["etag"]
    response = ask("GET", query(ASK), headers={"If-None-Match": f'"x", {etag}'})
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", etag)


def test_etag_saves_the_description(ask: Ask) -> None:
    etag = ask("GET", "/sparql").headers["etag"]
    assert ask("GET", "/sparql", headers={"If-None-Match": etag}).status_code == 304
    assert ask("GET", "/sparql?format=nt", headers={"If-None-Match": etag}).status_code == 200
    assert ask("GET", "/sparql", headers={"If-None-Match": etag, "Host": "example.org"}).status_code == 200


def test_etag_comes_before_the_engine(ask: Ask, app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    etag = ask("GET", query(ASK)).headers["etag"]
    monkeypatch.setattr(Engine, "serialize", None)
    assert ask("GET", query(ASK), headers={"If-None-Match": etag}).status_code == 304


def test_etag_tells_formats_datasets_queries_and_builds_apart(store: Store, ask: Ask) -> None:
    other_build = client_of(create_app(store, build_id="build-2", questions=[]))
    responses = [
        ask("GET", query(ASK)),
        ask("GET", query(ASK, format="csv")),
        ask("GET", query(ASK + " ")),
        ask("GET", query(ASK, **{"default-graph-uri": EX + "first"})),
        other_build("GET", query(ASK)),
    ]
    assert len({response.headers["etag"] for response in responses}) == 5


def test_changing_answer_is_not_stored(ask: Ask) -> None:
    response = ask("GET", query("SELECT (RAND() AS ?x) {}"))
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_syntax_error_tells_its_place_in_json(ask: Ask) -> None:
    assert ask("GET", query("SELECT ?x {\n ?x rdfs:label ?y }")).json() == {
        "type": "about:blank",
        "title": "Syntax error in the query",
        "status": 400,
        "detail": "line 2, column 5: the prefix rdfs: is not declared",
        "line": 2,
        "column": 5,
    }


def test_error_comes_as_text_to_who_wants_text(ask: Ask) -> None:
    response = ask("GET", "/sparql?query=", headers={"Accept": "text/plain"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == "400 No query\nthe parameter query is missing or empty\n"


def test_service_is_forbidden(ask: Ask) -> None:
    assert ask("GET", query("ASK { SERVICE <http://127.0.0.1/> {} }")).status_code == 403


def test_nested_braces_are_refused(ask: Ask) -> None:
    assert ask("GET", query("ASK " + "{" * 2265 + "}" * 2265)).status_code == 400


def test_large_answer_comes_whole(app: ASGIApp) -> None:
    values = " ".join(str(number) for number in range(40_000))
    response = client_of(app)(
        "POST", "/sparql", data={"query": f"SELECT ?x {{ VALUES ?x {{ {values} }} }}", "format": "csv"}
    )
    assert "content-length" not in response.headers
    assert csv(response) == values.split()


def test_value_that_xml_cannot_hold_far_into_an_answer_breaks_the_transfer(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    values = "'x' " * 40_000
    with pytest.raises(TransferBroken, match="a control character"):
        ask("POST", "/sparql", data={"query": f'SELECT ?x {{ VALUES ?x {{ {values} "\\u0001" }} }}', "format": "xml"})
    (record,) = caplog.records
    assert (record.levelname, record.getMessage().partition(": ")[0]) == ("WARNING", "POST /sparql broken off")


def test_timeout_may_be_up_to_the_limit(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], limits=Limits(seconds=2.5)))
    assert ask("GET", query(ASK, timeout="2.5")).content == TRUE
    refused = ask("GET", query(ASK, timeout="3"))
    assert (refused.status_code, "at most 2.5, not '3'" in refused.json()["detail"]) == (400, True)


def test_body_over_the_limit_is_413(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], limits=Limits(body_bytes=100)))
    assert (
        ask("POST", "/sparql", content=b"ASK {}" + b" " * 94, headers=DIRECT).content == b'{"head":{},"boolean":true}'
    )
    assert ask("POST", "/sparql", content=b"ASK {}" + b" " * 95, headers=DIRECT).status_code == 413


@pytest.mark.parametrize(
    ("parameters", "count"), [({"graph": EX + "first"}, 1), ({"graph": EX + "second"}, 2), ({"default": ""}, 3)]
)
def test_graph_store_read_gives_the_whole_graph(ask: Ask, parameters: dict[str, str], count: int) -> None:
    response = ask("GET", "/sparql", params=parameters, headers={"Accept": "application/n-triples"})
    assert response.headers["content-type"] == "application/n-triples"
    assert response.text.count(" .\n") == count
    head = ask("HEAD", "/sparql", params=parameters, headers={"Accept": "application/n-triples"})
    assert (head.status_code, head.content, head.headers) == (200, b"", response.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_graph_that_is_not_there_is_404(ask: Ask, method: str) -> None:
    assert ask(method, "/sparql", params={"graph": EX + "third"}).status_code == 404


def test_graph_store_write_is_refused(ask: Ask, store: Store) -> None:
    response = ask(
        "PUT", "/sparql", params={"graph": EX + "first"}, content=b"", headers={"Content-Type": "text/turtle"}
    )
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["access-control-allow-origin"] == "*"


def test_bare_get_describes_the_service(ask: Ask) -> None:
    response = ask("GET", "/sparql")
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "sd:endpoint <http://testserver/sparql>" in response.text


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_description_is_negotiated(ask: Ask, media_type: str) -> None:
    response = ask("GET", "/sparql", headers={"Accept": f"{media_type}, */*;q=0.1"})
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert b"http://testserver/sparql#service" in response.content


def test_description_names_the_public_address(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], public="https://example.org/sub/"))
    assert "sd:endpoint <https://example.org/sub/sparql>" in ask("GET", "/sparql").text


def test_description_has_another_etag_where_service_is_allowed(ask: Ask, store: Store) -> None:
    calls = create_app(store, build_id="build-1", questions=[], allowed=Allowed(("https://example.org/sparql",)))
    allowing = client_of(calls)("GET", "/sparql")
    assert "sd:feature sd:BasicFederatedQuery" in allowing.text
    assert "sd:feature" not in ask("GET", "/sparql").text
    assert allowing.headers["etag"] != ask("GET", "/sparql").headers["etag"]


def test_host_that_is_none_is_not_repeated(ask: Ask) -> None:
    response = ask("GET", "/sparql", headers={"Host": "x> <y"})
    assert response.status_code == 200
    assert "x> <y" not in response.text


def test_description_is_no_query_result(ask: Ask) -> None:
    assert ask("GET", "/sparql", headers={"Accept": "application/sparql-results+json"}).status_code == 406
