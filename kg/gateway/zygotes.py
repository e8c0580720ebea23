"""The gateway's end of a zygote: starting one, asking it for workers, hearing of their deaths."""

import asyncio
import contextlib
import json
import socket
import subprocess
from typing import Any, Final, Protocol

from kg.gateway.launch import Launched
from kg.gateway.settings import Settings

_MOST_SOCKETS: Final = 64
_SETTLED: Final = 0.1


class Listener(Protocol):
    """Who hears of a zygote and its workers."""

    def on_loaded(self, quads: int) -> None: ...
    def on_worker(self, pid: int, end: socket.socket | None) -> None: ...
    def on_death(self, pid: int, status: int) -> None: ...
    def on_failure(self, why: str) -> None: ...
    def on_end(self) -> None: ...


class ZygoteHandle:
    """A zygote that was started, and is told its settings here; `listener` hears the rest in the event loop."""

    def __init__(self, settings: Settings, listener: Listener, launched: Launched) -> None:
        self._listener = listener
        self._process, self._control = launched
        self._control.sendall(settings.to_json().encode() + b"\n")
        self._control.setblocking(False)
        self._held = b""
        self._sockets: list[socket.socket] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self) -> None:
        """From now on the listener hears; called in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._control.fileno(), self._read)

    def spawn(self) -> None:
        self._tell(b"spawn\n")

    def prepare(self) -> None:
        """Have it read what the workers that it forks from now on will need, in a moment when nobody waits."""
        self._tell(b"prepare\n")

    def kill(self, pid: int) -> None:
        self._tell(b"kill %d\n" % pid)

    def end(self) -> None:
        """Hang up: it kills its workers and ends."""
        loop, self._loop = self._loop, None
        if loop is None:
            self._control.close()
            return
        loop.remove_reader(self._control.fileno())
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        # uvloop takes note of the removal when it is idle; until then no other socket may get this number.
        loop.call_later(_SETTLED, self._control.close)

    def wait(self, seconds: float) -> None:
        """For the process to be gone; after `end`, and when the event loop has nothing more to do."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()  # the loop may end before it has done this

    def stop(self) -> None:
        """At once; `listener` hears of its end."""
        self._process.kill()

    def gone(self) -> bool:
        """Whether the process has ended; reaps it."""
        return self._process.poll() is not None

    def _tell(self, line: bytes) -> None:
        with contextlib.suppress(OSError):  # it has ended, which _read finds out
            self._control.send(line)

    def _read(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 65536, _MOST_SOCKETS)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, descriptors = b"", []
        self._sockets += [socket.socket(fileno=descriptor) for descriptor in descriptors]
        if not data:
            self.end()
            self._listener.on_end()
            return
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, said: dict[str, Any]) -> None:
        if "worker" in said:
            self._listener.on_worker(said["worker"], self._sockets.pop(0) if self._sockets else None)
        elif "died" in said:
            self._listener.on_death(said["died"], said["status"])
        elif "ready" in said:
            self._listener.on_loaded(said["ready"]["quads"])
        else:
            self._listener.on_failure(said["failed"])
