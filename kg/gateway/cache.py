"""Whole answers, kept while one build is served: the same request has the same answer, so nothing need be asked again.

The key is what an answer depends on: the request line and body as they were sent, and the headers that are negotiated
or that name the server. A second table leads from the bytes of a whole request to its answer, for clients that send the
same bytes again; they are not even parsed."""

from collections import OrderedDict
from functools import lru_cache
from typing import Final

from kg.gateway.frames import Head, Request
from kg.gateway.limits import KIB, MIB

_VARYING: Final = frozenset(
    {b"host", b"accept", b"accept-encoding", b"content-type"}
    | {b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-prefix"}
)
_NEVER: Final = frozenset({b"range", b"if-range", b"authorization", b"if-match", b"if-modified-since"})
_OF_THE_BODY: Final = (b"content-length:", b"content-type:", b"content-encoding:", b"content-language:")
_LARGEST: Final = MIB
_LONGEST_RAW: Final = 8 * KIB
_RAW_BYTES: Final = 16 * MIB
# What an entry costs beside its bytes: the objects that hold them.
_OVERHEAD: Final = 500

Fields = tuple[tuple[bytes, bytes], ...]
Key = tuple[bytes, bytes, bytes, Fields]


class Kept:
    """An answer as it is sent, but for the status line and the date before it."""

    __slots__ = ("_after_304", "_lines", "after", "etag", "size", "status", "used", "valid")

    def __init__(self, head: Head, body: bytes) -> None:
        self.status = head.status
        self.after = head.lines + b"\r\n" + body
        self._lines = head.lines
        self._after_304 = b""
        self.etag = head.etag
        self.size = len(self.after) + 2 * len(head.lines) + _OVERHEAD
        self.valid, self.used = True, False

    @property
    def after_304(self) -> bytes:
        """What a client gets who has it already; most never ask, so it is made for the first who does."""
        if not self._after_304 and self._lines:
            lines = [line for line in self._lines.split(b"\r\n") if line and not line.startswith(_OF_THE_BODY)]
            self._after_304 = b"\r\n".join([*lines, b"", b""])
        return self._after_304

    def drop(self) -> None:
        """Be no answer any more, and hold no memory: the table of whole requests may know it for long."""
        self.valid = False
        self.after = self._lines = self._after_304 = b""


class Cache:
    """Bounded in bytes; what was used longest ago goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._raw: OrderedDict[bytes, tuple[Kept, bool]] = OrderedDict()
        self._raw_size = 0
        self.size = 0

    def key(self, request: Request) -> Key | None:
        """None for a request whose answer depends on more than a key holds."""
        varying = _varying(request.headers)
        return None if varying is None else (request.method, request.target, request.body, varying)

    def get(self, key: Key) -> Kept | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: Key, head: Head, body: bytes) -> Kept | None:
        """None where it is too large to be kept."""
        if not head.keep or head.status != 200 or len(body) > _LARGEST:
            return None
        kept = Kept(head, body)
        kept.size += len(key[1]) + len(key[2]) + sum(len(name) + len(value) for name, value in key[3])
        if kept.size > self._most:
            return None
        self._forget(key)
        while self.size + kept.size > self._most:  # before it is there, so that it is not the one that goes
            self._forget_one()
        self._kept[key] = kept
        self.size += kept.size
        return kept

    def _forget_one(self) -> None:
        """The one that was used longest ago; whole requests note only that they have used theirs since."""
        key, kept = next(iter(self._kept.items()))
        if kept.used:
            kept.used = False
            self._kept.move_to_end(key)
        else:
            self._forget(key)

    def _forget(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size -= kept.size
            kept.drop()

    def get_raw(self, data: bytes) -> tuple[Kept, bool] | None:
        """The answer to a whole request, and whether it is 304."""
        found = self._raw.get(data)
        if found is None:
            return None
        if not found[0].valid:
            del self._raw[data]
            self._raw_size -= len(data) + _OVERHEAD
            return None
        found[0].used = True
        return found

    def put_raw(self, data: bytes, answer: tuple[Kept, bool]) -> None:
        if len(data) > _LONGEST_RAW or not self._most or data in self._raw:
            return
        self._raw[data] = answer
        self._raw_size += len(data) + _OVERHEAD
        while self._raw_size > _RAW_BYTES:
            oldest, _ = self._raw.popitem(last=False)
            self._raw_size -= len(oldest) + _OVERHEAD

    def clear(self) -> None:
        for kept in self._kept.values():
            kept.drop()
        self._kept.clear()
        self._raw.clear()
        self.size = self._raw_size = 0


@lru_cache(maxsize=32)
def _varying(headers: Fields) -> Fields | None:
    """Those on which an answer depends; None where it depends on others too."""
    if any(name in _NEVER for name, _ in headers):
        return None
    return tuple(field for field in headers if field[0] in _VARYING)


def is_known(if_none_match: bytes, etag: bytes | None) -> bool:
    """The weak comparison of RFC 9110, section 13.1.2; * is left to the application."""
    if etag is None:
        return False
    plain = etag.removeprefix(b"W/")
    return any(tag.strip().removeprefix(b"W/") == plain for tag in if_none_match.split(b","))
