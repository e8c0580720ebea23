"""The index of names: every thing of a graph with all that it is called, for search. SQLite with FTS5, one file."""

import csv
import importlib.resources
import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from kg import iris
from kg.graph import folding

FILE: Final = "search.sqlite"
# Another layout of the tables gets another number: an index of another one is not read.
FORMAT: Final = 1
# What a name is, the most telling first.
NAME, CODE, ALIAS, PRINTED = range(4)
KINDS: Final = {
    iris.term("Organization"): "organization",
    iris.term("Body"): "body",
    iris.term("State"): "state",
    iris.term("Instrument"): "instrument",
    iris.term("Programme"): "programme",
    iris.term("Region"): "region",
    iris.term("Event"): "event",
    iris.term("RatificationAct"): "ratification",
    iris.term("SourceDocument"): "source",
    iris.concept("theme", "").rstrip("/"): "theme",
    iris.concept("kind", "").rstrip("/"): "kind",
}
NAMED_BY: Final = {
    "label": NAME,
    "abbreviation": NAME,
    "alpha2": CODE,
    "alpha3": CODE,
    "notation": CODE,
    "identifier": CODE,
    "altLabel": ALIAS,
    "title": ALIAS,
}
# Words of these are found too, after those of the names.
SAID_OF: Final = ("definition", "description", "place")
SHOWN: Final = 160
TABLES: Final = """
CREATE TABLE things (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, label TEXT NOT NULL, about TEXT NOT NULL,
  statements INTEGER NOT NULL
);
CREATE TABLE names (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, sort INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  key TEXT NOT NULL, american TEXT NOT NULL
);
CREATE INDEX names_folded ON names (folded);
CREATE INDEX names_key ON names (key);
CREATE INDEX names_american ON names (american);
CREATE INDEX names_thing ON names (thing);
CREATE VIEW called AS SELECT names.*, things.kind FROM names JOIN things ON things.id = names.thing;
CREATE VIRTUAL TABLE words USING fts5 (names, more, content='', tokenize='unicode61 remove_diacritics 0');
"""


class Thing(NamedTuple):
    """One thing as it is searched: `names` with what each is, `more` is what else is said of it."""

    iri: str
    kind: str
    label: str
    about: str
    statements: int
    names: tuple[tuple[int, str], ...]
    more: str


def write(path: Path, store: Store) -> None:
    """Write the index of a graph into a new file; the same graph gives the same bytes."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        _fill(connection, things(store))
    finally:
        connection.close()


def in_memory(store: Store) -> sqlite3.Connection:
    """The index of a graph whose folder has none."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _fill(connection, things(store))
    return connection


def _fill(connection: sqlite3.Connection, found: Iterable[Thing]) -> None:
    numbered = list(enumerate(found, start=1))
    names = ((number, *one, *_folded(one[1])) for number, thing in numbered for one in thing.names)
    connection.executescript(TABLES)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    with connection:
        connection.executemany(
            "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?)", ((number, *thing[:5]) for number, thing in numbered)
        )
        connection.executemany(
            "INSERT INTO names (thing, sort, name, folded, key, american) VALUES (?, ?, ?, ?, ?, ?)", names
        )
        connection.executemany(
            "INSERT INTO words (rowid, names, more) VALUES (?, ?, ?)",
            ((number, _words(thing), folding.searchable(thing.more)) for number, thing in numbered),
        )
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def _words(thing: Thing) -> str:
    return folding.searchable(" ".join(name for sort, name in thing.names if sort != CODE))


def _folded(name: str) -> tuple[str, str, str]:
    return folding.phrase(name), folding.key(name), folding.american(name)


def things(store: Store) -> Iterator[Thing]:
    """Everything that is searched, in the order of the IRIs."""
    said: dict[str, dict[str, list[str]]] = {}
    kinds: dict[str, str] = {}
    for cls, thing, prop, value in _select(store, "search_things"):
        kinds.setdefault(thing, cls)
        said.setdefault(thing, {}).setdefault(prop.rsplit("#")[-1].rsplit("/")[-1], []).append(value)
    labels = {iri: min(values["label"]) for iri, values in said.items() if "label" in values}
    printed: dict[str, list[str]] = {}
    for thing, name in _select(store, "search_printed"):
        printed.setdefault(thing, []).append(name)
    statements = {thing: int(count) for thing, count in _select(store, "search_statements")}
    for iri in sorted(labels):
        kind = _kind(iri, kinds[iri])
        if kind:
            values = {prop: sorted(found) for prop, found in said[iri].items()}
            about = _about(kind, values, labels) or labels.get(kinds[iri], kind)
            yield Thing(
                iri=iri,
                kind=kind,
                label=labels[iri],
                about=_line(about),
                statements=1 if kind == "event" else statements.get(iri, 0),
                names=tuple(_names(iri, kind, values, sorted(printed.get(iri, ())))),
                more=" ".join(word for prop in SAID_OF for word in values.get(prop, ())),
            )


def _select(store: Store, name: str) -> Iterator[list[str]]:
    """The rows of one of the queries beside this module, their values as text."""
    solutions = store.query((importlib.resources.files("kg.graph") / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    # The engine writes CSV several times faster than Python reads its terms one by one.
    written = (solutions.serialize(format=QueryResultsFormat.CSV) or b"").decode()
    rows = csv.reader(io.StringIO(written, newline=""))
    next(rows)
    yield from rows


def _kind(iri: str, cls: str) -> str:
    """What a thing is called that is of a class or of a list of concepts; nothing for the terms of others."""
    if cls in KINDS:
        return KINDS[cls]
    if iri.startswith(iris.ONTOLOGY):
        return "term"
    return {"question": "question", "vocab": "concept"}.get((*iris.steps(iri), "")[0], "")


def _names(iri: str, kind: str, values: Mapping[str, list[str]], printed: Iterable[str]) -> Iterator[tuple[int, str]]:
    """All names of a thing, the most telling first, those that are the same but for case and signs only once."""
    found = [(sort, name) for prop, sort in NAMED_BY.items() for name in values.get(prop, ())]
    local = iris.steps(iri)[-1]
    if kind == "term":
        found += [(NAME, folding.camel(local)), (CODE, f"tip:{local}")]
    elif kind == "question":
        found.append((NAME, local))
    found += [(PRINTED, name) for name in printed]
    seen = {""}
    for sort, name in sorted(dict.fromkeys(found), key=lambda one: one[0]):
        key = folding.key(name)
        if key not in seen:
            seen.add(key)
            yield sort, name


def _line(text: str) -> str:
    """The text on one line, cut at a blank where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rpartition(' ')[0]} …"


def _about(kind: str, values: Mapping[str, list[str]], labels: Mapping[str, str]) -> str:
    """What a thing is, in one line; nothing where its class says it all."""
    if kind == "event":
        return ", ".join(labels.get(iri, iri) for prop in ("eventKind", "eventOf") for iri in values.get(prop, ()))
    if kind == "state":
        return ", ".join(["state", *values.get("alpha2", ()), *values.get("alpha3", ())])
    kinds = ", ".join(labels.get(iri, iri) for iri in values.get("kind", ()))
    whole = ", ".join(labels.get(iri, iri) for iri in values.get("partOf", ()))
    said = kinds or " ".join(word for prop in ("definition", "description", "title") for word in values.get(prop, ()))
    return "; ".join(part for part in (said, f"part of {whole}" if whole else "") if part)
