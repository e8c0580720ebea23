"""Records to triples: each expectation written from docs/design.md, section 3, and one cell of the 2017 chart."""

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.graph import triples
from kg.graph.terms import XSD, named, tip
from kg.graph.triples import MappingError
from kg.records import Entity, FocalPoint, Framework, Record, Source, TreatyStatus, digest

PLACE = {"begin": 10, "end": 14, "sha256": digest("2016"), "where": "Report 2031, chart, row Guinea"}
SOURCE = Source(
    id="tip-2031", series="tip", edition="2031", title="A report", short_title="Report 2031", publisher="Nobody",
    published="2031-06", licence="none", layout="tabbed", file="", sha256="a" * 64, characters=100,
)  # fmt: skip
PARTY = TreatyStatus(
    id="gin-ilo-c189", state="GIN", state_name="Guinea", instrument="ilo-c189", status="party", year="2017",
    mode="accession", entry_into_force="2018-04", ended="", printed="2017(a)", **PLACE,
)  # fmt: skip
DASH = replace(PARTY, status="not_party", year="", mode="", entry_into_force="", printed="—")
LEFT = replace(PARTY, status="denounced", ended="2030-05-01", printed="2017(a)‡")


def entity(kind_of: str, key: str, label: str, **given: str) -> Entity:
    blank = {"abbreviation": "", "alpha2": "", "part_of": "", "generated": "no"}
    return Entity(kind_of=kind_of, id=key, label=label, names=(), classes=(), **{**blank, **given})


STATE = entity("state", "GIN", "Guinea", alpha2="GN")
TREATY = entity("instrument", "ilo-c189", "Domestic Workers Convention", abbreviation="ILO C189")


def described(*records: Record) -> dict[str, set[object]]:
    """predicate -> objects of the statement of the last record."""
    graph = triples.graphs([[SOURCE, STATE, TREATY, *records]])[iris.source("tip-2031")]
    node = NamedNode(triples.statement_iri("tip-2031", records[-1]))
    found: dict[str, set[object]] = {}
    for triple in graph:
        if triple.subject == node:
            found.setdefault(triple.predicate.value, set()).add(triple.object)
    return found


def test_a_party_is_a_ratification_with_act_and_dates() -> None:
    found = described(PARTY)
    state = NamedNode(iris.entity("state", "GIN"))
    assert found[named("rdf:type").value] == {tip("Ratification")}
    assert found[tip("party").value] == {state}
    assert found[tip("act").value] == {NamedNode("https://w3id.org/tipkg/id/ratification/GIN/ilo-c189")}
    assert found[tip("mode").value] == {NamedNode(iris.concept("mode", "accession"))}
    assert found[tip("entryIntoForce").value] == {Literal("2018-04", datatype=NamedNode(XSD + "gYearMonth"))}
    assert found[tip("year").value] == {Literal("2017", datatype=NamedNode(XSD + "integer"))}
    assert found[tip("earliest").value] == {Literal("2017-01-01", datatype=NamedNode(XSD + "date"))}


def test_a_dash_is_no_ratification_and_has_no_act() -> None:
    found = described(DASH)
    assert found[named("rdf:type").value] == {tip("NonParty")}
    assert tip("nonParty").value in found
    assert tip("party").value not in found
    assert tip("act").value not in found
    assert tip("mode").value not in found


def test_a_letter_that_no_caption_explains_is_kept_as_printed() -> None:
    found = described(replace(PARTY, mode="s"))
    assert tip("mode").value not in found
    assert found[tip("printedMode").value] == {Literal("s")}


def test_every_statement_has_evidence_basis_and_source() -> None:
    found = described(PARTY)
    assert found[tip("evidence").value] == {NamedNode("https://w3id.org/tipkg/passage/tip-2031/10-14")}
    assert found[tip("basis").value] == {NamedNode(iris.concept("basis", "stated"))}
    assert found[tip("source").value] == {NamedNode("https://w3id.org/tipkg/source/tip-2031")}


def test_a_passage_hangs_on_the_file_and_says_where() -> None:
    graph = triples.graphs([[SOURCE, STATE, TREATY, PARTY]])[iris.source("tip-2031")]
    passage = NamedNode("https://w3id.org/tipkg/passage/tip-2031/10-14")
    found = {triple.predicate: triple.object for triple in graph if triple.subject == passage}
    assert found[named("nif:referenceContext")] == NamedNode("https://w3id.org/tipkg/text/tip-2031/aaaaaaaa")
    assert found[tip("where")] == Literal("Report 2031, chart, row Guinea", language="en")
    assert found[named("nif:beginIndex")].value == "10"


def test_several_years_give_one_printed_date_and_their_bounds() -> None:
    listing = Framework(
        id="x", row="x", organization="x", instrument="ilo-c189", title="Statements", years=("2002", "2016"),
        symbol="", short="", url="", heading="", remark="", **PLACE,
    )  # fmt: skip
    found = described(listing)
    assert found[tip("printedDate").value] == {Literal("2002; 2016")}
    assert found[tip("latest").value] == {Literal("2016-12-31", datatype=NamedNode(XSD + "date"))}
    assert tip("year").value not in found


def test_a_body_keeps_its_own_kind_of_iri() -> None:
    body = entity("body", "greta", "GRETA")
    point = FocalPoint(
        id="x", row="x", organization="greta", body="body/greta", name="GRETA", heading="", status="named", **PLACE
    )
    found = described(body, point)
    assert found[tip("focalPointFor").value] == {NamedNode(iris.entity("body", "greta"))}


def test_labels_of_a_shared_table_stand_before_generated_ones() -> None:
    made = entity("instrument", "ilo-c189", "Domestic Workers", generated="yes")
    graphs = triples.graphs([[SOURCE, made], [replace(SOURCE, id="tip-2032"), TREATY]])
    node = NamedNode(iris.entity("instrument", "ilo-c189"))
    found = {(t.predicate, t.object.value) for t in graphs[iris.graph("entities")] if t.subject == node}
    assert (named("skos:prefLabel"), "Domestic Workers Convention") in found
    assert (named("skos:altLabel"), "Domestic Workers") in found


def test_an_unknown_status_is_an_error_that_names_the_record() -> None:
    with pytest.raises(MappingError, match=r"treaty_status gin-ilo-c189: status is 'signed'"):
        triples.graphs([[SOURCE, STATE, TREATY, replace(PARTY, status="signed")]])


def test_a_denunciation_makes_a_former_party_and_no_party() -> None:
    found = described(LEFT)
    state = NamedNode(iris.entity("state", "GIN"))
    assert found[named("rdf:type").value] == {tip("Denunciation")}
    assert found[tip("formerParty").value] == {state}
    assert tip("party").value not in found
    assert found[tip("ended").value] == {Literal("2030-05-01", datatype=NamedNode(XSD + "date"))}
    assert found[tip("act").value] == {NamedNode(iris.act("GIN", "ilo-c189"))}
