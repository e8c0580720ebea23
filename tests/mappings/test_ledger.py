"""The coverage ledger: no line is lost, and what is left out has the reason that a reader would give."""

from pathlib import Path

import pytest

from kg.graph.build import packaged_records
from kg.mappings import ledger, mentions, tip
from kg.mappings.extract import extract
from kg.mappings.reading import Reading
from kg.read.coverage import REASONS
from kg.read.text import Span
from kg.record_tables import read
from kg.records import Coverage, Footnote, Sentence

TEXTS = Path(__file__).parent.parent / "sources"


def committed(source: str) -> list[Coverage]:
    return [record for record in read(packaged_records() / source) if isinstance(record, Coverage)]


def reason_of(source: str, line: int) -> str:
    return next(stretch.reason for stretch in committed(source) if stretch.first <= line <= stretch.last)


@pytest.mark.parametrize("source", sorted(path.name for path in packaged_records().iterdir()))
def test_every_line_of_a_source_is_accounted_for(source: str) -> None:
    stretches = committed(source)
    assert stretches
    assert [s for s in stretches if s.reason not in {"mapped", *REASONS}] == []


# Lines as a person counts them in the 2017 report's appendices.
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (3, "heading"),
        (5, "mapped"),
        (8, "heading"),
        (16, "mapped"),
        (24, "mapped"),
        (28, "essay"),
        (50, "repeated header"),
        (61, "mapped"),
        (93, "credit"),
        (174, "essay"),
        (190, "staff"),
    ],
)
def test_a_line_has_the_reason_that_a_reader_would_give(line: int, reason: str) -> None:
    assert reason_of("tip-2017", line) == reason


def test_lists_of_people_are_counted_line_by_line() -> None:
    counts: dict[str, int] = {}
    for stretch in committed("tip-2017"):
        counts[stretch.reason] = counts.get(stretch.reason, 0) + stretch.lines
    assert (counts["credit"], counts["staff"]) == (42, 78)


def test_a_line_of_the_paper_is_mapped_a_heading_or_narrative() -> None:
    """Lines as a person counts them: a member, a head of a section, and a sentence on the crime in general."""
    assert reason_of("icat-2018", 121) == "mapped"
    assert reason_of("icat-2018", 560) == "narrative"
    assert {s.reason for s in committed("icat-2018")} == {"mapped", "heading", "narrative"}


def test_every_sentence_of_the_paper_is_accounted_for() -> None:
    sentences = [record for record in read(packaged_records() / "icat-2018") if isinstance(record, Sentence)]
    assert {s.reason for s in sentences} == {"statement", "mention", "heading", "narrative"}
    assert {s.section for s in sentences} == {s.section for s in committed("icat-2018")}


def test_a_sentence_states_something_mentions_a_thing_or_is_narrative() -> None:
    text = "The ILO paints. The IOM sleeps. Paint is wet."
    reading = Reading("icat-2030", text, "Paper", {}, strict=False)
    reading.sentences += [Span(0, 15), Span(16, 31), Span(32, 45)]
    ledger.note_prose(reading, [], "Test paper", read=[Span(0, 45)])
    footnote = Footnote(id="1", number="1", symbols=(), **reading.place(Span(0, 8), "page 1"))
    found = ledger.account_for_sentences(reading, [footnote], mentions.read(reading, [footnote]))
    assert [s.reason for s in found] == ["statement", "mention", "narrative"]


def test_a_paper_that_nobody_has_read_says_so() -> None:
    text = (TEXTS / "paper-2030.txt").read_text(encoding="utf-8")
    reading = Reading("icat-2030", text, "Paper 2030", {}, strict=False)
    ledger.note_prose(reading, [], "Test paper", read=[Span(0, 100)])
    first, second = {s.reason: s.first for s in ledger.account_for(reading, [])}.items()
    assert (first, second[0]) == (("narrative", 1), "prose-not-yet-read")


def test_a_row_of_which_nothing_was_recorded_is_unaccounted() -> None:
    text = (TEXTS / "tabbed-2031.txt").read_text(encoding="utf-8")
    reading = Reading("tip-2031", text, "Report 2031", {}, strict=False)
    statements = tip.read(reading)
    lost = next(s for s in statements if s.kind == "naming")
    kept = [s for s in statements if not (s.begin < lost.end and lost.begin < s.end)]
    line = text.count("\n", 0, lost.begin) + 1
    unaccounted = [s for s in ledger.account_for(reading, kept) if s.reason == "unaccounted"]
    assert [(s.first, s.last) for s in unaccounted] == [(line, line)]


def test_the_test_text_is_accounted_for() -> None:
    done = extract("tip-2031", TEXTS / "tabbed-2031.txt")
    assert [r for r in done.records if isinstance(r, Coverage) and r.reason == "unaccounted"] == []
