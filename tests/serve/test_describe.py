"""SPARQL 1.1 Service Description (W3C, 2013)."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.serve.describe import service_description
from kg.serve.negotiate import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from kg.serve.write import GRAPH_SYNTAXES

SD = "http://www.w3.org/ns/sparql-service-description#"
ENDPOINT = "https://example.org/sub/sparql"


def described(store: Store, *, federates: bool = False) -> Store:
    description = Store()
    content = service_description(store, ENDPOINT, TURTLE, federates=federates)
    description.load(content, RdfFormat.TURTLE)
    return description


def test_description_names_the_public_address(store: Store) -> None:
    query = f"SELECT ?endpoint {{ ?service a <{SD}Service> ; <{SD}endpoint> ?endpoint }}"
    assert [str(row["endpoint"]) for row in described(store).query(query)] == [f"<{ENDPOINT}>"]  # type: ignore[union-attr]


def test_description_lists_the_result_formats(store: Store) -> None:
    formats = described(store).quads_for_pattern(None, NamedNode(SD + "resultFormat"), None)
    assert {quad.object.value.rpartition("/")[2] for quad in formats} == {  # type: ignore[union-attr]
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "JSON-LD",
        "RDF_XML",
        "TriG",
        "N-Quads",
    }


def test_description_lists_the_named_graphs(store: Store) -> None:
    path = f"<{SD}defaultDataset>/<{SD}namedGraph>/<{SD}name>"
    rows = described(store).query(f"SELECT ?name {{ ?service {path} ?name }} ORDER BY ?name")
    assert [str(row["name"]) for row in rows] == [  # type: ignore[union-attr]
        "<http://example.org/first>",
        "<http://example.org/second>",
    ]


@pytest.mark.parametrize("syntax", [N_TRIPLES, JSON_LD, RDF_XML], ids=lambda syntax: syntax.names[0])
def test_description_is_the_same_in_every_syntax(store: Store, syntax: Format) -> None:
    read = parse(service_description(store, ENDPOINT, syntax, federates=False), format=GRAPH_SYNTAXES[syntax])
    assert {quad.triple for quad in read} == {quad.triple for quad in described(store)}


@pytest.mark.parametrize(("federates", "features"), [(True, [SD + "BasicFederatedQuery"]), (False, [])])
def test_description_promises_service_only_where_some_address_may_be_called(
    store: Store, federates: bool, features: list[str]
) -> None:
    found = described(store, federates=federates).quads_for_pattern(None, NamedNode(SD + "feature"), None)
    assert [quad.object.value for quad in found] == features  # type: ignore[union-attr]
