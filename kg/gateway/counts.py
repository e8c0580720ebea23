"""The metrics of a server, in the names of Prometheus."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import HistogramMetricFamily

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LABELS: Final = (*map(str, map(float, BUCKETS)), "+Inf")


class Durations:
    """A histogram with a label. The library's own would be felt in every short answer: it takes a lock for each of
    three numbers. This one is for a single thread; the library makes the text of it."""

    def __init__(self, name: str, meaning: str, label: str | None = None) -> None:
        self._about = name, meaning
        self._label = label
        self._found: dict[str, tuple[list[int], list[float]]] = {}
        if label is None:
            self._of("")

    def add(self, seconds: float, value: str = "") -> None:
        """`value` is that of the label."""
        counts, total = self._found.get(value) or self._of(value)
        counts[bisect_left(BUCKETS, seconds)] += 1
        total[0] += seconds

    def _of(self, value: str) -> tuple[list[int], list[float]]:
        return self._found.setdefault(value, ([0] * len(_LABELS), [0.0]))

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """For the registry: each bucket counts what is in those below it too."""
        family = HistogramMetricFamily(*self._about, labels=[self._label] if self._label else [])
        for value, (counts, total) in self._found.items():
            sums = [(label, sum(counts[: place + 1])) for place, label in enumerate(_LABELS)]
            family.add_metric([value] if self._label else [], buckets=sums, sum_value=total[0])
        yield family


class Counts:
    """One counter, gauge or histogram each."""

    def __init__(self) -> None:
        self.registry = every = CollectorRegistry()
        self.seconds = Durations("tipkg_request_seconds", "From dispatch to the end of an answer", "outcome")
        self.waited = Durations("tipkg_queue_seconds", "Time in the queue")
        every.register(self.seconds)
        every.register(self.waited)
        self.kills = Counter("tipkg_worker_kills", "Workers killed", ["reason"], registry=every)
        self.deaths = Counter("tipkg_worker_deaths", "Workers that died by themselves", ["signal"], registry=every)
        self.refused = Counter("tipkg_refused", "Requests refused by the gateway", ["status"], registry=every)
        self.workers = Gauge("tipkg_workers", "Workers", ["state"], registry=every)
        self.queue = Gauge("tipkg_queue_length", "Requests that wait for a worker", registry=every)
        self.connections = Gauge("tipkg_connections", "Open connections", registry=every)
        self.hits = Counter("tipkg_cache_hits", "Answers from the cache", registry=every)
        self.cache = Gauge("tipkg_cache_bytes", "Size of the cache", registry=every)
        self.build = Gauge("tipkg_build", "The build that is served", ["build", "mode"], registry=every)

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)
