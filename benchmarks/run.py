"""Time and memory of what people wait for, beside the limits set for two cores: `make bench`. Measures, judges nothing.

Every figure is the best of several runs (on a shared machine the best is the least disturbed one); memory is the
largest resident set that the operating system saw."""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Store

from kg.ask import federated_questions, questions
from kg.ask.federated import FederationError, Whom, ask_federated
from kg.ask.search import Search
from kg.graph import search_index
from kg.graph.store import load_store, open_store
from kg.serve.guard import inspect

RUNS = 5
# A name, a code, beginnings, words, misprints, and what is not there.
SEARCHES = (
    *("International Labour Organization", "GIN", "UN", "t", "forced labour", "members of ICAT", "Palermo Protocl"),
    *("Organizaton for Securty and Coperation in Europe", "UNODOC", "zzz"),
)
VALUES = """PREFIX tip: <https://w3id.org/tipkg/ontology#>
SELECT ?n ?state { VALUES (?n ?iso3) { ROWS } ?state tip:alpha3 ?iso3 }"""
CODE = "from kg.cli import main; main()"


class Cost(NamedTuple):
    """Seconds of wall clock, and MB of memory."""

    seconds: float
    megabytes: float


def process(*arguments: str) -> Cost:
    """Run Python with these arguments, whole process, output thrown away. Raises SystemExit if it fails."""
    begin = time.perf_counter()
    command = [sys.executable, *arguments]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 our own command
    with child:
        error = child.stderr.read() if child.stderr else b""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {error.decode()}")
    return Cost(time.perf_counter() - begin, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024))


def best(run: Callable[[], Cost]) -> Cost:
    costs = [run() for _ in range(RUNS)]
    return Cost(min(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def line(what: str, value: float, unit: str, limit: float | None, remark: str = "") -> None:
    told = f"limit {limit:g} {unit}" if limit is not None else ""
    over = "OVER" if limit is not None and value > limit else ""
    print(f"{what:48} {value:9.3f} {unit:3} {told:12} {over:5} {remark}".rstrip())


def answers(store: Store, name: str, asked: Mapping[str, str]) -> list[float]:
    """Milliseconds of each run after the first, sorted."""
    runs = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        questions.ask(store, name, asked)
        runs.append((time.perf_counter() - begin) * 1000)
    return sorted(runs[1:])


def ask_all(graph: Path) -> None:
    """Every packaged question, all rows and the examples of its header, warm, the slowest first: on the store in
    memory, as it is served, and on the one on disk."""
    memory, disk = load_store(graph), open_store(graph)
    cases: list[tuple[str, Mapping[str, str]]] = [(name, {}) for name in questions.names()]
    cases += [(name, one.parameters) for name, _ in cases for one in questions.question(name).examples]
    costs = [(answers(memory, *case), answers(disk, *case), case) for case in cases]
    for fast, slow, (name, asked) in sorted(costs, key=lambda cost: -cost[0][0]):
        given = ", ".join(f"{key}={value}" for key, value in asked.items())
        remark = f"median {statistics.median(fast):.1f}, on disk {slow[0]:.1f}, median {statistics.median(slow):.1f} ms"
        line(f"question {name} {given}".rstrip(), fast[0], "ms", 100, remark)


def beside_all(graph: Path) -> None:
    """Every question beside Wikidata, all rows, warm, without a network: the twin, or what the graph itself holds."""
    memory = load_store(graph)
    for name in federated_questions.names():
        seconds = best(partial(offline, memory, name)).seconds
        line(f"question {name}, offline, warm", seconds * 1000, "ms", 250)


def offline(store: Store, name: str) -> Cost:
    begin = time.perf_counter()
    with contextlib.suppress(FederationError):
        ask_federated(store, name, {}, Whom(mode="offline"))
    return Cost(time.perf_counter() - begin, 0)


def asked_by_others(graph: Path) -> None:
    """A query of another engine with its rows as VALUES: read by the guard, and answered by the engine."""
    memory = load_store(graph)
    for count, limit in ((1_000, 100), (60_000, 4_000)):
        rows = " ".join(f'({n} "{("GIN", "XXX")[n % 2]}")' for n in range(count))
        seconds = best(partial(joined, memory, VALUES.replace("ROWS", rows))).seconds
        line(f"{count} rows of VALUES, warm", seconds * 1000, "ms", limit)


def joined(store: Store, query: str) -> Cost:
    begin = time.perf_counter()
    inspect(query)
    list(store.query(query))  # type: ignore[arg-type]
    return Cost(time.perf_counter() - begin, 0)


def search_all(graph: Path) -> None:
    """Searches, warm, on the index that the build wrote; and what it costs to make or open one."""
    search = Search.open(graph)
    seconds = sorted(best(partial(found, search, text)).seconds for text in SEARCHES)
    line("search, warm, p50", statistics.median(seconds) * 1000, "ms", 20, f"slowest {seconds[-1] * 1000:.1f} ms")
    line("open the index, first search by misprint", best(partial(first_search, graph)).seconds * 1000, "ms", None)
    store = open_store(graph)
    line("make the index of names", best(partial(indexed, graph.parent, store)).seconds, "s", 0.3)


def found(search: Search, text: str) -> Cost:
    begin = time.perf_counter()
    search.find(text) or search.nearest(text)
    return Cost(time.perf_counter() - begin, 0)


def first_search(graph: Path) -> Cost:
    begin = time.perf_counter()
    Search.open(graph).find("Palermo Protocl")
    return Cost(time.perf_counter() - begin, 0)


def indexed(folder: Path, store: Store) -> Cost:
    path = folder / search_index.FILE
    path.unlink(missing_ok=True)
    begin = time.perf_counter()
    search_index.write(path, store)
    return Cost(time.perf_counter() - begin, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, help="folder with the source texts, to measure extract")
    sources = parser.parse_args().sources
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, best of {RUNS}")
    with tempfile.TemporaryDirectory() as folder:
        graph, records = str(Path(folder) / "graph"), str(Path(folder) / "records")
        if sources:
            extract = ("extract", "--sources", str(sources), "--records", records)
            line("extract, whole process", best(lambda: process("-c", CODE, *extract)).seconds, "s", 5)
        else:
            print("extract: not measured, it needs the texts: make bench SOURCES=folder")
        build = best(lambda: process("-c", CODE, "build", "--out", graph))
        line("build from records, whole process", build.seconds, "s", 12)
        line("build from records, peak memory", build.megabytes, "MB", 600)
        query = ("query", "ratification_status", "--param", "edition=2017", "--store", graph, "--format", "csv")
        line("tipkg query, whole process", best(lambda: process("-c", CODE, *query)).seconds, "s", 0.6)
        line("import kg", best(lambda: process("-c", "import kg")).seconds, "s", None)
        line("python -c pass, for comparison", best(lambda: process("-c", "pass")).seconds, "s", None)
        found_by_name = ("search", "Palermo Protocl", "--store", graph)
        line("tipkg search, whole process", best(lambda: process("-c", CODE, *found_by_name)).seconds, "s", 0.6)
        search_all(Path(graph))
        ask_all(Path(graph))
        beside_all(Path(graph))
        asked_by_others(Path(graph))


if __name__ == "__main__":
    main()
