"""Questions beside Wikidata through MCP: nobody is asked unless the command allows it; receipts in the typed answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.ask.federated import whom
from kg.mcp.calls import call
from kg.mcp.graph import Graph
from kg.mcp.held import Held
from kg.mcp.refusal import RefusedError
from kg.mcp.server import make_server
from kg.mcp.text import written
from tests.federate.conftest import StandIn, standing_in, wikidata_sample
from tests.mcp.conftest import Ask, talk

FIJI = {"question": "state_codes", "parameters": {"state": "Fiji"}}
OSCE = {"question": "organization_websites", "parameters": {"organization": "OSCE"}}
DEAD = "http://127.0.0.1:1/sparql"


@pytest.fixture
def wikidata() -> Iterator[StandIn]:
    with standing_in(wikidata_sample()) as endpoint:
        yield endpoint


def test_twin_answers_and_says_so(ask: Ask) -> None:
    answer = ask("ask_question", **FIJI)
    assert (answer.used, answer.rows_found, answer.rows[0].values["iso2_there"]) == ("twin", 1, "FJ")
    assert answer.meant == {"state": "Fiji (https://w3id.org/tipkg/id/state/FJI)"}
    assert [(one.values, one.requests) for one in answer.receipts] == [(1, 0), (1, 0)]
    assert answer.not_covered[1] == "from the offline twin, Wikidata was not asked (offline)"
    assert "SERVICE <https://query.wikidata.org/sparql>" in answer.sparql
    assert "\nused: twin\nhttps://query.wikidata.org/sparql: 1 values, 0 requests, 1 rows, " in written(answer)


def test_question_to_the_graph_alone_has_no_receipts(ask: Ask) -> None:
    answer = ask("ask_question", question="sources")
    assert (answer.used, answer.receipts) == ("graph", [])
    assert "used:" not in written(answer)


def test_question_without_twin_is_refused_with_what_the_graph_holds(refusal: Ask) -> None:
    said, columns, row = refusal("ask_question", **OSCE).splitlines()
    assert said == "organization_websites needs Wikidata live; not asked (offline); what the graph itself holds: 1 rows"
    assert columns == "organization, abbreviation, item, links"
    assert row.endswith("/entity/Q81299, 9")


def test_questions_beside_wikidata_are_listed_with_what_the_twin_can_say(ask: Ask) -> None:
    listed = {one.name: one for one in ask("list_questions", about="codes Wikidata").questions}
    assert "offline: P297 of the items" in " ".join(listed["state_codes"].limits)
    assert {one.name for one in ask("list_questions").questions} >= {"state_codes", "organization_seats"}


def test_service_in_a_query_is_answered_with_the_packaged_questions(refusal: Ask) -> None:
    said = refusal("run_sparql", query="SELECT * { ?a ?b ?c SERVICE <https://query.wikidata.org/sparql> { ?c ?d ?e } }")
    told = "SERVICE is not allowed: line 1, column 21: no other endpoint is called for a query of your own"
    assert said.startswith(told)
    assert "ask_question has packaged questions beside Wikidata: classes, instruments_there, " in said


def test_endpoint_that_is_allowed_is_asked(built: Path, store: Store, wikidata: StandIn) -> None:
    own = Graph(built, store, whom=whom(wikidata.url))
    answer = call(own, "ask_question", FIJI)
    assert (answer.used, answer.rows[0].values["iso3_there"]) == ("live", "FJI")  # type: ignore[attr-defined]
    dead = Graph(built, store, whom=whom(DEAD, seconds=2))
    assert call(dead, "ask_question", FIJI).used == "twin"  # type: ignore[attr-defined]
    with pytest.raises(RefusedError, match=r"not reachable \(http://127.0.0.1:1/sparql cannot be asked") as caught:
        call(dead, "ask_question", OSCE)
    assert str(caught.value).endswith(", 9")


def test_server_that_is_told_whom_to_ask_keeps_the_answers(built: Path, wikidata: StandIn, tmp_path: Path) -> None:
    held = Held(built, endpoint=wikidata.url, kept=tmp_path / "kept")
    try:
        answers = [held.call("ask_question", FIJI) for _ in range(2)]
        tools = talk(make_server(held), lambda client: client.list_tools()).tools
    finally:
        held.close()
    assert [one["used"] for one in answers] == ["live", "live"]
    assert [one["receipts"][0]["requests"] for one in answers] == [1, 0]
    assert len(wikidata.queries) == 2
    open_world = [tool.name for tool in tools if tool.annotations and tool.annotations.open_world_hint]
    assert open_world == ["ask_question"]
