"""Curated tables: rows that hold become statements; all that do not are listed at once, with file and line."""

from pathlib import Path

import pytest

from kg.mappings import curated
from kg.mappings.curated import CuratedError, Part
from kg.mappings.reading import Reading
from kg.read import prose
from kg.read.text import Span, read_text
from kg.records import KINDS, Cooperation, Link, Participation, Statement, digest

PAPER = Path(__file__).parents[1] / "sources" / "paper-2030.txt"
HEADINGS = {
    "intro": ("Test paper of 2030: invented for the tests of tipkg", "introduction"),
    "ilo": ("International Labour Organization (ILO)", "section ILO"),
    "interpol": ("International Criminal Police Organization (INTERPOL)", "section INTERPOL"),
    "world-bank": ("The World Bank", "section World Bank"),
}
COOPERATION = (
    "id section locator until pattern relation cooperators counterparts subject others programmes states regions since"
    " progress"
)
PARTICIPATION = "id section locator until programme organization role states progress"


def cooperation(row: str) -> str:
    """The row with the cells that none of these tests is about: all between counterparts and progress, empty."""
    head, _, progress = row.rpartition("|")
    return f"{head}|||||||{progress}"


GOOD = cooperation("colours|ilo|list of colours||hub|works-with|interpol|ilo,iom|ongoing")


def table(folder: Path, kind: str, header: str, *rows: str) -> Path:
    """Write a table; in a row, | stands between cells and a comma between the members of a list."""
    lines = [header.replace(" ", "\t"), *(row.replace("|", "\t").replace(",", "|") for row in rows)]
    (folder / f"{kind}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def read(folder: Path) -> tuple[list[Statement], Reading]:
    text = read_text(PAPER).value
    reading = Reading("icat-2030", text, "Test paper 2030", {}, strict=True)
    paper = prose.read(text, [heading for heading, _ in HEADINGS.values()])
    sections = zip(HEADINGS.items(), paper.sections, strict=True)
    parts = [Part(key, key, title, section.span) for (key, (_, title)), section in sections]
    return curated.read(reading, paper, parts, folder), reading


def problems(folder: Path) -> list[str]:
    with pytest.raises(CuratedError) as error:
        read(folder)
    return [line.removeprefix(f"{folder}/") for line in str(error.value).split("\n")]


def test_a_row_becomes_a_statement_on_its_whole_sentence(tmp_path: Path) -> None:
    (statement,), reading = read(table(tmp_path, "cooperation", COOPERATION, GOOD))
    begin = reading.text.index("Each of them")
    end = reading.text.index(" The list has")
    assert statement == Cooperation(
        id="colours",
        pattern="hub",
        relation="works-with",
        cooperators=("interpol",),
        counterparts=("ilo", "iom"),
        subject="",
        others="",
        programmes=(),
        states=(),
        regions=(),
        since="",
        progress="ongoing",
        section="ilo",
        locator="list of colours",
        begin=begin,
        end=end,
        sha256=digest(reading.text[begin:end]),
        where="Test paper 2030, section ILO, page 2, search for: list of colours",
    )


def test_a_hub_may_have_partners_that_are_no_single_organization(tmp_path: Path) -> None:
    row = "colours|ilo|list of colours||hub|works-with|interpol|||governments|||||ongoing"
    (statement,), _ = read(table(tmp_path, "cooperation", COOPERATION, row))
    assert isinstance(statement, Cooperation)
    assert (statement.counterparts, statement.others) == ((), "governments")


def test_until_carries_the_passage_to_a_later_sentence(tmp_path: Path) -> None:
    row = "bank|world-bank|counts fences|with nobody|glo-act|world-bank|lead|BLR,COL|done"
    (statement,), reading = read(table(tmp_path, "participation", PARTICIPATION, row))
    assert isinstance(statement, Participation)
    assert reading.text[statement.begin : statement.end].startswith("The Bank counts")
    assert reading.text[statement.begin : statement.end].endswith("in this tale.")
    assert statement.states == ("BLR", "COL")


def test_the_things_that_rows_speak_of_are_noted(tmp_path: Path) -> None:
    table(tmp_path, "participation", PARTICIPATION, "a|interpol|one brush||glo-act|ioe|planned|LAO|planned")
    _, reading = read(
        table(tmp_path, "cooperation", COOPERATION, cooperation("b|ilo|Blue ones||joint|partners-on|iom,ituc||done"))
    )
    assert sorted(reading.entities) == [
        ("organization", "ioe"),
        ("organization", "iom"),
        ("organization", "ituc"),
        ("programme", "glo-act"),
        ("state", "LAO"),
    ]


def test_a_locator_may_stand_in_a_footnote(tmp_path: Path) -> None:
    row = cooperation("barn|intro|tale of the barn||directed|funds|ilo|iom|done")
    (statement,), reading = read(table(tmp_path, "cooperation", COOPERATION, row))
    assert isinstance(statement, Cooperation)
    assert statement.begin == reading.text.index("1 Tale of the tent")


def test_a_folder_without_tables_states_nothing(tmp_path: Path) -> None:
    assert read(tmp_path)[0] == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a|ilo|paints fence with||hub|works-with|ilo|iom|done",
         "'paints fence with' is not there; nearest: 'paints fences with' (line 43)"),
        ("a|ilo|works in close partnership||hub|works-with|ilo|iom|done",
         "'works in close partnership' stands 2 times (lines 45, 80): take more words"),
        ("a|ilo|keeps one brush||hub|works-with|ilo|iom|done",
         "'keeps one brush' stands in section INTERPOL (line 84), not in section ILO"),
        ("a|unodc|keeps one brush||hub|works-with|ilo|iom|done",
         "unknown section 'unodc'; sections: intro ilo interpol world-bank"),
        ("a|ilo|||hub|works-with|ilo|iom|done", "the locator is empty"),
        ("a|ilo|What comes next|Blue ones|hub|works-with|ilo|iom|done", "until 'Blue ones' stands before the locator"),
        ("a|intro|a barn|tale of the barn|hub|works-with|ilo|iom|done",
         "a passage must end behind its begin, in the body or in one footnote"),
        ("a|ilo|In this tale, the Office paints fences with IOM||hub|works-with|ilo|iom|done",
         "locator has 9 words; at most 8 may be quoted"),
        ("A b|ilo|Blue ones||hub|works-with|ilo|iom|done",
         "the id 'A b' must be small letters and digits, joined by hyphens"),
        ("a|ilo|Blue ones||hub|works-with|ilo,iom|ituc|done",
         "hub takes one cooperator and its counterparts or others; found 2 and 1"),
        ("a|ilo|Blue ones||hub|works-with|ilo|ilo|done", "an organization is named twice"),
        ("a|ilo|Blue ones||joint|works-with|ilo,iom|ituc|done",
         "joint takes two or more cooperators and no counterparts; found 2 and 1"),
        ("a|ilo|Blue ones||directed|funds|ilo||done", "directed takes cooperators and counterparts; found 1 and 0"),
        ("a|ilo|Blue ones||star|works-with|ilo|iom|done", "pattern: unknown pattern 'star'"),
        ("a|ilo|Blue ones||hub|work-with|ilo|iom|done", "relation: unknown relation 'work-with' (nearest: works-with"),
        ("a|ilo|Blue ones||hub|works-with|ilo|unocd|done",
         "counterparts: unknown organization 'unocd' (nearest: unodc"),
        ("a|ilo|Blue ones||hub|works-with|ilo|iom|soon", "progress: unknown progress 'soon'"),
        ("a|ilo|Blue ones||directed|works-with|ilo|iom|done",
         "the relation 'works-with' is no directed one; the pattern is directed"),
        ("a|ilo|Blue ones||hub|funds|ilo|iom|done", "the relation 'funds' is a directed one; the pattern is hub"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_hold_is_an_error(tmp_path: Path, row: str, problem: str) -> None:
    found = problems(table(tmp_path, "cooperation", COOPERATION, GOOD, cooperation(row)))
    assert any(line.startswith(f"cooperation.tsv:3: {problem}") for line in found), found


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a|ilo|Blue ones||glo-act|ilo|painter||done", "role: unknown role 'painter' (nearest: "),
        ("a|ilo|Blue ones||glo-act-3|ilo|lead||done", "programme: unknown programme 'glo-act-3' (nearest: glo-act"),
        ("a|ilo|Blue ones||glo-act|ilo|lead|BY|done", "states: unknown state 'BY' (nearest: "),
        ("a|ilo|Blue ones||glo-act|ilo|planned||done", "a planned role needs the progress planned"),
        ("a|ilo|Blue ones||glo-act||lead||done", "organization is empty"),
        ("a|ilo|Blue ones||glo-act|ilo|lead|done", "8 values for 9 columns"),
    ],
)
def test_a_participation_that_does_not_hold_is_an_error(tmp_path: Path, row: str, problem: str) -> None:
    found = problems(table(tmp_path, "participation", PARTICIPATION, row))
    assert len(found) == 1
    assert found[0].startswith(f"participation.tsv:2: {problem}")


PLACE = "a|ilo|Blue ones||"


@pytest.mark.parametrize(
    ("kind", "row", "problem"),
    [
        ("mandate", "ilo||un|paint|paints||", "themes: unknown theme 'paints' (nearest: "),
        ("mandate", "ilo||un|paint||paint|", "pillars: unknown pillar 'paint' (nearest: "),
        ("mandate", "ilo||un||||", "task is empty"),
        ("mandate", "ilo||un|" + "paint " * 15 + "it|||", "task has 16 words; at most 15"),
        ("quantity", "ilo|fences|3|fences|exactly||||", "about: 'ilo' is no kind/id (kinds: organization, body, "),
        ("quantity", "body/ilo|fences|3|fences|exactly||||", "about: unknown body 'ilo' (nearest: "),
        ("quantity", "organization/ilo|fences|three|fences|exactly||||", "value: 'three' is no plain number"),
        ("quantity", "organization/ilo|fences|3|fences|maybe||||", "qualifier: unknown qualifier 'maybe' (nearest: "),
        ("quantity", "organization/ilo|fences|3|fences|exactly|June|||", "as_of: 'June' is no date (2018, 2018-04"),
        ("quantity", "organization/ilo|fences|3|fences|exactly|||b|", "subset_of: no quantity has the id 'b'"),
        ("event", "organization/ilo|opened|fence opened|2018-13||||done", "date: '2018-13' is no date"),
        ("event", "organization/ilo|opened|fence opened|2018|2017-12|||done", "ended 2017-12 is before date 2018"),
        ("event", "organization/ilo|painted|fence opened|||||done", "kind_of_event: unknown kind_of_event 'painted'"),
        ("post", "|painter|organization/ilo||||ongoing", "post_role: unknown post_role 'painter' (nearest: "),
        ("post", "|chair|organization/ilo|iom|2018-05|2018-04|ongoing", "ended 2018-04 is before since 2018-05"),
        ("citation", "ilo-c29|ilo|cites||||done", "instrument: unknown instrument 'ilo-c29' (nearest: ilo-c029, "),
        ("activity", "ilo|paints|painting||||||||done", "kind_of_activity: unknown kind_of_activity 'painting'"),
        ("activity", "ilo|paints|training|||||atlantis|||done", "regions: unknown region 'atlantis' (nearest: "),
        ("finding", "activity/b|conflict|3|4|differs", "about: no statement is 'activity/b' (kind/id)"),
        ("finding", "finding/a|mystery|3|4|differs", "problem: unknown problem 'mystery' (nearest: "),
        ("designation", "organization/ilo|Red ones|", "name: 'Red ones' is not printed in the passage"),
        ("designation", "organization/ilo|Blue ones|ILO", "abbreviation: 'ILO' is not printed in the passage"),
        ("reference", "the Bureau|organization/ilo", "phrase: 'the Bureau' is not printed in the passage"),
    ],
)
def test_a_row_of_another_kind_that_does_not_hold_is_an_error(
    tmp_path: Path, kind: str, row: str, problem: str
) -> None:
    header = " ".join(curated.columns(KINDS[kind]))
    found = problems(table(tmp_path, kind, header, PLACE + row))
    assert len(found) == 1
    assert found[0].startswith(f"{kind}.tsv:2: {problem}")


def test_a_phrase_of_a_section_is_given_a_meaning_once(tmp_path: Path) -> None:
    header = " ".join(curated.columns(KINDS["reference"]))
    rows = ("a|ilo|Blue ones||Blue ones|organization/ilo", "b|ilo|Blue ones||blue ones|organization/iom")
    (found,) = problems(table(tmp_path, "reference", header, *rows))
    assert found.startswith("reference.tsv:3: the phrase 'blue ones' is given a meaning twice, first in ")


def test_a_period_may_end_in_the_year_in_which_it_began(tmp_path: Path) -> None:
    header = " ".join(curated.columns(KINDS["event"]))
    row = f"{PLACE}organization/ilo|opened|fence opened|2018-04|2018|||done"
    assert len(read(table(tmp_path, "event", header, row))[0]) == 1


def test_a_link_target_stands_where_the_link_stands(tmp_path: Path) -> None:
    reading = Reading("icat-2030", "see www.example.org", "Test paper 2030", {}, strict=True)
    place = reading.place(Span(4, 19), "section ILO", "page 1")
    link = Link(id="ilo-1", row="", organization="ilo", label="", url="www.example.org", remark="", **place)
    table(tmp_path, "link_target", "id link entity certainty", "ilo-1|ilo-1|organization/iom|likely")
    (target,) = curated.read(reading, prose.read(reading.text, []), [], tmp_path, others=[link])
    assert (target.begin, target.end, target.where) == (4, 19, link.where)
    with pytest.raises(CuratedError, match="link: no link has the id 'ilo-1'"):
        curated.read(reading, prose.read(reading.text, []), [], tmp_path)


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    table(tmp_path, "participation", PARTICIPATION, "a|ilo|no such||glo-act|ilo|lead|XXX|done")
    table(
        tmp_path, "cooperation", COOPERATION, GOOD, GOOD, cooperation("c|ilo|Blue ones||hub|works-with|ilo|nobody|done")
    )
    found = problems(table(tmp_path, "wishes", "id"))
    assert [line.split(": ")[0] for line in found] == [
        "wishes.tsv",
        "cooperation.tsv:3",
        "cooperation.tsv:4",
        "participation.tsv:2",
        "participation.tsv:2",
    ]
    assert found[1] == f"cooperation.tsv:3: the id 'colours' is used twice, first in {tmp_path}/cooperation.tsv:2"


def test_a_table_with_other_columns_is_an_error(tmp_path: Path) -> None:
    found = problems(table(tmp_path, "cooperation", "id section locator pattern", "a|ilo|Blue ones|hub"))
    assert found == [f"cooperation.tsv:1: columns must be {COOPERATION}; found id section locator pattern"]
