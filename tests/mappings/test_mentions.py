"""Mentions in the four sources, against what a person finds by searching the texts."""

from collections import Counter
from itertools import pairwise

import pytest

from kg.graph.build import packaged_records
from kg.mappings import mentions
from kg.mappings.reading import Reading
from kg.read.text import Span
from kg.record_tables import read
from kg.records import Designation, Entity, Mention, Record, Reference, Statement

SOURCES = ("icat-2018", "tip-2017", "tip-2018", "tip-2020")


def committed(source: str) -> list[Record]:
    return read(packaged_records() / source)


def counts(source: str) -> Counter[str]:
    return Counter(record.entity for record in committed(source) if isinstance(record, Mention))


@pytest.mark.parametrize(
    ("source", "entity", "times"),
    [
        ("icat-2018", "programme/operation-epervier", 1),
        ("icat-2018", "state/LAO", 2),  # once Laos, once Lao PDR
        ("icat-2018", "state/GNB", 1),
        ("icat-2018", "state/GIN", 0),
        ("icat-2018", "state/NER", 2),
        ("icat-2018", "state/NGA", 2),
        ("icat-2018", "region/west-africa", 1),
        ("icat-2018", "instrument/rome-statute", 2),
        ("tip-2017", "organization/nato", 7),  # six times abbreviated, once in full
    ],
)
def test_thing_is_named_so_often(source: str, entity: str, times: int) -> None:
    assert counts(source)[entity] == times


@pytest.mark.parametrize("source", SOURCES)
def test_mentions_stand_in_order_and_none_within_another(source: str) -> None:
    found = [record for record in committed(source) if isinstance(record, Mention)]
    assert found
    assert [m for m, following in pairwise(found) if m.end > following.begin] == []


@pytest.mark.parametrize("source", SOURCES)
def test_every_thing_that_is_mentioned_is_known(source: str) -> None:
    records = committed(source)
    known = {f"{record.kind_of}/{record.id}" for record in records if isinstance(record, Entity)}
    assert {record.entity for record in records if isinstance(record, Mention)} - known == set()


def statement(kind: type[Statement], section: str, **given: str) -> Statement:
    place = {"begin": 0, "end": 1, "sha256": "", "where": ""}
    return kind(id="a", section=section, locator="", **given, **place)


def find(text: str, statements: list[Statement]) -> list[tuple[str, str]]:
    reading = Reading("icat-2030", text, "Paper", {}, strict=False)
    half = len(text) // 2
    reading.parts.update(one=Span(0, half), two=Span(half, len(text)))
    return [(text[m.begin : m.end], m.entity) for m in mentions.read(reading, statements)]


def test_definite_noun_means_what_its_section_says_and_nothing_elsewhere() -> None:
    said = [statement(Reference, "two", phrase="the Protocol", entity="instrument/ilo-p029")]
    text = "In one, the Protocol is green. In two, the Protocol is blue."
    assert find(text, said) == [("the Protocol", "instrument/ilo-p029")]
    assert find(text, []) == []


def test_of_definite_nouns_that_overlap_the_longest_counts() -> None:
    short = statement(Reference, "one", phrase="the House", entity="organization/ilo")
    long = statement(Reference, "one", phrase="the House of Fences", entity="organization/iom")
    assert find("Here the House of Fences is green and the House is blue.", [short, long])[:1] == [
        ("the House of Fences", "organization/iom"),
    ]


def test_name_that_the_source_gives_is_found() -> None:
    said = [statement(Designation, "one", entity="organization/ilo", name="Blue House", abbreviation="BH")]
    assert find("The Blue House (BH) has blue doors.", said) == [
        ("Blue House", "organization/ilo"),
        ("BH", "organization/ilo"),
    ]


def test_names_of_people_are_no_mentions() -> None:
    text = "Jordan Smith painted the fences of Jordan."
    reading = Reading("tip-2030", text, "Report", {}, strict=False, apart=[(Span(0, 12), "staff")])
    assert [(m.begin, m.entity) for m in mentions.read(reading, [])] == [(35, "state/JOR")]
    assert ("state", "JOR") in reading.entities
