"""The made-up graph: the same everywhere, of the size asked for, in the shape of the real one, and served."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import asked
import endpoint
import made_up
import pytest
import servers
from pyoxigraph import Quad, Store

from kg import iris
from kg.graph.store import load_store, open_store, read_manifest

QUADS = 20_000


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(made_up.quads(QUADS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up") / "graph"
    made_up.write(folder, QUADS)
    return folder


def shape(store: Store) -> dict[str, float]:
    """How much of each kind the default graph has, as parts of all its triples."""
    everything = len(list(store.quads_for_pattern(None, None, None, None)))
    counts = Counter(
        solution["class"].value
        for solution in store.query("SELECT ?class WHERE { ?thing a ?class }")  # type: ignore[union-attr]
    )
    named = ("Statement", "Passage", "Entity")
    return {name: counts[iris.term(name)] / everything for name in named}


def test_quads_are_the_same_on_every_machine(quads: list[Quad]) -> None:
    digest = hashlib.sha256("".join(f"{quad}\n" for quad in quads).encode()).hexdigest()
    assert digest == "2f19db3139359371c05b2eb28e91c76b6cc2a397b1b6c54d694d9434795a91f5"


def test_another_seed_makes_another_graph(quads: list[Quad]) -> None:
    assert list(made_up.quads(QUADS, seed=1)) != quads


def test_quads_are_as_many_as_asked_for_and_none_is_there_twice(quads: list[Quad]) -> None:
    assert (len(quads), len(set(quads))) == (QUADS, QUADS)


def test_statements_passages_and_things_have_their_part_as_in_the_real_graph(folder: Path, store: Store) -> None:
    real, made = shape(store), shape(open_store(folder))
    assert {name: 0.5 < made[name] / real[name] < 2 for name in real} == dict.fromkeys(real, True)


def test_every_statement_has_a_passage_that_says_where_it_stands(folder: Path) -> None:
    lacking = """
        PREFIX tip: <https://w3id.org/tipkg/ontology#>
        SELECT ?statement WHERE {
          ?statement a tip:Statement
          MINUS { ?statement tip:evidence ?passage . ?passage tip:where ?where }
        }
    """
    assert list(load_store(folder).query(lacking)) == []  # type: ignore[arg-type]


def test_default_graph_is_the_merge_without_mentions(folder: Path, quads: list[Quad]) -> None:
    mentions = [quad for quad in quads if quad.graph_name.value == iris.graph("mentions")]
    merged = servers.data("small", folder, folder.parent)
    assert mentions
    assert merged.statements == len({quad.triple for quad in quads} - {quad.triple for quad in mentions})


def test_folder_has_a_manifest_and_is_written_once(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    made_up.write(folder, QUADS)
    assert read_manifest(folder).quads == QUADS
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("graph", ["real", "made up"])
def test_short_query_has_ten_rows_for_every_statement_that_is_asked_for(graph: str, request: Any) -> None:
    folder = request.getfixturevalue("built" if graph == "real" else "folder")
    subjects = endpoint.statements(servers.Data(graph, folder, folder, folder, 0))
    store = open_store(folder)
    rows = {len(list(store.query(asked.new(asked.POINT.format(subject))))) for subject in subjects}
    assert rows == {10}


@pytest.mark.parametrize("name", asked.EVALUATIONS)
def test_evaluation_has_rows_in_both_graphs(name: str, folder: Path, store: Store) -> None:
    query = asked.EVALUATIONS[name]
    assert [len(list(some.query(asked.new(query)))) > 10 for some in (store, open_store(folder))] == [True, True]


def test_no_query_is_asked_twice() -> None:
    first = asked.new(asked.AGGREGATE)
    number = asked.skip(10)
    assert first != asked.new(asked.AGGREGATE)
    assert asked.new("@") == str(number + 11)
