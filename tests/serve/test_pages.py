"""What a browser gets: the form, answers as tables, files, and the graph's own IRIs."""

import html

import httpx
import pytest
from pyoxigraph import Store

from kg.serve.app import create_app
from kg.serve.endpoint import Limits
from tests.serve.conftest import Ask, client_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}


def query(text: str) -> str:
    return f"/sparql?{httpx.QueryParams({'query': text})}"


@pytest.mark.parametrize("path", ["/", "/sparql", "/sparql/"])
def test_browser_gets_the_form(ask: Ask, path: str) -> None:
    response = ask("GET", path, headers=BROWSER)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<textarea id="query" name="query"' in response.text
    assert "Who knows &lt;b&gt;whom&lt;/b&gt;?" in response.text


def test_browser_gets_a_table_with_links(ask: Ask) -> None:
    response = ask("GET", query("SELECT * { ?s <http://example.org/label> ?label }"), headers=BROWSER)
    assert response.status_code == 200
    assert '<th scope="col">s</th><th scope="col">label</th>' in response.text
    assert '<a href="./id/organization/lab">id/organization/lab</a>' in response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <small>@en</small>" in response.text
    assert "alert(1)<" not in response.text


def test_browser_gets_a_readable_error_and_its_query_back(ask: Ask) -> None:
    response = ask("POST", "/sparql", data={"query": "SELECT <b> {"}, headers=BROWSER)
    assert (response.status_code, response.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "<strong>Line 1, column 12:</strong> { is never closed" in response.text
    assert "SELECT &lt;b&gt; {" in response.text


def test_form_offers_a_timeout_up_to_the_limit(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], limits=Limits(seconds=2.5)))
    page = ask("GET", "/", headers=BROWSER).text
    assert '<input id="timeout" name="timeout" type="number" inputmode="decimal" min="0.1" max="2.5" step="any"' in page
    assert ask("GET", query("ASK {}") + "&timeout=", headers=BROWSER).status_code == 200


def test_page_shows_so_many_rows_and_says_so(store: Store) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], limits=Limits(table_rows=2)))
    page = ask("GET", query("SELECT ?x { VALUES ?x { 1 2 3 } }"), headers=BROWSER).text
    assert "The first 2 rows" in page
    assert page.count("<tr><td>") == 2


def test_question_is_loaded_without_a_script(ask: Ask) -> None:
    page = ask("GET", "/?question=who_knows", headers=BROWSER).text
    assert html.escape("SELECT * WHERE { ?person ?knows ?other }", quote=False) + "</textarea>" in page


def test_pages_load_nothing_from_elsewhere(ask: Ask) -> None:
    response = ask("GET", "/", headers=BROWSER)
    policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    assert response.headers["content-security-policy"] == policy
    assert 'src="http' not in response.text
    assert "style=" not in response.text


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("page.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_static_file_is_served_and_revalidated(ask: Ask, name: str, media_type: str) -> None:
    response = ask("GET", f"/static/{name}")
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    again = ask("GET", f"/static/{name}", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/static/page.html", "/static/..%2fapp.py", "/nothing", "/sparql/x", "/id"])
def test_unknown_path_is_404(ask: Ask, path: str) -> None:
    response = ask("GET", path)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_method_that_a_page_does_not_take_is_405(ask: Ask) -> None:
    response = ask("POST", "/")
    assert (response.status_code, sorted(response.headers["allow"].split(", "))) == (405, ["GET", "HEAD"])


@pytest.mark.parametrize("path", ["/id/organization/none", "/id/organization/%3E%20x", "/vocab/x/y", "/ontology"])
def test_iri_of_nothing_is_404(ask: Ask, path: str) -> None:
    assert ask("GET", path).status_code == 404
