"""Clients that do not take what they asked for: the server holds little for them, and not for ever."""

import asyncio
import io
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import cast

import pytest

from kg.gateway.channel import Channel, Owner
from kg.gateway.connection import Connection
from kg.gateway.frames import Head, Request
from kg.gateway.gateway import Gateway
from kg.gateway.job import Job
from kg.gateway.limits import MIB, Limits
from kg.gateway.pool import Pool
from kg.gateway.watcher import Watcher

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
LIMITS = Limits(slow_seconds=0.2, idle_seconds=0.3, request_seconds=5)


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Gateway, int]]:
    """A gateway that knows one answer, of 1 MiB, and has no workers; and its port."""
    loop = asyncio.get_running_loop()
    gateway = Gateway(LIMITS, Watcher(LIMITS, loop.time, io.StringIO()))
    key = gateway.cache.key(Request(b"GET", b"/", b"/", b"", ((b"host", b"x"),), b"", None, None))
    assert key is not None
    head = Head(200, b"content-length: %d\r\n" % MIB, MIB, b'"x"', keep=True)
    gateway.cache.put(key, head, bytes(MIB))
    server = await loop.create_server(lambda: Connection(gateway), "127.0.0.1", 0)
    async with server:
        yield gateway, server.sockets[0].getsockname()[1]


class Transport:
    """Takes whatever is written."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def get_extra_info(self, name: str) -> None: ...
    def set_write_buffer_limits(self, high: int) -> None: ...
    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


def connect(port: int) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    return client


def test_answers_that_are_not_taken_do_not_pile_up() -> None:
    async def main() -> int:
        async with serving() as (gateway, port):
            with connect(port) as client:
                client.sendall(GET * 1000)
                await asyncio.sleep(0.1)
                (connection,) = gateway.connections
                transport = connection._transport
                assert transport is not None
                return transport.get_write_buffer_size()

    assert asyncio.run(main()) < 4 * MIB


class Answering:
    """In place of the workers: one has just ended this answer, and is free."""

    alive = True
    settings = SimpleNamespace(trust_proxy=False)

    def submit(self, job: Job) -> None:
        job.channel = Channel(0, cast("Owner", self), LIMITS)
        job.reply.whole(Head(200, b"content-length: %d\r\n" % (8 * MIB), 8 * MIB, None, keep=False), bytes(8 * MIB))

    def tidy(self) -> None: ...


@pytest.mark.parametrize("last", [b"Connection: close", b"X: y"])
def test_connection_whose_last_answer_is_not_taken_is_ended(last: bytes) -> None:
    async def main() -> None:
        async with serving() as (gateway, port):
            gateway.pool = cast("Pool", Answering())
            with connect(port) as client:
                client.sendall(b"GET /unknown HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % last)
                end = time.monotonic() + 20
                await asyncio.sleep(0.1)
                while gateway.connections:
                    assert time.monotonic() < end
                    await asyncio.sleep(0.05)

    asyncio.run(main())


def test_client_that_sends_many_requests_at_once_lets_others_have_their_turn() -> None:
    async def main() -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        gateway = Gateway(LIMITS, Watcher(LIMITS, loop.time, io.StringIO()))
        connection, transport = Connection(gateway), Transport()
        connection.connection_made(cast("asyncio.Transport", transport))
        connection.data_received(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 3000)
        at_once = transport.written.count(b"alive\n")
        for _ in range(1000):
            await asyncio.sleep(0)
        return at_once, transport.written.count(b"alive\n")

    assert asyncio.run(main()) == (8, 3000)


def test_all_answers_come_to_a_client_that_takes_them_late() -> None:
    async def main() -> int:
        async with serving() as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
            writer.write(GET * 20 + LAST)
            received = 0
            while data := await reader.read(2**20):
                received += data.count(b"HTTP/1.1 200 OK")
            writer.close()
            return received

    assert asyncio.run(main()) == 21


@pytest.mark.parametrize(("pieces", "whole"), [([b"ab"], False), ([b"abc"], True), ([b"ab", b"cd"], False)])
def test_answer_that_is_not_as_long_as_it_says_ends_its_connection(pieces: list[bytes], whole: bool) -> None:
    class Streaming(Answering):
        def submit(self, job: Job) -> None:
            job.reply.begin(Head(200, b"content-length: 3\r\n", 3, None, keep=False))
            for piece in pieces:
                job.reply.piece(piece)
            job.reply.end()

    async def main() -> bytes:
        received = b""
        async with serving() as (gateway, port):
            gateway.pool = cast("Pool", Streaming())
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /unknown HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
            with suppress(ConnectionError):
                while data := await reader.read(65536):
                    received += data
            writer.close()
        return received

    assert (asyncio.run(main()).count(b"HTTP/1.1 200 OK") == 2) is whole
