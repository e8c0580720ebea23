"""Answers that are sent while they are written: the engine's blocks go out as they come, nothing is gathered first."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from starlette.types import Receive, Scope, Send

from kg.serve.boundary import TransferBroken
from kg.serve.now import now
from kg.serve.problem import Problem
from kg.serve.write import Output

CHUNK: Final = 64 * 1024
Headers = list[tuple[bytes, bytes]]


class Emit(Protocol):
    """Takes the pieces of an answer: the headers with the first, and whether more follows."""

    def __call__(self, headers: Headers | None, body: bytes, *, more: bool) -> None: ...


class Pushed:
    """An answer with status 200; `write` writes it whole into what it is given, `count` raises when it is too much."""

    def __init__(
        self, write: Callable[[Output], None], headers: Mapping[str, str], count: Callable[[bytes], None] | None = None
    ) -> None:
        self._write = write
        self._headers = headers
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what `run` raises."""

        def emit(headers: Headers | None, body: bytes, *, more: bool) -> None:
            if headers is not None:
                now(send({"type": "http.response.start", "status": 200, "headers": headers}))
            now(send({"type": "http.response.body", "body": body, "more_body": more}))

        self.run(emit, head_only=scope["method"] == "HEAD")

    def run(self, emit: Emit, *, head_only: bool = False) -> None:
        """Raises a Problem of `write` where nothing has been sent, TransferBroken where something has."""
        sender = _Sender(emit, self._headers, self._count, head_only=head_only)
        try:
            self._write(sender)
        except _Enough:
            pass
        except Problem as problem:
            if sender.begun:
                raise TransferBroken(problem.detail) from None
            raise
        sender.end()


class _Enough(Exception):  # noqa: N818  no error: HEAD needs no more than the beginning
    """Raised into the engine, which then stops."""


class _Sender:
    """The first block leaves as soon as there is a second one, the others in chunks; one block alone has a length."""

    def __init__(
        self, emit: Emit, headers: Mapping[str, str], count: Callable[[bytes], None] | None, *, head_only: bool
    ) -> None:
        self.begun = False
        self._count = count
        self._emit = emit
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        self._head_only = head_only
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes, /) -> int:
        if self._count is not None:
            self._count(data)
        if self._held and not self.begun:
            self._pass_on(more=True)
            if self._head_only:
                raise _Enough
        self._held.append(data)
        self._size += len(data)
        if self.begun and self._size >= CHUNK:
            self._pass_on(more=True)
        return len(data)

    def flush(self) -> None:
        """The engine calls this once, at the end; `end` does the work, also when there was nothing to flush."""

    def end(self) -> None:
        if not self.begun:
            self._headers.append((b"content-length", b"%d" % self._size))
        self._pass_on(more=False)

    def _pass_on(self, *, more: bool) -> None:
        body = b"".join(self._held)
        self._held.clear()
        self._size = 0
        headers = None if self.begun else self._headers
        self.begun = True
        self._emit(headers, body, more=more)
