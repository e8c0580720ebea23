"""Answers that are sent while they are written: the engine's blocks go out as they come, nothing is gathered first."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from starlette.types import Receive, Scope, Send

from kg.serve.boundary import TransferBroken
from kg.serve.now import now
from kg.serve.problem import Problem
from kg.serve.write import Output

CHUNK: Final = 64 * 1024
# What is ready within so many seconds leaves as one: all that wake for a piece take the processor from the evaluation.
_AT_MOST: Final = 0.01
Fields = tuple[tuple[bytes, bytes], ...]


class Headers(NamedTuple):
    """Of an answer, in the order in which they are sent. `shared` and `also` are the same for many answers, so that who
    writes them need not put them together each time."""

    own: Fields
    shared: Fields = ()
    also: Fields = ()

    def all(self) -> list[tuple[bytes, bytes]]:
        return [*self.shared, *self.own, *self.also]


class Emit(Protocol):
    """Takes the pieces of an answer: the headers with the first, and whether more follows."""

    def __call__(self, headers: Headers | None, body: bytes, *, more: bool) -> None: ...


class Pushed:
    """An answer with status 200; `write` writes it whole into what it is given, `count` raises when it is too much.

    Names of headers are in lower case. `begun` is set once anything of it was given away."""

    def __init__(
        self, write: Callable[[Output], None], headers: Headers, count: Callable[[bytes], None] | None = None
    ) -> None:
        self.begun = False
        self._write = write
        self.headers = headers
        self.count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what `run` raises."""

        def emit(headers: Headers | None, body: bytes, *, more: bool) -> None:
            if headers is not None:
                now(send({"type": "http.response.start", "status": 200, "headers": headers.all()}))
            now(send({"type": "http.response.body", "body": body, "more_body": more}))

        self.run(emit, head_only=scope["method"] == "HEAD")

    def run(self, emit: Emit, *, head_only: bool = False, also: Fields = ()) -> None:
        """`also` are headers that go out behind its own. Raises a Problem of `write` where nothing has been sent,
        TransferBroken where something has."""
        sender = _Sender(self, emit, also, head_only=head_only)
        try:
            self._write(sender)
        except _Enough:
            pass
        except Problem as problem:
            if self.begun:
                raise TransferBroken(problem.detail) from None
            raise
        sender.end()


class _Enough(Exception):  # noqa: N818  no error: HEAD needs no more than the beginning
    """Raised into the engine, which then stops."""


class _Sender:
    """Blocks leave in chunks, the first no later than the first block after a while; what is one chunk has a length."""

    def __init__(self, answer: Pushed, emit: Emit, also: Fields, *, head_only: bool) -> None:
        self._answer = answer
        self._emit = emit
        self._also = also
        self._head_only = head_only
        self._held: list[bytes] = []
        self._size = 0
        self._until = 0.0

    def write(self, data: bytes, /) -> int:
        answer = self._answer
        if answer.count is not None:
            answer.count(data)
        if self._held and not answer.begun and self._is_time():
            self._pass_on(more=True)
            if self._head_only:
                raise _Enough
        if not self._until:
            self._until = time.monotonic() + _AT_MOST
        self._held.append(data)
        self._size += len(data)
        if self._size >= CHUNK and answer.begun:
            self._pass_on(more=True)
        return len(data)

    def _is_time(self) -> bool:
        """Whether the first chunk leaves before this block."""
        return self._head_only or self._size >= CHUNK or time.monotonic() >= self._until

    def flush(self) -> None:
        """The engine calls this once, at the end; `end` does the work, also when there was nothing to flush."""

    def end(self) -> None:
        self._pass_on(more=False)

    def _pass_on(self, *, more: bool) -> None:
        answer, headers = self._answer, None
        if not answer.begun:
            answer.begun = True
            own, shared, _ = answer.headers
            length = () if more else ((b"content-length", b"%d" % self._size),)
            headers = Headers(own + length, shared, self._also)
        body = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held.clear()
        self._size = 0
        self._emit(headers, body, more=more)
