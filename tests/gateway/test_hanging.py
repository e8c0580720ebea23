"""Queries that would never end, processes that die, clients that go away: nobody else notices."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.gateway.conftest import Running, Start, until

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
BLOCKING = {
    "count": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    "maximum": f"SELECT (MAX(?o) AS ?most) {{ {PRODUCT} }}",
    "order": f"SELECT * {{ {PRODUCT} }} ORDER BY ?o ?l",
    "never true": f"SELECT * {{ {PRODUCT} FILTER(STR(?a) = CONCAT(STR(?o), 'x')) }}",
    "path": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"?{a} (<https://example.org/link>|^<https://example.org/link>)* ?{b} ." for a, b in ("ab", "cd", "ef"))
    + " }",
}
STREAMING = f"SELECT * {{ {PRODUCT} }}"
TRUE = b'{"head":{},"boolean":true}'


@pytest.fixture(scope="module")
def server(start: Start, folder: Path) -> Running:
    # An ORDER BY needs half a GiB in the first second.
    running = start(folder, "--query-timeout", "1", "--worker-mib", "2048")
    running.in_memory()
    return running


@pytest.mark.parametrize("name", BLOCKING)
def test_blocking_query_is_503_with_its_id_and_when_to_come_again(server: Running, name: str) -> None:
    begin = time.monotonic()
    answer = server.ask(BLOCKING[name])
    assert time.monotonic() - begin < 10
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert answer.headers["query-id"] == answer.json["query_id"]
    assert str(answer.json["detail"]).startswith("the query took longer than 1 s")


def test_streaming_query_is_broken_off_at_the_deadline(server: Running) -> None:
    request = b"GET /sparql?query=" + STREAMING.replace(" ", "+").replace("?", "%3F").encode()
    answer = server.exchange(request + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"transfer-encoding: chunked" in answer
    assert not answer.endswith(b"\r\n0\r\n\r\n")


def test_request_may_ask_for_less_time(server: Running) -> None:
    answer = server.ask(BLOCKING["count"], timeout="0.2")
    assert str(answer.json["detail"]).startswith("the query took longer than 0.2 s")


def test_request_may_ask_for_less_time_in_a_form(server: Running) -> None:
    form = "timeout=0.2&query=" + BLOCKING["count"].replace(" ", "+")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    answer = server.request("POST", "/sparql", form.encode(), headers)
    assert str(answer.json["detail"]).startswith("the query took longer than 0.2 s")


@pytest.mark.parametrize("given", ["2", "0", "-1", "nan", "inf", "1e999", "x"])
def test_time_that_is_none_or_too_much_is_refused(server: Running, given: str) -> None:
    answer = server.ask("ASK {}", timeout=given)
    assert answer.status == 400
    assert "1" in str(answer.json["detail"])


def test_others_are_served_while_queries_hang(server: Running) -> None:
    with ThreadPoolExecutor(6) as background:
        slow = [background.submit(server.ask, BLOCKING["count"]) for _ in range(6)]
        until(lambda: server.get("/readyz").json["busy"] == 6)
        assert server.ask("ASK {} # while they hang").status == 200
        assert not any(one.done() for one in slow)
        answers = [server.ask(f"ASK {{}} #{number}") for number in range(20)]
        assert [answer.status for answer in answers] == [200] * 20
        assert [one.result().status for one in slow] == [503] * 6


def test_hanging_worker_is_killed_and_replaced(server: Running) -> None:
    server.ask(BLOCKING["count"], timeout="0.1")
    kill = server.events("worker killed")[-1]
    assert kill["reason"] == "deadline"
    until(lambda: kill["pid"] not in server.workers() and len(server.workers()) >= 2)


def test_client_that_goes_away_ends_its_query(start: Start, folder: Path) -> None:
    server = start(folder)
    with server.connect() as connection:
        query = BLOCKING["count"].replace(" ", "+").replace("?", "%3F").encode()
        connection.sendall(b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: server.get("/readyz").json["busy"] == 1)
    until(lambda: server.get("/readyz").json["busy"] == 0)
    assert [event["reason"] for event in server.events("worker killed")] == ["client gone"]


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="a policy of Linux's scheduler")
def test_worker_does_not_interrupt_who_wakes_it(server: Running) -> None:
    assert {os.sched_getscheduler(pid) for pid in server.workers()} == {os.SCHED_BATCH}
    assert os.sched_getscheduler(server.process.pid) == os.SCHED_OTHER


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="workers are found by Linux's /proc")
@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_worker_that_dies_costs_its_own_request_only(start: Start, folder: Path, how: signal.Signals) -> None:
    server = start(folder, "--query-timeout", "20")
    server.in_memory()
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(server.ask, BLOCKING["count"])
        victim = _at_work(server)
        os.kill(victim, how)
        answer = slow.result()
    assert answer.status == 500
    assert answer.json["query_id"] == answer.headers["query-id"]
    assert f"signal {how.value}" in str(answer.json["detail"])
    assert server.ask("ASK {}").body == TRUE
    until(lambda: [event["pid"] for event in server.events("worker died")] == [victim])


def _at_work(server: Running) -> int:
    """The worker that uses the processor."""
    before = {pid: _used(pid) for pid in server.workers()}
    busy: list[int] = []

    def found() -> bool:
        busy[:] = [pid for pid in before if _used(pid) > before[pid] + 5]
        return bool(busy)

    until(found)
    return busy[0]


def _used(pid: int) -> int:
    """Processor time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux only")
def test_query_that_needs_too_much_memory_is_500(start: Start, folder: Path) -> None:
    server = start(folder, "--worker-mib", "64")
    server.in_memory()
    answer = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f")
    assert answer.status == 500
    assert "64 MiB" in str(answer.json["detail"])
    until(lambda: any("memory" in str(note["message"]) for note in server.events("note")))
    assert server.ask("ASK {}").body == TRUE


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found by Linux's /proc")
def test_lost_zygote_is_replaced(start: Start, folder: Path) -> None:
    server = start(folder)
    server.in_memory()
    for zygote in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split():
        os.kill(int(zygote), signal.SIGKILL)
    until(lambda: bool(server.events("build lost")))
    until(lambda: server.get("/readyz").status == 200)
    assert server.ask("ASK {}").body == TRUE


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found by Linux's /proc")
def test_nothing_is_left_when_the_gateway_is_killed(start: Start, folder: Path) -> None:
    server = start(folder)
    server.in_memory()
    left = server.workers()
    server.process.kill()
    server.process.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() and _alive(pid) for pid in left))


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
