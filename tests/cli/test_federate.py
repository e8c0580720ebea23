"""tipkg federate: a question beside Wikidata, its receipts, the answers that it keeps, and what it says without."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Done
from tests.federate.conftest import StandIn, standing_in, wikidata_sample
from tests.federate.test_remote import busy_for_long, html

Run = Callable[..., Done]
DEAD = "http://127.0.0.1:1/sparql"
CSV = "state,iso2,iso3,item,iso2_there,iso3_there,same\nFiji,FJ,FJI,http://www.wikidata.org/entity/Q712,FJ,FJI,true\n"
FIJI = ("state_codes", "--param", "state=Fiji")


@pytest.fixture
def wikidata() -> Iterator[StandIn]:
    with standing_in(wikidata_sample()) as endpoint:
        yield endpoint


@pytest.fixture
def federate(tipkg: Run, built: Path) -> Run:
    return lambda *words: tipkg("federate", *words, "--store", built)


def test_rows_go_to_standard_output_and_receipts_to_standard_error(federate: Run, wikidata: StandIn) -> None:
    done = federate(*FIJI, "--format", "csv", "--endpoint", wikidata.url)
    assert (done.code, done.out) == (0, CSV)
    used, receipt, _, tested = done.err.splitlines()
    assert (used, tested.partition(":")[0]) == ("used: live", "tested")
    assert receipt.startswith(f"{wikidata.url}: 1 values, 1 requests, 1 rows, ")


def test_json_holds_all_of_the_answer(federate: Run, wikidata: StandIn) -> None:
    answer = json.loads(federate(*FIJI, "--format", "json", "--endpoint", wikidata.url).out)
    assert list(answer)[-4:] == ["used", "receipts", "notes", "query"]
    assert answer["meant"]["state"]["iri"] == "https://w3id.org/tipkg/id/state/FJI"
    assert (answer["question"], answer["asked"], answer["used"]) == ("state_codes", {"state": "Fiji"}, "live")
    assert answer["rows"][0]["iso3_there"] == "FJI"
    assert answer["receipts"][0]["endpoint"] == wikidata.url
    assert "VALUES (?state_iri) { (<https://w3id.org/tipkg/id/state/FJI>) }" in answer["query"]


def test_answer_is_kept_for_the_next_process_and_told_with_its_age(federate: Run, wikidata: StandIn) -> None:
    words = (*FIJI, "--format", "csv", "--endpoint", wikidata.url)
    federate(*words)
    wikidata.faults = [html] * 2
    again = federate(*words)
    assert (again.out, len(wikidata.queries)) == (CSV, 2)
    assert "1 values, 0 requests, 1 rows" in again.err
    assert ", kept answer 0 s old" in again.err or ", kept answer 1 s old" in again.err
    assert "used: twin" in federate(*words, "--max-age", 0).err
    assert len(wikidata.queries) == 3


def test_twin_answers_where_wikidata_does_not(federate: Run) -> None:
    done = federate(*FIJI, "--endpoint", DEAD)
    assert done.code == 0
    assert f"used: twin\n{DEAD}: " not in done.out
    assert "from the offline twin, Wikidata was not reachable (http://127.0.0.1:1/sparql cannot be asked" in done.out


def test_offline_needs_no_endpoint(federate: Run) -> None:
    done = federate(*FIJI, "--offline", "--format", "csv")
    assert (done.code, done.out) == (0, CSV.replace("FJ,FJI,true", "FJ,,true"))
    assert "from the offline twin, Wikidata was not asked (offline)" in done.err


@pytest.mark.parametrize("how", [("--offline",), ("--endpoint", DEAD), ("--endpoint", DEAD, "--live")])
def test_question_without_twin_shows_what_the_graph_holds(how: tuple[str, ...], federate: Run) -> None:
    done = federate("organization_websites", "--param", "organization=OSCE", *how)
    assert (done.code, done.out) == (2, "")
    message, columns, _, row = done.err.rstrip().splitlines()
    assert message.startswith("tipkg: organization_websites needs Wikidata live; not ")
    assert message.endswith("; what the graph itself holds: 1 rows")
    assert columns.split() == ["organization", "abbreviation", "item", "links"]
    assert row.split()[-1] == "9"


def test_long_list_of_what_the_graph_holds_is_cut(federate: Run) -> None:
    done = federate("organization_seats", "--offline")
    assert done.err.splitlines()[-1] == "and 29 more"


def test_busy_endpoint_is_told_with_the_time_to_wait(federate: Run, wikidata: StandIn) -> None:
    wikidata.faults = [busy_for_long]
    done = federate(*FIJI, "--live", "--endpoint", wikidata.url)
    assert done.code == 2
    assert "answered 429 and asks to wait 120 seconds; ask again later" in done.err


def test_list_says_what_works_offline_and_what_is_not_tested(tipkg: Run) -> None:
    found = {row["name"]: row for row in json.loads(tipkg("federate", "--format", "json").out)}
    assert len(found) == 12
    assert found["organization_seats"]["offline"] == "nothing"
    assert found["organization_seats"]["tested"].startswith("not tested here: ")
    assert found["state_codes"]["parameters"] == "state"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("state_code",), "no federated question is called 'state_code' (nearest: state_codes"),
        (("state_codes", "--param", "state"), "--param state: wanted NAME=VALUE"),
        (("state_codes", "--param", "iso=NL"), "has no parameter 'iso' (it takes: state)"),
        (("state_codes", "--endpoint", "ftp://x/"), "'ftp://x/' is no address of an endpoint"),
        (("state_codes", "--endpoint", "http://user@x/"), "holds a user or a fragment"),
        (("state_codes", "--offline", "--live"), "--offline asks nobody"),
        (("state_codes", "--offline", "--endpoint", DEAD), "--offline asks nobody"),
        (("state_codes", "--timeout", "0"), "0.1<=x<=600"),
        (("state_codes", "--max-age", "-1"), "x>=0"),
    ],
)
def test_bad_input_is_told(words: tuple[str, ...], message: str, federate: Run) -> None:
    done = federate(*words)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
