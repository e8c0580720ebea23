"""The transport of a connection: every step is harmless when it has gone already."""

import asyncio
from collections.abc import Iterable
from typing import Final, cast

from kg.gateway.limits import KIB

# More than this is not taken from a worker before the client has read of it.
_AHEAD: Final = 256 * KIB


def address(transport: asyncio.BaseTransport, which: str) -> tuple[str, int] | None:
    """`which` is peername or sockname; None where it has none, as a local socket."""
    found = transport.get_extra_info(which)
    return (str(found[0]), int(found[1])) if isinstance(found, tuple) else None


class Stream(asyncio.Protocol):
    """What a connection does with its transport."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reading = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_AHEAD)

    def abort(self) -> None:
        """At once, whatever has not been sent yet."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, data: bytes) -> None:
        if data and (transport := self._open()) is not None:
            transport.write(data)

    def _write_parts(self, parts: Iterable[bytes | memoryview]) -> None:
        """One after the other, without putting them together first."""
        if (transport := self._open()) is not None:
            # Not writelines: with it asyncio's own loop knew no limit in some releases (CVE-2024-12254).
            for part in parts:
                transport.write(part)

    def _write_eof(self) -> None:
        if (transport := self._open()) is not None and transport.can_write_eof():
            transport.write_eof()

    def _read_on(self) -> None:
        if not self._reading and (transport := self._open()) is not None:
            self._reading = True
            transport.resume_reading()

    def _pause_reading(self) -> None:
        if self._reading and (transport := self._open()) is not None:
            self._reading = False
            transport.pause_reading()

    def _close(self) -> None:
        """Once everything is sent."""
        if self._transport is not None:
            self._transport.close()

    def _open(self) -> asyncio.Transport | None:
        transport = self._transport
        return None if transport is None or transport.is_closing() else transport
