"""The graph of data quality: checks, findings and measurements as triples."""

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.graph.checks import Value, packaged_checks, packaged_metrics, values
from kg.graph.quality import assess
from kg.graph.terms import named
from tests.graph.test_findings import BASE, DATA

COUNTED = """
<statement/tip-2017/t/gin> a tip:Ratification , tip:Statement ; tip:source <source/tip-2017> ; tip:evidence <passage> .
<passage> rdfs:label "passage"@en .
<statement/tip-2018/t/gin> a tip:Ratification , tip:Statement ; tip:source <source/tip-2018> .
<statement/tip-2018/t/one> rdfs:label "one"@en .
<statement/tip-2018/t/one> a tip:NonParty , tip:Statement ; tip:source <source/tip-2018> ; tip:evidence <passage> .
<statement/tip-2018/t/two> rdfs:label "two"@en .
<statement/tip-2018/t/two> a tip:NonParty , tip:Statement ; tip:source <source/tip-2018> ; tip:evidence <passage> .
tip:Ratification rdfs:subClassOf tip:Statement . tip:NonParty rdfs:subClassOf tip:Statement .
<a> a tip:State ; skos:exactMatch <http://example.org/a> . <b> a tip:State . <c> a tip:State .
<d> a tip:Body .
<vocab/severity/warning> skos:inScheme <vocab/severity> .
<vocab/severity/error> skos:inScheme <vocab/severity> ; skos:notation "error" .
"""


def triples(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)}


def said() -> set[Triple]:
    data = triples(DATA)
    return assess(data, list(data))


def of(found: set[Triple], start: str) -> dict[str, str]:
    """Property (local name) -> value of the only subject whose IRI starts so."""
    about = [triple for triple in found if triple.subject.value.startswith(BASE + start)]
    assert len({triple.subject for triple in about}) == 1
    return {t.predicate.value.replace("/", "#").rpartition("#")[2]: t.object.value for t in about}


def test_a_finding_is_an_annotation_with_check_severity_state_and_target() -> None:
    found = of(said(), "finding/check/mode-mark-lost/")
    assert found.pop("comment").startswith("One edition prints a letter for accession or acceptance, ")
    assert found == {
        "type": "http://www.w3.org/ns/dqv#QualityAnnotation",
        "label": "mode mark lost: gin 2018",
        "hasTarget": f"{BASE}statement/tip-2018/t/gin",
        "motivatedBy": "http://www.w3.org/ns/dqv#qualityAssessment",
        "check": f"{BASE}check/mode-mark-lost",
        "problem": f"{BASE}vocab/problem/lost-mark",
        "severity": f"{BASE}vocab/severity/warning",
        "reviewState": f"{BASE}vocab/review/new",
        "aboutProperty": f"{BASE}ontology#mode",
        "aboutValue": f"{BASE}vocab/mode/accession",
        "comparedWith": f"{BASE}statement/tip-2017/t/gin",
    }


def test_of_a_recorded_finding_only_its_checks_are_said() -> None:
    about = {triple for triple in said() if triple.subject.value == f"{BASE}finding/tip-2017/sum"}
    checks = {t.object.value.removeprefix(f"{BASE}check/") for t in about if t.predicate == named("tip:check")}
    assert checks == {"reading", "parts-and-total"}
    assert {t.predicate for t in about} == {named("tip:check"), named("tip:aboutProperty")}


def test_every_check_and_metric_is_described_and_measured() -> None:
    found = said()
    checks = {t.subject for t in found if t.object == named("tip:Check")}
    metrics = {t.subject for t in found if t.object == named("dqv:Metric")}
    measured = {t.object for t in found if t.predicate == named("dqv:isMeasurementOf")}
    assert (len(checks), len(metrics)) == (len(packaged_checks()), len(packaged_metrics()))
    assert checks <= measured


def test_a_check_says_what_to_do() -> None:
    found = of(said(), "check/row-outside-window")
    assert found["solution"].startswith("Keep the row; an entry into force twelve months later")
    assert (found["identifier"], found["usualSeverity"]) == ("row_outside_window", f"{BASE}vocab/severity/warning")
    assert found["inDimension"] == "http://www.w3.org/2016/05/ldqd#consistency"


def test_findings_are_counted_by_check_and_severity() -> None:
    found = said()
    assert of(found, "measurement/mode-mark-lost/")["value"] == "1"
    assert of(found, "measurement/act-of-two-years/")["value"] == "0"


def test_the_same_data_say_the_same() -> None:
    assert said() == said()


def test_metrics_count_by_hand_worked_numbers() -> None:
    store = Store()
    store.extend(Quad(*triple) for triple in triples(DATA + COUNTED))
    found = {
        (v.metric, v.computed_on.removeprefix(BASE), v.category): v.value[:6] for v in values(store, packaged_metrics())
    }
    assert found == {
        ("evidence", "source/tip-2017", ""): "1",
        ("evidence", "source/tip-2018", ""): "0.6666",
        ("external_identifiers", "dataset", "Body"): "0",
        ("external_identifiers", "dataset", "State"): "0.3333",
        ("findings", "dataset", "error"): "0",
        ("findings", "dataset", "warning"): "1",
        ("statements", "source/tip-2017", "Ratification"): "1",
        ("statements", "source/tip-2018", "NonParty"): "2",
        ("statements", "source/tip-2018", "Ratification"): "1",
    }
    assert Value("evidence", f"{BASE}source/tip-2017", "", "1") in values(store, packaged_metrics())


def test_numbers_have_the_datatype_of_their_metric() -> None:
    data = triples(DATA + COUNTED)
    found = {
        t.subject.value.removeprefix(BASE): t.object for t in assess(data, []) if t.predicate == named("dqv:value")
    }
    decimal, integer = (NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("decimal", "integer"))
    assert found["measurement/evidence/tip-2018"] == Literal("0.6667", datatype=decimal)
    assert found["measurement/statements/tip-2018-NonParty"] == Literal("2", datatype=integer)
