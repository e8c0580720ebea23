"""What a connection asks of the gateway, so that it need not know who made it."""

from typing import Any, Protocol

from kg.gateway.cache import Cache, Kept
from kg.gateway.frames import Head, Request
from kg.gateway.heads import Heads
from kg.gateway.job import Job
from kg.gateway.limits import Limits
from kg.gateway.watcher import Watcher


class Behind(Protocol):
    """`connection` is a kg.gateway.connection.Connection; `now` is the clock of the event loop."""

    limits: Limits
    watcher: Watcher
    cache: Cache
    heads: Heads
    draining: bool

    def now(self) -> float: ...
    def admit(self, connection: Any) -> bool: ...
    def leave(self, connection: Any) -> None: ...
    def count_bodies(self, change: int) -> bool: ...
    def answer(self, request: Request, connection: Any) -> None: ...
    def own_path(self, request: Request) -> bytes: ...
    def abandon(self, job: Job) -> None: ...
    def keep(self, job: Job, head: Head, body: bytes) -> Kept | None: ...
    def first_lines(self, status: int) -> bytes: ...
