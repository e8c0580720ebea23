"""More is asked than there are workers for; files, disk, processes fail: whoever asks for little is still answered."""

import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.gateway import conftest
from tests.gateway.conftest import Running, Start, until
from tests.gateway.folders import write_folder
from tests.gateway.test_builds import WHICH, put
from tests.gateway.test_hanging import BLOCKING, TRUE
from tests.gateway.test_http import ASK, CLOSE, get, status

LINUX = Path("/proc/self/task").is_dir()
SLOW = get(b"/sparql?query=" + quote(BLOCKING["count"]).encode())


@contextmanager
def greedy(server: Running, address: str, count: int) -> Iterator[list[socket.socket]]:
    """A client at another address of this machine, with so many queries that do not end."""
    held = [socket.create_connection(("127.0.0.1", server.port), 30, (address, 0)) for _ in range(count)]
    for connection in held:
        connection.sendall(SLOW)
    yield held
    for connection in held:
        connection.close()


@pytest.mark.skipif(not LINUX, reason="elsewhere 127.0.0.2 is no address of this machine")
def test_client_that_takes_all_workers_makes_room_for_others(start: Start, folder: Path) -> None:
    server = start(folder, "--workers", "4", "--share", "4", "--queue", "20")
    server.in_memory()
    with greedy(server, "127.0.0.2", 24) as held:
        until(lambda: b"tipkg_queue_length 20.0" in server.get("/metrics").body)
        begin = time.monotonic()
        assert [server.ask(f"ASK {{}} # {number}").status for number in range(10)] == [200] * 10
        assert time.monotonic() - begin < 20
        told = b"".join(one.recv(65536) for one in held[:1])
    assert "crowded" in {event["reason"] for event in server.events("worker killed")}
    assert (status(told), b"others were waiting" in told) == (503, True)


def test_query_that_nobody_waits_behind_has_its_whole_time(start: Start, folder: Path) -> None:
    server = start(folder, "--workers", "1", "--share", "0.1", "--query-timeout", "2")
    assert str(server.ask(BLOCKING["count"]).json["detail"]).startswith("the query took longer than 2 s")


def test_requests_that_wait_are_answered_by_the_new_build(start: Start, tmp_path: Path) -> None:
    folder, new = tmp_path / "store", tmp_path / "new"
    write_folder(folder, build_id="first", triples=300)
    write_folder(new, build_id="second", triples=10)
    server = start(folder, "--workers", "1", "--query-timeout", "20", "--queue-timeout", "20")
    server.in_memory()
    with ThreadPoolExecutor(4) as background:
        slow = background.submit(server.ask, BLOCKING["count"], timeout="15")
        until(lambda: server.get("/readyz").json["busy"] == 1)
        waiting = [background.submit(server.ask, WHICH + f" # {number}") for number in range(3)]
        until(lambda: b"tipkg_queue_length 3.0" in server.get("/metrics").body)
        put(new, folder)
        answers = [one.result() for one in waiting]
        assert [(answer.status, b"second" in answer.body) for answer in answers] == [(200, True)] * 3
        assert not slow.done()
        server.process.terminate()


@pytest.mark.skipif(not LINUX, reason="/dev/full is of Linux")
def test_log_that_cannot_be_written_does_not_keep_a_query_alive(folder: Path) -> None:
    server = conftest._start(folder, ("--query-timeout", "0.5"), Path("/dev/full"))
    try:
        assert server.ask(BLOCKING["count"]).status == 503
        assert server.ask("ASK {}").body == TRUE
        until(lambda: server.get("/readyz").json["busy"] == 0)
    finally:
        server.process.kill()
        server.process.communicate()


@pytest.mark.skipif(not LINUX, reason="processes are found by Linux's /proc")
def test_end_that_is_told_to_all_processes_is_an_orderly_one(start: Start, folder: Path) -> None:
    server = start(folder)
    server.in_memory()
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(server.ask, BLOCKING["count"], timeout="1.5")
        until(lambda: server.get("/readyz").json["busy"] == 1)
        for pid in [*server.workers(), *conftest._children(server.process.pid), server.process.pid]:
            os.kill(pid, signal.SIGTERM)
        answer = slow.result()
    assert str(answer.json["detail"]).startswith("the query took longer than 1.5 s")
    assert server.process.wait(30) == 0


def test_second_signal_ends_at_once(start: Start, folder: Path) -> None:
    server = start(folder, "--drain-timeout", "60")
    with server.connect() as connection:
        connection.sendall(SLOW)
        until(lambda: server.get("/readyz").json["busy"] == 1)
        for _ in range(2):
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        assert server.process.wait(20) == 0


@pytest.mark.skipif(not LINUX, reason="prlimit is of Linux")
def test_server_that_may_open_no_more_files_recovers(start: Start, folder: Path) -> None:
    server = start(folder, "--query-timeout", "0.5")
    server.in_memory()
    files = Path(f"/proc/{server.process.pid}/fd")
    until(lambda: len(server.workers()) == 2)
    with server.connect() as connection:
        connection.sendall(SLOW)
        until(lambda: server.get("/readyz").json["busy"] == 1)
        most = max(int(file.name) for file in files.iterdir()) + 1
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (most, 20000))
        held = [server.connect() for _ in range(20)]
        connection.recv(65536)  # its worker is killed; the next one cannot be reached
        time.sleep(0.5)
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (1024, 20000))
    for one in held:
        one.close()
    until(lambda: len(server.workers()) >= 2)
    assert server.ask("ASK {} # again").body == TRUE
    assert server.ask(BLOCKING["count"]).status == 503
    assert server.ask("ASK {} # and again").body == TRUE


@pytest.mark.skipif(not LINUX, reason="the limit of files is looked up in /proc")
def test_server_allows_itself_the_files_that_its_connections_need(start: Start, folder: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        server = start(folder, "--connections", "500")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    held = [server.connect() for _ in range(500)]
    assert status(server.exchange(get(ASK, CLOSE))) == 200
    for one in held:
        one.close()
