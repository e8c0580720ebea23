"""How long single queries take, one connection, one after the other: evaluation, large results, 304."""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import asked
import processes
import servers
from client import Connection, Reply
from figures import Absolute, Figure, median, ratios
from rates import Effort
from servers import Server

# These take seconds for a large result, and are asked once.
SLOW: Final = (servers.RDFLIB, servers.VIRTUOSO)
ROWS: Final = 100_000
REPEATS: Final = 50
Found = list[Figure | Absolute]


def same_rows(running: Mapping[str, Server], subject: str) -> list[str]:
    """What the servers answer differently, in words: how many rows each query has. The large one is not asked here."""
    told = []
    for name, query in {"10-row query": asked.POINT.format(subject), **asked.EVALUATIONS}.items():
        rows = {server: _rows(_ask(running[server], query, keep=True)) for server in running}
        told += [
            f"{name}: {server} gives {count} rows, {servers.OURS} {rows[servers.OURS]}"
            for server, count in rows.items()
            if count != rows[servers.OURS]
        ]
    return told


def evaluations(running: Mapping[str, Server], graph: str, effort: Effort) -> Found:
    """Each query with a new text every time; within a round the servers take turns at every single question."""
    found: Found = []
    all_ratios: list[float] = []
    notes = []
    for name, query in asked.EVALUATIONS.items():
        rounds = _in_turns(running, query, effort, lambda reply: reply.total)
        found += [
            Absolute(name, graph, server, "ms", tuple(1000 * v for v in values)) for server, values in rounds.items()
        ]
        own = ratios(rounds.get(servers.NATIVE, ()), rounds[servers.OURS])
        all_ratios += own
        notes.append(f"{name} {statistics.median(own):.2f}" if own else "")
    return [*found, median("evaluation:native", graph, all_ratios, ", ".join(filter(None, notes)))]


def large(running: Mapping[str, Server], graph: str, effort: Effort) -> Found:
    """Memory first, since what a process has once taken it may keep; then times, undisturbed by looking at memory."""
    found: Found = []
    growths: dict[str, list[float]] = {name: [] for name in running}
    for number in range(effort.rounds):
        for name, server in running.items():
            if name not in SLOW or (number == 0 and effort.patient):
                with processes.Peak(server.process.pid) as peak:
                    _ask(server, asked.LARGE)
                growths[name].append(peak.growth / processes.MIB)
    found += [
        Absolute("100,000 rows, growth of memory", graph, name, "MiB", tuple(values))
        for name, values in growths.items()
        if values
    ]
    own = growths[servers.OURS]
    note = f"the largest of {len(own)} rounds; their median {statistics.median(own):.1f}"
    found.append(Figure("large:memory", graph, max(own), tuple(own), note))
    return found + _large_times(running, graph, effort)


def _large_times(running: Mapping[str, Server], graph: str, effort: Effort) -> Found:
    firsts: dict[str, list[float]] = {name: [] for name in running}
    totals: dict[str, list[float]] = {name: [] for name in running}
    for number in range(effort.rounds):
        for name, server in running.items():
            if name not in SLOW or (number == 0 and effort.patient):
                reply = _ask(server, asked.LARGE)
                firsts[name].append(1000 * reply.first)
                totals[name].append(1000 * reply.total)
    found: Found = []
    for what, values in (("first byte", firsts), ("last byte", totals)):
        measured = {name: some for name, some in values.items() if some}
        found += [Absolute(f"100,000 rows, {what}", graph, name, "ms", tuple(v)) for name, v in measured.items()]
    found.append(median("large:total", graph, ratios(totals[servers.OURS], totals.get(servers.NATIVE, ()))))
    return [*found, median("large:first", graph, firsts[servers.OURS])]


def not_modified(server: Server, graph: str, effort: Effort) -> Found:
    """In each round a new aggregate, and then the same again with the ETag that it was given."""
    evaluated: list[float] = []
    repeated: list[float] = []
    for _ in range(effort.rounds):
        query = asked.new(asked.AGGREGATE)
        with Connection(server.address) as connection:
            first = _good(server, connection.ask(server.request(query)))
            again = server.request(query, If_None_Match=first.header("etag"))
            replies = [connection.ask(again) for _ in range(REPEATS)]
        if {reply.status for reply in replies} != {304}:
            return [Figure("not-modified", graph, None, note=f"no 304 but {replies[0].status}")]
        evaluated.append(1000 * first.total)
        repeated.append(1000 * statistics.median(reply.total for reply in replies))
    what = "aggregate, {}, one connection"
    return [
        Absolute(what.format("first evaluation"), graph, server.name, "ms", tuple(evaluated)),
        Absolute(what.format("304"), graph, server.name, "ms", tuple(repeated)),
        median("not-modified", graph, ratios(evaluated, repeated)),
    ]


def _in_turns(
    running: Mapping[str, Server], query: str, effort: Effort, value: Callable[[Reply], float]
) -> dict[str, tuple[float, ...]]:
    """The median of each round by server. rdflib-endpoint is asked in the first round only, and once."""
    connections = {name: Connection(server.address) for name, server in running.items()}
    rounds: dict[str, list[float]] = {name: [] for name in running}
    for number in range(effort.rounds):
        values: dict[str, list[float]] = {name: [] for name in running}
        for which in range(effort.questions):
            for name, server in running.items():
                if name != servers.RDFLIB or number == which == 0:
                    reply = connections[name].ask(server.request(asked.new(query)))
                    values[name].append(value(_good(server, reply)))
        for name, some in values.items():
            rounds[name] += [statistics.median(some)] if some else []
    for connection in connections.values():
        connection.close()
    return {name: tuple(values) for name, values in rounds.items()}


def _ask(server: Server, query: str, *, keep: bool = False) -> Reply:
    with Connection(server.address) as connection:
        return _good(server, connection.ask(server.request(asked.new(query)), keep=keep))


def _good(server: Server, reply: Reply) -> Reply:
    if reply.status != 200:
        raise OSError(f"{server.name} answers {reply.status}")
    return reply


def _rows(reply: Reply) -> int:
    bindings: Sequence[object] = json.loads(reply.body)["results"]["bindings"]
    return len(bindings)
