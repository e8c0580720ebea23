"""rdflib: the endpoint as a store, and SERVICE from a graph of one's own."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result

from tests.clients.conftest import C189, C189_QUERY, HERE, OURS, expected, joined_query

ILO = URIRef("https://w3id.org/tipkg/id/organization/ilo")
ABBREVIATION = URIRef("https://w3id.org/tipkg/ontology#abbreviation")


def cells(rows: Result) -> list[tuple[str, ...]]:
    return [tuple("" if value is None else str(value) for value in row) for row in rows]


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("syntax", ["xml", "json", "csv"])
def test_rdflib_store_gets_every_row(endpoint: str, method: str, syntax: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=syntax))
    assert cells(graph.query(C189_QUERY)) == C189


def test_rdflib_store_finds_triples(endpoint: str) -> None:
    (abbreviation,) = expected("organizations", "abbreviation", slug="ilo")[0]
    graph = Graph(SPARQLStore(endpoint))
    assert list(graph.objects(ILO, ABBREVIATION)) == [Literal(abbreviation)]
    assert list(graph.subjects(ABBREVIATION, Literal(abbreviation))) == [ILO]


def test_rdflib_joins_its_own_graph_by_service(endpoint: str) -> None:
    graph = Graph().parse(HERE / "ours.ttl")
    assert cells(graph.query(joined_query(endpoint))) == OURS
