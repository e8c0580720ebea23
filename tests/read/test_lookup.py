"""Names as printed, found whatever their case, accents, apostrophes and hyphens."""

import pytest

from kg.read.lookup import AmbiguousNameError, fold_name, lookup

STATES = lookup(
    [
        ("NER", ["Niger"]),
        ("NGA", ["Nigeria"]),
        ("GIN", ["Guinea"]),
        ("GNB", ["Guinea-Bissau"]),
        ("CIV", ["Côte d'Ivoire", "Ivory Coast"]),
        ("GMB", ["Gambia"]),
    ]
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Niger", "NER"),
        ("NIGERIA", "NGA"),
        ("  Guinea ", "GIN"),
        ("Guinea‑Bissau", "GNB"),
        ("Cote d’Ivoire", "CIV"),
        ("Cote  d`Ivoire:", "CIV"),
        ("The Gambia", "GMB"),
        ("Nigerien", None),
        ("", None),
    ],
)
def test_find_gives_the_key_of_exactly_this_name(name: str, key: str | None) -> None:
    assert STATES.find(name) == key


def test_nearest_gives_names_as_people_write_them_each_entry_once() -> None:
    assert STATES.nearest("Guinea Bisau", count=2) == ["Guinea-Bissau", "Guinea"]
    assert STATES.nearest("cote divoire", count=1) == ["Côte d'Ivoire"]


def test_lookup_refuses_a_name_of_two_entries() -> None:
    with pytest.raises(AmbiguousNameError, match="'KOREA' names both 'KOR' and 'PRK'"):
        lookup([("KOR", ["Korea"]), ("PRK", ["KOREA"])])


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Türkiye", "turkiye"), ("İstanbul", "istanbul"), ("A–B — C", "a-b - c"), ("*The  Office.", "office")],
)
def test_fold_name(name: str, folded: str) -> None:
    assert fold_name(name) == folded
