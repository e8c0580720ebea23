"""A tiny graph of our own and a client that asks an application in process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from starlette.types import ASGIApp, Message, Scope

from kg.graph.store import load_store, merged_alone
from kg.serve.app import create_app
from kg.serve.cards import QuestionCard
from kg.serve.now import respond

Ask = Callable[..., httpx.Response]

CACHEABLE = (b"tipkg-cacheable", b"1")
EX = "http://example.org/"
KNOWS = NamedNode(EX + "knows")
CARD = QuestionCard("who_knows", "Who knows <b>whom</b>?", ("person",), "SELECT * WHERE { ?person ?knows ?other }")


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


@pytest.fixture
def store() -> Store:
    """a knows b in both named graphs, b knows c in the second; the default graph is their merge."""
    store = Store()
    first, second, merged = ex("first"), ex("second"), DefaultGraph()
    for subject, other, graphs in (("a", "b", (first, second, merged)), ("b", "c", (second, merged))):
        store.extend([Quad(ex(subject), KNOWS, ex(other), graph) for graph in graphs])
    lab = NamedNode("https://w3id.org/tipkg/id/organization/lab")
    store.add(Quad(lab, ex("label"), Literal("<script>alert(1)</script>", language="en"), merged))
    return store


@pytest.fixture
def app(store: Store) -> ASGIApp:
    return create_app(store, merged=merged_alone(store), build_id="build-1", questions=[CARD])


@pytest.fixture
def ask(app: ASGIApp) -> Ask:
    return client_of(app)


@pytest.fixture(scope="session")
def served(built: Path) -> Ask:
    """Asks the application over the graph of the packaged records, as it is served: from memory."""
    store = load_store(built)
    return client_of(create_app(store, merged=merged_alone(store), build_id="build-1", questions=[], folder=built))


def client_of(app: ASGIApp) -> Ask:
    """ask(method, path, ...) as httpx takes them, without following redirects."""

    def ask(method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"} | arguments.pop("headers", {})
        with httpx.Client(transport=InProcess(app), base_url="http://testserver") as client:
            return client.request(method, path, headers=headers, **arguments)

    return ask


class InProcess(httpx.BaseTransport):
    """Asks as a worker does, without an event loop; the mark for the cache is in `extensions`, not in headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        messages: list[Message] = []
        respond(self._app, scope_of(request), request.read(), messages.append)
        start, *bodies = messages
        content = b"".join(message["body"] for message in bodies)
        headers = [field for field in start["headers"] if field != CACHEABLE]
        extensions = {"cacheable": CACHEABLE in start["headers"]}
        return httpx.Response(start["status"], headers=headers, stream=httpx.ByteStream(content), extensions=extensions)


def scope_of(request: httpx.Request) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 123),
        "server": (request.url.host, request.url.port),
    }
