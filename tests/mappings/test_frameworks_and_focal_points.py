"""Framework documents and focal points of the multilateral table, on small rows of our own."""

from typing import Any

import pytest

from kg.mappings import tip
from kg.mappings.reading import Reading
from kg.records import Finding, FocalPoint, Framework, Statement

HEADER = "ORGANIZATIONS AND SELECTED LINKS OF INTEREST|FRAMEWORK DOCUMENT RELEVANT TO TIP|TIP FOCAL POINT"


def read(*rows: str, strict: bool = False, **settings: Any) -> tuple[list[Statement], Reading]:
    text = "\n".join([HEADER, *rows, ""]).replace("|", "\t")
    reading = Reading("tip-2031", text, "TIP Report 2031", settings, strict=strict)
    return tip.read(reading), reading


def frameworks(cell: str, first: str = "SADC") -> list[Framework]:
    return [record for record in read(f"{first}|{cell}|")[0] if isinstance(record, Framework)]


def focal_points(cell: str, first: str = "SADC") -> list[tuple[str, str, str]]:
    return [(r.body, r.name, r.status) for r in read(f"{first}||{cell}")[0] if isinstance(r, FocalPoint)]


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
