"""What our terms mean in others' vocabularies: each explained, and nothing untrue follows for our data.

THEIRS are axioms of those vocabularies as they publish them, as far as our data could break them."""

import functools
import importlib.resources
from pathlib import Path

import owlrl  # type: ignore[import-untyped]  # it comes without types
import pytest
from owlrl.Namespaces import ERRNS  # type: ignore[import-untyped]
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from kg import iris
from kg.graph.profile import short
from kg.graph.terms import prefixes

EXAMPLE = "http://example.org/"
VALID = Path(__file__).parents[1] / "graph" / "valid.ttl"
HEADER = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
THEIRS = """
foaf:Document owl:disjointWith foaf:Organization , foaf:Project .
foaf:Organization rdfs:subClassOf foaf:Agent ; owl:equivalentClass org:Organization .
nif:Context rdfs:subClassOf nif:String .
nif:referenceContext rdfs:domain nif:String ; rdfs:range nif:Context .
org:Membership owl:disjointWith org:Organization .
org:member a owl:FunctionalProperty ; rdfs:domain org:Membership ; rdfs:range foaf:Agent .
org:memberOf rdfs:domain foaf:Agent ; rdfs:range org:Organization .
org:organization a owl:FunctionalProperty ; rdfs:domain org:Membership ; rdfs:range org:Organization .
prov:Activity owl:disjointWith prov:Entity .
prov:specializationOf rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:wasDerivedFrom rdfs:domain prov:Entity ; rdfs:range prov:Entity .
"""
AXIOMS = (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty)
ORGANIZATION = {"foaf:Agent", "foaf:Organization", "org:Organization", "schema:Organization"}
# One thing of every class that is aligned (tests/graph/valid.ttl), and the classes of others that it is in.
TYPES = {
    "act": {"prov:Activity"},
    "campaign": {"foaf:Project"},
    "document": {"dcat:Resource", "foaf:Document", "prov:Entity"},
    "finding": {"dqv:QualityAnnotation", "prov:Entity"},
    "kosovo": {"foaf:Agent"},
    "membership": {"org:Membership", "prov:Entity"},
    "office": ORGANIZATION,
    "passage": {"nif:String", "prov:Entity"},
    "post": {"foaf:Agent"},
    "text": {"nif:Context", "nif:String", "prov:Entity"},
    "treaty": {"foaf:Document"},
    "union": ORGANIZATION,
    "west": set[str](),
    "year": {"prov:Entity"},
}


def packaged(*names: str) -> Graph:
    found = Graph()
    for name in names:
        found.parse(data=(importlib.resources.files("kg.ontology") / name).read_bytes(), format="turtle")
    return found


@functools.cache
def closed() -> Graph:
    """Ontology, alignments, the axioms of others and one example of everything, with all that follows."""
    found = packaged("tip.ttl", "alignments.ttl").parse(VALID).parse(data=HEADER + THEIRS, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(found)
    return found


def compact(term: Node) -> str:
    """A name with its prefix; "" for a name of ours and of RDF, RDFS and OWL themselves."""
    ours = (iris.BASE, str(RDF), str(RDFS), str(OWL))
    known = [(name, space) for name, space in prefixes().items() if str(term).startswith(space)]
    return "" if str(term).startswith(ours) or not known else f"{known[0][0]}:{str(term)[len(known[0][1]) :]}"


@pytest.mark.parametrize("name", TYPES)
def test_a_thing_is_in_the_classes_of_others_that_it_belongs_to(name: str) -> None:
    found = {compact(kind) for kind in closed().objects(URIRef(EXAMPLE + name), RDF.type)} - {""}
    assert found == TYPES[name]


def clashes(graph: Graph) -> list[str]:
    """What owlrl finds impossible, in its words."""
    return [str(message) for message in graph.objects(None, ERRNS.error)]


def test_nothing_of_the_example_is_impossible_or_merged() -> None:
    merged = [(a, b) for a, b in closed().subject_objects(OWL.sameAs) if a != b and str(a).startswith(EXAMPLE)]
    assert (clashes(closed()), list(closed().subjects(RDF.type, OWL.Nothing)), merged) == ([], [], [])


def test_the_closure_would_show_a_clash() -> None:
    found = Graph().parse(data=HEADER + THEIRS, format="turtle")
    found.parse(data=HEADER + "<http://example.org/x> a foaf:Document , foaf:Project .", format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(found)
    assert [message for message in clashes(found) if "http://example.org/x" in message] != []


def test_every_alignment_says_why() -> None:
    both, aligned = packaged("tip.ttl", "alignments.ttl"), packaged("alignments.ttl")
    foreign = {s for p in AXIOMS for s, o in both.subject_objects(p) if compact(o)}
    terms = {s for s in foreign | set(aligned.subjects()) if str(s).startswith(iris.ONTOLOGY)}
    notes = {short(term): str(aligned.value(term, SKOS.editorialNote)) for term in terms}
    assert [term for term, note in notes.items() if not note.startswith("Alignment: ")] == []


def test_a_term_that_is_only_alike_says_so() -> None:
    both, aligned = packaged("tip.ttl", "alignments.ttl"), packaged("alignments.ttl")
    loose = set(aligned.subjects(RDFS.seeAlso)) - {s for p in AXIOMS for s, o in both.subject_objects(p) if compact(o)}
    notes = {short(term): str(aligned.value(term, SKOS.editorialNote)) for term in loose}
    assert [term for term, note in notes.items() if not note.startswith("Alignment: no axiom")] == []


def test_vocabularies_that_the_design_names_are_aligned() -> None:
    found = {compact(o).partition(":")[0] for o in packaged("tip.ttl", "alignments.ttl").objects()} - {""}
    assert found >= {"dcat", "dcterms", "dqv", "eli", "foaf", "nif", "org", "prov", "schema", "skos", "time"}


def test_no_mapping_property_of_skos_stands_between_classes_or_properties() -> None:
    mapping = {SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch}
    assert set(packaged("tip.ttl", "alignments.ttl").predicates()) & mapping == set()
