"""Asking an application a few things before it is needed: modules are imported, templates compiled, headers and names
read. A start has left all this out."""

from typing import Final
from urllib.parse import quote

from pyoxigraph import Store
from starlette.types import ASGIApp, Message, Scope

from kg.serve.guard import inspect
from kg.serve.now import respond

# A page of each kind, and one that is not there: for that an index of all IRIs is made. No search: its index must be
# opened after a fork. Of the questions only one with a row a source: others multiply rows in a large graph, and what
# the allocator has once taken for them would stay with the zygote (1.7 GB of a million quads).
PATHS: Final = (
    *("/", "/questions", "/questions/sources", "/questions/sources.json"),
    *("/docs", "/search", "/dumps", "/schema", "/llms.txt", "/ontology", "/sparql"),
)
MISSING: Final = "/id/organization/missing"
# One that is read token by token, and one of a plain form that is long and has brackets and a VALUES block.
QUERIES: Final = (
    "SELECT * FROM <https://example.org/none> { ?s ?p ?o }",
    f"SELECT * {{ VALUES ?s {{ <https://example.org/none> }} {'?s ?p ?o . ' * 25} FILTER(STR(?o) IN ('a', 'b')) }}",
)


def prepare() -> None:
    """What needs no store: the modules of the pages, and the expressions that read queries."""
    import kg.serve.describe
    import kg.serve.rooms  # noqa: F401

    for query in QUERIES:
        inspect(query)


def warm(app: ASGIApp, store: Store) -> None:
    """`store` is that of the application."""
    for path in (*PATHS, MISSING):
        respond(app, _scope(path), b"", _ignore)
    for query in QUERIES:
        respond(app, _scope("/sparql", f"query={quote(query)}"), b"", _ignore)
    _names_of(store)


def _names_of(store: Store) -> None:
    from kg.ask.names import names_of

    names_of(store).nearest("organization", "missing")


def _scope(path: str, query: str = "") -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html")],
        "client": None,
        "server": ("localhost", None),
    }


def _ignore(message: Message) -> None:
    pass
