"""The endpoint beside its peers, in one run on one machine, the servers taking turns: `make bench-endpoint`.

Measures, judges nothing: each figure stands beside the floor and the aim set for it. docs/performance.md says how, and
has the figures of the release."""

import argparse
import datetime
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asked
import figures
import made_up
import own
import processes
import rates
import servers
import table
import times
from client import BrokenReplyError
from figures import Absolute, Figure, Results
from pyoxigraph import QuerySolutions, Store
from rates import Effort
from servers import Data, Server

from kg.graph.build import build, packaged_records
from kg.record_tables import read

REAL: Final = "real graph"
SIZES: Final = (50_000, 1_000_000)
QUICK_SIZES: Final = (20_000,)
Part = Callable[[], list[Figure | Absolute]]


@dataclass(frozen=True)
class Plan:
    """What is measured in this run, and where its files are kept."""

    work: Path
    store: Path | None
    sizes: tuple[int, ...]
    without: tuple[str, ...]
    effort: Effort


def main() -> None:
    options = _options()
    if options.write:
        table.check(options.write)
    results = figures.read(options.show) if options.show else measure(_plan(options), options.json)
    if options.json:
        results.write(options.json)
    table.show(results)
    if options.write:
        table.write(results, options.write)


def measure(plan: Plan, saved: Path | None = None) -> Results:
    """All graphs one after the other; what is done is saved after each, since a run takes its time."""
    results = Results(datetime.datetime.now(datetime.UTC).date().isoformat(), _machine())
    _say("the ceiling of the load")
    how = "wrk" if plan.effort.wrk else "benchmarks/load.py, pure Python"
    results.remarks.append(
        f"The load ({how}) shares the cores with the servers; against a server that answers all requests with the same "
        f"bytes it reaches {rates.ceiling(plan.effort):,.0f} requests/s, so no rate can be higher"
    )
    for graph in _graphs(plan):
        results.graphs[graph.name] = graph.statements
        _measure_graph(graph, plan, results)
        if saved:
            results.write(saved)
    return results


def _measure_graph(graph: Data, plan: Plan, results: Results) -> None:
    subjects = statements(graph)
    with _running(graph, plan, results) as running:
        results.add(_memory(running, graph.name))
        parts: dict[str, Part] = {
            "same answers": lambda: _compare(running, graph.name, subjects[0], results),
            "rates": lambda: rates.rates(running, graph.name, subjects, plan.effort),
            "evaluations": lambda: times.evaluations(running, graph.name, plan.effort),
            "304": lambda: times.not_modified(running[servers.OURS], graph.name, plan.effort),
            "100,000 rows": lambda: times.large(running, graph.name, plan.effort),
        }
        _measure_parts(parts, graph, results)
    alone: dict[str, Part] = {"a query that never ends": lambda: own.endless(graph, subjects, plan.effort)}
    if graph.name == REAL:
        alone["packaged questions"] = lambda: own.packaged_questions(graph)
        alone["start"] = lambda: own.start(graph)
    _measure_parts(alone, graph, results)


def _measure_parts(parts: dict[str, Part], graph: Data, results: Results) -> None:
    """One that fails is told of, and costs no other its figures."""
    for name, part in parts.items():
        _say(f"{graph.name}: {name}")
        try:
            results.add(part())
        except OSError as error:
            _say(f"{graph.name}: {name} failed: {error}")
            results.remarks.append(f"{graph.name}: {name} could not be measured ({error})")


@contextmanager
def _running(graph: Data, plan: Plan, results: Results) -> Iterator[dict[str, Server]]:
    """All servers at once, with this graph; idle ones cost memory only."""
    running: dict[str, Server] = {}
    try:
        for name, starter in servers.STARTERS.items():
            if name in plan.without:
                results.missing[name] = "left out by --without"
                continue
            _say(f"{graph.name}: starting {name}")
            try:
                running[name] = starter(graph)
                results.versions[name] = running[name].version
            except (servers.MissingError, BrokenReplyError) as error:
                _say(f"{name}: {error}")
                results.missing[name] = str(error)
        yield running
    finally:
        for server in running.values():
            server.stop()


def _compare(running: dict[str, Server], graph: str, subject: str, results: Results) -> list[Figure | Absolute]:
    """No figures: only remarks, where a server gives another number of rows."""
    results.remarks += [f"{graph}: {line}" for line in times.same_rows(running, subject)]
    return []


def _memory(running: dict[str, Server], graph: str) -> list[Figure | Absolute]:
    values = {name: processes.memory(processes.family(server.process.pid)) for name, server in running.items()}
    return [Absolute("memory with the graph loaded", graph, n, "MiB", (v / processes.MIB,)) for n, v in values.items()]


def statements(graph: Data) -> tuple[str, ...]:
    """IRIs of statements, which the short queries ask for."""
    found = Store.read_only(str(graph.folder / "store")).query(asked.STATEMENTS)
    assert isinstance(found, QuerySolutions)
    return tuple(sorted({solution["s"].value for solution in found}))


def _graphs(plan: Plan) -> Iterator[Data]:
    real = plan.store or plan.work / "real"
    if plan.store is None:
        _say("building the real graph from the packaged records")
        build([read(folder) for folder in sorted(packaged_records().iterdir()) if folder.is_dir()], real)
    yield servers.data(REAL, real, plan.work / "files")
    for size in plan.sizes:
        folder = plan.work / f"made-up-{size}"
        _say(f"making up {size:,} quads")
        made_up.write(folder, size)
        yield servers.data(f"{size:,} quads made up", folder, plan.work / "files")


def _machine() -> dict[str, str]:
    return {"cores": str(os.cpu_count()), "Python": platform.python_version(), "Linux": platform.release()}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="folder of tipkg build with the real graph; without it, it is built")
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="folder for graphs and logs")
    parser.add_argument("--sizes", help=f"quads of the made-up graphs, with commas ({','.join(map(str, SIZES))})")
    parser.add_argument("--without", default="", help="servers to leave out, with commas")
    parser.add_argument("--rounds", type=int, default=Effort.rounds, help="rounds in which all servers take turns")
    parser.add_argument("--seconds", type=float, default=Effort.seconds, help="seconds of each load in a round")
    parser.add_argument("--wrk", action="store_true", help="let wrk make the load (Debian: apt-get install wrk)")
    parser.add_argument("--quick", action="store_true", help="two short rounds and a small graph: does it run at all?")
    parser.add_argument("--json", type=Path, help="write the results to this file")
    parser.add_argument("--show", type=Path, help="measure nothing, show the results of such a file")
    parser.add_argument("--write", type=Path, help="put the tables into this page, docs/performance.md")
    return parser.parse_args()


def _plan(options: argparse.Namespace) -> Plan:
    sizes: tuple[int, ...] = QUICK_SIZES if options.quick else SIZES
    if options.sizes is not None:
        sizes = tuple(int(size) for size in options.sizes.split(",") if size)
    effort = Effort(options.rounds, options.seconds, wrk=options.wrk)
    if options.quick:
        effort = Effort(rounds=2, seconds=0.3, questions=2, patient=False, wrk=options.wrk)
    return Plan(options.work, options.store, sizes, tuple(options.without.split(",")), effort)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
