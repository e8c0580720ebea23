"""One worker as the gateway sees it, the worker being this test: what it sends belongs to one job and to no other."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kg.gateway.channel import Channel
from kg.gateway.frames import BEGIN, END, FRAME, PIECE, READY, Head, Request
from kg.gateway.job import Job, Refusal
from kg.gateway.limits import Limits


class Reply:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def whole(self, head: Head, body: bytes) -> None:
        self.told.append(body)

    def begin(self, head: Head) -> None:
        self.told.append("begin")

    def piece(self, data: bytes | memoryview) -> None:
        self.told.append(bytes(data))

    def end(self) -> None:
        self.told.append("end")

    def cut(self) -> None:
        self.told.append("cut")

    def refuse(self, why: Refusal) -> None:
        self.told.append(why.status)

    def abort(self) -> None:
        self.told.append("abort")


class Owner:
    """Of the worker; notes which jobs were finished and how."""

    def __init__(self) -> None:
        self.finished: list[str] = []

    def on_ready(self, channel: Channel) -> None: ...
    def on_free(self, channel: Channel) -> None: ...
    def on_failure(self, why: str) -> None: ...
    def on_fault(self, error: Exception) -> None:
        self.finished.append(f"fault: {error}")

    def on_finished(self, job: Job, outcome: str) -> None:
        self.finished.append(outcome)

    def on_overrun(self, channel: Channel, job: Job, reason: str) -> None:
        self.finished.append(reason)

    def on_hung_up(self, channel: Channel) -> bool:
        return True


@asynccontextmanager
async def worker() -> AsyncIterator[tuple[Channel, socket.socket, Owner]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    owner = Owner()
    channel = Channel(0, owner, Limits())
    await asyncio.get_running_loop().create_unix_connection(lambda: channel, sock=ours)
    with theirs:
        yield channel, theirs, owner
    channel.hang_up()
    await asyncio.sleep(0.01)


def job(reply: Reply, seconds: float = 9) -> Job:
    return Job(Request(b"GET", b"/", b"/", b"", (), b"", None, None), reply, client="a", seconds=seconds, since=0)


def frame(kind: bytes, content: bytes = b"") -> bytes:
    return FRAME.pack(kind, len(content)) + content


STREAM = frame(BEGIN, Head(200, b"", None, None, keep=False).packed()) + frame(PIECE, b"abc")


def test_slow_client_does_not_stop_the_answer_to_the_next_one() -> None:
    async def main() -> tuple[list[object], list[object]]:
        async with worker() as (channel, theirs, _):
            first, second = job(Reply()), job(Reply())
            channel.take(first)
            theirs.sendall(STREAM)
            await asyncio.sleep(0.01)
            assert channel.pause(first)
            channel.data_received(frame(END))  # had been read already when the client fell behind
            channel.take(second)
            assert not channel.pause(first)
            theirs.sendall(STREAM + frame(END))
            await asyncio.sleep(0.05)
            return first.reply.told, second.reply.told

    assert asyncio.run(main()) == (["begin", b"abc", "end"], ["begin", b"abc", "end"])


def test_client_that_catches_up_late_does_not_resume_the_job_of_another() -> None:
    async def main() -> list[object]:
        async with worker() as (channel, theirs, _):
            first, second = job(Reply()), job(Reply())
            channel.take(first)
            channel.data_received(STREAM + frame(END))
            channel.take(second)
            channel.pause(second)
            channel.resume(first)
            theirs.sendall(STREAM)
            await asyncio.sleep(0.05)
            assert second.reply.told == []
            channel.resume(second)
            await asyncio.sleep(0.05)
            return second.reply.told

    assert asyncio.run(main()) == ["begin", b"abc"]


def test_large_frame_is_put_together_from_its_pieces() -> None:
    async def main() -> list[object]:
        async with worker() as (channel, _, _):
            one = job(Reply())
            channel.take(one)
            answer = frame(READY) + STREAM[: -FRAME.size - 3] + frame(PIECE, bytes(100_000)) + frame(END)
            sent = answer[FRAME.size :]
            for start in range(0, len(sent), 999):
                channel.data_received(sent[start : start + 999])
            begin, *pieces, end = one.reply.told
            return [begin, b"".join(pieces), end]

    assert asyncio.run(main()) == ["begin", bytes(100_000), "end"]


def test_fault_in_passing_an_answer_on_is_told_and_costs_one_client() -> None:
    class Broken(Reply):
        def end(self) -> None:
            raise RuntimeError("no")

    async def main() -> tuple[list[object], list[str]]:
        async with worker() as (channel, _, owner):
            one = job(Broken())
            channel.take(one)
            channel.data_received(STREAM + frame(END))
            return one.reply.told, owner.finished

    assert asyncio.run(main()) == (["begin", b"abc", "abort"], ["answered", "fault: no"])


def test_death_that_is_told_before_the_connection_is_made_is_known() -> None:
    async def main() -> list[object]:
        async with worker() as (channel, theirs, _):
            one = job(Reply())
            channel.take(one)
            channel.on_death(-9)
            theirs.close()
            await asyncio.sleep(0.05)
            return one.reply.told

    assert asyncio.run(main()) == [500]


def test_job_has_its_time_from_its_own_start(monkeypatch: pytest.MonkeyPatch) -> None:
    slowed: list[object] = []
    monkeypatch.setattr(os, "setpriority", lambda *of: slowed.append(of))

    async def main() -> list[list[object]]:
        async with worker() as (channel, _, _):
            first, second, third = (job(Reply(), seconds) for seconds in (0.3, 0.9, 0.1))
            channel.take(first)
            await asyncio.sleep(0.2)
            channel.data_received(STREAM + frame(END))
            channel.take(second)
            await asyncio.sleep(0.2)
            told = [list(second.reply.told)]
            channel.data_received(STREAM + frame(END))
            channel.take(third)
            await asyncio.sleep(0.2)
            return [*told, second.reply.told, third.reply.told]

    assert asyncio.run(main()) == [[], ["begin", b"abc", "end"], [503]]
    assert slowed == []


def test_deadline_holds_where_nobody_tells_why_a_worker_died() -> None:
    async def main() -> list[object]:
        async with worker() as (channel, theirs, _):
            one = job(Reply(), 0.1)
            channel.take(one)
            theirs.close()
            await asyncio.sleep(0.3)
            return one.reply.told

    assert asyncio.run(main()) == [503]
