"""Answers as gzip for those who ask for it, where it saves anything; what streams is compressed chunk by chunk."""

import zlib
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.negotiate import takes

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
            accepted = ", ".join(Headers(scope=scope).getlist("accept-encoding"))
            send = _Compressor(send, wanted=takes("gzip", accepted))
        await self._app(scope, receive, send)


class _Compressor:
    """Holds the head of an answer until its first piece tells whether it is worth compressing."""

    def __init__(self, send: Send, *, wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._head: Message | None = None
        self._zlib = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        self._compressing = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _vary(MutableHeaders(scope=message))
            self._head = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        head, self._head = self._head, None
        if head is not None:
            self._compressing = self._wanted and (more or len(body) > _SMALLEST) and _is_compressible(head)
        if self._compressing:
            body = self._squeeze(body, more=more)
            message = {**message, "body": body}
        if head is not None:
            if self._compressing:
                _label(head, None if more else len(body))
            await self._send(head)
        await self._send(message)

    def _squeeze(self, body: bytes, *, more: bool) -> bytes:
        """Each chunk can be read when it arrives, without the next one."""
        return self._zlib.compress(body) + self._zlib.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)


def _vary(headers: MutableHeaders) -> None:
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")


def _is_compressible(head: Message) -> bool:
    headers = Headers(raw=head["headers"])
    if head["status"] in _WITHOUT_BODY or any(name in headers for name in _AS_IT_IS):
        return False
    return headers.get("content-type", "").startswith(_COMPRESSIBLE)


def _label(head: Message, length: int | None) -> None:
    headers = MutableHeaders(scope=head)
    headers["Content-Encoding"] = "gzip"
    etag = headers.get("etag", "W/")
    if not etag.startswith("W/"):
        # Strong means the same bytes (RFC 9110, section 8.8.3), and these are others.
        headers["ETag"] = f"W/{etag}"
    if length is None:
        del headers["Content-Length"]
    else:
        headers["Content-Length"] = str(length)
