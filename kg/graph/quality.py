"""The graph of data quality: checks, findings and measurements as DQV has them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg import iris
from kg.graph import terms
from kg.graph.checks import Check, Metric, Value, packaged_checks, packaged_metrics, values
from kg.graph.findings import Finding, check_of_records, collect, refuse_new_errors
from kg.graph.terms import LABEL, TYPE, named, tip

DIMENSIONS: Final = "http://www.w3.org/2016/05/ldqd#"


def assess(merged: Iterable[Triple], recorded: Sequence[Triple]) -> set[Triple]:
    """All that is to be said of the quality of a merged graph beside the recorded findings, which are part of it.

    Raises ChecksError, or QualityError for errors in the data that nobody has reviewed."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in merged)
    described = {*_checks(), *check_of_records(recorded)}
    store.extend(Quad(*triple) for triple in described)
    found = collect(store)
    refuse_new_errors(found)
    said = {triple for finding in found.findings for triple in _finding(store, finding)}
    store.extend(Quad(*triple) for triple in said)
    return described | said | set(_measurements(store))


def _checks() -> Iterator[Triple]:
    for check in packaged_checks():
        node = NamedNode(iris.check(check.name))
        yield from _metric(node, check, "integer")
        yield Triple(node, TYPE, tip("Check"))
        yield Triple(node, named("dcterms:description"), terms.english(check.problem))
        yield Triple(node, tip("solution"), terms.english(check.solution))
        yield Triple(node, tip("usualSeverity"), _concept("severity", check.severity))
    for metric in packaged_metrics():
        node = NamedNode(iris.metric(metric.name))
        yield from _metric(node, metric, metric.datatype)
        yield Triple(node, TYPE, named("dqv:Metric"))
        yield Triple(node, named("skos:definition"), terms.english(metric.definition))


def _metric(node: NamedNode, described: Check | Metric, datatype: str) -> Iterator[Triple]:
    yield Triple(node, LABEL, terms.english(described.name.replace("_", " ")))
    yield Triple(node, named("rdfs:comment"), terms.english(described.summary))
    yield Triple(node, named("dcterms:identifier"), terms.text(described.name))
    yield Triple(node, named("dqv:expectedDataType"), named(f"xsd:{datatype}"))
    yield Triple(node, named("dqv:inDimension"), NamedNode(DIMENSIONS + described.dimension))


def _finding(store: Store, finding: Finding) -> Iterator[Triple]:
    """What records do not hold themselves: of a recorded finding, only that a check reports it too."""
    node = NamedNode(finding.iri)
    for check in finding.checks:
        yield Triple(node, tip("check"), NamedNode(iris.check(check)))
    if finding.property:
        yield Triple(node, tip("aboutProperty"), terms.typed(finding.property, "anyURI"))
    if finding.compared:
        yield Triple(node, tip("comparedWith"), NamedNode(finding.compared))
    if finding.recorded:
        return
    target = NamedNode(finding.entity)
    words = finding.checks[0].replace("_", " ")
    label = next((text.value for text in _objects(store, target, LABEL)), finding.entity)
    yield Triple(node, TYPE, named("dqv:QualityAnnotation"))
    yield Triple(node, LABEL, terms.english(f"{words}: {label}"))
    yield Triple(node, named("oa:hasTarget"), target)
    yield Triple(node, named("oa:motivatedBy"), named("dqv:qualityAssessment"))
    yield Triple(node, named("rdfs:comment"), terms.english(finding.comment))
    yield Triple(node, tip("problem"), _concept("problem", finding.kind))
    yield Triple(node, tip("severity"), _concept("severity", finding.severity))
    yield Triple(node, tip("reviewState"), _concept("review", finding.state))
    if finding.value:
        yield Triple(node, tip("aboutValue"), terms.text(finding.value))
    if finding.outside:
        yield Triple(node, tip("outsideSource"), terms.text(finding.outside))
    for prop in (tip("source"), tip("evidence")):
        for value in _objects(store, target, prop):
            yield Triple(node, prop, value)


def _objects(store: Store, node: NamedNode, prop: NamedNode) -> list[NamedNode | Literal]:
    quads = store.quads_for_pattern(node, prop, None, DefaultGraph())
    return [quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)]


def _concept(scheme: str, key: str) -> NamedNode:
    return NamedNode(iris.concept(scheme, key.replace("_", "-")))


def _measurements(store: Store) -> Iterator[Triple]:
    datatypes = {metric.name: metric.datatype for metric in packaged_metrics()}
    for value in values(store, packaged_metrics()):
        yield from _measurement(value, NamedNode(iris.metric(value.metric)), datatypes[value.metric])
    counts = _counts(store)
    for check in packaged_checks():
        counted = Value(check.name, iris.BASE + "dataset", "", str(counts.get(iris.check(check.name), 0)))
        yield from _measurement(counted, NamedNode(iris.check(check.name)), "integer")


def _counts(store: Store) -> dict[str, int]:
    found: dict[str, int] = {}
    for quad in store.quads_for_pattern(None, tip("check"), None, DefaultGraph()):
        if isinstance(quad.object, NamedNode):
            found[quad.object.value] = found.get(quad.object.value, 0) + 1
    return found


def _measurement(value: Value, metric: NamedNode, datatype: str) -> Iterator[Triple]:
    parts = [value.computed_on.rpartition("/")[2], value.category]
    node = NamedNode(iris.measurement(value.metric, "-".join(part for part in parts if part)))
    number = str(int(value.value)) if datatype == "integer" else f"{Decimal(value.value):.4f}".rstrip("0").rstrip(".")
    about = " of ".join(part for part in (value.category, value.computed_on.rpartition("/")[2]) if part)
    yield Triple(node, TYPE, named("dqv:QualityMeasurement"))
    yield Triple(node, LABEL, terms.english(f"{value.metric.replace('_', ' ')}, {about}: {number}"))
    yield Triple(node, named("dqv:isMeasurementOf"), metric)
    yield Triple(node, named("dqv:computedOn"), NamedNode(value.computed_on))
    yield Triple(node, named("dqv:value"), terms.typed(number, datatype))
    if value.category:
        yield Triple(node, tip("category"), terms.text(value.category))
