"""A reader of HTTP/1.1 answers that forgives nothing (RFC 9112), written without the server's parser."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

STATUS = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [ -~]*")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?")
SIZE = re.compile(rb"[0-9a-f]{1,8}")
ONCE = {b"content-length", b"transfer-encoding", b"content-type", b"date", b"connection", b"etag", b"location"}

_MOST_READINGS = 64


class MalformedError(AssertionError):
    """What no server may send."""


@dataclass(frozen=True)
class Parsed:
    """One answer; `whole` is False for one that was broken off, `framing` is what tells its end."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes
    whole: bool
    framing: str


def answers(data: bytes, heads: Sequence[bool] | None, *, head_sent: bool = False) -> list[Parsed]:
    """All answers of a connection. `heads` tells which of the requests were HEAD; None where that is not known, and
    then an answer may be without a body wherever `head_sent`. Raises MalformedError."""
    # One reading without a loose end is the right one, if there is one.
    found = islice(_readings(data, heads, head_sent), _MOST_READINGS)
    return min(found, key=lambda reading: not all(parsed.whole for parsed in reading))


def _readings(data: bytes, heads: Sequence[bool] | None, head_sent: bool) -> Iterator[list[Parsed]]:
    """Every way to read it, without recursion: clients send thousands of requests at once."""
    todo: list[tuple[int, tuple[Parsed, ...]]] = [(0, ())]
    first: MalformedError | None = None
    found = False
    while todo:
        at, before = todo.pop()
        if at == len(data):
            found = True
            yield list(before)
            continue
        choices = [True, False] if head_sent else [False]
        if heads is not None:
            choices = [heads[len(before)] if len(before) < len(heads) else False]
        for is_head in choices:
            try:
                parsed, end = _answer(data, at, is_head=is_head)
                todo.append((end, before if parsed is None or parsed.status == 100 else (*before, parsed)))
            except MalformedError as error:
                first = first or error
    if first is not None and not found:
        raise first


def _answer(data: bytes, at: int, *, is_head: bool) -> tuple[Parsed | None, int]:
    """One answer and where it ends; None for a head that was cut."""
    end = data.find(b"\r\n\r\n", at)
    if end < 0:
        _must(b"HTTP/1.1 ".startswith(data[at : at + 9]), f"no answer begins so: {data[at : at + 200]!r}")
        return None, len(data)
    status_line, *lines = data[at:end].split(b"\r\n")
    match = STATUS.fullmatch(status_line)
    if match is None:
        raise MalformedError(f"no status line: {status_line[:200]!r}")
    status, headers = int(match[1]), _fields(lines)
    at = end + 4
    if status == 100:
        _must(not lines, "100 Continue has headers")
        return Parsed(status, headers, b"", whole=True, framing="none"), at
    body, at, whole, framing = _body(data, at, status, headers, is_head=is_head)
    return Parsed(status, headers, body, whole, framing), at


def _fields(lines: Sequence[bytes]) -> dict[bytes, bytes]:
    headers: dict[bytes, bytes] = {}
    for line in lines:
        match = FIELD.fullmatch(line)
        if match is None:
            raise MalformedError(f"no header: {line[:200]!r}")
        name = match[1].lower()
        _must(name not in ONCE or name not in headers, f"{name!r} twice")
        headers[name] = match[2] or b""
    return headers


def _body(
    data: bytes, at: int, status: int, headers: dict[bytes, bytes], *, is_head: bool
) -> tuple[bytes, int, bool, str]:
    length, coding = headers.get(b"content-length"), headers.get(b"transfer-encoding")
    _must(length is None or coding is None, "both Content-Length and Transfer-Encoding")
    _must(length is None or length.isdigit(), f"Content-Length: {length!r}")
    _must(coding in (None, b"chunked"), f"Transfer-Encoding: {coding!r}")
    if status in (204, 304):
        _must(coding is None and length is None, f"{status} with a body")
        return b"", at, True, "none"
    if is_head:
        return b"", at, True, "none"
    if length is not None:
        body = data[at : at + int(length)]
        return body, at + len(body), len(body) == int(length), "length"
    if coding is not None:
        return _chunks(data, at)
    _must(headers.get(b"connection") == b"close", f"the body of {status} has no end")
    return data[at:], len(data), True, "close"


def _chunks(data: bytes, at: int) -> tuple[bytes, int, bool, str]:
    body = bytearray()
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            _must(len(data) - at <= 8, f"no chunk begins so: {data[at : at + 200]!r}")
            return bytes(body), len(data), False, "chunked"
        _must(SIZE.fullmatch(data[at:end]) is not None, f"no size of a chunk: {data[at:end][:200]!r}")
        size, at = int(data[at:end], 16), end + 2
        piece, after = data[at : at + size], data[at + size : at + size + 2]
        body += piece
        if len(after) < 2:
            return bytes(body), len(data), False, "chunked"
        _must(after == b"\r\n", f"no end of a chunk: {after!r}")
        at += size + 2
        if not size:
            return bytes(body), at, True, "chunked"


def _must(holds: bool, why: str) -> None:
    if not holds:
        raise MalformedError(why)
