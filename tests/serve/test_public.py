"""The public address: as configured, as a trusted proxy says, under a sub-path that the proxy takes off or leaves."""

import pytest
from pyoxigraph import Store

from kg.serve.app import create_app
from kg.serve.public import PublicUrlError, public_url
from tests.serve.conftest import Ask, client_of

FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "forged.example, data.example.org",
    "X-Forwarded-Prefix": "/tip/",
}


def endpoint_seen(ask: Ask, path: str = "/sparql", **headers: str) -> str:
    response = ask("GET", path, headers=headers)
    assert response.status_code == 200
    return response.text.partition("sd:endpoint <")[2].partition(">")[0]


@pytest.mark.parametrize(
    ("given", "public"),
    [
        ("https://example.org", "https://example.org/"),
        ("http://[::1]:8000/a/b/", "http://[::1]:8000/a/b/"),
        ("https://example.org/tip", "https://example.org/tip/"),
    ],
)
def test_public_address_has_a_final_slash(given: str, public: str) -> None:
    assert public_url(given) == public


@pytest.mark.parametrize(
    "given",
    ["example.org", "ftp://example.org/", "https://", "https://a b/", "https://u@h/", "https://h/?a", "https://h/#a"],
)
def test_address_that_nobody_could_reach_is_refused(given: str) -> None:
    with pytest.raises(PublicUrlError, match="is no public address"):
        public_url(given)


@pytest.mark.parametrize("path", ["/sparql", "/tip/sparql", "/tip/sparql/"])
def test_sub_path_may_be_taken_off_or_left_by_the_proxy(store: Store, path: str) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], public="https://example.org/tip/"))
    assert endpoint_seen(ask, path) == "https://example.org/tip/sparql"


@pytest.mark.parametrize(("path", "root"), [("/tip/sparql", "./"), ("/tip/sparql/", "../"), ("/tip/", "./")])
def test_links_of_a_page_hold_under_the_sub_path(store: Store, path: str, root: str) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], public="https://example.org/tip/"))
    assert f'href="{root}static/page.css"' in ask("GET", path, headers={"Accept": "text/html"}).text


def test_sub_path_may_have_the_name_of_a_route(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], public="https://example.org/sparql/"))
    assert endpoint_seen(ask, "/sparql/sparql") == "https://example.org/sparql/sparql"


def test_path_beside_the_sub_path_is_another_one(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], public="https://example.org/tip/"))
    assert ask("GET", "/tips/sparql").status_code == 404


def test_forwarded_headers_are_believed_only_when_told(store: Store, ask: Ask) -> None:
    trusting = client_of(create_app(store, build_id="1", questions=[], trust_proxy=True))
    assert endpoint_seen(trusting, **FORWARDED) == "https://data.example.org/tip/sparql"
    assert endpoint_seen(trusting) == "http://testserver/sparql"
    assert endpoint_seen(ask, **FORWARDED) == "http://testserver/sparql"


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix"])
def test_forwarded_value_that_is_none_is_ignored(store: Store, header: str) -> None:
    trusting = client_of(create_app(store, build_id="1", questions=[], trust_proxy=True))
    assert endpoint_seen(trusting, **{header: "/a> <b", "Host": "example.net"}) == "http://example.net/sparql"
