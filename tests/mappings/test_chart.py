"""The conventions chart, on small charts of our own."""

import pytest

from kg.mappings import tip
from kg.mappings.reading import Reading
from kg.read.text import SourceError, line_number
from kg.records import TreatyStatus, digest

HEADING = "RELEVANT INTERNATIONAL CONVENTIONS"
HEADER = "Country|ILO Convention 29, Forced Labour|UN Protocol to Prevent, Suppress and Punish Trafficking in Persons"
BELOW = "|Ratification|Ratification, Accession (a), or Acceptance (A)"


def text_of(*rows: str) -> str:
    return "\n".join([HEADING, "", *rows, ""]).replace("|", "\t")


def read(*rows: str, strict: bool = False) -> tuple[list[TreatyStatus], Reading]:
    reading = Reading("tip-2031", text_of(*rows), "TIP Report 2031", {}, strict=strict)
    return [record for record in tip.read(reading) if isinstance(record, TreatyStatus)], reading


def facts(*rows: str) -> list[tuple[str, str, str, str, str, str]]:
    return [(r.state, r.instrument, r.status, r.year, r.mode, r.entry_into_force) for r in read(*rows)[0]]


def error(*rows: str, strict: bool = False) -> tuple[str, int]:
    """The message of the refusal, and the line that it names."""
    with pytest.raises(SourceError) as caught:
        read(*rows, strict=strict)
    return caught.value.message, line_number(text_of(*rows), caught.value.at)


def test_a_cell_is_party_a_dash_or_blank() -> None:
    assert facts(HEADER, BELOW, "Niger|1961|—", "Nigeria||2001") == [
        ("NER", "ilo-c029", "party", "1961", "ratification", ""),
        ("NER", "palermo-protocol", "not_party", "", "", ""),
        ("NGA", "ilo-c029", "blank", "", "", ""),
        ("NGA", "palermo-protocol", "party", "2001", "unspecified", ""),
    ]


def test_marks_are_read_as_their_caption_says_and_case_counts() -> None:
    cells = [fact[3:5] for fact in facts(HEADER, BELOW, "Niger|—|2004(a)", "Nigeria|—|2005 (A)")]
    assert cells == [("", ""), ("2004", "accession"), ("", ""), ("2005", "acceptance")]


@pytest.mark.parametrize(
    ("below", "mode"),
    [
        ("|Ratification|", "unspecified"),
        ("|Ratification|Accession", "accession"),
        ("|Ratification|Ratification or Approval", "unspecified"),
        ("Country|Ratification|succession", "succession"),
    ],
)
def test_an_unmarked_year_has_the_only_mode_of_its_sub_header(below: str, mode: str) -> None:
    assert facts(HEADER, below, "Niger|1961|2004")[1][3:5] == ("2004", mode)


def test_an_edition_without_a_sub_header_leaves_every_mode_unspecified() -> None:
    assert [fact[4] for fact in facts(HEADER, "Niger|1961|2004")] == ["unspecified", "unspecified"]


def test_the_sentence_above_explains_marks_too() -> None:
    sentence = "The chart below shows Ratification, succession (d) and approval (P)."
    found = facts(sentence, "", HEADER, "|Ratification|Ratification", "Niger|1961|2004(d)", "Mali|1960(P)|—")
    assert [fact[4] for fact in found] == ["ratification", "succession", "approval", ""]


def test_a_column_s_own_caption_explains_its_marks_first() -> None:
    found = facts(HEADER, "|Ratification or Acceptance (a)|Ratification or Accession (a)", "Niger|1961(a)|2004(a)")
    assert [fact[4] for fact in found] == ["acceptance", "accession"]


def test_a_letter_that_no_caption_explains_is_kept_with_a_warning() -> None:
    records, reading = read(HEADER, BELOW, "Niger|1961|2004(s)")
    assert [(r.status, r.year, r.mode, r.printed) for r in records[1:]] == [("party", "2004", "s", "2004(s)")]
    column = HEADER.split("|")[2]
    assert reading.warnings == [
        f"line 5: row Niger, column {column}: no caption explains the letter (s); kept as printed"
    ]


def test_a_letter_that_no_caption_explains_is_an_error_in_a_known_edition() -> None:
    message, line = error(HEADER, BELOW, "Niger|1961|2004(s)", strict=True)
    assert "no caption explains the letter (s)" in message
    assert line == 5


@pytest.mark.parametrize(
    ("cell", "year", "mode", "force"),
    [
        ("2018 (into force Jan 2019)", "2018", "unspecified", "2019-01"),
        ("2018(into force 14 Jun 2019)", "2018", "unspecified", "2019-06-14"),
        ("2018 (a) (into force 2019)", "2018", "accession", "2019"),
        ("2018(A)(in force: June 3, 2019)", "2018", "acceptance", "2019-06-03"),
    ],
)
def test_entry_into_force_has_the_precision_printed(cell: str, year: str, mode: str, force: str) -> None:
    assert facts(HEADER, BELOW, f"Niger|—|{cell}")[1][3:] == (year, mode, force)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("X", "'X' is no year, dash or blank"),
        ("206", "'206' is no year, dash or blank"),
        ("2004 2005", "'2004 2005' is no year, dash or blank"),
        ("2018 (into force 31 Feb 2019)", "'31 Feb 2019' is no date"),
        ("2018 (into force soon)", "'soon' is no date"),
    ],
)
def test_a_cell_that_is_not_understood_is_refused_with_row_and_column(cell: str, why: str) -> None:
    column = HEADER.split("|")[1]
    assert error(HEADER, BELOW, f"Niger|{cell}|2004") == (f"row Niger, column {column}: {why}", 5)


def test_columns_come_from_captions_in_any_order() -> None:
    first, second, third = (HEADER.split("|")[n] for n in (0, 2, 1))
    found = facts(f"{first}|{second}|{third}", "|Ratification, Accession (a)|Ratification", "Niger|2004(a)|1961")
    assert [fact[1:5] for fact in found] == [
        ("palermo-protocol", "party", "2004", "accession"),
        ("ilo-c029", "party", "1961", "ratification"),
    ]


def test_an_unknown_instrument_is_kept_under_its_caption_with_a_warning() -> None:
    records, reading = read("Country|ILO Convention 190, Violence and Harassment*", "|Ratification", "Niger|2030")
    made = reading.entities["instrument", "ilo-convention-190-violence-and-harassment"]
    assert (records[0].instrument, records[0].year, records[0].mode) == (made.id, "2030", "ratification")
    assert (made.label, made.generated) == ("ILO Convention 190, Violence and Harassment", "yes")
    assert len(reading.warnings) == 1
    assert reading.warnings[0].startswith("line 3: unknown instrument 'ILO Convention 190, Violence and Harassment' (")


def test_an_unknown_instrument_is_an_error_in_a_known_edition() -> None:
    message, line = error("Country|ILO Convention 190, Violence and Harassment", "Niger|2030", strict=True)
    assert message.startswith("unknown instrument 'ILO Convention 190, Violence and Harassment' (nearest: ILO Conv")
    assert line == 3


def test_states_are_told_apart_by_their_whole_names() -> None:
    printed = ["Niger", "Nigeria", "Guinea", "Guinea-Bissau", "Korea, Republic of", "Côte d’Ivoire", "Türkiye"]
    printed += ["Congo, Democratic Republic of the"]
    records, _ = read(HEADER, *(f"{name}|{1990 + number}|—" for number, name in enumerate(printed)))
    found = [(r.state, r.state_name, r.year) for r in records if r.instrument == "ilo-c029"]
    codes = ["NER", "NGA", "GIN", "GNB", "KOR", "CIV", "TUR", "COD"]
    assert found == [(code, name, str(1990 + n)) for n, (code, name) in enumerate(zip(codes, printed, strict=True))]


def test_an_unknown_state_is_refused_with_the_nearest_names() -> None:
    message, line = error(HEADER, BELOW, "Guinea Bisau|1961|—")
    assert message.startswith("no state of ISO 3166 is called 'Guinea Bisau' (nearest: Guinea-Bissau, Guinea, ")
    assert line == 5


@pytest.mark.parametrize(("row", "more"), [("Niger|1961|—|2001", "4 cells"), ("Niger|1961", "2 cells")])
def test_a_row_with_a_value_too_many_or_too_few_is_refused(row: str, more: str) -> None:
    message, line = error(HEADER, BELOW, "Mali|1960|—", row)
    assert message.startswith(f"row 'Niger' has {more} where the header has 3: too ")
    assert line == 6


def test_a_row_that_lost_all_its_values_is_refused() -> None:
    assert error(HEADER, BELOW, "Mali|1960|—", "Niger") == (
        "row 'Niger' of the conventions chart has one cell only",
        6,
    )


def test_a_row_without_a_name_is_refused() -> None:
    assert error(HEADER, BELOW, "|1961|—") == ("a row of the conventions chart has no country name", 5)
    assert error(HEADER, "|1961|—") == ("a row of the conventions chart has no country name", 4)


def test_a_state_with_two_rows_is_refused() -> None:
    assert error(HEADER, "Côte d'Ivoire|1961|—", "Mali|—|—", "Ivory Coast|—|2004") == (
        "'Ivory Coast' has a second row in the chart (first: line 4)",
        6,
    )


def test_two_columns_of_one_instrument_are_refused() -> None:
    message, line = error("Country|ILO Convention 29|ILO Convention 29, Forced Labour", "Niger|1961|1962")
    assert message == "two columns of the chart are 'ilo-c029' (ILO Convention 29, Forced Labour)"
    assert line == 3


def test_a_chart_goes_on_under_a_repeated_header() -> None:
    found = facts(HEADER, BELOW, "Mali|1960|—", HEADER, BELOW, "Niger|1961|2004(a)", "", HEADER, BELOW, "Togo|—|2009")
    assert [(fact[0], fact[3], fact[4]) for fact in found if fact[2] == "party"] == [
        ("MLI", "1960", "ratification"),
        ("NER", "1961", "ratification"),
        ("NER", "2004", "accession"),
        ("TGO", "2009", "unspecified"),
    ]


def test_a_second_chart_is_refused() -> None:
    other = "Country|ILO Convention 105, Abolition of Forced Labour"
    assert error(HEADER, "Mali|1960|—", "", other, "Niger|1962") == (
        "a second conventions chart, with another header",
        6,
    )
    assert error(HEADER, "Mali|1960|—", "", "ANOTHER PART", "", HEADER, "Niger|1962|—") == (
        "a second conventions chart, with another heading",
        8,
    )


def test_a_chart_without_captions_is_refused() -> None:
    message, line = error("Mali|1960|—", "Niger|1961|2004")
    assert message.startswith("a table with no known caption (header: Mali | 1960 | —; heading: 'RELEVANT ")
    assert line == 3
    assert error("Country|1960|—", "Niger|1961|2004") == ("column 2 of the conventions chart has no caption", 3)


def test_a_known_caption_is_enough_where_the_first_cell_says_nothing() -> None:
    assert [fact[:2] for fact in facts(HEADER.removeprefix("Country"), "Niger|1961|—")] == [
        ("NER", "ilo-c029"),
        ("NER", "palermo-protocol"),
    ]


def test_a_footnote_mark_is_no_part_of_a_name_or_a_year() -> None:
    records, reading = read(HEADER + "*", BELOW, "Niger†|1961‡|—", "", "† A footnote of the test.")
    assert [(r.state_name, r.printed, r.year) for r in records] == [("Niger", "1961‡", "1961"), ("Niger", "—", "")]
    assert [warning.split(":")[0] for warning in reading.warnings] == ["line 5", "line 5", "line 7"]
    assert "the footnote 'A footnote of the test.' is not understood" in reading.warnings[2]


@pytest.mark.parametrize(
    ("footnote", "ended"),
    [
        ("‡ Niger denounced the convention on May 5, 2030.", "2030-05-05"),
        ("‡Denounced with effect from 5 May 2030", "2030-05-05"),
        ("‡ Niger withdrew from the Protocol, effective May 2030", "2030-05"),
        ("‡ Denunciation by Niger in 2030.", "2030"),
        ("‡ Denounced.", ""),
    ],
)
def test_a_footnote_may_say_that_a_state_left_and_when(footnote: str, ended: str) -> None:
    records, reading = read(HEADER, BELOW, "Niger|1961‡|—", "Nigeria|1960|2001", "", footnote)
    assert [(r.state, r.status, r.year, r.ended, r.printed) for r in records if r.instrument == "ilo-c029"] == [
        ("NER", "denounced", "1961", ended, "1961‡"),
        ("NGA", "party", "1960", "", "1960"),
    ]
    assert [(r.status, r.ended) for r in records if r.instrument != "ilo-c029"] == [("not_party", ""), ("party", "")]
    assert reading.warnings == []


def test_the_date_of_leaving_stands_by_a_dash_too() -> None:
    records, _ = read(HEADER, BELOW, "Niger|—†|2001", "", "† Niger denounced the convention in 2030")
    assert [(r.status, r.ended) for r in records] == [("not_party", "2030"), ("party", "")]


@pytest.mark.parametrize(
    ("row", "footnote", "message", "at"),
    [
        ("Niger|1961†|—", "† Niger ceased to be bound when it rained", "the footnote 'Niger ceased to be bound", 7),
        ("Niger|1961†|—", "† Niger denounced the convention on a Monday", "the footnote 'Niger denounced the", 7),
        ("Niger|1961†|—", "† Nigeria denounced the convention", "row Niger: the footnote '†' is about Nigeria", 5),
        ("Niger†|1961|—", "† Denounced in 2030", "row 'Niger†': the footnote says that the state left, but not", 5),
        ("Niger|1961|—", "† Denounced in 2030", "the footnote '†' says that a state left, but no cell has", 7),
    ],
)
def test_a_footnote_on_leaving_that_is_not_understood_is_refused(
    row: str, footnote: str, message: str, at: int
) -> None:
    found, line = error(HEADER, BELOW, row, "", footnote)
    assert found.startswith(message)
    assert line == at


def test_two_footnotes_on_leaving_with_one_mark_are_refused() -> None:
    message, line = error(HEADER, BELOW, "Niger|1961†|—", "", "† Denounced in 2030", "† Denounced in 2029")
    assert message.startswith("two footnotes have the mark '†'")
    assert line == 8


def test_an_unknown_way_of_becoming_party_is_a_warning_and_no_mode() -> None:
    records, reading = read(HEADER, "|Signature|Ratification, Accession (a)", "Niger|1961|2004")
    assert [record.mode for record in records] == ["unspecified", "unspecified"]
    why = "'signature' is no known way of becoming party; kept as printed"
    assert reading.warnings == [f"line 3: column ILO Convention 29, Forced Labour: {why}"]


def test_every_cell_says_where_it_stands_and_a_blank_one_where_its_row_stands() -> None:
    records, reading = read(HEADER, BELOW, "Niger|1961|", strict=True)
    assert [reading.text[r.begin : r.end] for r in records] == ["1961", "Niger\t1961\t"]
    assert [r.sha256 for r in records] == [digest("1961"), digest("Niger 1961")]
    assert [r.where for r in records] == [
        "TIP Report 2031, conventions chart, row Niger, column ILO C029",
        "TIP Report 2031, conventions chart, row Niger, column Palermo Protocol",
    ]


def test_cells_of_one_paragraph_are_read_without_its_tags() -> None:
    row = "<p>Niger</p>|<p>1961</p>|<p></p>"
    assert [fact[:4] for fact in facts(HEADER, BELOW, row)] == [
        ("NER", "ilo-c029", "party", "1961"),
        ("NER", "palermo-protocol", "blank", ""),
    ]
