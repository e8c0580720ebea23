"""Findings: what is new, what a review changes, what is one with a recorded finding, and what is stale."""

import functools
from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kg.graph.checks import ChecksError
from kg.graph.findings import Finding, QualityError, collect, refuse_new_errors
from kg.graph.reviewed import Known, Outside

BASE = "https://w3id.org/tipkg/"
# Guinea's accession, marked with a letter in one edition; a total of 165 whose parts make 168, noticed in reading.
DATA = """
@base <https://w3id.org/tipkg/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tip: <https://w3id.org/tipkg/ontology#> .
<source/tip-2017> a tip:SourceDocument ; rdfs:label "2017"@en .
<source/tip-2018> a tip:SourceDocument ; rdfs:label "2018"@en .
<vocab/mode/accession> skos:notation "accession" .
<vocab/mode/unspecified> skos:notation "unspecified" .
<vocab/problem/sum-differs> skos:notation "sum_differs" .
<vocab/severity/warning> skos:notation "warning" .
<statement/tip-2017/t/gin> tip:act <act> ; tip:mode <vocab/mode/accession> ; rdfs:label "gin 2017"@en .
<statement/tip-2018/t/gin> tip:act <act> ; tip:mode <vocab/mode/unspecified> ; rdfs:label "gin 2018"@en .
<statement/tip-2017/f/total> tip:value 165.0 ; rdfs:label "165"@en .
<statement/tip-2017/f/part> tip:value 168.0 ; tip:partOfTotal <statement/tip-2017/f/total> .
<finding/tip-2017/sum> a dqv:QualityAnnotation ; oa:hasTarget <statement/tip-2017/f/total> ;
    tip:problem <vocab/problem/sum-differs> ; tip:severity <vocab/severity/warning> ; tip:printed "165" ;
    rdfs:comment "the parts make 168"@en .
"""
LOST = Known(
    check="mode_mark_lost",
    entity=f"{BASE}statement/tip-2018/t/gin",
    property=f"{BASE}ontology#mode",
    value=f"{BASE}vocab/mode/accession",
    severity="",
    same_as="",
    review="the later chart has no letters",
)
SUBSET = Known(
    check="subset_and_whole",
    entity=f"{BASE}statement/tip-2017/f/part",
    property=f"{BASE}ontology#value",
    value="168",
    severity="note",
    same_as=f"{BASE}finding/tip-2017/sum",
    review="the same sum",
)
FACT = Outside("gin", f"{BASE}statement/tip-2017/t/gin", "acceded in 2003", "A register", "note", "another year")


def store(more: str = "") -> Store:
    found = Store()
    found.extend(parse((DATA + more).encode(), format=RdfFormat.TURTLE))
    return found


@functools.cache
def reviewed() -> dict[str, Finding]:
    """The findings with both reviews, by the first check that reports them."""
    return {finding.checks[0]: finding for finding in collect(store(), [LOST, SUBSET], []).findings}


def test_a_finding_that_nobody_reviewed_is_new_and_comes_first() -> None:
    found = collect(store(), [SUBSET], [])
    assert [(finding.checks, finding.state) for finding in found.findings] == [
        (("mode_mark_lost",), "new"),
        (("reading", "parts_and_total", "subset_and_whole"), "reviewed"),
    ]
    assert found.new == found.findings[:1]


def test_a_review_gives_its_words_and_leaves_no_finding_new() -> None:
    assert {(finding.state, finding.comment) for finding in reviewed().values()} == {
        ("reviewed", "the later chart has no letters"),
        ("reviewed", "the parts make 168"),
    }


def test_a_finding_says_what_it_is_about() -> None:
    lost = reviewed()["mode_mark_lost"]
    assert lost.iri.startswith(f"{BASE}finding/check/mode-mark-lost/statement-tip-2018-t-gin-")
    assert (lost.entity, lost.compared) == (LOST.entity, f"{BASE}statement/tip-2017/t/gin")
    assert (lost.kind, lost.severity) == ("lost_mark", "warning")


def test_a_check_that_finds_what_is_recorded_makes_no_second_finding() -> None:
    sums = reviewed()["reading"]
    assert sums.checks == ("reading", "parts_and_total", "subset_and_whole")
    assert (sums.iri, sums.recorded, sums.comment) == (f"{BASE}finding/tip-2017/sum", True, "the parts make 168")


def test_a_review_can_change_the_severity() -> None:
    found = collect(store(), [replace(LOST, severity="note"), SUBSET], []).findings
    assert [(finding.checks[0], finding.severity) for finding in found] == [
        ("reading", "warning"),
        ("mode_mark_lost", "note"),
    ]


def test_an_outside_fact_is_a_finding_with_its_source() -> None:
    (found,) = [f for f in collect(store(), [LOST, SUBSET], [FACT]).findings if f.checks == ("outside",)]
    assert (found.entity, found.value, found.outside) == (FACT.statement, "acceded in 2003", "A register")
    assert (found.kind, found.severity, found.state) == ("outside_fact", "note", "reviewed")


def test_a_review_of_what_is_no_longer_found_is_stale() -> None:
    gone = replace(LOST, value=f"{BASE}vocab/mode/acceptance")
    assert collect(store(), [gone], []).stale == (
        f"known.tsv: mode_mark_lost no longer finds statement/tip-2018/t/gin tip:mode {BASE}vocab/mode/acceptance",
    )


def test_a_review_of_a_source_that_is_not_here_is_not_stale() -> None:
    other = replace(LOST, entity=f"{BASE}statement/tip-2020/t/gin")
    elsewhere = Outside("far", f"{BASE}statement/tip-2020/t/gin", "a", "b", "note", "c")
    assert collect(store(), [other], [elsewhere]).stale == ()


def test_an_outside_fact_about_a_statement_that_is_gone_is_stale() -> None:
    gone = Outside("gone", f"{BASE}statement/tip-2017/t/gone", "a", "b", "note", "c")
    stale = "outside.tsv: gone: the graph has no statement statement/tip-2017/t/gone"
    assert collect(store(), [LOST], [gone]).stale == (stale,)


def test_new_errors_are_refused_and_listed() -> None:
    dangling = """<statement/tip-2017/t/gin> tip:source <source/tip-2017> ; tip:state <id/state/XYZ> .
        tip:state a <http://www.w3.org/2002/07/owl#ObjectProperty> ."""
    with pytest.raises(QualityError) as error:
        refuse_new_errors(collect(store(dangling), [LOST], []))
    assert str(error.value).split("\n")[0] == "1 new errors in the data:"
    assert "statement/tip-2017/t/gin: dangling_reference: " in str(error.value)
    assert str(error.value).endswith("(tip:state id/state/XYZ)")


def test_new_warnings_are_not_refused() -> None:
    assert [finding.severity for finding in collect(store(), [], []).new] == ["warning", "warning"]
    refuse_new_errors(collect(store(), [], []))


def test_a_recorded_finding_without_severity_is_refused() -> None:
    odd = "<finding/tip-2017/odd> a dqv:QualityAnnotation ; oa:hasTarget <statement/tip-2017/f/total> ."
    with pytest.raises(ChecksError, match="lacks its problem or its severity"):
        collect(store(odd), [], [])
