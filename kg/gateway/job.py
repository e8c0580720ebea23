"""One request on its way: waiting for a worker, being answered, or given up."""

import itertools
import secrets
from typing import Final, Protocol

from kg.gateway.cache import Key
from kg.gateway.frames import Head, Request

_PROCESS: Final = secrets.token_hex(3)
_COUNTER: Final = itertools.count(1)


class Reply(Protocol):
    """Whom the answer is for. Exactly one of whole, begin and refuse is called, then, after begin, piece and one of
    end and cut. Whatever has been, abort may be."""

    def whole(self, head: Head, body: bytes) -> None: ...
    def begin(self, head: Head) -> None: ...
    def piece(self, data: bytes | memoryview) -> None: ...
    def end(self) -> None: ...
    def cut(self) -> None: ...
    def refuse(self, why: "Refusal") -> None: ...
    def abort(self) -> None: ...


class Taker(Protocol):
    """Who has taken a job."""

    def abandon(self, job: "Job") -> None: ...


class Refusal:
    """Why a request gets no answer from a worker."""

    __slots__ = ("detail", "headers", "status", "title")

    def __init__(self, status: int, title: str, detail: str, *, retry_after: int | None = None) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = (("Retry-After", str(retry_after)),) if retry_after is not None else ()


class Job:
    """`seconds` is how long its evaluation may take; `since` and `started` are times of the event loop. `client` is
    whom it is for, so that nobody takes the turns of others; `key` is that of its answer, where one may be kept."""

    __slots__ = (
        *("begun", "channel", "client", "done", "id", "key", "pool"),
        *("reply", "request", "seconds", "since", "started", "status"),
    )

    def __init__(
        self, request: Request, reply: Reply, *, client: str, seconds: float, since: float, key: Key | None = None
    ) -> None:
        self.id = f"{_PROCESS}{next(_COUNTER):06x}"
        self.request = request
        self.reply = reply
        self.key = key
        self.client = client
        self.seconds = seconds
        self.since = since
        self.started = 0.0
        self.begun = self.done = False
        self.status = 0
        self.channel: object | None = None
        self.pool: Taker | None = None
