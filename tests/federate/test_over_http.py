"""Questions beside Wikidata over HTTP: whom the server may ask, what each form tells of it, faults, the deadline."""

import csv
import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from pyoxigraph import Store

from kg.ask.federated_questions import names
from kg.federate.allowed import PUBLIC, Allowed, Budget
from kg.serve.app import create_app
from kg.serve.endpoint import Limits
from tests.clients.conftest import serving
from tests.federate.conftest import StandIn
from tests.federate.test_remote import FAULTS, busy_for_long, slow
from tests.serve.conftest import Ask, client_of

DEAD = "http://127.0.0.1:1/sparql"
FIJI = "/questions/state_codes{}?state=Fiji"
OSCE = "/questions/organization_websites?organization=OSCE"
PAGE = {"Accept": "text/html"}
NOT_LISTED = f"not asked ({PUBLIC} is not on the list of endpoints)"
AskStandIn = Callable[..., httpx.Response]


@pytest.fixture
def ask(store: Store, built: Path, wikidata: StandIn) -> AskStandIn:
    """ask(path, headers) of a server that may ask the stand-in, which stands for Wikidata, and a dead port."""
    limits = Limits(services=Budget(seconds=1))
    allowed = Allowed((wikidata.url, DEAD))
    app = create_app(store, build_id="build-1", questions=[], folder=built, allowed=allowed, limits=limits)
    client = client_of(app)

    def ask(path: str, endpoint: str = wikidata.url, **arguments: object) -> httpx.Response:
        return client("GET", f"{path}&{urlencode({'endpoint': endpoint})}", **arguments)

    return ask


@pytest.fixture(scope="module")
def served(store: Store, built: Path) -> Ask:
    """A server that may ask nobody."""
    return client_of(create_app(store, build_id="build-1", questions=[], folder=built))


def test_live_answer_has_receipts_and_is_not_kept(ask: AskStandIn, wikidata: StandIn) -> None:
    response = ask(FIJI.format(""))
    told = response.json()
    assert (told["used"], told["rows"][0]["iso3_there"], told["asked"]) == ("live", "FJI", {"state": "Fiji"})
    assert [(one["endpoint"], one["values"], one["requests"]) for one in told["receipts"]] == [(wikidata.url, 1, 1)] * 2
    assert (response.headers["cache-control"], response.extensions["cacheable"]) == ("no-store", False)
    assert "etag" not in response.headers
    assert response.headers["service-used"] == "live"
    assert response.headers["service-receipt"].startswith(f'"{wikidata.url}";values=1;requests=1;rows=1;bytes=')


def test_kept_answer_is_told_with_its_age(ask: AskStandIn, wikidata: StandIn) -> None:
    ask(FIJI.format(""))
    again = ask(FIJI.format(".csv"))
    assert len(wikidata.queries) == 2
    assert ";requests=0;rows=1;" in again.headers["service-receipt"]
    assert ";age=0" in again.headers["service-receipt"]


@pytest.mark.parametrize("suffix", ["json", "csv", "tsv", "srj", "ttl", "jsonld", "md", "html"])
def test_every_form_tells_which_was_used(ask: AskStandIn, suffix: str) -> None:
    live = ask(FIJI.format(f".{suffix}"))
    assert (live.status_code, live.headers["service-used"], live.headers["total-rows"]) == (200, "live", "1")
    assert "FJI" in live.text
    if suffix in ("md", "html"):
        assert "used: live" in live.text
        assert "tested: Against a stand-in" in live.text


def test_server_that_may_ask_nobody_answers_from_the_twin(served: Ask) -> None:
    response = served("GET", FIJI.format(""))
    told = response.json()
    assert (told["used"], told["rows"][0]["iso2_there"], told["rows"][0]["iso3_there"]) == ("twin", "FJ", "")
    assert told["notes"][0] == f"from the offline twin, Wikidata was {NOT_LISTED}"
    assert served("GET", FIJI.format("")).json()["receipts"] == told["receipts"]  # the answer itself, seconds and all
    tag = {"If-None-Match": response.headers["etag"]}
    assert (response.headers["cache-control"], response.extensions["cacheable"]) == ("no-cache", True)
    assert served("GET", FIJI.format(""), headers=tag).status_code == 304
    rows = list(csv.reader(io.StringIO(served("GET", FIJI.format(".csv") + "&mode=offline").text)))
    assert rows[1][1:] == ["FJ", "FJI", "http://www.wikidata.org/entity/Q712", "FJ", "", "true"]


def test_parts_of_an_answer_are_asked_in_the_same_way(served: Ask) -> None:
    response = served("GET", "/questions/state_codes.csv?mode=offline&limit=2&page=2")
    assert len(response.text.splitlines()) == 3
    assert '<?mode=offline&limit=2&page=3>; rel="next"' in response.headers["link"]
    assert (response.headers["total-rows"], response.headers["service-used"]) == ("92", "twin")


@pytest.mark.parametrize(
    ("mode", "status", "why"), [("auto", 403, NOT_LISTED), ("offline", 422, "not asked (offline)")]
)
def test_without_wikidata_and_twin_it_is_told_what_the_graph_holds(
    served: Ask, mode: str, status: int, why: str
) -> None:
    response = served("GET", f"{OSCE}&mode={mode}")
    problem = response.json()
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    told = f"organization_websites needs Wikidata live; {why}; what the graph itself holds: 1 rows"
    assert problem["detail"] == told
    assert problem["here"]["total"] == 1
    assert (problem["here"]["rows"][0]["abbreviation"], problem["here"]["rows"][0]["links"]) == ("OSCE", 9)
    page = served("GET", f"{OSCE}&mode={mode}", headers=PAGE)
    assert page.status_code == status
    assert "<p>What the graph itself holds:</p>" in page.text


@pytest.mark.parametrize(("fault", "status", "detail"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_fault_leads_to_the_twin_or_to_a_problem(
    fault: object, status: int, detail: str, ask: AskStandIn, wikidata: StandIn
) -> None:
    wikidata.faults = [fault]  # type: ignore[list-item]
    twin = ask("/questions/split_states?state=NL")
    assert (twin.status_code, twin.json()["used"], twin.headers["cache-control"]) == (200, "twin", "no-store")
    assert f"not reachable ({wikidata.url} {detail}" in twin.json()["notes"][0]
    wikidata.faults = [fault]  # type: ignore[list-item]
    problem = ask(OSCE)
    assert (problem.status_code, problem.headers["cache-control"]) == (status, "no-store")
    assert problem.json()["here"]["total"] == 1
    if fault == busy_for_long:
        assert problem.headers["retry-after"] == "120"


def test_dead_port_is_told(ask: AskStandIn) -> None:
    assert ask("/questions/split_states?state=NL", endpoint=DEAD).json()["used"] == "twin"
    assert ask("/questions/split_states?mode=live", endpoint=DEAD).status_code == 502


def test_time_out_of_a_request_leaves_time_for_the_twin(store: Store, built: Path, wikidata: StandIn) -> None:
    wikidata.faults = [slow]
    app = create_app(store, build_id="b", questions=[], folder=built, allowed=Allowed((wikidata.url,)))
    path = f"/questions/split_states?{urlencode({'state': 'NL', 'endpoint': wikidata.url, 'timeout': '0.6'})}"
    answer = client_of(app)("GET", path).json()
    assert answer["used"] == "twin"
    assert "did not answer in the time" in answer["notes"][0]


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("mode=twin", 422, "mode is auto, live or offline, not 'twin'"),
        ("endpoint=http://other.example/", 403, "is not on the list of this server: it may ask no other endpoint"),
        (f"mode=offline&endpoint={DEAD}", 400, "asks nobody: give it without endpoint"),
        ("timeout=99", 400, "at most 30, not '99'"),
        ("iso=NL", 400, "(it takes: state); and mode, endpoint, limit, offset, page"),
        ("state=Atlantis", 422, "no state is called 'Atlantis'"),
        ("mode=live", 403, f"needs Wikidata live; {NOT_LISTED}; what the graph itself holds: 92 rows"),
    ],
)
def test_bad_input_is_told(served: Ask, asked: str, status: int, told: str) -> None:
    for headers in ({}, PAGE):
        response = served("GET", f"/questions/state_codes?{asked}", headers=headers)
        assert response.status_code == status
    assert told in served("GET", f"/questions/state_codes?{asked}").json()["detail"]


def test_question_beside_wikidata_is_listed_in_its_group(served: Ask) -> None:
    listed = {one["name"]: one for one in served("GET", "/questions").json()["questions"]}
    codes = listed["state_codes"]
    assert (codes["group"], codes["href"]) == ("Beside Wikidata", "questions/state_codes")
    assert codes["beside"]["offline"].startswith("P297 of the items")
    assert listed["organization_seats"]["beside"]["offline"] is None
    assert "beside" not in listed["glossary"]
    page = served("GET", "/questions", headers=PAGE).text
    assert page.index(">Beside Wikidata</h2>") < page.index('href="./questions/state_codes"')


def test_page_has_the_choice_whom_to_ask(served: Ask) -> None:
    page = served("GET", FIJI.format("") + "&mode=offline", headers=PAGE).text
    assert '<option value="offline" selected>offline</option>' in page
    assert "tipkg federate state_codes --param &#39;state=Fiji&#39; --offline" in page
    assert "graph.questions.state_codes(state=&#39;Fiji&#39;, mode=&#39;offline&#39;)" in page
    assert "ask the same in SPARQL" not in page


@pytest.mark.parametrize("name", names())
def test_iri_of_a_question_opens(served: Ask, name: str) -> None:
    """The columns of its rows as RDF are named under it."""
    response = served("GET", f"/question/{name}")
    assert (response.status_code, response.headers["location"]) == (303, f"../questions/{name}")


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[str]:
    """A real one that may ask a dead port."""
    with serving(built, "--allow-service", DEAD) as address:
        yield address


def got(address: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_worker_asks_whom_the_command_allows(server: str) -> None:
    status, answer = got(f"{server}/questions/split_states?state=NL&endpoint={DEAD}")
    assert (status, answer["used"]) == (200, "twin")
    assert "cannot be asked" in str(answer["notes"])
    status, problem = got(f"{server}{OSCE}&endpoint={DEAD}")
    assert (status, problem["title"]) == (502, "Wikidata cannot be asked")


def silent(_: BaseHTTPRequestHandler) -> None:
    """For longer than any request here may take."""
    time.sleep(20)


def test_slow_endpoint_keeps_no_request_beyond_its_time(built: Path, wikidata: StandIn) -> None:
    with serving(built, "--allow-service", wikidata.url, "--query-timeout", "6") as address:
        wikidata.faults = [silent] * 2
        began = time.monotonic()
        status, answer = got(f"{address}/questions/split_states?state=NL&endpoint={wikidata.url}")
        assert (status, answer["used"]) == (200, "twin")
        assert got(f"{address}{OSCE}&endpoint={wikidata.url}")[0] == 504
        assert time.monotonic() - began < 60
