"""The gateway ends by a fault of its own, while a query runs that never would: no process is left behind."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gateway.conftest import SECONDS, SERVE, Running, until
from tests.gateway.test_hanging import BLOCKING

FAULT = """
from kg.gateway.server import Server

async def fail(*_):
    raise RuntimeError("planted")

Server._drain = fail
"""
REQUEST = b"GET /sparql?query=%s HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def failing(folder: Path, log: Path) -> Iterator[Running]:
    """A server that leads a session of its own, and whose orderly end is a fault."""
    # On disk, where the process that was launched first answers to the end.
    options = ["--store", str(folder), "--port", "0", "--memory-quads", "0"]
    command = [sys.executable, "-c", FAULT + SERVE, "serve", *options]
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=written, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], SECONDS)[0], "the server does not start"
        yield Running(process, int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2]), log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def session_of(leader: int) -> list[int]:
    """The processes of a session that have not ended."""
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit() and _is_of(one, leader)]


def _is_of(process: Path, leader: int) -> bool:
    """By its stat: after the name in brackets come state, parent, group and session."""
    try:
        state, _, _, session = (process / "stat").read_text().rpartition(")")[2].split()[:4]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(session) == leader and state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="processes are found by Linux's /proc")
def test_no_process_outlives_a_gateway_that_fails(folder: Path, tmp_path: Path) -> None:
    with failing(folder, tmp_path / "log") as server, server.connect() as connection:
        connection.sendall(REQUEST % BLOCKING["count"].replace(" ", "+").replace("?", "%3F").encode())
        until(lambda: server.get("/readyz").json["busy"] == 1)
        assert len(session_of(server.process.pid)) >= 3
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(SECONDS) == 1
        assert "RuntimeError: planted" in server.log.read_text("utf-8")
        until(lambda: session_of(server.process.pid) == [])
