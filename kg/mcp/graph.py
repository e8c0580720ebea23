"""The graph that the tools answer from: a store in memory, its index of names, and the texts where they are at hand."""

from functools import cached_property
from pathlib import Path

from pyoxigraph import Store

from kg.ask.digest import Digest, digest
from kg.ask.federated import Whom
from kg.ask.search import Search
from kg.graph.store import load_store, texts_beside
from kg.graph.terms import prefixes
from kg.serve.evaluate import Engine
from kg.serve.quotes import Quotes


class Graph:
    """Of a store folder; `whom` questions beside Wikidata may ask, nobody without it. Raises StoreError."""

    def __init__(self, folder: Path, store: Store | None = None, *, whom: Whom | None = None) -> None:
        self.folder = folder
        self.whom = whom
        self.store = store if store is not None else load_store(folder)
        self.engine = Engine(self.store, prefixes)
        self.quotes = Quotes(texts_beside(folder))

    @cached_property
    def search(self) -> Search:
        """Opened by the process that uses it: a connection to SQLite must not cross a fork."""
        return Search.open(self.folder)

    @property
    def digest(self) -> Digest:
        return digest(self.store)
