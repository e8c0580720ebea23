"""Names of states and keys of things that no table knows."""

import pycountry
import pytest

from kg.mappings import names


@pytest.mark.parametrize(
    ("printed", "alpha3"),
    [
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Papua New Guinea", "PNG"),
        ("Korea, Republic of", "KOR"),
        ("Republic of Korea", "KOR"),
        ("Korea, Democratic People's Republic of", "PRK"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Congo, Republic of the", "COG"),
        ("Côte d'Ivoire", "CIV"),
        ("COTE D’IVOIRE", "CIV"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Bahamas, The", "BHS"),
        ("The Gambia", "GMB"),
        ("Micronesia, Federated States of", "FSM"),
        ("Tanzania, United Republic of", "TZA"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("South Sudan", "SSD"),
    ],
)
def test_state_is_found_by_exactly_its_name(printed: str, alpha3: str) -> None:
    assert names.state(printed) == alpha3


def test_every_state_of_iso_3166_is_found_by_its_name() -> None:
    assert {country.alpha_3: names.state(country.name) for country in pycountry.countries} == {
        country.alpha_3: country.alpha_3 for country in pycountry.countries
    }


def test_an_unknown_state_is_an_error_with_the_nearest_names() -> None:
    with pytest.raises(names.UnknownNameError) as caught:
        names.state("Guinea Bisau")
    assert "no state of ISO 3166 is called 'Guinea Bisau' (nearest: Guinea-Bissau, Guinea, " in str(caught.value)


@pytest.mark.parametrize("printed", ["Korea", "Nigerien", "Guineas", ""])
def test_a_name_that_is_near_to_several_states_is_none_of_them(printed: str) -> None:
    assert not names.is_state(printed)


def test_made_key_is_the_slug_of_a_short_name() -> None:
    assert names.made_key("Plan of Action (2030), Côte d'Ivoire") == "plan-of-action-2030-cote-divoire"


def test_made_key_tells_long_names_apart_that_begin_alike() -> None:
    long = "Guidelines on the Prevention of Every Kind of Invented Trouble in Many Regions of the World"
    keys = {names.made_key(f"{long}, Part {number}") for number in (1, 2, 3)}
    assert len(keys) == 3
    assert names.made_key(f"{long}, Part 1") == names.made_key(f"{long.upper()}, part  1")


def test_made_key_keeps_names_in_other_letters_apart() -> None:
    assert len({names.made_key(name) for name in ("Союз", "Совет", "Совет 2", "同盟")}) == 4


def test_generated_things_of_two_rows_have_two_ids() -> None:
    made = [names.generated("instrument", "Plan of Action", within=row) for row in ("sadc", "oas")]
    assert [entity.id for entity in made] == ["sadc-plan-of-action", "oas-plan-of-action"]
    assert names.generated("instrument", "SADC Plan of Action", within="sadc").id == "sadc-plan-of-action"


@pytest.mark.parametrize(
    ("caption", "key"),
    [
        ("ILO Convention 29 Forced Labour (1930), entered into force in 1932", "ilo-c029"),
        ("ILO Convention 189, Decent Work in Homes", "ilo-c189"),
        ("ILO Convention 105 Amendment Protocol of 2041", None),
        ("ILO Convention 105, Amendment of 2041", None),
        ("ILO Convention 105 (Amendment Protocol of 2041)", None),
        ("ILO Convention 290, Lantern Workers", None),
        ("ILO Protocol of 2041 to the Forced Labour Convention", None),
        ("Palermo Protocol (smuggling)", None),
    ],
)
def test_an_amendment_of_a_convention_is_not_the_convention(caption: str, key: str | None) -> None:
    assert names.instrument(caption) == key
