"""The organizations that the labels of a multilateral table name."""

import pytest

from kg.mappings.row import find


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("African Union (AU)", "african-union"),
        ("International Labor Organization (ILO)", "ilo"),
        ("Organisation for Economic Cooperation and Development (OECD)", "oecd"),
        ("West African Union (AU)", None),
        ("American Union (AU)", None),
        ("Council of Europe and Lanterns (COE)", None),
        ("Economic Community of East African States (ECOWAS)", None),
        ("League of Purple States (LAS)", None),
    ],
)
def test_an_abbreviation_in_brackets_tells_only_with_the_name_before_it(label: str, key: str | None) -> None:
    assert find(label) == key
