"""The rows of curated tables, and what can be wrong with one whatever the paper says."""

import re
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from kg.mappings import names
from kg.mappings.curated_lists import DATES, ENTITIES, NEEDED, OWN_WORDS, SYMMETRIC, THINGS, VALUES
from kg.records import KINDS, Finding, Many, Quantity, Statement

KINDS_OF_THINGS: Final = ("organization", "body", "programme", "instrument", "state", "region")
LONGEST: Final = 8  # words of a phrase
DATE: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
LISTS: Final = {  # the columns of a kind that hold lists
    kind: frozenset(column for column, hint in typing.get_type_hints(record).items() if hint == Many)
    for kind, record in KINDS.items()
}
NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Row:
    """A row with its place (file:line). An empty cell of a list column is an empty list."""

    place: str
    kind: type[Statement]
    cells: dict[str, str]

    def value(self, column: str) -> str | Many:
        """The cell, as a list where the record has one."""
        if column not in LISTS[self.kind.kind]:
            return self.cells[column]
        return tuple(self.cells[column].split("|")) if self.cells[column] else ()


def problems(row: Row) -> Iterator[str]:
    """Everything that is wrong with the row in itself."""
    yield from _said(row)
    yield from _known(row)
    yield from _shape(row)


def _said(row: Row) -> Iterator[str]:
    """What is wrong with id and phrases, whatever the paper says."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row.cells["id"]):
        yield f"the id {row.cells['id']!r} must be small letters and digits, joined by hyphens"
    for column in ("locator", "until"):
        words = len(row.cells.get(column, "").split())
        if words > LONGEST:
            yield f"{column} has {words} words; at most {LONGEST} may be quoted"


def _known(row: Row) -> Iterator[str]:
    """Values of closed lists, ids of the shared tables, dates and numbers that are none."""
    for column, cell in row.cells.items():
        if not cell:
            continue
        value = row.value(column)
        one = column if isinstance(value, str) else column.removesuffix("s")
        for each in (value,) if isinstance(value, str) else value:
            if column in THINGS:
                yield from _thing(row, column, each)
            elif column in ENTITIES or column in VALUES:
                yield from _listed(column, ENTITIES.get(column, one), each, _allowed(column))
            elif column in DATES and not DATE.fullmatch(each):
                yield f"{column}: {each!r} is no date (2018, 2018-04 or 2018-04-30)"
    if row.kind is Quantity and not NUMBER.fullmatch(row.cells["value"]):
        yield f"value: {row.cells['value']!r} is no plain number"


def _thing(row: Row, column: str, value: str) -> Iterator[str]:
    if row.kind is Finding:
        return  # it is about a statement, which is looked for when all of them are there
    kind_of, slash, key = value.partition("/")
    if not slash or kind_of not in KINDS_OF_THINGS:
        yield f"{column}: {value!r} is no kind/id (kinds: {', '.join(KINDS_OF_THINGS)})"
    else:
        yield from _listed(column, kind_of, key, _keys(kind_of))


def _listed(column: str, what: str, value: str, allowed: Sequence[str]) -> Iterator[str]:
    if value not in allowed:
        near = ", ".join(match[0] for match in process.extract(value, allowed, scorer=fuzz.ratio, limit=3))
        yield f"{column}: unknown {what} {value!r} (nearest: {near})"


def _allowed(column: str) -> Sequence[str]:
    return VALUES[column] if column in VALUES else _keys(ENTITIES[column])


def _keys(kind_of: str) -> Sequence[str]:
    """The ids of a kind of thing; a column of organizations may name bodies too, but kind/id says which it is."""
    if kind_of == "state":
        return tuple(names.states())
    if kind_of == "body":
        return tuple(key for key in names.table("organizations") if names.kind_of_organization(key) == "body")
    return tuple(names.table(f"{kind_of}s"))


def _shape(row: Row) -> Iterator[str]:
    """Rules between columns: what must be said; planned is not done; a hub has one cooperator; nobody cooperates with
    itself; own words are few."""
    cells = row.cells
    yield from (f"{column} is empty" for column in NEEDED.get(row.kind.kind, ()) if not cells[column])
    for column, most in OWN_WORDS.items():
        words = len(cells.get(column, "").split())
        if words > most:
            yield f"{column} has {words} words; at most {most}"
    ended = cells.get("ended", "")
    for begin in ("since", "date"):
        if ended and ended < cells.get(begin, "")[: len(ended)]:
            yield f"ended {ended} is before {begin} {cells[begin]}"
    if cells.get("role") == "planned" and cells["progress"] != "planned":
        yield "a planned role needs the progress planned"
    if "pattern" in cells:
        yield from _pattern(row)


def _pattern(row: Row) -> Iterator[str]:
    cells, cooperators, counterparts = row.cells, row.value("cooperators"), row.value("counterparts")
    some, others = len(cooperators), len(counterparts)
    rules = {
        "hub": (some == 1 and (others > 0 or bool(cells["others"])), "one cooperator and its counterparts or others"),
        "joint": (some > 1 and others == 0, "two or more cooperators and no counterparts"),
        "directed": (some > 0 and others > 0, "cooperators and counterparts"),
    }
    holds, words = rules.get(cells["pattern"], (True, ""))
    if not holds:
        yield f"{cells['pattern']} takes {words}; found {some} and {others}"
    if len({*cooperators, *counterparts}) < some + others:
        yield "an organization is named twice"
    if (cells["relation"] in SYMMETRIC) == (cells["pattern"] == "directed") and cells["relation"] in VALUES["relation"]:
        directed = "a directed one" if cells["relation"] not in SYMMETRIC else "no directed one"
        yield f"the relation {cells['relation']!r} is {directed}; the pattern is {cells['pattern']}"
