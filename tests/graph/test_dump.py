"""Dumps: sorted, readable, the same whatever the order of the triples; both parsers read them."""

import random

import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.graph import dump
from kg.graph.terms import LABEL, TYPE, named

THING = "https://w3id.org/tipkg/id/state/"
TRIPLES = [
    Triple(NamedNode(THING + "GIN"), LABEL, Literal("Guinea", language="en")),
    Triple(NamedNode(THING + "GIN"), TYPE, named("skos:Concept")),
    Triple(NamedNode(THING + "BRN"), LABEL, Literal('a "quoted" name.\nand .', language="en")),
]
PREFIXES = {
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "state": THING,
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def test_turtle_is_sorted_with_types_first_and_only_prefixes_in_use() -> None:
    expected = (
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        f"@prefix state: <{THING}> .\n\n"
        'state:BRN rdfs:label "a \\"quoted\\" name.\\nand ."@en .\n\n'
        'state:GIN a skos:Concept ;\n\trdfs:label "Guinea"@en .\n'
    )
    assert dump.turtle(TRIPLES, {**PREFIXES, "org": "http://www.w3.org/ns/org#"}).decode() == expected


def test_the_end_of_a_word_with_a_colon_is_no_prefix() -> None:
    triple = Triple(NamedNode(THING + "GIN"), LABEL, Literal("what it has: a coast"))
    names = {**PREFIXES, "as": "https://www.w3.org/ns/activitystreams#"}
    head = dump.turtle([triple], names).decode().split("\n\n")[0]
    assert [line.split()[1] for line in head.split("\n")] == ["rdfs:", "state:"]


def test_turtle_does_not_depend_on_the_order() -> None:
    shuffled = random.Random(7).sample(TRIPLES, len(TRIPLES))
    assert dump.turtle(shuffled, PREFIXES) == dump.turtle(TRIPLES, PREFIXES)


def test_both_parsers_read_the_turtle() -> None:
    data = dump.turtle(TRIPLES, PREFIXES)
    assert {quad.triple for quad in parse(data, format=RdfFormat.TURTLE)} == set(TRIPLES)
    assert len(rdflib.Graph().parse(data=data, format="turtle")) == 3


def test_build_id_is_the_hash_of_the_sorted_quads() -> None:
    one = dump.build_id(dump.ordered(dump.quads({"https://example.org/g": TRIPLES})))
    two = dump.build_id(dump.ordered(dump.quads({"https://example.org/g": list(reversed(TRIPLES))})))
    assert one == two
    assert one != dump.build_id(dump.ordered(dump.quads({"https://example.org/g": TRIPLES[1:]})))
