"""Time and memory of what people wait for, beside the limits set for two cores: `make bench`. Measures, judges nothing.

Every figure is the best of several runs (on a shared machine the best is the least disturbed one); memory is the
largest resident set that the operating system saw."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Store

from kg.ask import questions
from kg.graph.store import load_store, open_store

RUNS = 5
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


def answer(store: Store, name: str) -> Cost:
    begin = time.perf_counter()
    questions.ask(store, name, {})
    return Cost(time.perf_counter() - begin, 0)


def ask_all(graph: Path) -> None:
    """Every packaged question, all rows, warm: on the store in memory, as it is served, and on the one on disk."""
    memory, disk = load_store(graph), open_store(graph)
    for name in questions.names():
        fast, slow = (best(partial(answer, store, name)).seconds * 1000 for store in (memory, disk))
        line(f"question {name}, warm", fast, "ms", 50, f"on disk {slow:.1f} ms")


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
        ask_all(Path(graph))


if __name__ == "__main__":
    main()
