"""The gateway's end of one worker: hands it a job, passes its answer on, and holds it to the deadline."""

import asyncio
import contextlib
import os
from typing import Final, Protocol, cast

from kg.gateway.frames import BEGIN, BROKEN, END, FAILED, PIECE, READY, WHOLE, Frames, head_and_body
from kg.gateway.job import Job, Refusal
from kg.gateway.limits import KIB, MIB, Limits

# Who has run for so long goes on with less of the processor, so that short queries stay short.
_LONG: Final = 1.0
_NICENESS: Final = 10
# Timers may go off so much too early.
_EARLY: Final = 0.001
# The slowest that a client may read, once its first minute of waiting is used up.
_BYTES_A_SECOND: Final = 64 * KIB


class Owner(Protocol):
    """Who has the workers, and hears what becomes of them."""

    def on_ready(self, channel: "Channel") -> None: ...
    def on_free(self, channel: "Channel") -> None: ...
    def on_failure(self, why: str) -> None: ...
    def on_fault(self, error: Exception) -> None: ...
    def on_finished(self, job: Job, outcome: str) -> None: ...
    def on_overrun(self, channel: "Channel", job: Job, reason: str) -> None: ...
    def on_hung_up(self, channel: "Channel") -> bool: ...


class Channel(asyncio.Protocol):
    """A worker, as the gateway sees it. One with `slowed` is replaced after its answer: niceness cannot be taken back.

    The deadline counts while the worker works; while the client is slow its own, longer, time is counted."""

    def __init__(self, pid: int, pool: Owner, limits: Limits) -> None:
        self.pid = pid
        self.job: Job | None = None
        self.answers = 0
        self.ready = self.slowed = False
        self.idle_since = 0.0
        self._pool = pool
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._left = self._slow_left = self._since = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._paused = self._hung_up = False
        self._status: int | None = None

    def take(self, job: Job) -> None:
        """Have it answered; the worker is idle."""
        assert self._transport is not None
        now = self._loop.time()
        job.channel, job.started = self, now
        self.job = job
        self.answers += 1
        self._left, self._since = job.seconds, now
        self._slow_left = self._limits.slow_seconds
        self._set_alarm(now + min(_LONG, job.seconds))
        self._transport.write(job.request.packed(job.id))

    def forget(self) -> None:
        """The client has gone: what still comes is thrown away."""
        self._read_on()

    def hang_up(self) -> None:
        self._hung_up = True
        if self._transport is not None:
            self._transport.close()

    def pause(self, job: Job) -> bool:
        """The client of this job is slow. False where the worker is at another one already."""
        if self.job is not job or self._transport is None:
            return False
        if not self._paused:
            self._paused = True
            self._transport.pause_reading()
            now = self._loop.time()
            self._left -= now - self._since
            self._since = now
            self._set_alarm(now + self._slow_left)
        return True

    def resume(self, job: Job) -> None:
        if self.job is job and self._paused:
            now = self._loop.time()
            self._slow_left -= now - self._since
            self._read_on()
            self._set_alarm(now + self._left)

    def _read_on(self) -> None:
        if self._paused and self._transport is not None:
            self._paused = False
            self._since = self._loop.time()
            self._transport.resume_reading()

    def give_way(self, job: Job) -> None:
        """Others have waited long enough for this worker."""
        ran = self._loop.time() - job.started
        self._overrun(job, "crowded", _crowded(ran))

    def kill_if_still_at(self, job: Job) -> None:
        if self.job is job:
            self._stop(job, "client gone")

    # What the worker sends.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self._hung_up:  # before it was there
            transport.close()

    def data_received(self, data: bytes) -> None:
        for kind, content in self._frames.feed(data):
            job = self.job
            try:
                self._hear(kind, content)
            except Exception as error:  # a fault in passing an answer on costs its client, not the worker
                self._pool.on_fault(error)
                if job is not None:
                    job.reply.abort()

    def _hear(self, kind: bytes, content: memoryview) -> None:
        if self.job is not None:
            self._read(self.job, kind, content)
        elif kind == READY:
            self._pool.on_ready(self)
        elif kind == FAILED:
            self._pool.on_failure(str(content, "utf-8"))

    def _read(self, job: Job, kind: bytes, content: memoryview) -> None:
        gone = job.done
        if kind == WHOLE:
            head, body = head_and_body(content)
            job.status = head.status
            self._release(job, "answered")
            if not gone:
                job.reply.whole(head, body)
        elif kind == BEGIN:
            head, body = head_and_body(content)
            job.begun = True
            job.status = head.status
            if not gone:
                job.reply.begin(head)
                self._pass_on(job, body)
        elif kind == PIECE:
            self._pass_on(job, content)
        elif kind == END:
            self._release(job, "answered")
            if not gone:
                job.reply.end()
        else:
            assert kind == BROKEN
            self._release(job, "broken")
            if not gone:
                _give_up(job, Refusal(500, "Internal error", "this could not be answered; the server's log says why"))

    def _pass_on(self, job: Job, data: bytes | memoryview) -> None:
        self._slow_left += len(data) / _BYTES_A_SECOND
        if data and not job.done:
            job.reply.piece(data)

    def _release(self, job: Job, outcome: str) -> None:
        """The worker is free again."""
        self._drop()
        if not job.done:
            job.done = True
            self._pool.on_finished(job, outcome)
        self._pool.on_free(self)

    def _drop(self) -> None:
        self.job = None
        self._read_on()

    # Deadlines.

    def _set_alarm(self, due: float) -> None:
        """One that goes off earlier, for a job that has ended since, stays: most jobs are short, and a timer for each
        would cost as much as all the rest that is done for it here."""
        self._due = due
        if self._alarm is not None:
            if self._alarm.when() <= due:
                return
            self._alarm.cancel()
        self._alarm = self._loop.call_at(due, self._on_alarm)

    def _on_alarm(self) -> None:
        self._alarm = None
        if (job := self.job) is None:
            return
        now = self._loop.time()
        if now < self._due - _EARLY:
            self._set_alarm(self._due)
            return
        left = self._left - (now - self._since)
        if self._paused:
            self._overrun(job, "slow client", None)
        elif left > _EARLY:
            self._slow_down()
            self._set_alarm(now + left)
        else:
            self._overrun(job, "deadline", _too_slow(job.seconds))

    def _overrun(self, job: Job, reason: str, why: Refusal | None) -> None:
        """The job has had its time: the worker is killed, the client told, in this order (its answer may be waited for
        by who looks whether the worker is gone)."""
        self._stop(job, reason)
        if not job.done:
            job.done = True
            self._pool.on_finished(job, reason)
            _give_up(job, why)

    def _stop(self, job: Job, reason: str) -> None:
        self._drop()
        self._pool.on_overrun(self, job, reason)

    def _slow_down(self) -> None:
        if not self.slowed:
            self.slowed = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _NICENESS)

    # Its end. All that it sent comes before connection_lost; why it died the zygote tells, before or after.

    def connection_lost(self, error: Exception | None) -> None:
        if self._alarm is not None and self.job is None:
            self._alarm.cancel()
        told = self._pool.on_hung_up(self)
        if self._status is not None or not told:
            self._died()
        self._hung_up = True

    def on_zygote_lost(self) -> None:
        """Nobody will tell any more why it died."""
        if self.job is None:
            self.hang_up()
        elif self._hung_up:
            self._died()

    def on_death(self, status: int) -> None:
        self._status = status
        self._read_on()
        if self._hung_up:
            self._died()

    def _died(self) -> None:
        if (job := self.job) is None:
            return
        self._drop()
        if not job.done:
            job.done = True
            self._pool.on_finished(job, "died")
            _give_up(job, _died(self._status, self._limits.worker_bytes))


def _give_up(job: Job, why: Refusal | None) -> None:
    if job.begun or why is None:
        job.reply.cut()
    else:
        job.reply.refuse(why)


def _too_slow(seconds: float) -> Refusal:
    detail = f"the query took longer than {seconds:g} s and was given up; ask for less (LIMIT, a narrower pattern)"
    return Refusal(503, "The query took too long", detail, retry_after=60)


def _crowded(seconds: float) -> Refusal:
    detail = (
        f"the query was given up after {seconds:.1f} s because others were waiting and no worker was free: "
        "ask for less (LIMIT, a narrower pattern), or again later"
    )
    return Refusal(503, "Busy", detail, retry_after=60)


def _died(status: int | None, most_bytes: int) -> Refusal:
    how = "" if status is None else f" (signal {-status})" if status < 0 else f" (status {status})"
    detail = (
        f"the process that worked on this request ended{how}; perhaps it needed more than the {most_bytes // MIB} MiB "
        "that it may have: ask for less (LIMIT, fewer groups, no ORDER BY over everything)"
    )
    return Refusal(500, "The request could not be answered", detail)
