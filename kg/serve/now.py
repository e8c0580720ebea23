"""Coroutines that wait for nothing, run without an event loop: a worker answers one request from beginning to end.

What waits in a server (for a body, for a slow client, for a turn) waits in the process in front of the workers; what is
left blocks its worker, which may be killed for it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.types import ASGIApp, Message, Scope

T = TypeVar("T")


class WaitingError(RuntimeError):
    """A coroutine that asks an event loop to wake it, where there is none."""


def now(awaitable: Awaitable[T]) -> T:
    """Its result. Raises WaitingError where it is not there at once."""
    steps = awaitable.__await__()
    try:
        next(steps)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    name = getattr(awaitable, "__qualname__", repr(awaitable))
    raise WaitingError(f"{name} waits for something, and there is no event loop to wake it")


def respond(app: ASGIApp, scope: Scope, body: bytes, send: Callable[[Message], None]) -> None:
    """One request, with its whole body. `send` gets every message of the answer as it comes, and may block."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def forward(message: Message) -> None:
        send(message)

    now(app(scope, receive, forward))
