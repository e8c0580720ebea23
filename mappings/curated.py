"""Curated tables: what people read in a paper's prose, one statement a row, each tied to the place that says so.

A table is curated/<source>/<record kind>.tsv. Its columns: a permanent id; the section, by its key; the locator, the
shortest phrase that stands once in that section; until, a second phrase if the passage ends in a later sentence; and
what the statement says, as in kg/records/paper.py. The passage is the whole sentence or sentences. A link target has no
place of its own: it stands where the link stands. A finding is about statements of this source, kind/id.
"""

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources.abc import Traversable
from typing import Final

from kg.mappings import curated_rows, names
from kg.mappings.curated_lists import ENTITIES, THINGS
from kg.mappings.curated_rows import Row
from kg.mappings.reading import Reading
from kg.read.mentions import phrase as printed
from kg.read.prose import Prose
from kg.read.text import SourceError, Span, line_number
from kg.record_tables import RecordError
from kg.records import KINDS, Curated, Designation, Finding, LinkTarget, Quantity, Reference, Statement, fold

FIRST: Final = ("id", "section", "locator", "until")
# Columns that hold words as the passage prints them.
PRINTED: Final[Mapping[type[Statement], tuple[str, ...]]] = {
    Designation: ("name", "abbreviation"),
    Reference: ("phrase",),
}
FILLED: Final = frozenset({*FIRST, "begin", "end", "sha256", "where"})


class CuratedError(RecordError):
    """Rows that do not hold: all of them, one a line, each with file and line."""


@dataclass(frozen=True)
class Part:
    """A stretch of the paper that rows name in their section column, and what people call it."""

    key: str
    organization: str
    title: str
    span: Span


def read(
    reading: Reading, prose: Prose, parts: Sequence[Part], folder: Traversable, *, others: Iterable[Statement] = ()
) -> list[Statement]:
    """The statements of all tables of the folder. `others` are the statements that code has read: links, which link
    targets point to, and what findings are about. Raises CuratedError listing every row that does not hold."""
    problems: list[str] = []
    rows = [row for table in _tables(folder, problems) for row in _rows(table, problems)]
    sections = {part.key: part for part in parts}
    said = {(other.kind, other.id): other for other in others}
    known = {*said, *((row.kind.kind, row.cells["id"]) for row in rows)}
    passages: dict[int, Span] = {}
    seen: dict[tuple[str, str], str] = {}
    phrases: dict[tuple[str, str], str] = {}
    for index, row in enumerate(rows):
        found = [*curated_rows.problems(row), *_pointing(row, known)]
        first = seen.setdefault((row.kind.kind, row.cells["id"]), row.place)
        if first != row.place:
            found.append(f"the id {row.cells['id']!r} is used twice, first in {first}")
        if row.kind is Reference:
            meant = phrases.setdefault((row.cells["section"], row.cells["phrase"].lower()), row.place)
            if meant != row.place:
                found.append(f"the phrase {row.cells['phrase']!r} is given a meaning twice, first in {meant}")
        try:
            passages[index] = _passage(prose, sections, row, said)
            found += _unprinted(prose, row, passages[index])
        except SourceError as error:
            found.append(error.message)
        problems += [f"{row.place}: {problem}" for problem in found]
    if problems:
        raise CuratedError("\n".join(problems))
    return [_statement(reading, prose, sections, row, passages[index], said) for index, row in enumerate(rows)]


def _tables(folder: Traversable, problems: list[str]) -> Iterator[Traversable]:
    tables = sorted((item for item in folder.iterdir() if item.name.endswith(".tsv")), key=lambda item: item.name)
    for table in tables:
        kind = KINDS.get(table.name.removesuffix(".tsv"))
        if kind and issubclass(kind, Curated | Finding | LinkTarget):
            yield table
        else:
            problems.append(f"{table}: no kind of curated record has this name")


def columns(kind: type[Statement]) -> list[str]:
    """The columns of a curated table: those of its records but for the place, which extract fills in."""
    first = ("id",) if kind is LinkTarget else FIRST
    return [*first, *(field.name for field in fields(kind) if field.name not in FILLED)]


def _rows(table: Traversable, problems: list[str]) -> Iterator[Row]:
    kind = typing.cast(type[Statement], KINDS[table.name.removesuffix(".tsv")])
    names_of = columns(kind)
    header, *lines = table.read_text(encoding="utf-8").split("\n")
    if header.split("\t") != names_of:
        problems.append(f"{table}:1: columns must be {' '.join(names_of)}; found {header.replace(chr(9), ' ')}")
        return
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if line and len(cells) != len(names_of):
            problems.append(f"{table}:{number}: {len(cells)} values for {len(names_of)} columns")
        elif line:
            yield Row(f"{table}:{number}", kind, dict(zip(names_of, cells, strict=True)))


def _pointing(row: Row, known: set[tuple[str, str]]) -> Iterator[str]:
    """Statements that the row points to and that are not there."""
    if row.kind is Quantity and row.cells["subset_of"] and ("quantity", row.cells["subset_of"]) not in known:
        yield f"subset_of: no quantity has the id {row.cells['subset_of']!r}"
    if row.kind is LinkTarget and ("link", row.cells["link"]) not in known:
        yield f"link: no link has the id {row.cells['link']!r}"
    if row.kind is Finding and tuple(row.cells["about"].split("/", 1)) not in known:
        yield f"about: no statement is {row.cells['about']!r} (kind/id)"


def _passage(prose: Prose, sections: Mapping[str, Part], row: Row, said: Mapping[tuple[str, str], Statement]) -> Span:
    if row.kind is LinkTarget:
        link = said.get(("link", row.cells["link"]))
        return Span(link.begin, link.end) if link else Span(0, 0)
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


def _unprinted(prose: Prose, row: Row, passage: Span) -> Iterator[str]:
    """Names and phrases that the row says are printed, and that its passage does not have."""
    for column in PRINTED.get(row.kind, ()):
        cell = row.cells[column]
        if cell and not printed(cell).search(prose.text, passage.begin, passage.end):
            yield f"{column}: {cell!r} is not printed in the passage"


def _find(prose: Prose, sections: Mapping[str, Part], part: Part, phrase: str) -> Span:
    if not fold(phrase):
        raise SourceError("the locator is empty", part.span.begin)
    for other in sections.values() if not prose.occurrences(phrase, part.span) else ():
        found = prose.occurrences(phrase, other.span)
        if found:
            line = line_number(prose.text, found[0].begin)
            raise SourceError(f"{phrase!r} stands in {other.title} (line {line}), not in {part.title}", found[0].begin)
    return prose.find(phrase, part.span)


def _statement(
    reading: Reading,
    prose: Prose,
    sections: Mapping[str, Part],
    row: Row,
    passage: Span,
    said: Mapping[tuple[str, str], Statement],
) -> Statement:
    kept = {field.name for field in fields(row.kind)}
    values = {column: row.value(column) for column in row.cells if column in kept}
    for kind_of, key in _things(row):
        reading.use(names.kind_of_organization(key) if kind_of == "organization" else kind_of, key)
    record: Callable[..., Statement] = row.kind
    if row.kind is LinkTarget:
        link = said["link", row.cells["link"]]
        return record(**values, begin=link.begin, end=link.end, sha256=link.sha256, where=link.where)
    where = sections[row.cells["section"]].title, f"page {prose.page(passage.begin)}"
    place = reading.place(passage, *where, f"search for: {fold(row.cells['locator'])}")
    return record(**values, **place)


def _things(row: Row) -> Iterator[tuple[str, str]]:
    """The things that the row names, by kind and id."""
    for column in row.cells:
        if column not in ENTITIES and (column not in THINGS or row.kind is Finding):
            continue
        value = row.value(column)
        for each in (value,) if isinstance(value, str) else value:
            kind_of, _, key = each.partition("/") if column in THINGS else (ENTITIES[column], "", each)
            if key:
                yield kind_of, key
