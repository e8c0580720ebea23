"""The processes that answer from one build: when one more is forked, when one is killed, when all end."""

import asyncio
import contextlib
import os
import signal
import socket
from abc import abstractmethod
from typing import Final

from kg.gateway.channel import Channel
from kg.gateway.job import Job
from kg.gateway.launch import Launched
from kg.gateway.limits import Limits
from kg.gateway.settings import Settings
from kg.gateway.watcher import Watcher
from kg.gateway.zygotes import ZygoteHandle

_UNUSED_SECONDS: Final = 30.0
_FORKS_AT_ONCE: Final = 4
_PAUSE: Final = 0.5
# A worker comes in milliseconds from memory, in a second or two from a large store on disk.
_DEAF_SECONDS: Final = 30.0


class Workers:
    """A zygote and what it has forked: workers that are idle, busy, or on their way (`_coming`)."""

    def __init__(self, settings: Settings, limits: Limits, watcher: Watcher, *, launched: Launched) -> None:
        self.settings = settings
        self.quads = 0
        self._limits = limits
        self._watcher = watcher
        self._idle: list[Channel] = []
        self._busy: set[Channel] = set()
        self._channels: dict[int, Channel] = {}
        self._connecting: set[asyncio.Task[None]] = set()
        self._killed: set[int] = set()
        self._coming = 0
        self._asked_for = self._not_before = 0.0
        self._failure = "it ended without a word"
        self._loaded = self._ready = self._closing = self._ended = False
        self._zygote = ZygoteHandle(settings, self, launched)

    def listen(self) -> None:
        """Begin to hear of the zygote, which is starting already; called in the event loop."""
        self._zygote.listen()

    @property
    def workers(self) -> tuple[int, int]:
        """Idle and busy ones."""
        return len(self._idle), len(self._busy)

    def end(self) -> None:
        """At once, whatever runs."""
        if not self._ended:
            self._ended = True
            self._zygote.end()
        for channel in list(self._channels.values()):
            channel.hang_up()

    def prepare(self) -> None:
        """The store stays on disk: workers that are forked later begin with all that needs no store."""
        self._zygote.prepare()

    def wait(self, seconds: float) -> None:
        """For the zygote to be gone, after `end`; blocks."""
        self._zygote.wait(seconds)

    def over(self) -> bool:
        """Whether nothing of it is left; takes note of the zygote's end."""
        return self._ended and self._zygote.gone() and not self._busy

    def tidy(self) -> None:
        """Called now and then: workers that nobody needs any more may go; so may a zygote that does nothing."""
        now = asyncio.get_running_loop().time()
        if self._coming > 0 and now - self._asked_for > _DEAF_SECONDS and not self._ended:
            self._failure = f"no worker came within {_DEAF_SECONDS:g} s"
            self._zygote.stop()
        base = self._limits.spare
        while self._total() > base and self._idle and now - self._idle[0].idle_since > _UNUSED_SECONDS:
            self._idle.pop(0).hang_up()
        self._keep_base()

    # What channels tell.

    @abstractmethod
    def on_free(self, channel: Channel) -> None: ...

    @abstractmethod
    def on_ready(self, channel: Channel) -> None: ...

    @abstractmethod
    def on_finished(self, job: Job, outcome: str) -> None: ...

    @abstractmethod
    def on_end(self) -> None: ...

    def on_fault(self, error: Exception) -> None:
        self._watcher.fault(error)

    def on_overrun(self, channel: Channel, job: Job, reason: str) -> None:
        """A worker must not go on."""
        self._watcher.killed(job, channel.pid, reason)
        if channel.pid in self._channels:  # its death has not been told yet
            self._killed.add(channel.pid)
        self._busy.discard(channel)
        if self._ended:
            _kill(channel.pid)
        else:
            self._zygote.kill(channel.pid)
        self._keep_base()
        self._end_if_done()

    def on_hung_up(self, channel: Channel) -> bool:
        """The socket of a worker is closed; whether the zygote will tell why."""
        self._busy.discard(channel)
        if channel in self._idle:
            self._idle.remove(channel)
        elif not channel.ready:
            # It died before it could answer anything; what was wrong may still be.
            channel.ready = True
            self._coming -= 1
            self._not_before = asyncio.get_running_loop().time() + _PAUSE
        self._keep_base()
        self._end_if_done()
        return not self._ended

    # What the zygote tells.

    def on_loaded(self, quads: int) -> None:
        self.quads = quads
        self._loaded = True
        # One comes unasked, alone, so that nothing delays the first answer; `Pool.on_ready` has the others forked.
        self._coming += 1
        self._asked_for = asyncio.get_running_loop().time()

    def on_worker(self, pid: int, end: socket.socket | None) -> None:
        """`end` is None where this process may open no more files; the worker ends by itself then."""
        channel = Channel(pid, self, self._limits)
        if end is None:
            self.on_hung_up(channel)
            return
        self._channels[pid] = channel
        task = asyncio.get_running_loop().create_task(_connect(end, channel))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    def on_death(self, pid: int, status: int) -> None:
        channel = self._channels.pop(pid, None)
        if pid in self._killed:
            self._killed.discard(pid)
        elif status != 0:
            self._watcher.died(pid, status)
        if channel is not None:
            channel.on_death(status)
        self._keep_base()

    def on_failure(self, why: str) -> None:
        """Of the zygote or a worker; before there was any answer, that is the end of it."""
        self._failure = why
        self._watcher.tell("failed", why=why)
        if not self._ready and not self._ended:
            self._zygote.end()
            self.on_end()

    # The rest.

    def _lose_zygote(self) -> None:
        """Workers that are at work may end their answers."""
        self._ended = self._closing = True
        for pid in self._killed:
            _kill(pid)
        for channel in list(self._channels.values()):
            channel.on_zygote_lost()
        self._idle.clear()

    def _total(self) -> int:
        return len(self._idle) + len(self._busy) + self._coming

    def _keep_base(self) -> None:
        if self._loaded and not self._closing and not self._ended:
            self._fork(self._limits.spare - self._total())

    def _fork(self, wanted: int) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._not_before:
            return
        room = min(self._limits.workers - self._total(), _FORKS_AT_ONCE - self._coming)
        for _ in range(min(wanted, room)):
            self._asked_for = self._asked_for if self._coming else now
            self._coming += 1
            self._zygote.spawn()

    def _end_if_done(self) -> None:
        if self._closing and not self._busy and not self._ended:
            self.end()


async def _connect(end: socket.socket, channel: Channel) -> None:
    end.setblocking(False)
    await asyncio.get_running_loop().create_unix_connection(lambda: channel, sock=end)


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
