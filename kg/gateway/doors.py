"""Who may have a connection: where there are too many, one that does nothing gives way to who wants to be answered."""

import contextlib
import resource
from typing import Final, Protocol

# Beside the connections of clients: sockets of workers, log, store, libraries, and those that are told to come again.
_SPARE_FILES: Final = 96
_TOLD: Final = 64
_GROUPS_OF_A_NETWORK: Final = 4


def network_of(address: str) -> str:
    """Of an IPv6 address the network of one household: who has that has all of its addresses."""
    return ":".join(address.split(":")[:_GROUPS_OF_A_NETWORK]) if address.count(":") > 1 else address


class Visitor(Protocol):
    """A connection. `address` is whom it is from; `idle` whether no request of it is being answered."""

    address: str

    @property
    def idle(self) -> bool: ...
    def give_way(self) -> None: ...


class Doors:
    """At most so many connections. Of those of the address that has most, the one that came first gives way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._from: dict[str, dict[Visitor, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def enter(self, visitor: Visitor) -> bool:
        """Whether there is room for it; it is counted until it leaves in either case."""
        admitted = self._count < self._most or self._make_room()
        self._from.setdefault(visitor.address, {})[visitor] = None
        self._count += 1
        return admitted

    def crowded(self) -> bool:
        """Whether there is not even room for being told that there is none."""
        return self._count > self._most + _TOLD

    def leave(self, visitor: Visitor) -> None:
        fellows = self._from.get(visitor.address, {})
        if visitor in fellows:
            del fellows[visitor]
            self._count -= 1
            if not fellows:
                del self._from[visitor.address]

    def _make_room(self) -> bool:
        fellows = max(self._from.values(), key=len, default={})
        visitor = next((one for one in fellows if one.idle), None)
        if visitor is None:
            return False
        self.leave(visitor)
        visitor.give_way()
        return True


def most_connections(wanted: int, workers: int) -> int:
    """How many this process may have beside all other files it opens; allows itself as many as the system lets it."""
    needed = wanted + workers + _SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < needed:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
            soft = needed
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - workers - _SPARE_FILES))
