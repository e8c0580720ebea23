"""The documents of IRIs, as rdflib's Graph.parse and curl open them at the running server."""

import pytest
from rdflib import OWL, RDF, SKOS, Graph, Literal, Namespace, URIRef

from tests.clients.conftest import C189, expected
from tests.clients.programs import run

BASE = "https://w3id.org/tipkg"
TIP = Namespace(f"{BASE}/ontology#")
ILO = URIRef(f"{BASE}/id/organization/ilo")
NAME, ABBREVIATION = expected("organizations", "organization", "abbreviation", slug="ilo")[0]


# rdflib's reader of JSON-LD makes an object that rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("syntax", [None, "turtle", "xml", "json-ld"])
def test_parse_reads_the_document_of_an_organization(server: str, syntax: str | None) -> None:
    graph = Graph().parse(f"{server}/id/organization/ilo", format=syntax)
    assert list(graph.objects(ILO, SKOS.prefLabel)) == [Literal(NAME, lang="en")]
    assert list(graph.objects(ILO, TIP.abbreviation)) == [Literal(ABBREVIATION)]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".rdf", ".jsonld"])
def test_parse_reads_the_document_with_a_suffix(server: str, suffix: str) -> None:
    graph = Graph().parse(f"{server}/id/organization/ilo{suffix}")
    assert list(graph.objects(ILO, SKOS.prefLabel)) == [Literal(NAME, lang="en")]


@pytest.mark.parametrize("edition", ["2017", "2018"])
def test_parse_follows_a_statement_to_its_state_and_status(server: str, edition: str) -> None:
    statement = URIRef(f"{BASE}/statement/tip-{edition}/treaty-status/gin-ilo-c189")
    graph = Graph().parse(statement.replace(BASE, server))
    state, status = graph.value(statement, TIP.state), graph.value(statement, TIP.status)
    assert state is not None
    assert status is not None
    graph.parse(state.replace(BASE, server)).parse(status.replace(BASE, server))
    found = (edition, str(graph.value(state, TIP.alpha3)), str(graph.value(status, SKOS.notation)))
    assert found == next(row[:3] for row in C189 if row[:2] == (edition, "GIN"))


def test_parse_reads_the_ontology(server: str) -> None:
    graph = Graph().parse(f"{server}/ontology")
    assert (TIP.TreatyStatus, RDF.type, OWL.Class) in graph


@pytest.mark.needs("curl")
def test_curl_follows_an_iri_to_the_syntax_that_it_wants(server: str) -> None:
    command = ["curl", "--silent", "--show-error", "--location", "--header", "Accept: application/n-triples"]
    lines = run(*command, f"{server}/id/organization/ilo").splitlines()
    assert f'<{ILO}> <{TIP.abbreviation}> "{ABBREVIATION}" .' in lines
