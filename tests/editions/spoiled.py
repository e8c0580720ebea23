"""Makes an edition undecidable on purpose: one fault, and the lines of which one must be named by the refusal."""

import random
from collections.abc import Callable
from typing import NamedTuple

from tests.editions.edition import Edition, edition
from tests.editions.model import Chart
from tests.editions.tabbed import CAPTIONS, CONVENTIONS, MULTILATERAL


class Spoiled(NamedTuple):
    """A text, the 1-based numbers of the lines at fault, and words that the message must hold."""

    text: str
    lines: frozenset[int]
    words: str


class _Place(NamedTuple):
    """The lines of a text, and where its chart and its organizations stand: first row and number of rows."""

    lines: list[str]
    header: int
    states: list[int]
    organizations: list[int]


def spoil(seed: int, fault: str) -> Spoiled:
    """The first edition from this seed on that has two columns or more and organizations, with this fault."""
    rng = random.Random(f"{fault} {seed}")
    number = seed * 1000
    while (found := _place(edition(number))) is None:
        number += 1
    at, words = FAULTS[fault](rng, found)
    return Spoiled("\n".join(found.lines), frozenset(line + 1 for line in at), words)


def _place(made: Edition) -> _Place | None:
    if made.chart is None or not made.rows or len(made.chart.columns) < 2 or made.chart.breaks:
        return None
    lines = made.tabbed().replace("\r\n", "\n").split("\n")
    header = lines.index(CONVENTIONS) + 4
    last = lines.index(MULTILATERAL)
    three = [n for n in range(last + 3, len(lines)) if lines[n].count("\t") == 2]
    organizations = [n for n in three if CAPTIONS[0] not in lines[n]]
    return _Place(lines, header, _states(made.chart, lines, header), organizations)


def _states(chart: Chart, lines: list[str], header: int) -> list[int]:
    first = next(
        n for n in range(header, len(lines)) if lines[n].split("\t")[0] == chart.rows[0].name + chart.rows[0].mark
    )
    return list(range(first, first + len(chart.rows)))


Fault = Callable[[random.Random, _Place], tuple[list[int], str]]


def _cells(place: _Place, line: int, cells: list[str]) -> list[int]:
    place.lines[line] = "\t".join(cells)
    return [line]


def _marks(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    """A chart that has an X where others have a year."""
    for line in place.states:
        name, *cells = place.lines[line].split("\t")
        _cells(place, line, [name, *("X" if any(c.isdigit() for c in cell) else "" for cell in cells)])
    place.lines[place.states[0]] = place.lines[place.states[0]].split("\t")[0] + "\tX" * _width(place)
    return [place.states[0]], "X"


def _width(place: _Place) -> int:
    return place.lines[place.header].count("\t")


def _vanished(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.states)
    name, *cells = place.lines[line].split("\t")
    del cells[rng.randrange(len(cells))]
    return _cells(place, line, [name, *cells]), "too few"


def _wide(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.states)
    name, *cells = place.lines[line].split("\t")
    cells.insert(rng.randrange(len(cells) + 1), rng.choice(("2001", "", "—")))
    return _cells(place, line, [name, *cells]), "too many"


def _truncated(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    """The text ends in the middle of a row."""
    line = rng.choice(place.states)
    cells = place.lines[line].split("\t")
    # One line with a tab would be no table: in the first row a second cell is kept.
    kept = rng.randrange(1 + (line == place.states[0]), len(cells))
    del place.lines[line + 1 :]
    return _cells(place, line, cells[:kept]), "cell"


def _second_chart(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    """Another chart with another header, under the same heading or under the same one printed again."""
    header = place.lines[place.header].split("\t")
    other = "\t".join([header[0], *header[:0:-1]])
    again = rng.choice(([""], ["", CONVENTIONS + " (CONTINUED)", ""]))
    end = place.states[-1] + 1
    row = "\t".join(["Malta", *["2001"] * _width(place)])
    place.lines[end:end] = [*again, other, row]
    return [end + len(again)], "second"


def _no_caption(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    cells = place.lines[place.header].split("\t")
    cells[rng.randrange(1, len(cells))] = ""
    return _cells(place, place.header, cells), "no caption"


def _no_header(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    del place.lines[place.header : place.states[0]]
    return [place.header], "caption"


def _same_column(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    cells = place.lines[place.header].split("\t")
    cells[1], cells[2] = "ILO Convention 189, Domestic Workers", "Domestic Workers Convention"
    return _cells(place, place.header, cells), "two columns"


def _no_state(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.states)
    name = rng.choice(("Lilliput", "Nigerria", "", "Guinea Niger", "Niger and Nigeria"))
    return _cells(place, line, [name, *place.lines[line].split("\t")[1:]]), "state" if name else "no country name"


def _twice(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.states)
    end = place.states[-1] + 1
    place.lines.insert(end, place.lines[line])
    return [end], "second row"


BAD_CELLS = (
    *("2016?", "20016", "2016/2017", "2016 2017", "2016(ab)", "yes", "X", "N/A", "(a)", "216", "?", "2016a"),
    *("2016 (into force 31 Feb 2017)", "2016 (into force soon)", "2016 (into force 2017", "into force 2017"),
    *("2016(a)(A)", "2016 2003 —"),
)


def _bad_cell(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.states)
    cells = place.lines[line].split("\t")
    cells[rng.randrange(1, len(cells))] = rng.choice(BAD_CELLS)
    return _cells(place, line, cells), "column"


def _short_row(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.organizations)
    cells = place.lines[line].split("\t")
    del cells[rng.randrange(3)]
    return _cells(place, line, cells), "too few"


def _wide_row(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = rng.choice(place.organizations)
    cells = place.lines[line].split("\t")
    cells.insert(rng.randrange(4), "<p>One cell more</p>")
    return _cells(place, line, cells), "too many"


def _no_organization(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    """A row whose first column is empty: its values belong to nobody."""
    line = rng.choice(place.organizations)
    header = max(n for n in range(line) if CAPTIONS[0] in place.lines[n])
    cells = place.lines[line].split("\t")
    cells[place.lines[header].split("\t").index(CAPTIONS[0])] = ""
    return _cells(place, line, cells), "names no organization"


def _same_organization(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    line = place.organizations[-1]
    place.lines.insert(line + 1, place.lines[line])
    return [line + 1], "second row"


def _ended(rng: random.Random, place: _Place) -> tuple[list[int], str]:
    """A footnote that ends what a cell says, but no cell has its mark or its words say no date of the calendar."""
    line = place.states[-1] + 2
    verb = rng.choice(
        ("denounced this convention in the rain", "withdrew when it rained", "gave notice of denunciation")
    )
    place.lines.insert(line, f"† This state {verb} in 2040.")
    return [line], "ends"


FAULTS: dict[str, Fault] = {
    "marks": _marks, "vanished cell": _vanished, "row too wide": _wide, "truncated": _truncated,
    "second chart": _second_chart, "no caption": _no_caption, "no header": _no_header, "same column": _same_column,
    "no state": _no_state, "state twice": _twice, "bad cell": _bad_cell, "short row": _short_row,
    "wide row": _wide_row, "no organization": _no_organization, "organization twice": _same_organization,
    "ended": _ended,
}  # fmt: skip
