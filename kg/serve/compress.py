"""Answers as gzip for those who ask for it, where it saves anything; what streams is compressed chunk by chunk."""

import zlib
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.negotiate import takes
from kg.serve.push import Emit, Headers

_SMALLEST: Final = 1024
_LEVEL: Final = 5
_COMPRESSIBLE: Final = ("text/", "application/", "image/svg+xml")
_WITHOUT_BODY: Final = frozenset({204, 304})
# An answer in ranges, or in another encoding already, is sent as it is.
_AS_IT_IS: Final = ("content-encoding", "content-range", "accept-ranges")


class Compression:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            accepted = b", ".join(value for name, value in scope["headers"] if name == b"accept-encoding")
            send = _Compressor(send, wanted=takes("gzip", accepted.decode("latin-1")))
        await self._app(scope, receive, send)


class _Compressor:
    """Holds the head of an answer until its first piece tells whether it is worth compressing."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._head: Message | None = None
        self._zlib: zlib._Compress | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = {**message, "headers": _varying(message["headers"])}
            return
        head, self._head = self._head, None
        more = message.get("more_body", False)
        if head and self._wanted and _is_worth_it(message["body"], more=more) and _is_compressible(head):
            self._zlib = _compressor()
        if self._zlib:
            message = {**message, "body": _squeezed(message["body"], self._zlib, more=more)}
        if head:
            await self._send(_labelled(head, message) if self._zlib else head)
        await self._send(message)


class Squeezed:
    """The same for an answer to a query on its short way (direct.py): rows or triples, not compressed yet, with a weak
    ETag or none."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._zlib: zlib._Compress | None = None

    def __call__(self, headers: Headers | None, body: bytes, *, more: bool) -> None:
        if headers is not None and _is_worth_it(body, more=more):
            self._zlib = _compressor()
        if self._zlib is not None:
            body = _squeezed(body, self._zlib, more=more)
            headers = None if headers is None else _encoded(headers, len(body))
        self._emit(headers, body, more=more)


def _encoded(headers: Headers, length: int) -> Headers:
    own = tuple((name, b"%d" % length if name == b"content-length" else value) for name, value in headers.own)
    return headers._replace(own=(*own, (b"content-encoding", b"gzip")))


def _compressor() -> "zlib._Compress":
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)


def _squeezed(body: bytes, compressor: "zlib._Compress", *, more: bool) -> bytes:
    """Each chunk can be read when it arrives, without the next one."""
    return compressor.compress(body) + compressor.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)


def _varying(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    for place, (name, value) in enumerate(headers):
        if name == b"vary":
            value += b"" if b"accept-encoding" in value.lower() else b", Accept-Encoding"
            return [*headers[:place], (name, value), *headers[place + 1 :]]
    return [*headers, (b"vary", b"Accept-Encoding")]


def _is_worth_it(first: bytes, *, more: bool) -> bool:
    return more or len(first) > _SMALLEST


def _is_compressible(head: Message) -> bool:
    from starlette.datastructures import Headers

    headers = Headers(raw=head["headers"])
    if head["status"] in _WITHOUT_BODY or any(name in headers for name in _AS_IT_IS):
        return False
    return headers.get("content-type", "").startswith(_COMPRESSIBLE)


def _labelled(head: Message, first: Message) -> Message:
    from starlette.datastructures import MutableHeaders

    headers = MutableHeaders(raw=list(head["headers"]))
    headers["Content-Encoding"] = "gzip"
    etag = headers.get("etag", "W/")
    if not etag.startswith("W/"):
        # Strong means the same bytes (RFC 9110, section 8.8.3), and these are others.
        headers["ETag"] = f"W/{etag}"
    if first.get("more_body"):
        del headers["Content-Length"]
    else:
        headers["Content-Length"] = str(len(first["body"]))
    return {**head, "headers": headers.raw}
