"""The table of multilateral organizations, on small tables of our own."""

from typing import Any

import pytest

from kg.mappings import tip
from kg.mappings.reading import Reading
from kg.read.text import SourceError, line_number
from kg.records import Finding, FocalPoint, Framework, Link, OrganizationRow, Statement, digest

HEADER = "ORGANIZATIONS AND SELECTED LINKS OF INTEREST|FRAMEWORK DOCUMENT RELEVANT TO TIP|TIP FOCAL POINT"


def text_of(*rows: str) -> str:
    return "\n".join([*rows, ""]).replace("|", "\t")


def read(*rows: str, strict: bool = False, **settings: Any) -> tuple[list[Statement], Reading]:
    reading = Reading("tip-2031", text_of(HEADER, *rows), "TIP Report 2031", settings, strict=strict)
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


def frameworks(cell: str, first: str = "SADC") -> list[Framework]:
    return [record for record in read(f"{first}|{cell}|")[0] if isinstance(record, Framework)]


def focal_points(cell: str, first: str = "SADC") -> list[tuple[str, str, str]]:
    return [(r.body, r.name, r.status) for r in read(f"{first}||{cell}")[0] if isinstance(r, FocalPoint)]


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
    records, _ = read("SADC||N/A", HEADER, "CIS||N/A", "", swapped, "N/A|OAS|")
    rows = [(r.organization, r.name) for r in records if isinstance(r, OrganizationRow)]
    assert rows == [("sadc", "SADC"), ("cis", "CIS"), ("oas", "OAS")]
    assert [r.status for r in records if isinstance(r, FocalPoint)] == ["not_applicable"] * 3


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


def test_an_unknown_column_is_no_secret() -> None:
    rows = text_of(HEADER + "|SINCE", "SADC||N/A|2030")
    reading = Reading("tip-2031", rows, "", {}, strict=False)
    assert [r.kind for r in tip.read(reading)] == ["organization_row", "focal_point"]
    assert reading.warnings == [
        "line 1: 'SINCE' is no known column of the multilateral table: not read; kept as printed"
    ]
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


# --- framework documents ---


def test_a_group_heading_is_no_document_and_ends_with_its_list() -> None:
    items = "<p>-C29 Forced Labour Convention, 1930</p> <p>-C105 X, 1957</p>"
    found = frameworks(f"<p>Plan A (2030)</p> <p>ILO Conventions:</p> {items} <p>Plan B (2031)</p>")
    assert [(r.title, r.heading) for r in found] == [
        ("Plan A", ""),
        ("Forced Labour Convention", "ILO Conventions"),
        ("X", "ILO Conventions"),
        ("Plan B", ""),
    ]


def test_a_heading_over_a_paragraph_is_that_of_this_paragraph_only() -> None:
    two = "<p>Resolutions of the Test 2331 (2016) and 2388 (2017)</p>"
    found = frameworks(f"<p>Resolutions:</p> {two} <p>Thematic Paper</p>")
    assert [(r.title, r.symbol, r.heading) for r in found] == [
        ("Resolutions of the Test", "2331", "Resolutions"),
        ("Resolutions of the Test", "2388", "Resolutions"),
        ("Thematic Paper", "", ""),
    ]


def test_an_unclosed_list_of_five_items_is_five_documents() -> None:
    items = "-C29 Forced Labour Convention (1930) -P029 Protocol of 2014 and Recommendation R203, supplementing the "
    items += "Forced Labour Convention (1930) -C105 A (1957) -C182 B (1999) -C189 C and its Recommendation R201 (2011) "
    found = frameworks(f'<p>ILO Conventions:</p> <ul style="x"> {items}')
    assert [(r.symbol, r.years) for r in found] == [
        ("C29", ("1930",)),
        ("P029", ("2014",)),
        ("C105", ("1957",)),
        ("C182", ("1999",)),
        ("C189", ("2011",)),
    ]
    assert {r.heading for r in found} == {"ILO Conventions"}


def test_two_documents_in_one_paragraph_are_two_each_with_its_place() -> None:
    records, reading = read("SADC|<p>Memorandum (2004) SADC 9th Plan (SADC IX, 2029–2031)</p>|")
    found = [r for r in records if isinstance(r, Framework)]
    assert [(r.title, r.years, r.short) for r in found] == [
        ("Memorandum", ("2004",), ""),
        ("SADC 9th Plan", ("2029-2031",), "SADC IX"),
    ]
    assert [reading.text[r.begin : r.end] for r in found] == ["Memorandum (2004)", "SADC 9th Plan (SADC IX, 2029–2031)"]


def test_three_resolutions_in_one_sentence_are_three_with_one_place() -> None:
    found = frameworks("<p>Resolutions on X 2331 (2016) , 2388 (2017) and 2493 (2019 S/RES/2493)</p>")
    assert [(r.instrument, r.symbol, r.years) for r in found] == [
        ("unsc-res-2331", "2331", ("2016",)),
        ("unsc-res-2388", "2388", ("2017",)),
        ("unsc-res-2493", "S/RES/2493", ("2019",)),
    ]
    assert len({(r.begin, r.end) for r in found}) == 1


def test_a_paragraph_that_repeats_the_row_completes_the_title_before_it() -> None:
    found = frameworks("<p>Statements of the first (2002), second (2003)</p> <p>Bali Process</p>", "Bali Process")
    assert [(r.title, r.years) for r in found] == [("Statements of the first, second Bali Process", ("2002", "2003"))]


def test_a_link_in_a_paragraph_of_its_own_is_that_of_the_document_before_it() -> None:
    found = frameworks("<p>Guidelines of the Test (2030):</p> <p>http://a.b/c</p> <p>Plan</p>")
    assert [(r.title, r.years, r.url) for r in found] == [
        ("Guidelines of the Test", ("2030",), "http://a.b/c"),
        ("Plan", (), ""),
    ]


@pytest.mark.parametrize("cell", ["", "N/A", "<p>N/A</p>", "—"])
def test_a_row_without_framework_documents_has_none(cell: str) -> None:
    assert frameworks(cell) == []


def test_documents_of_one_title_in_two_rows_are_two() -> None:
    records, _ = read("SADC|Plan of Action (2030)|", "CIS|Plan of Action (2030)|", "OAS|OAS Plan (2031)|")
    found = [record.instrument for record in records if isinstance(record, Framework)]
    assert found == ["sadc-plan-of-action", "cis-plan-of-action", "oas-plan"]


# --- focal points ---


def test_a_focal_point_is_named_not_applicable_or_empty() -> None:
    assert focal_points("<p>Anti-Trafficking Unit</p>", "ECOWAS") == [
        ("body/ecowas-anti-trafficking-unit", "Anti-Trafficking Unit", "named")
    ]
    assert focal_points("<p>N/A</p>") == [("", "", "not_applicable")]
    assert focal_points("") == [("", "", "empty")]


def test_a_dash_is_read_as_empty_with_a_warning() -> None:
    records, reading = read("SADC||—")
    assert [r.status for r in records if isinstance(r, FocalPoint)] == ["empty"]
    assert reading.warnings == ["line 2: row 'SADC': a dash is neither a focal point nor N/A; read as empty"]


def test_a_focal_point_never_comes_from_the_next_row() -> None:
    records, reading = read("FATF||", "ECOWAS||Anti-Trafficking Unit")
    found = [(r.row, r.status, reading.text[r.begin : r.end]) for r in records if isinstance(r, FocalPoint)]
    assert found == [("fatf", "empty", "FATF\t\t"), ("ecowas", "named", "Anti-Trafficking Unit")]


def test_a_link_that_holds_n_a_is_not_n_a() -> None:
    records, _ = read("EU|Directive of the Test https://a.b/EN/ALL/?uri=C:1|EU ATC")
    assert [r.status for r in records if isinstance(r, FocalPoint)] == ["named"]
    assert [(r.title, r.url) for r in records if isinstance(r, Framework)] == [
        ("Directive of the Test", "https://a.b/EN/ALL/?uri=C:1")
    ]


def test_an_abbreviation_in_brackets_is_no_part_of_a_focal_points_name() -> None:
    assert focal_points("Task Force against Trafficking in Human Beings (TF-THB)", "CBSS") == [
        ("body/tf-thb", "Task Force against Trafficking in Human Beings", "named")
    ]
    assert focal_points("Unit of the Test (Ground Floor)") == [
        ("body/sadc-unit-of-the-test-ground-floor", "Unit of the Test (Ground Floor)", "named")
    ]


def test_a_heading_before_a_focal_point_is_no_part_of_its_name() -> None:
    records, reading = read("UN||Experts: UN Special Rapporteur on Contemporary Forms of Slavery")
    found = [r for r in records if isinstance(r, FocalPoint)]
    assert [(r.heading, r.name, r.body) for r in found] == [
        ("Experts", "UN Special Rapporteur on Contemporary Forms of Slavery", "body/un-sr-slavery")
    ]
    assert reading.text[found[0].begin : found[0].end] == found[0].name


def test_one_name_in_two_rows_is_two_bodies() -> None:
    cell = "Anti-Trafficking Unit"
    records, reading = read(f"ECOWAS||{cell}", f"SADC||{cell}", f"CIS||{cell}")
    found = [r.body for r in records if isinstance(r, FocalPoint)]
    assert found == [f"body/{row}-anti-trafficking-unit" for row in ("ecowas", "sadc", "cis")]
    assert reading.entities["body", "cis-anti-trafficking-unit"].part_of == "cis"


def test_a_body_listed_twice_is_kept_twice_with_a_finding() -> None:
    name = "Task Force Against Trafficking in Human Beings"
    records, _ = read(f"CBSS||<p>{name.replace('Ag', 'ag')} (TF-THB)</p> <p>{name}</p>")
    assert [r.body for r in records if isinstance(r, FocalPoint)] == ["body/tf-thb", "body/tf-thb"]
    assert [(r.problem, r.about, r.printed) for r in records if isinstance(r, Finding)] == [
        (
            "listed_twice",
            "focal_point/cbss-task-force-against-trafficking-in-human-beings-2",
            name,
        )
    ]


def test_a_focal_point_in_the_wrong_row_is_kept_there_with_a_finding() -> None:
    name = "Special Representative and Coordinator for Trafficking in Human Beings"
    case = {"printed": name, "body": "osr-cthb", "row": "OSCE", "why": "it belongs to the OSCE"}
    records, _ = read(f"COMMIT||{name}", strict=True, suspected_rows={"commit": case})
    found = [(r.row, r.organization, r.body) for r in records if isinstance(r, FocalPoint)]
    assert found == [("commit", "commit", "body/osr-cthb")]
    assert [(r.problem, r.normal, r.explanation) for r in records if isinstance(r, Finding)] == [
        ("suspected_row", "OSCE", "it belongs to the OSCE")
    ]


def test_a_printed_error_stays_with_a_finding_beside_it() -> None:
    records, _ = read("SADC|Plan (ARES/64/293) (2010)|N/A", printed_errors={"ARES/64/293": "A/RES/64/293"})
    assert [r.symbol for r in records if isinstance(r, Framework)] == ["ARES/64/293"]
    assert [(r.problem, r.printed, r.normal, r.about) for r in records if isinstance(r, Finding)] == [
        ("printed_error", "ARES/64/293", "A/RES/64/293", "framework/sadc-plan")
    ]


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
