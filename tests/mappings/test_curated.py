"""Curated tables: rows that hold become statements; all that do not are listed at once, with file and line."""

from pathlib import Path

import pytest

from kg.mappings import curated
from kg.mappings.curated import CuratedError, Part
from kg.mappings.reading import Reading
from kg.read import prose
from kg.read.text import read_text
from kg.records import Cooperation, Participation, Statement, digest

PAPER = Path(__file__).parents[1] / "sources" / "paper-2030.txt"
HEADINGS = {
    "intro": ("Test paper of 2030: invented for the tests of tipkg", "introduction"),
    "ilo": ("International Labour Organization (ILO)", "section ILO"),
    "interpol": ("International Criminal Police Organization (INTERPOL)", "section INTERPOL"),
    "world-bank": ("The World Bank", "section World Bank"),
}
COOPERATION = "id section locator until pattern relation cooperators counterparts progress"
PARTICIPATION = "id section locator until programme organization role states progress"
GOOD = "colours|ilo|list of colours||hub|works-with|interpol|ilo,iom|ongoing"


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
        progress="ongoing",
        section="ilo",
        locator="list of colours",
        begin=begin,
        end=end,
        sha256=digest(reading.text[begin:end]),
        where="Test paper 2030, section ILO, page 2, search for: list of colours",
    )


def test_until_carries_the_passage_to_a_later_sentence(tmp_path: Path) -> None:
    row = "bank|world-bank|counts fences|with nobody|glo-act|world-bank|lead|BLR,COL|done"
    (statement,), reading = read(table(tmp_path, "participation", PARTICIPATION, row))
    assert isinstance(statement, Participation)
    assert reading.text[statement.begin : statement.end].startswith("The Bank counts")
    assert reading.text[statement.begin : statement.end].endswith("in this tale.")
    assert statement.states == ("BLR", "COL")


def test_the_things_that_rows_speak_of_are_noted(tmp_path: Path) -> None:
    table(tmp_path, "participation", PARTICIPATION, "a|interpol|one brush||glo-act|ioe|planned|LAO|planned")
    _, reading = read(table(tmp_path, "cooperation", COOPERATION, "b|ilo|Blue ones||joint|partners-on|iom,ituc||done"))
    assert sorted(reading.entities) == [
        ("organization", "ioe"),
        ("organization", "iom"),
        ("organization", "ituc"),
        ("programme", "glo-act"),
        ("state", "LAO"),
    ]


def test_a_locator_may_stand_in_a_footnote(tmp_path: Path) -> None:
    row = "barn|intro|tale of the barn||directed|funds|ilo|iom|done"
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
         "hub takes one cooperator and its counterparts; found 2 and 1"),
        ("a|ilo|Blue ones||hub|works-with|ilo|ilo|done", "an organization is named twice"),
        ("a|ilo|Blue ones||joint|works-with|ilo,iom|ituc|done",
         "joint takes two or more cooperators and no counterparts; found 2 and 1"),
        ("a|ilo|Blue ones||directed|funds|ilo||done", "directed takes cooperators and counterparts; found 1 and 0"),
        ("a|ilo|Blue ones||star|works-with|ilo|iom|done", "pattern: unknown pattern 'star'"),
        ("a|ilo|Blue ones||hub|work-with|ilo|iom|done", "relation: unknown relation 'work-with' (nearest: works-with"),
        ("a|ilo|Blue ones||hub|works-with|ilo|unocd|done",
         "counterparts: unknown organization 'unocd' (nearest: unodc"),
        ("a|ilo|Blue ones||hub|works-with|ilo|iom|soon", "progress: unknown progress 'soon'"),
        ("a|ilo|Blue ones||hub|works-with|ilo|iom", "8 values for 9 columns"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_hold_is_an_error(tmp_path: Path, row: str, problem: str) -> None:
    found = problems(table(tmp_path, "cooperation", COOPERATION, GOOD, row))
    assert any(line.startswith(f"cooperation.tsv:3: {problem}") for line in found), found


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a|ilo|Blue ones||glo-act|ilo|partner||done", "role: unknown role 'partner' (nearest: "),
        ("a|ilo|Blue ones||glo-act-3|ilo|lead||done", "programme: unknown programme 'glo-act-3' (nearest: glo-act"),
        ("a|ilo|Blue ones||glo-act|ilo|lead|BY|done", "states: unknown state 'BY' (nearest: "),
        ("a|ilo|Blue ones||glo-act|ilo|lead||planned", "role and progress must both be planned, or neither"),
        ("a|ilo|Blue ones||glo-act|ilo|planned||done", "role and progress must both be planned, or neither"),
        ("a|ilo|Blue ones||glo-act||lead||done", "organization: unknown organization ''"),
    ],
)
def test_a_participation_that_does_not_hold_is_an_error(tmp_path: Path, row: str, problem: str) -> None:
    found = problems(table(tmp_path, "participation", PARTICIPATION, row))
    assert len(found) == 1
    assert found[0].startswith(f"participation.tsv:2: {problem}")


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    table(tmp_path, "participation", PARTICIPATION, "a|ilo|no such||glo-act|ilo|lead|XXX|done")
    table(tmp_path, "cooperation", COOPERATION, GOOD, GOOD, "c|ilo|Blue ones||hub|works-with|ilo|nobody|done")
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
