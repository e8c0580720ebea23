"""Bytes over a socket as no HTTP client would send them, and what comes back."""

import io
import re
import socket
import ssl
import time
from http.client import HTTPException, HTTPResponse
from typing import Final, cast

from kg.doctor.answer import Answer, Came
from kg.doctor.target import Target

# After an answer, how long the connection may still be open before it counts as kept.
_IDLE: Final = 2.0
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LARGEST: Final = 4 * 1024 * 1024


def exchange(target: Target, text: str, *, seconds: float, once: bool = False) -> Came:
    """Sends the text and reads until the server closes, is idle after an answer, or the time is up.

    `once` stops at the first bytes. Never raises for what a server does."""
    began = time.monotonic()
    try:
        with _connected(target, seconds) as connection:
            connection.sendall(text.encode("latin-1"))
            received, closed = _received(connection, began + seconds, once=once)
    except OSError as error:
        return Came(failure=f"no connection: {error}", seconds=time.monotonic() - began)
    methods = re.findall(r"^([A-Z]+) \S+ HTTP/1", text, re.MULTILINE)
    return Came(tuple(_answers(received, methods)), closed=closed, seconds=time.monotonic() - began)


def _connected(target: Target, seconds: float) -> socket.socket:
    plain = socket.create_connection((target.host, target.port), timeout=seconds)
    if not target.secure:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)


def _received(connection: socket.socket, deadline: float, *, once: bool) -> tuple[bytes, bool]:
    """What came, and whether the server closed."""
    received = bytearray()
    while (left := deadline - time.monotonic()) > 0 and len(received) < _LARGEST:
        connection.settimeout(min(left, _IDLE) if received else left)
        try:
            chunk = connection.recv(65536)
        except TimeoutError:
            break
        except OSError:  # reset: what was sent and not read is lost with the connection
            return bytes(received), True
        if not chunk:
            return bytes(received), True
        received += chunk
        if once:
            break
    return bytes(received), False


class _Stream:
    """What http.client takes for a socket: the bytes stay open for the next answer."""

    def __init__(self, received: bytes) -> None:
        self.bytes = _Kept(received)

    def makefile(self, _mode: str) -> io.BytesIO:
        return self.bytes


class _Kept(io.BytesIO):
    def close(self) -> None:
        """Left open."""


def _answers(received: bytes, methods: list[str]) -> list[Answer]:
    """The answers that stand one after another; what is none ends the list."""
    found: list[Answer] = []
    while received and (match := _STATUS.match(received)):
        if match[1].startswith(b"1"):
            found.append(Answer(int(match[1]), (), b""))
            received = received.partition(b"\r\n\r\n")[2]
            continue
        stream = _Stream(received)
        method = methods[len(found)] if len(found) < len(methods) else "GET"
        response = HTTPResponse(cast(socket.socket, stream), method=method)
        try:
            response.begin()
            body = response.read()
        except (HTTPException, OSError):
            break
        headers = tuple((name.lower(), value) for name, value in response.getheaders())
        found.append(Answer(response.status, headers, body))
        received = received[stream.bytes.tell() :]
    return found
