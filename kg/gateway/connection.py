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
from kg.gateway.cache import Kept
from kg.gateway.channel import Channel
from kg.gateway.frames import Head, Request
from kg.gateway.job import Job, Refusal
from kg.gateway.reading import Incoming, RefusedError, malformed
from kg.gateway.stream import Stream

NEVER: Final = float("inf")
# An error answer is lost if the connection is closed on what the client still sends, so that is read and thrown away.
_LINGER: Final = 2.0
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(Stream):
    """`deadline` is looked at by the gateway now and then, against the clock of the event loop."""

    def __init__(self, gateway: Behind) -> None:
        super().__init__()
        self._gateway = gateway
        self._limits = gateway.limits
        self._parser = httptools.HttpRequestParser(self)
        self._incoming: Incoming | None = None
        self._pending: deque[tuple[Request, bool, bool]] = deque()
        self._running: Request | None = None
        self._job: Job | None = None
        self._messages = 0
        self._known: tuple[Kept, bool] | None = None
        self._keep_alive = self._speaks_11 = True
        self._chunked = self._lingering = self._blocked = self._finished = False
        self._counted = 0
        self._client: tuple[str, int] | None = None
        self._server: tuple[str, int | None] | None = None
        self.deadline = NEVER

    # The event loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        self._client = (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else None
        self._server = (str(own[0]), int(own[1])) if isinstance(own, tuple) else None
        self.deadline = self._gateway.now() + self._limits.request_seconds
        if not self._gateway.admit(self):
            self._refuse_and_close(Refusal(503, "Busy", "too many connections: try again later", retry_after=10))

    def connection_lost(self, error: Exception | None) -> None:
        self._gateway.leave(self)
        self._count_body(0)
        self._pending.clear()
        if self._job is not None:
            job, self._job = self._job, None
            self._gateway.abandon(job)

    def data_received(self, data: bytes) -> None:
        if self._lingering:
            return
        alone = self._running is None and self._incoming is None and not self._blocked
        if alone:
            found = self._gateway.cache.get_raw(data)
            if found is not None:
                self._gateway.watcher.hits += 1
                self._write_kept(*found)
                return
            self._messages, self._known = 0, None
            self.deadline = self._gateway.now() + self._limits.request_seconds
        self._feed(data)
        # Only what came alone and whole can be known again by its bytes.
        if alone and self._known is not None and self._messages == 1 and self._incoming is None:
            self._gateway.cache.put_raw(data, self._known)

    def pause_writing(self) -> None:
        self._blocked = True
        if self._job is not None and isinstance(self._job.channel, Channel):
            self._job.channel.pause()
        else:
            self.deadline = self._gateway.now() + self._limits.slow_seconds
            self._pause_reading()

    def resume_writing(self) -> None:
        self._blocked = False
        if self._job is not None and isinstance(self._job.channel, Channel):
            self._job.channel.resume()
        elif self._finished:
            self._finish()

    # The parser calls these.

    def on_message_begin(self) -> None:
        self._incoming = Incoming(self._limits)
        self._messages += 1
        self.deadline = min(self.deadline, self._gateway.now() + self._limits.request_seconds)

    def on_url(self, part: bytes) -> None:
        assert self._incoming is not None
        self._incoming.add_target(part)

    def on_header(self, name: bytes, value: bytes) -> None:
        assert self._incoming is not None
        self._incoming.add_header(name, value)

    def on_headers_complete(self) -> None:
        assert self._incoming is not None
        if self._incoming.check_head(self._parser.get_http_version(), self._parser.get_method()):
            self._write(_CONTINUE)

    def on_body(self, part: bytes) -> None:
        assert self._incoming is not None
        self._incoming.add_body(part)
        if not self._count_body(len(self._incoming.body)):
            raise RefusedError(Refusal(503, "Busy", "too much is being sent at once: try again later", retry_after=10))

    def on_message_complete(self) -> None:
        incoming, self._incoming = self._incoming, None
        assert incoming is not None
        self._count_body(0)
        request = incoming.request(self._parser.get_method(), self._client, self._server)
        speaks_11 = self._parser.get_http_version() == "1.1"
        keep = speaks_11 and self._parser.should_keep_alive() and not self._parser.should_upgrade()
        self._pending.append((request, speaks_11, keep))
        if self._running is None:
            self._next()

    # What is done with a request.

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # What would follow is another protocol; the connection is closed after the answer.
            if self._incoming is not None:
                self._refuse_and_close(Refusal(505, "HTTP Version Not Supported", "HTTP/1.1 is spoken here"))
            self._lingering = True
        except httptools.HttpParserError as error:
            self._give_up(error)
        if self._pending:
            self._pause_reading()

    def _give_up(self, error: httptools.HttpParserError) -> None:
        cause = error.__context__
        if isinstance(cause, RefusedError):
            self._refuse_and_close(cause.why)
        elif isinstance(error, httptools.HttpParserCallbackError):
            # A fault of ours: the connection is of no more use, the server is.
            self._gateway.watcher.fault(cause or error)
            self.abort()
        else:
            self._refuse_and_close(malformed(error))

    def _next(self) -> None:
        request, self._speaks_11, keep = self._pending.popleft()
        self._keep_alive = self._keep_alive and keep
        self._running = request
        self.deadline = NEVER
        self._gateway.answer(request, self)

    def run(self, job: Job) -> None:
        self._job = job

    def _finish(self) -> None:
        """The answer is written. The next one waits until the client has taken enough of it."""
        self._running = self._job = None
        self._finished = self._blocked
        if not self._keep_alive or self._gateway.draining:
            self._close()
        elif self._blocked:
            self.deadline = self._gateway.now() + self._limits.slow_seconds
            self._pause_reading()
        elif self._pending:
            self._next()
        else:
            self._await_more()

    def _await_more(self) -> None:
        self._read_on()
        limits = self._limits
        self.deadline = self._gateway.now() + (limits.request_seconds if self._incoming else limits.idle_seconds)

    # Answers.

    def kept(self, kept: Kept, *, not_modified: bool) -> None:
        """One from the cache."""
        self._known = kept, not_modified
        self._write_kept(kept, not_modified)
        self._finish()

    def _write_kept(self, kept: Kept, not_modified: bool) -> None:
        status, after = (304, kept.after_304) if not_modified else (kept.status, kept.after)
        self._write(self._gateway.first_lines(status) + self._connection_line() + after)

    def local(self, head: Head, body: bytes) -> None:
        """One that the gateway has made itself."""
        self._write(self._head(head))
        self._write(b"" if self._is_head() else body)
        self._finish()

    def whole(self, head: Head, body: bytes) -> None:
        self._gateway.keep(self._running, head, body)
        self._write(self._head(head) + body)
        self._finish()

    def begin(self, head: Head) -> None:
        self._chunked = head.length is None and self._speaks_11
        if head.length is None and not self._chunked:
            self._keep_alive = False
        self._write(self._head(head, chunked=self._chunked))

    def piece(self, data: bytes) -> None:
        if not self._is_head():
            self._write(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    def end(self) -> None:
        if self._chunked and not self._is_head():
            self._write(b"0\r\n\r\n")
        self._finish()

    def cut(self) -> None:
        """An answer that has begun and will not end: no client shall take what it has for the whole."""
        self._job = None
        self._close() if self._chunked else self.abort()

    def refuse(self, why: Refusal) -> None:
        """Of a job."""
        job = self._job
        head, body = refusal.rendered(why, self._running, job.id if job else None)
        self._write(self._head(head))
        self._write(b"" if self._is_head() else body)
        self._finish()

    def _refuse_and_close(self, why: Refusal) -> None:
        """Of something that was not even read to its end."""
        self._gateway.watcher.refused(why.status)
        self._keep_alive = False
        if self._running is not None:
            # An earlier request on this connection is still being answered; there is no room for words.
            self._lingering = True
            return
        self._incoming = None
        self._count_body(0)
        head, body = refusal.rendered(why, None, None)
        self._write(self._head(head))
        self._write(body)
        self._linger()

    # Writing.

    def _head(self, head: Head, *, chunked: bool = False) -> bytes:
        query_id = b"query-id: %b\r\n" % self._job.id.encode() if self._job is not None else b""
        coding = b"transfer-encoding: chunked\r\n" if chunked else b""
        first = self._gateway.first_lines(head.status)
        return b"".join((first, head.lines, query_id, coding, self._connection_line(), b"\r\n"))

    def _connection_line(self) -> bytes:
        return b"" if self._keep_alive and not self._gateway.draining else b"connection: close\r\n"

    def _is_head(self) -> bool:
        return self._running is not None and self._running.method == b"HEAD"

    # Ends.

    def on_deadline(self) -> None:
        """Of the client: a request that does not come to its end, an answer that is not taken, or nothing at all."""
        self.deadline = NEVER
        if self._lingering or self._blocked:
            self.abort()
        elif self._incoming is not None and self._running is None:
            detail = f"the request was not here within {self._limits.request_seconds:g} s"
            self._refuse_and_close(Refusal(408, "Request timed out", detail))
        else:
            self._close()

    def drain(self) -> None:
        """The server is about to end: what runs may end, what is idle is closed."""
        if self._running is None and not self._pending:
            self._close()

    def _linger(self) -> None:
        self._lingering = True
        self.deadline = self._gateway.now() + _LINGER
        self._read_on()
        self._write_eof()

    def _count_body(self, size: int) -> bool:
        """Note how much of a body is held; whether all together are within bounds."""
        change, self._counted = size - self._counted, size
        return self._gateway.count_bodies(change)
