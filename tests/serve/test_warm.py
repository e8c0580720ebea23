"""What is asked before the forks answers, and opens no index."""

import pytest
from pyoxigraph import Store
from starlette.types import ASGIApp

from kg.ask import nearby
from kg.ask.search import Search
from kg.serve.warm import PATHS, warm
from tests.serve.conftest import Ask


def test_pages_that_are_asked_first_answer(served: Ask) -> None:
    assert [path for path in PATHS if served("GET", path, headers={"Accept": "text/html"}).status_code != 200] == []


def test_no_question_is_asked_whose_rows_grow_with_the_graph() -> None:
    assert {path for path in PATHS if path.startswith("/questions/")} == {
        "/questions/sources",
        "/questions/sources.json",
    }


def test_no_index_is_opened(app: ASGIApp, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(store: Store) -> Search:
        raise AssertionError("opened before the fork")

    monkeypatch.setattr(Search, "of", opened)
    warm(app, store)


def test_page_that_is_not_there_makes_no_index_after_it(
    ask: Ask, app: ASGIApp, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm(app, store)
    monkeypatch.setattr(nearby, "_ALL", "no query")
    assert ask("GET", "/id/organization/lap").status_code == 404
