"""What is derived, and above all what is not: axiom kinds one by one, then our ontology on planted statements."""

import functools
import importlib.resources

import owlrl
import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import OWL, RDF, URIRef

from kg.graph import rdflib_terms
from kg.graph.axioms import forbidden, rules
from kg.graph.reason import Laws, ReasonError, compile_laws, derive, infer, packaged_laws, packaged_rules

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix tip: <https://w3id.org/tipkg/ontology#> .
"""
AXIOMS = {
    "domain": (":p rdfs:domain :C .", ":a :p :b .", ":a a :C ."),
    "domain with a value": (":p rdfs:domain [ owl:onProperty :q ; owl:hasValue :v ] .", ":a :p :b .", ":a :q :v ."),
    "range": (":p a owl:ObjectProperty ; rdfs:range :C .", ":a :p :b .", ":b a :C ."),
    "sub-class, however far": (
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E .",
        ":a a :C .",
        ":a a :D , :E .",
    ),
    "equivalent classes": (":C owl:equivalentClass :D .", ":a a :C . :b a :D .", ":a a :D . :b a :C ."),
    "class with a value": (
        ":C rdfs:subClassOf [ owl:onProperty :q ; owl:hasValue :v ] .",
        ":a a :C .",
        ":a :q :v .",
    ),
    "value that makes a class": (
        "[ owl:onProperty :q ; owl:hasValue :v ] rdfs:subClassOf :C .",
        ":a :q :v . :b :q :w .",
        ":a a :C .",
    ),
    "some value of a class": (
        "[ owl:onProperty :p ; owl:someValuesFrom :D ] rdfs:subClassOf :C .",
        ":a :p :x . :x a :D . :b :p :y .",
        ":a a :C .",
    ),
    "some value of any class": (
        "[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :C .",
        ":a :p :x .",
        ":a a :C .",
    ),
    "sub-property, however far": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ":a :p :b .",
        ":a :q :b ; :r :b .",
    ),
    "sub-property with a literal": (":p rdfs:subPropertyOf :q .", ':a :p "x" .', ':a :q "x" .'),
    "equivalent properties": (":p owl:equivalentProperty :q .", ":a :p :b . :c :q :d .", ":a :q :b . :c :p :d ."),
    "inverse, both ways": (":p owl:inverseOf :q .", ":a :p :b . :c :q :d .", ":b :q :a . :d :p :c ."),
    "symmetric": (":p a owl:SymmetricProperty .", ":a :p :b .", ":b :p :a ."),
    "transitive": (":p a owl:TransitiveProperty .", ":a :p :b . :b :p :c . :c :p :d .", ":a :p :c , :d . :b :p :d ."),
    "chain of two": (":r owl:propertyChainAxiom ( :p :q ) .", ":a :p :b . :b :q :c . :d :q :e .", ":a :r :c ."),
    "chain of three": (
        ":r owl:propertyChainAxiom ( :p :q :p ) .",
        ":a :p :b . :b :q :c . :c :p :d .",
        ":a :r :d .",
    ),
    "axioms that feed each other": (
        ":p owl:inverseOf :q . :r owl:propertyChainAxiom ( :q :s ) . :r rdfs:domain :C .",
        ":x :p :a . :x :s :b .",
        ":a :q :x ; :r :b ; a :C .",
    ),
}
REFUSED = {
    ":C owl:complementOf :D .": "C complementOf D",
    "[] a owl:AllDisjointProperties ; owl:members ( :p :q ) .": "covers no AllDisjointProperties",
    ":p a owl:FunctionalProperty .": "p type FunctionalProperty",
    ":p a owl:ReflexiveProperty .": "p type ReflexiveProperty",
    ":C owl:disjointWith [ owl:onProperty :p ; owl:allValuesFrom :D ] .": "allValuesFrom",
    ":a owl:sameAs :b .": "a sameAs b",
    ":C owl:equivalentClass [ owl:intersectionOf ( :D :E ) ] .": "intersectionOf",
    ":C rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :D ] .": "C subClassOf",
    ":C rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :D ] .": "allValuesFrom",
}
# What forbids something: axiom, data that break it, data that do not, and what the message says.
FORBIDDEN = {
    "disjoint classes": (
        ":C owl:disjointWith :D . :p rdfs:domain :D .",
        ":a a :C ; :p :b .",
        ":a a :C . :b :p :a .",
        (
            "C disjointWith D, but",
            "  http://example.org/a a http://example.org/C (stated: no passage)",
            "  http://example.org/a a http://example.org/D, by p domain D, from: "
            "http://example.org/a http://example.org/p http://example.org/b (stated: no passage)",
        ),
    ),
    "sub-class of what is disjoint": (
        ":C owl:disjointWith :D . :E rdfs:subClassOf :D .",
        ":a a :C , :E .",
        ":a a :C . :b a :E .",
        ("C disjointWith D, but", ", by E subClassOf D, from: "),
    ),
    "all disjoint classes": (
        "[] a owl:AllDisjointClasses ; owl:members ( :C :D :E ) .",
        ":a a :C , :E .",
        ":a a :C . :b a :D . :c a :E .",
        ("C disjointWith E, but",),
    ),
    "irreflexive": (
        ":p a owl:IrreflexiveProperty .",
        ":a :p :a .",
        ":a :p :b . :b :p :a .",
        ("p type IrreflexiveProperty, but", "a http://example.org/p http://example.org/a"),
    ),
    "asymmetric": (
        ":p a owl:AsymmetricProperty .",
        ":a :p :b . :b :p :a .",
        ":a :p :b . :b :p :c .",
        ("p type AsymmetricProperty, but",),
    ),
    "disjoint properties": (
        ":p owl:propertyDisjointWith :q . :r rdfs:subPropertyOf :q .",
        ":a :p :b ; :r :b .",
        ":a :p :b ; :r :c . :b :r :a .",
        ("p propertyDisjointWith q, but", ", by r subPropertyOf q, from: "),
    ),
}
# Our ontology: what a mapping or a record could get wrong, each against one axiom of every kind that we use.
PLANTED = {
    ":cell a tip:NonParty ; tip:party :guinea .": "NonParty disjointWith Ratification",
    ":cell a tip:FocalPointNotApplicable ; tip:namesFocalPoint :post .": "FocalPointNotApplicable disjointWith Named",
    ":cell a tip:EmptyCell , tip:Figure .": "EmptyCell disjointWith Figure",
    ":work a tip:DirectedCooperation ; tip:cooperator :a ; tip:counterpart :b .": "DirectedCooperation disjointWith",
    ":work a tip:HubCooperation ; tip:programme :campaign .": "Cooperation disjointWith Participation",
    ":note a tip:StaffCount ; tip:windowBegins 2030 ; a tip:ReportingWindow .": "ReportingWindow disjointWith",
    ":a a tip:Organization . :taking a tip:Participation ; tip:programme :a .": "Actor disjointWith Programme",
    ":a a tip:Body , tip:Organization .": "Body disjointWith Organization",
    ":a a tip:Organization . :x tip:evidence :a .": "Entity disjointWith Passage",
    ":a a tip:State . :x tip:mode :a .": "Entity disjointWith skos:Concept",
    ":x a tip:Mandate . :y tip:concerns :x .": "Entity disjointWith Statement",
    ":x a tip:Mandate . :y tip:source :x .": "Statement disjointWith SourceDocument",
    ":part tip:subsetOf :part .": "subsetOf type IrreflexiveProperty",
    ":part tip:subsetOf :whole . :whole tip:subsetOf :part .": "subsetOf type AsymmetricProperty",
    ":hub tip:cooperator :a ; tip:counterpart :a .": "counterpart propertyDisjointWith cooperator",
    ":hub tip:counterpart :a ; tip:plannedCounterpart :a .": "counterpart propertyDisjointWith plannedCounterpart",
    ":help tip:cooperator :a ; tip:directedCounterpart :a .": "directedCounterpart propertyDisjointWith cooperator",
    ":all tip:jointParticipant :a ; tip:plannedJointParticipant :a .": "jointParticipant propertyDisjointWith planned",
    ":taking tip:lead :a ; tip:plannedParticipant :a .": "plannedParticipant propertyDisjointWith activeParticipant",
    ":joining tip:member :club ; tip:group :club .": "group propertyDisjointWith anyMember",
}
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
# One state that a chart lists as not party and another as party; a hub, a directed and a planned cooperation; a funder
# and a planned participant; a focal point and an N/A.
SAMPLE = """
:dash a tip:NonParty ; tip:nonParty :guinea ; tip:instrument :c189 .
:year a tip:Ratification ; tip:party :guinea ; tip:instrument :c189 .
:dash-only a tip:NonParty ; tip:nonParty :iran ; tip:instrument :c189 .
:gone a tip:Denunciation ; tip:formerParty :brazil ; tip:instrument :c189 .
:blank a tip:BlankStatus ; tip:unreportedState :iran ; tip:instrument :c029 .
:hub a tip:HubCooperation ; tip:cooperator :hub-of ; tip:counterpart :left , :right .
:directed a tip:DirectedCooperation ; tip:cooperator :funding ; tip:directedCounterpart :funded .
:plan a tip:HubCooperation ; tip:cooperator :hub-of ; tip:plannedCounterpart :later .
:leading a tip:Participation ; tip:lead :left ; tip:programme :campaign .
:partner a tip:Participation ; tip:implementingPartner :right ; tip:programme :campaign .
:grant a tip:Participation ; tip:funder :payer ; tip:programme :campaign .
:gain a tip:Participation ; tip:beneficiary :gainer ; tip:programme :campaign .
:next a tip:Participation ; tip:plannedParticipant :later ; tip:programme :campaign .
:listed a tip:NamedFocalPoint ; tip:focalPointFor :left ; tip:namesFocalPoint :post .
:nobody a tip:FocalPointNotApplicable ; tip:focalPointFor :right .
:joining a tip:Membership ; tip:member :left ; tip:group :club .
:post tip:partOf :unit . :unit tip:partOf :left .
"""
JOINT = ":together a tip:JointCooperation ; tip:jointParticipant :a , :b , :c . "
PLANNED_JOINT = ":soon a tip:JointCooperation ; tip:plannedJointParticipant :a , :d . "


def graph(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


def turtle(text: str) -> set[Triple]:
    return {quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)}


@functools.cache
def ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in ("tip.ttl", "alignments.ttl"):
        graph.parse(data=(importlib.resources.files("kg.ontology") / name).read_bytes(), format="turtle")
    return graph


@functools.cache
def derived(text: str) -> frozenset[Triple]:
    return frozenset(derive(turtle(text), (), laws()))


@functools.cache
def laws() -> Laws:
    return compile_laws(ontology(), packaged_rules())


def pairs(triples: frozenset[Triple], name: str) -> set[tuple[str, str]]:
    """Subject and object of a property of ours, by their local names."""
    local = [(t.subject.value, t.object.value) for t in triples if t.predicate.value.endswith(f"ontology#{name}")]
    return {(subject.rpartition("/")[2], value.rpartition("/")[2]) for subject, value in local}


@pytest.mark.parametrize("kind", tuple(AXIOMS))
def test_an_axiom_entails_exactly_this(kind: str) -> None:
    axiom, data, entailed = AXIOMS[kind]
    assert infer(turtle(data), rdflib_terms.graph(turtle(axiom)), ()) == turtle(entailed)


@pytest.mark.parametrize("axiom", REFUSED)
def test_an_axiom_that_is_not_covered_is_refused_by_name(axiom: str) -> None:
    with pytest.raises(ReasonError, match=REFUSED[axiom]):
        infer((), rdflib_terms.graph(turtle(axiom)), ())


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_data_that_an_axiom_forbids_are_refused_and_named(kind: str) -> None:
    axiom, broken, fine, parts = FORBIDDEN[kind]
    with pytest.raises(ReasonError) as refused:
        infer(turtle(broken), rdflib_terms.graph(turtle(axiom)), ())
    assert str(refused.value).startswith("the data contradict the ontology (1):\n")
    assert [part for part in parts if part not in str(refused.value)] == []
    infer(turtle(fine), rdflib_terms.graph(turtle(axiom)), ())


def errors(graph: rdflib.Graph) -> list[str]:
    """What owlrl finds inconsistent in a graph."""
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return sorted(map(str, graph.objects(None, ERROR)))


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_owlrl_finds_the_same_data_inconsistent(kind: str) -> None:
    axiom, broken, fine, _ = FORBIDDEN[kind]
    assert errors(rdflib_terms.graph(turtle(axiom + broken))) != []
    assert errors(rdflib_terms.graph(turtle(axiom + fine))) == []


def test_every_kind_of_axiom_that_forbids_is_planted_against_our_ontology() -> None:
    found = {rule.name.split(" ", 1)[1] for rule in forbidden(ontology()) if "disjoint" not in rule.name.lower()}
    assert found == {"type IrreflexiveProperty", "type AsymmetricProperty"}
    named = {name.split()[1] for name in PLANTED.values()}
    assert named == {"disjointWith", "propertyDisjointWith", "type"}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_contradiction_of_our_ontology_is_named(planted: str) -> None:
    with pytest.raises(ReasonError, match=PLANTED[planted]):
        derive(turtle(planted), (), laws())


def test_owlrl_finds_every_contradiction_of_our_ontology() -> None:
    """Each planted one in a namespace of its own, closed at once, since each closing takes seconds."""
    full = rdflib.Graph() + ontology()
    spaces = [f"http://example.org/{number}/" for number in range(len(PLANTED))]
    for space, text in zip(spaces, PLANTED, strict=True):
        full.parse(data=PREFIXES.replace("http://example.org/", space) + text, format="turtle")
    found = errors(full)
    assert [space for space in spaces if not any(space in error for error in found)] == []


def test_a_clash_tells_the_passages_that_state_it() -> None:
    text = """:cell a tip:NonParty ; tip:party :guinea ; tip:evidence :there .
        :there tip:where "Report 2031, conventions chart, row Guinea"@en ."""
    with pytest.raises(ReasonError, match="Guinea") as refused:
        derive(turtle(text), (), laws())
    at = "http://example.org/cell"
    assert str(refused.value).split("\n") == [
        "the data contradict the ontology (1):",
        "NonParty disjointWith Ratification, but",
        f"  {at} a NonParty (stated: Report 2031, conventions chart, row Guinea)",
        f"  {at} a Ratification, by party domain Ratification, from: {at} party http://example.org/guinea "
        "(stated: Report 2031, conventions chart, row Guinea)",
    ]


def test_the_ontology_alone_is_consistent_and_each_of_its_classes_can_have_something() -> None:
    assert errors(rdflib.Graph() + ontology()) == []
    for cls in {cls for cls in ontology().subjects(RDF.type, OWL.Class) if isinstance(cls, URIRef)}:
        derive(turtle(f":x a <{cls}> ."), (), laws())


def test_a_denunciation_with_its_act_is_no_ratification() -> None:
    text = ":gone a tip:Denunciation ; tip:formerParty :brazil ; tip:instrument :c189 ; tip:act :act ; tip:mode :a ."
    assert pairs(derived(text), "status") == {("gone", "denounced")}


def test_a_range_of_literals_types_no_literal() -> None:
    axiom = ":p a owl:DatatypeProperty ; rdfs:range rdfs:Literal ."
    assert infer(turtle(':a :p "x" .'), rdflib_terms.graph(turtle(axiom)), ()) == set()


def test_a_rule_and_an_axiom_reach_one_fixpoint() -> None:
    axiom = rdflib_terms.graph(turtle(":q rdfs:subPropertyOf :r ."))
    rule = ("p to q", "CONSTRUCT { ?x <http://example.org/q> ?y } WHERE { ?x <http://example.org/r> ?y }")
    assert infer(turtle(":a :q :b . :c :r :d ."), axiom, (rule,)) == turtle(":a :r :b . :c :q :d .")


@pytest.mark.parametrize(
    ("query", "message"), [("SELECT * WHERE { ?a ?b ?c }", "must be a CONSTRUCT"), ("CONSTRUCT {", "rule odd: ")]
)
def test_a_rule_of_another_form_is_refused_by_name(query: str, message: str) -> None:
    with pytest.raises(ReasonError, match=message):
        infer(turtle(":a :p :b ."), rdflib.Graph(), (("odd", query),))


def test_an_ontology_outside_the_profile_derives_nothing() -> None:
    axioms = ":o a owl:Ontology . :p a owl:ObjectProperty , owl:ReflexiveProperty ."
    with pytest.raises(ReasonError) as raised:
        packaged_laws(turtle(axioms))
    assert str(raised.value).split("\n") == [
        "the ontology is not in OWL 2 RL:",
        "ReflexiveObjectProperty p: no ReflexiveObjectProperty (OWL 2 Profiles 4.2.5)",
    ]


def test_the_packaged_rules_have_names() -> None:
    assert [name for name, _ in packaged_rules()] == ["joint-cooperation", "shares-programme"]


def test_a_state_with_a_dash_and_a_year_is_party_and_one_with_a_dash_only_is_not() -> None:
    assert pairs(derived(SAMPLE), "partyTo") == {("guinea", "c189")}


def test_the_dash_stays_beside_the_year() -> None:
    assert pairs(derived(SAMPLE), "state") >= {("dash", "guinea"), ("year", "guinea")}


def test_the_status_label_follows_the_class() -> None:
    assert pairs(derived(SAMPLE), "status") == {
        *(("dash", "not-party"), ("dash-only", "not-party"), ("year", "party"), ("blank", "blank")),
        *(("gone", "denounced"), ("listed", "named"), ("nobody", "not-applicable")),
    }


def test_only_active_participants_participate() -> None:
    assert pairs(derived(SAMPLE), "participatesIn") == {("left", "campaign"), ("right", "campaign")}


def test_the_role_label_follows_the_property() -> None:
    assert pairs(derived(SAMPLE), "role") == {
        *(("leading", "lead"), ("partner", "implementing-partner"), ("grant", "funder")),
        *(("gain", "beneficiary"), ("next", "planned")),
    }


def test_a_programme_is_shared_by_its_active_participants_only() -> None:
    assert pairs(derived(SAMPLE), "sharesProgrammeWith") == {("left", "right"), ("right", "left")}


def test_a_hub_works_with_each_counterpart_and_they_not_with_each_other() -> None:
    expected = {("hub-of", "left"), ("hub-of", "right"), ("left", "hub-of"), ("right", "hub-of")}
    assert pairs(derived(SAMPLE), "cooperatesWith") == expected


def test_joint_participants_all_work_with_each_other_but_not_with_themselves() -> None:
    expected = {("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")}
    assert pairs(derived(JOINT + PLANNED_JOINT), "cooperatesWith") == expected


def test_a_focal_point_follows_from_a_name_only() -> None:
    assert pairs(derived(SAMPLE), "hasFocalPoint") == {("left", "post")}


def test_a_member_is_member_of_its_group() -> None:
    assert pairs(derived(SAMPLE), "memberOf") == {("left", "club")}


def test_a_part_of_a_part_is_a_part() -> None:
    assert pairs(derived(SAMPLE), "partOf") == {("post", "left")}


def test_nothing_trivial_is_derived() -> None:
    schema = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#")
    assert {t for t in derived(SAMPLE) if str(t.object).startswith(tuple("<" + name for name in schema))} == set()
    assert {t for t in derived(SAMPLE) if t.predicate.value.startswith(schema)} == set()


def test_every_rule_of_the_ontology_has_a_readable_name() -> None:
    names = {rule.name for rule in rules(ontology())}
    assert "partyTo propertyChainAxiom (partyIn instrument)" in names
    assert "party inverseOf partyIn" in names
    assert "cooperatesWith type SymmetricProperty" in names


def test_a_rule_reads_the_properties_and_classes_of_its_condition() -> None:
    example = "http://example.org/"
    found = {rule.name: rule.reads for rule in rules(graph(AXIOMS["chain of two"][0] + ":C rdfs:subClassOf :D ."))}
    assert found == {
        "r propertyChainAxiom (p q)": frozenset({example + "p", example + "q"}),
        "C subClassOf D": frozenset({example + "C"}),
    }


def test_a_written_rule_reads_what_it_needs() -> None:
    found = {rule.name: rule.reads for rule in laws().rules if rule.definition}
    tip = "https://w3id.org/tipkg/ontology#"
    assert found == {
        "joint-cooperation": frozenset({tip + "jointParticipant"}),
        "shares-programme": frozenset({tip + "participatesIn"}),
    }


def test_a_rule_that_looks_at_more_than_it_needs_reads_everything() -> None:
    """What it looks for is derived here after it was first run."""
    looks = "CONSTRUCT { ?x :s ?y } WHERE { ?x :q ?y FILTER EXISTS { ?y :r ?z } }"
    later = "CONSTRUCT { ?x :r ?y } WHERE { ?x :p ?y }"
    extra = [(name, f"PREFIX : <http://example.org/> {query}") for name, query in (("looks", looks), ("later", later))]
    assert infer(turtle(":a :q :b . :b :p :c ."), rdflib.Graph(), extra) == turtle(":a :s :b . :b :r :c .")
