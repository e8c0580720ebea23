"""What stands behind every connection: cache, pool, probes and bounds, and the switch to another build."""

import asyncio
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus

from kg.gateway import probes
from kg.gateway.cache import Cache, Kept, is_known
from kg.gateway.connection import Connection
from kg.gateway.doors import Doors
from kg.gateway.frames import Head, Request
from kg.gateway.heads import Heads
from kg.gateway.job import Job, Refusal
from kg.gateway.limits import Limits
from kg.gateway.pool import Pool
from kg.gateway.turns import client_of
from kg.gateway.watcher import Watcher
from kg.serve.prefix import prefix_of

# How often connections are looked at for time that has run out.
_TICK: Final = 0.25
_FORM: Final = b"application/x-www-form-urlencoded"
_TIMEOUT: Final = b"timeout="
_LONGEST_NUMBER: Final = 40
_KEPT: Final = frozenset({b"GET", b"HEAD", b"POST"})


class Gateway:
    """Made in the event loop. `pool` is what answers now; None until the first worker is there.

    `public` is the address that others see; `trust_proxy` lets a proxy say more of it."""

    def __init__(
        self, limits: Limits, watcher: Watcher, *, public: str | None = None, trust_proxy: bool = False
    ) -> None:
        self.limits = limits
        self.watcher = watcher
        self._public = public
        self._trust_proxy = trust_proxy
        self.cache = Cache(limits.cache_bytes)
        self.heads = Heads(limits.head_bytes)
        self.draining = False
        self.pool: Pool | None = None
        self.connections: set[Connection] = set()
        self._doors = Doors(limits.connections)
        self._bodies = 0
        self._date_of = 0
        self._first_lines: dict[int, bytes] = {}
        self._loop = asyncio.get_running_loop()
        self._loop.call_later(_TICK, self._tick)

    def now(self) -> float:
        return self._loop.time()

    # Connections.

    def admit(self, connection: Connection) -> bool:
        """Whether it may ask; where it may not even be told so, it is closed."""
        self.connections.add(connection)
        admitted = self._doors.enter(connection)
        if self._doors.crowded() or self.draining:
            connection.abort()
        return admitted

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self._doors.leave(connection)

    def count_bodies(self, change: int) -> bool:
        self._bodies += change
        return self._bodies <= self.limits.all_bodies_bytes

    def _tick(self) -> None:
        self._loop.call_later(_TICK, self._tick)
        now = self.now()
        for connection in [one for one in self.connections if one.deadline < now]:
            connection.on_deadline()
        if self.pool is not None:
            self.pool.tidy()

    def drain(self) -> None:
        """No new request is begun."""
        self.draining = True
        for connection in list(self.connections):
            connection.drain()

    # Requests.

    def answer(self, request: Request, connection: Connection) -> None:
        probe = probes.PROBES.get(request.path)
        if probe is not None:
            connection.local(*probe(self._state(), request))
            return
        key = self.cache.key(request)
        kept = self.cache.get(key) if key is not None else None
        if kept is not None:
            self.watcher.hits += 1
            known = request.header(b"if-none-match")
            connection.kept(kept, not_modified=known is not None and is_known(known, kept.etag))
            return
        if self.pool is None or not self.pool.alive:
            connection.refuse(Refusal(503, "Not ready", "the data are being opened: try again soon", retry_after=2))
            return
        client = client_of(request) if self._trust_proxy else connection.address
        job = Job(request, connection, client=client, seconds=self._seconds(request), since=self.now(), key=key)
        connection.run(job)
        self.pool.submit(job)

    def own_path(self, request: Request) -> bytes:
        """Without the sub-path under which others see the server, where a proxy has left that on. Not for probes: under
        the sub-path they would be public."""
        if not self._public and not self._trust_proxy:
            return request.path
        said = request.header(b"x-forwarded-prefix") if self._trust_proxy else None
        prefix = prefix_of(self._public, (said or b"").decode("latin-1").rpartition(",")[2].strip()).encode()
        return request.path.removeprefix(prefix) if request.path.startswith(prefix + b"/") else request.path

    def _state(self) -> probes.State:
        pool = self.pool
        return probes.State(
            watcher=self.watcher,
            ready=pool is not None and pool.alive and not self.draining,
            build=pool.settings.build_id if pool else "",
            in_memory=pool is not None and pool.settings.in_memory,
            workers=pool.workers if pool else (0, 0),
            queue=pool.queue if pool else 0,
            connections=len(self.connections),
            cache_bytes=self.cache.size,
        )

    def abandon(self, job: Job) -> None:
        """Its client has gone."""
        if job.pool is not None:
            job.pool.abandon(job)

    def keep(self, job: Job, head: Head, body: bytes) -> Kept | None:
        """An answer that may be given again, unless it is of the build before: it was asked while that was served."""
        if head.keep and job.key is not None and job.pool is self.pool and job.request.method in _KEPT:
            return self.cache.put(job.key, head, body)
        return None

    def _seconds(self, request: Request) -> float:
        """How long this one may take: the application refuses what is no time."""
        most = self.limits.query_seconds
        if _TIMEOUT not in request.query and _TIMEOUT not in request.body:
            return most
        given = _field(request.query)
        if not given and (request.header(b"content-type") or b"").lower().startswith(_FORM):
            given = _field(request.body)
        try:
            wanted = float(unquote_plus(given.decode("latin-1")))
        except ValueError:
            return most
        return wanted if 0 < wanted < most else most

    def serve_from(self, pool: Pool, *, same_build: bool) -> None:
        """From now on this pool answers; the one before ends what it has begun."""
        before, self.pool = self.pool, pool
        if not same_build:
            self.cache.clear()
        if before is not None:
            for job in before.close():
                pool.submit(job)

    # Bytes that every answer begins with.

    def first_lines(self, status: int) -> bytes:
        """Status line and date."""
        second = int(time.time())
        if second != self._date_of:
            self._date_of = second
            self._first_lines.clear()
        lines = self._first_lines.get(status)
        if lines is None:
            date = formatdate(second, usegmt=True)
            lines = f"HTTP/1.1 {status} {_phrase(status)}\r\ndate: {date}\r\n".encode()
            self._first_lines[status] = lines
        return lines


def _field(form: bytes) -> bytes:
    """What is said of the time. A form is not taken apart here: one of a million fields would stop everybody."""
    start = 0 if form.startswith(_TIMEOUT) else form.find(b"&" + _TIMEOUT) + 1
    if not form.startswith(_TIMEOUT, start):
        return b""
    start += len(_TIMEOUT)
    return form[start : start + _LONGEST_NUMBER].partition(b"&")[0]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
