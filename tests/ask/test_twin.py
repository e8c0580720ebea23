"""The offline twin says what the evidence of the reviewed tables says, in the shapes of Wikidata, and nothing more."""

from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.ask.twin import packaged_twin, twin, twin_answer
from kg.federate.refused import Refused
from kg.graph.sssom import Match, packaged_matches
from tests.federate.conftest import wikidata_sample

WD = "http://www.wikidata.org/entity/"
WDT = "http://www.wikidata.org/prop/direct/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def said(store: Store, item: str) -> set[tuple[str, str]]:
    return {
        (quad.predicate.value, quad.object.value) for quad in store.quads_for_pattern(NamedNode(WD + item), None, None)
    }


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Q889", {("label", "Afghanistan"), ("P297", "AF"), ("P31", "Q6256")}),
        # Its code is paired with the other item of the state, and that of Namibia with none.
        ("Q55", {("label", "Netherlands"), ("P31", "Q6256")}),
        ("Q29999", {("label", "Kingdom of the Netherlands"), ("P297", "NL")}),
        ("Q756617", {("P297", "DK")}),
        ("Q1030", {("label", "Namibia"), ("P31", "Q6256")}),
        ("Q7768", {("label", "ASEAN"), ("P6782", "02wp9c512")}),
        # ROR records of these name no item of Wikidata.
        ("Q458", {("label", "European Union")}),
        ("Q170075", set()),
        ("Q183191", {("label", "European Convention on Human Rights")}),
        ("Q7813", set()),
    ],
)
def test_item_has_what_its_evidence_says(item: str, expected: set[tuple[str, str]]) -> None:
    found = said(packaged_twin(), item)
    assert {(name.rpartition("/")[2].rpartition("#")[2], value.removeprefix(WD)) for name, value in found} == expected


def test_twin_has_so_many_statements_of_each_property() -> None:
    """91 states, of which NL and NA lack the evidence, and the second items of NL and DK; 21 ROR ids, two lack it."""
    counts = Counter(quad.predicate.value for quad in packaged_twin())
    assert {name.removeprefix(WDT): n for name, n in counts.items() if name.startswith(WDT)} == {
        "P297": 91,
        "P31": 91,
        "P6782": 19,
    }


def test_twin_contradicts_no_fact_of_the_sample() -> None:
    """The sample was made from other texts: where it has a property of an item, it has what the twin says."""
    sample, compared = wikidata_sample(), 0
    for quad in packaged_twin():
        others = [one.object for one in sample.quads_for_pattern(quad.subject, quad.predicate, None)]
        if quad.predicate.value.startswith(WDT) and others:
            assert quad.object in others
            compared += 1
    assert compared > 100


def test_labels_are_those_of_the_tables() -> None:
    labels = {(one.target, one.label) for one in packaged_matches() if one.label and one.target.startswith(WD)}
    found = {
        (quad.subject.value, quad.object.value) for quad in packaged_twin() if quad.predicate.value == f"{RDFS}label"
    }
    assert found == labels | {(f"{WD}Q6256", "country")}


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("x (WDQS P297 result)", ["XA"]),
        ("with ISO code XA", ["XA"]),
        ("with ISO code XAB", []),
        ("with ISO code XB", []),
        ("P2970 of x", []),
        ("opensanctions xa.yml", []),
    ],
)
def test_code_needs_evidence(comment: str, codes: list[str]) -> None:
    pairs = [("https://www.iso.org/obp/ui/#iso:code:3166:XA", ""), (f"{WD}Q1", comment)]
    found = twin(Match("http://x/state", "http://x/exactMatch", target, "", said) for target, said in pairs)
    assert [quad.object for quad in found] == [Literal(code) for code in codes]


def test_twin_answers_within_the_rows_that_are_left() -> None:
    query = f"SELECT ?item {{ ?item <{WDT}P6782> ?ror }}"
    assert len(twin_answer("http://x/", query, 19).rows) == 19
    with pytest.raises(Refused, match="more rows than the 18 that are left"):
        twin_answer("http://x/", query, 18)
