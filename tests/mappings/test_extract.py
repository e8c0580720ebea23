"""From texts to records: which text is which, what is refused, and that a changed text changes the records."""

import hashlib
import shutil
from pathlib import Path

import pytest

from kg.mappings.extract import ExtractError, Extraction, differences, editions, extract, parse_source, save, texts_in
from kg.read.text import TextError, read_text
from kg.record_tables import PLACE
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
TIP = ("tip-2017", "tip-2020")
Real = dict[str, Extraction]


def changed(folder: Path, path: Path, old: str, new: str) -> Path:
    """A copy of a text with one place changed."""
    text = read_text(path).value
    assert text.count(old) == 1
    copy = folder / "copy.txt"
    copy.write_text(text.replace(old, new), encoding="utf-8", newline="")
    return copy


def drift(new: Extraction, old: Extraction) -> list[str]:
    """Sign, kind and id of the facts that differ. The place is none: that of a row changes with each of its cells."""
    before, after = ({fact(r): f"{r.kind} {r.id}" for r in e.records if isinstance(r, Statement)} for e in (old, new))
    return [f"- {before[key]}" for key in before if key not in after] + [
        f"+ {after[key]}" for key in after if key not in before
    ]


def fact(record: Statement) -> str:
    values = {name: value for name, value in vars(record).items() if name not in PLACE}
    return f"{record.kind} {values}"


def statuses(records: tuple[Record, ...]) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    found = [record for record in records if isinstance(record, TreatyStatus)]
    return {(r.state_name, r.instrument): (r.status, r.year, r.mode, r.entry_into_force) for r in found}


# --- the test document ---


def test_the_test_document_is_read_without_a_warning() -> None:
    extraction = extract("tip-2031", TABBED)
    assert extraction.warnings == ()
    assert extraction.unread == ""
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


# --- a changed text ---


def test_extract_gives_the_same_twice(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        save(extract("tip-2031", TABBED), tmp_path / folder)
    files = {path.name: path.read_bytes() for path in (tmp_path / "one" / "tip-2031").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "two" / "tip-2031").iterdir()} == files
    assert extract("tip-2031", TABBED) == extract("tip-2031", TABBED)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("\t2015(A)", "\t2017(A)", "treaty_status kor-crc-opac"),
        ("\t2013(d)", "\t2013(a)", "treaty_status civ-crc-opac"),
        ("force 14 Jun 2029", "force 15 Jun 2029", "treaty_status gin-ilo-p029"),
        ("\t4,321\t", "\t4,322\t", "figure nato-total-number-of-peacekeeping-and-support-personnel"),
        ("Declaration of the Test (2029)", "Declaration of the Test (2028)", "framework un-declaration-of-the-test"),
        ("December 24, 2030", "December 25, 2030", "note exchange-rates"),
    ],
)
def test_a_year_or_number_changed_in_the_text_changes_this_fact_only(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    copy = changed(tmp_path, TABBED, old, new)
    assert drift(extract("tip-2031", copy), extract("tip-2031", TABBED)) == [f"- {what}", f"+ {what}"]


def test_a_row_taken_out_of_the_text_takes_out_its_facts_only(tmp_path: Path) -> None:
    row = next(line for line in read_text(TABBED).value.split("\n") if line.startswith("Niger\t"))
    found = drift(extract("tip-2031", changed(tmp_path, TABBED, row + "\n", "")), extract("tip-2031", TABBED))
    instruments = ("ilo-c189", "palermo-protocol", "ilo-c029", "ilo-p029", "crc-opac")
    assert found == [f"- treaty_status ner-{instrument}" for instrument in instruments]


def test_columns_swapped_in_the_text_change_no_fact(tmp_path: Path) -> None:
    text = read_text(TABBED).value
    begin, end = text.index("Country\t"), text.index("\n\n*")
    rows = [line.split("\t") for line in text[begin:end].split("\n")]
    swapped = "\n".join("\t".join([row[0], *reversed(row[1:])]) for row in rows)
    copy = tmp_path / "copy.txt"
    copy.write_text(text[:begin] + swapped + text[end:], encoding="utf-8", newline="")
    assert statuses(extract("tip-2031", copy).records) == statuses(extract("tip-2031", TABBED).records)


# --- what is refused ---


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("\nGuinea-Bissau\t", "\nGuinea Bissau\t", 11, "no state of ISO 3166 is called 'Guinea Bissau' (nearest: Gu"),
        ("\t1944\t", "\t1944\t1945\t", 13, "row 'Niger' has 7 cells where the header has 6: too many"),
        ("\nNiger\t—\t—", "\nNiger\t—", 13, "row 'Niger' has 5 cells where the header has 6: too few"),
        ("\t1945\t", "\tX\t", 14, "row Nigeria, column ILO Convention 29, Forced Labour: 'X' is no year, dash or"),
    ],
)
def test_a_text_that_is_not_understood_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    copy = changed(tmp_path, TABBED, old, new)
    with pytest.raises(ExtractError) as caught:
        extract("tip-2031", copy)
    assert str(caught.value).startswith(f"{copy}:{line}: {message}")


def test_a_text_of_another_layout_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("Argentina 2002 2003\nBrunei 2004 2005\n", encoding="utf-8")
    with pytest.raises(ExtractError, match=r"plain\.txt: tip-2031 is a PDF text flow"):
        extract("tip-2031", plain)
    plain.write_text(" \n\n", encoding="utf-8")
    with pytest.raises(ExtractError, match=r"plain\.txt: the text is empty"):
        extract("tip-2031", plain)


def test_tables_of_something_else_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("pear\t1\nplum\t2\n", encoding="utf-8")
    with pytest.raises(ExtractError) as caught:
        extract("tip-2031", other)
    assert str(caught.value) == f"{other}:1: a table with no known caption (header: pear | 1; heading: '')"


def test_a_paper_of_another_edition_is_refused() -> None:
    with pytest.raises(ExtractError, match="icat-2031 has no curated tables"):
        extract("icat-2031", TABBED)


# --- which text is which ---


def test_parse_source_takes_a_file_and_a_series_with_a_year() -> None:
    assert parse_source("some=folder/a.txt=tip-2019") == ("tip-2019", Path("some=folder/a.txt"))


@pytest.mark.parametrize("option", ["a.txt", "a.txt=", "=tip-2019", "a.txt=tip-19", "a.txt=gfmd-2019", "a.txt=tip2019"])
def test_parse_source_refuses_anything_else(option: str) -> None:
    with pytest.raises(ExtractError, match="wanted FILE=ID, where ID is tip-YEAR or icat-YEAR"):
        parse_source(option)


def test_texts_in_says_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="no such folder"):
        texts_in(tmp_path / "nothing")
    with pytest.raises(ExtractError) as caught:
        texts_in(tmp_path)
    assert str(caught.value) == (
        f"extract reads the source texts and found none (looked in {tmp_path}). Give --sources DIR. "
        "The graph itself needs none: tipkg build."
    )


def test_texts_in_refuses_a_text_that_it_does_not_know(tmp_path: Path) -> None:
    shutil.copy(TABBED, tmp_path)
    message = r"tabbed-2031\.txt: unknown or truncated text .*--source tabbed-2031\.txt=tip-2019"
    with pytest.raises(ExtractError, match=message):
        texts_in(tmp_path)
    (tmp_path / "tabbed-2031.txt").write_bytes(b"\xef\xbb\xbf")
    with pytest.raises(TextError, match="byte-order mark"):
        texts_in(tmp_path)


def test_every_edition_has_its_fingerprint_and_layout() -> None:
    found = {source: (settings["layout"], len(settings["sha256"])) for source, settings in editions().items()}
    assert found == {
        "icat-2018": ("pdf-prose", 64),
        "tip-2017": ("tabbed", 64),
        "tip-2018": ("pdf-flow", 64),
        "tip-2020": ("tabbed", 64),
    }


# --- records on disk ---


def test_save_replaces_its_own_folder_and_nothing_else(tmp_path: Path) -> None:
    other, stale = tmp_path / "tip-1999" / "x.tsv", tmp_path / "tip-2031" / "membership.tsv"
    for path in (other, stale):
        path.parent.mkdir()
        path.write_text("kept?", encoding="utf-8")
    save(extract("tip-2031", TABBED), tmp_path)
    assert other.read_text(encoding="utf-8") == "kept?"
    assert not stale.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tip-1999", "tip-2031"]


def test_differences_are_none_after_save_and_named_before(tmp_path: Path) -> None:
    extraction = extract("tip-2031", TABBED)
    assert list(differences(extraction, tmp_path)) == [f"{tmp_path / 'tip-2031'}: no records of tip-2031"]
    save(extraction, tmp_path)
    assert list(differences(extraction, tmp_path)) == []


# --- the real texts ---


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
@pytest.mark.parametrize(
    ("source", "old", "new", "what"),
    [
        ("tip-2017", "Argentina\t2002", "Argentina\t2009", "treaty_status arg-palermo-protocol"),
        ("tip-2017", "Finland\t2006(A)", "Finland\t2006(a)", "treaty_status fin-palermo-protocol"),
        ("tip-2017", "\t17,748", "\t17,749", "figure nato-total-number-of-peacekeeping-and-support-personnel"),
        (
            "tip-2020",
            "ction Plan (2015)",
            "ction Plan (2016)",
            "framework khartoum-process-valletta-summit-action-plan",
        ),
        ("tip-2020", "http://un-act.org/</p>", "http://un-act.org</p>", "link commit-un-act-org"),
    ],
)
def test_a_place_changed_in_a_real_text_changes_this_fact_only(
    sources: Path, real: Real, tmp_path: Path, source: str, old: str, new: str, what: str
) -> None:
    copy = changed(tmp_path, texts_in(sources)[source], old, new)
    assert drift(extract(source, copy), real[source]) == [f"- {what}", f"+ {what}"]


@pytest.mark.sources
def test_the_same_text_as_an_edition_nobody_has_seen_states_the_same(sources: Path, real: Real) -> None:
    found = extract("tip-2027", texts_in(sources)["tip-2017"])
    assert statuses(found.records) == statuses(real["tip-2017"].records)
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
    assert {"Ben Taub", "Crozet M.", "Brent Lewin", "Zinn"} - people == {"Zinn"}
    values = "\n".join(str(v) for e in real.values() for record in e.records for v in vars(record).values())
    assert [name for name in people if name in values] == []


def test_the_fingerprint_of_a_copy_tells_it_from_the_known_text(tmp_path: Path) -> None:
    copy = changed(tmp_path, TABBED, "\t1944\t", "\t1946\t")
    found = [r.sha256 for r in extract("tip-2031", copy).records if isinstance(r, Source)]
    assert found == [hashlib.sha256(copy.read_bytes()).hexdigest()]


@pytest.mark.sources
def test_the_committed_records_are_those_of_the_texts(real: Real) -> None:
    records = Path(__file__).parents[2] / "mappings" / "records"
    assert {source: list(differences(real[source], records)) for source in TIP} == {source: [] for source in TIP}
