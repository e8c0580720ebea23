"""How large an answer may become. It is said beforehand, and an answer that would be larger is no answer: an error
while nothing has been sent, a broken transfer afterwards, never a part that looks like the whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.serve.negotiate import CSV, JSON, N_TRIPLES, TSV, XML, Format
from kg.serve.problem import Problem

RESULT_LIMIT: Final = "Result-Limit"
# What stands between two rows, or before each: rows are counted without reading them. In a value such a thing is rare
# (a line break in CSV) and makes the limit come a little earlier.
_BETWEEN: Final[Mapping[Format, bytes]] = {
    CSV: b"\n",
    TSV: b"\n",
    N_TRIPLES: b"\n",
    XML: b"<result>",
    JSON: b"}},{",
}


@dataclass(frozen=True)
class Most:
    """Rows of a SELECT, or triples in N-Triples, and bytes before compression."""

    rows: int = 1_000_000
    size: int = 512 * 1024 * 1024

    def __str__(self) -> str:
        return f"rows={self.rows}, bytes={self.size}"

    def of(self, wanted: Format) -> Callable[[bytes], None]:
        """Counts what is written in this format; raises Problem 400 when it is too much."""
        return _Count(self, _BETWEEN.get(wanted, b"")).add


class _Count:
    def __init__(self, most: Most, between: bytes) -> None:
        self._most = most
        self._between = between
        self._rows = self._size = 0
        self._tail = b""

    def add(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._most.size:
            raise _too_large(f"{self._most.size} bytes")
        if self._between:
            seen = self._tail + data
            self._rows += seen.count(self._between)
            self._tail = seen[len(seen) - len(self._between) + 1 :]
            if self._rows > self._most.rows:
                raise _too_large(f"{self._most.rows} rows")


def _too_large(most: str) -> Problem:
    detail = f"the answer has more than {most}; ask for less, or for one part after the other with LIMIT and OFFSET"
    return Problem(400, "The result is too large", detail)
