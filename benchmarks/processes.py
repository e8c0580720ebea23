"""The processes of a server, as Linux counts them: memory, processor time, and how to end them."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

MIB = 1024 * 1024
_STARTED = 19
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def start(
    command: Sequence[str | Path],
    *,
    log: IO[bytes],
    output: int | IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """A server in a session of its own, so that all that it forks is found again."""
    return subprocess.Popen(  # noqa: S603 our own command
        [str(part) for part in command],
        stdout=log if output is None else output,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes], seconds: float = 12) -> None:
    """End it and all that it started."""
    started = _family(process.pid)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    left = {**started, **_family(process.pid)}
    for pid, fields in left.items():
        now = _stat(pid)
        # The same process still, not one that was given its number since.
        if now and now[_STARTED] == fields[_STARTED]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def family(leader: int) -> list[int]:
    """The pids of a server: its session, and what descends from it in a session of its own."""
    return list(_family(leader))


def processor_seconds(leader: int) -> float:
    """What the processes of a server have used so far, and those of them that ended and were waited for."""
    return sum(sum(map(int, fields[11:15])) for fields in _family(leader).values()) / _TICKS


def memory(pids: Sequence[int]) -> int:
    """Bytes of memory: each page counts once, however many of these processes share it (PSS)."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:  # it ended
            continue
        total += sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return total


class Peak:
    """The largest memory of a session while a `with` block runs, and how much it grew there, in bytes."""

    def __init__(self, leader: int, every: float = 0.005) -> None:
        self._leader = leader
        self._every = every
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = self.largest = 0

    def __enter__(self) -> "Peak":
        self.before = self.largest = memory(family(self._leader))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    @property
    def growth(self) -> int:
        return self.largest - self.before

    def _watch(self) -> None:
        while not self._done.wait(self._every):
            self._look()

    def _look(self) -> None:
        self.largest = max(self.largest, memory(family(self._leader)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def busy(leader: int, seconds: float) -> float:
    """How much of one core the processes of a session use during the next so many seconds."""
    begin, used = time.perf_counter(), processor_seconds(leader)
    time.sleep(seconds)
    return (processor_seconds(leader) - used) / (time.perf_counter() - begin)


def _family(leader: int) -> dict[int, list[str]]:
    """Each process of it with the fields of its stat file after the name: state, parent, group, session ..."""
    everybody: dict[int, list[str]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        if stat := _stat(int(path.name)):
            everybody[int(path.name)] = stat
    found = {pid: fields for pid, fields in everybody.items() if fields[3] == str(leader)}
    while more := {pid: fields for pid, fields in everybody.items() if pid not in found and int(fields[1]) in found}:
        found |= more
    return found


def _stat(pid: int) -> list[str]:
    """Nothing where there is no such process any more."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
