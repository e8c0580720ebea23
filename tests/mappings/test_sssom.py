"""The alignments keep the rules of SSSOM/TSV (specification 1.0: TSV format, slots of set and mapping, prefixes).

`problems` checks one file; each rule has a planted violation in PLANTED."""

import importlib.resources
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kg.mappings import names
from tests.tables import rows_of, table

FOLDER = Path(str(importlib.resources.files("kg.mappings"))) / "alignments"
FILES = sorted(FOLDER.glob("*"))
# Slots of the class MappingSet that we may use; those of the class Mapping.
SET_SLOTS = {
    *("mapping_set_id", "mapping_set_title", "mapping_set_description", "mapping_set_version", "license", "comment"),
    *("creator_id", "publication_date", "see_also", "issue_tracker", "curie_map"),
}
SLOTS = {
    *("subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "comment"),
    *("author_id", "mapping_date", "confidence", "subject_source", "object_source", "see_also"),
}
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
BUILT_IN = {"skos": "http://www.w3.org/2004/02/skos/core#", "semapv": "https://w3id.org/semapv/vocab/"}
PREDICATES = {f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
JUSTIFICATIONS = {"semapv:ManualMappingCuration", "semapv:MappingReview", "semapv:LexicalMatching"}
CURIE = re.compile(r"[A-Za-z][\w.-]*:(?!//)\S+")
SAME_ROW = re.compile(r"reviewed in one row with (\S+)")


def problems(text: str) -> list[str]:
    """What in an SSSOM/TSV file breaks a rule, in words."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head, body = lines[:start], lines[start:]
    metadata = yaml.safe_load("\n".join(line[1:] for line in head)) or {}
    rows = rows_of(text)
    layout = [*_layout(head, body), *_metadata(metadata)]
    return layout or [*_identifiers(rows, metadata["curie_map"]), *_mappings(rows)]


def _layout(head: list[str], body: list[str]) -> Iterator[str]:
    if not head or head[0] != "#curie_map:":
        yield "the metadata block begins with the curie_map"
    if any(line.startswith("#") for line in body):
        yield "the metadata block stands before the mappings"
    columns = body[0].split("\t") if body else []
    if set(REQUIRED) - set(columns):
        yield f"missing columns: {sorted(set(REQUIRED) - set(columns))}"
    if set(columns) - SLOTS:
        yield f"no slots of a mapping: {sorted(set(columns) - SLOTS)}"
    if any('"' in line or line.count("\t") != len(columns) - 1 for line in body if line):
        yield "rows are whole and need no quoting"


def _metadata(metadata: dict[str, object]) -> Iterator[str]:
    if set(metadata) - SET_SLOTS:
        yield f"no slots of a mapping set: {sorted(set(metadata) - SET_SLOTS)}"
    for name in ("mapping_set_id", "license"):
        if not str(metadata.get(name, "")).startswith("https://"):
            yield f"{name} is an IRI"
    curies = metadata.get("curie_map", {})
    if not isinstance(curies, dict) or list(curies) != sorted(curies):
        yield "the curie_map is sorted"
    elif any(curies.get(prefix, space) != space for prefix, space in BUILT_IN.items()):
        yield "built-in prefixes keep their namespaces"


def _identifiers(rows: list[dict[str, str]], curies: dict[str, str]) -> Iterator[str]:
    used = {"semapv"}
    for row in rows:
        for column in REQUIRED:
            if not CURIE.fullmatch(row[column]):
                yield f"{row['subject_id']}: {column} is a CURIE"
            used.add(row[column].partition(":")[0])
    if used - set(curies):
        yield f"undeclared prefixes: {sorted(used - set(curies))}"
    if set(curies) - used:
        yield f"unused prefixes: {sorted(set(curies) - used)}"


def _mappings(rows: list[dict[str, str]]) -> Iterator[str]:
    exact = [row for row in rows if row["predicate_id"] == "skos:exactMatch"]
    evidence = {(row["subject_id"], row["object_id"]) for row in rows if not SAME_ROW.search(row["comment"])}
    for row in rows:
        if row["predicate_id"] not in PREDICATES:
            yield f"{row['subject_id']}: {row['predicate_id']} is no mapping predicate of SKOS"
        if row["mapping_justification"] not in JUSTIFICATIONS:
            yield f"{row['subject_id']}: {row['mapping_justification']} is no justification of SEMAPV"
        other = SAME_ROW.search(row["comment"])
        if not row["comment"] or (other and (row["subject_id"], other[1]) not in evidence):
            yield f"{row['subject_id']} {row['object_id']}: the comment gives the evidence"
    for identifier, count in Counter(row["object_id"] for row in rows).items():
        if count > 1:
            yield f"{identifier}: an identifier stands on one thing only"
    registers = Counter((row["subject_id"], row["object_id"].partition(":")[0]) for row in exact)
    yield from (f"{subject}: one identifier of {name}" for (subject, name), count in registers.items() if count > 1)


SOUND = """#curie_map:
#  semapv: "https://w3id.org/semapv/vocab/"
#  skos: "http://www.w3.org/2004/02/skos/core#"
#  thing: "https://example.org/thing/"
#  wd: "http://www.wikidata.org/entity/"
#mapping_set_id: https://example.org/set
#license: https://creativecommons.org/publicdomain/zero/1.0/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tcomment
thing:a\tskos:exactMatch\twd:Q1\tsemapv:ManualMappingCuration\ta list
thing:b\tskos:exactMatch\twd:Q2\tsemapv:ManualMappingCuration\ta list
"""
PLANTED = [
    ("#curie_map:\n", "#mapping_set_title: A\n#curie_map:\n", "the metadata block begins with the curie_map"),
    ("thing:b", "# a remark\nthing:b", "the metadata block stands before the mappings"),
    ("object_id", "object", "missing columns: ['object_id']"),
    ("\tcomment\n", "\tremark\n", "no slots of a mapping: ['remark']"),
    ("\ta list\nthing:b", "\nthing:b", "rows are whole and need no quoting"),
    ("a list\nthing:b", '"a" list\nthing:b', "rows are whole and need no quoting"),
    ("#license:", "#licence:", "no slots of a mapping set: ['licence']"),
    ("#license: https://creativecommons.org/publicdomain/zero/1.0/\n", "", "license is an IRI"),
    ("#mapping_set_id: https://example.org/set", "#mapping_set_id: set", "mapping_set_id is an IRI"),
    ("#  semapv:", '#  zoo: "https://example.org/"\n#  semapv:', "the curie_map is sorted"),
    ("2004/02/skos/core#", "2008/05/skos#", "built-in prefixes keep their namespaces"),
    ("wd:Q2", "http://www.wikidata.org/entity/Q2", "thing:b: object_id is a CURIE"),
    ('#  wd: "http://www.wikidata.org/entity/"\n', "", "undeclared prefixes: ['wd']"),
    ("#mapping_set_id", '#  zoo: "https://example.org/"\n#mapping_set_id', "unused prefixes: ['zoo']"),
    ("thing:b\tskos:exactMatch", "thing:b\tskos:broader", "thing:b: skos:broader is no mapping predicate of SKOS"),
    (
        "Q2\tsemapv:ManualMappingCuration",
        "Q2\tsemapv:Guess",
        "thing:b: semapv:Guess is no justification of SEMAPV",
    ),
    ("Curation\ta list\nthing:b", "Curation\t\nthing:b", "thing:a wd:Q1: the comment gives the evidence"),
    ("a list\n", "reviewed in one row with wd:Q9\n", "thing:a wd:Q1: the comment gives the evidence"),
    ("wd:Q2", "wd:Q1", "wd:Q1: an identifier stands on one thing only"),
    ("thing:b", "thing:a", "thing:a: one identifier of wd"),
]  # fmt: skip


def test_a_sound_file_has_no_problems() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize(("old", "new", "message"), PLANTED)
def test_a_planted_problem_is_found(old: str, new: str, message: str) -> None:
    assert SOUND.count(old) >= 1
    assert message in problems(SOUND.replace(old, new))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_alignments_keep_the_rules(path: Path) -> None:
    assert path.name.endswith(".sssom.tsv")
    assert problems(path.read_text(encoding="utf-8")) == []


def test_every_mapped_state_has_its_code_of_iso_3166() -> None:
    rows = table(FOLDER / "states.sssom.tsv")
    codes = {row["subject_id"][6:]: row["object_id"][8:] for row in rows if row["object_id"].startswith("iso3166:")}
    assert codes == {key: names.states()[key].alpha2 for key in {row["subject_id"][6:] for row in rows}}
