"""Names found as they are written: whole words, the longest, over line ends and not over the cells of a table."""

import pytest

from kg.read.mentions import index, phrase

NAMES = [
    ("state/GIN", "Guinea"),
    ("state/GNB", "Guinea-Bissau"),
    ("state/NER", "Niger"),
    ("organization/blue", "Blue House of Paint"),
    ("organization/blue", "BHP"),
    ("instrument/plan", "the Blue House of Paint's Plan"),
    ("organization/one", "Both"),
    ("organization/two", "Both"),
    ("organization/word", "paint"),
]


def found(text: str) -> list[tuple[str, str]]:
    return [(text[span.begin : span.end], key) for span, key in index(NAMES).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Guinea paints.", [("Guinea", "state/GIN")]),
        ("In Guinea-Bissau and Niger", [("Guinea-Bissau", "state/GNB"), ("Niger", "state/NER")]),
        ("Nigeria and guinea pigs", []),
        ("the BHP’s door", [("BHP", "organization/blue")]),
        ("a Blue  House\n\n of Paint door", [("Blue  House\n\n of Paint", "organization/blue")]),
        ("Blue House of\tPaint", []),
        ("<p>Blue House of</p><p>Paint</p>", []),
        ("the Blue House of Paint’s Plan", [("Blue House of Paint’s Plan", "instrument/plan")]),
        ("Both paint, and paint both", []),
        ("see www.example.org/BHP and http://Guinea.example", []),
        ("Guinea‑Bissau", [("Guinea‑Bissau", "state/GNB")]),
    ],
)
def test_names_are_found_as_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_stretch_of_the_text_is_searched_on_its_own() -> None:
    assert [span for span, _ in index(NAMES).find("Niger Niger Niger", 6, 12)] == [(6, 11)]


def test_phrase_is_whole_words_with_or_without_capital() -> None:
    text = "The\nHouse, the House, the Houses, bathe House"
    assert [match[0] for match in phrase("the House").finditer(text)] == ["The\nHouse", "the House"]


def test_phrase_may_be_broken_behind_its_hyphen() -> None:
    assert phrase("Anti-Fence Group").search("the anti-\n\nFence Group met") is not None
    assert phrase("Anti-Fence Group").search("the anti - Fence Group met") is None
