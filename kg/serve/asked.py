"""What a request for a question, the catalogue or a search asks for: parameters by name, and which part of the rows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from kg.serve.problem import Problem
from kg.serve.protocol import pairs

# Of every question, beside its own.
WINDOW: Final = ("limit", "offset", "page")
MOST_ROWS: Final = 10_000
PER_PAGE: Final = 100


def parameters(request: Request) -> dict[str, str]:
    """Those of the query string; what a form leaves empty is not asked for. Raises Problem 400."""
    given: dict[str, str] = {}
    for name, value in pairs(request.scope["query_string"], "the query string"):
        if name in given:
            detail = f"the parameter {name} is given more than once; give it once"
            raise Problem(400, "Ambiguous request", detail)
        given[name] = value
    # The gateway keeps to `timeout` wherever it stands.
    return {name: value for name, value in given.items() if value.strip() and name != "timeout"}


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """Raises Problem 400 with the known parameters."""
    allowed = tuple(known)
    for name in given:
        if name not in allowed:
            raise unknown_parameter(f"there is no parameter {name!r} (it takes: {', '.join(allowed)})", name, allowed)


def unknown_parameter(detail: str, name: str, known: Iterable[str]) -> Problem:
    problem = Problem(400, "No such parameter", detail)
    problem.members = {"parameter": name, "parameters": list(known)}
    return problem


class Part(NamedTuple):
    """Rows `first` to `last` of `total`, from 0, half-open."""

    first: int
    last: int
    total: int


@dataclass(frozen=True)
class Window:
    """The part of the rows that is asked for; without `limit` all of them. `by_page` is how the client counts."""

    limit: int | None
    offset: int
    by_page: bool

    def part(self, total: int) -> Part:
        """Raises Problem 404 for a part behind the last row."""
        if self.offset and self.offset >= total:
            raise Problem(404, "No such page", f"there are {total} rows; offset={self.offset} is behind the last one")
        return Part(self.offset, total if self.limit is None else min(self.offset + self.limit, total), total)

    def links(self, given: Mapping[str, str], total: int) -> dict[str, str]:
        """first, prev, next and last, as addresses relative to this one; none where all rows are here."""
        if self.limit is None or (total <= self.limit and not self.offset):
            return {}
        last = (max(total - 1, 0) // self.limit) * self.limit
        wanted = {"first": 0, "last": max(last, self.offset)}
        if self.offset:
            wanted["prev"] = max(self.offset - self.limit, 0)
        if self.offset + self.limit < total:
            wanted["next"] = self.offset + self.limit
        return {name: self._address(given, offset) for name, offset in sorted(wanted.items())}

    def _address(self, given: Mapping[str, str], offset: int) -> str:
        assert self.limit
        place = {"page": offset // self.limit + 1} if self.by_page else {"offset": offset}
        return f"?{urlencode({**given, 'limit': self.limit, **place})}"


def window(given: Mapping[str, str], limit: int | None) -> Window:
    """What `limit`, `offset` and `page` say; `limit` is for requests that say nothing. Raises Problem 400."""
    if "page" in given and "offset" in given:
        raise Problem(400, "Ambiguous request", "offset and page both say where to begin; give one of them")
    size = _number(given, "limit", range(1, MOST_ROWS + 1)) if "limit" in given else limit
    if "page" in given:
        size = size or PER_PAGE
        return Window(size, (_number(given, "page", range(1, 1_000_001)) - 1) * size, True)
    offset = _number(given, "offset", range(1_000_001)) if "offset" in given else 0
    return Window(size or (MOST_ROWS if offset else None), offset, "limit" not in given and "offset" not in given)


def _number(given: Mapping[str, str], name: str, allowed: range) -> int:
    text = given[name].strip()
    value = int(text) if re.fullmatch("[0-9]{1,8}", text) else -1
    if value not in allowed:
        detail = f"{name} is a whole number from {allowed[0]} to {allowed[-1]}, not {text[:40]!r}"
        problem = Problem(400, "No such part", detail)
        problem.members = {"parameter": name}
        raise problem
    return value


def accept_of(request: Request) -> str | None:
    """All of the Accept fields as one."""
    return ", ".join(request.headers.getlist("accept")) or None
