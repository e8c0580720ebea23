"""Curated tables: what people read in a paper's prose, one statement a row, each tied to the place that says so.

A table is curated/<source>/<record kind>.tsv. Its columns: a permanent id; the section, by its key; the locator, the
shortest phrase that stands once in that section; until, a second phrase if the passage ends in a later sentence; and
what the statement says, as in kg/records. The passage is the whole sentence or sentences.
"""

import re
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources.abc import Traversable
from typing import Final

from rapidfuzz import fuzz, process

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.read.prose import Prose
from kg.read.text import SourceError, Span, line_number
from kg.record_tables import RecordError
from kg.records import KINDS, Many, Statement, fold

LONGEST: Final = 8  # words of a phrase
FIRST: Final = ("id", "section", "locator", "until")
FILLED: Final = frozenset({*FIRST, "begin", "end", "sha256", "where"})
ENTITIES: Final = {
    "programme": "programme",
    "organization": "organization",
    "cooperators": "organization",
    "counterparts": "organization",
    "states": "state",
}
VALUES: Final = {
    "role": ("lead", "initiator", "implementing_partner", "funder", "beneficiary", "planned"),
    "progress": ("done", "ongoing", "planned"),
    "pattern": ("hub", "joint", "directed"),
    "relation": (
        *("works-with", "partners-on", "implements-with", "co-leads", "leads", "chairs", "coordinates"),
        *("secretariat-of", "member-of", "governing-body-of", "hosts", "manages", "funds", "supports-or-advises"),
        *("contributes-to", "engages-with", "mandates", "requests", "reports-to", "co-organizes", "launched"),
        *("signed-with", "liaison-at", "guardian-of", "established", "uses", "monitors", "invites", "appoints"),
    ),
}


class CuratedError(RecordError):
    """Rows that do not hold: all of them, one a line, each with file and line."""


@dataclass(frozen=True)
class Part:
    """A stretch of the paper that rows name in their section column, and what people call it."""

    key: str
    organization: str
    title: str
    span: Span


@dataclass(frozen=True)
class Row:
    """A row with its place (file:line). An empty cell of a list column is an empty list."""

    place: str
    kind: type[Statement]
    cells: dict[str, str]

    def value(self, column: str) -> str | Many:
        """The cell, as a list where the record has one."""
        if typing.get_type_hints(self.kind)[column] is str:
            return self.cells[column]
        return tuple(self.cells[column].split("|")) if self.cells[column] else ()


def read(reading: Reading, prose: Prose, parts: Sequence[Part], folder: Traversable) -> list[Statement]:
    """The statements of all tables of the folder. Raises CuratedError listing every row that does not hold."""
    problems: list[str] = []
    rows = [row for table in _tables(folder, problems) for row in _rows(table, problems)]
    sections = {part.key: part for part in parts}
    passages: dict[int, Span] = {}
    seen: dict[tuple[str, str], str] = {}
    for index, row in enumerate(rows):
        found = [*_said(row), *_known(row), *_shape(row)]
        first = seen.setdefault((row.kind.kind, row.cells["id"]), row.place)
        if first != row.place:
            found.append(f"the id {row.cells['id']!r} is used twice, first in {first}")
        try:
            passages[index] = _passage(prose, sections, row)
        except SourceError as error:
            found.append(error.message)
        problems += [f"{row.place}: {problem}" for problem in found]
    if problems:
        raise CuratedError("\n".join(problems))
    return [_statement(reading, prose, sections, row, passages[index]) for index, row in enumerate(rows)]


def _tables(folder: Traversable, problems: list[str]) -> Iterator[Traversable]:
    tables = sorted((item for item in folder.iterdir() if item.name.endswith(".tsv")), key=lambda item: item.name)
    for table in tables:
        kind = KINDS.get(table.name.removesuffix(".tsv"))
        if kind and "locator" in (field.name for field in fields(kind)):
            yield table
        else:
            problems.append(f"{table}: no kind of curated record has this name")


def _rows(table: Traversable, problems: list[str]) -> Iterator[Row]:
    kind = typing.cast(type[Statement], KINDS[table.name.removesuffix(".tsv")])
    columns = [*FIRST, *(field.name for field in fields(kind) if field.name not in FILLED)]
    header, *lines = table.read_text(encoding="utf-8").split("\n")
    if header.split("\t") != columns:
        problems.append(f"{table}:1: columns must be {' '.join(columns)}; found {header.replace(chr(9), ' ')}")
        return
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if line and len(cells) != len(columns):
            problems.append(f"{table}:{number}: {len(cells)} values for {len(columns)} columns")
        elif line:
            yield Row(f"{table}:{number}", kind, dict(zip(columns, cells, strict=True)))


def _said(row: Row) -> Iterator[str]:
    """What is wrong with id and phrases, whatever the paper says."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row.cells["id"]):
        yield f"the id {row.cells['id']!r} must be small letters and digits, joined by hyphens"
    for column in ("locator", "until"):
        words = len(row.cells[column].split())
        if words > LONGEST:
            yield f"{column} has {words} words; at most {LONGEST} may be quoted"


def _known(row: Row) -> Iterator[str]:
    """Values of closed lists and ids of the shared tables that nobody knows."""
    for column in row.cells:
        if column not in ENTITIES and column not in VALUES:
            continue
        value = row.value(column)
        what, allowed = ENTITIES.get(column, column), _allowed(column)
        for each in (value,) if isinstance(value, str) else value:
            if each not in allowed:
                near = ", ".join(match[0] for match in process.extract(each, allowed, scorer=fuzz.ratio, limit=3))
                yield f"{column}: unknown {what} {each!r} (nearest: {near})"


def _allowed(column: str) -> Sequence[str]:
    if column in VALUES:
        return VALUES[column]
    kind_of = ENTITIES[column]
    return tuple(names.states() if kind_of == "state" else names.table(f"{kind_of}s"))


def _shape(row: Row) -> Iterator[str]:
    """Rules between columns: planned is not done; a hub has one cooperator; nobody cooperates with itself."""
    cells = row.cells
    if "role" in cells and (cells["role"] == "planned") != (cells["progress"] == "planned"):
        yield "role and progress must both be planned, or neither"
    if "pattern" in cells:
        cooperators, counterparts = row.value("cooperators"), row.value("counterparts")
        some, others = len(cooperators), len(counterparts)
        rules = {
            "hub": (some == 1 and others > 0, "one cooperator and its counterparts"),
            "joint": (some > 1 and others == 0, "two or more cooperators and no counterparts"),
            "directed": (some > 0 and others > 0, "cooperators and counterparts"),
        }
        holds, words = rules.get(cells["pattern"], (True, ""))
        if not holds:
            yield f"{cells['pattern']} takes {words}; found {some} and {others}"
        if len({*cooperators, *counterparts}) < some + others:
            yield "an organization is named twice"


def _passage(prose: Prose, sections: Mapping[str, Part], row: Row) -> Span:
    part = sections.get(row.cells["section"])
    if part is None:
        raise SourceError(f"unknown section {row.cells['section']!r}; sections: {' '.join(sections)}", 0)
    first = _find(prose, sections, part, row.cells["locator"])
    if not row.cells["until"]:
        return prose.passage(first, first)
    last = _find(prose, sections, part, row.cells["until"])
    if last.begin < first.begin:
        raise SourceError(f"until {row.cells['until']!r} stands before the locator", last.begin)
    return prose.passage(first, last)


def _find(prose: Prose, sections: Mapping[str, Part], part: Part, phrase: str) -> Span:
    if not fold(phrase):
        raise SourceError("the locator is empty", part.span.begin)
    for other in sections.values():
        found = prose.occurrences(phrase, other.span)
        if found and other is not part and not prose.occurrences(phrase, part.span):
            line = line_number(prose.text, found[0].begin)
            raise SourceError(f"{phrase!r} stands in {other.title} (line {line}), not in {part.title}", found[0].begin)
    return prose.find(phrase, part.span)


def _statement(reading: Reading, prose: Prose, sections: Mapping[str, Part], row: Row, passage: Span) -> Statement:
    values = {column: row.value(column) for column in row.cells if column != "until"}
    for column, kind_of in ENTITIES.items():
        value = values.get(column, ())
        for key in (value,) if isinstance(value, str) else value:
            reading.use(names.kind_of_organization(key) if kind_of == "organization" else kind_of, key)
    where = sections[row.cells["section"]].title, f"page {prose.page(passage.begin)}"
    place = reading.place(passage, *where, f"search for: {fold(row.cells['locator'])}")
    record: Callable[..., Statement] = row.kind
    return record(**values, **place)
