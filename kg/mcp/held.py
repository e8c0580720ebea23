"""The server's end of the process that holds the graph: starting it, giving it calls, and never waiting for ever."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Lock
from typing import Any, Final

from kg.mcp.holder import Settings
from kg.mcp.refusal import RefusedError

_AT_ONCE: Final = 4
# For what is not the call itself: forking, and sending the answer.
_GRACE: Final = 5.0
_LOADING: Final = 120.0
_SETTLED: Final = 0.1
_GIVEN_UP: Final = "the call was given up"
_MIB: Final = 1024 * 1024


@dataclass(eq=False)
class Caller:
    """Who waits for a call, and may leave before it is answered (Held.give_up)."""

    has_left: bool = False
    channel: socket.socket | None = None


class Held:
    """A graph in a process of its own, started at the first call and again if it ends. Threads may share it.

    `endpoint` may be asked by questions beside Wikidata; its answers are kept in the folder `kept`."""

    def __init__(
        self,
        folder: Path,
        *,
        seconds: float = 30.0,
        call_mib: int = 512,
        endpoint: str | None = None,
        kept: Path | None = None,
    ) -> None:
        self._settings = Settings(str(folder), seconds, call_mib * _MIB, endpoint, str(kept) if kept else None)
        self._free = _AT_ONCE
        # Guards the turns, and what callers have in hand.
        self._turns = Condition()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._ready = False

    @property
    def asks_others(self) -> bool:
        """Whether a call may ask another endpoint."""
        return self._settings.endpoint is not None

    def start(self) -> None:
        """Begin to open the graph, without waiting for it."""
        with self._lock:
            if self._process is None:
                self._begin()

    def call(self, tool: str, arguments: Mapping[str, Any], caller: Caller | None = None) -> dict[str, Any]:
        """The answer as JSON. Raises RefusedError with what the client is told."""
        caller = caller or Caller()
        self._take_turn(caller)
        try:
            said = self._said(json.dumps({"tool": tool, "arguments": dict(arguments)}).encode() + b"\n", caller)
        finally:
            with self._turns:
                self._free += 1
                self._turns.notify()
        if "refused" in said:
            raise RefusedError(said["refused"])
        answer: dict[str, Any] = said["answer"]
        return answer

    def give_up(self, caller: Caller) -> None:
        """Nobody waits for this call any more: it gets no turn, or its process is ended. From any thread."""
        with self._turns:
            caller.has_left = True
            if caller.channel is not None:
                with contextlib.suppress(OSError):
                    caller.channel.shutdown(socket.SHUT_RDWR)
            self._turns.notify_all()

    def close(self) -> None:
        """End the process and all that it has forked."""
        with self._lock:
            self._end()

    def _take_turn(self, caller: Caller) -> None:
        seconds = self._settings.seconds
        with self._turns:
            self._turns.wait_for(lambda: self._free or caller.has_left, seconds)
            if caller.has_left:
                raise RefusedError(_GIVEN_UP)
            if not self._free:
                raise RefusedError(f"{_AT_ONCE} calls have been at work for {seconds:g} s: try again later")
            self._free -= 1

    def _said(self, asked: bytes, caller: Caller) -> dict[str, Any]:
        began = time.monotonic()
        line = self._line(asked, caller) or (self._line(asked, caller) if self._has_ended() else b"")
        if line:
            said: dict[str, Any] = json.loads(line)
            return said
        if caller.has_left:
            raise RefusedError(_GIVEN_UP)
        if time.monotonic() - began >= self._settings.seconds:
            raise RefusedError(f"stopped after {self._settings.seconds:g} s: ask for less, or a packaged question")
        raise RefusedError("stopped: it needs more memory than one call may have, or is nested too deep; ask for less")

    def _line(self, asked: bytes, caller: Caller) -> bytes:
        """What a process of its own says to the call; nothing where that was ended."""
        with self._channel() as channel, self._in_hand(caller, channel):
            channel.settimeout(self._settings.seconds + _GRACE)
            try:
                channel.sendall(asked)
                with channel.makefile("rb") as saying:
                    line = saying.readline()
            except (TimeoutError, OSError):
                return b""
        return line if line.endswith(b"\n") else b""

    @contextlib.contextmanager
    def _in_hand(self, caller: Caller, channel: socket.socket) -> Iterator[None]:
        with self._turns:
            caller.channel = channel
            if caller.has_left:
                channel.shutdown(socket.SHUT_RDWR)
        try:
            yield
        finally:
            with self._turns:
                caller.channel = None

    def _has_ended(self) -> bool:
        """Whether not the call was ended but the process with the graph, which may be just about to."""
        with self._lock:
            if self._process is None:
                return False  # it was closed
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_SETTLED)
            return self._process.poll() is not None

    def _channel(self) -> socket.socket:
        """A socket at whose other end a process answers one call."""
        with self._lock:
            for _ in range(2):
                running = self._running()
                ours, theirs = socket.socketpair()
                with theirs:
                    try:
                        socket.send_fds(running, [b"c"], [theirs.fileno()])
                        return ours
                    except ConnectionError:
                        ours.close()
                        self._end()
        raise RefusedError("the process with the graph has ended, and again at once: see the standard error")

    def _running(self) -> socket.socket:
        """The socket of a process that has opened the graph. Raises RefusedError where it cannot be opened."""
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._begin()
        assert self._control is not None
        if not self._ready:
            self._wait(self._control)
        return self._control

    def _begin(self) -> None:
        self._control, theirs = socket.socketpair()
        start = f"from kg.mcp.holder import main; main({theirs.fileno()})"
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-P", "-c", start],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        with contextlib.suppress(ConnectionError):  # it has ended already, which _wait finds out
            self._control.sendall(self._settings.to_line())

    def _wait(self, control: socket.socket) -> None:
        control.settimeout(_LOADING)
        try:
            with control.makefile("rb") as said_first:
                line = said_first.readline()
            said = json.loads(line or b'{"failed": "its process ended without a word"}')
        except TimeoutError:
            said = {"failed": f"it is not there after {_LOADING:g} s"}
        except ConnectionError as error:
            said = {"failed": f"its process ended: {error.strerror}"}
        if "failed" in said:
            self._end()
            raise RefusedError(f"the graph cannot be opened: {said['failed']}")
        control.settimeout(None)
        self._ready = True

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
            self._ready = False
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._process = None
