"""A socket to listen on: the port, or the next free one."""

import errno
import os
import socket
from typing import Final

_PORTS_TRIED: Final = 21


class ListenError(OSError):
    """An address on which nothing can be served; the message says why, and what may be."""


def bind(host: str, port: int) -> socket.socket:
    """The port, or the next free one of the twenty after it; port 0 is any. Raises ListenError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ListenError(f"{host!r} is no address to listen on: {error.strerror}") from error
    family, kind, protocol, _, address = found[0]
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)):
        listener = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it lets two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address[0], candidate, *address[2:]))
            listener.listen(1024)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise _refused(host, candidate, error) from error
        else:
            return listener
    raise ListenError(f"ports {port} to {port + _PORTS_TRIED - 1} of {host} are all taken: give another --port")


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    address = listener.getsockname()[0]
    return bool(address == "::1" or address.startswith("127."))


def _refused(host: str, port: int, error: OSError) -> ListenError:
    reason = error.strerror or "no reason given"
    if error.errno == errno.EACCES:
        reason += "; ports below 1024 are for the system: give another --port"
    elif error.errno == errno.EADDRNOTAVAIL:
        reason += "; this machine has no such address: give another --host"
    return ListenError(f"port {port} of {host} cannot be listened on: {reason}")
