"""The alignments (SSSOM), against the shared tables and the reviewed identifiers."""

import importlib.resources
from collections import Counter, defaultdict
from typing import Any

import pytest
import yaml

from kg.graph.build import packaged_records
from kg.mappings import names
from kg.record_tables import read
from kg.records import Framework, TreatyStatus
from tests.tables import rows_of

REPORTS = ("tip-2017", "tip-2018", "tip-2020")  # the sources that list instruments in tables
SETS = ("states", "organizations", "instruments", "concepts")
COLUMNS = [
    *("subject_id", "subject_label", "predicate_id", "object_id", "object_label"),
    *("mapping_justification", "comment"),
]
CHART = ["palermo-protocol", "crc-opsc", "crc-opac", "ilo-c029", "ilo-p029", "ilo-c105", "ilo-c182", "ilo-c189"]
NORMLEX = "https://www.ilo.org/dyn/normlex/en/f?p=NORMLEXPUB:12100:0::NO::P12100_ILO_CODE:"
TREATIES = "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no="


def lines(name: str) -> list[str]:
    path = importlib.resources.files("kg.mappings") / "alignments" / f"{name}.sssom.tsv"
    return path.read_text(encoding="utf-8").splitlines()


def header(name: str) -> dict[str, Any]:
    """The metadata of a mapping set: its lines that begin with #, as YAML."""
    return dict(yaml.safe_load("\n".join(line[1:] for line in lines(name) if line.startswith("#"))))


def mappings(name: str) -> list[dict[str, str]]:
    return rows_of("\n".join(lines(name)))


def linked(subject: str, predicate: str = "skos:exactMatch") -> set[str]:
    """The IRIs that a subject is linked to."""
    found: set[str] = set()
    for name in SETS:
        prefixes = header(name)["curie_map"]
        for row in mappings(name):
            if (row["subject_id"], row["predicate_id"]) == (subject, predicate):
                prefix, _, local = row["object_id"].partition(":")
                found.add(prefixes[prefix] + local)
    return found


@pytest.mark.parametrize("name", SETS)
def test_mapping_set_declares_what_it_is(name: str) -> None:
    found = header(name)
    assert found["mapping_set_id"] == f"https://w3id.org/tipkg/alignments/{name}"
    assert found["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    used = {row[column].partition(":")[0] for row in mappings(name) for column in COLUMNS if column.endswith("_id")}
    assert found["curie_map"].keys() == used | {"semapv"}


@pytest.mark.parametrize("name", SETS)
def test_mapping_set_has_whole_rows_without_quoting(name: str) -> None:
    table = [line.split("\t") for line in lines(name) if not line.startswith("#")]
    assert table[0] == COLUMNS
    assert [row for row in table if len(row) != len(COLUMNS) or '"' in "".join(row)] == []
    assert {row["mapping_justification"] for row in mappings(name)} == {"semapv:ManualMappingCuration"}
    needed = ("subject_id", "subject_label", "object_id")
    assert [row for row in mappings(name) if not all(row[column] for column in needed)] == []


@pytest.mark.parametrize("name", SETS)
def test_mapping_set_repeats_no_row(name: str) -> None:
    pairs = Counter((row["subject_id"], row["object_id"]) for row in mappings(name))
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_states_are_subjects_under_their_labels() -> None:
    known = {f"state:{key}": state.label for key, state in names.states().items()}
    assert {row["subject_id"]: row["subject_label"] for row in mappings("states")}.items() <= known.items()


@pytest.mark.parametrize("name", ["organizations", "instruments"])
def test_entries_of_the_shared_table_are_subjects_under_their_labels(name: str) -> None:
    kinds = {key: names.kind_of_organization(key) for key in names.table("organizations")}
    known = {f"{kinds.get(key, 'instrument')}:{key}": entry["label"] for key, entry in names.table(name).items()}
    assert {row["subject_id"]: row["subject_label"] for row in mappings(name)}.items() <= known.items()


def test_kinds_are_subjects_that_the_shared_tables_use() -> None:
    tables = ("organizations", "instruments")
    used = {f"kind:{kind}" for table in tables for entry in names.table(table).values() for kind in entry["classes"]}
    subjects = {row["subject_id"] for row in mappings("concepts")}
    assert {subject for subject in subjects if subject.startswith("kind:")} <= used
    assert {subject for subject in subjects if subject.startswith("mode:")} == {"mode:ratification"}
    assert len([subject for subject in subjects if subject.startswith("theme:")]) == 14


def test_no_identifier_stands_on_two_things() -> None:
    subjects: dict[str, set[str]] = defaultdict(set)
    for name in SETS:
        for row in mappings(name):
            subjects[row["object_id"]].add(row["subject_id"])
    assert {identifier: found for identifier, found in subjects.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("subject", "identifier"),
    [
        ("state:NAM", "http://www.wikidata.org/entity/Q1030"),
        ("state:NAM", "https://sws.geonames.org/3355338/"),
        ("state:NLD", "http://www.wikidata.org/entity/Q55"),
        ("state:FIN", "http://publications.europa.eu/resource/authority/country/FIN"),
        ("organization:ilo", "http://www.wikidata.org/entity/Q54129"),
        ("organization:unicef", "https://ror.org/02dg0pv02"),
        ("organization:unicef", "https://isni.org/isni/000000040402478X"),
        ("organization:un-human-rights-council", "http://eurovoc.europa.eu/c_b605a1d4"),
        ("instrument:palermo-protocol", TREATIES + "XVIII-12-a&chapter=18&lang=en"),
        ("instrument:ilo-p029", NORMLEX + "P029"),
        ("instrument:unsc-res-2331", "https://undocs.org/S/RES/2331(2016)"),
        ("instrument:eu-directive-2011-36", "http://data.europa.eu/eli/dir/2011/36/oj"),
        ("theme:forced-labour", "http://www.wikidata.org/entity/Q705818"),
    ],
)
def test_subject_has_its_identifier(subject: str, identifier: str) -> None:
    assert identifier in linked(subject)


def test_kingdoms_beside_two_states_are_related_only() -> None:
    assert linked("state:NLD", "skos:relatedMatch") == {"http://www.wikidata.org/entity/Q29999"}
    assert linked("state:DNK", "skos:relatedMatch") == {"http://www.wikidata.org/entity/Q756617"}


def test_concepts_of_another_extent_are_no_exact_match() -> None:
    rows = [row for name in SETS for row in mappings(name) if row["predicate_id"] != "skos:exactMatch"]
    assert {(row["subject_id"], row["predicate_id"], row["object_id"]) for row in rows if row["comment"]} == {
        ("state:NLD", "skos:relatedMatch", "wd:Q29999"),
        ("state:DNK", "skos:relatedMatch", "wd:Q756617"),
        ("organization:ohchr", "skos:closeMatch", "eurovoc:8385"),
        ("theme:crimes-against-humanity", "skos:broadMatch", "stw:19860-4"),
    }
    assert len(rows) == 4


@pytest.mark.parametrize("key", CHART)
def test_chart_instrument_has_a_legal_identifier_and_no_qid(key: str) -> None:
    assert {identifier.startswith((NORMLEX, TREATIES)) for identifier in linked(f"instrument:{key}")} == {True}


def test_instruments_without_any_identifier_are_named_in_the_header() -> None:
    linked_ones = {row["subject_id"].removeprefix("instrument:") for row in mappings("instruments")}
    tables = [record for source in REPORTS for record in read(packaged_records() / source)]
    named = {record.instrument for record in tables if isinstance(record, Framework | TreatyStatus)}
    missing = (named & names.table("instruments").keys()) - linked_ones
    plan = "osce-action-plan-to-combat-trafficking-in-human-beings"
    assert missing == {"actip", "saarc-convention", "bali-process-co-chairs-statements", plan}
    assert (
        f"no identifier at all for actip, saarc-convention, bali-process-co-chairs-statements and {plan}"
        in header("instruments")["comment"]
    )


def test_palermo_protocol_is_not_linked_to_the_resolution_that_adopted_it() -> None:
    assert linked("instrument:res-a-res-55-25") == {"https://undocs.org/A/RES/55/25"}
    assert linked("instrument:palermo-protocol") == {TREATIES + "XVIII-12-a&chapter=18&lang=en"}


@pytest.mark.parametrize("key", ["eu", "european-commission"])
def test_shared_isni_identifies_neither(key: str) -> None:
    assert [identifier for identifier in linked(f"organization:{key}") if "isni.org" in identifier] == []
