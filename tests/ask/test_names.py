"""Parameter values as people type them."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.ask.names import BadValueError, Candidate, Names

ID = "https://w3id.org/tipkg/id/"
A = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALSO = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
PROGRAMME = NamedNode("https://w3id.org/tipkg/ontology#Programme")
NORTH, SOUTH = NamedNode(f"{ID}programme/north"), NamedNode(f"{ID}programme/south")


def two_programmes() -> Store:
    store = Store()
    for thing, name in ((NORTH, "Safe Roads North"), (SOUTH, "Safe Roads South")):
        store.add(Quad(thing, A, PROGRAMME))
        store.add(Quad(thing, LABEL, Literal(name, language="en")))
        store.add(Quad(thing, ALSO, Literal("Safe Roads")))
    return store


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        ("organization", "ILO", "organization/ilo"),
        ("organization", "ilo", "organization/ilo"),
        ("organization", " ilo ", "organization/ilo"),
        ("organization", "International Labour Organization", "organization/ilo"),
        ("organization", "International Labour Organisation", "organization/ilo"),
        ("organization", f"{ID}organization/ilo", "organization/ilo"),
        ("organization", "ICPO – Interpol", "organization/interpol"),
        ("organization", "unicef", "organization/unicef"),
        ("organization", "United Nations Children’s Fund", "organization/unicef"),
        ("organization", "GRETA", "body/greta"),
        ("state", "GN", "state/GIN"),
        ("state", "GIN", "state/GIN"),
        ("state", "gin", "state/GIN"),
        ("state", "Guinea", "state/GIN"),
        ("state", "Republic of Guinea", "state/GIN"),
        ("state", f"{ID}state/GIN", "state/GIN"),
        ("state", "Czech Republic", "state/CZE"),
        ("state", "Lao PDR", "state/LAO"),
        ("state", "LA", "state/LAO"),
        ("state", "id/state/LAO", "state/LAO"),
        ("instrument", "C29", "instrument/ilo-c029"),
        ("instrument", "ILO C029", "instrument/ilo-c029"),
        ("instrument", "ilo-c029", "instrument/ilo-c029"),
        ("instrument", "Palermo Protocol", "instrument/palermo-protocol"),
        ("region", "Western Balkans", "region/western-balkans"),
        ("thing", "GLO.ACT", "programme/glo-act"),
        ("thing", "GN", "state/GIN"),
        ("thing", "GRETA", "body/greta"),
        ("programme", "GLO.ACT", "programme/glo-act"),
        ("programme", "glo-act", "programme/glo-act"),
        ("programme", "GLO.ACT Phase II", "programme/glo-act-phase-2"),
    ],
)
def test_name_means_one_thing(store: Store, kind: str, value: str, meant: str) -> None:
    assert Names(store).find(kind, value) == NamedNode(ID + meant)


@pytest.mark.parametrize(("kind", "value"), [("theme", "Forced labour"), ("theme", "forced-labour")])
def test_value_of_a_closed_list_is_found(store: Store, kind: str, value: str) -> None:
    assert Names(store).find(kind, value) == NamedNode(f"https://w3id.org/tipkg/vocab/{kind}/forced-labour")


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("state", "Guinee", "no state is called 'Guinee' (nearest: Guinea, "),
        (
            "organization",
            "UNODCC",
            "no organization is called 'UNODCC' (nearest: United Nations Office on Drugs and Crime",
        ),
        ("programme", "GLO ACTS", "no programme is called 'GLO ACTS' (nearest: Global Action to Prevent and Address "),
        ("organization", f"{ID}state/GIN", f"no organization of this graph has the IRI {ID}state/GIN"),
        ("state", "ILO", "no state is called 'ILO' (nearest: "),
        ("state", "Tuvalu", "'Tuvalu' is Tuvalu (TUV in ISO 3166-1), and not in this graph (nearest: "),
        ("state", "tv", "'tv' is Tuvalu (TUV in ISO 3166-1), and not in this graph (nearest: "),
        ("state", "Kiribati, Republic of", "no state is called 'Kiribati, Republic of' (nearest: "),
        (
            "thing",
            "Republic of Nauru",
            "'Republic of Nauru' is Nauru (NRU in ISO 3166-1), and not in this graph (nearest: ",
        ),
        ("thing", "IO", "no thing is called 'IO' (nearest: "),
        ("organization", "Tuvalu", "no organization is called 'Tuvalu' (nearest: "),
    ],
)
def test_unknown_name_is_refused(store: Store, kind: str, value: str, message: str) -> None:
    with pytest.raises(BadValueError) as error:
        Names(store).find(kind, value)
    assert str(error.value).startswith(message)


def test_name_of_two_things_is_refused_with_both() -> None:
    with pytest.raises(BadValueError) as error:
        Names(two_programmes()).find("programme", "safe roads")
    assert str(error.value) == f"'safe roads' names several: {NORTH.value}, {SOUTH.value}; give the IRI"


def test_iri_of_one_of_two_things_is_taken() -> None:
    assert Names(two_programmes()).find("programme", SOUTH.value) == SOUTH


def test_nearest_names_come_once() -> None:
    with pytest.raises(BadValueError) as error:
        Names(two_programmes()).find("programme", "zzz")
    assert str(error.value) == "no programme is called 'zzz' (nearest: Safe Roads North, Safe Roads South)"


def test_short_name_is_abbreviation_or_label(store: Store) -> None:
    names = Names(store)
    assert names.short(NamedNode(f"{ID}organization/ilo")) == "ILO"
    assert names.short(NamedNode(f"{ID}organization/world-bank")) == "World Bank"
    assert names.short(Literal("2017")) == "2017"


def test_nearest_names_come_with_their_iris() -> None:
    with pytest.raises(BadValueError) as error:
        Names(two_programmes()).find("programme", "Safe Roads Nort")
    assert error.value.nearest[0] == Candidate("Safe Roads North", NORTH.value)


def test_things_of_one_name_are_all_offered() -> None:
    with pytest.raises(BadValueError) as error:
        Names(two_programmes()).find("programme", "Safe Roads")
    assert error.value.nearest == (
        Candidate("Safe Roads North", NORTH.value),
        Candidate("Safe Roads South", SOUTH.value),
    )


@pytest.mark.parametrize("value", ["", "???", "ИОМ", "ИОМ ILO", "国 ILO"])
def test_value_is_not_taken_for_the_part_of_it_that_is_known(store: Store, value: str) -> None:
    with pytest.raises(BadValueError):
        Names(store).find("organization", value)


def test_part_of_a_name_is_near(store: Store) -> None:
    labels = [one.label for one in Names(store).nearest("instrument", "Palermo")]
    assert any(label.startswith("Protocol to Prevent, Suppress") for label in labels)
