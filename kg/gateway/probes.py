"""What monitors ask: whether the process is alive, whether it answers, and how it does. No worker is needed for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.gateway.frames import Head, Request
from kg.gateway.refusal import made
from kg.gateway.watcher import Watcher

_READING: Final = frozenset({b"GET", b"HEAD"})


@dataclass(frozen=True)
class State:
    """Of the gateway at this moment; `workers` are the idle and the busy ones."""

    watcher: Watcher
    ready: bool
    build: str
    in_memory: bool
    workers: tuple[int, int]
    queue: int
    connections: int
    cache_bytes: int


Probe = Callable[[State, Request], tuple[Head, bytes]]


def alive(state: State, request: Request) -> tuple[Head, bytes]:
    """/healthz: 200 as long as this process can say so."""
    return _answer(200, "text/plain; charset=utf-8", b"alive\n", request)


def ready(state: State, request: Request) -> tuple[Head, bytes]:
    """/readyz: 200 once queries are answered, 503 before, and while the server is about to end."""
    idle, busy = state.workers
    told = {"ready": state.ready, "build": state.build, "in_memory": state.in_memory, "idle": idle, "busy": busy}
    return _answer(200 if state.ready else 503, "application/json", json.dumps(told).encode() + b"\n", request)


def metrics(state: State, request: Request) -> tuple[Head, bytes]:
    """/metrics, in Prometheus' text format."""
    from prometheus_client import CONTENT_TYPE_LATEST

    content = state.watcher.metrics(
        workers=state.workers, queue=state.queue, connections=state.connections, cache=state.cache_bytes
    )
    return _answer(200, CONTENT_TYPE_LATEST, content, request)


def _answer(status: int, content_type: str, body: bytes, request: Request) -> tuple[Head, bytes]:
    headers = {"cache-control": "no-store"}
    if request.method not in _READING:
        status, body = 405, f"{request.method.decode('latin-1')} is not possible here\n".encode()
        content_type, headers["allow"] = "text/plain; charset=utf-8", "GET, HEAD"
    return made(status, content_type, body, headers)


PROBES: Final[Mapping[bytes, Probe]] = {b"/healthz": alive, b"/readyz": ready, b"/metrics": metrics}
