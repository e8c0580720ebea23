"""The reports of 2017 and 2020 themselves, where the texts are given."""

from pathlib import Path

import pytest

from kg.mappings.extract import Extraction, differences, editions, extract, texts_in
from kg.read.text import read_text
from kg.records import Finding, Statement, digest

TIP = ("tip-2017", "tip-2020")
Real = dict[str, Extraction]


@pytest.fixture(scope="module")
def real(sources: Path) -> Real:
    return {source: extract(source, path) for source, path in texts_in(sources).items()}


@pytest.mark.sources
def test_the_four_texts_are_recognised(sources: Path) -> None:
    assert list(editions()) == sorted(texts_in(sources))


@pytest.mark.sources
@pytest.mark.parametrize("source", TIP)
def test_every_passage_has_the_fingerprint_of_its_record(sources: Path, real: Real, source: str) -> None:
    text = read_text(texts_in(sources)[source]).value
    found = [r for r in real[source].records if isinstance(r, Statement)]
    assert [r.id for r in found if vars(r)["sha256"] != digest(text[vars(r)["begin"] : vars(r)["end"]])] == []
    assert all(vars(r)["where"].startswith(f"TIP Report {source[4:]}, ") for r in found)


@pytest.mark.sources
@pytest.mark.parametrize("source", TIP)
def test_a_known_edition_is_read_without_a_warning_and_the_same_twice(sources: Path, real: Real, source: str) -> None:
    again = extract(source, texts_in(sources)[source])
    assert again.warnings == ()
    assert again == real[source]


@pytest.mark.sources
def test_the_same_text_as_an_edition_nobody_has_seen_states_the_same(sources: Path, real: Real) -> None:
    found = extract("tip-2027", texts_in(sources)["tip-2017"])
    cells = [
        [vars(r) | {"where": ""} for r in e.records if r.kind == "treaty_status"] for e in (found, real["tip-2017"])
    ]
    assert cells[0] == cells[1]
    assert [warning.split(": ", 2)[2] for warning in found.warnings] == [
        f"unknown glossary term {term!r}: kept as printed" for term in ("IDP", "ILO-IPEC", "ISIS", "LGBTI", "NGO")
    ]


@pytest.mark.sources
def test_the_findings_of_the_real_texts(real: Real) -> None:
    found = [(s, r.problem, r.printed, r.normal) for s in TIP for r in real[s].records if isinstance(r, Finding)]
    osce = "Organization for Security and Co-operation in Europe"
    twice, wrong = "Task Force Against Trafficking in Human Beings", "Special Representative and Coordinator"
    assert found == [
        ("tip-2017", "sum_differs", "165", "168"),
        ("tip-2017", "printed_error", "SPAMII", "SPAIII"),
        ("tip-2017", "printed_error", "XL-0/10", "XL-O/10"),
        ("tip-2020", "printed_error", "ARES/64/293", "A/RES/64/293"),
        ("tip-2020", "printed_error", "eth-ics", "ethics"),
        ("tip-2020", "listed_twice", twice, ""),
        ("tip-2020", "suspected_row", f"{wrong} for Trafficking in Human Beings", osce),
    ]


@pytest.mark.sources
def test_nobody_of_the_staff_or_the_credits_is_in_the_records(sources: Path, real: Real) -> None:
    text = read_text(texts_in(sources)["tip-2017"]).value
    credit = text[text.index("PHOTO CREDITS") : text.index("A CLOSING NOTE")].replace("PHOTO CREDITS", "")
    staff = text[text.index("THE STAFF OF THE OFFICE") :].split("\n")[1:]
    parts = [part for line in credit.split("\n") for part in line.split(": ")[-1].replace(" © ", "/").split("/")]
    people = {name.strip() for name in [*staff, *parts] if " " in name.strip()}
    assert len([name for name in staff if name.strip()]) == 78
    assert {"AP Photo", "Magnum Photos"} < people
    values = "\n".join(str(v) for e in real.values() for record in e.records for v in vars(record).values())
    assert [name for name in people if name in values] == []


@pytest.mark.sources
def test_the_committed_records_are_those_of_the_texts(real: Real) -> None:
    records = Path(__file__).parents[2] / "mappings" / "records"
    assert {source: list(differences(real[source], records)) for source in TIP} == {source: [] for source in TIP}
