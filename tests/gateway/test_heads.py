"""A request whose header fields were read before is read without the parser, and as the parser would read it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.gateway.cache import Cache, Kept
from kg.gateway.connection import Connection
from kg.gateway.frames import Head, Request
from kg.gateway.heads import Heads
from kg.gateway.limits import Limits

FIELDS = b"Host: example.org\r\nAccept: */*\r\n"
EMPTY = Head(200, b"content-length: 0\r\n", 0, None, keep=False)
LIMITS = Limits(head_bytes=400, cache_bytes=0)
SLICE = 16 * 1024


class Transport:
    """Keeps what is written, and whether it was closed."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> Any:
        return ("192.0.2.1", 4711) if name == "peername" else ("192.0.2.2", 80)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: True


class Front:
    """Answers all requests with nothing, and notes them."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.requests: list[Request] = []
        self.limits = limits
        self.watcher = SimpleNamespace(refused=lambda status: None, hits=0)
        self.cache = Cache(limits.cache_bytes)
        self.heads = Heads(limits.head_bytes)
        self.draining = False

    def answer(self, request: Request, connection: Connection) -> None:
        self.requests.append(request)
        connection.local(EMPTY, b"")

    def first_lines(self, status: int) -> bytes:
        return b"HTTP/1.1 %d\r\n" % status

    def __getattr__(self, name: str) -> Any:
        return {"now": lambda: 0.0, "leave": lambda _: None}.get(name, lambda *_: True)


def read(front: Any, *sent: bytes) -> tuple[list[Request], bytes, bool]:
    """The requests that are read from what a connection sends, what is answered, and whether it is closed then."""
    connection, transport = Connection(front), Transport()
    connection.connection_made(transport)  # type: ignore[arg-type]
    front.requests = []
    for data in sent:
        connection.data_received(data)
    return front.requests, transport.written, transport.closed


def get(target: bytes, fields: bytes = FIELDS) -> bytes:
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (target, fields)


def knowing(*fields: bytes) -> Front:
    """One that has read such fields before."""
    front = Front()
    for one in fields:
        read(front, get(b"/first", one))
    return front


def test_known_fields_are_read_without_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    front = knowing(FIELDS)
    monkeypatch.setattr(Connection, "_feed", pytest.fail)
    requests, _, _ = read(front, get(b"/a?b=c?d"), get(b"/e"))
    fields = ((b"host", b"example.org"), (b"accept", b"*/*"))
    assert requests[0] == Request(
        b"GET", b"/a?b=c?d", b"/a", b"b=c?d", fields, b"", ("192.0.2.1", 4711), ("192.0.2.2", 80)
    )
    assert [request.target for request in requests] == [b"/a?b=c?d", b"/e"]


@pytest.mark.parametrize("target", [b"/a%ba" % bytes([byte]) for byte in range(256)])
def test_each_byte_in_an_address_is_read_as_the_parser_reads_it(target: bytes) -> None:
    assert read(knowing(FIELDS), get(target)) == read(Front(), get(target))


LINES = st.lists(
    st.sampled_from([b"GET", b" ", b"/", b"//a", b"a", b"#", b"?", b"HTTP/1.1", b"HTTP/1.0", b"\r", b"\n"])
)
NAMES = [b"Host: a", b"Host: b", b"Content-Length: 0", b"Content-Length: 3", b"Transfer-Encoding: chunked"]
NAMES += [
    b"Connection: close",
    b"Connection: keep-alive",
    b"Upgrade: x",
    b"Connection: upgrade",
    b"Expect: 100-continue",
]
BLOCKS = st.lists(st.sampled_from([*NAMES, b"Accept: */*", b"X: " + b"x" * 380, b"x", b""]), max_size=4).map(
    lambda lines: b"".join(line + b"\r\n" for line in lines)
)


@given(BLOCKS, st.one_of(LINES.map(b"".join), st.sampled_from([b"GET /b HTTP/1.1", b"GET /b?c HTTP/1.1"])))
def test_whatever_the_fields_they_are_read_as_by_the_parser(fields: bytes, line: bytes) -> None:
    sent = line + b"\r\n" + fields + b"\r\n"
    assert read(knowing(fields), sent, get(b"/last")) == read(Front(), sent, get(b"/last"))


def test_address_that_is_too_long_is_refused_with_known_fields_too() -> None:
    _, answered, _ = read(knowing(FIELDS), get(b"/" + b"a" * 400))
    assert answered.startswith(b"HTTP/1.1 414")


@pytest.mark.parametrize("target", [b"http://example.org/b?c", b"*", b"b", b"//b?c", b"/b/../c"])
def test_address_of_another_form_is_read_as_the_parser_reads_it(target: bytes) -> None:
    assert read(knowing(FIELDS), get(target)) == read(Front(), get(target))


def test_two_requests_together_are_two_each_time() -> None:
    front = Front()
    read(front, get(b"/a") * 2)
    assert [request.target for request in read(front, get(b"/c") + get(b"/a"))[0]] == [b"/c", b"/a"]


def test_body_is_read_each_time() -> None:
    sent = get(b"/a", FIELDS + b"Content-Length: 4\r\n") + b"\r\n\r\n"
    front = Front()
    assert [request.body for request in read(front, sent, sent)[0]] == [b"\r\n\r\n"] * 2


@pytest.mark.parametrize("more", [b"GET /b HTTP/1.1\r\n", get(b"/b"), b"G"])
def test_what_follows_a_request_goes_to_the_parser(more: bytes) -> None:
    sent = get(b"/a") + more
    assert read(knowing(FIELDS), sent, get(b"/c")) == read(Front(), sent, get(b"/c"))


def test_fields_are_not_known_for_ever() -> None:
    front = knowing(*(b"Host: a\r\nX: %d\r\n" % number for number in range(300)))
    known = [front.heads.read(get(b"/", b"Host: a\r\nX: %d\r\n" % number), None, None) for number in range(300)]
    assert [one is not None for one in known] == [False] * 44 + [True] * 256


async def fed(front: Any, *sent: bytes) -> tuple[Connection, Transport]:
    """A connection that got all this at once, and had its turns of the event loop then."""
    connection, transport = Connection(front), Transport()
    connection.connection_made(transport)  # type: ignore[arg-type]
    for data in sent:
        connection.data_received(data)
    for _ in range(100):
        await asyncio.sleep(0)
    return connection, transport


def test_request_at_the_end_of_what_is_parsed_at_once_is_known_alone() -> None:
    front, second = Front(Limits()), get(b"/second")
    asyncio.run(fed(front, get(b"/" + b"a" * (SLICE - len(get(b"/")))) + second))
    front.requests = []
    asyncio.run(fed(front, get(b"/x") + second))
    assert [request.target for request in front.requests] == [b"/x", b"/second"]


class Keeping(Front):
    """Answers /kept from what is kept, all else anew, each with its own address."""

    def answer(self, request: Request, connection: Connection) -> None:
        self.requests.append(request)
        body = request.target
        head = Head(200, b"content-length: %d\r\n" % len(body), len(body), b'"x"', keep=True)
        if body == b"/kept":
            connection.kept(Kept(head, body), not_modified=False)
        else:
            connection.local(head, body)


@pytest.mark.parametrize("before", [1, 8, 9, 12, 20])
def test_request_behind_others_that_wait_has_its_own_answer_in_its_turn(before: int) -> None:
    front = Keeping(Limits())
    asyncio.run(fed(front, get(b"/first")))
    _, transport = asyncio.run(fed(front, get(b"/kept") * before, get(b"/new")))
    bodies = [part.partition(b"HTTP/")[0] for part in transport.written.split(b"\r\n\r\n")[1:]]
    assert bodies == [b"/kept"] * before + [b"/new"]
    assert front.cache.get_raw(get(b"/new")) is None


def test_body_of_a_request_is_not_held_when_it_is_answered() -> None:
    front, body = Front(Limits()), b"x" * 100_000
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
    connection, _ = asyncio.run(fed(front, head + body[:1000], body[1000:]))
    assert [len(request.body) for request in front.requests] == [100_000]
    assert not any(isinstance(value, Request) for value in vars(connection).values())
