"""Jobs and the workers of one build: who is answered now, who waits, who must give way, what is refused."""

import asyncio
from collections.abc import Callable
from typing import Final

from kg.gateway.channel import Channel
from kg.gateway.job import Job, Refusal
from kg.gateway.launch import Launched
from kg.gateway.limits import Limits
from kg.gateway.settings import Settings
from kg.gateway.turns import Turns
from kg.gateway.watcher import Watcher
from kg.gateway.workers import Workers

# A worker whose client has gone may still end by itself; a fork costs more than this.
_GRACE: Final = 0.2
# After so many answers a worker is replaced: what its allocator could not give back goes with it.
_MOST_ANSWERS: Final = 20_000
# Who has waited for so long is worth a fork; short queries take turns faster than that.
_OVERDUE: Final = 0.01
# Who has waited for so long may ask others to give way.
_PATIENCE: Final = 0.25


class Pool(Workers):
    """Takes jobs. `on_first` is called when the first worker is there, `on_lost` when the zygote has ended by itself,
    with what it said last."""

    def __init__(
        self,
        settings: Settings,
        limits: Limits,
        watcher: Watcher,
        *,
        launched: Launched,
        on_first: Callable[["Pool"], None],
        on_lost: Callable[["Pool", str], None],
    ) -> None:
        self._waiting = Turns()
        self._looking = False
        self._on_first = on_first
        self._on_lost = on_lost
        super().__init__(settings, limits, watcher, launched=launched)

    @property
    def alive(self) -> bool:
        return self._ready and not self._ended

    @property
    def queue(self) -> int:
        return len(self._waiting)

    def submit(self, job: Job) -> None:
        """Have it answered, now or in its turn; refused where the queue is full."""
        job.pool = self
        if self._idle:
            self._dispatch(self._idle.pop(), job)
            return
        if len(self._waiting) >= self._limits.waiting:
            refused = self._waiting.give_way(job) or job
            self._refuse(refused, _busy(f"{self._limits.waiting} requests are waiting already"))
            if refused is job:
                return
        self._waiting.add(job)
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

    def close(self) -> list[Job]:
        """No more jobs come: those that run may end, then the processes do. Returns those that wait still."""
        self._closing = True
        left = self._waiting.take_all()
        for channel in self._idle:
            channel.hang_up()
        self._idle.clear()
        self._end_if_done()
        return left

    # What channels and the zygote tell.

    def on_ready(self, channel: Channel) -> None:
        """A worker has come."""
        channel.ready = True
        self._coming -= 1
        self._asked_for = asyncio.get_running_loop().time()
        if not self._ready:
            self._ready = True
            self._on_first(self)
        self.on_free(channel)
        self._keep_base()

    def on_free(self, channel: Channel) -> None:
        """A worker has nothing to do."""
        self._busy.discard(channel)
        if self._closing or channel.slowed or channel.answers >= _MOST_ANSWERS:
            channel.hang_up()
            self._keep_base()
            self._end_if_done()
        elif self._waiting:
            self._dispatch(channel, self._waiting.next(self._at_work()))
        else:
            channel.idle_since = asyncio.get_running_loop().time()
            self._idle.append(channel)

    def on_finished(self, job: Job, outcome: str) -> None:
        self._watcher.finished(job, outcome)

    def on_end(self) -> None:
        """The zygote is gone."""
        if self._ended:
            return
        self._lose_zygote()
        for job in self._waiting.take_all():
            self._refuse(job, _busy("the data are being opened again"))
        self._on_lost(self, self._failure)

    # Turns.

    def _dispatch(self, channel: Channel, job: Job) -> None:
        self._busy.add(channel)
        channel.take(job)

    def _at_work(self) -> list[Job]:
        return [channel.job for channel in self._busy if channel.job is not None]

    def _look_later(self) -> None:
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_OVERDUE, self._look)

    def _look(self) -> None:
        """Who has waited for long gets a worker of his own; who has waited too long is told so."""
        self._looking = False
        now = asyncio.get_running_loop().time()
        for job in [one for one in self._waiting if now - one.since > self._limits.queue_seconds]:
            if not job.done:  # by what the refusal before it has set off
                self._waiting.remove(job)
                self._refuse(job, _busy(f"no worker was free for {self._limits.queue_seconds:g} s"))
        overdue = sum(now - job.since > _OVERDUE / 2 for job in self._waiting)
        if self._loaded and not self._closing and not self._ended:
            self._share(now)
            self._fork(overdue - self._coming)
        if self._waiting:
            self._look_later()

    def _share(self, now: float) -> None:
        """Where all workers are taken and somebody waits, who has most exceeded his share gives his up."""
        if self._coming or self._total() < self._limits.workers:
            return
        if any(now - job.since > _PATIENCE for job in self._waiting):
            job = self._waiting.greediest(self._at_work(), now, self._limits.share_seconds)
            if job is not None and isinstance(job.channel, Channel):
                job.channel.give_way(job)

    def _refuse(self, job: Job, why: Refusal) -> None:
        if not job.done:
            job.done = True
            self._watcher.finished(job, "busy")
            job.reply.refuse(why)


def _busy(why: str) -> Refusal:
    return Refusal(503, "Busy", f"{why}: try again later", retry_after=10)
