"""Between the server and the application: headers on every answer, bodies within bounds, no exception gets out."""

import logging
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.problem import PROBLEM_JSON, Problem

# In the scope of a request: when it came, as time.monotonic has it.
BEGAN: Final = "tipkg.began"
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    # Any origin may read, none with credentials: there is nothing here that is not public.
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Retry-After, Accept-Ranges, Content-Range, Content-Encoding, "
        b"Query-Id, Result-Limit, Service-Receipt, Service-Used, Total-Rows",
    ),
)

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
        scope[BEGAN] = time.monotonic()
        sender = _Sender(send, head_only=scope["method"] == "HEAD")
        try:
            await self._app(scope, receive, sender)
        except TransferBroken as error:
            _log.warning("%s %s broken off: %s", scope["method"], scope["path"], error)
            raise
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if sender.started:
                raise
            from starlette.responses import Response

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
            message = {**message, "headers": [*message["headers"], *HEADERS]}
        elif self._head_only and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


async def read_body(receive: Receive, most: int) -> bytes:
    """Raises Problem 413 for one that is too long; a server in front refuses it before it is here."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise Problem(413, "Body too large", f"a body may have {most} bytes", headers=(("Connection", "close"),))
    return bytes(body)
