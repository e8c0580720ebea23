"""One connection that asks and tells how long it took: to the first byte of the body, and to the last."""

import select
import socket
import time
from typing import NamedTuple
from urllib.parse import quote

RESULTS = "application/sparql-results+json"
NEVER = 600.0


class Reply(NamedTuple):
    """`first` is when the first byte of the body was there, in seconds after the request was sent (0 without body)."""

    status: int
    head: str
    body: bytes
    size: int
    first: float
    total: float

    def header(self, name: str) -> str:
        """The value, or "" where there is none."""
        for line in self.head.split("\r\n")[1:]:
            found, _, value = line.partition(":")
            if found.lower() == name.lower():
                return value.strip()
        return ""


class BrokenReplyError(OSError):
    """The connection ended before the reply was complete."""


def request(address: tuple[str, int], path: str, query: str, **headers: str) -> bytes:
    """GET of a query. `path` may have parameters already; an underscore in the name of a header is a hyphen."""
    target = f"{path}{'&' if '?' in path else '?'}query={quote(query, safe='')}"
    lines = [f"GET {target} HTTP/1.1", f"Host: {address[0]}:{address[1]}", f"Accept: {RESULTS}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Connection:
    """Kept open from one question to the next, as far as the server lets it."""

    def __init__(self, address: tuple[str, int], patience: float = NEVER) -> None:
        self._address = address
        self._patience = patience
        self._socket: socket.socket | None = None

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, message: bytes, *, keep: bool = False) -> Reply:
        """Raises BrokenReplyError, or another OSError: no connection, or no answer in time."""
        if self._socket is not None and _ended(self._socket):
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._patience)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            reply = _exchange(self._socket, message, keep=keep)
        except OSError:
            self.close()
            raise
        if reply.header("connection").lower() == "close":
            self.close()
        return reply


def _ended(connection: socket.socket) -> bool:
    """Whether the server has closed a connection that was idle for a while, as it may."""
    return bool(select.select([connection], [], [], 0)[0])


def _exchange(connection: socket.socket, message: bytes, *, keep: bool) -> Reply:
    begin = time.perf_counter()
    connection.sendall(message)
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(connection)
    head = data[:end].decode("latin-1")
    body = _Body(head, keep=keep)
    first = 0.0
    rest = data[end + 4 :]
    while not body.done or rest:
        if rest:
            first = first or time.perf_counter() - begin
            body.feed(rest)
        rest = b"" if body.done else _more(connection)
    return Reply(int(head[9:12]), head, bytes(body.kept), body.size, first, time.perf_counter() - begin)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(256 * 1024)
    if not data:
        raise BrokenReplyError("the server closed the connection in the middle of a reply")
    return data


class _Body:
    """Counts what a body has, by its length or its chunks; keeps it where that is wanted."""

    def __init__(self, head: str, *, keep: bool) -> None:
        reply = Reply(int(head[9:12]), head, b"", 0, 0, 0)
        self._keep = keep
        self._chunked = "chunked" in reply.header("transfer-encoding").lower()
        self._left = int(reply.header("content-length") or 0)
        self._rest = b""
        self.kept = bytearray()
        self.size = 0
        self.done = reply.status in (204, 304) or (not self._chunked and self._left == 0)

    def feed(self, data: bytes) -> None:
        if self._chunked:
            self._feed_chunks(self._rest + data)
            return
        self._take(data)
        self._left -= len(data)
        self.done = self._left <= 0

    def _feed_chunks(self, data: bytes) -> None:
        """`_left` counts what is missing of a chunk and of the line end after it."""
        at = 0
        while at < len(data):
            if self._left:
                part = data[at : at + self._left]
                at += len(part)
                self._take(part[: max(self._left - 2, 0)])
                self._left -= len(part)
                continue
            end = data.find(b"\r\n", at)
            if end < 0 or (data[at:end] == b"0" and len(data) < end + 4):
                break
            size = int(data[at:end].partition(b";")[0], 16)
            if size == 0:
                self.done = True
                break
            self._left, at = size + 2, end + 2
        self._rest = data[at:]

    def _take(self, part: bytes) -> None:
        self.size += len(part)
        if self._keep:
            self.kept += part
