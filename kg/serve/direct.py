"""The short way of a query, which is that of most: what lies around the endpoint (routes, coroutines, messages)
costs as much as a short query itself. Answers are the same, byte for byte; all else takes the long way."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from kg.serve import protocol
from kg.serve.boundary import HEADERS, TransferBroken
from kg.serve.compress import Squeezed
from kg.serve.endpoint import Endpoint, fields
from kg.serve.negotiate import takes
from kg.serve.problem import Problem
from kg.serve.push import Emit, Fields, Pushed

_METHODS: Final = frozenset({b"GET", b"POST"})
_PATH: Final = b"/sparql"

_log = logging.getLogger(__name__)


class Direct:
    """`answer` takes a request as it came; `path` is without the query string, header names are in lower case."""

    def __init__(self, endpoint: Endpoint, most_bytes: int) -> None:
        self._endpoint = endpoint
        self._most_bytes = most_bytes

    def answer(self, line: tuple[bytes, bytes, bytes], headers: Fields, body: bytes, emit: Emit) -> bool | Problem:
        """`line` is method, path and query string. False for what has to go the long way; a Problem goes it as well, in
        the scope as PROBLEM, so that nothing is worked out twice. Nothing has been given to `emit` then. Raises what
        ends an answer that has begun, and what `emit` raises."""
        method, path, query = line
        if path != _PATH or method not in _METHODS or len(body) > self._most_bytes:
            return False
        given, gzip = _read(headers)
        asked = protocol.Request(method.decode("ascii"), query, given, body)
        pushed: Pushed | None = None
        try:
            pushed = self._endpoint.pushed(asked)
            if pushed is None:
                return False
            pushed.run(Squeezed(emit) if gzip else emit, also=HEADERS)
        except Exception as error:
            # Whatever it is: before an answer has begun the long way meets it again, and tells it.
            if pushed is None or not pushed.begun:
                return error if isinstance(error, Problem) else False
            if isinstance(error, TransferBroken):
                _log.warning("%s /sparql broken off: %s", asked.method, error)
            elif not isinstance(error, (BrokenPipeError, ConnectionResetError)):
                _log.exception("%s /sparql failed", asked.method)
            raise
        return True


@lru_cache(maxsize=32)
def _read(headers: Fields) -> tuple[Mapping[str, str], bool]:
    """The headers of a request by their names, and whether its answer may be compressed."""
    given = fields(headers)
    return given, takes("gzip", given.get("accept-encoding", ""))
