"""Between the server and the application: headers on every answer, bodies within bounds, no exception gets out."""

import asyncio
import logging
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.problem import PROBLEM_JSON, Problem

_SECONDS_FOR_A_BODY: Final = 15
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    # Any origin may read, none with credentials: there is nothing here that is not public.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}

_log = logging.getLogger(__name__)


class TransferBroken(Exception):  # noqa: N818  nothing is wrong with the server
    """Raised after an answer has begun: the server hangs up, so that no client takes a part for the whole."""


class Boundary:
    """The one place where any exception is caught: before an answer has begun it becomes a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sender = _Sender(send, head_only=scope["method"] == "HEAD")
        try:
            await self._app(scope, receive, sender)
        except ClientDisconnect:
            return
        except TransferBroken as error:
            _log.info("%s %s broken off: %s", scope["method"], scope["path"], error)
            raise
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if sender.started:
                raise
            problem = Problem(500, "Internal error", "this could not be answered; the reason is in the server's log")
            await Response(problem.as_json(), 500, media_type=PROBLEM_JSON)(scope, receive, sender)


class _Sender:
    def __init__(self, send: Send, *, head_only: bool) -> None:
        self.started = False
        self._send = send
        self._head_only = head_only

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        elif self._head_only and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


async def read_body(request: Request, most: int) -> bytes:
    """Raises Problem 413 as soon as the length is announced or exceeded, 408 when the body does not come."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS_FOR_A_BODY):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise _too_large(most)
    except TimeoutError:
        detail = f"the body was not here within {_SECONDS_FOR_A_BODY} s"
        raise Problem(408, "Request timed out", detail, headers=(("Connection", "close"),)) from None
    return bytes(body)


def _too_large(most: int) -> Problem:
    return Problem(413, "Body too large", f"a body may have {most} bytes", headers=(("Connection", "close"),))
