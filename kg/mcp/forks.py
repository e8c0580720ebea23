"""The processes that answer calls, forked one for each, and ended when nobody waits for what they do."""

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import NamedTuple, NoReturn


class _Fork(NamedTuple):
    """A copy of its socket stays here, to see when the other end is closed."""

    process: int
    channel: socket.socket


class Forks:
    """`work` is the whole life of a forked process, with the socket of its call. To be used in one thread."""

    def __init__(self, control: socket.socket, work: Callable[[socket.socket], NoReturn]) -> None:
        self._control = control
        self._work = work
        self._running: dict[int, _Fork] = {}
        self._woken, self._waker = socket.socketpair()
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._woken, select.POLLIN)
        for end in (self._woken, self._waker):
            end.setblocking(False)

    def run(self) -> None:
        """Until the other end of `control` is closed; each byte on it comes with the socket of a call."""
        # Python is woken by any signal that it handles, whatever the handler does.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno())
        while True:
            ready = {descriptor for descriptor, _ in self._poll.poll()}
            # In this order: a socket that is closed here gives its number to one that comes.
            for descriptor in ready & self._running.keys():
                self._end(descriptor)
            if self._woken.fileno() in ready:
                self._bury()
            if self._control.fileno() in ready and not self._take():
                return

    def _end(self, descriptor: int) -> None:
        """Of a call for which nobody waits: that is the only event that its socket is looked at for."""
        os.kill(self._running[descriptor].process, signal.SIGKILL)
        self._poll.unregister(descriptor)

    def _take(self) -> bool:
        """Fork for the calls that have come; false where the other end is closed."""
        data, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        for descriptor in descriptors:
            channel = socket.socket(fileno=descriptor)
            try:
                process = os.fork()
            except OSError:
                channel.close()
                continue
            if process == 0:
                self._let_go()
                self._work(channel)
            self._running[descriptor] = _Fork(process, channel)
            self._poll.register(descriptor, 0)
        return bool(data)

    def _let_go(self) -> None:
        """Of what is not the call's, after the fork: an end that is open in two processes is not closed by one."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (self._control, self._woken, self._waker, *(fork.channel for fork in self._running.values())):
            end.close()

    def _bury(self) -> None:
        """Those that have ended: only then may their number be another's."""
        with contextlib.suppress(BlockingIOError):
            while self._woken.recv(4096):
                pass
        for descriptor, fork in list(self._running.items()):
            if os.waitpid(fork.process, os.WNOHANG) != (0, 0):
                del self._running[descriptor]
                with contextlib.suppress(KeyError):
                    self._poll.unregister(descriptor)
                fork.channel.close()
