"""The metrics of a server, in the names of Prometheus."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Counts:
    """One counter, gauge or histogram each."""

    def __init__(self) -> None:
        self.registry = every = CollectorRegistry()
        self.seconds = Histogram(
            "tipkg_request_seconds",
            "From dispatch to the end of an answer",
            ["outcome"],
            buckets=_BUCKETS,
            registry=every,
        )
        self.waited = Histogram("tipkg_queue_seconds", "Time in the queue", buckets=_BUCKETS, registry=every)
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
