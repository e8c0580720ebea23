"""Reading the index of names that a build writes (kg/graph/search_index.py)."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, Self

from pyoxigraph import Store

from kg.graph import search_index
from kg.graph.store import open_store, read_manifest

_SAME: Final = """
SELECT thing, sort, name, folded, key FROM called
WHERE kind IN (SELECT value FROM json_each(:kinds)) AND (key = :key OR american = :american) ORDER BY sort, id
"""
_BEGINNING: Final = """
SELECT thing, sort, name, folded, key FROM called
WHERE kind IN (SELECT value FROM json_each(:kinds)) AND sort <> :code
AND folded >= :folded AND folded < :folded || char(1114111) ORDER BY sort, id
"""
_NAMES: Final = """
SELECT thing, sort, name, folded, key FROM called
WHERE kind IN (SELECT value FROM json_each(:kinds)) AND sort <> :code ORDER BY sort, id
"""
_NAMES_OF: Final = """
SELECT thing, sort, name, folded, key FROM names
WHERE thing IN (SELECT value FROM json_each(:things)) AND sort <> :code ORDER BY sort, id
"""
_MATCHING: Final = """
SELECT things.id FROM words JOIN things ON things.id = words.rowid
WHERE words MATCH :words AND kind IN (SELECT value FROM json_each(:kinds))
"""
_WITH_IRI: Final = """
SELECT id FROM things WHERE iri IN (:iri, :full) AND kind IN (SELECT value FROM json_each(:kinds))
"""
_THINGS: Final = """
SELECT id, iri, kind, label, about, statements FROM things WHERE id IN (SELECT value FROM json_each(:things))
"""


class SearchError(ValueError):
    """A search for nothing, for too much, or for a kind that there is not; or an index that cannot be read."""


class Name(NamedTuple):
    """A name of a thing: what it is (search_index.NAME ...), as it is written, as folded words, and as one word."""

    thing: int
    sort: int
    name: str
    folded: str
    key: str


class Thing(NamedTuple):
    """A thing, with its number in the index, what it is in one line, and how many statements are about it."""

    number: int
    iri: str
    kind: str
    label: str
    about: str
    statements: int


class NameIndex:
    """The index of one graph, read-only. Of several threads one reads at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The index of a store folder, or one made in memory where a folder of an older release has none.

        Raises StoreError, and SearchError where the file is damaged."""
        read_manifest(folder)
        path = folder / search_index.FILE
        if not path.is_file():
            return cls.of(open_store(folder))
        # Immutable: no lock and no journal, so that it opens on a disk where nothing can be written.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        index = cls(sqlite3.connect(uri, uri=True, check_same_thread=False))
        try:
            ((layout,),) = index._rows("PRAGMA user_version")
        except SearchError as error:
            raise SearchError(f"{path}: {error}; build it again: tipkg build --out {folder}") from error
        return index if layout == search_index.FORMAT else cls.of(open_store(folder))

    @classmethod
    def of(cls, store: Store) -> Self:
        """The index of a store, made in memory."""
        return cls(search_index.in_memory(store))

    def close(self) -> None:
        self._connection.close()

    def same(self, key: str, american: str, kinds: Iterable[str]) -> list[Name]:
        """Names and codes that are this folded one, also in the other spelling of English."""
        return self._names(_SAME, key=key, american=american, kinds=_json(kinds))

    def beginning(self, folded: str, kinds: Iterable[str]) -> list[Name]:
        """Names that begin with these folded words, of which the last may go on."""
        return self._names(_BEGINNING, folded=folded, kinds=_json(kinds))

    def names(self, kinds: Iterable[str]) -> list[Name]:
        """All names but codes."""
        return self._names(_NAMES, kinds=_json(kinds))

    def names_of(self, things: Iterable[int]) -> list[Name]:
        """All names but codes of some things."""
        return self._names(_NAMES_OF, things=_json(things))

    def with_iri(self, iri: str, full: str, kinds: Iterable[str]) -> list[int]:
        """The thing with one of two IRIs."""
        return [thing for (thing,) in self._rows(_WITH_IRI, iri=iri, full=full, kinds=_json(kinds))]

    def matching(self, words: str, kinds: Iterable[str]) -> list[int]:
        """The things that match an expression of FTS5."""
        return [thing for (thing,) in self._rows(_MATCHING, words=words, kinds=_json(kinds))]

    def things(self, numbers: Iterable[int]) -> list[Thing]:
        return [Thing(*row) for row in self._rows(_THINGS, things=_json(numbers))]

    def _names(self, sql: str, **values: str) -> list[Name]:
        return [Name(*row) for row in self._rows(sql, **values)]

    def _rows(self, sql: str, **values: str) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(sql, {"code": search_index.CODE, **values}).fetchall()
        except sqlite3.Error as error:
            raise SearchError(f"the index of names cannot be read ({error})") from error


def _json(values: Iterable[str | int]) -> str:
    return json.dumps(list(values))
