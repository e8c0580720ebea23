"""The W3C's own tests of the protocols, one by one (w3c.toml), over HTTP to the application."""

import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.doctor.table import packaged
from kg.serve.app import create_app
from tests.serve.conftest import EX, Ask, client_of

SUITES: dict[str, list[dict[str, Any]]] = tomllib.loads((Path(__file__).parent / "w3c.toml").read_text("utf-8"))
REQUESTS = [case for cases in SUITES.values() for case in cases if not {"test", "check"} & case.keys()]
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SD = "http://www.w3.org/ns/sparql-service-description#"
# Property: the class that it is of and the class of its value, None for an IRI of another vocabulary (SD, section 3.4).
SCHEMA = {
    "endpoint": ("Service", None),
    "supportedLanguage": ("Service", None),
    "resultFormat": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "name": ("NamedGraph", None),
}


@pytest.fixture
def ask() -> Ask:
    """Over data1 to data3, each with the one triple that the W3C's data have, and their merge."""
    store = Store()
    for name in ("data1", "data2", "data3"):
        triple = Triple(NamedNode(EX + name), TYPE, NamedNode("http://xmlns.com/foaf/0.1/Document"))
        store.extend([Quad(*triple), Quad(*triple, NamedNode(EX + name))])
    return client_of(create_app(store, build_id="1", questions=[]))


def sent(ask: Ask, case: dict[str, Any]) -> httpx.Response:
    arguments = {"params": case.get("url", {})}
    if "form" in case:
        arguments["data"] = case["form"]
    if "body" in case:
        arguments["content"] = case["body"].encode(case.get("encoding", "utf-8"))
        arguments["headers"] = {"Content-Type": case["type"]} if "type" in case else {}
    return ask(case.get("method", "GET"), "/sparql/", **arguments)


def description(ask: Ask) -> list[Triple]:
    response = ask("GET", "/sparql", headers={"Accept": "application/rdf+xml"})
    assert response.headers["content-type"] == "application/rdf+xml"
    return [quad.triple for quad in parse(response.content, RdfFormat.RDF_XML)]


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["name"])
def test_w3c_request(ask: Ask, case: dict[str, Any]) -> None:
    response = sent(ask, case)
    assert response.status_code == case.get("status", 200)
    if "answer" in case:
        assert response.json()["boolean"] is case["answer"]
    if "label" in case:
        assert response.headers["content-type"] == case["label"]
    if response.status_code in {403, 405}:
        assert "read-only" in response.text


def test_has_endpoint_triple(ask: Ask) -> None:
    endpoints = [triple.object for triple in description(ask) if triple.predicate.value == f"{SD}endpoint"]
    assert endpoints == [NamedNode("http://testserver/sparql")]


def test_returns_rdf(ask: Ask) -> None:
    assert NamedNode(f"{SD}Service") in [triple.object for triple in description(ask)]


def test_conforms_to_schema(ask: Ask) -> None:
    triples = description(ask)
    classes = {(triple.subject, triple.object.value) for triple in triples if triple.predicate == TYPE}  # type: ignore[union-attr]
    used = [triple for triple in triples if triple.predicate != TYPE]
    for subject, predicate, value in used:
        assert isinstance(value, (NamedNode, BlankNode))
        domain, of_value = SCHEMA[predicate.value.removeprefix(SD)]
        assert (subject, SD + domain) in classes
        assert of_value is None or (value, SD + of_value) in classes
    assert {predicate.value.removeprefix(SD) for _, predicate, _ in used} == SCHEMA.keys()


def test_every_test_of_the_w3c_is_there_once() -> None:
    assert {suite: len({case["name"] for case in cases}) for suite, cases in SUITES.items()} == {
        "protocol": 34,
        "service-description": 3,
        "graph-store": 19,
    }
    assert sum(len(cases) for cases in SUITES.values()) == 34 + 3 + 19
    assert {case["name"] for cases in SUITES.values() for case in cases if "check" in case} == {
        check.id for check in packaged().checks if "_" in check.id
    }
    assert [
        case["test"] for cases in SUITES.values() for case in cases if case.get("test", "sent") not in globals()
    ] == []
