"""The ontology as a house: everything named, defined, used, in the profile, and in step with the mapping tables."""

import dataclasses
import functools
import importlib.resources
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from kg import iris
from kg.graph.axioms import rules
from kg.graph.terms import prefixes
from kg.graph.triples import ENTITY_CLASSES
from kg.mappings.curated_lists import VALUES
from kg.records import KINDS

TIP = iris.ONTOLOGY
FOLDER = Path(str(importlib.resources.files("kg.ontology")))
TABLES = Path(str(importlib.resources.files("kg.mappings")))
QUERIES = Path(str(importlib.resources.files("kg.queries")))
NAMES = Path(str(importlib.resources.files("kg.ask"))) / "names.rq"
WRITTEN = [*sorted(FOLDER.glob("*.ttl")), *sorted(FOLDER.glob("rules/*.rq"))]
UNMAPPED = {"source", "entity", "coverage", "sentence", "mention"}
PASSAGE = {"id", "begin", "end", "sha256", "where"}
ROLE = URIRef(TIP + "roleName")
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)
LITERALS = {"text", "text@en", "url", "integer", "decimal", "boolean", "date", "dated", "joined"}


@functools.cache
def graph(*names: str) -> Graph:
    found = Graph()
    for name in names or ("tip.ttl",):
        found.parse(FOLDER / name)
    return found


def ours(*kinds: Node) -> list[URIRef]:
    """Our classes, our properties, or all our terms."""
    wanted = kinds or (OWL.Class, *PROPERTIES, OWL.AnnotationProperty)
    found = {s for kind in wanted for s in graph().subjects(RDF.type, kind) if isinstance(s, URIRef)}
    return sorted(term for term in found if str(term).startswith(TIP))


def value(term: Node, prop: URIRef) -> str:
    return str(graph("tip.ttl", "vocab.ttl").value(term, prop) or "")


def concepts(scheme: str) -> set[str]:
    start = iris.concept(scheme, "")
    found = graph("vocab.ttl").subjects(RDF.type, SKOS.Concept)
    return {str(concept).removeprefix(start) for concept in found if str(concept).startswith(start)}


@functools.cache
def table(kind: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / "rdf" / f"{kind}.toml").read_text(encoding="utf-8"))


def mapped() -> Iterator[tuple[str, str]]:
    """Each property of the mapping tables (as prefix:name), with what it holds."""
    for kind in KINDS.keys() - UNMAPPED:
        for rule in table(kind)["property"]:
            yield rule["property"], rule["as"]


def mapped_classes() -> set[str]:
    found: set[str] = set()
    for kind in KINDS.keys() - UNMAPPED:
        rule = table(kind)["class"]
        found |= {rule} if isinstance(rule, str) else {name for key, name in rule.items() if key != "column"}
    return found


def test_every_term_has_one_english_label() -> None:
    labels = {term: list(graph().objects(term, RDFS.label)) for term in ours()}
    assert [term for term, found in labels.items() if [getattr(x, "language", "") for x in found] != ["en"]] == []


def test_labels_are_plain_and_unlike_each_other_in_a_kind() -> None:
    for kinds in ((OWL.Class,), PROPERTIES):
        labels = [value(term, RDFS.label) for term in ours(*kinds)]
        assert sorted(set(labels)) == sorted(labels)
    assert [term for term in ours() if re.search(r"[a-z][A-Z_]", value(term, RDFS.label))] == []


def test_every_definition_is_one_sentence_that_names_its_parent() -> None:
    sentence = re.compile(r"^An? [^.]+? (that|whose|in|of) [^.]+\.$")
    assert [term for term in ours() if not sentence.match(value(term, SKOS.definition))] == []


def test_no_two_terms_are_defined_alike() -> None:
    definitions = [value(term, SKOS.definition) for term in ours()]
    assert sorted(set(definitions)) == sorted(definitions)


def test_a_class_is_defined_by_its_parent() -> None:
    wrong: list[str] = []
    for term in ours(OWL.Class):
        parents = [p for p in graph().objects(term, RDFS.subClassOf) if isinstance(p, URIRef)]
        labels = [str(graph("tip.ttl", "alignments.ttl").value(parent, RDFS.label)) for parent in parents] or ["thing"]
        if not re.match(rf"An? ({'|'.join(labels)})\b", value(term, SKOS.definition)):
            wrong.append(f"{term}: {labels}")
    assert wrong == []


def test_every_term_has_an_example_and_a_warrant() -> None:
    assert [term for term in ours() if not value(term, SKOS.example)] == []
    assert [term for term in ours() if not value(term, DCTERMS.source) and not value(term, SKOS.editorialNote)] == []


def test_every_property_has_domain_and_range() -> None:
    assert [p for p in ours(*PROPERTIES) if not value(p, RDFS.domain) or not value(p, RDFS.range)] == []


def test_names_are_whole_words_in_the_usual_case() -> None:
    local = {term: str(term).removeprefix(TIP) for term in ours()}
    assert [x for x in ours(OWL.Class) if not re.fullmatch(r"([A-Z][a-z]+)+", local[x])] == []
    assert [x for x in ours(*PROPERTIES) if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*\d*", local[x])] == []


def test_terms_of_a_group_stand_in_alphabetical_order() -> None:
    for group in re.split(r"(?m)^# ", (FOLDER / "tip.ttl").read_text(encoding="utf-8"))[1:]:
        names = re.findall(r"(?m)^tip:(\w+) a ", group)
        classes = [name for name in names if name[0].isupper()]
        assert classes[1:] == sorted(classes[1:])
        assert names == classes + sorted(name for name in names if name[0].islower())


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_prefixes_are_those_declared_sorted_and_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"(?im)^@?prefix (\w+): <([^>]+)>", text)
    body = re.sub(r"(?im)^@?prefix .*$", "", text)
    assert {name: space for name, space in found if prefixes().get(name) != space} == {}
    assert found == sorted(found)
    assert [name for name, _ in found if not re.search(rf"(?<![\w<]){name}:", body)] == []


def test_the_reasoner_covers_every_axiom() -> None:
    names = [rule.name for rule in rules(graph("tip.ttl", "alignments.ttl"))]
    assert [name for name in names if name.startswith("partyTo propertyChain")] == [
        "partyTo propertyChainAxiom (partyIn instrument)"
    ]


def test_anonymous_classes_are_values_and_stand_on_the_right_only() -> None:
    anonymous = {s for s in graph().subjects(RDF.type, OWL.Restriction) if isinstance(s, BNode)}
    assert all(graph().value(node, OWL.hasValue) is not None for node in anonymous)
    assert [s for s in graph().subjects(RDFS.subClassOf) if isinstance(s, BNode)] == []


def test_a_property_that_a_chain_derives_is_not_declared_simple() -> None:
    derived = set(graph().subjects(OWL.propertyChainAxiom))
    assert len(derived) == 6
    allowed = {OWL.ObjectProperty, OWL.SymmetricProperty}
    assert {kind for prop in derived for kind in graph().objects(prop, RDF.type)} <= allowed
    assert [p for p in derived if list(graph().objects(p, OWL.propertyDisjointWith))] == []


def test_what_must_be_simple_has_no_chain_and_no_transitive_property_below_it() -> None:
    """OWL 2, structural specification, section 11: irreflexive, asymmetric and disjoint properties must be simple."""
    pairs = {term for pair in graph().subject_objects(OWL.propertyDisjointWith) for term in pair}
    kinds = (OWL.AsymmetricProperty, OWL.IrreflexiveProperty)
    simple = pairs | {prop for kind in kinds for prop in graph().subjects(RDF.type, kind)}
    composite = set(graph().subjects(OWL.propertyChainAxiom)) | set(graph().subjects(RDF.type, OWL.TransitiveProperty))
    below = {sub for prop in simple for sub in graph().transitive_subjects(RDFS.subPropertyOf, prop)}
    inverse = {other for prop in below for other in (*graph().objects(prop, OWL.inverseOf), prop)}
    assert len(simple) == 11
    assert inverse & composite == set()


def test_each_class_of_statements_or_things_excludes_its_siblings() -> None:
    lists = [set(Collection(graph(), members)) for members in graph().objects(None, OWL.members)]
    children: dict[Node, set[Node]] = {}
    for child, parent in graph().subject_objects(RDFS.subClassOf):
        if isinstance(parent, URIRef) and str(parent).startswith(TIP):
            children.setdefault(parent, set()).add(child)
    assert sorted(map(sorted, children.values())) == sorted(map(sorted, lists))  # type: ignore[arg-type, type-var]


def test_what_excludes_each_other_has_an_example_and_a_reason() -> None:
    nodes = set(graph().subjects(RDF.type, OWL.AllDisjointClasses))
    assert len(nodes) == 8
    assert [n for n in nodes if not graph().value(n, SKOS.example) or not graph().value(n, SKOS.editorialNote)] == []


def test_chains_are_those_of_the_design() -> None:
    chains = {
        str(prop).removeprefix(TIP): [str(link).removeprefix(TIP) for link in Collection(graph(), chain)]
        for prop, chain in graph().subject_objects(OWL.propertyChainAxiom)
    }
    assert chains == {
        "partyTo": ["partyIn", "instrument"],
        "memberOf": ["hasMembership", "group"],
        "participatesIn": ["activeIn", "programme"],
        "hasFocalPoint": ["hasFocalPointListing", "namesFocalPoint"],
        "cooperatesWith": ["cooperatorIn", "counterpart"],
        "mandatedBy": ["hasMandate", "taskingBody"],
    }


def test_only_active_roles_are_under_the_active_participant() -> None:
    under = graph().subjects(RDFS.subPropertyOf, URIRef(TIP + "activeParticipant"))
    assert {str(role).removeprefix(TIP) for role in under} == {
        *("lead", "initiator", "implementingPartner", "manager", "coordinator", "secretariat", "host", "partner"),
        *("programmeMember", "contributor"),
    }


def test_no_range_is_a_datatype_that_owl_lacks() -> None:
    allowed = {
        *(f"http://www.w3.org/2001/XMLSchema#{n}" for n in ("string", "anyURI", "integer", "decimal", "boolean"))
    }
    allowed |= {"http://www.w3.org/2001/XMLSchema#nonNegativeInteger", str(RDFS.Literal)}
    assert {value(prop, RDFS.range) for prop in ours(OWL.DatatypeProperty)} == allowed


def test_foreign_terms_are_declared() -> None:
    both = graph("tip.ttl", "alignments.ttl")
    axioms = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
    used = {o for p in axioms for o in both.objects(None, p) if isinstance(o, URIRef)}
    literal = ("http://www.w3.org/2001/XMLSchema#", str(RDFS.Literal))
    assert [t for t in used if not str(t).startswith(literal) and (t, RDF.type, None) not in both] == []


def test_every_concept_has_label_definition_and_scheme() -> None:
    vocab = graph("vocab.ttl")
    for concept in vocab.subjects(RDF.type, SKOS.Concept):
        scheme = URIRef(str(concept).rpartition("/")[0])
        assert (scheme, RDF.type, SKOS.ConceptScheme) in vocab
        assert list(vocab.objects(concept, SKOS.inScheme)) == [scheme]
        assert list(vocab.objects(concept, SKOS.topConceptOf)) == [scheme]
        assert list(vocab.objects(concept, SKOS.prefLabel)) == list(vocab.objects(concept, RDFS.label))
        assert re.match(r"^An? [^.]+\.$", value(concept, SKOS.definition)), concept


def test_values_that_classes_demand_are_concepts() -> None:
    demanded = set(graph().objects(None, OWL.hasValue))
    assert demanded - set(graph("vocab.ttl").subjects(RDF.type, SKOS.Concept)) == set()
    assert {str(concept).split("/")[-2] for concept in demanded} == {
        *("status", "focal-point-status", "figure-status", "role", "pattern")
    }


@pytest.mark.parametrize("name", ["organizations", "instruments", "programmes"])
def test_every_class_slug_of_the_shared_tables_has_a_concept(name: str) -> None:
    entries = tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8")).values()
    assert {slug for entry in entries for slug in entry.get("classes", ())} - concepts("kind") == set()


# The scheme of a column, where it has another name.
SCHEMES = {
    "pillars": "pillar",
    "kind_of_event": "event",
    "kind_of_activity": "activity",
    "post_role": "post",
}


@pytest.mark.parametrize("column", sorted(VALUES.keys() - {"themes", "problem"}))
def test_the_values_of_curated_tables_and_the_concepts_are_the_same(column: str) -> None:
    assert {value.replace("_", "-") for value in VALUES[column]} == concepts(SCHEMES.get(column, column))


@pytest.mark.parametrize(("column", "scheme"), [("themes", "theme"), ("problem", "problem")])
def test_the_values_of_curated_tables_are_concepts(column: str, scheme: str) -> None:
    assert {value.replace("_", "-") for value in VALUES[column]} - concepts(scheme) == set()


def test_aligned_concepts_exist() -> None:
    text = (TABLES / "alignments" / "concepts.sssom.tsv").read_text(encoding="utf-8")
    subjects = set(re.findall(r"(?m)^(kind|mode|theme):([a-z-]+)\t", text))
    assert {f"{scheme}:{slug}" for scheme, slug in subjects if slug not in concepts(scheme)} == set()


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - UNMAPPED))
def test_every_column_is_mapped_or_says_why_not(kind: str) -> None:
    mapping = table(kind)
    used = {column for rule in mapping["property"] for column in (rule.get("column"), *rule.get("columns", ()))}
    used |= {mapping["class"]["column"]} if isinstance(mapping["class"], dict) else set()
    columns = {field.name for field in dataclasses.fields(KINDS[kind])}
    assert columns - used - PASSAGE == set(mapping.get("unmapped", {}))
    assert (used | {name for rule in mapping["property"] for name in rule.get("when", {})}) - {None} <= columns


def test_mapping_tables_name_terms_that_exist_and_fit() -> None:
    kinds = {f"tip:{str(term).removeprefix(TIP)}": value(term, RDF.type) for term in ours()}
    literal = {prop for prop, held in mapped() if held in LITERALS and prop.startswith("tip:")}
    entity = {prop for prop, held in mapped() if held not in LITERALS and prop.startswith("tip:")}
    assert {prop for prop in literal if kinds.get(prop) != str(OWL.DatatypeProperty)} == set()
    assert {prop for prop in entity if (URIRef(TIP + prop[4:]), RDF.type, OWL.ObjectProperty) not in graph()} == set()
    assert {name for name in mapped_classes() if name.startswith("tip:")} - kinds.keys() == set()
    assert {name for name in mapped_classes() if not name.startswith("tip:")} == {"dqv:QualityAnnotation"}


def test_roles_are_asserted_or_derived_labels_and_never_parents() -> None:
    shown = set(graph().subjects(ROLE))
    parents = set(graph().objects(None, RDFS.subPropertyOf))
    assert shown & parents == set()
    asserted = {URIRef(TIP + prop[4:]) for prop, _ in mapped() if prop.startswith("tip:")}
    assert {str(term).removeprefix(TIP) for term in shown - asserted} == {"status", "pattern"}


def test_role_names_are_short_and_lower_case() -> None:
    names = {str(name) for name in graph().objects(None, ROLE) if isinstance(name, Literal)}
    assert [name for name in names if not re.fullmatch(r"[a-z]+( [a-z]+){0,2}", name)] == []


# Terms that no question can name, and why they are there all the same.
STRUCTURAL = {
    "Actor": "the parent of organizations, bodies and states, and the range of their roles",
    "Cooperation": "the parent of the three patterns, which are shown instead",
    "Entity": "the parent of everything that statements speak of",
    "Note": "the parent of notes of all kinds, which are shown instead",
    "Passage": "the class of what tip:evidence points to; questions follow the property",
    "SourceText": "the class of what passages are counted in; questions follow nif:referenceContext",
    "Statement": "the parent of statements of all kinds, which are shown instead",
    "TableCell": "the parent of the four kinds of cells, which are shown instead",
    "activeIn": "an inverse, for the chain of tip:participatesIn",
    "anyMember": "the parent of tip:member, for memberships of other kinds",
    "cooperatorIn": "an inverse, for the chain of tip:cooperatesWith",
    "edition": "the year as xsd:gYear, for other tools; questions use tip:editionYear",
    "generated": "true only in graphs with reports that somebody else adds",
    "hasFocalPointListing": "an inverse, for the chain of tip:hasFocalPoint",
    "hasMandate": "an inverse, for the chain of tip:mandatedBy",
    "hasMembership": "an inverse, for the chain of tip:memberOf",
    "partyIn": "an inverse, for the chain of tip:partyTo",
}


def asked_for() -> set[str]:
    """Terms that a packaged question, a check or the look-up of names behind their parameters names or shows.

    The question statements names no role and no kind: it shows every property with a role name and every class."""
    texts = {path: body(path) for path in [*QUERIES.rglob("*.rq"), NAMES]}
    found = {name for text in texts.values() for name in re.findall(r"\btip:(\w+)", text)}
    if "roleName" in found and "?class rdfs:label ?kind" in texts[QUERIES / "statements.rq"]:
        found |= {str(term).removeprefix(TIP) for term in graph().subjects(ROLE)}
        found |= {name.removeprefix("tip:") for name in mapped_classes()}
    return found


def body(path: Path) -> str:
    """A query without its header, whose words are no use of a term."""
    return "\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#"))


def test_every_term_is_in_a_question_or_check() -> None:
    local = {str(term).removeprefix(TIP) for term in ours()}
    assert STRUCTURAL.keys() - local == set()
    assert sorted(local - asked_for() - STRUCTURAL.keys()) == []


def test_a_term_that_only_mappings_or_shapes_name_is_an_orphan() -> None:
    assert "characters" in asked_for()
    assert "generated" not in asked_for()


def test_every_term_is_in_data_an_axiom_or_a_rule() -> None:
    """Each is used by a mapping table, a shape, a rule, a query, or in an axiom of another term; a class of entities
    by the reader of entity records; a shortcut that a chain derives is there for those who ask."""
    used = {URIRef(TIP + name) for name in ENTITY_CLASSES.values()} | set(graph().subjects(OWL.propertyChainAxiom))
    used |= {URIRef(TIP + name[4:]) for name in {*mapped_classes(), *(prop for prop, _ in mapped())}}
    used |= {term for triple in graph("shapes.ttl") for term in triple if isinstance(term, URIRef)}
    for path in [*FOLDER.glob("rules/*.rq"), *QUERIES.rglob("*.rq")]:
        used |= {URIRef(TIP + name) for name in re.findall(r"\btip:(\w+)", path.read_text(encoding="utf-8"))}
    for subject, predicate, term in graph("tip.ttl"):
        used |= {predicate} if isinstance(predicate, URIRef) else set()
        used |= {term} if isinstance(term, URIRef) and term != subject else set()
    assert [str(term).removeprefix(TIP) for term in ours() if term not in used] == []
