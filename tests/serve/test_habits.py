"""What known clients send, as they send it."""

import pytest

from kg.serve.negotiate import RESULTS
from tests.serve.conftest import EX, Ask

ASK = "ASK { ?s ?p ?o }"
TRUE = b'{"head":{},"boolean":true}'
SELECT = f"SELECT ?s {{ ?s <{EX}knows> <{EX}c> }}"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,text/html;q=0.2"
)
COMUNICA_QUERY = "application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7"
RDF4J_ASK = "application/sparql-results+xml;q=0.8, application/sparql-results+json, text/boolean;q=0.9"
JENA = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
SPARQLWRAPPER = "application/sparql-results+xml,application/xml"
BROWSERS = [
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7",
]


def test_rdflib_service_sends_output_beside_the_query(ask: Ask) -> None:
    response = ask("GET", "/sparql", params={"query": SELECT, "output": "json"})
    assert response.json()["results"]["bindings"] == [{"s": {"type": "uri", "value": f"{EX}b"}}]


def test_rdflib_asks_for_triples_as_plain_text(ask: Ask) -> None:
    response = ask("GET", "/sparql", params={"default": ""}, headers={"Accept": "text/plain, */*;q=.1"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"<{EX}b> <{EX}knows> <{EX}c> .\n" in response.text


def test_blazegraph_posts_without_a_body(ask: Ask) -> None:
    assert ask("POST", "/sparql", params={"query": ASK}).content == TRUE


def test_blazegraph_may_name_the_type_of_the_body_that_it_does_not_send(ask: Ask) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    assert ask("POST", "/sparql", params={"query": ASK}, headers=form).content == TRUE


def test_comunica_reads_the_description_first(ask: Ask) -> None:
    response = ask("GET", "/sparql", headers={"Accept": COMUNICA})
    assert response.headers["content-type"] == "application/ld+json"
    assert (
        '"http://www.w3.org/ns/sparql-service-description#endpoint":[{"@id":"http://testserver/sparql"}]'
        in response.text
    )


def test_comunica_posts_a_form(ask: Ask) -> None:
    response = ask("POST", "/sparql", data={"query": ASK}, headers={"Accept": COMUNICA_QUERY})
    assert (response.headers["content-type"], response.content) == ("application/sparql-results+json", TRUE)


@pytest.mark.parametrize("content_type", ["application/sparql-query", "application/sparql-query; charset=UTF-8"])
def test_oxigraph_and_sparqlwrapper_post_the_query_itself(ask: Ask, content_type: str) -> None:
    response = ask("POST", "/sparql", content=ASK.encode(), headers={"Content-Type": content_type})
    assert response.content == TRUE


@pytest.mark.parametrize(
    ("accept", "label"),
    [
        (JENA, "application/sparql-results+json"),
        (RDF4J_ASK, "application/sparql-results+json"),
        (SPARQLWRAPPER, "application/sparql-results+xml"),
        ("*/*", "application/sparql-results+json"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html; charset=utf-8"),
    ],
)
def test_what_libraries_accept(ask: Ask, accept: str, label: str) -> None:
    response = ask("GET", "/sparql", params={"query": ASK}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, label)


@pytest.mark.parametrize("accept", BROWSERS)
@pytest.mark.parametrize("text", [SELECT, ASK, "CONSTRUCT WHERE { ?s ?p ?o }", f"DESCRIBE <{EX}a>"])
def test_browser_gets_no_406(ask: Ask, accept: str, text: str) -> None:
    response = ask("GET", "/sparql", params={"query": text}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_virtuoso_forms_send_an_empty_graph_and_a_media_type(ask: Ask) -> None:
    response = ask(
        "GET", "/sparql", params={"default-graph-uri": "", "query": ASK, "format": "text/csv", "debug": "on"}
    )
    assert (response.headers["content-type"], response.content) == ("text/csv; charset=utf-8", b"true")


def test_editors_send_named_graphs_as_lists_in_a_form(ask: Ask) -> None:
    form = {"query": "SELECT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": [f"{EX}first"], "format": "csv"}
    assert ask("POST", "/sparql", data=form).text == f"g\r\n{EX}first\r\n"


@pytest.mark.parametrize("word", ["INSERT", "SERVICE", "LOAD", "DELETE"])
def test_dangerous_word_in_a_literal_a_comment_or_a_variable_is_harmless(ask: Ask, word: str) -> None:
    text = f"ASK {{ ?s ?{word} ?o FILTER('{word} {{' != '') }} # {word} <http://127.0.0.1/>"
    assert ask("GET", "/sparql", params={"query": text}).content == TRUE


def test_every_result_format_is_reached_by_its_media_types(ask: Ask) -> None:
    for media_type in (media_type for offer in RESULTS for media_type in offer.media_types):
        response = ask("GET", "/sparql", params={"query": ASK}, headers={"Accept": media_type})
        assert response.headers["content-type"].partition(";")[0] == media_type
