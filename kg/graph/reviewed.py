"""The tables of reviews in queries/checks: findings that a person has reviewed, and facts from outside the graph."""

import csv
import functools
import importlib.resources
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Final

from kg import iris
from kg.graph.checks import SEVERITIES, Check, ChecksError, packaged_checks

KNOWN: Final = "queries/checks/known.tsv"
OUTSIDE: Final = "queries/checks/outside.tsv"


@dataclass(frozen=True)
class Known:
    """A reviewed finding of a check. entity and property are IRIs, severity is "" unless the review changes it, and
    same_as is the IRI of a recorded finding that reports the same thing ("" for none)."""

    check: str
    entity: str
    property: str
    value: str
    severity: str
    same_as: str
    review: str


@dataclass(frozen=True)
class Outside:
    """A finding that rests on a fact from outside the graph: the statement (an IRI), what is claimed there, the outside
    source, how much it matters, and what a reader should make of it."""

    id: str
    statement: str
    claim: str
    source: str
    severity: str
    comment: str


@functools.cache
def packaged_known() -> tuple[Known, ...]:
    """The reviewed list that comes with the package. Raises ChecksError."""
    return read_known(_packaged(KNOWN), packaged_checks())


@functools.cache
def packaged_outside() -> tuple[Outside, ...]:
    """The outside facts that come with the package. Raises ChecksError."""
    return read_outside(_packaged(OUTSIDE))


def _packaged(path: str) -> str:
    return (importlib.resources.files("kg.queries") / "checks" / path.rpartition("/")[2]).read_text(encoding="utf-8")


def read_known(text: str, checks: Sequence[Check]) -> tuple[Known, ...]:
    """The reviewed list. Raises ChecksError with the line: columns, an unknown check or severity, a row twice."""
    queries = [check.name for check in checks if check.query]
    found: dict[tuple[str, ...], Known] = {}
    for line, row in _rows(KNOWN, text, [field.name for field in fields(Known)]):
        _among(f"{KNOWN}:{line}: check", row["check"], queries)
        _among(f"{KNOWN}:{line}: severity", row["severity"], ("", *SEVERITIES))
        _filled(f"{KNOWN}:{line}", row, ("entity", "property", "review"))
        row |= {name: _iri(row[name]) for name in ("entity", "property", "same_as")}
        row["value"] = _iri(row["value"]) if _is_path(row["value"]) else row["value"]
        key = (row["check"], row["entity"], row["property"], row["value"])
        if key in found:
            raise ChecksError(f"{KNOWN}:{line}: the same check, entity, property and value as in an earlier line")
        found[key] = Known(**row)
    return tuple(found.values())


def read_outside(text: str) -> tuple[Outside, ...]:
    """The outside facts. Raises ChecksError with the line: columns, an unknown severity, an id twice, a gap."""
    found: dict[str, Outside] = {}
    for line, row in _rows(OUTSIDE, text, [field.name for field in fields(Outside)]):
        _among(f"{OUTSIDE}:{line}: severity", row["severity"], SEVERITIES)
        _filled(f"{OUTSIDE}:{line}", row, ("id", "statement", "claim", "source", "comment"))
        if row["id"] in found:
            raise ChecksError(f"{OUTSIDE}:{line}: the id {row['id']!r} stands in an earlier line")
        found[row["id"]] = Outside(**{**row, "statement": _iri(row["statement"])})
    return tuple(found.values())


def _rows(file: str, text: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    lines = text.rstrip("\n").split("\n")
    if lines[0].split("\t") != list(columns):
        raise ChecksError(f"{file}:1: the columns must be {', '.join(columns)}")
    for number, cells in enumerate(csv.reader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        if len(cells) != len(columns):
            raise ChecksError(f"{file}:{number}: {len(cells)} cells; there are {len(columns)} columns")
        yield number, dict(zip(columns, cells, strict=True))


def _among(what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ChecksError(f"{what} {value!r} is unknown; known: {', '.join(name for name in allowed if name)}")


def _filled(where: str, row: dict[str, str], columns: Sequence[str]) -> None:
    empty = [name for name in columns if not row[name]]
    if empty:
        raise ChecksError(f"{where}: {', '.join(empty)} must not be empty")


def _is_path(value: str) -> bool:
    return value.startswith(("statement/", "id/", "vocab/", "passage/", "source/", "text/", "finding/", "ontology#"))


def _iri(value: str) -> str:
    """What is written without the base of our IRIs gets it; tip:mode is a term of the ontology."""
    expand: Callable[[str], str] = iris.term if value.startswith("tip:") else iris.BASE.__add__
    return expand(value.removeprefix("tip:")) if value and "://" not in value else value


def compact(iri: str) -> str:
    """An IRI of ours as the tables write it."""
    if iri.startswith(iris.ONTOLOGY):
        return f"tip:{iri.removeprefix(iris.ONTOLOGY)}"
    return iri.removeprefix(iris.BASE)
