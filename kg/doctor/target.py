"""The endpoint that is asked: its address taken apart, and whether it is on this machine."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

_PORTS: Final = {"http": 80, "https": 443}


class DoctorError(ValueError):
    """There is nothing to examine: the message says why, and what to give instead."""


@dataclass(frozen=True)
class Target:
    """`authority` is the Host header; `loopback` means that the server is on this machine."""

    url: str
    secure: bool
    host: str
    port: int
    authority: str
    path: str
    loopback: bool

    def at(self, place: str) -> str:
        """The address of a path of that host, or of a name beside the endpoint; "" is the endpoint."""
        return urljoin(self.url.rstrip("/"), place) if place else self.url


def target(url: str) -> Target:
    """Raises DoctorError for what is no address of an endpoint, or of a host that nobody knows."""
    if "://" not in url:
        raise DoctorError(f"{url!r} is no URL: give scheme and host, such as http://{url.lstrip('/')}")
    parts = _parts(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise DoctorError(f"{url!r}: an endpoint is at http:// or https:// and a host")
    if "@" in parts.netloc:
        raise DoctorError("give the URL without user and password: what an endpoint shows to anybody is examined")
    if not url.isascii():
        raise DoctorError(f"{url!r}: give the URL in ASCII, the host as xn--... and the path with percent signs")
    if parts.query or parts.fragment or any(sign <= " " for sign in url):
        raise DoctorError(f"{url!r}: give the URL without ?, # and blanks; each check adds its own parameters")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError as error:
        raise DoctorError(f"{url!r}: {error}") from error
    return Target(
        url=parts._replace(path=parts.path or "/").geturl(),
        secure=parts.scheme == "https",
        host=parts.hostname,
        port=port,
        authority=parts.netloc,
        path=parts.path or "/",
        loopback=_is_here(parts.hostname, port),
    )


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise DoctorError(f"{url!r} is no URL: {error}") from error


def _is_here(host: str, port: int) -> bool:
    """Whether every address of the host is of the loopback interface."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DoctorError(f"there is no host {host!r}: {error}; is the name right, and is there a network?") from error
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_loopback for entry in found)
