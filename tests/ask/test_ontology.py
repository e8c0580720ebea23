"""What is told of a term: read from the ontology as it is written, and from planted ontologies with other axioms."""

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg import iris
from kg.ask.ontology import Ontology, packaged, packaged_groups, short
from kg.ask.term_facts import Ref, facts, rule
from kg.ask.term_shapes import Demand, demands
from kg.ask.term_uses import uses

HEAD = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tip: <https://w3id.org/tipkg/ontology#> .
tip:A a owl:Class . tip:B a owl:Class . tip:C a owl:Class .
tip:p a owl:ObjectProperty . tip:q a owl:ObjectProperty . tip:r a owl:ObjectProperty .
"""


def planted(text: str) -> Ontology:
    return Ontology(quad.triple for quad in parse(HEAD + text, RdfFormat.TURTLE))


def told(ontology: Ontology, name: str, about: str) -> list[str]:
    """The facts of one sort on a term, with references as prefix:name."""
    found = [fact.words for fact in facts(ontology, ontology.terms[iris.term(name)]) if fact.about == about]
    return ["".join(short(word.key) if isinstance(word, Ref) else word for word in words) for words in found]


def test_header_is_that_of_the_ontology() -> None:
    header = packaged().header
    assert (header.prefix, header.namespace, header.creator) == ("tip", iris.ONTOLOGY, "tipkg project")
    assert header.licence == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_every_term_is_in_one_group() -> None:
    grouped = [iri for terms in packaged_groups().values() for iri in terms]
    assert grouped == list(packaged().terms)


def test_chain_is_told_in_words_and_its_inverse_from_both_sides() -> None:
    chain = "where x tip:partyIn a and a tip:instrument y, then x tip:partyTo y"
    assert told(packaged(), "partyTo", "derived") == [chain]
    assert told(packaged(), "party", "inverse") == ["tip:partyIn"]
    assert told(packaged(), "partyIn", "inverse") == ["tip:party"]


def test_class_tells_its_value_parents_and_children() -> None:
    assert told(packaged(), "NonParty", "each of them") == ["tip:status is vocab:status/not-party"]
    assert told(packaged(), "HubCooperation", "parent") == ["tip:Cooperation"]
    children = ["tip:DirectedCooperation", "tip:HubCooperation", "tip:JointCooperation"]
    assert told(packaged(), "Cooperation", "child") == children


def test_rule_is_told_where_it_derives_and_where_it_reads() -> None:
    by_chain, by_rule = told(packaged(), "cooperatesWith", "derived")
    assert by_chain.startswith("where x tip:cooperatorIn a")
    assert by_rule.startswith("by the rule joint_cooperation.rq: Two different joint participants")
    assert told(packaged(), "jointParticipant", "read by the rule") == ["joint_cooperation.rq"]


def test_alignment_tells_axiom_hint_and_reason() -> None:
    aligned = told(packaged(), "memberOf", "alignment")
    assert aligned == ["implies org:memberOf", "no axiom, but see schema:memberOf"]
    assert told(packaged(), "Actor", "alignment") == ["a kind of foaf:Agent"]
    (reason,) = told(packaged(), "Actor", "why aligned so")
    assert reason.startswith("FOAF calls an agent")


def test_question_that_names_a_term_is_told() -> None:
    assert told(packaged(), "NonParty", "question") == ["not_parties"]


def test_disjoint_classes_are_told_from_both_sides_and_in_groups() -> None:
    pair = planted("tip:A owl:disjointWith tip:B .")
    assert [told(pair, name, "disjoint with") for name in "ABC"] == [["tip:B"], ["tip:A"], []]
    three = planted("[] a owl:AllDisjointClasses ; owl:members ( tip:A tip:B tip:C ) .")
    assert told(three, "B", "disjoint with") == ["tip:A", "tip:C"]


def test_disjoint_properties_are_told() -> None:
    ontology = planted(
        "tip:p owl:propertyDisjointWith tip:q . [] a owl:AllDisjointProperties ; owl:members ( tip:p tip:r ) ."
    )
    assert told(ontology, "p", "disjoint with") == ["tip:q", "tip:r"]
    assert told(ontology, "q", "disjoint with") == ["tip:p"]


def test_characteristics_are_told_whatever_they_are() -> None:
    types = "tip:p a owl:AsymmetricProperty , owl:IrreflexiveProperty , owl:InverseFunctionalProperty ."
    assert told(planted(types), "p", "characteristic") == ["asymmetric", "irreflexive", "inverse functional"]


def test_axiom_without_words_of_its_own_is_shown_by_its_name() -> None:
    assert told(planted("tip:A owl:hasKey tip:p ; rdfs:comment 'x' ."), "A", "further axiom") == [
        *("owl:hasKey tip:p", "rdfs:comment x")
    ]


def test_restrictions_are_told_in_words() -> None:
    ontology = planted(
        """tip:A rdfs:subClassOf [ owl:onProperty tip:p ; owl:allValuesFrom [ owl:unionOf ( tip:B tip:C ) ] ] ,
        [ owl:complementOf tip:C ] , [ owl:onProperty tip:q ; owl:maxCardinality 1 ] ."""
    )
    said = ["every tip:p is a tip:B or tip:C", "not tip:C", "number of tip:q is at most 1"]
    assert told(ontology, "A", "each of them") == said


def test_shape_is_told_for_its_class_and_for_each_property_of_its_path() -> None:
    ontology = planted(
        """tip:A rdfs:label "thing" . tip:shape a sh:NodeShape ; sh:targetClass tip:A ; sh:message "whole" ;
        sh:property [ sh:path [ sh:alternativePath ( tip:p tip:q ) ] ; sh:message "part" ] ."""
    )
    assert demands(ontology, iris.term("A")) == (Demand("", "whole"), Demand("", "part"))
    assert [demands(ontology, iris.term(name)) for name in "pqr"] == [*[(Demand("thing: ", "part"),)] * 2, ()]


def test_rule_tells_what_it_derives_and_reads_comments_apart() -> None:
    found = rule("x.rq", "#+ name: n\n#+ definition: tip:r\nCONSTRUCT { ?x tip:p ?y }\n# tip:r\nWHERE { ?x tip:q ?y }")
    assert (found.name, found.derives, found.reads) == ("n", {"p"}, {"q"})


def test_rule_that_is_no_construct_query_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^ontology/rules/x\.rq: must have"):
        rule("x.rq", "#+ name: n\n#+ definition: d\nSELECT ?x WHERE { ?x tip:q ?y }")


def test_uses_are_counted_for_classes_properties_and_concepts(store: Store) -> None:
    """The charts of 2017 and 2018 have 112 and 128 cells: 202 with a year, 38 with a dash; 182 pairs of
    state and instrument have a year in one or both."""
    found = uses(store)
    assert [found.recorded[iris.term(name)] for name in ("Ratification", "NonParty", "party", "partyTo")] == [
        202,
        38,
        202,
        0,
    ]
    assert [found.derived[iris.term(name)] for name in ("TreatyStatus", "partyTo", "nonParty")] == [240, 182, 0]
    assert [found.concepts[iris.concept("status", name)] for name in ("party", "not-party")] == [202, 38]
    assert found.properties["status"] == (iris.term("status"),)
