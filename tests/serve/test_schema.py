"""/schema and /llms.txt: by suffix and by Accept, with an ETag, and addresses that the client can use."""

import json
from pathlib import Path

import pytest

from kg.graph.store import open_store, read_manifest
from kg.serve.app import create_app
from tests.serve.conftest import CARD, Ask, client_of


@pytest.fixture(scope="module")
def ask(built: Path) -> Ask:
    build_id = read_manifest(built).build_id
    return client_of(create_app(open_store(built), build_id=build_id, questions=[CARD]))


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/html; charset=utf-8"),
        ("text/html,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/markdown", "text/markdown; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
    ],
)
def test_schema_by_accept(ask: Ask, accept: str, content_type: str) -> None:
    response = ask("GET", "/schema", headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert "tip:Ratification" in response.text


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [("html", "text/html; charset=utf-8"), ("json", "application/json"), ("md", "text/markdown; charset=utf-8")],
)
def test_schema_by_suffix(ask: Ask, suffix: str, content_type: str) -> None:
    response = ask("GET", f"/schema.{suffix}", headers={"Accept": "image/png"})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)


def test_schema_of_another_kind_is_refused(ask: Ask) -> None:
    assert ask("GET", "/schema", headers={"Accept": "image/png"}).status_code == 406
    response = ask("GET", "/schema.xsd")
    assert response.status_code == 404
    assert response.json()["detail"] == "the schema is there as schema.html, schema.json, schema.md"


def test_schema_in_json_has_classes_and_questions(ask: Ask) -> None:
    found = json.loads(ask("GET", "/schema.json").content)
    assert [one["name"] for one in found["questions"]] == [CARD.name]
    (state,) = (one for one in found["classes"] if one["name"] == "tip:State")
    assert state["example"] == "https://w3id.org/tipkg/id/state/AFG"


def test_page_links_each_term_to_its_page(ask: Ask) -> None:
    text = ask("GET", "/schema").text
    assert '<h2 id="tip:State"><code>tip:State</code>' in text
    assert '<a href="./ontology?term=State">state</a>' in text


@pytest.mark.parametrize("path", ["/schema", "/schema.json", "/llms.txt"])
def test_answer_that_the_client_has_is_not_sent_again(ask: Ask, path: str) -> None:
    etag = ask("GET", path).headers["etag"]
    response = ask("GET", path, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")


def test_formats_have_etags_of_their_own(ask: Ask) -> None:
    etags = [ask("GET", "/schema", headers={"Accept": kind}).headers["etag"] for kind in ("text/html", "text/markdown")]
    assert len(set(etags)) == 2


def test_llms_txt_has_the_address_that_the_client_used(ask: Ask) -> None:
    response = ask("GET", "/llms.txt")
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "- [Schema in JSON](http://testserver/schema.json): " in response.text
    assert f"- [who_knows](http://testserver/question/who_knows): {CARD.summary}\n" in response.text


def test_llms_txt_has_the_public_address(built: Path) -> None:
    ask = client_of(create_app(open_store(built), build_id="1", questions=[], public="https://example.org/sub/"))
    assert "(https://example.org/sub/schema.md)" in ask("GET", "/llms.txt").text


def test_schema_takes_only_reads(ask: Ask) -> None:
    assert ask("POST", "/schema").status_code == 405
    assert ask("HEAD", "/schema").status_code == 200
