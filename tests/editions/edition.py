"""One edition made up from a seed, with both of its layouts and the answers that it must give."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from tests.editions import charts, flow, frames, missions, rows, tabbed
from tests.editions.model import Answers, Chart, FocalPoint, Frame, Link, Listed, Missions, Ratification, Row

YEAR = 2041


@dataclass(frozen=True)
class Edition:
    """An edition of the report that nobody printed; a part that is None is left out."""

    seed: int
    chart: Chart | None
    missions: Missions | None
    rows: tuple[Row, ...]
    frame: Frame | None

    def tabbed(self) -> str:
        """The text as tables of tab-separated rows."""
        return tabbed.write(random.Random(self.seed), self.chart, self.missions, self.rows, self.frame)

    def flow(self) -> str:
        """The text as it comes out of a PDF: columns lost, cells and links wrapped."""
        return flow.write(random.Random(self.seed), self.chart, self.missions, self.rows, self.frame)

    def expected(self) -> Answers:
        """What the packaged questions must answer for this edition, without begin and end."""
        notes = [*(self.chart.notes if self.chart else ()), *(self.frame.notes if self.frame else ())]
        return Answers(
            ratifications=list(_ratifications(self.chart)) if self.chart else [],
            rows=[Listed(row.organization, row.name, row.shared_with) for row in self.rows],
            links=[link for row in self.rows for link in _links(row)],
            frameworks=[fact for row in self.rows for document in row.documents for fact in document.facts],
            focal_points=[fact for row in self.rows for fact in _focal_points(row)],
            figures=list(chain(*(cell for row in self.missions.rows for cell in row.facts))) if self.missions else [],
            glossary=list(self.frame.glossary) if self.frame else [],
            notes=notes,
        )


def edition(seed: int, *, columns_lost: bool = False) -> Edition:
    """The edition of this seed. With `columns_lost` it has nothing that a flow cannot show: no empty cell in a grid,
    no second header line, no footnote, no list inside a cell, no names of people."""
    rng = random.Random(seed)
    chart = charts.draw(rng, YEAR, columns_lost=columns_lost) if rng.random() < 0.9 else None
    peacekeeping = missions.draw(rng, YEAR, blanks=not columns_lost) if rng.random() < 0.7 else None
    table = rows.draw(rng, columns_lost=columns_lost) if chart is None or rng.random() < 0.9 else ()
    frame = frames.draw(rng, YEAR, columns_lost=columns_lost) if rng.random() < 0.7 else None
    return Edition(seed, chart, peacekeeping, table, frame)


def _ratifications(chart: Chart) -> Iterator[Ratification]:
    for row in chart.rows:
        for column, cell in zip(chart.columns, row.cells, strict=True):
            yield Ratification(
                row.name, row.iso3, column.instrument, cell.status, cell.year, cell.mode, cell.force, cell.ended
            )  # fmt: skip


def _links(row: Row) -> Iterator[Link]:
    """A link belongs to the nearest organization named before it in its row."""
    owner = row.organization
    for part in row.links:
        owner = part.owner or owner
        labels = [part.label, *(name or part.label for name in part.names)]
        yield from (Link(row.organization, owner, label, url) for label, url in zip(labels, part.urls, strict=False))


def _focal_points(row: Row) -> list[FocalPoint]:
    """What the third column lists; an empty cell is something else than N/A."""
    return [focal.fact for focal in row.focals] or [FocalPoint(row.organization, "", "empty", "", "")]
