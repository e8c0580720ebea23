"""What stands around the tables: notes, glossary, photo credits and staff, on small texts of our own."""

import pytest

from kg.mappings import tip
from kg.mappings.reading import Reading
from kg.read.text import SourceError, line_number
from kg.records import Naming, Note, digest

CHART = [
    "RELEVANT INTERNATIONAL CONVENTIONS",
    "",
    "Made up between May 2030 and April 2031.",
    "",
    "Country|ILO Convention 29, Forced Labour*",
    "Niger|1961",
    "",
]


def text_of(*lines: str) -> str:
    return "\n".join([*CHART, *lines, ""]).replace("|", "\t")


def read(*lines: str, strict: bool = False) -> tuple[list[Note], list[Naming], Reading]:
    reading = Reading("tip-2031", text_of(*lines), "TIP Report 2031", {}, strict=strict)
    records = tip.read(reading)
    return [r for r in records if isinstance(r, Note)], [r for r in records if isinstance(r, Naming)], reading


def notes(about: str, *lines: str) -> list[Note]:
    return [note for note in read(*lines)[0] if note.about == about]


def error(*lines: str, strict: bool = False) -> tuple[str, int]:
    with pytest.raises(SourceError) as caught:
        read(*lines, strict=strict)
    return caught.value.message, line_number(text_of(*lines), caught.value.at)


# --- notes ---


def test_the_reporting_window_is_read_from_the_lines_around_the_chart() -> None:
    found, _, reading = read()
    assert [(note.id, note.since, note.until, note.where) for note in found] == [
        ("reporting-window", "2030-05", "2031-04", "TIP Report 2031, conventions chart")
    ]
    passage = reading.text[found[0].begin : found[0].end]
    assert "between May 2030 and April 2031" in passage
    assert "\n" not in passage
    assert found[0].sha256 == digest(passage)


def test_a_span_of_months_elsewhere_is_no_reporting_window() -> None:
    found = notes("reporting_window", "A CLOSING NOTE", "", "Nothing happened between June 2020 and July 2020.")
    assert [note.since for note in found] == ["2030-05"]


def test_a_footnote_states_when_an_instrument_entered_into_force() -> None:
    found = notes("entry_into_force", "* ILO Convention 29, Forced Labour, entered into force on May 1, 1932.")
    assert [(note.id, note.instrument, note.since) for note in found] == [
        ("entry-into-force-ilo-c029", "ilo-c029", "1932-05-01")
    ]
    assert found[0].where == "TIP Report 2031, conventions chart, footnote"


def test_two_footnotes_on_one_instrument_are_two() -> None:
    line = "ILO Convention 29 entered into force"
    found = notes("entry_into_force", f"* {line} May 1932", f"† {line} 1933")
    assert [(note.id, note.since) for note in found] == [
        ("entry-into-force-ilo-c029", "1932-05"),
        ("entry-into-force-ilo-c029-2", "1933"),
    ]


def test_a_footnote_on_leaving_is_a_note_with_its_mark_and_date() -> None:
    reading = Reading(
        "tip-2031",
        text_of("† Niger denounced the convention in May 2030").replace("1961", "1961†"),
        "R",
        {},
        strict=True,
    )
    found = [record for record in tip.read(reading) if isinstance(record, Note) and record.about == "denunciation"]
    assert [(note.id, note.mark, note.since) for note in found] == [("denunciation", "†", "2030-05")]


def test_a_footnote_that_is_not_understood_is_kept_with_a_warning_or_is_an_error() -> None:
    found, _, reading = read("* This is a footnote with more words than eight in it.")
    assert reading.warnings == [
        "line 8: the footnote 'This is a footnote with more words than' is not understood; kept as printed"
    ]
    kept = next(note for note in found if note.about == "footnote")
    assert (kept.mark, reading.text[kept.begin : kept.end].split()[:4]) == ("*", ["*", "This", "is", "a"])
    message, line = error("* This is a footnote.", strict=True)
    assert (message, line) == ("the footnote 'This is a footnote.' is not understood", 8)


def test_the_currency_note_gives_the_day_and_the_link() -> None:
    line = (
        "NOTES: Coins were counted with the currency exchange rates of nobody on December 24, 2030: <https://a.b/c.pdf>"
    )
    found = notes("exchange_rates", line)
    assert [(note.since, note.url) for note in found] == [("2030-12-24", "https://a.b/c.pdf")]


# --- glossary ---


def test_a_glossary_term_is_kept_whole_with_what_it_stands_for() -> None:
    _, found, reading = read(
        "GLOSSARY OF ABBREVIATIONS",
        "",
        "ILO|International Labour Organization",
        "GRETA|Council of Europe’s Group of Experts on Action against Trafficking in Human Beings",
        "2000 UN TIP PROTOCOL (PALERMO PROTOCOL)|UN TIP Protocol",
    )
    assert [(name.abbreviation, name.entity) for name in found] == [
        ("ILO", "organization/ilo"),
        ("GRETA", "body/greta"),
        ("2000 UN TIP PROTOCOL (PALERMO PROTOCOL)", "instrument/palermo-protocol"),
    ]
    assert found[0].where == "TIP Report 2031, glossary, row ILO"
    assert [name.sha256 for name in found] == [digest(reading.text[name.begin : name.end]) for name in found]


def test_an_unknown_term_is_kept_with_a_warning_but_not_in_a_known_edition() -> None:
    lines = ("GLOSSARY OF ABBREVIATIONS", "", "AU|Agency for the Unlikely", "TWO|Test Without Order")
    _, found, reading = read(*lines)
    assert [(name.abbreviation, name.expansion, name.entity) for name in found] == [
        ("AU", "Agency for the Unlikely", ""),
        ("TWO", "Test Without Order", ""),
    ]
    assert reading.warnings == [
        "line 10: unknown glossary term 'AU': kept as printed",
        "line 11: unknown glossary term 'TWO': kept as printed",
    ]
    assert read(*lines, strict=True)[2].warnings == []


def test_a_term_that_stands_for_two_things_is_kept_twice() -> None:
    _, found, _ = read("GLOSSARY OF ABBREVIATIONS", "", "ICC|International Criminal Court", "ICC|Icy Cricket Club")
    assert [(name.id, name.entity) for name in found] == [
        ("icc", "organization/international-criminal-court"),
        ("icc-2", ""),
    ]


def test_a_glossary_may_go_on_after_a_blank_line() -> None:
    _, found, _ = read("GLOSSARY OF ABBREVIATIONS", "", "EU|European Union", "", "UN|United Nations")
    assert [name.id for name in found] == ["eu", "un"]


@pytest.mark.parametrize("row", ["EU|European Union|UN|United Nations", "EU|", "|European Union"])
def test_a_glossary_row_that_is_no_pair_is_refused(row: str) -> None:
    message, line = error("GLOSSARY OF ABBREVIATIONS", "", "ILO|International Labour Organization", row)
    assert (message, line) == ("a row of the glossary is no pair of a term and what it stands for", 11)


def test_a_table_under_no_known_caption_is_refused() -> None:
    message, line = error("SOMETHING ELSE", "", "one|two")
    assert message == "a table with no known caption (header: one | two; heading: 'SOMETHING ELSE')"
    assert line == 10


# --- people are counted, never named ---


def test_staff_and_credits_are_counted() -> None:
    staff = ["THE STAFF OF THE OFFICE", "", "Quillon Marsh", "Ottoline P. Vance Jr.", "", "Désirée Lumb-Hartley", ""]
    credit = ["PHOTO CREDITS", "", "Page 1: Wilmot Trask/Test Pictures", "Page 2: Bettina Oakenfold", ""]
    found, _, reading = read(*credit, *staff)
    assert [(note.about, note.value) for note in found[1:]] == [("photo_credits", "2"), ("staff", "3")]
    assert [reading.text[note.begin : note.end].count("\n") for note in found[1:]] == [1, 3]
    for person in ("Trask", "Oakenfold", "Marsh", "Vance", "Lumb-Hartley"):
        assert not any(person in str(value) for note in found for value in vars(note).values())


def test_an_essay_under_the_staffs_heading_is_no_people() -> None:
    essay = ["THE STAFF OF THE OFFICE", "", "This is an essay. It has sentences.", "They end here.", "A note: short"]
    assert notes("staff", *essay) == []
