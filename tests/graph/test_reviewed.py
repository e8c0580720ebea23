"""The tables of reviews: what a line means, and what is refused with its line."""

import pytest

from kg.graph.checks import ChecksError, packaged_checks
from kg.graph.reviewed import Known, Outside, compact, packaged_known, packaged_outside, read_known, read_outside

COLUMNS = "check\tentity\tproperty\tvalue\tseverity\tsame_as\treview\n"
LINE = "mode_mark_lost\tstatement/a/b/c\ttip:mode\tvocab/mode/accession\tnote\tfinding/a/d\tno letters\n"
FACTS = "id\tstatement\tclaim\tsource\tseverity\tcomment\n"
FACT = "x\tstatement/a/b/c\tsigned in 2005\tA register\twarning\tprinted as ratified\n"
BASE = "https://w3id.org/tipkg/"


def test_a_reviewed_line_is_read_with_its_iris_in_full() -> None:
    assert read_known(COLUMNS + LINE, packaged_checks()) == (
        Known(
            check="mode_mark_lost",
            entity=f"{BASE}statement/a/b/c",
            property=f"{BASE}ontology#mode",
            value=f"{BASE}vocab/mode/accession",
            severity="note",
            same_as=f"{BASE}finding/a/d",
            review="no letters",
        ),
    )


def test_an_outside_fact_is_read() -> None:
    fact = Outside("x", f"{BASE}statement/a/b/c", "signed in 2005", "A register", "warning", "printed as ratified")
    assert read_outside(FACTS + FACT) == (fact,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (COLUMNS + LINE.replace("mode_mark_lost", "mode_lost"), "2: check 'mode_lost' is unknown; known: abbreviation"),
        (COLUMNS + LINE.replace("mode_mark_lost", "reading"), "2: check 'reading' is unknown; known: abbreviation"),
        (COLUMNS + LINE + LINE, "3: the same check, entity, property and value as in an earlier line"),
        (COLUMNS + LINE.replace("\tnote\t", "\tgrave\t"), "2: severity 'grave' is unknown; known: error, warning"),
        (COLUMNS + LINE.replace("no letters", ""), "2: review must not be empty"),
        (COLUMNS + LINE.replace("\tno letters", ""), "2: 6 cells; there are 7 columns"),
        (COLUMNS.replace("review", "comment"), "1: the columns must be check, entity, property, value, severity, "),
    ],
)
def test_a_bad_reviewed_line_is_refused_with_its_number(text: str, message: str) -> None:
    with pytest.raises(ChecksError) as error:
        read_known(text, packaged_checks())
    assert str(error.value).startswith(f"queries/checks/known.tsv:{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FACTS + FACT + FACT, "3: the id 'x' stands in an earlier line"),
        (FACTS + FACT.replace("\twarning\t", "\t\t"), "2: severity '' is unknown; known: error, warning, note"),
        (FACTS + FACT.replace("A register", ""), "2: source must not be empty"),
    ],
)
def test_a_bad_outside_fact_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ChecksError) as error:
        read_outside(text)
    assert str(error.value).startswith(f"queries/checks/outside.tsv:{message}")


def test_reviews_are_in_our_own_words_and_short() -> None:
    comments = [row.review for row in packaged_known()] + [fact.comment for fact in packaged_outside()]
    assert [comment for comment in comments if len(comment.split()) > 40 or comment.endswith(".")] == []


def test_iris_are_written_without_their_base() -> None:
    assert compact(f"{BASE}ontology#mode") == "tip:mode"
    assert compact(f"{BASE}id/state/GIN") == "id/state/GIN"
    assert compact("http://www.w3.org/2004/02/skos/core#exactMatch") == "http://www.w3.org/2004/02/skos/core#exactMatch"
