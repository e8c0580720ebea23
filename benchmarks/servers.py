"""The servers that are compared, each started as a process on loopback with the same data, ready when it answers."""

import importlib.metadata
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import client
import processes
import virtuoso
from asked import SHORT
from client import Connection, request
from pyoxigraph import DefaultGraph, RdfFormat, Store

from kg import __version__

OURS, NATIVE, RDFLIB, VIRTUOSO = "tipkg", "oxigraph", "rdflib-endpoint", "virtuoso"
CODE: Final = "from kg.cli import main; main()"
LOADS_WITHIN: Final = 900.0


class MissingError(Exception):
    """A server that cannot be measured here, and why."""


@dataclass
class Server:
    """A running server; `path` is that of its SPARQL endpoint."""

    name: str
    version: str
    address: tuple[str, int]
    path: str
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def request(self, query: str, **headers: str) -> bytes:
        return request(self.address, self.path, query, **headers)

    def stop(self) -> None:
        processes.stop(self.process)


@dataclass(frozen=True)
class Data:
    """One graph: the folder that we serve, the merged default graph for the others, and a folder for their files."""

    name: str
    folder: Path
    merged: Path
    work: Path
    statements: int


def data(name: str, folder: Path, work: Path) -> Data:
    """The merged default graph is written once, as N-Triples."""
    work.mkdir(parents=True, exist_ok=True)
    merged = work / f"{folder.name}.nt"
    store = Store.read_only(str(folder / "store"))
    store.dump(str(merged), RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    with merged.open("rb") as file:
        return Data(name, folder, merged, work, sum(1 for _ in file))


def serve_command(data: Data, port: int) -> list[str]:
    return [sys.executable, "-P", "-c", CODE, "serve", "--store", str(data.folder), "--port", str(port)]


def ours(data: Data) -> Server:
    port = processes.free_port()
    command = serve_command(data, port)
    with (data.work / "tipkg.log").open("wb") as log:
        process = processes.start(command, log=log, output=subprocess.PIPE)
    assert process.stdout is not None
    # It prints its address when it answers.
    printed = process.stdout.readline().decode().strip()
    if not printed:
        processes.stop(process)
        raise SystemExit(f"tipkg serve did not start: {(data.work / 'tipkg.log').read_text(encoding='utf-8')}")
    port = int(printed.rstrip("/").rpartition(":")[2])
    return _in_memory(ready(Server(OURS, __version__, ("127.0.0.1", port), "/sparql", process)))


def _in_memory(server: Server) -> Server:
    """Wait until ours has its store in memory, as the native one has it before it answers at all."""
    asked = f"GET /readyz HTTP/1.1\r\nHost: {server.address[0]}\r\n\r\n".encode()
    until = time.monotonic() + LOADS_WITHIN
    while time.monotonic() < until:
        with Connection(server.address, 60) as connection:
            if json.loads(connection.ask(asked, keep=True).body)["in_memory"]:
                return server
        time.sleep(0.2)
    server.stop()
    raise MissingError(f"{server.name} has no store in memory after {LOADS_WITHIN:g} s")


def native(data: Data) -> Server:
    """The Oxigraph server without a folder keeps all in memory, and takes its data over HTTP."""
    port = processes.free_port()
    with (data.work / "oxigraph.log").open("wb") as log:
        process = processes.start([_program("oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"], log=log)
    server = ready(Server(NATIVE, _version("oxigraph"), ("127.0.0.1", port), "/query", process))
    body = data.merged.read_bytes()
    lines = ("POST /store?default HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Type: application/n-triples")
    head = "\r\n".join((*lines, f"Content-Length: {len(body)}", "", ""))
    with Connection(server.address) as connection:
        reply = connection.ask(head.encode() + body, keep=True)
    if reply.status not in (200, 201, 204):
        server.stop()
        raise MissingError(f"it does not take the data: {reply.status} {reply.body[:200]!r}")
    return server


def rdflib_endpoint(data: Data) -> Server:
    port = processes.free_port()
    program = _program("rdflib-endpoint")
    with (data.work / "rdflib-endpoint.log").open("wb") as log:
        process = processes.start([program, "serve", "--host", "127.0.0.1", "--port", str(port), data.merged], log=log)
    return ready(Server(RDFLIB, _version("rdflib-endpoint"), ("127.0.0.1", port), "/", process))


def virtuoso_server(data: Data) -> Server:
    program = shutil.which("virtuoso-t")
    if program is None or shutil.which("isql-vt") is None:
        raise MissingError("not installed (Debian: apt-get install virtuoso-opensource-7)")
    folder = data.work / f"virtuoso-{data.merged.stem}"
    port, process = virtuoso.start(program, folder, data.merged)
    server = Server(VIRTUOSO, virtuoso.version(program), ("127.0.0.1", port), "/sparql", process)
    try:
        return ready(server)
    except (client.BrokenReplyError, OSError) as error:
        server.stop()
        raise MissingError(str(error)) from error


STARTERS: Final[dict[str, Callable[[Data], Server]]] = {
    OURS: ours, NATIVE: native, RDFLIB: rdflib_endpoint, VIRTUOSO: virtuoso_server,
}  # fmt: skip


def _program(name: str) -> Path:
    """A command that pip put beside this Python."""
    path = Path(sys.executable).parent / name
    if not path.is_file():
        raise MissingError('not installed (pip install -e ".[bench]", as `make bench-endpoint` does)')
    return path


def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)


def ready(server: Server, *, every: float = 0.05) -> Server:
    """Wait until it answers a query. Raises MissingError."""
    question = server.request(SHORT)
    until = time.monotonic() + LOADS_WITHIN
    while time.monotonic() < until and server.process.poll() is None:
        try:
            with Connection(server.address, 60) as connection:
                if connection.ask(question).status == 200:
                    return server
        except OSError:
            pass
        time.sleep(every)
    server.stop()
    raise MissingError(
        f"{server.name} did not answer; see its log in {server.name}.log of the folder for the benchmark"
    )
