"""Where statements stand, and what stands there."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.ask.evidence import EvidenceError, Passage, passages, quote
from kg.ask.names import BadValueError
from kg.cli import cli
from kg.graph.store import texts_beside
from kg.read.text import read_text
from kg.records import digest

BASE = "https://w3id.org/tipkg/"
DASH = "statement/tip-2017/treaty-status/gin-ilo-c189"
TEXT = "Before it. The Office works\nwith two others. After it."


def passage(inside: str) -> Passage:
    begin = TEXT.index(inside)
    return Passage(
        statement=f"{BASE}statement/paper-2030/cooperation/office",
        label="Office works with two others",
        source="paper-2030",
        where="Paper 2030, page 1",
        begin=begin,
        end=begin + len(inside),
        sha256=digest(inside),
        text_sha256="0" * 64,
    )


@pytest.mark.parametrize("iri", [DASH, f"/{DASH}", BASE + DASH])
def test_statement_stands_where_the_chart_has_its_dash(store: Store, iri: str) -> None:
    [found] = passages(store, iri)
    assert (found.statement, found.source) == (BASE + DASH, "tip-2017")
    assert found.where == "TIP Report 2017, conventions chart, row Guinea, column ILO C189"
    assert found.sha256 == digest("—")
    assert found.text_sha256 == "61f87f7cf88fc7f2ad74f112a32094f913991e4eac32298ef4bffa9223356d4c"


def test_finding_has_a_passage(store: Store) -> None:
    [found] = passages(store, "finding/tip-2017/un-number-of-allegations-allegations-sum")
    assert found.sha256 == digest("165 [civilian (68), military (93), police (7)]")


def test_passage_gives_all_statements_that_stand_in_it(store: Store) -> None:
    [first, *_] = passages(store, "statement/icat-2018/participation/glo-act-iom")
    found = passages(store, f"passage/icat-2018/{first.begin}-{first.end}")
    assert [entry.statement.partition("icat-2018/")[2] for entry in found if "/participation/" in entry.statement] == [
        "participation/glo-act-eu",
        "participation/glo-act-iom",
        "participation/glo-act-unicef",
        "participation/glo-act-unodc",
    ]
    assert "cooperation/unodc-glo-act" in {entry.statement.partition("icat-2018/")[2] for entry in found}


@pytest.mark.parametrize("iri", ["statement/tip-2017/treaty-status/xxx", "id/organization/ilo", "http://example.org/"])
def test_iri_without_evidence_is_refused(store: Store, iri: str) -> None:
    with pytest.raises(
        EvidenceError, match="no statement, finding or passage of this graph; the question `statements`"
    ):
        passages(store, iri)


def test_what_is_no_iri_is_refused(store: Store, built: Path) -> None:
    with pytest.raises(BadValueError, match="is no IRI"):
        passages(store, "two words")


def test_quote_gives_the_passage_with_its_surroundings() -> None:
    assert quote(passage("works\nwith"), TEXT) == ("Before it. The Office ", "works\nwith", " two others. After it.")


def test_quote_cuts_its_surroundings_at_240_characters() -> None:
    long = "x" * 300 + TEXT + "y" * 300
    moved = passage(TEXT)
    at = Passage(**{**vars(moved), "begin": 300, "end": 300 + len(TEXT)})
    assert quote(at, long) == ("x" * 240, TEXT, "y" * 240)


def test_quote_takes_a_text_that_is_wrapped_otherwise() -> None:
    assert quote(passage("works\nwith"), TEXT.replace("\n", " "))[1] == "works with"


def test_quote_refuses_another_text() -> None:
    with pytest.raises(EvidenceError, match="the text of paper-2030 at hand has another passage at 22"):
        quote(passage("works\nwith"), TEXT.replace("works", "acted"))


def test_texts_beside_a_store_go_by_source(tmp_path: Path) -> None:
    assert texts_beside(tmp_path) == {}
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "paper-2030.txt").write_text(TEXT)
    assert texts_beside(tmp_path) == {"paper-2030": tmp_path / "texts" / "paper-2030.txt"}


def test_command_shows_the_place_without_a_text(built: Path) -> None:
    result = CliRunner().invoke(cli, ["evidence", DASH, "--store", str(built)], standalone_mode=False)
    assert result.stdout.split("\n")[:3] == [
        "Guinea, ILO C189: —",
        f"  {BASE}{DASH}",
        "  where:  TIP Report 2017, conventions chart, row Guinea, column ILO C189",
    ]
    assert "not at hand (give --sources DIR to see the passage)" in result.stdout


@pytest.mark.sources
def test_quote_of_the_real_text_is_what_the_chart_prints(store: Store, sources: Path) -> None:
    [found] = passages(store, "statement/tip-2017/treaty-status/fin-palermo-protocol")
    [path] = sources.glob("001_*.txt")
    assert quote(found, read_text(path).value)[1] == "2006(A)"
