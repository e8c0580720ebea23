"""Makes a flow undecidable on purpose: its chart has lost what a reader would need to know whose a value is."""

import random
from dataclasses import replace
from typing import NamedTuple

from tests.editions.edition import Edition, edition
from tests.editions.flow import write_grid
from tests.editions.model import Cell, Chart, StateRow

FAULTS = ("vanished cell", "lost name", "marks", "cell more")


class SpoiledFlow(NamedTuple):
    """An edition, and the first and last 1-based number of the lines of which the refusal must name one."""

    edition: Edition
    first: int
    last: int


def spoil(seed: int, fault: str) -> SpoiledFlow:
    """The first edition from this seed on whose chart has more than one column, with this fault in one row."""
    rng = random.Random(f"{fault} {seed}")
    number = seed * 1000
    while not _fits(made := edition(number, columns_lost=True)):
        number += 1
    chart = made.chart
    assert chart is not None, "only editions with a chart fit"
    place = rng.randrange(1, len(chart.rows)) if fault == "lost name" else rng.randrange(len(chart.rows))
    rows = [_spoiled(rng, row, fault) if fault == "marks" or n == place else row for n, row in enumerate(chart.rows)]
    worse = replace(chart, rows=tuple(rows))
    first = 0 if fault == "marks" else max(place - 1, 0)
    return SpoiledFlow(replace(made, chart=worse), _line(worse, first), _line(worse, place + 1))


def _fits(made: Edition) -> bool:
    return made.chart is not None and len(made.chart.columns) > 1


def _spoiled(rng: random.Random, row: StateRow, fault: str) -> StateRow:
    cells = list(row.cells)
    place = rng.randrange(len(cells))
    if fault == "vanished cell":
        cells[place] = Cell("", "blank")
    elif fault == "cell more":
        cells.insert(place, Cell("2003", "party", "2003"))
    elif fault == "marks":
        cells = [Cell("X" if cell.status == "party" else "", "party") for cell in cells]
    return replace(row, name="" if fault == "lost name" else row.name, cells=tuple(cells))


def _line(chart: Chart, place: int) -> int:
    """The 1-based number of the line on which the row begins, or on which the chart ends."""
    return len(write_grid(replace(chart, rows=chart.rows[:place]))) + 1
