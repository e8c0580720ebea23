"""What gateway and worker say to each other over their socket: a request, and an answer in frames.

A request is its length in four bytes and a marshalled tuple; a frame is its kind in one byte, its length in four, and
its content. A worker says READY once, before its first request, or FAILED and why. Both ends are one release on one
machine, which is what marshal needs."""

import marshal
import struct
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

LENGTH: Final = struct.Struct("<I")
FRAME: Final = struct.Struct("<cI")
WHOLE: Final = b"W"
BEGIN: Final = b"H"
PIECE: Final = b"B"
END: Final = b"E"
BROKEN: Final = b"X"
READY: Final = b"R"
FAILED: Final = b"F"


class Request(NamedTuple):
    """One HTTP request, read to its end. `target` is as it was sent, header names are in lower case."""

    method: bytes
    target: bytes
    path: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    client: tuple[str, int] | None
    server: tuple[str, int | None] | None
    id: str = ""

    def header(self, name: bytes) -> bytes | None:
        """All values of a header, joined as RFC 9110, section 5.3, has it."""
        found = [value for known, value in self.headers if known == name]
        return b", ".join(found) if found else None

    def packed(self, query_id: str) -> bytes:
        """With the id under which logs speak of it."""
        first = (self.method, self.target, self.path, self.query, self.headers)
        content = marshal.dumps((*first, self.body, self.client, self.server, query_id))
        return LENGTH.pack(len(content)) + content


def unpacked(content: bytes) -> Request:
    return Request(*marshal.loads(content))  # noqa: S302  from our own gateway


class Head(NamedTuple):
    """The head of an answer. `lines` are its headers as they are sent, without Date and what concerns the connection;
    `length` is that of the body where it is known; `etag` is set where the answer may be kept."""

    status: int
    lines: bytes
    length: int | None
    etag: bytes | None
    keep: bool

    def packed(self) -> bytes:
        content = marshal.dumps(tuple(self))
        return LENGTH.pack(len(content)) + content


def head_and_body(content: memoryview) -> tuple[Head, bytes]:
    """What a WHOLE or BEGIN frame holds."""
    (length,) = LENGTH.unpack_from(content)
    end = LENGTH.size + length
    return Head(*marshal.loads(content[LENGTH.size : end])), bytes(content[end:])  # noqa: S302


class Frames:
    """Cuts what a worker sends into frames, however it arrives. Of a PIECE what has come is given on at once, as a
    piece of its own; other frames are given whole."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._wanted = 0
        self._piece_left = 0

    def feed(self, data: bytes) -> Iterable[tuple[bytes, memoryview]]:
        if not (self._held or self._piece_left) and len(data) >= FRAME.size:
            kind, length = FRAME.unpack_from(data)
            if len(data) == FRAME.size + length:  # one whole frame, as nearly always
                return ((kind, memoryview(data)[FRAME.size :]),)
        return self._cut(data)

    def _cut(self, data: bytes) -> Iterator[tuple[bytes, memoryview]]:
        if self._held:
            self._held += data
            if len(self._held) < self._wanted:
                return
            data = bytes(self._held)
            self._held.clear()
        view, at = memoryview(data), min(self._piece_left, len(data))
        if at:
            self._piece_left -= at
            yield PIECE, view[:at]
        while len(data) - at >= FRAME.size:
            kind, length = FRAME.unpack_from(data, at)
            start, end = at + FRAME.size, at + FRAME.size + length
            if end > len(data):
                if kind != PIECE:
                    break
                self._piece_left, end = end - len(data), len(data)
            at = end
            yield kind, view[start:end]
        self._held += view[at:]
        self._wanted = FRAME.size + (FRAME.unpack_from(data, at)[1] if len(data) - at >= FRAME.size else 0)
