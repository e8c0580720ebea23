"""Answers kept in a folder: dated, bounded, whole, and shared by processes."""

import os
from pathlib import Path

import pytest

from kg.federate.allowed import Allowed, Budget
from kg.federate.kept import KEPT_BYTES, KEPT_SECONDS, KeptAnswers
from kg.federate.remote import Remote
from tests.federate.conftest import StandIn

URL = "http://x/sparql"
QUERY = "SELECT ?x { VALUES ?x { 1 2 } }"
FEDERATION = Path(__file__).parents[2] / "docs" / "federation.md"


def test_kept_answers_have_the_limits_that_the_page_names() -> None:
    page = FEDERATION.read_text(encoding="utf-8")
    assert f"({KEPT_BYTES // 2**20} MiB at most) and used again for a day" in page
    assert KEPT_SECONDS == 24 * 60 * 60


def test_kept_answer_is_found_by_another_process_until_it_is_too_old(tmp_path: Path) -> None:
    now = [1_000.0]
    KeptAnswers(tmp_path, 1_000, 60, now=lambda: now[0]).put(URL, QUERY, b"data")
    other = KeptAnswers(tmp_path, 1_000, 60, now=lambda: now[0])
    ages = [other.get(URL, QUERY) for now[0] in (1_000.0, 1_060.0, 1_060.5, 999.0)]
    assert ages == [(b"data", 0.0), (b"data", 60.0), None, None]


def test_kept_answer_is_of_its_endpoint_and_query(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path, 1_000, 60)
    kept.put(URL, QUERY, b"data")
    assert kept.get("http://y/sparql", QUERY) is None
    assert kept.get(URL, QUERY + " ") is None


@pytest.mark.parametrize("content", [b"", b"0" * 64 + b"data", b"\xff" * 70])
def test_file_that_is_not_whole_counts_as_none(content: bytes, tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path, 1_000, 60)
    kept.put(URL, QUERY, b"data")
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert kept.get(URL, QUERY) is None


def test_oldest_files_go_when_the_folder_is_full(tmp_path: Path) -> None:
    """Each file has 64 signs of its digest and 36 of data: two of them fit into 250 bytes."""
    now = [1_000.0]
    kept = KeptAnswers(tmp_path, 250, 60, now=lambda: now[0])
    for now[0], name in ((1_000.0, "a"), (1_001.0, "b"), (1_002.0, "c")):
        kept.put(URL, name, b"x" * 36)
    assert [kept.get(URL, name) is not None for name in "abc"] == [False, True, True]
    assert len(list(tmp_path.iterdir())) == 2


def test_what_a_process_left_half_written_goes_after_an_hour(tmp_path: Path) -> None:
    now = [10_000.0]
    kept = KeptAnswers(tmp_path, 1_000, 60, now=lambda: now[0])
    for name, changed in (("old.beside", 6_399.0), ("new.beside", 6_401.0)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (changed, changed))
    kept.put(URL, QUERY, b"data")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".answer", ".beside"]
    assert (tmp_path / "new.beside").exists()


def test_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    kept = KeptAnswers(tmp_path / "file" / "folder", 1_000, 60)
    kept.put(URL, QUERY, b"data")
    assert kept.get(URL, QUERY) is None


def test_endpoint_is_asked_once_for_two_processes(stand_in: StandIn, tmp_path: Path) -> None:
    allowed, got = Allowed((stand_in.url,)), []
    for _ in range(2):
        with Remote(allowed, Budget(), KeptAnswers(tmp_path, 10_000, 60)) as remote:
            answer = remote(stand_in.url, QUERY, 10)
            got.append((answer.requests, answer.age is None, len(answer.rows)))
    assert got == [(1, True, 2), (0, False, 2)]
    assert stand_in.queries == [QUERY]
