"""A worker's end of its socket: requests are read whole, however they arrive."""

import socket
import threading

import pytest
from starlette.types import Receive, Scope, Send

from kg.gateway.frames import READY, WHOLE, Frames, Head, Request, head_and_body
from kg.gateway.worker import KEEP, head_of, work
from kg.serve.push import Headers


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body."""
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % len(body)})


def answers(written: list[bytes]) -> list[bytes]:
    """To what is written into the socket piece by piece."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=work, args=(theirs, echo))
    thread.start()
    for piece in written:
        ours.sendall(piece)
    ours.shutdown(socket.SHUT_WR)
    thread.join(10)
    theirs.close()
    with ours:
        said = b"".join(iter(lambda: ours.recv(65536), b""))
    frames = [(kind, bytes(content)) for kind, content in Frames().feed(said)]
    assert frames.pop(0)[0] == READY
    assert {kind for kind, _ in frames} <= {WHOLE}
    return [head_and_body(memoryview(content))[1] for _, content in frames]


def packed(size: int) -> bytes:
    request = Request(b"POST", b"/", b"/", b"", (), b"x" * size, None, None)
    return request.packed("one")


@pytest.mark.parametrize("size", [0, 1, 16_000, 16_384, 70_000])
def test_request_of_any_size_is_read_whole(size: int) -> None:
    assert answers([packed(size)]) == [b"%d" % size]


@pytest.mark.parametrize("first", [1, 3, 4, 5, 100])
def test_request_is_read_whole_however_it_is_cut(first: int) -> None:
    request = packed(200)
    assert answers([request[:first], request[first:]]) == [b"200"]


def test_request_that_ends_early_is_none() -> None:
    assert answers([packed(200)[:-1]]) == []
    assert answers([packed(200)[:2]]) == []


@pytest.mark.parametrize("value", [b"a\r\nSet-Cookie: b", b"a\nb", b"a\rb"])
def test_header_that_would_end_its_line_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match="a line break in the header x-name"):
        head_of(200, Headers(((b"etag", b'"1"'), (b"x-name", value))))


def test_head_has_what_the_gateway_must_know() -> None:
    etag, length = (b"etag", b'"1"'), (b"content-length", b"7")
    assert head_of(200, Headers((etag, (KEEP, b"1"), length))) == Head(
        200, b'etag: "1"\r\ncontent-length: 7\r\n', 7, b'"1"', keep=True
    )
    assert head_of(304, Headers((etag, length))) == Head(304, b'etag: "1"\r\n', 0, b'"1"', keep=False)
