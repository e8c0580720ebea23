"""The server on a socket: the first free port, ready when it answers, quiet, and gone at Ctrl-C."""

import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import uvicorn
from starlette.types import ASGIApp

_PORTS_TRIED: Final = 21
# A GET of a long query and its headers; beyond it h11 answers by itself.
_LONGEST_HEAD: Final = 64 * 1024
_SECONDS_TO_DRAIN: Final = 5


class ListenError(OSError):
    """An address on which nothing can be served; the message says why, and what may be."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()


def serve(app: ASGIApp, *, host: str, port: int, on_ready: Callable[[str, int], None]) -> None:
    """Blocks until SIGINT or SIGTERM. `on_ready` gets the host and the port really taken. Raises ListenError."""
    listener = bind(host, port)
    taken = listener.getsockname()[1]
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        # Which proxy is believed is the application's choice (public.py), not that of uvicorn or of the environment.
        proxy_headers=False,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        timeout_graceful_shutdown=_SECONDS_TO_DRAIN,
    )
    server = _Server(config, lambda: on_ready(host, taken))
    with listener, suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


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
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise _refused(host, candidate, error) from error
        else:
            return listener
    raise ListenError(f"ports {port} to {port + _PORTS_TRIED - 1} of {host} are all taken: give another --port")


def _refused(host: str, port: int, error: OSError) -> ListenError:
    reason = error.strerror or "no reason given"
    if error.errno == errno.EACCES:
        reason += "; ports below 1024 are for the system: give another --port"
    elif error.errno == errno.EADDRNOTAVAIL:
        reason += "; this machine has no such address: give another --host"
    return ListenError(f"port {port} of {host} cannot be listened on: {reason}")
