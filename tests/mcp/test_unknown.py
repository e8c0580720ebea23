"""Names that the graph does not know are refused before the query runs, and those that it knows are not."""

import pytest
from pyoxigraph import Store

from kg.ask import questions
from kg.ask.digest import digest
from kg.mcp.refusal import RefusedError
from kg.mcp.unknown import names, refuse_unknown
from tests.mcp.conftest import TIP

BASE = "https://w3id.org/tipkg/"


def told(store: Store, query: str) -> str:
    with pytest.raises(RefusedError) as caught:
        refuse_unknown(store, digest(store), query)
    return str(caught.value)


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        (
            "SELECT * { ?s a tip:Ratifcation }",
            "line 2, column 17: the graph knows no tip:Ratifcation (nearest: tip:Ratification",
        ),
        ("SELECT * { ?s tip:partyto ?o }", "the graph knows no tip:partyto (nearest: tip:partyTo"),
        ("SELECT * { ?s tip:party <id/state/GIM> }", f"the graph knows no <id/state/GIM> (nearest: <{BASE}id/state/"),
        (f"SELECT * {{ VALUES ?s {{ <{BASE}id/organization/ilx> }} ?s ?p ?o }}", f"<{BASE}id/organization/ilo>"),
        ("SELECT * { GRAPH <graph/inferrd> { ?s ?p ?o } }", f"<{BASE}graph/inferred>"),
        ("SELECT * { ?s <ontology#isMemberOf>+ ?o }", "tip:memberOf"),
    ],
)
def test_unknown_name_is_refused_with_the_nearest(store: Store, query: str, nearest: str) -> None:
    assert nearest in told(store, TIP + query)


def test_unknown_name_of_another_vocabulary_is_refused(store: Store) -> None:
    query = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT * { ?s skos:prefLable ?o }"
    assert "the graph knows no skos:prefLable (nearest: skos:prefLabel" in told(store, query)


def test_all_unknown_names_are_told_at_once_and_each_once(store: Store) -> None:
    said = told(store, f"{TIP}SELECT * {{ ?s a tip:Xaa ; tip:xbb ?a . ?t a tip:Xaa }}")
    assert (said.count("tip:Xaa "), said.count("tip:xbb ")) == (1, 1)


@pytest.mark.parametrize(
    "query",
    [
        f"PREFIX t: <{BASE}ontology#> SELECT * {{ ?s a t:Ratification }}",
        f"BASE <{BASE}id/> SELECT * {{ <state/GIN> ?p ?o }}",
        "SELECT * { GRAPH <graph/mentions> { ?s ?p ?o } }",
        "SELECT * FROM <source/tip-2017> { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o = 'tip:Nonsense') } # tip:Nonsense",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:dateTime(?o) AS ?d) { ?s ?p ?o }",
        "SELECT * { ?s <http://example.org/unheard> ?o }",
        f"PREFIX tip: <{BASE}ontology#> CONSTRUCT {{ ?s tip:myOwn ?o }} WHERE {{ ?s tip:partOf ?o }}",
        f"PREFIX tip: <{BASE}ontology#> SELECT * {{ ?s ^tip:memberOf/tip:partOf ?o }}",
    ],
)
def test_known_names_and_those_that_need_not_be_known_pass(store: Store, query: str) -> None:
    refuse_unknown(store, digest(store), query)


@pytest.mark.parametrize("name", questions.names())
def test_every_packaged_question_passes(store: Store, name: str) -> None:
    refuse_unknown(store, digest(store), questions.question(name).query)


def test_names_are_read_in_full_with_escapes_and_without_the_prologue() -> None:
    query = "BASE <http://a/b/>\nPREFIX x: <c#>\nPREFIX : <http://d/>\nSELECT * { <e> x:f\\.g :h , <../i> }"
    assert [one.iri for one in names(query)] == ["http://a/b/e", "http://a/b/c#f.g", "http://d/h", "http://a/i"]
