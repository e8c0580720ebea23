"""What happened to requests and workers: counted for Prometheus, and told as JSON lines in the log."""

import contextlib
import json
import time
import traceback
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final, TextIO

from kg.gateway.job import Job
from kg.gateway.limits import Limits

if TYPE_CHECKING:
    from kg.gateway.counts import Counts

_LONGEST_PATH: Final = 200
_TIMES_ITS_COST: Final = 10
_LONGEST_SAME: Final = 0.25


class Watcher:
    """`now` is the clock of the event loop. Query texts are told only if `limits.log_queries`."""

    def __init__(self, limits: Limits, now: Callable[[], float], log: TextIO) -> None:
        self._limits = limits
        self._now = now
        self._log = log
        # Plain numbers: a counter of the library would be felt on the path of a cached answer.
        self.hits = self.told_hits = 0
        self._text, self._next_text = b"", 0.0

    @cached_property
    def _counts(self) -> "Counts":
        from kg.gateway.counts import Counts

        return Counts()

    def prepare(self) -> None:
        """Import what counts, which takes as long as a worker to come: call it while one is coming."""
        _ = self._counts

    def finished(self, job: Job, outcome: str) -> None:
        """A job has its end: answered, busy, deadline, gone, died, broken, slow client, crowded."""
        now = self._now()
        began = job.started or now
        self._counts.seconds.add(now - began, outcome)
        self._counts.waited.add(began - job.since)
        slow = job.started and now - began >= self._limits.slow_query_seconds
        if slow or self._limits.log_requests or outcome not in ("answered", "gone"):
            self._tell_job("slow" if slow else "request", job, outcome, now - began)

    def killed(self, job: Job, pid: int, reason: str) -> None:
        self._counts.kills.labels(reason).inc()
        self.tell("worker killed", query_id=job.id, pid=pid, reason=reason)

    def died(self, pid: int, status: int) -> None:
        self._counts.deaths.labels(str(-status) if status < 0 else "none").inc()
        self.tell("worker died", pid=pid, status=status)

    def refused(self, status: int) -> None:
        """By the gateway itself, before there was a job."""
        self._counts.refused.labels(str(status)).inc()

    def metrics(self, *, workers: tuple[int, int], queue: int, connections: int, cache: int) -> bytes:
        """In Prometheus' text format. Who asks for it again and again gets the same text for a moment: making it may
        take a tenth of the time, since everybody else waits meanwhile."""
        begin = time.perf_counter()
        if begin < self._next_text:
            return self._text
        self._counts.hits.inc(self.hits - self.told_hits)
        self.told_hits = self.hits
        self._counts.workers.labels("idle").set(workers[0])
        self._counts.workers.labels("busy").set(workers[1])
        self._counts.queue.set(queue)
        self._counts.connections.set(connections)
        self._counts.cache.set(cache)
        self._text = self._counts.text()
        self._next_text = begin + min(_TIMES_ITS_COST * (time.perf_counter() - begin), _LONGEST_SAME)
        return self._text

    def serving(self, build_id: str, mode: str, quads: int) -> None:
        """Another build, or the same one from memory."""
        self._counts.build.clear()
        self._counts.build.labels(build_id, mode).set(1)
        self.tell("serving", build=build_id, mode=mode, quads=quads)

    def fault(self, error: BaseException) -> None:
        """An exception that nobody expected."""
        lines = traceback.format_exception(error)
        self.tell("error", message=str(error) or type(error).__name__, traceback="".join(lines))

    def tell(self, event: str, **details: str | float | None) -> None:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = {"time": moment, "event": event} | {name: value for name, value in details.items() if value is not None}
        # A disk that is full must not keep a worker from being killed.
        with contextlib.suppress(OSError, ValueError):
            self._log.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._log.flush()

    def _tell_job(self, event: str, job: Job, outcome: str, seconds: float) -> None:
        asked = job.request.query + b" " + job.request.body
        self.tell(
            event,
            query_id=job.id,
            method=job.request.method.decode("latin-1"),
            path=job.request.path.decode("latin-1")[:_LONGEST_PATH],
            outcome=outcome,
            status=job.status or None,
            seconds=round(seconds, 4),
            query=asked.decode("utf-8", "replace") if self._limits.log_queries else None,
        )
