"""A request as it comes in, piece by piece, and what it may not be."""

import re
from typing import Final

import httptools

from kg.gateway.frames import Request
from kg.gateway.job import Refusal
from kg.gateway.limits import KIB, Limits

_TARGET: Final = re.compile(rb"[!-~]+")
# Each costs as much as a thousand bytes of a large one.
_MOST_HEADERS: Final = 256
_MOST_PIECES: Final = 16_384
_HOST: Final = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
_CLOSE_HINT: Final = "a request has one of Content-Length and Transfer-Encoding: chunked"


class RefusedError(Exception):
    """Raised while a request is being read; the connection cannot be used after it."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.detail)
        self.why = why


class Incoming:
    """What is known of a request so far. Raises RefusedError as soon as it is one that nobody answers."""

    __slots__ = ("_begun", "_limits", "_pieces", "body", "headers", "size", "target")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.target = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.size = self._pieces = 0
        self._begun = False

    def add_target(self, part: bytes) -> None:
        self.target += part
        self._count(len(part), 414, "URL too long", "the address")

    def add_header(self, name: bytes, value: bytes) -> None:
        if not self._begun:  # what comes after the body is no header of the request (RFC 9110, section 6.5.1)
            self.headers.append((name.lower(), value))
        if len(self.headers) > _MOST_HEADERS:
            raise _bad(f"a request may have {_MOST_HEADERS} headers", status=431, title="Headers too large")
        self._count(len(name) + len(value) + 4, 431, "Headers too large", "address and headers")

    def _count(self, size: int, status: int, title: str, what: str) -> None:
        self.size += size
        if self.size > self._limits.head_bytes:
            most = self._limits.head_bytes // KIB
            detail = f"{what} may have {most} KiB together; a long query goes into the body of a POST"
            raise RefusedError(Refusal(status, title, detail))

    def add_body(self, part: bytes) -> None:
        if len(self.body) + len(part) > self._limits.body_bytes:
            raise too_large(self._limits)
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise _bad(f"a body may come in {_MOST_PIECES} chunks: make them larger")
        self.body += part

    def check_head(self, version: str, method: bytes) -> bool:
        """Whether the client waits to be told that it may send its body."""
        self._begun = True
        if version not in ("1.0", "1.1"):
            raise _bad(f"HTTP/{version} is not spoken here, HTTP/1.1 is", status=505, title="HTTP version")
        if not _TARGET.fullmatch(self.target):
            raise _bad("the address holds bytes that are no part of a URL: percent-encode them")
        known: dict[bytes, list[bytes]] = {}
        for name, value in self.headers:
            known.setdefault(name, []).append(value)
        hosts = known.get(b"host", [])
        if len(hosts) > 1 or (version == "1.1" and not hosts) or not all(map(_HOST.fullmatch, hosts)):
            raise _bad("a request has one Host header (RFC 9112, section 3.2)")
        self._check_length(known, version)
        if method == b"CONNECT":
            raise _bad("this is no proxy", status=405, title="Method Not Allowed")
        return version == "1.1" and known.get(b"expect", [b""])[0].lower() == b"100-continue"

    def _check_length(self, known: dict[bytes, list[bytes]], version: str) -> None:
        lengths, codings = known.get(b"content-length", []), known.get(b"transfer-encoding", [])
        if codings and (lengths or version == "1.0" or len(codings) > 1 or codings[0].strip().lower() != b"chunked"):
            raise _bad(_CLOSE_HINT)
        if len(lengths) > 1 or (lengths and not lengths[0].isdigit()):
            raise _bad(_CLOSE_HINT)
        if lengths and (len(lengths[0]) > 18 or int(lengths[0]) > self._limits.body_bytes):
            raise too_large(self._limits)

    def request(self, method: bytes, client: tuple[str, int] | None, server: tuple[str, int | None] | None) -> Request:
        path, query = _split(self.target)
        return Request(method, self.target, path, query, tuple(self.headers), bytes(self.body), client, server)


def _split(target: bytes) -> tuple[bytes, bytes]:
    """Path and query; of an absolute address too."""
    if target.startswith(b"/"):
        path, _, query = target.partition(b"?")
        if b"#" not in target and not path.startswith(b"//"):
            return path, query
        return path.partition(b"#")[0], query.partition(b"#")[0]
    try:
        parsed = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return target, b""
    return parsed.path or b"/", parsed.query or b""


def too_large(limits: Limits) -> RefusedError:
    return RefusedError(Refusal(413, "Body too large", f"a body may have {limits.body_bytes} bytes"))


def malformed(error: Exception) -> Refusal:
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return Refusal(501, "Not Implemented", "this method is not known here; GET, HEAD, POST and OPTIONS are")
    return Refusal(400, "Malformed request", f"this is not HTTP/1.1: {error}")


def _bad(detail: str, *, status: int = 400, title: str = "Malformed request") -> RefusedError:
    return RefusedError(Refusal(status, title, detail))
