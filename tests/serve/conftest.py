"""A tiny graph of our own and a client that asks an application in process."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from starlette.applications import Starlette

from kg.serve.app import create_app
from kg.serve.cards import QuestionCard

Ask = Callable[..., httpx.Response]

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
def app(store: Store) -> Starlette:
    return create_app(store, build_id="build-1", questions=[CARD])


@pytest.fixture
def ask(app: Starlette) -> Ask:
    return client_of(app)


def client_of(app: Starlette) -> Ask:
    """ask(method, path, ...) as httpx takes them, without following redirects."""

    def ask(method: str, path: str, **arguments: Any) -> httpx.Response:
        return asyncio.run(_ask(app, method, path, arguments))

    return ask


async def _ask(app: Starlette, method: str, path: str, arguments: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"} | arguments.pop("headers", {})
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.request(method, path, headers=headers, **arguments)
