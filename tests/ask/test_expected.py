"""Every packaged question against expected rows that people made from the texts and from tests/gold.

tests/expected/<question>[.<case>].csv holds the columns of the question without begin and end. A list in PART is too
long to type: its file holds rows that must be among the answer, and PART how many rows there are, and why. The whole
answers to the questions in ANSWERS are worked out from the tables that people wrote, in test_oracle.py.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.ask.answer import Answer
from kg.ask.answer_forms import shown
from kg.ask.questions import ask, names, question
from kg.graph.build import packaged_records
from kg.mappings import icat
from tests.ask.oracle import ANSWERS, TYPED
from tests.ask.shortcuts import rows as records
from tests.ask.shortcuts import shortcuts, slugs
from tests.tables import table

EXPECTED = Path(__file__).parents[1] / "expected"
FILES = sorted(EXPECTED.glob("*.csv"))
ASKED = {"programme_partners.nearest": {"programme": "GLO.ACT", "organization": "ILO", "nearest": "true"}}
COUNTS = Path(__file__).parent / "statement_counts.tsv"
CURATED = Path(icat.__file__).parent / "curated" / "icat-2018"


def typed_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_by_people() -> Counter[tuple[str, str]]:
    """How many statements of each kind the tables hold that people wrote: a row is a statement."""
    kinds = {"post": "post listing"}
    found: Counter[tuple[str, str]] = Counter()
    for path in CURATED.glob("*.tsv"):
        for row in table(path):
            kind = f"{row['pattern']} {path.stem}" if "pattern" in row else kinds.get(path.stem, path.stem)
            found["icat-2018", kind.replace("_", " ")] += 1
    del found["icat-2018", "finding"]
    return found


def counted() -> Counter[tuple[str, str]]:
    """How many statements of each source and kind there are; statement_counts.tsv says why."""
    return Counter({(row["source"], row["kind"]): int(row["statements"]) for row in table(COUNTS)}) + read_by_people()


def things(kind: str) -> int:
    """How many things of a kind the records of all sources speak of."""
    rows = (row for folder in packaged_records().iterdir() for row in table(folder / "entity.tsv"))
    return len({row["id"] for row in rows if row["kind_of"] == kind})


RECORDED = 7 + sum(path.stem == "finding" for path in CURATED.glob("*.tsv") for _ in table(path))
CHECKS = Path(__file__).parents[2] / "queries" / "checks"
# Those of checks: all are reviewed, and one that is the same as a recorded one is no second finding.
CHECKED = sum(not row["same_as"] for row in table(CHECKS / "known.tsv")) + len(table(CHECKS / "outside.tsv"))
FINDINGS = RECORDED + CHECKED
PART = {
    "connections": len(shortcuts()),
    # A row for each thing that an event is about or that it happened in.
    "events": sum(len({*slugs(row["about"]), *slugs(row["states"])}) for row in records("event")),
    # A row for each statement and finding: each has one passage.
    "evidence": counted().total() + FINDINGS,
    "instruments": things("instrument"),
    # A row for each place.
    "mentions": sum(1 for folder in packaged_records().iterdir() for _ in table(folder / "mention.tsv")),
    "organizations": things("organization"),
}
OFFSET = re.compile(r"(^|_)(begin|end)$")
ID = "https://w3id.org/tipkg/id/"
STATEMENT = "https://w3id.org/tipkg/statement/"
# question, parameters as people type them, and what the expected rows have in common
GIVEN: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("connections", {"thing": "GIN"}, {"thing": "Guinea"}),
    ("connections", {"thing": "CTED"}, {"abbreviation": "CTED"}),
    ("data_findings", {"source": "tip-2017"}, {"source": "tip-2017"}),
    ("data_findings", {"source": "TIP Report 2020"}, {"source": "tip-2020"}),
    ("events", {"thing": "Operation Epervier"}, {"thing": "Operation Epervier"}),
    ("events", {"thing": "IOM"}, {"abbreviation": "IOM"}),
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
    ("mentions", {"thing": "Operation Epervier"}, {"thing": "Operation Epervier"}),
    ("mentions", {"thing": "Laos", "source": "icat-2018"}, {"thing": "Laos", "source": "icat-2018"}),
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
    ("quality_findings", {"source": "tip-2018"}, {"source": "tip-2018"}),
    ("quality_findings", {"source": "TIP Report 2020"}, {"source": "tip-2020"}),
    ("quality_measurements", {"source": "tip-2017"}, {"measured_on": "tip-2017"}),
    ("quality_measurements", {"source": "tip-2020"}, {"measured_on": "tip-2020"}),
    ("ratification_status", {"state": "GN"}, {"iso3": "GIN"}),
    ("ratification_status", {"state": "gin", "instrument": "C189"}, {"iso3": "GIN", "instrument": "ilo-c189"}),
    ("ratification_status", {"state": "Brunei Darussalam", "edition": "2017"}, {"iso3": "BRN"}),
    ("ratification_status", {"state": f"{ID}state/CZE"}, {"iso3": "CZE"}),
    ("ratifications", {"state": "Czech Republic"}, {"iso3": "CZE"}),
    ("ratifications", {"instrument": "Domestic Workers Convention"}, {"instrument": "ilo-c189"}),
    ("databases_and_portals", {"programme": "CTDC"}, {"abbreviation": "CTDC"}),
    ("databases_and_portals", {"programme": "SLTD"}, {"abbreviation": "SLTD"}),
    ("funds", {"programme": "UNVTF"}, {"abbreviation": "UNVTF"}),
    ("funds", {"programme": "IDA18"}, {"programme": "IDA18"}),
    ("glo_act_countries_and_protocol_p029", {"state": "Mali"}, {"iso3": "MLI"}),
    ("glo_act_countries_and_protocol_p029", {"state": f"{ID}state/MLI"}, {"iso3": "MLI"}),
    ("icat_chairs", {"organization": "UNODC"}, {"abbreviation": "UNODC"}),
    ("icat_chairs", {"organization": "unicef"}, {"abbreviation": "UNICEF"}),
    ("icat_members_in_report_tables", {"organization": "OSCE"}, {"abbreviation": "OSCE"}),
    ("icat_members_in_report_tables", {"organization": "International Labour Organization"}, {"abbreviation": "ILO"}),
    ("members_without_named_cooperation", {"organization": "UNESCO"}, {"abbreviation": "UNESCO"}),
    ("members_without_named_cooperation", {"organization": "CoE"}, {"abbreviation": "CoE"}),
    ("non_coverage", {"thing": "UNAIDS"}, {"abbreviation": "UNAIDS"}),
    ("non_coverage", {"thing": "NATO", "source": "tip-2018"}, {"abbreviation": "NATO", "source": "tip-2018"}),
    ("p029_ratifiers_named", {"state": "Poland"}, {"iso3": "POL"}),
    ("p029_ratifiers_named", {"state": "CH"}, {"iso3": "CHE"}),
    ("source_conflicts", {"source": "tip-2017"}, {"source": "tip-2017"}),
    ("source_conflicts", {"source": "icat-2018"}, {"source": "icat-2018"}),
    ("untitled_publications_titled_elsewhere", {"source": "tip-2017"}, {"source": "tip-2017"}),
    ("untitled_publications_titled_elsewhere", {"source": "tip-2020"}, {"source": "tip-2020"}),
    (
        "cooperation_between",
        {"organization": "ILO", "with_organization": "ITUC"},
        {"abbreviation": "ILO", "with_abbreviation": "ITUC"},
    ),
    (
        "cooperation_between",
        {"organization": "UNICEF", "with_organization": "UNHCR"},
        {"abbreviation": "UNICEF", "with_abbreviation": "UNHCR"},
    ),
    ("cooperation_of", {"organization": "ITUC"}, {"abbreviation": "ITUC"}),
    ("cooperation_of", {"organization": "Heartland Alliance"}, {"organization": "Heartland Alliance"}),
    ("countries_with_most_members", {"state": "Haiti"}, {"iso3": "HTI"}),
    ("countries_with_most_members", {"state": "UA"}, {"iso3": "UKR"}),
    ("country_activities", {"state": "Haiti"}, {"iso3": "HTI"}),
    ("country_activities", {"state": "Belarus", "organization": "IOM"}, {"iso3": "BLR", "abbreviation": "IOM"}),
    ("figures_about", {"thing": "Operation Epervier", "source": "icat-2018"}, {"thing": "Operation Epervier"}),
    ("figures_about", {"thing": "NATO"}, {"thing": "North Atlantic Treaty Organization"}),
    (
        "framework_documents_announced_in_paper",
        {"instrument": "A/RES/72/1"},
        {"symbol": "A/RES/72/1"},
    ),
    (
        "framework_documents_announced_in_paper",
        {"instrument": "OSCE Action Plan"},
        {"title": "OSCE Action Plan to Combat Trafficking in Human Beings"},
    ),
    (
        "instruments_cited_by",
        {"organization": "International Labour Conference", "instrument": "P029"},
        {"abbreviation": "ILC", "symbol": "ILO P029"},
    ),
    (
        "instruments_cited_by",
        {"organization": "UNHCR", "instrument": "Guidelines on International Protection No. 7"},
        {"abbreviation": "UNHCR", "instrument": "Guidelines on International Protection No. 7"},
    ),
    (
        "mandate_basis",
        {"organization": "UNFPA", "instrument": "ICPD Programme of Action"},
        {"abbreviation": "UNFPA", "symbol": "ICPD Programme of Action"},
    ),
    ("mandate_basis", {"instrument": "A/RES/48/141"}, {"symbol": "A/RES/48/141"}),
    (
        "mandates_by_theme",
        {"theme": "financial flows", "organization": "CTED"},
        {"theme": "financial flows", "abbreviation": "CTED"},
    ),
    (
        "mandates_by_theme",
        {"theme": "forced labour", "organization": "ILO"},
        {"theme": "forced labour", "abbreviation": "ILO"},
    ),
    ("name_variants", {"thing": "Laos"}, {"preferred": "Laos"}),
    (
        "name_variants",
        {"thing": "ASEAN", "source": "tip-2018"},
        {"preferred": "Association of Southeast Asian Nations", "source": "tip-2018"},
    ),
    ("planned_in_2018", {"organization": "ICAT"}, {"abbreviation": "ICAT"}),
    ("planned_in_2018", {"organization": "IOM"}, {"abbreviation": "IOM"}),
    ("programmes", {"programme": "Operation Epervier"}, {"programme": "Operation Epervier"}),
    ("programmes", {"programme": "50 for Freedom"}, {"programme": "50 for Freedom"}),
    ("regional_partners_with_a_row", {"partner": "FATF"}, {"partner_abbreviation": "FATF"}),
    (
        "regional_partners_with_a_row",
        {"partner": "AU", "organization": "UNHCR"},
        {"partner_abbreviation": "AU", "abbreviation": "UNHCR"},
    ),
    (
        "two_step_partners",
        {"organization": "ILO", "partner": "World Bank"},
        {"abbreviation": "ILO", "partner": "World Bank"},
    ),
    (
        "two_step_partners",
        {"organization": "ILO", "partner": "Heartland Alliance"},
        {"abbreviation": "ILO", "partner": "Heartland Alliance"},
    ),
    ("activities_by_theme", {"theme": "terrorism"}, {"theme": "terrorism"}),
    (
        "activities_by_theme",
        {"theme": "financial flows", "organization": "CTED"},
        {"theme": "financial flows", "abbreviation": "CTED"},
    ),
    ("activities_of", {"organization": "CTED"}, {"abbreviation": "CTED"}),
    ("activities_of", {"organization": "ECtHR"}, {"abbreviation": "ECtHR"}),
    ("mandates_given_by", {"body": "UNSC"}, {"body": "United Nations Security Council"}),
    (
        "mandates_given_by",
        {"body": "UN General Assembly", "organization": "ICAT"},
        {"body": "United Nations General Assembly", "abbreviation": "ICAT"},
    ),
    ("posts", {"thing": "INTERPOL"}, {"of_abbreviation": "INTERPOL"}),
    ("posts", {"thing": "Alliance 8.7"}, {"of": "Alliance 8.7"}),
    ("acts_in_reporting_window", {"edition": "2017"}, {"edition": "2017"}),
    ("acts_in_reporting_window", {"instrument": "Palermo Protocol", "state": "JP"}, {"iso3": "JPN"}),
    ("chart_state_changes", {"state": "Jamaica"}, {"iso3": "JAM"}),
    ("chart_state_changes", {"edition": "2017"}, {"edition": "2017"}),
    ("parties_as_of", {"as_of": "2016", "instrument": "P029"}, {"as_of": "2016", "instrument": "ilo-p029"}),
    ("parties_as_of", {"as_of": "2010", "state": "Fiji"}, {"as_of": "2010", "iso3": "FJI"}),
    ("table_notes", {"edition": "2018"}, {"edition": "2018"}),
    ("table_notes", {"instrument": "ILO C029"}, {"instrument": "ilo-c029"}),
    ("dated_in_year", {"year": "1994"}, {"year": "1994"}),
    ("dated_in_year", {"year": "2016", "source": "tip-2017"}, {"year": "2016", "source": "tip-2017"}),
    ("programmes_with_most_partners", {"programme": "CTDC"}, {"abbreviation": "CTDC"}),
    ("programmes_with_most_partners", {"partners": "3"}, {"partners": "3"}),
    ("statement_counts", {"source": "icat-2018"}, {"source": "icat-2018"}),
    ("statement_counts", {"source": "TIP Report 2017"}, {"source": "tip-2017"}),
    ("statements_about", {"thing": "Guinea"}, {"thing": "Guinea"}),
    (
        "statements_about",
        {"thing": "ECOWAS", "source": "tip-2017"},
        {"thing": "Economic Community of West African States", "source": "tip-2017"},
    ),
    ("sources", {"source": "icat-2018"}, {"source": "icat-2018"}),
    ("sources", {"source": "https://w3id.org/tipkg/source/tip-2020"}, {"source": "tip-2020"}),
]


def expected_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a file; how many statements a source makes, of a kind too, is counted, not typed."""
    found = typed_in(path)
    for row in found if path.stem == "sources" else ():
        row["statements"] = str(sum(count for (source, _), count in counted().items() if source == row["source"]))
    for row in found if path.stem == "statement_counts" else ():
        row["statements"] = str(counted()[row["source"], row["kind"]])
    return found


def rows(found: Iterable[Mapping[str, str]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row.values()) for row in found)


def placeless(answer: Answer) -> list[dict[str, str]]:
    """The rows of an answer without the offsets, whose truth the tests of the records look after."""
    named = (zip(answer.question.column_names, row, strict=True) for row in shown(answer))
    return [{column: str(value) for column, value in row if not OFFSET.search(column)} for row in named]


def test_every_question_has_expected_rows() -> None:
    assert sorted({path.name.split(".")[0] for path in FILES}) == list(names())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_question_gives_the_expected_rows(store: Store, path: Path) -> None:
    name = path.name.split(".")[0]
    expected, found = expected_rows(path), placeless(ask(store, name, ASKED.get(path.stem, {})))
    assert list(expected[0]) == [column for column in question(name).column_names if not OFFSET.search(column)]
    assert sorted((rows(expected) - rows(found)).elements()) == []
    if name not in (*PART, *ANSWERS, "statements"):
        assert sorted((rows(found) - rows(expected)).elements()) == []


@pytest.mark.parametrize("name", TYPED)
def test_typed_cells_are_what_the_records_say(name: str) -> None:
    """Of columns that nobody types from a text: which source comes first, and how many passages there are."""
    columns, rows_of = TYPED[name]
    typed = {tuple(row[column] for column in columns) for row in typed_in(EXPECTED / f"{name}.csv")}
    assert typed - rows_of() == set()


@pytest.mark.parametrize("name", PART)
def test_long_list_has_just_so_many_rows(store: Store, name: str) -> None:
    assert len(ask(store, name, {}).rows) == PART[name]


@pytest.mark.parametrize(("name", "asked", "common"), GIVEN, ids=lambda value: str(value)[:60])
def test_parameter_gives_just_its_rows(store: Store, name: str, asked: dict[str, str], common: dict[str, str]) -> None:
    """Of answers typed in part the whole is known to be right (test_oracle.py), and shows which rows these are."""
    whole = placeless(ask(store, name, {})) if name in ANSWERS else expected_rows(EXPECTED / f"{name}.csv")
    expected = [row for row in whole if common.items() <= row.items()]
    assert rows(placeless(ask(store, name, asked))) == rows(expected)
    assert expected


def test_every_question_with_parameters_is_asked_twice() -> None:
    times = Counter(name for name, _, _ in GIVEN)
    once = [name for name in names() if question(name).parameters and times[name] < 2]
    assert once == ["statements"], "statements, of which only a part is typed, has a test of its own"


def test_statements_are_so_many_of_every_kind_and_source(store: Store) -> None:
    stated = {(row["source"], row["kind"], row["statement"]) for row in placeless(ask(store, "statements", {}))}
    assert Counter((source, kind) for source, kind, _ in stated) == counted()


def test_statements_are_in_the_order_of_source_place_statement_and_role(store: Store) -> None:
    """Their query sorts by source and begin as one number, which is right if every passage ends within its text."""
    found = ask(store, "statements", {}).rows
    places = [(source, *place, iri, role, value) for iri, _, source, *place, role, value, _ in found]
    assert places == sorted(places, key=lambda place: (*place[:-1], str(place[-1])))


@pytest.mark.parametrize(("given", "source"), [("tip-2020", "tip-2020"), ("ICAT mandate paper 2018", "icat-2018")])
def test_statements_of_one_source_leave_the_others_out(store: Store, given: str, source: str) -> None:
    everything = placeless(ask(store, "statements", {}))
    assert placeless(ask(store, "statements", {"source": given})) == [r for r in everything if r["source"] == source]
