"""A new build in the folder is picked up without a request lost; the end of the server is an orderly one."""

import contextlib
import os
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.gateway.conftest import SECONDS, Running, Start, until
from tests.gateway.folders import write_folder
from tests.gateway.test_hanging import BLOCKING

WHICH = "SELECT ?s { ?s ?p ?s }"


def which(server: Running) -> str:
    """The build id that the data tell."""
    answer = server.ask(WHICH)
    assert answer.status == 200
    return str(answer.body).rpartition("https://example.org/")[2].partition('"')[0]


def put(new: Path, folder: Path) -> None:
    """As a build does it."""
    old = folder.with_name("old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    new.rename(folder)


def test_new_build_is_picked_up_without_a_request_lost(start: Start, tmp_path: Path) -> None:
    folder, new = tmp_path / "store", tmp_path / "new"
    write_folder(folder, build_id="first", triples=10)
    write_folder(new, build_id="second", triples=10)
    server = start(folder)
    server.in_memory()
    assert which(server) == "first"
    etag = server.ask(WHICH).headers["etag"]
    stop, statuses = threading.Event(), []

    def keep_asking() -> None:
        while not stop.is_set():
            statuses.append(server.ask(WHICH + f" #{len(statuses)}").status)

    with ThreadPoolExecutor(1) as background:
        asking = background.submit(keep_asking)
        put(new, folder)
        until(lambda: which(server) == "second")
        stop.set()
        asking.result()
    assert set(statuses) == {200}
    assert server.ask(WHICH).headers["etag"] != etag
    assert server.get("/readyz").json["build"] == "second"


def test_build_that_cannot_be_opened_leaves_the_one_before(start: Start, tmp_path: Path) -> None:
    folder, new = tmp_path / "store", tmp_path / "new"
    write_folder(folder, build_id="first", triples=10)
    write_folder(new, build_id="second", triples=10)
    (new / "tipkg.nq").write_text("this is no N-Quads")
    server = start(folder)
    server.in_memory()
    put(new, folder)
    until(lambda: bool(server.events("build lost")))
    assert which(server) == "first"
    assert "tipkg.nq" in (folder / "tipkg.nq").name
    assert "tipkg build --out" in str(server.events("build lost")[0]["why"])


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc").is_dir(), reason="only to keep the type of the platform")
def test_folder_that_is_read_only_is_served(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write_folder(folder, build_id="first", triples=10)
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    server = start(folder)
    server.in_memory()
    assert which(server) == "first"
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)


def test_server_that_is_killed_starts_again_on_the_same_folder(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write_folder(folder, build_id="first", triples=10)
    for _ in range(2):
        server = start(folder)
        assert which(server) == "first"
        server.process.kill()
        server.process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_running_request_is_answered_before_the_end(start: Start, folder: Path, how: signal.Signals) -> None:
    server = start(folder)
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(server.ask, BLOCKING["count"], timeout="1.5")
        until(lambda: server.get("/readyz").json["busy"] == 1)
        server.process.send_signal(how)
        assert slow.result().status == 503
    assert server.process.wait(SECONDS) == 0


def test_end_waits_no_longer_than_allowed(start: Start, folder: Path) -> None:
    server = start(folder, "--drain-timeout", "0.5")
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(server.ask, BLOCKING["count"])
        until(lambda: server.get("/readyz").json["busy"] == 1)
        begin = time.monotonic()
        server.process.terminate()
        with contextlib.suppress(OSError):
            assert slow.result().status == 503
    assert server.process.wait(SECONDS) == 0
    assert time.monotonic() - begin < 10


def test_idle_connection_does_not_hold_the_end_up(start: Start, folder: Path) -> None:
    server = start(folder)
    with server.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        begin = time.monotonic()
        server.process.terminate()
        assert server.process.wait(SECONDS) == 0
        assert time.monotonic() - begin < 5
        assert connection.recv(65536) == b""
