"""Threads beside the event loop: deadlines, turns, and ends that reach the thread."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from kg.serve.problem import Problem
from kg.serve.workers import CHUNK, ChunkWriter, Job, Workers


async def gathered(workers: Workers, work: Callable[[Job[bytes]], None]) -> list[bytes]:
    return [item async for item in await workers.run(work)]


def write_much(job: Job[bytes]) -> None:
    writer = ChunkWriter(job)
    for _ in range(20):
        writer.write(b"x" * 8192)
    writer.end()


def fail(job: Job[bytes]) -> None:
    raise ZeroDivisionError("work")


def write_for_ever(job: Job[bytes]) -> None:
    writer = ChunkWriter(job)
    while True:
        writer.write(b"x" * 8192)


def write_twenty(job: Job[bytes]) -> None:
    for _ in range(20):
        job.put(b"x")


class Blocked:
    """Work that does nothing until it is released."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def __call__(self, job: Job[bytes]) -> None:
        self.release.wait(20)


def test_blocks_are_gathered_into_chunks() -> None:
    chunks = asyncio.run(gathered(Workers(at_once=1, seconds=5), write_much))
    assert [len(chunk) for chunk in chunks] == [CHUNK, CHUNK, 20 * 8192 - 2 * CHUNK]


def test_exception_of_the_work_is_raised_by_its_items() -> None:
    with pytest.raises(ZeroDivisionError, match="work"):
        asyncio.run(gathered(Workers(at_once=1, seconds=5), fail))


def test_silent_work_ends_at_the_deadline() -> None:
    blocked = Blocked()
    with pytest.raises(Problem) as caught:
        asyncio.run(gathered(Workers(at_once=1, seconds=0.2), blocked))
    blocked.release.set()
    assert (caught.value.status, caught.value.headers) == (503, (("Retry-After", "60"),))
    assert caught.value.detail.startswith("the query took longer than 0.2 s")


def test_streaming_work_ends_at_the_deadline() -> None:
    with pytest.raises(Problem) as caught:
        asyncio.run(gathered(Workers(at_once=1, seconds=0.2), write_for_ever))
    assert caught.value.status == 503
    assert not _busy()


def test_work_ends_when_nobody_reads_any_more() -> None:
    async def read_one() -> bytes:
        items = await Workers(at_once=1, seconds=30).run(write_for_ever)
        first = await anext(items)
        await items.aclose()
        return first

    assert len(asyncio.run(read_one())) == CHUNK
    assert not _busy()


def test_turn_comes_when_another_is_done() -> None:
    async def two() -> list[bytes]:
        workers = Workers(at_once=1, seconds=5)
        first, second = await asyncio.gather(
            gathered(workers, write_much), gathered(workers, lambda job: job.put(b"2"))
        )
        return first[:0] + second

    assert asyncio.run(two()) == [b"2"]


def test_no_turn_is_503() -> None:
    blocked = Blocked()

    async def two() -> None:
        workers = Workers(at_once=1, seconds=0.2)
        await workers.run(blocked)
        await workers.run(write_much)

    with pytest.raises(Problem) as caught:
        asyncio.run(two())
    blocked.release.set()
    assert (caught.value.status, caught.value.title) == (503, "Busy")


def test_slow_reader_moves_the_deadline() -> None:
    async def slowly() -> int:
        count = 0
        async for _ in await Workers(at_once=1, seconds=0.5).run(write_twenty):
            count += 1
            await asyncio.sleep(0.05)
        return count

    assert asyncio.run(slowly()) == 20


def _busy() -> bool:
    """Whether a query's thread is left after a second."""
    threads = [thread for thread in threading.enumerate() if thread.name == "query"]
    for thread in threads:
        thread.join(1)
    return any(thread.is_alive() for thread in threads)
