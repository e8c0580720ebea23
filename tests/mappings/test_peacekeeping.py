"""The peacekeeping table, on small tables of our own."""

import pytest

from kg.mappings import tip
from kg.mappings.reading import Reading
from kg.read.text import SourceError, line_number
from kg.records import Figure, Finding, digest

HEADING = "STOPPING HUMAN TRAFFICKING, SEXUAL EXPLOITATION, AND ABUSE BY INTERNATIONAL PEACEKEEPERS"
HEADER = "|UNITED NATIONS|OSCE"
ALLEGATIONS = "NUMBER OF ALLEGATIONS IN 2030"


def text_of(*rows: str) -> str:
    return "\n".join([HEADING, "", *rows, ""]).replace("|", "\t")


def read(*rows: str, strict: bool = False, **settings: dict[str, str]) -> tuple[list[Figure], list[Finding], Reading]:
    reading = Reading("tip-2031", text_of(*rows), "TIP Report 2031", settings, strict=strict)
    records = tip.read(reading)
    return [r for r in records if isinstance(r, Figure)], [r for r in records if isinstance(r, Finding)], reading


def figures(caption: str, cell: str) -> list[tuple[str, str, str, str]]:
    """status, value, unit and year of the facts of one cell."""
    found, _, _ = read("|UNITED NATIONS", f"{caption}|{cell}")
    return [(r.status, r.value, r.unit, "; ".join(r.years)) for r in found]


def error(*rows: str, strict: bool = False) -> tuple[str, int]:
    with pytest.raises(SourceError) as caught:
        read(*rows, strict=strict)
    return caught.value.message, line_number(text_of(*rows), caught.value.at)


def test_columns_are_organizations_by_their_captions() -> None:
    found, _, _ = read(HEADER + "|NATO", "TOTAL NUMBER OF MISSIONS|16|15|2")
    assert [(r.organization, r.measure, r.value, r.unit, "; ".join(r.years)) for r in found] == [
        ("un", "total number of missions", "16", "missions", ""),
        ("osce", "total number of missions", "15", "missions", ""),
        ("nato", "total number of missions", "2", "missions", ""),
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("107,574", "107574"),
        ("12", "12"),
        ("1.5 million", "1500000"),
        ("140 million", "140000000"),
        ("2.25 thousand", "2250"),
    ],
)
def test_a_number_is_plain_with_its_words_multiplied_out(cell: str, value: str) -> None:
    found, _, _ = read("|UNITED NATIONS", f"TOTAL NUMBER OF PEACEKEEPING AND SUPPORT PERSONNEL|{cell}")
    assert [(r.status, r.value, r.unit, r.printed) for r in found] == [("number", value, "personnel", cell)]


def test_a_total_and_its_parts_are_kept_as_printed_with_a_finding() -> None:
    found, findings, reading = read("|UNITED NATIONS", f"{ALLEGATIONS}|40 [civilian (12), military (30)] were told.")
    assert [(r.value, r.unit, "; ".join(r.years), r.printed) for r in found] == [
        ("40", "allegations", "2030", "40"),
        ("12", "allegations (civilian)", "2030", "civilian (12)"),
        ("30", "allegations (military)", "2030", "military (30)"),
    ]
    assert [(f.problem, f.printed, f.normal, f.about) for f in findings] == [
        ("sum_differs", "40", "42", f"figure/{found[0].id}")
    ]
    assert reading.text[findings[0].begin : findings[0].end] == "40 [civilian (12), military (30)]"


def test_parts_that_add_up_are_no_finding() -> None:
    _, findings, _ = read("|UNITED NATIONS", f"{ALLEGATIONS}|42 [civilian (12), military (30)]")
    assert findings == []


def test_every_number_of_a_sentence_says_what_it_counts_and_for_which_year() -> None:
    cell = "25 letters came in from 3 tents; 12.5% of the letters were empty, and 9 cases of 2029 were closed in 2031."
    assert figures(ALLEGATIONS, cell) == [
        ("number", "25", "letters came in from", "2030"),
        ("number", "3", "tents", "2030"),
        ("number", "12.5", "percent of the letters", "2030"),
        ("number", "9", "cases", "2029"),
    ]


@pytest.mark.parametrize("cell", ["Since 2016, 5 cases under 18 years of age", "In May 2016, 5 cases under 18."])
def test_years_and_ages_are_no_figures(cell: str) -> None:
    assert [fact[1] for fact in figures(ALLEGATIONS, cell)] == ["5"]


def test_a_number_inside_a_link_or_a_symbol_is_no_figure() -> None:
    assert [fact[1] for fact in figures(ALLEGATIONS, "7 cases (A/99/123, see http://a.b/c_50315.htm)")] == ["7"]


def test_numbers_in_brackets_are_parts_of_the_number_before_them() -> None:
    found, _, _ = read("|UNITED NATIONS", f"{ALLEGATIONS}|40 allegations [civilian (30); police (12)] and 5 more")
    parts = [(r.value, r.part_of) for r in found if isinstance(r, Figure)]
    total = "un-number-of-allegations-allegations"
    assert parts == [("40", ""), ("5", ""), ("30", total), ("12", total)]


def test_no_reported_allegations_is_a_statement_and_no_zero() -> None:
    cell = "No reported allegations - the members would tell."
    assert figures(ALLEGATIONS, cell) == [("none_reported", "No reported allegations", "statement", "2030")]
    assert figures(ALLEGATIONS, "0") == [("number", "0", "allegations", "2030")]


def test_a_statement_of_none_does_not_hide_a_number_after_it() -> None:
    found = figures(ALLEGATIONS, "No reported allegations by staff, 3 complaints by others")
    assert [fact[:2] for fact in found] == [("none_reported", "No reported allegations"), ("number", "3")]


def test_titles_have_their_years_and_stand_apart_from_other_words() -> None:
    assert figures("PREVENTION POLICY", '“Rule Book of the Test” (RBT) (2004 and 2007) "Other Book"') == [
        ("text", "Rule Book of the Test", "title", "2004; 2007"),
        ("text", "Other Book", "title", ""),
    ]
    assert figures("PREVENTION TRAINING", 'Before and after "Guide of the Test" (2004)') == [
        ("text", "Before and after", "summary", ""),
        ("text", "Guide of the Test", "title", "2004"),
    ]


def test_an_office_is_named_without_its_abbreviation() -> None:
    assert figures("LEAD OFFICE RESPONSIBLE FOR IMPLEMENTATION", "Division of the Test (DOT)") == [
        ("text", "Division of the Test", "office", "")
    ]


def test_prose_gives_eight_words_or_our_summary_and_every_symbol() -> None:
    row = "NEW INITIATIVES|One two three four five six seven eight nine ten (A/99/123)."
    found, _, _ = read("|UNITED NATIONS", row)
    assert [(r.value, r.unit) for r in found] == [
        ("One two three four five six seven eight", "summary"),
        ("A/99/123", "document symbol"),
    ]
    found, _, _ = read("|UNITED NATIONS", row, summaries={"new initiatives/un": "a count to ten"})
    assert [r.value for r in found] == ["a count to ten", "A/99/123"]
    assert all(len(r.printed.split()) <= 8 for r in found)


def test_links_are_kept_as_printed() -> None:
    assert [fact[1] for fact in figures("LINKS FOR ADDITIONAL INFORMATION", "<http://a.b/c> https://d.e/.")] == [
        "http://a.b/c",
        "https://d.e/",
    ]


def test_an_empty_cell_is_empty_and_stands_where_its_row_stands() -> None:
    found, _, reading = read(HEADER, "NEW INITIATIVES||")
    assert [(r.organization, r.status, r.value, r.unit, r.printed) for r in found] == [
        ("un", "empty", "", "empty", ""),
        ("osce", "empty", "", "empty", ""),
    ]
    assert {reading.text[r.begin : r.end] for r in found} == {"NEW INITIATIVES\t\t"}


def test_two_rows_of_one_measure_are_told_apart() -> None:
    found, _, _ = read("|UNITED NATIONS", "NUMBER OF ALLEGATIONS IN 2029|62", f"{ALLEGATIONS}|62")
    assert [(r.value, "; ".join(r.years)) for r in found] == [("62", "2029"), ("62", "2030")]
    assert len({r.id for r in found}) == 2


def test_an_unknown_row_is_kept_as_printed_with_a_warning() -> None:
    rows = ("NUMBER OF MISSIONS|1", "TOTAL NUMBER OF MISSIONS|16", "BADGES IN 2030|9 badges")
    found, _, reading = read("|UNITED NATIONS", *rows)
    assert [(r.measure, r.value, r.unit, "; ".join(r.years)) for r in found] == [
        ("number of missions", "1", "as printed", ""),
        ("total number of missions", "16", "missions", ""),
        ("badges", "9", "badges", "2030"),
    ]
    assert [warning.split(" (")[0] for warning in reading.warnings] == [
        "line 4: unknown row of the peacekeeping table 'NUMBER OF MISSIONS'",
        "line 6: unknown row of the peacekeeping table 'BADGES IN 2030'",
    ]


def test_an_unknown_column_is_an_organization_under_a_generated_id() -> None:
    found, _, reading = read("|ASSEMBLY OF TEST LANDS", "TOTAL NUMBER OF MISSIONS|4")
    assert [(r.organization, r.value) for r in found] == [("assembly-of-test-lands", "4")]
    assert len(reading.warnings) == 1


@pytest.mark.parametrize(
    ("rows", "message", "line"),
    [
        ([HEADER, "TOTAL NUMBER OF MISSIONS|sixteen|1"], "'sixteen' should be one number (missions)", 4),
        ([HEADER, "TOTAL NUMBER OF MISSIONS|1"], "has 2 cells where the header has 3: too few", 4),
        ([HEADER + "|", "TOTAL NUMBER OF MISSIONS|1|2|3"], "has no organization in its header", 3),
        ([HEADER + "|UN", "TOTAL NUMBER OF MISSIONS|1|2|3"], "two columns of the peacekeeping table are 'un'", 3),
        ([HEADER, "LINKS FOR ADDITIONAL INFORMATION|none|"], "'none' should hold a link", 4),
        ([HEADER, "TOTAL NUMBER OF MISSIONS|1|2", "|3|4"], "a row of the peacekeeping table has no caption", 5),
    ],
)
def test_a_table_that_is_not_understood_is_refused(rows: list[str], message: str, line: int) -> None:
    found = error(*rows)
    assert message in found[0]
    assert found[1] == line


def test_an_unknown_row_is_an_error_in_a_known_edition() -> None:
    message, line = error(HEADER, "BADGES|1|2", strict=True)
    assert message.startswith("unknown row of the peacekeeping table 'BADGES' (nearest: ")
    assert line == 4


def test_every_value_says_where_it_stands() -> None:
    found, _, reading = read(HEADER, "TOTAL NUMBER OF MISSIONS|16|15", f"{ALLEGATIONS}|7|No reported allegations.")
    assert [r.sha256 for r in found] == [digest(reading.text[r.begin : r.end]) for r in found]
    assert [reading.text[r.begin : r.end] for r in found] == ["16", "15", "7", "No reported allegations"]
    assert found[1].where == "TIP Report 2031, peacekeeping table, row TOTAL NUMBER OF MISSIONS, column OSCE"


def test_a_number_counts_what_stands_after_its_verb_and_a_list_is_kept_whole() -> None:
    cell = (
        "9 allegations were made against 30 military, police, and civilian personnel of 2 missions. 40 victims of which"
    )
    cell += " 5 were children under 18 years of age."
    assert [(value, unit) for _, value, unit, _ in figures("NUMBER OF ALLEGATIONS IN 2030", cell)] == [
        ("9", "allegations"),
        ("30", "military, police, and civilian personnel"),
        ("2", "missions"),
        ("40", "victims"),
        ("5", "children"),
    ]
