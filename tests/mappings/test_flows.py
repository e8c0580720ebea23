"""Editions that come as a PDF flow: a text of our own words with the hazards of the layout, and the report of 2018."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kg.mappings import flows, names
from kg.mappings.extract import ExtractError, extract, texts_in
from kg.mappings.titles import URL
from kg.read import pdfflow
from kg.read.pdfflow import Flow
from kg.read.tabbed import Row
from kg.read.text import line_number, read_text
from kg.records import Figure, Note, TreatyStatus

FLOW = Path(__file__).parents[1] / "sources" / "flow-2032.txt"


def read(path: Path) -> tuple[str, Flow]:
    text = read_text(path).value
    return text, pdfflow.read(text, flows.hints(names.settings("tip")))


def rows(flow: Flow, kind: str) -> list[list[list[str]]]:
    """Row by row, cell by cell, the paragraphs of a cell."""
    table = next(table for found, table in flow.tables if found == kind)
    return [paragraphs(row) for row in table.rows]


def paragraphs(row: Row) -> list[list[str]]:
    return [[part.text for part in cell.parts] or [cell.text] for cell in row.cells]


def apart(text: str, flow: Flow, reason: str) -> list[tuple[int, str]]:
    """The line and the text of what is set apart for this reason."""
    found = [part.span for part in flow.apart if part.reason == reason]
    return [(line_number(text, span.begin), " ".join(text[span.begin : span.end].split())) for span in found]


# --- the text of our own words ---


def test_the_chart_of_the_test_flow() -> None:
    assert rows(read(FLOW)[1], "marks")[1:] == [
        [["Fiji"], ["2031"], ["—"], ["2030 (into force 14 Jun 2031)"]],
        [["Bosnia and Herzegovina"], ["1993"], ["2002(a)"], ["—"]],
        [["Guinea-Bissau"], ["1977"], ["2014"], ["2031 (into force Jan 2032)"]],
        [["Côte d’Ivoire"], ["1960"], ["—"], ["—"]],
    ]


def test_the_peacekeeping_table_of_the_test_flow() -> None:
    found = rows(read(FLOW)[1], "captions")
    assert found[:2] == [
        [[""], ["UNITED NATIONS"], ["OSCE"], ["NATO"]],
        [["TOTAL NUMBER OF PEACEKEEPING AND SUPPORT PERSONNEL"], ["12,345"], ["67"], ["8"]],
    ]
    assert found[3][1:] == [["Office of Fences"], ["Office of Green Doors"], ["Lamps and Light Office"]]
    assert [len(cell) for cell in found[4][1:]] == [2, 1, 1]
    assert found[5][2:] == [[""], [""]]
    assert found[6][1:] == [
        ["https://fences.example.org/"],
        ["http://www.osce.org/what/paint"],
        ["http://www.nato.int/barn-doors/list_20.htm"],
    ]


def test_the_organizations_of_the_test_flow() -> None:
    found = rows(read(FLOW)[1], "columns")[1:]
    assert [[len(cell) if cell != [""] else 0 for cell in row] for row in found] == [
        [3, 3, 2],
        [1, 1, 0],
        [2, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
    ]
    assert found[0][1][2].endswith("https://www.un.org/en/plan/view_doc.asp?symbol=A/99/64")
    assert found[2][1] == ["Joint Plan against Wet Paint on Fences and on Barns (2027-2028)"]
    assert found[3] == [
        ["Organization of Islamic Cooperation (OIC)"],
        ["Charter of the Painters and of all their Friends (2008)"],
        ["N/A"],
    ]
    assert found[4][1] == ["Second Work Plan against Wet Paint in the West (RTP-IV/doc.4/14 rev. 1)"]


def test_the_glossary_and_the_furniture_of_the_test_flow() -> None:
    text, flow = read(FLOW)
    terms = [term[0] for term, _ in rows(flow, "terms")]
    assert terms == ["IOM", "UNHCR", "UN WOMEN", "ILO", "OAS", "OSCE", "2000 UN TIP PROTOCOL (PALERMO PROTOCOL)"]
    assert apart(text, flow, "stray link") == [(106, "http://www.osce.org/what/paint"), (182, "www.ecowas.int")]
    number, *tab = [printed.replace(" ", "") for _, printed in apart(text, flow, "page furniture")]
    assert (number, "".join(tab)) == ("512", "ORGANIZATIONSCOMBATINGTRAFFICKINGINPERSONS")


def test_an_edition_without_settings_is_read_but_for_the_rows_of_organizations() -> None:
    extraction = extract("tip-2032", FLOW)
    kinds = Counter(record.kind for record in extraction.records)
    assert {kind: kinds[kind] for kind in ("treaty_status", "naming", "note", "organization_row", "link")} == {
        "treaty_status": 12,
        "naming": 7,
        "note": 3,
        "organization_row": 0,
        "link": 0,
    }
    assert [warning.split(": ", 1)[1] for warning in extraction.warnings] == [
        "line 131: the multilateral organizations table is not read, as tip-2032 has no settings: its columns are lost"
    ]


def test_values_of_the_test_flow_are_under_their_instrument_and_no_day_is_made_up() -> None:
    records = extract("tip-2032", FLOW).records
    found = {(r.state, r.instrument): r for r in records if isinstance(r, TreatyStatus)}
    guinea = found["GNB", "ilo-p029"]
    assert (guinea.status, guinea.year, guinea.entry_into_force) == ("party", "2031", "2032-01")
    assert found["BIH", "crc-opac"].mode == "accession"
    assert found["CIV", "crc-opac"].status == "not_party"
    notes = {r.id: (r.since, r.until) for r in records if isinstance(r, Note)}
    assert notes["reporting-window"] == ("2031-04", "2032-03")
    assert notes["entry-into-force-ilo-p029"] == ("2016-11-09", "")
    assert sum(r.status == "empty" for r in records if isinstance(r, Figure)) == 2


def test_a_footnote_below_the_chart_of_a_flow_says_that_a_state_left(tmp_path: Path) -> None:
    text = FLOW.read_text(encoding="utf-8").replace("1977 2014", "1977‡ 2014")
    path = tmp_path / "copy.txt"
    path.write_text(text.replace("1960 — —\n", "1960 — —\n\n‡ Denounced on 5 May 2031.\n"), encoding="utf-8")
    records = [r for r in extract("tip-2032", path).records if isinstance(r, TreatyStatus) and r.state == "GNB"]
    assert [(r.status, r.ended) for r in records] == [("denounced", "2031-05-05"), ("party", ""), ("party", "")]


def test_a_peacekeeping_table_that_cannot_be_told_apart_is_left_and_one_cut_off_is_refused(tmp_path: Path) -> None:
    text = FLOW.read_text(encoding="utf-8")
    path = tmp_path / "copy.txt"
    path.write_text(text.replace("12,345 67 8", "12,345 67"), encoding="utf-8")
    extraction = extract("tip-2032", path)
    assert [record for record in extraction.records if isinstance(record, Figure)] == []
    assert extraction.warnings[0].split(": ", 1)[1] == (
        "line 44: the peacekeeping table is not read, as tip-2032 has no settings: 2 values where the header has 3: "
        "row 'TOTAL NUMBER OF PEACEKEEPING AND SUPPORT PERSONNEL'"
    )
    path.write_text(text[: text.index("Lamps and Light")], encoding="utf-8")
    with pytest.raises(ExtractError, match=r"copy\.txt:62: row 'LEAD OFFICE RESPONSIBLE FOR IMPLEMENTATION'"):
        extract("tip-2032", path)


# --- the report of 2018 ---


@pytest.fixture(scope="module")
def report(sources: Path) -> tuple[str, Flow]:
    return read(texts_in(sources)["tip-2018"])


@pytest.mark.sources
def test_the_chart_of_2018_is_whole(report: tuple[str, Flow]) -> None:
    _, *found = rows(report[1], "marks")
    assert [len(row) for row in found] == [1 + 8] * 16
    notes = [(row[0][0], number) for row in found for number, cell in enumerate(row) if "into force" in cell[0]]
    assert len(notes) == 13
    assert Counter(number for _, number in notes) == {5: 10, 7: 1, 8: 2}


@pytest.mark.sources
def test_the_peacekeeping_table_of_2018_is_whole(report: tuple[str, Flow]) -> None:
    _, *found = rows(report[1], "captions")
    assert [len(row) - 1 for row in found] == [3] * 8
    assert [row[0][0] for row in found if [""] in row] == ["NEW INITIATIVES"]


@pytest.mark.sources
def test_the_organizations_of_2018_are_whole(report: tuple[str, Flow]) -> None:
    _, *found = rows(report[1], "columns")
    assert len(found) == 19
    assert sum(len(URL.findall(part)) for row in found for part in row[0]) == 48
    posts = Counter(part for row in found for part in row[2])
    assert (posts["N/A"], posts[""], posts.total()) == (5, 1, 17 + 5 + 1)
    khartoum = next(row for row in found if row[0][0].startswith("Khartoum"))
    assert [len(khartoum[0]), len(URL.findall(khartoum[0][0])), len(khartoum[1]), khartoum[2]] == [1, 0, 5, [""]]
    assert [len(row[0]) for row in found if "ECOWAS" in row[0][0]] == [2]


@pytest.mark.sources
def test_the_furniture_of_2018_is_set_apart(report: tuple[str, Flow]) -> None:
    text, flow = report
    assert apart(text, flow, "stray link") == [
        (270, "http://www.osce.org/what/trafficking"),
        (271, "http://www.osce.org/what/trafficking"),
        (421, "www.africa-union.org/"),
        (581, "www.cis.minsk.by/"),
    ]
    lines = apart(text, flow, "page furniture")
    assert (lines[0], lines[1][0], lines[-1][0]) == ((274, "471"), 276, 292)
    assert len(rows(flow, "terms")) == 23


@pytest.mark.sources
def test_every_link_of_2018_that_goes_over_lines_is_whole(report: tuple[str, Flow]) -> None:
    text, flow = report
    broken = [
        match[0]
        for kind in ("captions", "columns")
        for table in (table for found, table in flow.tables if found == kind)
        for row in table.rows
        for cell in row.cells
        for match in URL.finditer(cell.text)
        if "\n" in text[slice(*cell.within(*match.span(1)))]
    ]
    assert len(broken) == 29 - 1  # and one in the sentence on the chart
    assert [url for url in broken if not re.search(r"[a-z0-9)/]$", url)] == []
    assert any("https://www.state.gov/j/tip/conventions/index.htm" in line.text for line in flow.lines)
