"""The table: figures beside floor and aim, in a page between its marks, from a file as from a run."""

from pathlib import Path

import figures
import pytest
import table
from figures import Absolute, Figure, Results

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
RESULTS = Results(
    date="2030-01-02",
    machine={"cores": "2"},
    versions={"tipkg": "1.0", "oxigraph": "2.0"},
    missing={"virtuoso": "not installed"},
    graphs={"real graph": 98284},
    figures=[
        Figure("first-time:native", "real graph", 0.3, (0.2, 0.3, 0.4)),
        Figure("large:first", "real graph", 30.0, (30.0,), "one round"),
        Figure("endless:refused", "real graph", None, (), "no answer after 5.0 s instead of 503"),
    ],
    absolutes=[Absolute("rate", "real graph", "oxigraph", "requests/s", (26000.0, 28000.0, 27000.0))],
)


def row(rows: list[list[str]], what: str) -> list[str]:
    (found,) = [row for row in rows if row[0] == what]
    return found


@pytest.mark.parametrize(
    ("key", "value", "verdict"),
    [
        ("first-time:native", 0.24, "not met"),
        ("first-time:native", 0.25, "met"),
        ("first-time:native", 0.5, "aim met"),
        ("large:first", 25.1, "not met"),
        ("large:first", 25.0, "met"),
        ("large:first", 9.0, "aim met"),
        ("endless:lost", 0, "met"),
        ("endless:lost", 1, "not met"),
    ],
)
def test_verdict_is_by_floor_and_aim(key: str, value: float, verdict: str) -> None:
    assert figures.BY_KEY[key].verdict(value) == verdict


def test_figure_stands_beside_floor_and_aim() -> None:
    found = row(table.limits(RESULTS), "first-time 10-row query, 8 connections : native")
    assert found[1:] == ["0.25x", "0.5x", "0.30x: met"]


def test_query_that_was_not_refused_is_not_met() -> None:
    found = row(table.limits(RESULTS), "a query that never ends, deadline 1 s: its 503 after")
    assert found[1:] == ["1.1 s", "1.05 s", "not met"]


def test_every_row_of_the_requirements_is_shown_even_where_nothing_was_measured() -> None:
    assert [found[0] for found in table.limits(Results())[1:]] == [line.what for line in figures.ROWS]


def test_server_shows_its_median_and_version() -> None:
    assert table.absolutes(RESULTS) == [
        ["what", "graph", "unit", "tipkg 1.0", "oxigraph 2.0"],
        ["rate", "real graph", "requests/s", "", "27,000"],
    ]


def test_results_are_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    RESULTS.write(tmp_path / "results.json")
    assert figures.read(tmp_path / "results.json") == RESULTS


def test_page_has_the_tables_between_its_marks_and_keeps_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", encoding="utf-8")
    table.write(RESULTS, page)
    text = page.read_text(encoding="utf-8")
    assert (text.startswith("before\n"), text.endswith("\nafter\n"), "old" in text) == (True, True, False)
    assert "| 100,000 rows, first byte | 25 ms | 10 ms | 30.0 ms: not met |" in text
    assert "- Not measured: virtuoso, not installed." in text
    assert "- 100,000 rows, first byte (real graph): one round." in text


def test_page_without_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(SystemExit, match="the figures go between them"):
        table.write(RESULTS, page)


def test_page_of_the_documentation_has_the_marks() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert (text.count(table.BEGIN), text.count(table.END)) == (1, 1)
