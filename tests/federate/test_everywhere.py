"""A question beside Wikidata has one answer, whoever asks: command line, HTTP, Python and MCP, the twin or Wikidata."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.ask.federated import FederationError, whom
from kg.ask.federated_questions import federated_question, names
from kg.cli import cli
from kg.federate.allowed import Allowed, Budget
from kg.library import Graph
from kg.mcp.calls import call
from kg.mcp.graph import Graph as GraphOfTools
from kg.mcp.refusal import RefusedError
from kg.serve.app import create_app
from kg.serve.endpoint import Limits
from tests.federate.conftest import StandIn
from tests.federate.test_questions import LIVE_ONLY
from tests.federate.test_remote import busy_for_long, server_error, slow, truncated
from tests.serve.conftest import client_of

DEAD = "http://127.0.0.1:1/sparql"
OFFLINE = [(name, example.parameters) for name in names() for example in federated_question(name).question.examples]
TWICE = [("state_codes", {"state": "NL"}), ("organization_websites", {"organization": "OSCE"})]


@dataclass(frozen=True)
class Everybody:
    """The four ways to ask the same graph, each with `endpoint` in place of Wikidata, or offline without one."""

    built: Path
    store: Store
    endpoint: str | None
    seconds: float = 5.0

    def command_line(self, name: str, asked: Mapping[str, str]) -> Any:
        params = [word for key, value in asked.items() for word in ("--param", f"{key}={value}")]
        how = ["--endpoint", self.endpoint, "--max-age", "0"] if self.endpoint else ["--offline"]
        words = ["federate", name, *params, *how, "--timeout", str(self.seconds), "--store", str(self.built)]
        return CliRunner().invoke(cli, [*words, "--format", "json"])

    def http(self, name: str, asked: Mapping[str, str]) -> Any:
        allowed = Allowed((self.endpoint,) if self.endpoint else ())
        limits = Limits(services=Budget(seconds=self.seconds))
        app = create_app(self.store, build_id="b", questions=[], folder=self.built, allowed=allowed, limits=limits)
        how = {"endpoint": self.endpoint} if self.endpoint else {"mode": "offline"}
        return client_of(app)("GET", f"/questions/{name}?{urlencode({**asked, **how})}")

    def python(self, name: str, asked: Mapping[str, str]) -> Any:
        how = {"endpoint": self.endpoint} if self.endpoint else {"mode": "offline"}
        return getattr(Graph(self.store, self.built).questions, name)(**asked, **how, timeout=self.seconds)

    def mcp(self, name: str, asked: Mapping[str, str]) -> Any:
        own = GraphOfTools(
            self.built, self.store, whom=whom(self.endpoint, seconds=self.seconds) if self.endpoint else None
        )
        return call(own, "ask_question", {"question": name, "parameters": asked, "limit": 200})


@pytest.fixture
def offline(built: Path, store: Store) -> Everybody:
    return Everybody(built, store, None)


@pytest.fixture
def beside(built: Path, store: Store, wikidata: StandIn) -> Everybody:
    return Everybody(built, store, wikidata.url, seconds=1.0)


def assert_one_answer(everybody: Everybody, name: str, asked: Mapping[str, str], used: str) -> None:
    done = everybody.command_line(name, asked)
    assert done.exit_code == 0
    printed, served = json.loads(done.stdout), everybody.http(name, asked).json()
    answer, typed = everybody.python(name, asked), everybody.mcp(name, asked)
    assert printed["rows"] == served["rows"] == answer.records()
    shown = [{key: value or None for key, value in row.items()} for row in printed["rows"][:200]]
    assert [{key: value or None for key, value in row.values.items()} for row in typed.rows] == shown
    assert typed.rows_found == len(printed["rows"])
    assert [printed["used"], served["used"], answer.used, typed.used] == [used] * 4
    assert printed["query"] == served["query"] == answer.query == typed.sparql
    told = [counted(one) for one in (printed["receipts"], served["receipts"], answer.receipts, typed.receipts)]
    assert told == [told[0]] * 4


def counted(receipts: Any) -> list[tuple[object, ...]]:
    """Without the seconds that they took."""
    found = [one if isinstance(one, dict) else vars(one) for one in receipts]
    return [(one["endpoint"], one["values"], one["requests"], one["rows"], one["size"]) for one in found]


def assert_one_refusal(everybody: Everybody, name: str, asked: Mapping[str, str], status: int) -> None:
    done, response = everybody.command_line(name, asked), everybody.http(name, asked)
    with pytest.raises(FederationError) as in_python:
        everybody.python(name, asked)
    with pytest.raises(RefusedError) as through_mcp:
        everybody.mcp(name, asked)
    said = str(in_python.value)
    assert f"{name} needs Wikidata live; not " in said
    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, f"tipkg: {said}")
    assert (response.status_code, response.json()["detail"], in_python.value.status) == (status, said, status)
    assert str(through_mcp.value).splitlines()[0] == said
    assert response.json()["here"]["total"] == len(in_python.value.rows)


@pytest.mark.parametrize(("name", "asked"), OFFLINE)
def test_offline_all_answer_alike(offline: Everybody, name: str, asked: Mapping[str, str]) -> None:
    if name in LIVE_ONLY:
        assert_one_refusal(offline, name, asked, 422)
    else:
        assert_one_answer(offline, name, asked, "twin")


@pytest.mark.parametrize(("name", "asked"), TWICE)
def test_with_wikidata_all_answer_alike(beside: Everybody, name: str, asked: Mapping[str, str]) -> None:
    assert_one_answer(beside, name, asked, "live")


@pytest.mark.parametrize(
    ("fault", "status"), [(slow, 504), (busy_for_long, 503), (server_error, 502), (truncated, 502)]
)
def test_faults_are_told_alike(beside: Everybody, wikidata: StandIn, fault: Any, status: int) -> None:
    wikidata.faults = [fault] * 4
    assert_one_refusal(beside, "organization_websites", {"organization": "OSCE"}, status)


def test_dead_port_is_told_alike(built: Path, store: Store) -> None:
    dead = Everybody(built, store, DEAD)
    assert_one_refusal(dead, "organization_websites", {"organization": "OSCE"}, 502)
    assert_one_answer(dead, "state_codes", {"state": "NL"}, "twin")


def test_csv_of_command_line_and_http_have_the_same_bytes(built: Path, offline: Everybody) -> None:
    words = ["federate", "split_states", "--offline", "--store", str(built), "--format", "csv"]
    app = create_app(offline.store, build_id="b", questions=[], folder=built)
    printed = CliRunner().invoke(cli, words).stdout
    assert printed == client_of(app)("GET", "/questions/split_states.csv?mode=offline").text
    assert len(list(csv.reader(io.StringIO(printed)))) == 7
