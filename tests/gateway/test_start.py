"""What is read before the first answer, which waits for all of it; and what is read before the forks instead."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kg.gateway.first_line import first_line
from kg.gateway.launch import launch, launched
from kg.gateway.settings import Settings
from tests.gateway.folders import write_folder

# Libraries of the pages, of the questions, of SERVICE and of the build, and rooms that read them.
LATE = {
    *("anyio", "httpx", "jinja2", "jsonschema", "pydantic", "rapidfuzz", "rdflib", "rich", "sqlite3", "yaml"),
    *("importlib.resources", "starlette.requests", "starlette.responses", "starlette.routing"),
    *("kg.ask.questions", "kg.ask.search", "kg.federate.tokens", "kg.serve.guarded", "kg.serve.rooms"),
}
# Of the process that answers: no event loop, and nothing of the command line.
NOT_IN_A_WORKER = LATE | {"asyncio", "click", "http.client", "kg.cli", "uvloop"}

ANSWER = """
from kg.gateway.application import Application
from kg.gateway.settings import Settings
from kg.serve.now import respond
import kg.gateway.zygote, json, pathlib, sys

settings = Settings(pathlib.Path(sys.argv[1]), "build-1", sys.argv[2] == "memory", None, False, 30.0, 1000, 2**29,
                    100, 10_000, (), 1024, sys.argv[2] == "memory")

def ask(app, path, query="", accept=b"*/*"):
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
             "headers": [(b"host", b"localhost"), (b"accept", accept)], "scheme": "http", "root_path": "",
             "http_version": "1.1", "client": None, "server": ("localhost", None)}
    messages = []
    respond(app, scope, b"", messages.append)
    return messages[0]["status"]
"""


def run(code: str, folder: Path, mode: str) -> dict[str, list[str]]:
    command = [sys.executable, "-c", ANSWER + code, str(folder), mode]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "store"
    write_folder(folder, build_id="build-1", triples=10)
    return folder


def test_first_answer_needs_nothing_of_the_pages(small: Path) -> None:
    code = """
status = ask(Application(settings).make(), "/sparql", "query=ASK%7B%7D")
print(json.dumps({"statuses": [status], "modules": list(sys.modules)}))
"""
    found = run(code, small, "disk")
    assert (found["statuses"], NOT_IN_A_WORKER & set(found["modules"])) == ([200], set())


def test_gateway_starts_without_the_application(small: Path) -> None:
    code = "import sys, kg.cli.serving, kg.gateway.launch, kg.gateway.listen, kg.gateway.server; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    later = LATE | {"kg.serve.app", "kg.serve.evaluate", "kg.gateway.application", "prometheus_client"}
    assert later & set(loaded) == set()


def test_zygote_is_launched_before_options_are_read() -> None:
    code = "import sys, kg.cli, kg.gateway.launch; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert (LATE | {"asyncio", "click", "prometheus_client", "pyoxigraph"}) & set(loaded) == set()


WARM_PATHS = """
paths = ["/", "/questions", "/questions/states_with_focal_points", "/docs", "/openapi.json", "/schema.json", "/nothing",
         "/llms.txt", "/dumps", "/catalogue.ttl", "/ontology.ttl", "/ontology", "/static/page.css", "/.well-known/void"]
"""
AFTER = """
before = set(sys.modules)
for path in paths:
    ask(app, path)
    ask(app, path, accept=b"text/html")
ask(app, "/sparql", "query=SELECT+*+FROM+%3Chttp://example.org/%3E+%7B+?s+?p+?o+%7D")
ask(app, "/sparql", "query=nonsense")
ask(app, "/sparql")
late = sorted(name for name in set(sys.modules) - before if name.startswith(("kg.serve", "kg.ask", "kg.federate")))
print(json.dumps({"late": late, "rooms": ["kg.serve.rooms"] if "kg.serve.rooms" in before else []}))
"""


def test_workers_of_the_store_in_memory_have_read_all_that_requests_need(small: Path) -> None:
    found = run("app = Application(settings).make()\n" + WARM_PATHS + AFTER, small, "memory")
    assert found == {"late": [], "rooms": ["kg.serve.rooms"]}


def test_workers_of_a_store_that_stays_on_disk_have_read_all_that_needs_no_store(small: Path) -> None:
    code = "made = Application(settings)\nmade.prepare()\napp = made.make()\n" + WARM_PATHS + AFTER
    assert run(code, small, "disk") == {"late": [], "rooms": ["kg.serve.rooms"]}


def test_zygote_forks_after_it_has_prepared(small: Path) -> None:
    settings = Settings(small, "build-1", False, None, False, 30.0, 1000, 2**29, 100, 10_000, (), 1024, False)
    with launched(os.environ) as zygote, zygote.control.makefile("rb") as said:
        zygote.control.sendall(settings.to_json().encode() + b"\n")
        # The first worker comes unasked.
        assert [list(json.loads(said.readline())) for _ in range(2)] == [["ready"], ["worker"]]
        zygote.control.sendall(b"prepare\nspawn\n")
        assert list(json.loads(said.readline())) == ["worker"]


def test_first_line_leaves_what_follows_with_its_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        ours.sendall(b"settings\n")
        socket.send_fds(ours, [b"x"], [ours.fileno()])
        assert first_line(theirs) == "settings\n"
        data, (descriptor,), _, _ = socket.recv_fds(theirs, 10, 1)
        os.close(descriptor)
        assert data == b"x"


def test_zygote_that_is_told_nothing_ends(small: Path) -> None:
    zygote = launch(os.environ)
    zygote.control.close()
    assert zygote.process.wait(60) == 1


def test_zygote_that_reads_its_modules_ends_at_once_with_the_block_that_launched_it() -> None:
    with launched(os.environ) as zygote:
        pass
    assert zygote.process.poll() == -signal.SIGTERM


def test_zygote_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.gateway.launch._TO_END", 0.1)
    with launched(os.environ) as zygote:
        os.kill(zygote.process.pid, signal.SIGSTOP)
        os.waitpid(zygote.process.pid, os.WUNTRACED)
    assert zygote.process.poll() == -signal.SIGKILL
