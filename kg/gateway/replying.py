"""What goes out on a connection: an answer that is whole, one that comes in pieces, a refusal; each framed so that its
client can read it."""

from abc import abstractmethod
from typing import Final

from kg.gateway import refusal
from kg.gateway.behind import Behind
from kg.gateway.cache import Kept
from kg.gateway.frames import Head, Request
from kg.gateway.job import Job, Refusal
from kg.gateway.limits import KIB
from kg.gateway.stream import Stream

NEVER: Final = float("inf")
# What comes in pieces is kept too, up to so many bytes: it is in memory once more until it has ended.
_MOST_GATHERED: Final = 512 * KIB


class Replying(Stream):
    """`_running` is the request that is being answered. What is written for one follows what was written for the one
    before it; `_finish` is called after each answer; `_blocked` is whether the client must first take of it."""

    def __init__(self, gateway: Behind) -> None:
        super().__init__()
        self._gateway = gateway
        self._limits = gateway.limits
        self._running: Request | None = None
        self._job: Job | None = None
        self._known: tuple[Kept, bool] | None = None
        self._keep_alive = self._speaks_11 = True
        self._chunked = self._blocked = False
        self._left: int | None = None
        # The head, and what has come after it; None where it will not be kept.
        self._gathered: tuple[Head, list[bytes | memoryview]] | None = None
        self._size = 0
        self.deadline = NEVER

    @abstractmethod
    def _finish(self) -> None: ...

    def run(self, job: Job) -> None:
        self._job = job

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
        self._write(self._head(head) + (b"" if self._is_head() else body))
        self._finish()

    def whole(self, head: Head, body: bytes) -> None:
        assert self._job is not None
        kept = self._gateway.keep(self._job, head, body)
        if kept is not None and not self._is_head():
            # As it will be given again, so that it is put together once.
            first = self._gateway.first_lines(head.status)
            self._write(b"%bquery-id: %b\r\n%b%b" % (first, self._job.id.encode(), self._connection_line(), kept.after))
        else:
            self._write(self._head(head) + (b"" if self._is_head() else body))
        self._finish()

    def begin(self, head: Head) -> None:
        self._chunked = head.length is None and self._speaks_11
        if head.length is None and not self._chunked:
            self._keep_alive = False
        self._left = head.length if not self._is_head() else None
        self._gathered, self._size = ((head, []) if head.keep and not self._is_head() else None), 0
        self._write(self._head(head, chunked=self._chunked))

    def piece(self, data: bytes | memoryview) -> None:
        if self._gathered is not None:
            self._gathered[1].append(data)
            self._size += len(data)
            self._gathered = self._gathered if self._size <= _MOST_GATHERED else None
        if self._left is not None:
            self._left -= len(data)
        if self._left is not None and self._left < 0:
            self.cut()
        elif not self._is_head():
            self._write_parts((b"%x\r\n" % len(data), data, b"\r\n") if self._chunked else (data,))

    def end(self) -> None:
        if self._left:  # what came next would be taken for the rest of it
            self.cut()
            return
        if self._chunked and not self._is_head():
            self._write(b"0\r\n\r\n")
        self._keep_gathered()
        self._finish()

    def _keep_gathered(self) -> None:
        """Given again it is whole at once, and has a length."""
        if self._gathered is None or self._job is None:
            return
        (head, gathered), self._gathered = self._gathered, None
        if head.length is None:
            lines = head.lines + b"content-length: %d\r\n" % self._size
            head = head._replace(lines=lines, length=self._size)
        self._gateway.keep(self._job, head, b"".join(gathered))

    def cut(self) -> None:
        """An answer that has begun and will not end: no client shall take what it has for the whole."""
        self._job = self._gathered = None
        self._keep_alive = False
        self._close() if self._chunked and not self._blocked else self.abort()

    def refuse(self, why: Refusal) -> None:
        """Of a job."""
        query_id = self._job.id if self._job else None
        try:
            path = self._gateway.own_path(self._running) if self._running is not None else b"/"
            head, body = refusal.rendered(why, self._running, query_id, path=path)
        except Exception as error:  # of how it was to be worded; told it must be
            self._gateway.watcher.fault(error)
            head, body = refusal.rendered(why, None, query_id)
        self.local(head, body)

    def _head(self, head: Head, *, chunked: bool = False) -> bytes:
        query_id = b"query-id: %b\r\n" % self._job.id.encode() if self._job is not None else b""
        coding = b"transfer-encoding: chunked\r\n" if chunked else b""
        first = self._gateway.first_lines(head.status)
        return b"".join((first, head.lines, query_id, coding, self._connection_line(), b"\r\n"))

    def _connection_line(self) -> bytes:
        return b"" if self._keep_alive and not self._gateway.draining else b"connection: close\r\n"

    def _is_head(self) -> bool:
        return self._running is not None and self._running.method == b"HEAD"

    def _close(self) -> None:
        """Once everything is sent, or when that has taken too long."""
        self.deadline = self._gateway.now() + self._limits.slow_seconds
        super()._close()
