"""A whole document of the series, of our own words: tests/sources/tabbed-2031.txt."""

from pathlib import Path

from kg.mappings.extract import extract
from kg.read.text import read_text
from kg.records import (
    Finding,
    FocalPoint,
    Framework,
    Link,
    Note,
    OrganizationRow,
    Record,
    Source,
    Statement,
    TreatyStatus,
    digest,
)

TABBED = Path(__file__).parents[1] / "sources" / "tabbed-2031.txt"


def statuses(records: tuple[Record, ...]) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    found = [record for record in records if isinstance(record, TreatyStatus)]
    return {(r.state_name, r.instrument): (r.status, r.year, r.mode, r.entry_into_force) for r in found}


def test_the_test_document_is_read_without_a_warning() -> None:
    extraction = extract("tip-2031", TABBED)
    assert extraction.warnings == ()
    assert [(r.id, r.edition, r.layout, r.title) for r in extraction.records if isinstance(r, Source)] == [
        ("tip-2031", "2031", "tabbed", "Trafficking in Persons Report 2031")
    ]


def test_the_chart_of_the_test_document() -> None:
    found = statuses(extract("tip-2031", TABBED).records)
    assert len(found) == 8 * 5
    assert found["Congo, Democratic Republic of the", "ilo-c189"] == ("not_party", "", "", "")
    assert found["Congo, Democratic Republic of the", "palermo-protocol"] == ("party", "2011", "accession", "")
    assert found["Congo, Democratic Republic of the", "ilo-p029"] == ("party", "2029", "unspecified", "2030-01")
    assert found["Côte d’Ivoire", "palermo-protocol"] == ("party", "2012", "acceptance", "")
    assert found["Côte d’Ivoire", "crc-opac"] == ("party", "2013", "succession", "")
    assert found["Guinea", "ilo-p029"] == ("party", "2028", "unspecified", "2029-06-14")
    assert found["Guinea", "ilo-c029"] == ("party", "1942", "ratification", "")
    assert found["Guinea-Bissau", "ilo-c029"] == ("party", "1943", "ratification", "")
    assert found["Korea, Republic of", "ilo-c189"] == ("blank", "", "", "")
    assert found["Niger", "ilo-c029"] == ("party", "1944", "ratification", "")
    assert found["Nigeria", "ilo-c029"] == ("party", "1945", "ratification", "")
    assert found["Türkiye", "ilo-p029"] == ("party", "2026", "unspecified", "2027-03-03")


def test_the_organizations_of_the_test_document() -> None:
    records = extract("tip-2031", TABBED).records
    rows = [(r.organization, r.shared_with, r.bodies) for r in records if isinstance(r, OrganizationRow)]
    assert rows == [
        ("un", (), ("un-security-council", "unodc", "ilo")),
        ("ecowas", ("eccas",), ()),
        ("eu", (), ()),
        ("commit", (), ()),
        ("cbss", (), ()),
        ("fatf", (), ()),
    ]
    assert len([r for r in records if isinstance(r, Link)]) == 12
    assert len([r for r in records if isinstance(r, Framework)]) == 17
    assert [(r.row, r.body, r.status) for r in records if isinstance(r, FocalPoint)][2:] == [
        ("ecowas", "body/ecowas-anti-trafficking-unit", "named"),
        ("eu", "", "not_applicable"),
        ("commit", "body/osr-cthb", "named"),
        ("cbss", "body/tf-thb", "named"),
        ("cbss", "body/egcc", "named"),
        ("cbss", "body/tf-thb", "named"),
        ("fatf", "", "empty"),
    ]


def test_the_notes_and_findings_of_the_test_document() -> None:
    records = extract("tip-2031", TABBED).records
    assert [(r.about, r.instrument, r.since, r.until, r.value) for r in records if isinstance(r, Note)] == [
        ("reporting_window", "", "2030-05", "2031-04", ""),
        ("entry_into_force", "ilo-p029", "2027-03-05", "", ""),
        ("exchange_rates", "", "2030-12-24", "", ""),
        ("photo_credits", "", "", "", "3"),
        ("staff", "", "", "", "4"),
    ]
    assert [r.problem for r in records if isinstance(r, Finding)] == ["sum_differs", "listed_twice"]


def test_no_person_of_the_test_document_is_in_the_records() -> None:
    found = "\n".join(str(value) for record in extract("tip-2031", TABBED).records for value in vars(record).values())
    people = ("Trask", "Oakenfold", "Quillon", "Marsh", "Ottoline", "Vance", "Désirée", "Lumb", "Ambrose", "Sluice")
    assert [person for person in people if person in found] == []


def test_every_passage_of_the_test_document_has_the_fingerprint_of_the_record() -> None:
    text = read_text(TABBED).value
    records = [r for r in extract("tip-2031", TABBED).records if isinstance(r, Statement)]
    assert [r.id for r in records if vars(r)["sha256"] != digest(text[vars(r)["begin"] : vars(r)["end"]])] == []
    assert {vars(r)["where"].split(", ")[0] for r in records} == {"TIP Report 2031"}
