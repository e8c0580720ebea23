"""Why triples of the real graph hold: what is behind them was read from the sources by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.ask.explain import INFERRED, Explanation, explain, shorten, stated
from kg.graph import rulebook
from kg.graph.proof import Knowledge, Proof, proofs
from kg.graph.rulebook import RuleBook
from kg.graph.store import StoreError

STATEMENT = "https://w3id.org/tipkg/statement/"
TIP = "https://w3id.org/tipkg/ontology#"
SHORTCUTS = (
    *("partyTo", "memberOf", "participatesIn", "hasFocalPoint", "cooperatesWith", "mandatedBy"),
    *("sharesProgrammeWith", "partOf"),
)


@pytest.fixture(scope="module")
def book(built: Path) -> RuleBook:
    return rulebook.read(built)


def rules(proof: Proof) -> Iterator[str]:
    """The names of the axioms and rules of a proof, from the triple down."""
    if proof.rule is not None:
        yield proof.rule.name
    for premise in proof.premises:
        yield from rules(premise)


def statements(found: Explanation) -> list[set[str]]:
    """The statements that each proof rests on."""
    return [{str(t.subject)[1:-1].removeprefix(STATEMENT) for t in proof.rests_on} for proof in found.proofs]


def test_a_hub_works_with_its_counterpart_by_the_chain(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("UNHCR", "cooperatesWith", "ILO"))
    assert statements(found) == [{"icat-2018/cooperation/unhcr-partners"}]
    assert list(rules(found.proofs[0])) == [
        "cooperatesWith propertyChainAxiom (cooperatorIn counterpart)",
        "cooperator inverseOf cooperatorIn",
    ]


def test_a_counterpart_works_with_its_hub_by_symmetry(store: Store, book: RuleBook) -> None:
    (proof,) = explain(store, book, ("ILO", "cooperatesWith", "UNHCR")).proofs
    assert next(rules(proof)) == "cooperatesWith type SymmetricProperty"


def test_cooperation_that_two_sections_state_has_two_proofs(store: Store, book: RuleBook) -> None:
    # icat-2018: the section on ICAO names OHCHR as partner, and the section on OHCHR names ICAO.
    found = explain(store, book, ("ICAO", "cooperates with", "OHCHR"))
    assert statements(found) == [{"icat-2018/cooperation/icao-ohchr"}, {"icat-2018/cooperation/ohchr-icao"}]


def test_a_rule_of_ours_comes_with_its_definition(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("UNODC", "sharesProgrammeWith", "IOM")).proofs
    assert {(proof.rule.name, proof.rule.definition) for proof in found if proof.rule} == {
        (
            "shares-programme",
            "Two different active participants of one programme share it; that does not make them cooperate.",
        )
    }


def test_a_proof_ends_at_the_passage_of_the_cell(store: Store, book: RuleBook) -> None:
    (proof,) = explain(store, book, ("Guinea", "partyTo", "ILO C189")).proofs
    places = {stated(store, triple) for triple in proof.rests_on}
    assert [place.graphs for place in places] == [("https://w3id.org/tipkg/source/tip-2018",)]
    assert [(p.source, p.begin, p.end, p.where) for place in places for p in place.passages] == [
        ("tip-2018", 989, 1021, "TIP Report 2018, conventions chart, row Guinea, column ILO C189")
    ]


def test_an_asserted_triple_is_stated_and_not_derived(store: Store, book: RuleBook) -> None:
    (proof,) = explain(store, book, ("GIN", "a", "State")).proofs
    assert proof.rule is None
    assert stated(store, proof.triple).graphs == ("https://w3id.org/tipkg/graph/entities",)


def nearest(found: Explanation) -> list[tuple[str, str]]:
    assert found.proofs == ()
    return [(near.statement.value.removeprefix(STATEMENT), near.kind) for near in found.nearest]


def test_a_dash_is_nearest_to_being_party(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("Guinea", "partyTo", "ILO P029"))
    assert nearest(found) == [
        ("tip-2017/treaty-status/gin-ilo-p029", "non-party"),
        ("tip-2018/treaty-status/gin-ilo-p029", "non-party"),
    ]


def test_a_plan_is_nearest_to_participation(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("IOM", "participatesIn", "glo-act-phase-2"))
    assert [kind for _, kind in nearest(found)] == ["participation"]
    assert [role.split(": ")[0] for role in found.nearest[0].roles] == ["planned participant", "programme"]


def test_a_planned_counterpart_is_nearest_to_cooperation(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("OHCHR", "cooperatesWith", "WHO"))
    assert nearest(found) == [("icat-2018/cooperation/ohchr-organ", "hub cooperation")]
    assert [role.split(": ")[0] for role in found.nearest[0].roles] == ["cooperator", "planned counterpart"]


def test_directed_cooperation_is_nearest_to_cooperation(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("UNODC", "cooperatesWith", "ICAT"))
    assert {kind for _, kind in nearest(found)} == {"directed cooperation"}


def test_partners_of_one_hub_are_told_that_hub_and_what_holds_instead(store: Store, book: RuleBook) -> None:
    found = explain(store, book, ("ILO", "cooperatesWith", "UNFPA"))
    assert nearest(found) == [("icat-2018/cooperation/unhcr-partners", "hub cooperation")]
    assert "organization:unhcr tip:cooperatesWith organization:unfpa" in [
        " ".join(shorten(book, term) for term in triple) for triple in found.instead
    ]


def test_nothing_is_near_to_a_thing_and_itself(store: Store, book: RuleBook) -> None:
    assert nearest(explain(store, book, ("ILO", "cooperatesWith", "ILO"))) == []


def test_every_shortcut_of_the_graph_has_a_proof_that_ends_in_passages(store: Store, book: RuleBook) -> None:
    inferred = NamedNode(INFERRED)
    derived = [
        quad.triple
        for name in SHORTCUTS
        for quad in store.quads_for_pattern(None, NamedNode(TIP + name), None, inferred)
    ]
    given = {quad.triple for quad in store if quad.graph_name != inferred and isinstance(quad.graph_name, NamedNode)}
    knowledge = Knowledge(store, book.rules, given.__contains__)
    found = {triple: proofs(knowledge, triple) for triple in derived}
    assert [triple for triple, some in found.items() if not some] == []
    resting = {triple for some in found.values() for proof in some for triple in proof.rests_on}
    without = {triple.predicate.value for triple in resting if not stated(store, triple).passages}
    assert without == {TIP + "partOf"}


@pytest.mark.parametrize(
    ("term", "short"),
    [
        (NamedNode(TIP + "partyTo"), "tip:partyTo"),
        (NamedNode("https://w3id.org/tipkg/id/state/GIN"), "state:GIN"),
        (NamedNode("https://w3id.org/tipkg/id/ratification/GIN/ilo-c189"), "<https://w3id.org/tipkg/id/ratification/GIN/ilo-c189>"),
        (NamedNode("http://example.org/x"), "<http://example.org/x>"),
        (Literal("—"), '"—"'),
    ],
)  # fmt: skip
def test_terms_are_written_as_in_the_dumps(book: RuleBook, term: NamedNode | Literal, short: str) -> None:
    assert shorten(book, term) == short


def test_a_folder_without_rules_is_told_to_be_built_again(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"keeps no rules .no rules\.json.; build it again"):
        rulebook.read(tmp_path)
