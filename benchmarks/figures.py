"""What is measured, the floor and the aim of each row, and the results as they lie in the JSON file."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

Limit = float | None


@dataclass(frozen=True)
class Row:
    """A row of the table: `floor` is what it must be at least (or at most, where less is better), `aim` is wanted."""

    key: str
    what: str
    unit: str
    floor: Limit
    aim: Limit
    more_is_better: bool = False

    def verdict(self, value: float) -> str:
        if self.aim is not None and self._reaches(value, self.aim):
            return "aim met"
        if self.floor is None:
            return "no limit set"
        return "met" if self._reaches(value, self.floor) else "not met"

    def _reaches(self, value: float, limit: float) -> bool:
        return value >= limit if self.more_is_better else value <= limit


ROWS: Final = (
    Row("first-time:native", "first-time 10-row query, 8 connections : native", "x", 0.25, 0.5, True),
    Row("first-time:rdflib", "first-time 10-row query, 8 connections : rdflib-endpoint", "x", 5, 10, True),
    Row("evaluation:native", "evaluation of 1 ms and more, speed : native", "x", 0.9, 1.1, True),
    Row("large:total", "100,000 rows, time for all : native", "x", 1.5, 1.2),
    Row("large:first", "100,000 rows, first byte", "ms", 25, 10),
    Row("large:memory", "100,000 rows, growth of memory", "MiB", 8, 1),
    Row("repeated:native", "repeated query, our cache : native without a cache", "x", 1.0, 2.5, True),
    Row("repeated:rdflib", "repeated query, our cache : rdflib-endpoint without a cache", "x", 25, 60, True),
    Row("not-modified", "304 : first evaluation of an aggregate", "x", 50, 200, True),
    Row("endless:refused", "a query that never ends, deadline 1 s: its 503 after", "s", 1.1, 1.05),
    Row("endless:lost", "other requests lost meanwhile", "", 0, None),
    Row("endless:others", "p99 of the others meanwhile : idle", "x", 10, None),
    Row("endless:busy", "processor still in use from 2 s after the 503", "% of a core", 5, None),
    Row("questions", "slowest packaged question, warm, in process", "ms", 100, 20),
    Row("start", "start to first answer, built store", "s", 0.6, 0.25),
)
BY_KEY: Final = {row.key: row for row in ROWS}


@dataclass(frozen=True)
class Figure:
    """The value of one row on one graph: the median of its rounds unless the note says otherwise; None: see note."""

    row: str
    graph: str
    value: float | None
    rounds: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Absolute:
    """What one server did: the median of its rounds, which are all there too."""

    what: str
    graph: str
    server: str
    unit: str
    rounds: tuple[float, ...]

    @property
    def value(self) -> float:
        return statistics.median(self.rounds)


@dataclass
class Results:
    """All of a run. `remarks` are sentences that belong under the table."""

    date: str = ""
    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    graphs: dict[str, int] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    absolutes: list[Absolute] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, found: "Sequence[Figure | Absolute]") -> None:
        self.figures += [item for item in found if isinstance(item, Figure)]
        self.absolutes += [item for item in found if isinstance(item, Absolute)]

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> Results:
    """Raises TypeError where a file is of another version of this program."""
    values = json.loads(path.read_text(encoding="utf-8"))
    figures = [Figure(**{**value, "rounds": tuple(value["rounds"])}) for value in values.pop("figures")]
    absolutes = [Absolute(**{**value, "rounds": tuple(value["rounds"])}) for value in values.pop("absolutes")]
    return Results(**values, figures=figures, absolutes=absolutes)


def median(row: str, graph: str, rounds: Sequence[float], note: str = "") -> Figure:
    value = statistics.median(rounds) if rounds else None
    return Figure(row, graph, value, tuple(rounds), note if rounds else note or "not measured: no such server here")


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> list[float]:
    """Round by round; a server that was not measured in every round gives as many as it has."""
    return [a / b for a, b in zip(numerators, denominators, strict=False) if b]
