"""The ICAT paper: what its reader finds in a paper of our own words, and facts read by hand in the paper of 2018."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.mappings import icat, names
from kg.mappings.curated_lists import OWN_WORDS
from kg.mappings.reading import Reading, distinct
from kg.read import prose
from kg.read.text import SourceError, line_number, read_text
from kg.records import (
    KINDS,
    Cooperation,
    Curated,
    Footnote,
    Link,
    Membership,
    Participation,
    Section,
    Statement,
    digest,
    fold,
)
from tests.tables import Row, table

TESTS = Path(__file__).parents[1]
SETTINGS: dict[str, Any] = {
    "group": "icat",
    "introduction": "Test paper of 2030: invented for the tests of tipkg",
    "without_section": 2,
    "sections": {
        "International Labour Organization (ILO)": "ilo",
        "International Criminal Police Organization (INTERPOL)": "interpol",
        "The World Bank": "world-bank",
    },
}


def read_paper(change: Callable[[str], str] = str, **settings: Any) -> tuple[list[Statement], Reading]:
    text = change(read_text(TESTS / "sources" / "paper-2030.txt").value)
    reading = Reading("icat-2030", text, "Test paper 2030", SETTINGS | settings, strict=True)
    return icat.read(reading), reading


def gold(name: str) -> list[Row]:
    return table(TESTS / "gold" / f"{name}.tsv")


# --- a paper of our own words ---


def test_sections_are_kept_with_their_boundaries() -> None:
    statements, reading = read_paper()
    found = [s for s in statements if isinstance(s, Section)]
    assert [(s.id, s.heading, s.organization) for s in found] == [
        ("ilo", "International Labour Organization (ILO)", "ilo"),
        ("interpol", "International Criminal Police Organization (INTERPOL)", "interpol"),
        ("world-bank", "The World Bank", "world-bank"),
    ]
    assert [line_number(reading.text, at) for s in found for at in (s.begin, s.end)] == [41, 80, 81, 84, 85, 87]
    assert found[1].where == "Test paper 2030, section INTERPOL, from page 5 on"


def test_members_are_listed_as_printed() -> None:
    statements, _ = read_paper()
    found = [s for s in statements if isinstance(s, Membership)]
    svc = "Office of the Special Representative of the Secretary-General on Sexual Violence in Conflict"
    assert [(s.organization, s.name, s.abbreviation, s.has_section) for s in found] == [
        ("ilo", "International Labour Organization", "ILO", "yes"),
        ("interpol", "International Police Cooperation Organization", "ICPO – Interpol", "yes"),
        ("osrsg-svc", svc, "OSRSG-SVC", "no"),
        ("unesco", "United Nations Educational, Scientific and Cultural Organization", "UNESCO", "no"),
        ("world-bank", "World Bank", "", "yes"),
    ]
    assert {(s.group, s.as_of) for s in found} == {("icat", "2030-05")}


def test_a_membership_points_to_its_item_of_the_list() -> None:
    statements, reading = read_paper()
    member = next(s for s in statements if isinstance(s, Membership) and s.id == "unesco")
    passage = reading.text[member.begin : member.end]
    assert passage == "United Nations Educational, Scientific and Cultural Organization (UNESCO)"
    assert member.sha256 == digest(passage)
    assert member.where == f"Test paper 2030, introduction, page 1, search for: {member.name}"


def test_footnotes_give_the_symbols_that_they_cite() -> None:
    statements, _ = read_paper()
    found = [(s.number, s.symbols, s.where) for s in statements if isinstance(s, Footnote)]
    assert found == [
        ("1", ("A/TALE/29/1", "9998 (2029)", "9999 (2029)"), "Test paper 2030, introduction, page 1, footnote 1"),
        ("2", (), "Test paper 2030, introduction, page 1, footnote 2"),
        ("3", (), "Test paper 2030, section ILO, page 3, footnote 3"),
    ]


def test_links_stand_under_the_organization_of_their_section() -> None:
    statements, _ = read_paper()
    found = [s for s in statements if isinstance(s, Link)]
    assert [(s.id, s.organization, s.url.rpartition("/")[2]) for s in found] == [
        ("ilo-1", "ilo", "fences"),
        ("ilo-2", "ilo", "list_(of)_colours.html"),
        ("ilo-3", "ilo", "list_(of)_colours.html"),
        ("ilo-4", "ilo", "red%20and%20blue%20and%20green_and_other.pdf"),
        ("ilo-5", "ilo", "link.html"),
    ]
    assert [s.where.partition(", page ")[2] for s in found] == [
        "2, search for: www.example.org/fences",
        "2, link to https://www.example.org/list_(of)_colours.html",
        "2, link to https://www.example.org/list_(of)_colours.html",
        "3, footnote 3",
        "3, link to https://www.example.org/tail/of/a/long/link.html",
    ]


def test_a_text_that_says_otherwise_gives_other_facts() -> None:
    statements, _ = read_paper(lambda text: text.replace("As of May 2030", "As of June 2031"))
    assert {s.as_of for s in statements if isinstance(s, Membership)} == {"2031-06"}


def test_an_unknown_member_is_an_error_with_the_nearest_names() -> None:
    with pytest.raises(SourceError, match="unknown organization 'World Bang'") as error:
        read_paper(lambda text: text.replace("World Bank. \n\n \n", "World Bang. \n\n \n"))
    assert "World Bank" in error.value.message


def test_a_member_without_section_that_no_footnote_names_is_an_error() -> None:
    with pytest.raises(SourceError, match=r"\(OSRSG-SVC\)' has no section; the footnote"):
        read_paper(without_section=1)


def test_a_paper_without_list_of_members_is_an_error() -> None:
    with pytest.raises(SourceError, match="no list of members"):
        read_paper(lambda text: text.replace("is made up of", "is without"))


# --- the paper of 2018 ---


CURATED = {kind for kind, record in KINDS.items() if issubclass(record, Curated)} | {"link_target", "finding"}
Paper = tuple[list[Statement], Reading]


@pytest.fixture(scope="module")
def paper(sources: Path) -> Paper:
    settings = names.settings("icat_2018")
    text = read_text(sources / settings["file"])
    assert text.sha256 == settings["sha256"]
    reading = Reading("icat-2018", text.value, "ICAT mandate paper 2018", settings, strict=True)
    return icat.read(reading), reading


@pytest.mark.sources
def test_totals_are_those_of_the_settings(paper: Paper) -> None:
    statements, reading = paper
    distinct(statements)
    found = {kind: sum(s.kind == kind for s in statements) for kind in reading.settings["counts"]}
    assert found == reading.settings["counts"]
    assert {s.kind for s in statements if s.kind not in found} == CURATED


@pytest.mark.sources
def test_sections_are_those_of_the_hand_read_table(paper: Paper) -> None:
    statements, reading = paper
    found = [s for s in statements if isinstance(s, Section)]
    assert [(s.heading, str(line_number(reading.text, s.begin))) for s in found] == [
        (row["heading"], row["line"]) for row in gold("icat_sections")
    ]
    assert [names.organization(row["abbreviation"] or "World Bank") for row in gold("icat_sections")] == [
        s.organization for s in found
    ]


@pytest.mark.sources
def test_sections_end_where_the_next_begins(paper: Paper) -> None:
    found = {s.id: s for s in paper[0] if isinstance(s, Section)}
    ends = {
        key: line_number(paper[1].text, found[key].end) for key in ("council-of-europe", "icao", "unodc", "world-bank")
    }
    assert ends == {"council-of-europe": 335, "icao": 785, "unodc": 3554, "world-bank": 3889}


@pytest.mark.sources
def test_the_23_members_are_those_of_the_hand_read_table(paper: Paper) -> None:
    statements, reading = paper
    found = [s for s in statements if isinstance(s, Membership)]
    assert [(s.name, s.abbreviation, s.has_section, str(line_number(reading.text, s.begin))) for s in found] == [
        (row["organization"], row["abbreviation"], {"true": "yes", "false": "no"}[row["has_section"]], row["line"])
        for row in gold("icat_members")
    ]
    assert len(found) == 23
    assert {s.as_of for s in found} == {"2018-04"}
    assert [s.organization for s in found if s.has_section == "no"] == ["unaids", "unesco"]


@pytest.mark.sources
def test_footnotes_are_those_of_the_hand_read_table(paper: Paper) -> None:
    statements, reading = paper
    found = [s for s in statements if isinstance(s, Footnote)]
    assert [(s.number, "; ".join(s.symbols), str(line_number(reading.text, s.begin))) for s in found] == [
        (row["number"], row["symbols"], row["line"]) for row in gold("icat_footnotes")
    ]
    assert [line_number(reading.text, s.end) for s in found] == [78, 80, 84, 86, 87, 180, 1569, 2607, 2703, 3448]


@pytest.mark.sources
def test_every_url_is_that_of_the_hand_read_table(paper: Paper) -> None:
    statements, reading = paper
    found = [s for s in statements if isinstance(s, Link)]
    sections = {"intro": "icat", "World Bank": "world-bank"}
    assert [(s.organization, s.url, str(line_number(reading.text, s.begin))) for s in found] == [
        (sections.get(row["section"]) or names.organization(row["section"]), row["url"], row["line"])
        for row in gold("icat_links")
    ]


@pytest.mark.sources
def test_page_numbers_are_those_that_the_paper_prints(paper: Paper) -> None:
    """One page has its number in the text: 32, in OSCE's section."""
    text = paper[1].text
    read = prose.read(text, [paper[1].settings["introduction"], *paper[1].settings["sections"]])
    folio = next(line for line in read.lines if line.role == "folio")
    assert (text[folio.span.begin : folio.span.end], folio.page) == ("32", 32)
    assert len(read.pages) == 49


@pytest.mark.sources
def test_who_takes_part_in_glo_act(paper: Paper) -> None:
    statements, reading = paper
    found = [s for s in statements if isinstance(s, Participation) and s.programme == "glo-act"]
    assert [(s.organization, s.role, "|".join(s.states), s.progress, s.section) for s in found] == [
        ("unicef", "implementing_partner", "BLR|COL|LAO", "done", "unicef"),
        ("eu", "initiator", "", "ongoing", "unodc"),
        ("unodc", "initiator", "", "ongoing", "unodc"),
        ("iom", "implementing_partner", "", "ongoing", "unodc"),
        ("unicef", "implementing_partner", "", "ongoing", "unodc"),
        ("unodc", "partner", "BLR|COL|LAO", "done", "unicef"),
        ("iom", "partner", "BLR|COL|LAO", "done", "unicef"),
    ]
    assert [line_number(reading.text, s.begin) for s in found] == [2907, 3344, 3344, 3344, 3344, 2907, 2907]
    assert [line_number(reading.text, s.end) for s in found] == [2913, 3348, 3348, 3348, 3348, 2913, 2913]


@pytest.mark.sources
def test_phase_two_is_planned_only(paper: Paper) -> None:
    statements, reading = paper
    found = [s for s in statements if isinstance(s, Participation) and s.programme == "glo-act-phase-2"]
    assert [(s.organization, s.role, "|".join(s.states), s.progress) for s in found] == [
        ("unodc", "planned", "IRN|AFG|BGD|IRQ|PAK", "planned"),
        ("iom", "planned", "IRN|AFG|BGD|IRQ|PAK", "planned"),
    ]
    assert {(line_number(reading.text, s.begin), line_number(reading.text, s.end)) for s in found} == {(3358, 3364)}
    assert found[1].where == "ICAT mandate paper 2018, section UNODC, page 44, search for: GLO.ACT Phase II"


@pytest.mark.sources
def test_nobody_places_ilo_on_glo_act(paper: Paper) -> None:
    found = [s for s in paper[0] if isinstance(s, Participation) and s.programme.startswith("glo-act")]
    assert {s.organization for s in found} == {"eu", "unodc", "iom", "unicef"}


@pytest.mark.sources
def test_a_list_of_partners_makes_each_a_partner_of_the_one_that_names_them(paper: Paper) -> None:
    statements, reading = paper
    found = next(s for s in statements if isinstance(s, Cooperation) and s.id == "unhcr-partners")
    assert (found.pattern, found.cooperators) == ("hub", ("unhcr",))
    assert found.counterparts == ("unodc", "unicef", "ohchr", "unfpa", "ilo", "iom")
    assert line_number(reading.text, found.begin) == 2059


@pytest.mark.sources
def test_who_acts_together_cooperates_jointly(paper: Paper) -> None:
    statements, reading = paper
    found = next(s for s in statements if isinstance(s, Cooperation) and s.id == "fifty-for-freedom")
    assert (found.pattern, found.cooperators, found.counterparts) == ("joint", ("ilo", "ioe", "ituc"), ())
    assert line_number(reading.text, found.begin) == 1322


@pytest.mark.sources
def test_each_place_says_what_to_search_for(paper: Paper) -> None:
    statements, reading = paper
    for statement in statements:
        if isinstance(statement, Curated):
            assert statement.where.endswith(f"search for: {statement.locator}")
            assert statement.locator in fold(reading.text[statement.begin : statement.end])


@pytest.mark.sources
def test_the_tables_quote_little_and_never_two_phrases_in_a_row(paper: Paper) -> None:
    _, reading = paper
    read = prose.read(reading.text, [reading.settings["introduction"], *reading.settings["sections"]])
    parts = {part.key: part.span for part in icat.parts(reading, read)}
    places = set()
    for path in sorted((Path(icat.__file__).parent / "curated" / "icat-2018").glob("*.tsv")):
        for row in table(path):
            if path.stem == "link_target":
                continue  # stands where its link stands
            phrases = (row["locator"], row["until"])
            places |= {read.find(phrase, parts[row["section"]]) for phrase in phrases if phrase}
    quoted = sorted(places)
    for one, following in pairwise(quoted):
        assert reading.text[one.end : following.begin].strip(), (one, following)
    words = sum(len(reading.text[begin:end].split()) for begin, end in quoted)
    assert words < 0.2 * len(reading.text.split())


@pytest.mark.sources
def test_what_the_tables_say_in_own_words_is_no_quotation(paper: Paper) -> None:
    """No run of nine words of the paper stands in a column of our own words."""
    statements, reading = paper
    words = re.findall(r"\w+", reading.text.lower())
    runs = {tuple(words[at : at + 9]) for at in range(len(words))}
    for statement in statements:
        for column in OWN_WORDS:
            own = re.findall(r"\w+", str(getattr(statement, column, "")).lower())
            assert not [own for at in range(len(own) - 8) if tuple(own[at : at + 9]) in runs], statement
