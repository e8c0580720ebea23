"""What the server allows; each figure is an option of `tipkg serve`."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Limits:
    """Times in seconds, sizes in bytes.

    `share_seconds` is how long a query may run while others wait for a worker and none is free; of a client with
    several at work each has less. `request_seconds` is for a whole request, from its first byte to its last. A client
    that reads slowly may keep its worker waiting for `slow_seconds`, and for a second more for every 64 KiB that it has
    taken. `spare` workers are kept idle, so that a request need not wait for a fork. A graph of more than
    `memory_quads` stays on disk; one of more than half of it has no second copy of its default graph in memory."""

    query_seconds: float = 30.0
    request_seconds: float = 15.0
    idle_seconds: float = 75.0
    queue_seconds: float = 10.0
    share_seconds: float = 10.0
    drain_seconds: float = 10.0
    slow_seconds: float = 60.0
    slow_query_seconds: float = 1.0
    body_bytes: int = 4 * MIB
    all_bodies_bytes: int = 128 * MIB
    head_bytes: int = 64 * KIB
    worker_bytes: int = 512 * MIB
    cache_bytes: int = 64 * MIB
    result_rows: int = 1_000_000
    result_bytes: int = 512 * MIB
    workers: int = 32
    spare: int = 2
    waiting: int = 256
    connections: int = 1000
    memory_quads: int = 2_000_000
    log_requests: bool = False
    log_queries: bool = False
