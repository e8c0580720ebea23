"""Requests without an event loop."""

import asyncio

import httpx
import pytest
from pyoxigraph import Store
from starlette.types import Message, Receive, Scope, Send

from kg.serve.app import create_app
from kg.serve.now import WaitingError, now, respond
from tests.serve.conftest import scope_of

SCOPE = {"type": "http"}
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await receive()
    await send({"type": scope["type"], **body})


async def three() -> int:
    return await two() + 1


async def two() -> int:
    return 2


def test_result_of_coroutines_that_wait_for_nothing() -> None:
    assert now(three()) == 3


def test_exception_of_a_coroutine_is_raised() -> None:
    with pytest.raises(KeyError, match="type"):
        respond(echo, {}, b"", lambda message: None)


def test_coroutine_that_waits_is_an_error() -> None:
    with pytest.raises(WaitingError, match=r"^sleep waits for something, and there is no event loop to wake it$"):
        now(asyncio.sleep(0))


def test_request_has_its_whole_body_and_the_answer_comes_at_once() -> None:
    sent: list[Message] = []
    respond(echo, SCOPE, b"body", sent.append)
    assert sent == [{"type": "http.request", "body": b"body", "more_body": False}]


def test_slow_connection_under_an_event_loop_is_no_fault_of_the_query(store: Store) -> None:
    async def slowly(message: Message) -> None:
        await asyncio.sleep(0)

    async def ask() -> None:
        request = httpx.Request("GET", "http://testserver/sparql", params={"query": LONG})
        await create_app(store, build_id="1", questions=[])(scope_of(request), None, slowly)  # type: ignore[arg-type]

    with pytest.raises(WaitingError):
        asyncio.run(ask())
