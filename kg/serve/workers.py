"""Threads that evaluate queries beside the event loop: a bounded number at once, each with a deadline.

A thread cannot be stopped: at the deadline the client gets its 503, a query that streams ends at its next write, and
one that does not (a COUNT over a product, say) keeps its place and a core until it is done.
"""

import asyncio
import threading
import time
import traceback
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Final, Generic, TypeVar

from kg.serve.problem import Problem

T = TypeVar("T")

CHUNK: Final = 64 * 1024
_CHUNKS_AHEAD: Final = 8
_STALL_SECONDS: Final = 60.0
# The engine recurses; the guard's limits hold with far less, but a platform may give threads only half a MiB.
_STACK: Final = 64 * 1024 * 1024


class Job(Generic[T]):
    """One piece of work in its own thread, which hands over items by `put`; the event loop takes them by `items`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._loop = asyncio.get_running_loop()
        self._handed_over: asyncio.Queue[T | BaseException | None] = asyncio.Queue()
        self._room = threading.Semaphore(_CHUNKS_AHEAD)
        self._closed = False

    def start(self, work: Callable[["Job[T]"], None], done: Callable[[], None]) -> None:
        previous = threading.stack_size(_STACK)
        threading.Thread(target=self._run, args=(work, done), daemon=True, name="query").start()
        threading.stack_size(previous)

    def put(self, item: T) -> None:
        """Waits while the client is slow, which does not count against the deadline."""
        waiting_since = time.monotonic()
        while not self._room.acquire(timeout=0.2):
            if self._closed or time.monotonic() - waiting_since > _STALL_SECONDS:
                raise BrokenPipeError("nobody reads the answer")
        self._deadline += time.monotonic() - waiting_since
        self.check()
        self._post(item)

    def check(self) -> None:
        """Ends the work when nobody waits for it any more."""
        if self._closed:
            raise BrokenPipeError("nobody reads the answer")
        if time.monotonic() > self._deadline:
            raise TimeoutError

    async def items(self) -> AsyncGenerator[T, None]:
        """Raises Problem 503 at the deadline, and whatever the work raised."""
        try:
            while (item := await self._next()) is not None:
                self._room.release()
                yield item
        finally:
            self._closed = True

    async def _next(self) -> T | None:
        item = await self._handed()
        if isinstance(item, TimeoutError):
            raise _too_slow(self._seconds) from item
        if isinstance(item, BaseException):
            raise item
        return item

    async def _handed(self) -> T | BaseException | None:
        """What comes next, or a TimeoutError; the deadline moves while the thread waits for a slow client."""
        if not self._handed_over.empty():
            return self._handed_over.get_nowait()
        while True:
            try:
                return await asyncio.wait_for(self._handed_over.get(), max(self._deadline - time.monotonic(), 0.1))
            except TimeoutError as error:
                if time.monotonic() >= self._deadline:
                    return error

    def _run(self, work: Callable[["Job[T]"], None], done: Callable[[], None]) -> None:
        outcome: BaseException | None = None
        try:
            work(self)
        except Exception as error:  # handed over to the event loop, where it is raised again
            outcome = _without_frames(error)
        self._post(outcome)
        self._call(done)

    def _post(self, item: T | BaseException | None) -> None:
        self._call(lambda: self._handed_over.put_nowait(item))

    def _call(self, function: Callable[[], None]) -> None:
        # The loop is closed when the server has stopped while the query was running.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)


class Workers:
    """`at_once` queries run, others wait their turn for as long as they may run; both then get 503."""

    def __init__(self, *, at_once: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def run(self, work: Callable[[Job[T]], None]) -> AsyncGenerator[T, None]:
        try:
            await asyncio.wait_for(self._places.acquire(), self._seconds)
        except TimeoutError:
            detail = "all workers are busy with other queries: try again later"
            raise Problem(503, "Busy", detail, headers=(("Retry-After", "10"),)) from None
        job: Job[T] = Job(self._seconds)
        job.start(work, self._places.release)
        return job.items()


class ChunkWriter:
    """What the engine writes to: blocks of 8 KiB become chunks of 64 KiB."""

    def __init__(self, job: Job[bytes]) -> None:
        self._job = job
        self._chunk = bytearray()

    def write(self, data: bytes, /) -> int:
        self._job.check()
        self._chunk += data
        if len(self._chunk) >= CHUNK:
            self.end()
        return len(data)

    def flush(self) -> None:
        """The engine calls this once, at the end; `end` does the work, also when there was nothing to flush."""

    def end(self) -> None:
        self._job.put(bytes(self._chunk))
        self._chunk.clear()


def _without_frames(error: BaseException) -> BaseException:
    """The frames hold the engine's results, which only the thread that made them may let go of (pyoxigraph insists)."""
    error.add_note("".join(traceback.format_exception(error)))
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__context__
    return error


def _too_slow(seconds: float) -> Problem:
    detail = f"the query took longer than {seconds:g} s and was given up; ask for less (LIMIT, a narrower pattern)"
    return Problem(503, "The query took too long", detail, headers=(("Retry-After", "60"),))
