"""The process that holds the graph: a call may take its time and memory and no more, and nothing is left behind."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.mcp.held import Caller, Held
from kg.mcp.refusal import RefusedError
from tests.mcp.conftest import ENDLESS, TIP

COUNT = {"query": f"{TIP}SELECT (COUNT(*) AS ?n) {{ ?it a tip:NonParty }}"}
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@pytest.fixture
def hasty(built: Path) -> Iterator[Held]:
    """One whose calls may take a second."""
    held = Held(built, seconds=1)
    yield held
    held.close()


def told(held: Held, tool: str, arguments: dict[str, object]) -> str:
    with pytest.raises(RefusedError) as caught:
        held.call(tool, arguments)
    return str(caught.value)


def process_of(held: Held) -> int:
    assert held._process is not None
    return held._process.pid


def group_of(leader: int) -> list[int]:
    """The processes of a group that have not ended; Linux only."""
    found = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return [pid for pid in found if _is_of(pid, leader)]


def _is_of(pid: int, leader: int) -> bool:
    """By /proc/PID/stat: after the name in brackets come state, parent and group."""
    try:
        state, _, group = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(group) == leader and state != "Z"


def test_call_is_answered_and_refusals_come_through(held: Held) -> None:
    assert held.call("run_sparql", COUNT)["rows"] == [[38]]
    assert "No query" in told(held, "run_sparql", {"query": " "})


def test_query_without_end_is_stopped_and_the_next_is_answered(hasty: Held) -> None:
    hasty.call("get_schema", {})
    began = time.monotonic()
    assert told(hasty, "run_sparql", {"query": ENDLESS}) == "stopped after 1 s: ask for less, or a packaged question"
    assert time.monotonic() - began < 15
    assert hasty.call("run_sparql", COUNT)["rows"] == [[38]]


@ON_LINUX
def test_query_that_needs_too_much_memory_is_stopped(built: Path) -> None:
    held = Held(built, seconds=60, call_mib=48)
    try:
        said = told(held, "run_sparql", {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f"})
        assert "memory" in said
        assert held.call("run_sparql", COUNT)["rows"] == [[38]]
    finally:
        held.close()


def test_calls_run_beside_each_other(held: Held) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: held.call("run_sparql", COUNT)["rows"], range(12)))
    assert found == [[[38]]] * 12


def test_graph_whose_process_was_killed_is_opened_again(hasty: Held) -> None:
    hasty.call("run_sparql", COUNT)
    first = process_of(hasty)
    os.kill(first, signal.SIGKILL)
    assert hasty.call("run_sparql", COUNT)["rows"] == [[38]]
    assert process_of(hasty) != first


@ON_LINUX
def test_closing_ends_all_processes_even_at_work(built: Path) -> None:
    held = Held(built, seconds=60)
    held.call("run_sparql", COUNT)
    leader = process_of(held)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(told, held, "run_sparql", {"query": ENDLESS})
        end = time.monotonic() + 30
        while len(group_of(leader)) < 2:
            assert time.monotonic() < end
            time.sleep(0.02)
        held.close()
        assert "stopped" in running.result(30)
    while group_of(leader):
        assert time.monotonic() < end
        time.sleep(0.02)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@ON_LINUX
def test_call_that_is_given_up_ends_its_process_and_frees_its_turn(built: Path) -> None:
    held = Held(built, seconds=300)
    try:
        held.call("run_sparql", COUNT)
        leader = process_of(held)
        callers = [Caller() for _ in range(6)]
        with ThreadPoolExecutor(6) as pool:
            running = [pool.submit(given_up, held, caller) for caller in callers]
            until(lambda: len(group_of(leader)) == 5)  # four at once, beside the one that holds the graph
            for caller in callers:
                held.give_up(caller)
            assert [one.result(30) for one in running] == ["the call was given up"] * 6
        until(lambda: group_of(leader) == [leader])
        assert held.call("run_sparql", COUNT)["rows"] == [[38]]
        assert process_of(held) == leader
    finally:
        held.close()


def given_up(held: Held, caller: Caller) -> str:
    with pytest.raises(RefusedError) as caught:
        held.call("run_sparql", {"query": ENDLESS}, caller)
    return str(caught.value)


@ON_LINUX
def test_ended_processes_leave_nothing_behind(built: Path) -> None:
    """No zombies, and no sockets of theirs."""
    held = Held(built, seconds=60)
    try:
        held.call("run_sparql", COUNT)
        leader = process_of(held)
        sockets = Path(f"/proc/{leader}/fd")
        until(lambda: not children_of(leader))
        before = len(list(sockets.iterdir()))
        for _ in range(10):
            held.call("run_sparql", COUNT)
        until(lambda: not children_of(leader))
        until(lambda: len(list(sockets.iterdir())) == before)
    finally:
        held.close()


def children_of(process: int) -> str:
    return Path(f"/proc/{process}/task/{process}/children").read_text()


def test_folder_without_a_store_is_told(tmp_path: Path) -> None:
    held = Held(tmp_path)
    try:
        assert "no tipkg store there" in told(held, "get_schema", {})
    finally:
        held.close()


def test_closing_what_was_never_started_is_nothing(tmp_path: Path) -> None:
    Held(tmp_path).close()
