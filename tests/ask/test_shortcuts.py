"""The shortcuts of the graph are just those that the records allow."""

from collections import Counter

import pytest
from pyoxigraph import QuerySolutions, Store

from kg.ask.answer import Evidence
from kg.ask.questions import ask
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
    assert found == shortcuts().keys()


def test_connection_stands_where_the_first_record_states_it(store: Store) -> None:
    """By the labels of things: a connection has no slugs."""
    expected = Counter((label, *min(places), len(places)) for (_, label, _), places in shortcuts().items())
    found = (
        dict(zip(answer.columns, row, strict=True)) for answer in [ask(store, "connections", {})] for row in answer.rows
    )
    columns = ("connection", "source", "begin", "end", "passages")
    assert Counter(tuple(row[column] for column in columns) for row in found) == expected


@pytest.mark.parametrize(("name", "thing"), [("organizations", "organization"), ("instruments", "title")])
def test_thing_stands_where_the_first_statement_about_it_does(store: Store, name: str, thing: str) -> None:
    about = ask(store, "statements_about", {})
    first: dict[str, Evidence] = {}
    for row, (place,) in zip(about.rows, about.evidence, strict=True):
        first[str(row[0])] = min(place, first.get(str(row[0]), place))
    found = ask(store, name, {})
    at = found.columns.index(thing)
    for row, places in zip(found.rows, found.evidence, strict=True):
        assert places == ((first[str(row[at])],) if row[at] in first else ()), row


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
