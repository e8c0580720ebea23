"""The two clients count exactly what a server sends: whole bodies, chunks wherever they are cut, and what is lost."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import client
import load
import pytest

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nab\r\nc\r\n3;x=y\r\n0\r\n\r\n0\r\n\r\n"


@contextmanager
def answering(*parts: bytes, times: int = 1) -> Iterator[tuple[str, int]]:
    """A server that reads a request and sends these parts one by one, `times` times on each of two connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer, args=(listener, parts, times), daemon=True)
        thread.start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _answer(listener: socket.socket, parts: tuple[bytes, ...], times: int) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(times):
                if not connection.recv(65536):
                    break
                for part in parts:
                    connection.sendall(part)


@pytest.mark.parametrize("cut", range(1, len(CHUNKED)))
def test_chunks_are_put_together_wherever_they_are_cut(cut: int) -> None:
    body = client._Body(CHUNKED[: CHUNKED.index(b"\r\n\r\n")].decode(), keep=True)
    start = CHUNKED.index(b"\r\n\r\n") + 4
    for part in (CHUNKED[start : max(cut, start)], CHUNKED[max(cut, start) :]):
        if part:
            body.feed(part)
    assert (body.done, bytes(body.kept), body.size) == (True, b"ab\r\nc0\r\n", 8)


def test_reply_without_a_body_is_complete() -> None:
    with answering(b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n') as address, client.Connection(address) as one:
        reply = one.ask(client.request(address, "/sparql", "ASK {}", If_None_Match='"x"'))
    assert (reply.status, reply.header("etag"), reply.size) == (304, '"x"', 0)


def test_reply_that_breaks_off_is_an_error() -> None:
    with answering(HEAD + b"Content-Length: 9\r\n\r\nabc") as address, client.Connection(address) as one:
        message = client.request(address, "/sparql", "ASK {}")
        with pytest.raises(client.BrokenReplyError):
            one.ask(message)


def test_connection_that_the_server_closed_while_idle_is_made_anew() -> None:
    with answering(HEAD + b"Content-Length: 0\r\n\r\n") as address, client.Connection(address) as one:
        message = client.request(address, "/sparql", "ASK {}")
        statuses = []
        for _ in range(3):
            statuses.append(one.ask(message).status)
            time.sleep(0.05)
    assert statuses == [200, 200, 200]


def test_request_has_the_query_escaped_beside_other_parameters() -> None:
    found = client.request(("127.0.0.1", 80), "/sparql?timeout=1", "ASK {}").split(b" ")[1]
    assert found == b"/sparql?timeout=1&query=ASK%20%7B%7D"


@pytest.mark.skipif(sys.platform != "linux", reason="the load generator uses epoll, which only Linux has")
@pytest.mark.parametrize(
    ("parts", "counted"),
    [
        ((HEAD + b"content-length: 3\r\n\r\n", b"abc"), "answered"),
        ((CHUNKED[:30], CHUNKED[30:]), "answered"),
        ((b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",), "lost"),
        ((HEAD + b"Content-Length: 9\r\n\r\nabc",), "lost"),
    ],
)
def test_load_counts_what_is_answered_and_what_is_lost(parts: tuple[bytes, ...], counted: str) -> None:
    with answering(*parts) as address:
        outcome = load.run(load.Job(address, ("GET /@ HTTP/1.1\r\n\r\n",), connections=1, seconds=0.2, every=0.02))
    assert {"answered": outcome.answered, "lost": outcome.lost} == {"answered": 0, "lost": 0, counted: 10}
