"""What is measured of our server alone: a query that never ends, the packaged questions, and how fast it starts."""

import statistics
import time
from typing import Final

import asked
import load
import processes
import servers
from client import Connection
from figures import Absolute, Figure, median
from rates import Effort, first_time, messages
from servers import Data, Server

from kg.ask import questions
from kg.graph.store import load_store

DEADLINE: Final = 1
PATIENCE: Final = 5.0
# Others ask 400 short queries a second, from a moment before the endless one until one second after its end.
EVERY: Final = 0.0025
BEFORE: Final = 0.3
AFTER: Final = 1.0
RUNS: Final = 5
SLOW: Final = 20.0
Found = list[Figure | Absolute]
ENDLESS_ROWS: Final = ("endless:refused", "endless:lost", "endless:others", "endless:busy")


def endless(data: Data, subjects: tuple[str, ...], effort: Effort) -> Found:
    """On a server of its own, which is thrown away after it."""
    server = servers.ours(data)
    try:
        rounds = []
        for _ in range(effort.rounds):
            status, *values = _one_endless(server, subjects)
            if status != 503:
                note = f"{status or 'no answer'} after {values[0]:.1f} s instead of 503"
                refused, *unknown = ENDLESS_ROWS
                left = [Figure(row, data.name, None, note="not measured, since there was no 503") for row in unknown]
                return [Figure(refused, data.name, None, note=note), *left]
            rounds.append(values)
    finally:
        server.stop()
    times, lost, others, busy = zip(*rounds, strict=True)
    return [
        median("endless:refused", data.name, times),
        Figure("endless:lost", data.name, sum(lost), lost, f"in all {len(lost)} rounds together"),
        median("endless:others", data.name, others),
        median("endless:busy", data.name, busy),
    ]


def _one_endless(server: Server, subjects: tuple[str, ...]) -> tuple[int, float, float, float, float]:
    """The status, seconds to it, requests of others lost, their p99 as a multiple of the idle one, % of a core used."""
    seconds = BEFORE + DEADLINE + AFTER
    idle = load.run(_others(server, subjects, seconds))
    others = load.begin(_others(server, subjects, seconds))
    time.sleep(BEFORE)
    path = f"{server.path}?timeout={DEADLINE}"
    message = Server(server.name, server.version, server.address, path, server.process).request(
        asked.new(asked.ENDLESS)
    )
    begin = time.perf_counter()
    with Connection(server.address, PATIENCE) as connection:
        try:
            status = connection.ask(message).status
        except OSError:
            status = 0
    refused = time.perf_counter()
    outcome = load.end(others)
    time.sleep(max(refused + 2 - time.perf_counter(), 0))
    busy = 100 * processes.busy(server.process.pid, 0.5)
    return status, refused - begin, outcome.lost, outcome.quantile(0.99) / idle.quantile(0.99), busy


def _others(server: Server, subjects: tuple[str, ...], seconds: float) -> load.Job:
    first = asked.skip(10_000)
    return load.Job(server.address, messages(server, first_time(subjects)), 8, seconds, first, EVERY)


def packaged_questions(data: Data) -> Found:
    """Every packaged question as `tipkg query` asks it, all rows, on the store in memory: the median after a first."""
    store = load_store(data.folder)
    found: dict[str, float] = {}
    for name in questions.names():
        costs = []
        for _ in range(RUNS + 1):
            begin = time.perf_counter()
            questions.ask(store, name, {})
            costs.append(1000 * (time.perf_counter() - begin))
        found[name] = statistics.median(costs[1:])
    over = {name: cost for name, cost in found.items() if cost > SLOW}
    slow = ", ".join(f"{name} {cost:.1f}" for name, cost in sorted(over.items(), key=lambda item: -item[1]))
    note = f"the slowest of {len(found)}; their median {statistics.median(found.values()):.1f}; over {SLOW:g} ms: "
    figure = Figure("questions", data.name, max(found.values()), tuple(found.values()), note + (slow or "none"))
    return [figure]


def start(data: Data) -> Found:
    """From the start of the process to the first answer of /sparql; the files are in the memory of the system."""
    times = [_start(data) for _ in range(RUNS)]
    note = f"the best of {RUNS}; their median {statistics.median(times):.2f}"
    return [Figure("start", data.name, min(times), tuple(times), note)]


def _start(data: Data) -> float:
    port = processes.free_port()
    command = servers.serve_command(data, port)
    with (data.work / "tipkg-start.log").open("wb") as log:
        begin = time.perf_counter()
        process = processes.start(command, log=log)
    server = Server(servers.OURS, "", ("127.0.0.1", port), "/sparql", process)
    try:
        servers.ready(server, every=0.001)
        return time.perf_counter() - begin
    finally:
        server.stop()
