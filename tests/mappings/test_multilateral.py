"""The table of multilateral organizations, on small tables of our own."""

import pytest

from kg.mappings import tip
from kg.mappings.reading import Reading
from kg.read.text import SourceError, line_number
from kg.records import FocalPoint, Framework, Link, OrganizationRow, OtherCell, Statement, digest

HEADER = "ORGANIZATIONS AND SELECTED LINKS OF INTEREST|FRAMEWORK DOCUMENT RELEVANT TO TIP|TIP FOCAL POINT"


def text_of(*rows: str) -> str:
    return "\n".join([*rows, ""]).replace("|", "\t")


def read(*rows: str, strict: bool = False) -> tuple[list[Statement], Reading]:
    reading = Reading("tip-2031", text_of(HEADER, *rows), "TIP Report 2031", {}, strict=strict)
    return tip.read(reading), reading


def error(*rows: str, strict: bool = False) -> tuple[str, int]:
    with pytest.raises(SourceError) as caught:
        read(*rows, strict=strict)
    return caught.value.message, line_number(text_of(HEADER, *rows), caught.value.at)


def row_of(*rows: str) -> OrganizationRow:
    found = [record for record in read(*rows)[0] if isinstance(record, OrganizationRow)]
    assert len(found) == 1
    return found[0]


def links(cell: str) -> list[tuple[str, str, str]]:
    return [(r.organization, r.label, r.url) for r in read(f"{cell}||")[0] if isinstance(r, Link)]


# --- rows ---


def test_columns_come_from_captions_in_any_order() -> None:
    header = "TIP FOCAL POINT|ORGANIZATIONS AND SELECTED LINKS OF INTEREST|FRAMEWORK DOCUMENT RELEVANT TO TIP"
    reading = Reading("tip-2031", text_of(header, "N/A|SADC www.a.b|Plan (2030)"), "", {}, strict=True)
    kinds = {record.kind: record for record in tip.read(reading)}
    focal_point, link, framework = kinds["focal_point"], kinds["link"], kinds["framework"]
    assert isinstance(focal_point, FocalPoint)
    assert isinstance(link, Link)
    assert isinstance(framework, Framework)
    assert (focal_point.status, link.url, framework.title) == ("not_applicable", "www.a.b", "Plan")


def test_a_repeated_header_is_no_row_and_may_change_the_order() -> None:
    swapped = "TIP FOCAL POINT|ORGANIZATIONS AND SELECTED LINKS OF INTEREST|FRAMEWORK DOCUMENT RELEVANT TO TIP"
    records, _ = read("SADC||N/A", HEADER, "CIS||N/A", swapped, "N/A|EU|", "", swapped, "N/A|OAS|")
    rows = [(r.organization, r.name) for r in records if isinstance(r, OrganizationRow)]
    assert rows == [("sadc", "SADC"), ("cis", "CIS"), ("eu", "EU"), ("oas", "OAS")]
    assert [r.status for r in records if isinstance(r, FocalPoint)] == ["not_applicable"] * 4


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("EU", "eu"),
        ("African Union (AU)", "african-union"),
        ("<p>Council of Europe (COE) www.a.b</p>", "council-of-europe"),
        ("Regional Conference on Migration (RCM) (Puebla Group)", "rcm"),
        ("Khartoum Process (EU/Horn of Africa Migration Route Initiative)", "khartoum-process"),
        ("Organization for Security and Cooperation in Europe (OSCE)", "osce"),
    ],
)
def test_a_row_opens_with_an_organization_by_name_or_bare_abbreviation(printed: str, key: str) -> None:
    row = row_of(f"{printed}||")
    assert (row.id, row.organization, row.shared_with, row.bodies) == (key, key, (), ())


def test_two_organizations_in_one_row_share_it() -> None:
    cell = "<p>ECOWAS www.a.b</p> <p>Economic Community of Central African States (ECCAS) www.c.d</p>"
    row = row_of(f"{cell}||")
    assert (row.organization, row.shared_with, row.bodies) == ("ecowas", ("eccas",), ())
    assert links(cell) == [
        ("ecowas", "ECOWAS", "www.a.b"),
        ("eccas", "Economic Community of Central African States (ECCAS)", "www.c.d"),
    ]


def test_two_organizations_in_one_paragraph_share_the_row_too() -> None:
    row = row_of("ECOWAS www.a.b ECCAS: www.c.d||")
    assert (row.organization, row.shared_with) == ("ecowas", ("eccas",))
    assert links("ECOWAS www.a.b ECCAS: www.c.d") == [("ecowas", "ECOWAS", "www.a.b"), ("eccas", "ECCAS", "www.c.d")]


def test_bodies_of_the_organization_are_named_inside_its_row() -> None:
    row = row_of("<p>United Nations</p> <p>UNODC www.a.b</p> <p>International Labour Organization (ILO): www.c.d</p>||")
    assert (row.organization, row.shared_with, row.bodies) == ("un", (), ("unodc", "ilo"))


def test_an_unknown_organization_is_kept_under_a_generated_id_with_a_warning() -> None:
    records, reading = read("Assembly of Test Lands (ATL) www.a.b||Office of the Assembly")
    made = reading.entities["organization", "assembly-of-test-lands"]
    assert (made.label, made.abbreviation, made.generated) == ("Assembly of Test Lands", "ATL", "yes")
    assert [r.organization for r in records if isinstance(r, Link)] == ["assembly-of-test-lands"]
    body = reading.entities["body", "assembly-of-test-lands-office-of-the-assembly"]
    assert body.part_of == "assembly-of-test-lands"
    assert [warning.split(" (")[0] for warning in reading.warnings] == [
        "line 2: unknown organization 'Assembly of Test Lands",
        "line 2: unknown focal point 'Office of the Assembly'",
    ]


def test_an_unknown_organization_is_an_error_in_a_known_edition() -> None:
    message, line = error("SADC||N/A", "League of Arab Lands (LAL)||", strict=True)
    assert message.startswith("unknown organization 'League of Arab Lands (LAL)' (nearest: League of Arab States, ")
    assert line == 3


def test_a_spelled_out_name_counts_more_than_a_borrowed_abbreviation() -> None:
    _, reading = read("Assembly of Unlike Things (AU) www.a.b||")
    assert [key for kind, key in reading.entities if kind == "organization"] == ["assembly-of-unlike-things"]


@pytest.mark.parametrize(
    ("rows", "message", "line"),
    [
        (["SADC||N/A", "http://a.b||N/A"], "a row of the multilateral table names no organization", 3),
        (["SADC||N/A", "|Plan (2030)|N/A"], "a row of the multilateral table names no organization", 3),
        (["SADC||N/A", "CIS|N/A"], "row 'CIS' has 2 cells where the header has 3: too few", 3),
        (["SADC||N/A|", "CIS||N/A"], "row 'SADC' has 4 cells where the header has 3: too many", 2),
        (["SADC||N/A", "OAS||", "Southern African Development Community||"], "second row (first: line 2)", 4),
        (["SADC||N/A", "<p>OAS</p>"], "a row of a table without its other cells: '<p>OAS</p>'", 3),
    ],
)
def test_a_row_that_is_not_understood_is_refused(rows: list[str], message: str, line: int) -> None:
    found = error(*rows)
    assert message in found[0]
    assert found[1] == line


def test_an_unknown_column_is_kept_as_printed_with_a_warning() -> None:
    rows = text_of(HEADER + "|SINCE", "SADC||N/A|2030", "CIS||N/A|")
    reading = Reading("tip-2031", rows, "", {}, strict=False)
    found = tip.read(reading)
    assert [(r.row, r.caption, r.printed) for r in found if isinstance(r, OtherCell)] == [("sadc", "SINCE", "2030")]
    assert [r.kind for r in found].count("focal_point") == 2
    assert reading.warnings == ["line 1: 'SINCE' is no known column of the multilateral table; kept as printed"]
    with pytest.raises(SourceError, match="'SINCE' is no known column"):
        tip.read(Reading("tip-2031", rows, "", {}, strict=True))


# --- links ---


def test_a_link_after_a_bullet_is_a_link() -> None:
    assert links("<p>UN</p> <p>UNODC: -http://a.b/c-d -https://e.f</p>") == [
        ("unodc", "UNODC", "http://a.b/c-d"),
        ("unodc", "UNODC", "https://e.f"),
    ]


def test_a_bracket_after_a_further_link_is_its_label() -> None:
    assert links("UNODC www.a.b https://c.d (Portal of the Test) http://e.f") == [
        ("unodc", "UNODC", "www.a.b"),
        ("unodc", "Portal of the Test", "https://c.d"),
        ("unodc", "UNODC", "http://e.f"),
    ]


def test_a_bracket_after_the_first_link_is_a_remark_on_it() -> None:
    found = [r for r in read("CIS www.a.b/ (in Klingon only)||")[0] if isinstance(r, Link)]
    assert [(r.label, r.url, r.remark) for r in found] == [("CIS", "www.a.b/", "in Klingon only")]


def test_words_after_the_last_link_are_a_remark_on_it() -> None:
    found = [r for r in read("CIS www.a.b www.c.d closed in 2030||")[0] if isinstance(r, Link)]
    assert [(r.label, r.url, r.remark) for r in found] == [("CIS", "www.a.b", ""), ("CIS", "www.c.d", "closed in 2030")]


def test_a_link_in_angle_brackets_is_printed_without_them() -> None:
    assert links("<p>CIS <http://a.b/c></p>") == [("cis", "CIS", "http://a.b/c")]


def test_a_link_without_a_label_stands_under_the_body_before_it() -> None:
    cell = "<p>UN</p> <p>ILO www.a.b</p> <p>Guide of the Test: http://c.d</p> <p>http://e.f</p>"
    assert links(cell) == [
        ("ilo", "ILO", "www.a.b"),
        ("ilo", "Guide of the Test", "http://c.d"),
        ("ilo", "", "http://e.f"),
    ]
    where = [r.where.split(", ")[-1] for r in read(f"{cell}||")[0] if isinstance(r, Link)]
    assert where == ["under ILO", "under Guide of the Test", "under ILO"]


def test_a_row_without_a_link_has_none() -> None:
    assert links("Organization of Islamic Cooperation (OIC)") == []


def test_every_passage_is_cut_from_the_text_and_named_by_row_and_column() -> None:
    records, reading = read("<p>SADC www.a.b</p>|<p>Plan (2030) http://c.d</p>|<p>N/A</p>")
    for record in records:
        assert isinstance(record, OrganizationRow | Link | Framework | FocalPoint)
        assert record.sha256 == digest(reading.text[record.begin : record.end])
    table = "TIP Report 2031, multilateral organizations table, row SADC"
    assert [r.where for r in records if isinstance(r, OrganizationRow | Link | Framework | FocalPoint)] == [
        table,
        f"{table}, column links, under SADC",
        f"{table}, column framework document",
        f"{table}, column TIP focal point",
    ]
