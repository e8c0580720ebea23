"""The process that holds the graph and forks another for each call, which may take its time and memory and no more.

It is started with the number of its socket, single-threaded, as the engine in memory starts no threads. It hears its
settings as a line of JSON and says {"ready": true} or {"failed": "why"}; then a byte comes with the socket of a call.
A call is a line of JSON: {"tool": ..., "arguments": {...}}. The answer is one too, {"answer": ...} or {"refused":
"why"}; no line means that the process was ended. Who closes the socket before has given the call up."""

import contextlib
import gc
import json
import os
import signal
import socket
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from kg.ask.federated import Whom, whom
from kg.ask.search import SearchError
from kg.federate.allowed import FOR_SERVICE
from kg.federate.kept import KEPT_BYTES, KEPT_SECONDS, KeptAnswers
from kg.gateway.first_line import first_line
from kg.gateway.worker import bound, widen_stack
from kg.graph.store import StoreError
from kg.mcp.calls import call, warm
from kg.mcp.forks import Forks
from kg.mcp.graph import Graph
from kg.mcp.refusal import RefusedError


@dataclass(frozen=True)
class Settings:
    """`seconds` and `call_bytes` are what one call may take. `endpoint` is asked by questions beside Wikidata, where
    there is one; what it answers is kept in the folder `kept`."""

    folder: str
    seconds: float
    call_bytes: int
    endpoint: str | None = None
    kept: str | None = None

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


def main(descriptor: int) -> None:
    """`descriptor` is a connected stream socket. Ends when the other end is closed, with all that it has forked: it
    leads a session of its own, so that its group is those and no others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    settings = Settings(**json.loads(first_line(control)))
    widen_stack()
    try:
        own = Graph(Path(settings.folder), whom=_whom(settings))
        warm(own)
    except (StoreError, SearchError, OSError, MemoryError) as error:
        control.sendall(_as_line({"failed": str(error)}))
        return
    gc.collect()
    gc.freeze()
    with contextlib.suppress(ConnectionError):
        control.sendall(_as_line({"ready": True}))
        Forks(control, lambda channel: _answer(channel, own, settings)).run()
    os.killpg(0, signal.SIGKILL)


def _whom(settings: Settings) -> Whom | None:
    """With less time than a call has, so that the offline twin can still answer."""
    if settings.endpoint is None:
        return None
    kept = KeptAnswers(Path(settings.kept), KEPT_BYTES, KEPT_SECONDS) if settings.kept else None
    return whom(settings.endpoint, seconds=settings.seconds * FOR_SERVICE, answers=kept)


def _answer(channel: socket.socket, own: Graph, settings: Settings) -> NoReturn:
    """The whole life of a process that answers one call."""
    try:
        # The kernel ends it, wherever it is: in Python, in the engine, or writing to someone who does not read.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, settings.seconds)
        bound(settings.call_bytes)
        with channel.makefile("rb") as asking:
            asked = json.loads(asking.readline())
        channel.sendall(_as_line(_said(own, asked)))
    finally:
        os._exit(0)


def _said(own: Graph, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": call(own, asked["tool"], asked["arguments"]).model_dump(mode="json")}
    except RefusedError as error:
        return {"refused": str(error)}
    except Exception:  # the boundary: a fault of ours is told on standard error, and the client hears of it
        traceback.print_exc()
        return {"refused": "a fault of the server: its standard error has more"}


def _as_line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"
