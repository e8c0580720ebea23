"""The workers of one build: which are idle, who waits, when one more is forked, when one is killed."""

import asyncio
import contextlib
import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from kg.gateway.application import Settings
from kg.gateway.channel import Channel
from kg.gateway.job import Job, Refusal
from kg.gateway.limits import Limits
from kg.gateway.watcher import Watcher
from kg.gateway.zygotes import ZygoteHandle

# A worker whose client has gone may still end by itself; a fork costs more than this.
_GRACE: Final = 0.2
# After so many answers a worker is replaced: what its allocator could not give back goes with it.
_MOST_ANSWERS: Final = 20_000
_UNUSED_SECONDS: Final = 30.0
# Who has waited for so long is worth a fork; short queries take turns faster than that.
_OVERDUE: Final = 0.01
_FORKS_AT_ONCE: Final = 4
_PAUSE: Final = 0.5


class Pool:
    """Takes jobs. `on_first` is called when the first worker is there, `on_lost` when the zygote has ended by itself,
    with what it said last."""

    def __init__(
        self,
        settings: Settings,
        limits: Limits,
        watcher: Watcher,
        environment: Mapping[str, str],
        *,
        on_first: Callable[["Pool"], None],
        on_lost: Callable[["Pool", str], None],
    ) -> None:
        self.settings = settings
        self.quads = 0
        self._limits = limits
        self._watcher = watcher
        self._on_first = on_first
        self._on_lost = on_lost
        self._idle: list[Channel] = []
        self._busy: set[Channel] = set()
        self._channels: dict[int, Channel] = {}
        self._waiting: deque[Job] = deque()
        self._coming = 0
        self._killed: set[int] = set()
        self._failure = "it ended without a word"
        self._looking = False
        self._not_before = 0.0
        self._loaded = self._ready = self._closing = self._ended = False
        self._zygote = ZygoteHandle(settings, self, environment)

    # What the gateway asks.

    def listen(self) -> None:
        """Begin to hear of the zygote, which is starting already; called in the event loop."""
        self._zygote.listen()

    @property
    def alive(self) -> bool:
        return self._ready and not self._ended

    @property
    def workers(self) -> tuple[int, int]:
        """Idle and busy ones."""
        return len(self._idle), len(self._busy)

    @property
    def queue(self) -> int:
        return len(self._waiting)

    def submit(self, job: Job) -> None:
        """Have it answered, now or in its turn; refused where the queue is full."""
        job.pool = self
        if self._idle:
            self._dispatch(self._idle.pop(), job)
        elif len(self._waiting) >= self._limits.waiting:
            self._refuse(job, _busy(f"{len(self._waiting)} requests are waiting already"))
        else:
            self._waiting.append(job)
            self._look_later()

    def abandon(self, job: Job) -> None:
        """Nobody waits for it any more."""
        if job.done:
            return
        job.done = True
        self._watcher.finished(job, "gone")
        channel = job.channel
        if isinstance(channel, Channel):
            channel.forget()
            asyncio.get_running_loop().call_later(_GRACE, channel.kill_if_still_at, job)
        else:
            self._waiting.remove(job)

    def close(self) -> None:
        """No more jobs come: those that run may end, then the processes do."""
        self._closing = True
        for channel in self._idle:
            channel.hang_up()
        self._idle.clear()
        self._end_if_done()

    def end(self) -> None:
        """At once, whatever runs."""
        if not self._ended:
            self._ended = True
            self._zygote.end()
        for channel in list(self._channels.values()):
            channel.hang_up()

    def wait(self, seconds: float) -> None:
        """For the zygote to be gone, after `end`; blocks."""
        self._zygote.wait(seconds)

    def over(self) -> bool:
        """Whether nothing of it is left; takes note of the zygote's end."""
        return self._ended and self._zygote.gone() and not self._busy

    def tidy(self) -> None:
        """Called now and then: workers that nobody needs any more may go."""
        now = asyncio.get_running_loop().time()
        base = self._limits.spare
        while self._total() > base and self._idle and now - self._idle[0].idle_since > _UNUSED_SECONDS:
            self._idle.pop(0).hang_up()
        self._keep_base()

    # What channels tell.

    def on_free(self, channel: Channel) -> None:
        """A worker has ended an answer, or has just come."""
        self._busy.discard(channel)
        if not channel.answers:
            self._coming -= 1
            if not self._ready:
                self._ready = True
                self._on_first(self)
        if self._closing or channel.slowed or channel.answers >= _MOST_ANSWERS:
            channel.hang_up()
            self._keep_base()
            self._end_if_done()
            return
        if self._waiting:
            self._dispatch(channel, self._waiting.popleft())
        else:
            channel.idle_since = asyncio.get_running_loop().time()
            self._idle.append(channel)

    def on_finished(self, job: Job, outcome: str) -> None:
        self._watcher.finished(job, outcome)

    def on_fault(self, error: Exception) -> None:
        self._watcher.fault(error)

    def on_overrun(self, channel: Channel, job: Job, reason: str) -> None:
        """A worker must not go on."""
        self._watcher.killed(job, channel.pid, reason)
        self._killed.add(channel.pid)
        self._busy.discard(channel)
        if self._ended:
            with contextlib.suppress(OSError):
                os.kill(channel.pid, signal.SIGKILL)
        else:
            self._zygote.kill(channel.pid)
        self._keep_base()
        self._end_if_done()

    def on_hung_up(self, channel: Channel) -> bool:
        """The socket of a worker is closed; whether the zygote will tell why."""
        self._busy.discard(channel)
        if channel in self._idle:
            self._idle.remove(channel)
        elif not channel.answers:
            # It died before it could answer anything; what was wrong may still be.
            self._coming -= 1
            self._not_before = asyncio.get_running_loop().time() + _PAUSE
        self._keep_base()
        self._end_if_done()
        return not self._ended

    # What the zygote tells.

    def on_loaded(self, quads: int) -> None:
        self.quads = quads
        self._loaded = True
        self._keep_base()

    def on_worker(self, pid: int, channel: socket.socket) -> None:
        asyncio.get_running_loop().create_task(self._connect(pid, channel))

    async def _connect(self, pid: int, channel: socket.socket) -> None:
        channel.setblocking(False)
        loop = asyncio.get_running_loop()
        _, made = await loop.create_unix_connection(lambda: Channel(pid, self, self._limits), sock=channel)
        self._channels[pid] = made

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

    def on_end(self) -> None:
        """The zygote is gone; workers that are at work may end their answers."""
        if self._ended:
            return
        self._ended = self._closing = True
        for job in self._waiting:
            self._refuse(job, _busy("the data are being opened again"))
        self._waiting.clear()
        for channel in [*self._idle, *(c for c in self._channels.values() if c.job is None)]:
            channel.hang_up()
        self._idle.clear()
        self._on_lost(self, self._failure)

    # The rest.

    def _total(self) -> int:
        return len(self._idle) + len(self._busy) + self._coming

    def _dispatch(self, channel: Channel, job: Job) -> None:
        self._busy.add(channel)
        channel.take(job)

    def _keep_base(self) -> None:
        if self._loaded and not self._closing and not self._ended:
            self._fork(self._limits.spare - self._total())

    def _fork(self, wanted: int) -> None:
        if asyncio.get_running_loop().time() < self._not_before:
            return
        room = min(self._limits.workers - self._total(), _FORKS_AT_ONCE - self._coming)
        for _ in range(min(wanted, room)):
            self._coming += 1
            self._zygote.spawn()

    def _look_later(self) -> None:
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_OVERDUE, self._look)

    def _look(self) -> None:
        """Who has waited for long gets a worker of his own; who has waited too long is told so."""
        self._looking = False
        now = asyncio.get_running_loop().time()
        while self._waiting and now - self._waiting[0].since > self._limits.queue_seconds:
            self._refuse(self._waiting.popleft(), _busy(f"no worker was free for {self._limits.queue_seconds:g} s"))
        overdue = sum(now - job.since > _OVERDUE / 2 for job in self._waiting)
        if self._loaded and not self._closing and not self._ended:
            self._fork(overdue - self._coming)
        if self._waiting:
            self._look_later()

    def _refuse(self, job: Job, why: Refusal) -> None:
        if not job.done:
            job.done = True
            self._watcher.finished(job, "busy")
            job.reply.refuse(why)

    def _end_if_done(self) -> None:
        if self._closing and not self._busy and not self._ended:
            self.end()


def _busy(why: str) -> Refusal:
    return Refusal(503, "Busy", f"{why}: try again later", retry_after=10)
