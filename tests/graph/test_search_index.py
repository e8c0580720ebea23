"""The index of names, as a build writes it, and the folding of names."""

import sqlite3
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.graph import folding
from kg.graph.search_index import FILE, write

BASE = "https://w3id.org/tipkg/"
# Classes whose instances must be searched, each by the label that the graph gives them.
CLASSES = ("Organization", "Body", "State", "Instrument", "Programme", "Region", "Event", "RatificationAct")


def rows(path: Path, sql: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("name", CLASSES)
def test_every_thing_of_the_graph_is_in_the_index(built: Path, store: Store, name: str) -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    query = f"SELECT ?thing ?label {{ ?thing a <{BASE}ontology#{name}> ; <{label}> ?label }}"
    wanted = {(thing.value, label.value) for thing, label in store.query(query)}
    assert wanted
    assert wanted <= set(rows(built / FILE, "SELECT iri, label FROM things"))


def test_every_question_and_term_of_ours_is_in_the_index(built: Path, store: Store) -> None:
    kinds = dict(rows(built / FILE, "SELECT iri, kind FROM things"))
    questions = {path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.rq")}
    assert {iri.rpartition("/")[2] for iri, kind in kinds.items() if kind == "question"} == questions
    assert kinds[f"{BASE}ontology#Organization"] == "term"
    assert kinds[f"{BASE}vocab/theme/forced-labour"] == "theme"
    assert kinds[f"{BASE}vocab/mode/accession"] == "concept"


def test_terms_of_others_are_not_searched(built: Path) -> None:
    assert rows(built / FILE, f"SELECT iri FROM things WHERE iri NOT LIKE '{BASE}%'") == []


def test_names_as_printed_are_in_the_index(built: Path) -> None:
    printed = {name for (name,) in rows(built / FILE, "SELECT name FROM names WHERE sort = 3")}
    assert {
        "International Centre for Migration Policy Development (ICMPD)",
        "2000 UN TIP PROTOCOL (PALERMO PROTOCOL)",
    } <= printed


def test_definite_nouns_of_a_section_are_no_names(built: Path) -> None:
    assert rows(built / FILE, "SELECT name FROM names WHERE name IN ('The Bank', 'the Office', 'the Protocol')") == []


def test_same_graph_gives_the_same_bytes(built: Path, store: Store, tmp_path: Path) -> None:
    write(tmp_path / FILE, store)
    assert (tmp_path / FILE).read_bytes() == (built / FILE).read_bytes()


def test_things_stand_in_the_order_of_their_iris(built: Path) -> None:
    iris = [iri for (iri,) in rows(built / FILE, "SELECT iri FROM things ORDER BY id")]
    assert iris == sorted(iris)


def test_index_takes_a_small_part_of_the_store_folder(built: Path) -> None:
    assert (built / FILE).stat().st_size < 2_000_000


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Côte d’Ivoire", "cotedivoire"),
        ("GLO.ACT", "gloact"),
        ("The Gambia", "gambia"),
        ("The", "the"),
        ("Trinidad & Tobago", "trinidadandtobago"),
        ("Łódź, İzmir, Straße", "lodzizmirstrasse"),
        ("№ 29", "no29"),
        ("ＩＬＯ", "ilo"),
        ('"*(-', ""),
    ],
)
def test_key_leaves_out_all_but_letters_and_digits(text: str, key: str) -> None:
    assert folding.key(text) == key


def test_what_an_apostrophe_cuts_is_found_whole_and_in_parts() -> None:
    assert folding.words("People’s Fund") == ["peoples", "fund"]
    assert folding.searchable("People’s Fund") == "peoples fund people s peoples"


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("Organisation", "Organization"),
        ("programmes", "programs"),
        ("labour", "labor"),
        ("Centres", "Centers"),
        ("defence", "defense"),
        ("recognised", "recognized"),
    ],
)
def test_spellings_of_english_are_one(british: str, american: str) -> None:
    assert folding.american(british) == folding.american(american) == folding.key(american)


@pytest.mark.parametrize("word", ["four", "conference", "raise", "crisis", "entre", "hours"])
def test_words_that_only_look_british_stay(word: str) -> None:
    assert folding.american(word) == word
