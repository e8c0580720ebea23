"""Which address a host name may mean, and a connection to the address that was checked, never to one resolved again."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from threading import Thread, stack_size
from typing import Any, Final

import httpcore

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_STACK: Final = 1024 * 1024
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_TUNNEL: Final = ipaddress.IPv6Network("2002::/16")
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


class ForbiddenAddressError(OSError):
    """A name that means an address inside of the server's own network, which only a URL that names it may."""


class Backend(httpcore.NetworkBackend):
    """Connects to public addresses, or to the one that the host itself spells out: who puts http://127.0.0.1/ on the
    list means it. Nothing lasts longer than `deadline`, in seconds of time.monotonic."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses(host, port, left(self._deadline)):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, left(self._deadline), local_address, socket_options or ()
                )
            except httpcore.ConnectError as error:
                failed = error
            else:
                return _Stream(stream, self._deadline)
        raise failed


class _Stream(httpcore.NetworkStream):
    """Each read and write has the time that is left, so that no trickle of bytes outlasts it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def addresses(host: str, port: int, seconds: float) -> list[str]:
    """Those of a host that may be connected to. Raises ForbiddenAddressError if it has others only, and
    httpcore.ConnectTimeout if they cannot be found in so many seconds."""
    try:
        found = _spelled_out(host) or _looked_up(host, port, seconds)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} is not known") from error
    fitting = [address for address in dict.fromkeys(found) if _fits(host, ipaddress.ip_address(address))]
    if found and not fitting:
        raise ForbiddenAddressError(f"{host} has the address {found[0]}, which is none of the public network")
    return fitting


def _spelled_out(host: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return []


def _looked_up(host: str, port: int, seconds: float) -> list[str]:
    """In a thread that is left behind when the time is over: the resolver of the system takes no time limit. Raises
    OSError, UnicodeError."""
    answer: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def look_up() -> None:
        try:
            answer.put([str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            answer.put(error)

    _start(Thread(target=look_up, daemon=True))
    try:
        found = answer.get(timeout=seconds)
    except Empty:
        raise httpcore.ConnectTimeout(f"the address of {host} was not found in time") from None
    if isinstance(found, list):
        return found
    raise found


def _start(thread: Thread) -> None:
    """Raises OSError where there is no memory for one. A worker's own stack is wide, and counts as memory of it."""
    before = stack_size(_STACK)
    try:
        thread.start()
    except RuntimeError as error:
        raise OSError(str(error)) from error
    finally:
        stack_size(before)


def is_public(address: _Address) -> bool:
    """Neither loopback, private, link-local, multicast nor reserved; nor does it hide an address that is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address in _TRANSLATED:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _UNICAST and address not in _TUNNEL and address.is_global


def left(deadline: float) -> float:
    """Seconds to the deadline; raises httpcore.TimeoutException when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return seconds


def _fits(host: str, address: _Address) -> bool:
    try:
        return ipaddress.ip_address(host) == address
    except ValueError:
        return address.is_loopback if host.lower() == "localhost" else is_public(address)
