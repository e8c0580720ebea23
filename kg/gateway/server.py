"""The whole server: a socket, the event loop, builds as they come, and an orderly end."""

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TextIO

from kg.gateway.connection import Connection
from kg.gateway.doors import most_connections
from kg.gateway.gateway import Gateway
from kg.gateway.launch import Launched, launch
from kg.gateway.limits import Limits
from kg.gateway.pool import Pool
from kg.gateway.settings import Settings
from kg.gateway.watcher import Watcher
from kg.graph.store import MANIFEST, Manifest, StoreError, read_manifest

# A new build is looked for so often; one that could not be opened, or whose process was lost, is tried again after a
# while that doubles with every failure.
_LOOK: Final = 1.0
_AGAIN: Final = 0.5
_RARELY: Final = 300.0
# Starting a process stops everything else here for some milliseconds, so whoever has waited is answered before.
_FIRST_ANSWERS: Final = 0.05
_BACKLOG: Final = 1024


@dataclass(frozen=True)
class Serving:
    """What is served, and how. `services` are the endpoints that SERVICE may name."""

    folder: Path
    public: str | None
    trust_proxy: bool
    limits: Limits
    services: tuple[str, ...] = ()


class Server:
    """`on_ready` is called when the first worker can answer. Made before the event loop runs, so that `first`, the
    process that opens the store, can begin at once."""

    def __init__(
        self,
        serving: Serving,
        environment: Mapping[str, str],
        log: TextIO,
        on_ready: Callable[[], None],
        *,
        first: Launched,
    ) -> None:
        self._serving = serving
        self._environment = environment
        self._log = log
        self._on_ready = on_ready
        self._pools: set[Pool] = set()
        self._coming: Pool | None = None
        self._gateway: Gateway | None = None
        self._seen = _mark(serving.folder)
        self._stop = asyncio.Event()
        self._hurry = False
        self._failed: str | None = None
        self._failures, self._since = 0, 0.0
        self._again: asyncio.TimerHandle | None = None
        manifest = read_manifest(serving.folder)
        self._watcher = Watcher(serving.limits, lambda: asyncio.get_running_loop().time(), log)
        self._first = self._pool(manifest, in_memory=False, launched=first)
        self._watcher.prepare()

    async def run(self, listener: socket.socket) -> None:
        """Until SIGINT or SIGTERM. Raises StoreError when the store cannot be opened at the start."""
        loop = asyncio.get_running_loop()
        self._gateway = gateway = Gateway(
            self._serving.limits,
            self._watcher,
            public=self._serving.public,
            trust_proxy=self._serving.trust_proxy,
        )
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self._on_signal)
        self._begin(self._first)
        server = await loop.create_server(lambda: Connection(gateway), sock=listener, backlog=_BACKLOG)
        looking = loop.create_task(self._look())
        await self._stop.wait()
        looking.cancel()
        server.close()
        await self._drain(gateway)
        for pool in self._pools:
            pool.end()
        for pool in self._pools:
            pool.wait(2)
        if self._failed is not None:
            raise StoreError(self._failed)

    def _on_signal(self) -> None:
        """The first asks for an orderly end, the second for an end."""
        self._hurry = self._stop.is_set()
        self._stop.set()

    async def _drain(self, gateway: Gateway) -> None:
        gateway.drain()
        end = gateway.now() + self._serving.limits.drain_seconds
        while gateway.connections and gateway.now() < end and not self._hurry:
            await asyncio.sleep(0.02)
        for connection in list(gateway.connections):
            connection.abort()

    # Builds.

    def _pool(self, manifest: Manifest, *, in_memory: bool, launched: Launched | None = None) -> Pool:
        serving = self._serving
        settings = Settings(
            folder=serving.folder,
            build_id=manifest.build_id,
            in_memory=in_memory,
            public=serving.public,
            trust_proxy=serving.trust_proxy,
            query_seconds=serving.limits.query_seconds,
            body_bytes=serving.limits.body_bytes,
            worker_bytes=serving.limits.worker_bytes,
            result_rows=serving.limits.result_rows,
            result_bytes=serving.limits.result_bytes,
            services=serving.services,
            open_files=resource.getrlimit(resource.RLIMIT_NOFILE)[0],
            copied=in_memory and manifest.quads <= serving.limits.memory_quads // 2,
        )
        pool = Pool(
            settings,
            serving.limits,
            self._watcher,
            launched=launched or launch(self._environment),
            on_first=self._on_first,
            on_lost=self._on_lost,
        )
        self._pools.add(pool)
        return pool

    def _begin(self, pool: Pool) -> None:
        self._coming = pool
        pool.listen()

    def _on_first(self, pool: Pool) -> None:
        """A pool can answer."""
        gateway = self._gateway
        assert gateway is not None
        if pool is not self._coming:
            return
        self._coming = None
        self._since = gateway.now()
        before = gateway.pool
        gateway.serve_from(pool, same_build=before is not None and before.settings.build_id == pool.settings.build_id)
        if before is None:
            self._on_ready()
        self._watcher.serving(pool.settings.build_id, _mode(pool.settings), pool.quads)
        if pool.settings.in_memory:
            return
        if pool.quads <= self._serving.limits.memory_quads:
            asyncio.get_running_loop().call_later(_FIRST_ANSWERS, self._open)
        else:
            pool.prepare()

    def _on_lost(self, pool: Pool, why: str) -> None:
        """A zygote has ended by itself."""
        gateway = self._gateway
        assert gateway is not None
        self._watcher.tell("build lost", build=pool.settings.build_id, why=why)
        if pool is self._coming:
            self._coming = None
            if gateway.pool is None:
                self._failed = why
                self._stop.set()
                return
            self._open_later()
        elif pool is gateway.pool:
            self._open_later()

    def _open_later(self) -> None:
        """At once after the first failure, then less and less often: what fails always must not eat the processor."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._since > _RARELY:
            self._failures, self._since = 0, loop.time()
        seconds = min(_AGAIN * 2**self._failures, _RARELY) if self._failures else 0
        self._failures += 1
        self._again = loop.call_later(seconds, self._open)

    def _open(self) -> None:
        """Open what is in the folder now: in memory where another pool answers meanwhile, else where it is soonest."""
        if self._coming is not None or self._stop.is_set():
            return
        if self._again is not None:
            self._again.cancel()
        pool = self._gateway.pool if self._gateway is not None else None
        try:
            manifest = read_manifest(self._serving.folder)
            small = manifest.quads <= self._serving.limits.memory_quads
            self._begin(self._pool(manifest, in_memory=small and pool is not None and pool.alive))
        except (StoreError, OSError, ValueError, TypeError, KeyError) as error:  # what a manifest may be that is none
            self._watcher.tell("no build", why=str(error))
            self._open_later()

    async def _look(self) -> None:
        """For a new build in the folder."""
        while True:
            await asyncio.sleep(_LOOK)
            self._pools = {pool for pool in self._pools if not pool.over()}
            mark = _mark(self._serving.folder)
            if mark is not None and mark != self._seen and self._coming is None:
                self._seen = mark
                self._failures = 0
                self._open()


def _mode(settings: Settings) -> str:
    """As the log and /metrics tell it."""
    if not settings.in_memory:
        return "disk"
    return "memory" if settings.copied else "memory without copy"


def _mark(folder: Path) -> tuple[int, int, int] | None:
    """Changes with every build that is moved into the folder."""
    with contextlib.suppress(OSError):
        found = (folder / MANIFEST).stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None


def serve(
    listener: socket.socket,
    serving: Serving,
    *,
    environment: Mapping[str, str],
    log: TextIO,
    on_ready: Callable[[], None],
    first: Launched,
) -> None:
    """Blocks until SIGINT or SIGTERM. `first` was launched for this; others are launched as they are needed. Raises
    StoreError when the store cannot be opened."""
    limits = serving.limits
    most = most_connections(limits.connections, limits.workers)
    if most < limits.connections:
        serving = replace(serving, limits=replace(limits, connections=most))
    server = Server(serving, environment, log, on_ready, first=first)
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(server.run(listener))


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # no wheel for this platform: asyncio's own loop does the same, slower
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
