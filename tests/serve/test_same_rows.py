"""Command line, HTTP and Python give the same rows, for every question and example, and the same reasons."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.ask import answer_forms, questions
from kg.cli import cli
from kg.graph.store import load_store
from kg.library import Graph
from kg.serve.app import create_app
from tests.serve.conftest import Ask, client_of

SETS = [(name, one.parameters) for name in questions.names() for one in questions.question(name).examples]


@pytest.fixture(scope="module")
def memory(built: Path) -> Store:
    return load_store(built)


@pytest.fixture(scope="module")
def ask(memory: Store, built: Path) -> Ask:
    return client_of(create_app(memory, build_id="1", questions=[], folder=built))


@pytest.mark.parametrize(("name", "asked"), SETS, ids=[f"{name}-{number}" for number, (name, _) in enumerate(SETS)])
def test_rows_are_the_same_everywhere(
    ask: Ask, memory: Store, built: Path, monkeypatch: pytest.MonkeyPatch, name: str, asked: Mapping[str, str]
) -> None:
    # Opened once: how a store is opened is tested elsewhere, and takes longer than an answer.
    monkeypatch.setattr("kg.graph.store.open_store", lambda folder: memory)
    params = [text for key, value in asked.items() for text in ("--param", f"{key}={value}")]
    command = CliRunner().invoke(cli, ["query", name, *params, "--store", str(built), "--format", "json"])
    over_http = ask("GET", f"/questions/{name}", params=asked)
    in_python = getattr(Graph(memory, built).questions, name)(**asked)
    assert over_http.content == command.stdout_bytes
    assert json.loads(command.stdout) == answer_forms.json_value(in_python)
