"""The whole graph, asked directly or by a process that holds it, and clients of the SDK that ask a server."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp import Client
from pyoxigraph import Store

from kg.mcp.answers import Answer
from kg.mcp.calls import call
from kg.mcp.graph import Graph
from kg.mcp.held import Held
from kg.mcp.refusal import RefusedError

T = TypeVar("T")
Ask = Callable[..., Any]
SECONDS = 120
TIP = "PREFIX tip: <https://w3id.org/tipkg/ontology#>\n"
# Four patterns that share no variable: ten to the twentieth rows, counted in no memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="session")
def graph(built: Path, store: Store) -> Graph:
    return Graph(built, store)


@pytest.fixture(scope="session")
def ask(graph: Graph) -> Ask:
    """ask(tool, argument=value ...) is the answer, as typed data."""

    def ask(tool: str, **arguments: Any) -> Answer:
        return call(graph, tool, arguments)

    return ask


@pytest.fixture(scope="session")
def refusal(graph: Graph) -> Ask:
    """refusal(tool, argument=value ...) is what the client is told in place of an answer."""

    def refusal(tool: str, **arguments: Any) -> str:
        with pytest.raises(RefusedError) as caught:
            call(graph, tool, arguments)
        return str(caught.value)

    return refusal


@pytest.fixture(scope="session")
def held(built: Path) -> Iterator[Held]:
    held = Held(built)
    yield held
    held.close()


def talk(server: Any, work: Callable[[Client], Awaitable[T]]) -> T:
    """What `work` makes of a client of this server; the time only keeps a fault from hanging for ever."""

    async def session() -> T:
        with anyio.fail_after(SECONDS):
            async with Client(server) as client:
                return await work(client)

    return anyio.run(session)
