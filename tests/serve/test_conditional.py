"""Which answers the cache in front of the workers may keep, and 304."""

from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

from kg.serve.app import create_app
from kg.serve.conditional import matches
from tests.serve.conftest import EX, Ask, client_of

ASK = {"query": "ASK { ?s ?p ?o }"}
PAGE = {"Accept": "text/html"}
LAB = "/id/organization/lab"


def is_marked(response: httpx.Response) -> bool:
    return bool(response.extensions["cacheable"])


@pytest.fixture
def public(store: Store) -> Ask:
    return client_of(create_app(store, build_id="1", questions=[], public="https://example.org/"))


@pytest.mark.parametrize("arguments", [{"params": ASK}, {"params": {"graph": EX + "first"}}])
def test_query_by_get_may_be_kept(ask: Ask, arguments: dict[str, dict[str, str]]) -> None:
    response = ask("GET", "/sparql", **arguments)
    assert (response.status_code, is_marked(response), "etag" in response.headers) == (200, True, True)


def test_query_by_post_may_be_kept_but_has_no_etag(ask: Ask) -> None:
    response = ask("POST", "/sparql", data=ASK)
    assert (response.status_code, is_marked(response), "etag" in response.headers) == (200, True, False)


@pytest.mark.parametrize("path", [f"{LAB}.ttl", f"{LAB}.html", "/static/page.css"])
def test_document_may_be_kept(ask: Ask, path: str) -> None:
    response = ask("GET", path)
    assert (response.status_code, is_marked(response)) == (200, True)


@pytest.mark.parametrize("path", ["/", "/?question=who_knows", "/sparql", "/catalogue.nt"])
def test_what_names_the_address_may_be_kept_where_it_is_configured(ask: Ask, public: Ask, path: str) -> None:
    assert [is_marked(asked("GET", path)) for asked in (public, ask)] == [True, False]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_start_page_has_an_etag(ask: Ask, method: str) -> None:
    etag = ask(method, "/").headers["etag"]
    assert ask(method, "/", headers={"If-None-Match": etag}).status_code == 304
    assert ask(method, "/", headers={"If-None-Match": etag, "Host": "example.org"}).status_code == 200
    assert ask("GET", "/?question=who_knows").headers["etag"] != etag


@pytest.mark.parametrize(
    ("method", "arguments", "status"),
    [
        ("GET", {"params": {"query": "SELECT (RAND() AS ?x) {}"}}, 200),
        ("POST", {"data": {"query": "SELECT (NOW() AS ?x) {}"}}, 200),
        ("HEAD", {"params": ASK}, 200),
        ("GET", {"params": ASK, "headers": PAGE}, 200),
        ("GET", {"params": {"query": "ASK {"}}, 400),
        ("GET", {"params": {"query": "ASK { SERVICE <http://x/> {} }"}}, 403),
        ("GET", {"params": ASK, "headers": {"Accept": "image/png"}}, 406),
        ("OPTIONS", {}, 204),
    ],
)
def test_other_answer_of_the_endpoint_is_not_kept(
    ask: Ask, method: str, arguments: dict[str, dict[str, str]], status: int
) -> None:
    response = ask(method, "/sparql", **arguments)
    assert (response.status_code, is_marked(response)) == (status, False)


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", f"{LAB}.ttl", "/static/page.css"])
def test_304_is_not_kept(ask: Ask, path: str) -> None:
    response = ask("GET", path, headers={"If-None-Match": ask("GET", path).headers["etag"]})
    assert (response.status_code, is_marked(response)) == (304, False)


@pytest.mark.parametrize("path", ["/dumps/a.nq", "/dumps/", LAB, "/id/nothing"])
def test_dump_redirect_and_refusal_are_not_kept(store: Store, tmp_path: Path, path: str) -> None:
    (tmp_path / "a.nq").write_bytes(b"")
    ask = client_of(create_app(store, build_id="1", questions=[], public="https://example.org/", folder=tmp_path))
    assert not is_marked(ask("GET", path))


@pytest.mark.parametrize(
    ("if_none_match", "is_known"),
    [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ('"b"', False), ("*", False), ("", False), (None, False)],
)
def test_comparison_is_the_weak_one(if_none_match: str | None, is_known: bool) -> None:
    assert [matches(if_none_match, etag) for etag in ('W/"a"', '"a"')] == [is_known] * 2
