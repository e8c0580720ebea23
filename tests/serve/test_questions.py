"""/questions: catalogue, answers in every form, pages of rows, refusals with what may be meant."""

import csv
import io
import json
import re

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from kg.ask.catalogue import names, question
from kg.serve.asked import WINDOW
from kg.serve.beside import OWN
from tests.serve.conftest import Ask

GUINEA = "/questions/ratification_status?state=Guinea&instrument=ilo-c189"
PARTNERS = "/questions/programme_partners"
PAGE = {"Accept": "text/html"}
COLUMNS = ["edition", "state", "iso3", "instrument", "status"]


@pytest.fixture(scope="session")
def ask(served: Ask) -> Ask:
    return served


def links(response: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; rel="(first|prev|next|last)"', response.headers["link"])
    return {rel: address for address, rel in found}


def test_catalogue_lists_every_question_with_what_its_header_says(ask: Ask) -> None:
    listed = {one["name"]: one for one in ask("GET", "/questions").json()["questions"]}
    assert sorted(listed) == list(names())
    one = listed["ratification_status"]
    assert (one["group"], one["href"]) == ("Ratification", "questions/ratification_status")
    assert one["parameters"][1] == {
        "name": "state", "type": "state", "description": "name, ISO code or IRI", "required": False,
    }  # fmt: skip
    assert one["examples"][0]["href"] == "questions/ratification_status?edition=2017&state=Guinea"


def test_catalogue_is_filtered_by_words_without_script(ask: Ask) -> None:
    found = [
        one["name"] for one in ask("GET", "/questions", params={"q": "glossary ABBREVIATIONS"}).json()["questions"]
    ]
    assert found == ["glossary"]
    page = ask("GET", "/questions?q=glossary", headers=PAGE).text
    assert 'href="./questions/glossary"' in page
    assert 'href="./questions/ratification_status"' not in page
    assert "No question has these words" in ask("GET", "/questions?q=zzzz", headers=PAGE).text


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("json", "application/json"),
        ("srj", "application/sparql-results+json"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("md", "text/markdown"),
        ("html", "text/html"),
    ],
)
def test_form_is_chosen_by_suffix_or_by_accept(ask: Ask, suffix: str, media_type: str) -> None:
    by_suffix = ask("GET", GUINEA.replace("?", f".{suffix}?"))
    by_accept = ask("GET", GUINEA, headers={"Accept": media_type})
    assert (by_suffix.status_code, by_suffix.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert by_suffix.content == by_accept.content
    assert ask("GET", GUINEA).headers["content-type"] == "application/json"


def test_forms_have_the_rows_that_the_report_prints(ask: Ask) -> None:
    rows = list(csv.reader(io.StringIO(ask("GET", GUINEA.replace("?", ".csv?")).text)))
    assert [row[:5] for row in rows[:2]] == [COLUMNS, ["2017", "Guinea", "GIN", "ilo-c189", "not_party"]]
    plain = ask("GET", GUINEA).json()
    assert [str(plain["rows"][0][name]) for name in COLUMNS] == rows[1][:5]
    assert plain["meant"]["state"] == {"label": "Guinea", "iri": "https://w3id.org/tipkg/id/state/GIN"}
    first = ask("GET", GUINEA.replace("?", ".srj?")).json()["results"]["bindings"][0]
    assert first["state"] == {"type": "literal", "value": "Guinea"}


def test_rows_as_rdf_lead_to_the_passages(ask: Ask) -> None:
    found = set(parse(ask("GET", GUINEA.replace("?", ".ttl?")).content, format=RdfFormat.TURTLE))
    evidence = ask("GET", GUINEA).json()["evidence"]
    derived = {quad.object.value for quad in found if quad.predicate.value.endswith("#wasDerivedFrom")}
    passage = "https://w3id.org/tipkg/passage/{source}/{begin}-{end}"
    assert derived == {passage.format(**places[0]) for places in evidence}


def test_page_has_form_answer_limits_and_evidence(ask: Ask) -> None:
    page = ask("GET", GUINEA, headers=PAGE).text
    assert f"<h1>{question('ratification_status').summary}</h1>" in page
    assert '<input id="field-state" name="state" value="Guinea"' in page
    assert '<option value="2017">2017</option>' in page
    assert re.search(
        r'<a href="\.\./passage/tip-2017/\d+-\d+"><bdi>TIP Report 2017, conventions chart, row Guinea', page
    )
    assert question("ratification_status").limits.coverage in page
    assert 'href="./ratification_status.csv?state=Guinea&amp;instrument=ilo-c189"' in page


def test_empty_answer_says_why_in_every_form(ask: Ask) -> None:
    asked = {"programme": "GLO.ACT", "organization": "ILO"}
    told = ask("GET", PARTNERS, params=asked).json()
    assert (told["rows"], told["answer"], told["not_stated_by"]) == (
        [],
        "none stated",
        ["icat-2018", "tip-2017", "tip-2018", "tip-2020"],
    )
    page = ask("GET", PARTNERS, params=asked, headers=PAGE).text
    assert "None stated" in page
    assert "Near, and no answers" in page


def test_pages_are_linked_and_make_up_the_whole(ask: Ask) -> None:
    whole = ask("GET", "/questions/organizations").json()["rows"]
    address: str | None = "/questions/organizations?limit=70"
    parts: list[object] = []
    while address:
        response = ask("GET", address)
        parts += response.json()["rows"]
        following = links(response).get("next")
        address = f"/questions/organizations{following}" if following else None
    assert parts == whole
    assert response.headers["total-rows"] == str(len(whole))
    assert response.json()["page"] == {"total": len(whole), "offset": 70 * ((len(whole) - 1) // 70), "limit": 70}


def test_page_by_number_is_linked_by_number(ask: Ask) -> None:
    response = ask("GET", "/questions/organizations.csv?page=2&limit=10")
    assert {rel: links(response)[rel] for rel in ("first", "prev", "next")} == {
        "first": "?limit=10&page=1",
        "prev": "?limit=10&page=1",
        "next": "?limit=10&page=3",
    }


def test_answer_has_a_tag_and_may_be_kept(ask: Ask) -> None:
    response = ask("GET", GUINEA)
    tag = {"If-None-Match": response.headers["etag"]}
    assert (response.extensions["cacheable"], response.headers["vary"]) == (True, "Accept, Accept-Encoding")
    assert ask("GET", GUINEA, headers=tag).status_code == 304
    assert ask("GET", GUINEA.replace("?", ".csv?"), headers=tag).status_code == 200
    assert ask("GET", GUINEA.replace("Guinea", "Kenya"), headers=tag).status_code == 200


@pytest.mark.parametrize("path", ["/questions", GUINEA, "/search?q=ILO", "/openapi.json", "/docs"])
def test_head_and_options_are_answered(ask: Ask, path: str) -> None:
    head, options = ask("HEAD", path), ask("OPTIONS", path)
    assert (head.status_code, head.content) == (200, b"")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert ask("POST", path).status_code == 405


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/questions/ratification_statu", 404, "nearest: ratification_status"),
        ("/questions/a/b.json", 404, "no question is called 'a/b'"),
        ("/questions/glossary.xlsx", 404, ".json, .html, .csv"),
        ("/questions/glossary?stat=x", 400, "it takes: edition, abbreviation"),
        ("/questions?page=2", 400, "it takes: q"),
        ("/questions/glossary?edition=2017&edition=2018", 400, "more than once"),
        ("/questions/glossary?edition=%ff", 400, "not UTF-8"),
        ("/questions/glossary?edition=%zz", 400, "percent sign"),
        ("/questions/glossary?limit=0", 400, "from 1 to 10000"),
        ("/questions/glossary?limit=ten", 400, "from 1 to 10000"),
        ("/questions/glossary?page=1&offset=1", 400, "give one of them"),
        ("/questions/glossary?offset=100000", 404, "behind the last one"),
        ("/questions/glossary?edition=2019", 422, "editions: 2017, 2018, 2020"),
        ("/questions/glossary?abbreviation=%00", 422, "control character"),
        (f"{PARTNERS}?nearest=perhaps", 422, "true or false"),
    ],
)
def test_refusal_says_what_is_allowed(ask: Ask, path: str, status: int, told: str) -> None:
    response = ask("GET", path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert told in response.json()["detail"]
    assert ask("GET", path, headers=PAGE).status_code == status
    assert "etag" not in response.headers


def test_value_that_names_nothing_is_answered_with_names_and_iris(ask: Ask) -> None:
    path = "/questions/ratification_status?state=Kirgizstan"
    problem = ask("GET", path).json()
    meant = {"label": "Kyrgyzstan", "iri": "https://w3id.org/tipkg/id/state/KGZ"}
    assert (problem["status"], problem["parameter"], problem["nearest"][0]) == (422, "state", meant)
    page = ask("GET", path, headers=PAGE).text
    assert '<a href="?state=https%3A%2F%2Fw3id.org%2Ftipkg%2Fid%2Fstate%2FKGZ"><bdi>Kyrgyzstan</bdi></a>' in page
    assert 'value="Kirgizstan"' in page


def test_unknown_parameter_is_answered_with_the_known_ones(ask: Ask) -> None:
    problem = ask("GET", "/questions/glossary?x=1").json()
    assert problem["parameters"] == ["edition", "abbreviation", "limit", "offset", "page"]
    assert "Near it" in ask("GET", "/questions/glosary", headers=PAGE).text


def test_accept_of_nothing_on_offer_is_refused(ask: Ask) -> None:
    response = ask("GET", GUINEA, headers={"Accept": "image/png"})
    assert (response.status_code, "csv (text/csv)" in response.json()["detail"]) == (406, True)


def test_what_a_form_leaves_empty_is_not_asked_for(ask: Ask) -> None:
    assert ask("GET", "/questions/glossary?edition=&abbreviation=").json()["asked"] == {}


def test_markup_in_a_value_stays_text(ask: Ask) -> None:
    page = ask("GET", "/questions/glossary", params={"abbreviation": "<script>alert(1)</script>"}, headers=PAGE).text
    assert "<script>alert" not in page


def test_no_question_has_a_parameter_that_every_question_has() -> None:
    assert [name for name in names() if {*WINDOW, *OWN, "timeout", "format"} & {*question(name).parameter_names}] == []


def test_page_of_the_question_in_the_graph_leads_to_it(ask: Ask) -> None:
    page = ask("GET", "/question/glossary.html").text
    assert '<a class="button" href="../questions/glossary">Ask this question</a>' in page


def test_catalogue_with_a_slash_is_found(ask: Ask) -> None:
    response = ask("GET", "/questions/")
    assert (response.status_code, response.headers["location"]) == (308, "../questions")


def test_json_catalogue_has_an_address_of_its_own(ask: Ask) -> None:
    response = ask("GET", "/questions.json", headers=PAGE)
    assert json.loads(response.content) == ask("GET", "/questions").json()
