"""A small store folder, and `tipkg serve` on it: a real server of its own for the tests of a module."""

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.gateway.folders import write_folder

SECONDS = 30
SERVE = "from kg.cli import main; main()"
JSON = {"Accept": "application/sparql-results+json"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.body)
        return found


@dataclass
class Running:
    """A server process, the port it listens on, and what it has logged."""

    process: subprocess.Popen[str]
    port: int
    log: Path
    connections: list[socket.socket] = field(default_factory=list)

    def ask(self, query: str, **parameters: str) -> Answer:
        return self.get(f"/sparql?{urlencode({'query': query} | parameters)}")

    def get(self, path: str, headers: dict[str, str] = JSON) -> Answer:
        return self.request("GET", path, None, headers)

    def request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def exchange(self, request: bytes) -> bytes:
        """All that comes back until the server hangs up."""
        with self.connect() as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def events(self, name: str) -> list[dict[str, object]]:
        # The last line may be on its way still.
        lines = [json.loads(line) for line in self.log.read_text("utf-8").split("\n")[:-1]]
        return [line for line in lines if line["event"] == name]

    def workers(self) -> list[int]:
        """Process ids; Linux only."""
        zygotes = _children(self.process.pid)
        return [pid for zygote in zygotes for pid in _children(zygote)]

    def in_memory(self) -> None:
        """Wait until the store in memory answers."""
        until(lambda: self.get("/readyz").json["in_memory"] is True)


Start = Callable[..., Running]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 300 triples, build-1."""
    folder = tmp_path_factory.mktemp("small") / "store"
    write_folder(folder, build_id="build-1", triples=300)
    return folder


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """start(folder, *options) is a running server; all are stopped by SIGINT when the module is done."""
    running: list[Running] = []

    def start(folder: Path, *options: str) -> Running:
        log = tmp_path_factory.mktemp("log") / "log.jsonl"
        running.append(_start(folder, options, log))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGINT)
        server.process.communicate(timeout=SECONDS)


def _start(folder: Path, options: Sequence[str], log: Path) -> Running:
    command = [sys.executable, "-c", SERVE, "serve", "--store", str(folder), "--port", "0", *options]
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=written, text=True, env=os.environ)
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], SECONDS)[0], "the server does not start"
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), log.read_text("utf-8")
    return Running(process, int(address.rstrip("/").rpartition(":")[2]), log)
