"""One connection: requests in, one after the other, answers out, and nothing that a client does can keep it open.

Parsing is httptools'; the event loop calls. What a server library would do beside that is here, because none of them
holds the time limit on a whole request, the limits on its head, and the way past the parser for a known request
(docs/decisions/0016-own-protocol-over-httptools.md)."""

import asyncio
from collections import deque
from typing import Final

import httptools

from kg.gateway import refusal
from kg.gateway.behind import Behind
from kg.gateway.channel import Channel
from kg.gateway.doors import network_of
from kg.gateway.frames import Request
from kg.gateway.job import Refusal
from kg.gateway.limits import KIB
from kg.gateway.reading import Incoming, RefusedError, malformed
from kg.gateway.replying import NEVER, Replying
from kg.gateway.stream import address

# An error answer is lost if the connection is closed on what the client still sends, so that is read and thrown away.
_LINGER: Final = 2.0
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
# So much is parsed before the other clients have their turn; no more than that is read ahead of what is answered.
_SLICE: Final = 16 * KIB
_IN_A_TURN: Final = 8


class Connection(Replying):
    """`deadline` is looked at by the gateway now and then, against the clock of the event loop.

    Requests that were sent together wait in `_pending`, what is not parsed yet in `_rest`; `_verdict` ends them all."""

    def __init__(self, gateway: Behind) -> None:
        super().__init__(gateway)
        self._parser = httptools.HttpRequestParser(self)
        self._incoming: Incoming | None = None
        self._pending: deque[tuple[Request, bool, bool]] = deque()
        self._rest = b""
        self._verdict: Refusal | None = None
        self._whole: Request | None = None
        self._messages = self._counted = 0
        self._lingering = self._advancing = self._continue = False
        self.address = ""
        self._client: tuple[str, int] | None = None
        self._server: tuple[str, int] | None = None

    # The event loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._client, self._server = address(transport, "peername"), address(transport, "sockname")
        self.address = network_of(self._client[0]) if self._client is not None else ""
        self.deadline = self._gateway.now() + self._limits.request_seconds
        if not self._gateway.admit(self):
            self._refuse(Refusal(503, "Busy", "too many connections: try again later", retry_after=10))

    def connection_lost(self, error: Exception | None) -> None:
        self._gateway.leave(self)
        self._pending.clear()
        self._rest, self._incoming, self._running, self._lingering = b"", None, None, True
        self._whole = None
        self._count()
        if self._job is not None:
            job, self._job = self._job, None
            self._gateway.abandon(job)

    def eof_received(self) -> None:
        """The transport closes once everything is sent, or when that has taken too long."""
        self.deadline = min(self.deadline, self._gateway.now() + self._limits.slow_seconds)

    def data_received(self, data: bytes) -> None:
        if self._lingering or self._verdict is not None:
            return
        alone = self._running is None and self._incoming is None and not (self._pending or self._rest or self._blocked)
        if alone:
            if (found := self._gateway.cache.get_raw(data)) is not None:
                self._gateway.watcher.hits += 1
                self.deadline = self._gateway.now() + self._limits.idle_seconds
                self._write_kept(*found)
                return
            self._messages = 0
            if (request := self._gateway.heads.read(data, self._client, self._server)) is not None:
                self._begin(request, speaks_11=True, keep=True)
                self._remember(data)
                return
        self._rest = self._rest + data if self._rest else data
        self._advance()
        # Only what came alone and whole can be known again by its bytes, and only where the connection is kept.
        whole, self._whole = self._whole, None
        if alone and self._messages == 1 and whole is not None and self._keep_alive and not self._rest:
            self._gateway.heads.learn(data, whole)
            self._remember(data)

    def _remember(self, data: bytes) -> None:
        if self._known is not None and self._keep_alive:
            self._gateway.cache.put_raw(data, self._known)

    def pause_writing(self) -> None:
        self._blocked = True
        job = self._job
        if job is None or not (isinstance(job.channel, Channel) and job.channel.pause(job)):
            self.deadline = self._gateway.now() + self._limits.slow_seconds

    def resume_writing(self) -> None:
        self._blocked = False
        job = self._job
        if job is not None and isinstance(job.channel, Channel):
            job.channel.resume(job)
        elif self._running is None:
            self._await_more()
            self._advance()

    # The parser calls these.

    def on_message_begin(self) -> None:
        self._incoming = Incoming(self._limits)
        self._messages += 1
        if self._running is None:
            self.deadline = self._gateway.now() + self._limits.request_seconds

    def on_url(self, part: bytes) -> None:
        assert self._incoming is not None
        self._incoming.add_target(part)

    def on_header(self, name: bytes, value: bytes) -> None:
        assert self._incoming is not None
        self._incoming.add_header(name, value)

    def on_headers_complete(self) -> None:
        assert self._incoming is not None
        self._continue = self._incoming.check_head(self._parser.get_http_version(), self._parser.get_method())

    def on_body(self, part: bytes) -> None:
        assert self._incoming is not None
        self._incoming.add_body(part)

    def on_message_complete(self) -> None:
        incoming, self._incoming = self._incoming, None
        assert incoming is not None
        self._continue = False
        request = incoming.request(self._parser.get_method(), self._client, self._server)
        speaks_11 = self._parser.get_http_version() == "1.1"
        keep = speaks_11 and self._parser.should_keep_alive() and not self._parser.should_upgrade()
        # It is not counted any more: a large body is not to be held.
        self._whole = request if len(request.body) <= _SLICE else None
        self._pending.append((request, speaks_11, keep))

    # What is done with what came.

    def _advance(self) -> None:
        """As far as it goes now: parse a piece, answer what is in it; then others have their turn."""
        if self._advancing or self._lingering:
            return
        self._advancing = True
        fed, answered = False, 0
        while not self._blocked and not self._lingering:
            if self._pending:
                if self._running is not None or answered == _IN_A_TURN:
                    break
                answered += 1
                self._next()
            elif self._rest and not fed:
                fed = True
                self._feed()
            else:
                break
        self._advancing = False
        self._settle()

    def _settle(self) -> None:
        if self._lingering:
            return
        if not self._count() and self._incoming is not None and self._incoming.body:
            self._judge(Refusal(503, "Busy", "too much is being sent at once: try again later", retry_after=10))
        if self._verdict is not None and self._running is None and not (self._pending or self._blocked):
            self._refuse(self._verdict)
            return
        if self._continue and self._running is None and not self._pending:
            self._continue = False
            self._write(_CONTINUE)
        more = self._running is None if self._pending else bool(self._rest)
        if more and not self._blocked:
            asyncio.get_running_loop().call_soon(self._advance)
        self._pause_reading() if self._blocked or len(self._rest) > _SLICE else self._read_on()

    def _feed(self) -> None:
        data, self._rest = self._rest[:_SLICE], self._rest[_SLICE:]
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # What would follow is another protocol; the connection is closed after the answer.
            self._rest = b""
            if self._incoming is not None:
                self._judge(Refusal(505, "HTTP Version Not Supported", "HTTP/1.1 is spoken here"))
        except httptools.HttpParserError as error:
            self._give_up(error)

    def _give_up(self, error: httptools.HttpParserError) -> None:
        cause = error.__context__
        if isinstance(cause, RefusedError):
            self._judge(cause.why)
        elif isinstance(error, httptools.HttpParserCallbackError):
            # A fault of ours: the connection is of no more use, the server is.
            self._fail(cause or error)
        else:
            self._judge(malformed(error))

    def _judge(self, why: Refusal) -> None:
        """Nothing more is read; what came before is answered first."""
        self._verdict, self._rest, self._incoming, self._continue = why, b"", None, False

    def _fail(self, error: BaseException) -> None:
        self._gateway.watcher.fault(error)
        self._lingering = True
        self.abort()

    def _next(self) -> None:
        request, speaks_11, keep = self._pending.popleft()
        self._begin(request, speaks_11=speaks_11, keep=keep)

    def _begin(self, request: Request, *, speaks_11: bool, keep: bool) -> None:
        self._running, self._speaks_11, self._known = request, speaks_11, None
        self._keep_alive = self._keep_alive and keep
        self.deadline = NEVER
        try:
            self._gateway.answer(request, self)
        except Exception as error:  # the client must not wait for ever
            self._fail(error)

    def _finish(self) -> None:
        """The answer is written. The next one waits until the client has taken enough of it."""
        self._running = self._job = None
        if not self._keep_alive or self._gateway.draining:
            self._lingering = True
            self._pending.clear()
            self._close()
        else:
            self._await_more()
            # Nearly always nothing came meanwhile, and nothing was held back.
            came = self._pending or self._rest or self._incoming is not None or self._verdict is not None
            if came or self._counted or not self._reading:
                self._advance()

    def _await_more(self) -> None:
        limits = self._limits
        waiting = limits.request_seconds if self._incoming is not None else limits.idle_seconds
        self.deadline = self._gateway.now() + (limits.slow_seconds if self._blocked else waiting)

    # Ends.

    def _refuse(self, why: Refusal) -> None:
        """Of something that was not even read to its end."""
        self._gateway.watcher.refused(why.status)
        self._keep_alive = False
        self._lingering = True
        self._incoming, self._rest = None, b""
        self._count()
        head, body = refusal.rendered(why, None, None)
        self._write(self._head(head) + body)
        self.deadline = self._gateway.now() + _LINGER
        self._read_on()
        self._write_eof()

    def on_deadline(self) -> None:
        """Of the client: a request that does not come to its end, an answer that is not taken, or nothing at all."""
        if self._lingering or self._blocked or self._open() is None:
            self.deadline = NEVER
            self.abort()
        elif self._incoming is not None:
            self._refuse(
                Refusal(408, "Request timed out", f"it was not here within {self._limits.request_seconds:g} s")
            )
        else:
            self._close()

    @property
    def idle(self) -> bool:
        """Whether nothing of it is being answered, or waits to be."""
        return self._running is None and not self._pending and not self._lingering

    def give_way(self) -> None:
        """Another client needs the place."""
        self._close() if self._incoming is None and not self._blocked else self.abort()

    def drain(self) -> None:
        """The server is about to end: what runs may end, what is idle is closed."""
        if self.idle:
            self._close()

    def _count(self) -> bool:
        """Note how much of what was sent is held; whether all together is within bounds."""
        size = len(self._rest) + sum(len(request.body) for request, _, _ in self._pending)
        size += len(self._incoming.body) if self._incoming is not None else 0
        size += len(self._running.body) if self._running is not None else 0
        change, self._counted = size - self._counted, size
        return self._gateway.count_bodies(change)
