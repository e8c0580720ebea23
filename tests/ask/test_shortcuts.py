"""The shortcuts of the graph are just those that the records allow."""

from pyoxigraph import QuerySolutions, Store

from tests.ask.shortcuts import shortcuts

QUERY = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX tip: <https://w3id.org/tipkg/ontology#>
SELECT ?thing ?label ?other WHERE {
  VALUES ?property {
    tip:cooperatesWith tip:hasFocalPoint tip:mandatedBy tip:memberOf tip:participatesIn tip:partyTo
    tip:sharesProgrammeWith
  }
  ?thing ?property ?other . ?property rdfs:label ?label
}"""


def test_shortcuts_are_those_that_the_records_allow(store: Store) -> None:
    solutions = store.query(QUERY)
    assert isinstance(solutions, QuerySolutions)
    found = {(_slug(s["thing"].value), s["label"].value, _slug(s["other"].value)) for s in solutions}
    assert found == shortcuts()


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
