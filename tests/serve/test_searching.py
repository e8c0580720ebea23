"""/search: for programs, for people, and what is refused."""

from pathlib import Path

import pytest

from kg.graph.store import open_store
from kg.serve.app import create_app
from tests.serve.conftest import Ask, client_of

PAGE = {"Accept": "text/html"}
ILO = "https://w3id.org/tipkg/id/organization/ilo"


@pytest.fixture(scope="session")
def ask(served: Ask) -> Ask:
    return served


def test_hits_are_told_with_kind_and_how(ask: Ask) -> None:
    found = ask("GET", "/search?q=ILO&kind=organization&limit=1").json()
    (hit,) = found["hits"]
    assert (hit["iri"], hit["kind"], hit["how"]) == (ILO, "organization", "exact")
    assert (found["q"], found["kind"], found["nearest"]) == ("ILO", "organization", [])


def test_what_is_called_otherwise_is_near(ask: Ask) -> None:
    found = ask("GET", "/search?q=UNSCR+2332").json()
    assert (found["hits"], found["nearest"][0]["how"]) == ([], "near")


def test_page_links_things_and_questions(ask: Ask) -> None:
    page = ask("GET", "/search?q=ILO", headers=PAGE).text
    assert '<a href="./id/organization/ilo"><bdi>International Labour Organization</bdi></a>' in page
    questions = ask("GET", "/search?q=glossary&kind=question", headers=PAGE).text
    assert '<a href="./questions/glossary">' in questions


def test_page_without_a_search_is_the_form(ask: Ask) -> None:
    page = ask("GET", "/search?kind=state", headers=PAGE)
    assert (page.status_code, "<option selected>state</option>" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "q is missing"),
        ("q=-", "no letter or digit"),
        ("q=" + "x" * 201, "at most 200 characters"),
        ("q=ILO&kind=ship", "kinds: body,"),
        ("q=ILO&limit=0", "from 1 to 100"),
        ("q=ILO&limit=1e1", "from 1 to 100"),
        ("q=ILO&page=2", "it takes: q, kind, limit"),
    ],
)
def test_bad_search_is_refused_with_what_is_allowed(ask: Ask, query: str, told: str) -> None:
    response = ask("GET", f"/search?{query}")
    assert (response.status_code, told in response.json()["detail"]) == (400, True)


def test_answer_has_a_tag_and_may_be_kept(ask: Ask) -> None:
    response = ask("GET", "/search?q=ILO")
    assert response.extensions["cacheable"]
    assert ask("GET", "/search?q=ILO", headers={"If-None-Match": response.headers["etag"]}).status_code == 304


def test_store_without_a_folder_is_searched_in_memory(built: Path) -> None:
    ask = client_of(create_app(open_store(built), build_id="1", questions=[]))
    assert ask("GET", "/search?q=ILO&limit=1").json()["hits"][0]["iri"] == ILO
