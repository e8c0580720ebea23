"""Locators found again in another conversion of a text: wrapped otherwise, moved, doubled or gone."""

from kg.mappings.relocate import Found, relocate
from kg.records import Participation, Record, digest

PLACE = {"begin": 40, "end": 50, "sha256": digest("x"), "where": "somewhere"}


def row(key: str, phrase: str) -> Record:
    return Participation(
        id=key, programme="p", organization="o", role="lead", states=(), progress="done", section="s", locator=phrase,
        **PLACE,
    )  # fmt: skip


def test_locators_are_found_over_line_ends_and_hyphens_missing_or_the_nearest() -> None:
    text = "A four-\nyear joint\n initiative of all. It works well. It works again."
    records = [row("a", "four-year joint initiative"), row("b", "It works"), row("c", "joint initiatives")]
    assert list(relocate(records, text)) == [
        Found("participation", "a", "four-year joint initiative", "found", 1, 2, 30, 40),
        Found("participation", "b", "It works", "nearest of 2", 3, 39, 47, 40),
        Found("participation", "c", "joint initiatives", "missing", 0, 0, 0, 40),
    ]
