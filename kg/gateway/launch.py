"""Starting a zygote: a process that reads its modules at once, and then waits for its settings."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

# Small queries ran up to 64 % faster with it (glibc; elsewhere it says nothing).
_TUNABLES: Final = "glibc.malloc.tcache_count=2000"
# A zygote that has workers kills them at once, unless it is reading something just then.
_TO_END: Final = 5.0


class Launched(NamedTuple):
    """A process and our end of its socket."""

    process: subprocess.Popen[bytes]
    control: socket.socket


def launch(environment: Mapping[str, str]) -> Launched:
    """Waits for nothing. The process ends when our end of the socket is closed."""
    control, theirs = socket.socketpair()
    # Modules leave no garbage worth looking for: the zygote enables it again. What ends the gateway may come early.
    quiet = "import gc, signal; gc.disable(); signal.signal(signal.SIGINT, signal.SIG_IGN)"
    start = f"{quiet}; from kg.gateway.zygote import main; main({theirs.fileno()})"
    with theirs:
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-P", "-c", start],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={"GLIBC_TUNABLES": _TUNABLES, **environment},
        )
    return Launched(process, control)


@contextmanager
def launched(environment: Mapping[str, str]) -> Iterator[Launched]:
    """Ended with the block, if it has not ended by itself, and all that it has forked."""
    found = launch(environment)
    try:
        yield found
    finally:
        _end(*found)


def _end(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    """Hung up first: of a killed process the workers would go on, however long their queries take. SIGTERM ends one
    that reads its modules still, for which nobody should wait; later it is ignored."""
    control.close()
    process.terminate()
    try:
        process.wait(_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
