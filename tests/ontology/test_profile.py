"""The profile checker: a planted violation for each production and restriction of the W3C documents, and the ontology.

The cases follow OWL 2 Profiles (Second Edition) 4.2 and OWL 2 Structural Specification (Second Edition) 2.4, 5.8, 9 and
11.2. profile_violations.tsv: what is planted, and the axiom and rule that must be named; profile_allowed.tsv: what the
documents allow at the edge of a rule."""

import functools
import importlib.resources
from pathlib import Path

import pytest
from rdflib import Graph

from kg.graph.profile import Breach, check

HERE = Path(__file__).parent
PREFIXES = """@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/o> a owl:Ontology .
:A a owl:Class . :B a owl:Class . :C a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty . :d a owl:DatatypeProperty .
:e a owl:DatatypeProperty . :note a owl:AnnotationProperty . :i a owl:NamedIndividual . :j a owl:NamedIndividual .
"""
R = "a owl:Restriction ; owl:onProperty"
SUB, SUPER = "SubClassOf (anonymous) A", "SubClassOf A (anonymous)"
WRITTEN = {
    "ObjectIntersectionOf": "[ a owl:Class ; owl:intersectionOf ( :B :C ) ]",
    "ObjectUnionOf": "[ a owl:Class ; owl:unionOf ( :B :C ) ]",
    "ObjectComplementOf": "[ a owl:Class ; owl:complementOf :B ]",
    "ObjectOneOf": "[ a owl:Class ; owl:oneOf ( :i :j ) ]",
    "ObjectSomeValuesFrom": f"[ {R} :p ; owl:someValuesFrom :B ]",
    "ObjectAllValuesFrom": f"[ {R} :p ; owl:allValuesFrom :B ]",
    "ObjectHasValue": f"[ {R} :p ; owl:hasValue :i ]",
    "ObjectHasSelf": f"[ {R} :p ; owl:hasSelf true ]",
    "ObjectMinCardinality": f"[ {R} :p ; owl:minCardinality 1 ]",
    "ObjectMaxCardinality": f"[ {R} :p ; owl:maxCardinality 1 ]",
    "ObjectExactCardinality": f"[ {R} :p ; owl:cardinality 1 ]",
    "DataSomeValuesFrom": f"[ {R} :d ; owl:someValuesFrom xsd:string ]",
    "DataAllValuesFrom": f"[ {R} :d ; owl:allValuesFrom xsd:string ]",
    "DataHasValue": f'[ {R} :d ; owl:hasValue "x" ]',
    "DataMinCardinality": f"[ {R} :d ; owl:minCardinality 1 ]",
    "DataMaxCardinality": f"[ {R} :d ; owl:maxCardinality 1 ]",
    "DataExactCardinality": f"[ {R} :d ; owl:cardinality 1 ]",
}
# What the productions of 4.2.3 allow, as the document lists it.
ALLOWED = {
    "subClassExpression": {
        *("ObjectIntersectionOf", "ObjectUnionOf", "ObjectOneOf", "ObjectSomeValuesFrom", "ObjectHasValue"),
        *("DataSomeValuesFrom", "DataHasValue"),
    },
    "superClassExpression": {
        *("ObjectIntersectionOf", "ObjectComplementOf", "ObjectAllValuesFrom", "ObjectHasValue"),
        *("ObjectMaxCardinality", "DataAllValuesFrom", "DataHasValue", "DataMaxCardinality"),
    },
    "equivClassExpression": {"ObjectIntersectionOf", "ObjectHasValue", "DataHasValue"},
}
AXIOM = {
    "subClassExpression": ("{} rdfs:subClassOf :A .", SUB),
    "superClassExpression": (":A rdfs:subClassOf {} .", SUPER),
    "equivClassExpression": (":A owl:equivalentClass {} .", "EquivalentClasses A (anonymous)"),
}


def table(name: str) -> list[list[str]]:
    """The rows of a table beside this file, without its head."""
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").split("\n")[1:] if line]


def breaches(text: str) -> list[Breach]:
    return check(Graph().parse(data=PREFIXES + text, format="turtle"))


@functools.cache
def ontology(*names: str) -> Graph:
    found = Graph()
    for name in names:
        found.parse(data=(importlib.resources.files("kg.ontology") / name).read_bytes(), format="turtle")
    return found


@pytest.mark.parametrize(("name", "text", "axiom", "broken"), table("profile_violations.tsv"))
def test_a_planted_violation_is_found_and_nothing_else(name: str, text: str, axiom: str, broken: str) -> None:
    found = breaches(text)
    assert Breach(axiom, broken) in found
    assert {breach.axiom.split()[0] for breach in found} <= {axiom.split()[0], "chain", "restriction"}


@pytest.mark.parametrize("production", ALLOWED)
@pytest.mark.parametrize("constructor", WRITTEN)
def test_a_production_allows_the_constructors_that_the_document_lists(production: str, constructor: str) -> None:
    text, axiom = AXIOM[production]
    broken = Breach(axiom, f"{production}: no {constructor} (OWL 2 Profiles 4.2.3)")
    assert breaches(text.format(WRITTEN[constructor])) == [] if constructor in ALLOWED[production] else [broken]


@pytest.mark.parametrize(("name", "text"), table("profile_allowed.tsv"))
def test_what_the_documents_allow_is_no_violation(name: str, text: str) -> None:
    assert breaches(text) == []


@pytest.mark.parametrize(
    "names", [("tip.ttl",), ("tip.ttl", "alignments.ttl"), ("tip.ttl", "alignments.ttl", "vocab.ttl")]
)
def test_the_ontology_is_in_the_profile(names: tuple[str, ...]) -> None:
    assert check(ontology(*names)) == []


def test_a_breach_reads_as_a_sentence() -> None:
    (breach,) = breaches(":A owl:disjointUnionOf ( :B :C ) .")
    assert str(breach) == "DisjointUnion A: no DisjointUnion (OWL 2 Profiles 4.2.5)"
