"""SPARQLWrapper: its three ways to send a query, its default format, a graph, ASK."""

from typing import Any

import pytest
from rdflib import URIRef

from tests.clients.conftest import C189, C189_QUERY, PARTIES, PARTIES_QUERY

pytestmark = pytest.mark.needs("SPARQLWrapper")

WAS_PARTY = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tip: <https://w3id.org/tipkg/ontology#>
ASK {
  <https://w3id.org/tipkg/statement/EDITION/treaty-status/gin-ilo-c189> tip:status ?status .
  ?status skos:notation "party" .
}
"""


def client(endpoint: str, query: str, **options: str) -> Any:
    from SPARQLWrapper import SPARQLWrapper

    made = SPARQLWrapper(endpoint, **options)
    made.setTimeout(60)
    made.setQuery(query)
    return made


@pytest.mark.parametrize("sending", [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")])
def test_sparqlwrapper_gets_every_row(endpoint: str, sending: tuple[str, str]) -> None:
    asking = client(endpoint, C189_QUERY, returnFormat="json")
    asking.setMethod(sending[0])
    asking.setRequestMethod(sending[1])
    found = asking.queryAndConvert()
    names = found["head"]["vars"]
    assert names == ["edition", "iso3", "status", "year"]
    cells = [tuple(row.get(name, {"value": ""})["value"] for name in names) for row in found["results"]["bindings"]]
    assert cells == C189


def test_sparqlwrapper_reads_xml_by_default(endpoint: str) -> None:
    values = client(endpoint, C189_QUERY).queryAndConvert().getElementsByTagName("literal")
    assert [value.firstChild.data for value in values] == [cell for row in C189 for cell in row if cell]


# SPARQLWrapper 2.0.0 makes an object that rdflib 7 has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_constructs_a_graph(endpoint: str) -> None:
    triples = client(endpoint, PARTIES_QUERY).queryAndConvert()
    expected = [(URIRef(f"https://w3id.org/tipkg/id/state/{iso3}"), iso3) for iso3 in PARTIES]
    assert sorted((state, str(iso3)) for state, _, iso3 in triples) == expected


@pytest.mark.parametrize(("edition", "answer"), [("tip-2017", False), ("tip-2018", True)])
def test_sparqlwrapper_asks_whether_guinea_was_party(endpoint: str, edition: str, answer: bool) -> None:
    asking = client(endpoint, WAS_PARTY.replace("EDITION", edition), returnFormat="json")
    assert asking.queryAndConvert()["boolean"] is answer
