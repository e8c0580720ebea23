"""How many short queries a second, eight connections at once: asked for the first time, and repeated."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asked
import load
import processes
import servers
from figures import Absolute, Figure, median, ratios
from servers import Server

CONNECTIONS: Final = 8
# More than any server answers in one round.
NUMBERS: Final = 1_000_000
FIRST: Final = "first-time 10-row query, 8 connections"
REPEATED: Final = "repeated 10-row query, 8 connections"
WRK: Final = """\
local texts, number, at = {{}}, {first}, 0
for text in io.lines("{file}") do texts[#texts + 1] = text end
for i, text in ipairs(texts) do texts[i] = text:gsub("|", "\\r\\n") end
function request()
  number = number + 1
  return (texts[number % #texts + 1]:gsub("@", number))
end
function done(summary)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True)
class Effort:
    """How much to measure: rounds, seconds of each load in a round, questions of each time in a round; `patient` waits
    for the large result of servers that take many seconds for it; `wrk` makes the load, not our own generator."""

    rounds: int = 5
    seconds: float = 1.5
    questions: int = 7
    patient: bool = True
    wrk: bool = False


class LoadError(OSError):
    """Requests of a load were not answered with 200, so that its rate means nothing."""


def rates(
    running: Mapping[str, Server], graph: str, subjects: tuple[str, ...], effort: Effort
) -> list[Figure | Absolute]:
    """First-time queries: each has another text, so no cache can answer. Repeated: all have the same."""
    found: list[Figure | Absolute] = []
    for key, what in (("first-time", FIRST), ("repeated", REPEATED)):
        texts = first_time(subjects) if key == "first-time" else (asked.new(first_time(subjects)[0]),)
        rounds = _rounds(running, texts, effort)
        found += [Absolute(what, graph, name, "requests/s", tuple(values)) for name, values in rounds.items() if values]
        for short, peer in (("native", servers.NATIVE), ("rdflib", servers.RDFLIB)):
            found.append(median(f"{key}:{short}", graph, ratios(rounds[servers.OURS], rounds.get(peer, ()))))
    return found


def _rounds(running: Mapping[str, Server], texts: tuple[str, ...], effort: Effort) -> dict[str, list[float]]:
    """A peer that loses requests is left out from then on. Raises LoadError where it is ours."""
    rounds: dict[str, list[float]] = {name: [] for name in running}
    failed: set[str] = set()
    for _ in range(effort.rounds):
        for name, server in running.items():
            if name in failed:
                continue
            try:
                rounds[name].append(_rate(server, texts, effort))
            except LoadError:
                if name == servers.OURS:
                    raise
                failed.add(name)
                rounds[name].clear()
    return rounds


def first_time(subjects: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(asked.POINT.format(subject) for subject in subjects)


def messages(server: Server, queries: tuple[str, ...]) -> tuple[str, ...]:
    """The requests of these queries; what stands for a number is left as it is."""
    return tuple(server.request(query).decode().replace("%40", load.NUMBER) for query in queries)


def _rate(server: Server, queries: tuple[str, ...], effort: Effort) -> float:
    first = asked.skip(NUMBERS)
    job = load.Job(server.address, messages(server, queries), CONNECTIONS, effort.seconds, first)
    outcome = by_wrk(job) if effort.wrk else load.run(job)
    if outcome.lost or not outcome.answered:
        raise LoadError(f"{server.name}: {outcome.lost} requests of {outcome.answered} were not answered with 200")
    return outcome.rate


def ceiling(effort: Effort) -> float:
    """Requests a second against a server that answers all with the same bytes: more than this is not measurable."""
    port = processes.free_port()
    with open(os.devnull, "wb") as log:  # noqa: PTH123
        process = processes.start([sys.executable, load.__file__, "static", str(port)], log=log)
    server = Server("static", "", ("127.0.0.1", port), "/sparql", process)
    try:
        servers.ready(server)
        return max(_rate(server, first_time(("urn:x-benchmark:thing",)), effort) for _ in range(3))
    finally:
        server.stop()


def by_wrk(job: load.Job) -> load.Outcome:
    """The same load by wrk, which is written in C (Debian: apt-get install wrk); whole seconds only."""
    with tempfile.TemporaryDirectory() as folder:
        texts, script = Path(folder) / "requests.txt", Path(folder) / "load.lua"
        texts.write_text("".join(text.replace("\r\n", "|") + "\n" for text in job.requests), encoding="utf-8")
        script.write_text(WRK.format(first=job.first_number, file=texts), encoding="utf-8")
        url = f"http://{job.address[0]}:{job.address[1]}/"
        command = ["wrk", "-t1", f"-c{job.connections}", f"-d{max(round(job.seconds), 1)}s", f"-s{script}", url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    line = next(line for line in said.splitlines() if line.startswith("RESULT"))
    requests, microseconds, errors = map(int, line.split()[1:])
    return load.Outcome(requests - errors, errors, microseconds / 1e6, 0.0, ())
