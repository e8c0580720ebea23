"""Every packaged question against expected rows that people made from the texts and from tests/gold.

tests/expected/<question>[.<case>].csv holds the columns of the question without begin and end. A list in PART is too
long to type: its file holds rows that must be among the answer, and PART how many rows there are, and why.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.ask.questions import Answer, ask, names, question

EXPECTED = Path(__file__).parents[1] / "expected"
FILES = sorted(EXPECTED.glob("*.csv"))
ASKED = {"programme_partners.nearest": {"programme": "GLO.ACT", "organization": "ILO", "nearest": "true"}}
PART = {
    # 910: the 903 statements of statement_counts.tsv, and 7 findings, each with one passage.
    "evidence": 910,
    # 84: 37 framework documents of 2017, CRC-OPSC and CRC-OPAC of the chart, 34 that are new in 2020 in rows of 2017
    # too (the Co Chairs' Statements are one series), 5 of the Khartoum Process, 1 of FATF, 3 of the OECD, and 2 of
    # 2018 only: the Bali Process's forward work plan and the EU's strategy.
    "instruments": 84,
    # 49: 17 rows of 2017, ECCAS, 4 named in the UN's row, NATO, 7 more of the glossary; Khartoum Process, FATF, OECD
    # and ICAT in 2020; 12 more members of ICAT; World Bank Group, of which one is part; IOE and ITUC.
    "organizations": 49,
}
# One row a role; statement_counts.tsv gives the number of statements, and why.
COUNTS = Path(__file__).parent / "statement_counts.tsv"
ID = "https://w3id.org/tipkg/id/"
STATEMENT = "https://w3id.org/tipkg/statement/"
# question, parameters as people type them, and what the expected rows have in common
GIVEN: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("data_findings", {"source": "tip-2017"}, {"source": "tip-2017"}),
    ("data_findings", {"source": "TIP Report 2020"}, {"source": "tip-2020"}),
    (
        "evidence",
        {"statement": "statement/icat-2018/membership/dpa"},
        {"statement": f"{STATEMENT}icat-2018/membership/dpa"},
    ),
    (
        "evidence",
        {"passage": "https://w3id.org/tipkg/passage/tip-2017/1511-1512"},
        {"statement": f"{STATEMENT}tip-2017/treaty-status/gin-ilo-c189"},
    ),
    ("focal_point_changes", {"organization": "COMMIT"}, {"abbreviation": "COMMIT"}),
    ("focal_point_changes", {"organization": "Organization of American States"}, {"abbreviation": "OAS"}),
    ("focal_points", {"edition": "2017", "organization": "UN"}, {"edition": "2017", "abbreviation": "UN"}),
    ("focal_points", {"edition": "2020"}, {"edition": "2020"}),
    ("focal_points", {"organization": "ECCAS"}, {"abbreviation": "ECOWAS"}),
    ("framework_document_changes", {"organization": f"{ID}organization/un"}, {"abbreviation": "UN"}),
    ("framework_document_changes", {"organization": "osce"}, {"abbreviation": "OSCE"}),
    ("framework_documents", {"organization": "Arab League"}, {"abbreviation": "LAS"}),
    ("framework_documents", {"organization": "oecd", "edition": "2020"}, {"abbreviation": "OECD"}),
    ("framework_documents", {"edition": "2017"}, {"edition": "2017"}),
    ("glossary", {"edition": "2017"}, {"edition": "2017"}),
    ("glossary", {"abbreviation": "UN WOMEN"}, {"abbreviation": "UN WOMEN"}),
    ("glossary", {"abbreviation": "ILO-IPEC"}, {"abbreviation": "ILO-IPEC"}),
    ("icat_members", {"organization": "UNESCO"}, {"abbreviation": "UNESCO"}),
    ("icat_members", {"organization": "Office of the High Commissioner for Human Rights"}, {"abbreviation": "OHCHR"}),
    ("instruments", {"instrument": "C29"}, {"instrument": "ilo-c029"}),
    ("instruments", {"instrument": "2000 UN TIP Protocol"}, {"instrument": "palermo-protocol"}),
    ("not_parties", {"instrument": "ILO C189"}, {"instrument": "ilo-c189"}),
    (
        "not_parties",
        {"instrument": f"{ID}instrument/palermo-protocol", "edition": "2017"},
        {"instrument": "palermo-protocol"},
    ),
    ("organization_links", {"organization": "ILO", "edition": "2017"}, {"abbreviation": "ILO", "edition": "2017"}),
    ("organization_links", {"organization": "Security Council"}, {"abbreviation": "UNSC"}),
    ("organization_links", {"edition": "2020"}, {"edition": "2020"}),
    ("organizations", {"organization": "International Labour Organisation"}, {"slug": "ilo"}),
    ("organizations", {"organization": "khartoum-process"}, {"slug": "khartoum-process"}),
    ("organization_row_changes", {"organization": "OECD"}, {"abbreviation": "OECD"}),
    ("organization_row_changes", {"organization": "Khartoum Process"}, {"organization": "Khartoum Process"}),
    ("ratification_changes", {"state": "Guinea", "instrument": "ILO C189"}, {"iso3": "GIN", "instrument": "ilo-c189"}),
    ("ratification_changes", {"state": "JM"}, {"iso3": "JAM"}),
    ("peacekeeping_changes", {"organization": "UN"}, {"organization": "United Nations (UN)"}),
    (
        "peacekeeping_changes",
        {"organization": "osce"},
        {"organization": "Organization for Security and Co-operation in Europe (OSCE)"},
    ),
    ("parties_per_instrument", {"instrument": "P029"}, {"instrument": "ilo-p029"}),
    (
        "parties_per_instrument",
        {"edition": "2017", "instrument": "crc-opac"},
        {"edition": "2017", "instrument": "crc-opac"},
    ),
    ("peacekeeping_figures", {"organization": "NATO"}, {"organization": "North Atlantic Treaty Organization (NATO)"}),
    (
        "peacekeeping_figures",
        {"organization": "united nations", "edition": "2017"},
        {"organization": "United Nations (UN)", "edition": "2017"},
    ),
    ("programme_participants", {"programme": "GLO.ACT Phase II"}, {"programme": "GLO.ACT Phase II (Asia)"}),
    ("programme_participants", {"organization": "European Union"}, {"abbreviation": "EU"}),
    ("programme_partners", {"programme": "glo-act", "organization": "IOM"}, {"with_abbreviation": "IOM"}),
    ("programme_partners", {"organization": f"{ID}organization/eu"}, {"with_abbreviation": "EU"}),
    ("ratification_status", {"state": "GN"}, {"iso3": "GIN"}),
    ("ratification_status", {"state": "gin", "instrument": "C189"}, {"iso3": "GIN", "instrument": "ilo-c189"}),
    ("ratification_status", {"state": "Brunei Darussalam", "edition": "2017"}, {"iso3": "BRN"}),
    ("ratification_status", {"state": f"{ID}state/CZE"}, {"iso3": "CZE"}),
    ("ratifications", {"state": "Czech Republic"}, {"iso3": "CZE"}),
    ("ratifications", {"instrument": "Domestic Workers Convention"}, {"instrument": "ilo-c189"}),
    ("sources", {"source": "icat-2018"}, {"source": "icat-2018"}),
    ("sources", {"source": "https://w3id.org/tipkg/source/tip-2020"}, {"source": "tip-2020"}),
]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def rows(found: Iterable[Mapping[str, str]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row.values()) for row in found)


def placeless(answer: Answer) -> list[dict[str, str]]:
    """The rows of an answer without the offsets, whose truth the tests of the records look after."""
    named = (zip(answer.question.columns, row, strict=True) for row in answer.rows)
    return [{column: str(value) for column, value in row if column not in ("begin", "end")} for row in named]


def test_every_question_has_expected_rows() -> None:
    assert sorted({path.name.split(".")[0] for path in FILES}) == list(names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_question_gives_the_expected_rows(store: Store, path: Path) -> None:
    name = path.name.split(".")[0]
    expected, found = table(path), placeless(ask(store, name, ASKED.get(path.stem, {})))
    assert list(expected[0]) == [column for column in question(name).columns if column not in ("begin", "end")]
    assert sorted((rows(expected) - rows(found)).elements()) == []
    if name not in (*PART, "statements"):
        assert sorted((rows(found) - rows(expected)).elements()) == []


@pytest.mark.parametrize("name", PART)
def test_long_list_has_just_so_many_rows(store: Store, name: str) -> None:
    assert len(ask(store, name, {}).rows) == PART[name]


@pytest.mark.parametrize(("name", "asked", "common"), GIVEN, ids=lambda value: str(value)[:60])
def test_parameter_gives_just_its_rows(store: Store, name: str, asked: dict[str, str], common: dict[str, str]) -> None:
    expected = [row for row in table(EXPECTED / f"{name}.csv") if common.items() <= row.items()]
    assert rows(placeless(ask(store, name, asked))) == rows(expected)
    assert expected


def test_every_question_with_parameters_is_asked_twice() -> None:
    times = Counter(name for name, _, _ in GIVEN)
    once = [name for name in names() if question(name).parameters and times[name] < 2]
    assert once == ["statements"], "statements, of which only a part is typed, has a test of its own"


def test_statements_are_so_many_of_every_kind_and_source(store: Store) -> None:
    stated = {(row["source"], row["kind"], row["statement"]) for row in placeless(ask(store, "statements", {}))}
    counted = {(row["source"], row["kind"]): int(row["statements"]) for row in table(COUNTS)}
    assert Counter((source, kind) for source, kind, _ in stated) == counted


@pytest.mark.parametrize(("given", "source"), [("tip-2020", "tip-2020"), ("ICAT mandate paper 2018", "icat-2018")])
def test_statements_of_one_source_leave_the_others_out(store: Store, given: str, source: str) -> None:
    everything = placeless(ask(store, "statements", {}))
    assert placeless(ask(store, "statements", {"source": given})) == [r for r in everything if r["source"] == source]
