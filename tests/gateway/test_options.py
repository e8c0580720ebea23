"""Options of `tipkg serve` that a running server shows."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway.conftest import Running, Start, until
from tests.gateway.folders import write_folder
from tests.gateway.test_builds import put

CALLING = "SELECT * { ?s ?p ?o SERVICE <https://query.wikidata.org/sparql> { ?s ?q ?z } }"
RESIDENT = """
import pathlib, re, sys
from kg.gateway.application import Application
from kg.gateway.settings import Settings

settings = Settings(pathlib.Path(sys.argv[1]), "many", True, None, False, 30.0, 1000, 2**29, 100, 10_000, (), 1024,
                    sys.argv[2] == "copied")
app = Application(settings).make()
print(re.search(r"VmRSS:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1])
"""


def test_no_service_holds_on_loopback_too(start: Start, folder: Path) -> None:
    server = start(folder, "--no-service")
    refused = server.ask(CALLING)
    assert refused.status == 403
    assert "this endpoint calls no other endpoint" in str(refused.json["detail"])
    assert b"BasicFederatedQuery" not in server.get("/sparql", {"Accept": "text/turtle"}).body


def modes(server: Running) -> list[object]:
    return [event["mode"] for event in server.events("serving")]


@pytest.mark.parametrize(
    ("most", "mode"), [("600", "memory"), ("599", "memory without copy"), ("300", "memory without copy")]
)
def test_graph_of_300_quads_has_a_copy_of_its_default_graph_up_to_half_of_what_memory_may_hold(
    start: Start, folder: Path, most: str, mode: str
) -> None:
    server = start(folder, "--memory-quads", most)
    until(lambda: len(modes(server)) == 2)
    assert modes(server) == ["disk", mode]
    assert server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body.count(b'"300"') == 1


@pytest.mark.parametrize("most", ["299", "0"])
def test_graph_that_memory_may_not_hold_stays_on_disk(start: Start, tmp_path: Path, most: str) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_folder(first, build_id="first", triples=300)
    write_folder(second, build_id="second", triples=300)
    server = start(first, "--memory-quads", most)
    put(second, first)
    until(lambda: server.get("/readyz").json["build"] == "second")
    assert modes(server) == ["disk", "disk"]


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="memory is read from Linux's /proc")
def test_store_without_copy_needs_less_memory(tmp_path: Path) -> None:
    write_folder(tmp_path / "store", build_id="many", triples=30_000)
    copied, alone = (resident(tmp_path / "store", how) for how in ("copied", "alone"))
    assert copied - alone > 5 * 1024


def resident(folder: Path, how: str) -> int:
    """KiB of a process that has made the application."""
    command = [sys.executable, "-c", RESIDENT, str(folder), how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
