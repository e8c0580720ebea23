"""A query with SERVICE is given values where they restrict what is sent, and can be run without SERVICE."""

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.federate.bound import with_endpoint, with_values, without_services
from tests.federate.conftest import PREFIXES, Run, StandIn

ONE = "SELECT ?x ?c { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }"
NESTED = "SELECT ?x (COUNT(*) AS ?n) { { SELECT ?x ?c { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } } } } GROUP BY ?x"
EX_A = NamedNode("http://example.org/a")


@pytest.mark.parametrize("query", [ONE, NESTED])
def test_values_restrict_what_is_sent(query: str, run: Run, stand_in: StandIn) -> None:
    rewritten = run(with_values(PREFIXES + query, {"x": EX_A}).removeprefix(PREFIXES))
    assert [(receipt.values, receipt.rows) for receipt in rewritten.receipts] == [(1, 1)]


def test_values_stand_only_in_sub_selects_that_project_them() -> None:
    selects = "{ SELECT ?x { ?x ?p ?y } } { SELECT ?y { ?x ?p ?y } }"
    query = f"SELECT ?x {{ {selects} SERVICE <http://x/> {{ ?x ?p ?o {{ SELECT ?x {{ }} }} }} }}"
    assert with_values(query, {"x": EX_A}).count("VALUES (?x) { (<http://example.org/a>) }") == 2


def test_value_cannot_end_its_term() -> None:
    value = Literal('") } SERVICE <http://127.0.0.1:1/> { ?s ?p "')
    query = with_values("SELECT ?x { ?x ?p ?y }", {"y": value})
    store = Store()
    assert list(store.query(query)) == []  # type: ignore[arg-type]
    assert query.startswith('SELECT ?x { VALUES (?y) { ("\\") } SERVICE')


def test_no_values_leave_the_query_as_it_is() -> None:
    assert with_values(ONE, {}) == ONE


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("SELECT * { ?a ?b ?c SERVICE <http://x/> { ?a ?p ?o } ?d ?e ?f }", "SELECT * { ?a ?b ?c {} ?d ?e ?f }"),
        ("ASK { OPTIONAL { SERVICE SILENT <http://x/> { ?a ?p '}' } } }", "ASK { OPTIONAL { {} } }"),
        ("DESCRIBE <http://x/>", "DESCRIBE <http://x/>"),
    ],
)
def test_query_without_services(query: str, left: str) -> None:
    assert without_services(query) == left


def test_endpoint_takes_the_place_of_another_one_in_service_only() -> None:
    query = "SELECT * { ?a ?b <http://x/> SERVICE SILENT <http://x/> { ?a ?p '<http://x/>' } SERVICE <http://y/> { } }"
    changed = query.replace("SILENT <http://x/>", "SILENT <http://z/>")
    assert with_endpoint(query, "http://x/", "http://z/") == changed
