"""The process that holds a build and forks workers from it: single-threaded, without engine threads, told by a socket.

It is started with the number of its socket. What it hears are lines: its settings as JSON, then `spawn` (one more),
`kill PID` and `prepare` (read what its next workers will need).
What it says are JSON lines: {"ready": {...}}, {"worker": PID} with the worker's socket beside it, {"died": PID,
"status": ...}, {"failed": "why"}. When the gateway is gone it kills its workers and ends."""

import contextlib
import gc
import json
import logging
import os
import resource
import selectors
import signal
import socket
from typing import Any

from kg.apart import apart
from kg.gateway import worker
from kg.gateway.application import Application
from kg.gateway.first_line import first_line
from kg.gateway.settings import Settings
from kg.graph.store import StoreError, read_manifest

_log = logging.getLogger(__name__)


class Zygote:
    """It makes the application before the first fork where the data are in memory, after each where on disk."""

    def __init__(self, control: socket.socket, application: Application, *, worker_bytes: int, early: bool) -> None:
        self._control = control
        self._application = application
        self._worker_bytes = worker_bytes
        self._app = apart(application.make) if early else None
        self._workers: set[int] = set()
        self._held = b""
        # What the engine's own code says before it gives up goes past Python, and would be no line of the log.
        self._errors, self._stderr = os.pipe()

    def run(self) -> None:
        """Forks the first worker unasked, and others as it is told, until the gateway hangs up."""
        wake, waker = socket.socketpair()
        waker.setblocking(False)
        wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            selector.register(self._errors, selectors.EVENT_READ)
            if self._app is not None:
                gc.collect()
            gc.freeze()
            gc.enable()
            self._spawn()
            while True:
                for key, _ in selector.select():
                    if key.fileobj is wake:
                        with contextlib.suppress(BlockingIOError):
                            wake.recv(4096)
                        self._reap()
                    elif key.fileobj == self._errors:
                        _log.warning("%s", os.read(self._errors, 65536).decode("utf-8", "replace").strip())
                    elif not self._hear():
                        # Nobody reads `wake` any more: what a signal still writes there would be an error on the log.
                        signal.set_wakeup_fd(-1)
                        self._kill_all()
                        return

    def _hear(self) -> bool:
        try:
            data = self._control.recv(65536)
        except ConnectionError:
            return False
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            word, _, pid = line.decode().partition(" ")
            if word == "spawn":
                self._spawn()
            elif word == "prepare":
                self._application.prepare()
                gc.freeze()
            elif word == "kill" and int(pid) in self._workers:
                os.kill(int(pid), signal.SIGKILL)
        return bool(data)

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            pid = os.fork()
        except OSError as error:
            ours.close()
            theirs.close()
            self._say({"failed": f"no worker could be forked: {error.strerror}"})
            return
        if pid == 0:
            ours.close()
            self._become_worker(theirs)
        theirs.close()
        self._workers.add(pid)
        self._say({"worker": pid}, ours)
        ours.close()

    def _become_worker(self, channel: socket.socket) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        os.dup2(self._stderr, 2)
        try:
            app = self._app or self._application.make()
        except Exception as error:  # whatever it is, the gateway tells it
            worker.fail(channel, str(error))
        worker.run(channel, app, self._worker_bytes)

    def _reap(self) -> None:
        while self._workers:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._workers.discard(pid)
            self._say({"died": pid, "status": os.waitstatus_to_exitcode(status)})

    def _kill_all(self) -> None:
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)

    def _say(self, what: dict[str, Any], passed: socket.socket | None = None) -> None:
        say(self._control, what, passed)


def say(control: socket.socket, what: dict[str, Any], passed: socket.socket | None = None) -> None:
    line = json.dumps(what).encode() + b"\n"
    with contextlib.suppress(ConnectionError):
        if passed is None:
            control.sendall(line)
        else:
            socket.send_fds(control, [line], [passed.fileno()])


def main(descriptor: int) -> None:
    """`descriptor` is a connected stream socket."""
    # Both may be sent to the whole group or unit: the gateway decides when this process and its workers end.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    settings = Settings.from_json(first_line(control))
    _allow_open_files(settings.open_files)
    worker.widen_stack()
    worker.log_as_json()
    try:
        manifest = read_manifest(settings.folder)
        zygote = Zygote(control, Application(settings), worker_bytes=settings.worker_bytes, early=settings.in_memory)
    except (StoreError, OSError, MemoryError) as error:
        say(control, {"failed": str(error)})
        return
    say(control, {"ready": {"quads": manifest.quads}})
    zygote.run()


def _allow_open_files(wanted: int) -> None:
    """As many as the gateway, which has asked for more since it launched this process."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
