"""SPARQL queries of one's own: result formats, errors with their place."""

import json
import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.ask.sparql import Rows, SparqlError, run

ILO = NamedNode("https://w3id.org/tipkg/id/organization/ilo")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
NAMES = "SELECT ?s ?name ?none WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?name }"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def one() -> Store:
    store = Store()
    store.add(Quad(ILO, LABEL, Literal("International Labour Organization", language="en")))
    return store


@pytest.mark.parametrize("form", [None, "table"])
def test_select_gives_rows_in_the_order_of_the_query(one: Store, form: str | None) -> None:
    found = run(one, NAMES, form)
    assert found == Rows(("s", "name", "none"), [(ILO.value, "International Labour Organization", "")])


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("csv", f"s,name,none\r\n{ILO.value},International Labour Organization,\r\n"),
        ("tsv", f'?s\t?name\t?none\n<{ILO.value}>\t"International Labour Organization"@en\t\n'),
    ],
)
def test_select_gives_the_formats_of_the_standard(one: Store, form: str, text: str) -> None:
    found = run(one, NAMES, form)
    assert isinstance(found, bytes)
    assert found.decode() == text


def test_select_gives_json(one: Store) -> None:
    found = run(one, NAMES, "json")
    assert isinstance(found, bytes)
    assert json.loads(found)["results"]["bindings"] == [
        {
            "s": {"type": "uri", "value": ILO.value},
            "name": {"type": "literal", "value": "International Labour Organization", "xml:lang": "en"},
        }
    ]


def test_select_gives_xml(one: Store) -> None:
    found = run(one, NAMES, "xml")
    assert isinstance(found, bytes)
    assert found.startswith(b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">')


@pytest.mark.parametrize(("query", "answer"), [("ASK { ?s ?p ?o }", "true"), ("ASK { ?s ?p 1 }", "false")])
def test_ask_is_one_row(one: Store, query: str, answer: str) -> None:
    assert run(one, query, None) == Rows(("answer",), [(answer,)])


def test_ask_gives_json(one: Store) -> None:
    found = run(one, "ASK {}", "json")
    assert isinstance(found, bytes)
    assert json.loads(found) == {"head": {}, "boolean": True}


@pytest.mark.parametrize("query", [GRAPH, "DESCRIBE <id/organization/ilo>"])
@pytest.mark.parametrize("form", ["ntriples", "turtle", None])
def test_graph_of_one_triple_is_the_same_line_in_both_formats(one: Store, query: str, form: str | None) -> None:
    triple = f'<{ILO.value}> <{LABEL.value}> "International Labour Organization"@en .\n'
    assert run(one, query, form) == triple.encode()


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_graph_has_no_table_format(one: Store, form: str) -> None:
    with pytest.raises(SparqlError) as error:
        run(one, GRAPH, form)
    assert str(error.value) == "the result of CONSTRUCT or DESCRIBE is a graph; formats: turtle, ntriples"


@pytest.mark.parametrize("query", [NAMES, "ASK {}"])
@pytest.mark.parametrize("form", ["turtle", "ntriples"])
def test_rows_have_no_graph_format(one: Store, query: str, form: str) -> None:
    with pytest.raises(SparqlError) as error:
        run(one, query, form)
    assert str(error.value) == "the result of SELECT or ASK is no graph; formats: table, csv, tsv, json, xml"


@pytest.mark.parametrize(
    ("query", "line"),
    [("SELECT * WHERE { ?s ?p }", 1), ("SELECT *\nWHERE {\n  ?s ?p ;;\n}", 3), ("INSERT DATA { <a> <b> <c> }", 1)],
)
def test_syntax_error_names_its_place(one: Store, query: str, line: int) -> None:
    with pytest.raises(SparqlError) as error:
        run(one, query, None)
    assert re.fullmatch(rf"SPARQL syntax error at line {line}, column \d+: expected .+", str(error.value))
