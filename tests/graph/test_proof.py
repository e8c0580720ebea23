"""Proofs of what is derived: all that need something of their own, the shortest of each, and none that goes round."""

import itertools
import re

import pytest
from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from kg.graph import rdflib_terms
from kg.graph.proof import Knowledge, Proof, proofs
from kg.graph.reason import compile_laws, derive, infer

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NEAR = "CONSTRUCT { ?x :near ?y } WHERE { ?z :in ?x . ?z :in ?y . FILTER (?x != ?y) MINUS { ?z a :Far } }"
PREFIX = "PREFIX : <http://example.org/> "


def turtle(text: str) -> set[Triple]:
    return {quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)}


def found(axioms: str, data: str, goal: str, *rules: tuple[str, str]) -> list[Proof]:
    """The proofs of a triple from data, by axioms and rules."""
    ontology, asserted = rdflib_terms.graph(turtle(axioms)), turtle(data)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in asserted | infer(asserted, ontology, rules))
    (triple,) = turtle(goal)
    return proofs(Knowledge(store, compile_laws(ontology, rules).rules, asserted.__contains__), triple)


def told(proof: Proof) -> str:
    """A proof in one line: the name of the axiom or rule with its premises in brackets, or the asserted triple."""
    if proof.rule is None:
        return " ".join(re.split("[/#]", str(term).strip("<>"))[-1] for term in proof.triple)
    return f"{proof.rule.name} ({', '.join(map(told, proof.premises))})"


def test_an_asserted_triple_proves_itself_and_nothing_else_is_looked_for() -> None:
    by = found(":p rdfs:subPropertyOf :q .", ":a :p :b ; :q :b .", ":a :q :b .")
    assert [told(proof) for proof in by] == ["a q b"]


def test_a_triple_that_does_not_hold_has_no_proof() -> None:
    assert found(":p rdfs:subPropertyOf :q .", ":a :p :b .", ":b :q :a .") == []


def test_a_chain_is_proved_by_its_links_down_to_what_is_asserted() -> None:
    axioms = ":p owl:inverseOf :q . :r owl:propertyChainAxiom ( :q :s ) ."
    (proof,) = found(axioms, ":x :p :a ; :s :b .", ":a :r :b .")
    assert told(proof) == "r propertyChainAxiom (q s) (p inverseOf q (x p a), x s b)"
    assert (proof.rests_on, proof.steps) == (frozenset(turtle(":x :p :a ; :s :b .")), 4)


def test_every_place_that_says_so_gives_a_proof() -> None:
    axioms = ":r a owl:SymmetricProperty ; owl:propertyChainAxiom ( :q :s ) ."
    by = found(axioms, ":a :q :x , :y . :x :s :b . :y :s :b . :b :q :z . :z :s :a .", ":a :r :b .")
    chain = "r propertyChainAxiom (q s)"
    assert [told(proof) for proof in by] == [
        f"{chain} (a q x, x s b)",
        f"{chain} (a q y, y s b)",
        f"r type SymmetricProperty ({chain} (b q z, z s a))",
    ]


def test_a_proof_that_needs_more_than_another_is_left_out() -> None:
    axioms = ":p rdfs:domain :C . :q rdfs:subPropertyOf :p . :r owl:propertyChainAxiom ( :p :p ) ; rdfs:domain :C ."
    by = found(axioms, ":a :p :b . :b :p :c .", ":a a :C .")
    assert [told(proof) for proof in by] == ["p domain C (a p b)"]


def test_symmetric_and_inverse_lead_round_in_no_circle() -> None:
    axioms = ":p a owl:SymmetricProperty ; owl:inverseOf :q . :q owl:inverseOf :p ; rdfs:subPropertyOf :p ."
    (proof,) = found(axioms, ":b :q :a .", ":a :q :b .")
    assert proof.rests_on == frozenset(turtle(":b :q :a ."))
    assert proof.steps == 3


def test_transitive_gives_one_proof_for_each_way_even_in_a_ring() -> None:
    axioms = ":p a owl:TransitiveProperty ."
    ring = ":a :p :b . :b :p :c . :c :p :a . :b :p :d . :a :p :e . :e :p :d ."
    by = found(axioms, ring, ":a :p :d .")
    assert [proof.rests_on for proof in by] == [
        frozenset(turtle(":a :p :b . :b :p :d .")),
        frozenset(turtle(":a :p :e . :e :p :d .")),
    ]


def test_transitive_over_four_steps_names_each_step_once() -> None:
    (proof,) = found(":p a owl:TransitiveProperty .", ":a :p :b . :b :p :c . :c :p :d . :d :p :e .", ":a :p :e .")
    assert (len(proof.rests_on), proof.steps) == (4, 7)


def test_hierarchy_is_told_step_by_step() -> None:
    (proof,) = found(":C rdfs:subClassOf :D . :D owl:equivalentClass :E .", ":a a :C .", ":a a :E .")
    assert told(proof) == "C subClassOf D equivalentClass E (a type C)"


def test_a_rule_is_proved_by_what_it_finds_and_not_by_what_it_must_not_find() -> None:
    rule = ("near", PREFIX + NEAR)
    by = found("", ":k :in :a , :b . :l :in :a , :b . :m :in :a , :b . :m a :Far .", ":a :near :b .", rule)
    assert [told(proof) for proof in by] == ["near (k in a, k in b)", "near (l in a, l in b)"]


def test_a_value_that_a_class_demands_is_proved_by_the_class() -> None:
    axioms = ":C rdfs:subClassOf [ owl:onProperty :q ; owl:hasValue :v ] ."
    assert [told(proof) for proof in found(axioms, ":a a :C .", ":a :q :v .")] == [
        "C subClassOf (q hasValue v) (a type C)"
    ]


def test_proofs_rest_on_exactly_the_smallest_sets_that_entail() -> None:
    """Against all subsets of the data, of which none follows from the others, tried one by one."""
    axioms = """:p a owl:SymmetricProperty , owl:TransitiveProperty ; rdfs:subPropertyOf :q . :q owl:inverseOf :r .
        :s owl:propertyChainAxiom ( :r :q ) ; rdfs:domain :C ."""
    data = sorted(turtle(":a :p :b . :b :p :c . :c :q :d . :e :r :a . :d :q :a . :f :s :b . :f :p :d ."), key=str)
    laws = compile_laws(rdflib_terms.graph(turtle(axioms)), ())
    subsets = [frozenset(some) for size in range(len(data) + 1) for some in itertools.combinations(data, size)]
    smallest: dict[Triple, list[frozenset[Triple]]] = {}
    for some in subsets:
        for triple in derive(some, (), laws) - set(data):
            if not any(less <= some for less in smallest.setdefault(triple, [])):
                smallest[triple].append(some)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in {*data, *smallest})
    knowledge = Knowledge(store, laws.rules, data.__contains__)
    found = {triple: {proof.rests_on for proof in proofs(knowledge, triple)} for triple in smallest}
    assert found == {triple: set(some) for triple, some in smallest.items()}
    assert max(map(len, found.values())) > 1


@pytest.mark.parametrize("body", ["?x :in/:in ?y", "[] :in ?x , ?y"])
def test_a_rule_whose_premises_have_no_name_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="rule odd: in a rule, write each step of a path"):
        compile_laws(rdflib_terms.graph(()), (("odd", f"{PREFIX} CONSTRUCT {{ ?x :near ?y }} WHERE {{ {body} }}"),))
