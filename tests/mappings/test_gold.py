"""The records against facts that a person read from the texts by hand (tests/gold): none missing, none too many.

The committed records are compared on every clone; with the texts, so is what is extracted from them afresh, and each
passage must lie in the line that the person noted."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from kg.mappings import names
from kg.mappings.extract import extract, texts_in
from kg.read.text import line_number, read_text
from kg.record_tables import read
from kg.records import Entity, Record, Statement
from tests.tables import Row
from tests.tables import table as table_of

TESTS = Path(__file__).parents[1]
EDITIONS = ("tip-2017", "tip-2018", "tip-2020")
# In these a cell goes on over lines, and the person noted where it begins.
WRAPPED = {"tip-2018"}
# A gold table, the kind of record, and what is compared of a gold row and of a record.
TABLES: dict[str, tuple[str, Callable[[Row], tuple[str, ...]], Callable[[Any], tuple[str, ...]]]] = {
    "ratification_status": (
        "treaty_status",
        lambda g: (g["state"], g["iso3"], g["instrument"], g["status"], g["year"], g["mode"], g["entry_into_force"]),
        lambda r: (r.state_name, r.state, r.instrument, r.status, r.year, r.mode, r.entry_into_force),
    ),
    "focal_points": (
        "focal_point",
        lambda g: (named(g["organization"]), g["focal_point"], g["status"]),
        lambda r: (r.organization, r.name, r.status),
    ),
    "framework_documents": (
        "framework",
        lambda g: (named(g["organization"]), g["title"], g["year"], g["symbol"], g["url"]),
        lambda r: (r.organization, r.title, "; ".join(r.years), r.symbol, r.url),
    ),
    "organization_links": (
        "link",
        lambda g: (named(g["row"]), named(g["organization"]), g["label"], g["url"]),
        lambda r: (r.row, r.organization, r.label, r.url),
    ),
    "peacekeeping_figures": (
        "figure",
        lambda g: (named(g["organization"]), g["measure"], g["value"], g["year"], "empty" * (g["unit"] == "empty")),
        lambda r: (r.organization, r.measure, summary(r.value), "; ".join(r.years), "empty" * (r.status == "empty")),
    ),
    "glossary": (
        "naming",
        lambda g: (g["abbreviation"], g["expansion"]),
        lambda r: (r.abbreviation, r.expansion),
    ),
}
PAIRS = [
    *((table, "tip-2017") for table in ("focal_points", "framework_documents", "organization_links")),
    *((table, "tip-2018") for table in ("focal_points", "framework_documents", "organization_links")),
    *((table, "tip-2020") for table in ("focal_points", "framework_documents", "organization_links")),
    *((table, "tip-2017") for table in ("ratification_status", "peacekeeping_figures", "glossary")),
    *((table, "tip-2018") for table in ("ratification_status", "peacekeeping_figures", "glossary")),
]
NOTES = {
    "reporting_window_start": ("reporting-window", "since"),
    "reporting_window_end": ("reporting-window", "until"),
    "entry_into_force_ilo-c029": ("entry-into-force-ilo-c029", "since"),
    "entry_into_force_ilo-c189": ("entry-into-force-ilo-c189", "since"),
    "entry_into_force_ilo-p029": ("entry-into-force-ilo-p029", "since"),
    "currency_rates_date": ("exchange-rates", "since"),
    "currency_rates_url": ("exchange-rates", "url"),
    "photo_credit_lines": ("photo-credits", "value"),
    "staff_names": ("staff", "value"),
}


def named(abbreviation: str) -> str:
    key = names.organization(abbreviation)
    assert key, f"the gold table names {abbreviation!r}, which the shared tables have not"
    return key


def summary(value: str) -> str:
    """Prose is summed up by us in several phrases, and the person noted the first."""
    return value.split(";")[0]


def gold(table: str, edition: str) -> list[Row]:
    return [row for row in table_of(TESTS / "gold" / f"{table}.tsv") if row["source"] == edition]


def committed(edition: str) -> list[Record]:
    return read(TESTS.parent / "mappings" / "records" / edition)


def compare(table: str, edition: str, records: Iterable[Record]) -> None:
    kind, of_gold, of_record = TABLES[table]
    wanted = Counter(of_gold(row) for row in gold(table, edition))
    found = Counter(of_record(record) for record in records if record.kind == kind)
    assert (list((wanted - found).elements()), list((found - wanted).elements())) == ([], [])
    assert wanted.total() > 0


@pytest.mark.parametrize(("table", "edition"), PAIRS)
def test_committed_records_are_what_a_person_read(table: str, edition: str) -> None:
    compare(table, edition, committed(edition))


@pytest.mark.sources
@pytest.mark.parametrize(("table", "edition"), PAIRS)
def test_a_fresh_extraction_is_what_a_person_read(sources: Path, table: str, edition: str) -> None:
    compare(table, edition, extract(edition, texts_in(sources)[edition]).records)


@pytest.mark.parametrize("edition", ["tip-2017", "tip-2018"])
def test_committed_notes_are_what_a_person_read(edition: str) -> None:
    found = {record.id: vars(record) for record in committed(edition) if record.kind == "note"}
    wanted = {row["fact"]: row["value"] for row in gold("sources_notes", edition)}
    # The link to the list of all countries stands in the sentence on the chart, and is no statement of ours.
    assert wanted.pop("complete_list_url").startswith(("http://www.state.gov/", "https://www.state.gov/"))
    assert {fact: found[key][column] for fact, (key, column) in NOTES.items() if fact in wanted} == wanted
    assert sorted(found) == sorted({NOTES[fact][0] for fact in wanted})


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_names_in_its_rows_what_a_person_found_there(edition: str) -> None:
    rows = {record.id for record in committed(edition) if record.kind == "organization_row"}
    assert rows == {named(row["organization"]) for row in gold("focal_points", edition)}


@pytest.mark.sources
@pytest.mark.parametrize(("table", "edition"), [pair for pair in PAIRS if pair[1] not in WRAPPED])
def test_every_passage_lies_in_the_line_that_a_person_noted(sources: Path, table: str, edition: str) -> None:
    kind, of_gold, of_record = TABLES[table]
    text = read_text(texts_in(sources)[edition]).value
    wanted: dict[tuple[str, ...], set[int]] = {}
    for row in gold(table, edition):
        wanted.setdefault(of_gold(row), set()).add(int(row["line"]))
    records = [record for record in committed(edition) if record.kind == kind and isinstance(record, Statement)]
    for record in records:
        place = vars(record)
        lines = {line_number(text, place["begin"]), line_number(text, place["end"] - 1)}
        assert lines <= wanted[of_record(record)]


@pytest.mark.sources
@pytest.mark.parametrize(("table", "edition"), [pair for pair in PAIRS if pair[1] in WRAPPED])
def test_every_wrapped_passage_begins_in_the_line_that_a_person_noted(sources: Path, table: str, edition: str) -> None:
    kind, of_gold, of_record = TABLES[table]
    text = read_text(texts_in(sources)[edition]).value
    wanted: dict[tuple[str, ...], set[int]] = {}
    for row in gold(table, edition):
        wanted.setdefault(of_gold(row), set()).add(int(row["line"]))
    cells: dict[tuple[str, ...], int] = {}
    for record in (record for record in committed(edition) if record.kind == kind):
        place = vars(record)
        cell = (place["organization"], place["measure"]) if kind == "figure" else (place["id"],)
        # The person noted the line of the cell, and a cell of the peacekeeping table states several facts.
        first = cells.setdefault(cell, line_number(text, place["begin"]))
        assert wanted[of_record(record)] >= {first}, of_record(record)
        assert line_number(text, place["begin"]) >= first


@pytest.mark.sources
@pytest.mark.parametrize("edition", ["tip-2017", "tip-2018"])
def test_every_note_holds_the_line_that_a_person_noted(sources: Path, edition: str) -> None:
    text = read_text(texts_in(sources)[edition]).value
    notes = {record.id: vars(record) for record in committed(edition) if record.kind == "note"}
    lines = {row["fact"]: int(row["line"]) for row in gold("sources_notes", edition) if row["fact"] in NOTES}
    for fact, line in lines.items():
        begin, end = (line_number(text, notes[NOTES[fact][0]][place]) for place in ("begin", "end"))
        assert (begin <= line <= end) if edition in WRAPPED else begin == line, fact


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_a_person_read_is_in_the_shared_tables_but_for_documents(edition: str) -> None:
    made = [record for record in committed(edition) if isinstance(record, Entity) and record.generated == "yes"]
    assert {entity.kind_of for entity in made} == {"instrument"}
