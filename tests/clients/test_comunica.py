"""Comunica 5: against the endpoint alone, and joined with a file of Turtle, with and without SERVICE."""

import json
from pathlib import Path

import pytest

from tests.clients.conftest import C189, C189_QUERY, HERE, OURS, PARTIES, PARTIES_QUERY, joined_query
from tests.clients.programs import run_node

pytestmark = pytest.mark.needs("node", "comunica")


def comunica(query: str, folder: Path, *sources: str) -> list[tuple[str, ...]]:
    (folder / "query.rq").write_text(query, encoding="utf-8")
    code = (HERE / "ask.mjs").read_text(encoding="utf-8")
    return [tuple(row) for row in json.loads(run_node(code, folder, "query.rq", *sources))]


@pytest.mark.parametrize("kind", ["", "sparql@"], ids=["found out", "told"])
def test_comunica_gets_every_row(endpoint: str, tmp_path: Path, kind: str) -> None:
    assert comunica(C189_QUERY, tmp_path, kind + endpoint) == C189


def test_comunica_constructs_triples(endpoint: str, tmp_path: Path) -> None:
    triples = [(f"https://w3id.org/tipkg/id/state/{iso3}", iso3) for iso3 in PARTIES]
    assert sorted(comunica(PARTIES_QUERY, tmp_path, endpoint)) == triples


def test_comunica_joins_the_endpoint_and_a_file(endpoint: str, tmp_path: Path) -> None:
    query = joined_query(endpoint).replace(f"SERVICE <{endpoint}>", "")
    assert comunica(query, tmp_path, str(HERE / "ours.ttl"), endpoint) == OURS


def test_comunica_joins_a_file_and_the_endpoint_by_service(endpoint: str, tmp_path: Path) -> None:
    assert comunica(joined_query(endpoint), tmp_path, str(HERE / "ours.ttl")) == OURS
