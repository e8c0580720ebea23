"""Header fields that were read before: a client sends the same ones again and again, only its request line changes.
Such a request is known without the parser, whose callbacks cost more than all else that a short query needs here."""

import re
from typing import Final

from kg.gateway.frames import Request
from kg.gateway.limits import KIB

# Nothing that the parser would read in another way: no fragment, no whole URL, no other method.
_GET: Final = b"GET /"
_LINE: Final = re.compile(rb"GET (/[!\"$-~]*+) HTTP/1\.1")
# Such a request may have a body, which stands in `fields` too.
_NEVER: Final = frozenset({b"content-length", b"transfer-encoding", b"expect"})
_MOST: Final = 256
_LONGEST: Final = 2 * KIB

Address = tuple[str, int] | None


class Heads:
    """The fields of `_MOST` heads as the parser gave them, by their bytes; the one learned first goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._known: dict[bytes, tuple[tuple[bytes, bytes], ...]] = {}

    def read(self, data: bytes, client: Address, server: Address) -> Request | None:
        """One whole GET in HTTP/1.1 whose connection is kept; None for all that the parser has to look at."""
        if not data.startswith(_GET) or len(data) > self._most_bytes:
            return None
        line, _, fields = data.partition(b"\r\n")
        headers = self._known.get(fields)
        match = _LINE.fullmatch(line) if headers is not None else None
        if headers is None or match is None:
            return None
        target = match[1]
        path, _, query = target.partition(b"?")
        return Request(b"GET", target, path, query, headers, b"", client, server)

    def learn(self, data: bytes, request: Request) -> None:
        """`request` is what the parser made of all of `data`, and it keeps the connection."""
        line, _, fields = data.partition(b"\r\n")
        if line != b"GET %b HTTP/1.1" % request.target or len(fields) > _LONGEST:
            return
        if not any(name in _NEVER for name, _ in request.headers):
            self._known[fields] = request.headers
            if len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
