"""One query's requests to other endpoints: polite, counted, and over in time whatever the other side does."""

import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpcore

from kg import __version__
from kg.federate.addresses import Backend, ForbiddenAddressError, left
from kg.federate.allowed import Allowed, Budget
from kg.federate.answers import Answer, Cache, RemoteFailed, read_json, too_much
from kg.iris import BASE

AGENT: Final = f"tipkg/{__version__} (+{BASE})"
_JSON: Final = frozenset({"application/sparql-results+json", "application/json"})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 3
_MOST_WAITS: Final = 3
_LONGEST_WAIT: Final = 86_400
_FAILED: Final = "The other endpoint failed"


class Remote:
    """To be used in a `with`, for one query. What fails raises RemoteFailed (502, 503, 504), over budget Refused."""

    def __init__(self, allowed: Allowed, budget: Budget, answers: Cache | None = None) -> None:
        self._allowed = allowed
        self._answers = answers
        self._requests = budget.requests
        self._size = budget.size
        self._deadline = time.monotonic() + budget.seconds
        # No proxy, no environment, no redirect: httpcore does what it is told.
        self._pool = httpcore.ConnectionPool(max_connections=4, network_backend=Backend(self._deadline))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def __call__(self, endpoint: str, query: str, most_rows: int) -> Answer:
        kept = self._answers.get(endpoint, query) if self._answers else None
        if kept:
            return Answer(*read_json(endpoint, kept[0], most_rows), len(kept[0]), requests=0, age=kept[1])
        before = self._requests
        data = self._fetch(endpoint, query)
        columns, rows = read_json(endpoint, data, most_rows)
        if self._answers:
            self._answers.put(endpoint, query, data)
        return Answer(columns, rows, len(data), requests=before - self._requests)

    def _fetch(self, endpoint: str, query: str) -> bytes:
        try:
            return self._asked(endpoint, urlencode({"query": query}).encode())
        except httpcore.TimeoutException as error:
            detail = f"{endpoint} did not answer in the time that this query has for other endpoints"
            raise RemoteFailed(504, "The other endpoint is too slow", detail) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ForbiddenAddressError) as error:
            reason = str(error) or "the connection broke off"
            raise RemoteFailed(502, _FAILED, f"{endpoint} cannot be asked: {reason[:200]}") from error

    def _asked(self, endpoint: str, body: bytes) -> bytes:
        url, redirects, waits = endpoint, 0, 0
        while True:
            self._count()
            with self._pool.stream("POST", url, headers=_headers(url), content=body) as response:
                if response.status == 200:
                    return self._body(endpoint, response)
                if response.status in _REDIRECTS and redirects < _MOST_REDIRECTS:
                    url, redirects = self._target(url, response), redirects + 1
                    continue
                if response.status not in {429, 503}:
                    raise _failed(endpoint, response)
                seconds, waits = self._wait(endpoint, response, waits), waits + 1
            time.sleep(seconds)

    def _count(self) -> None:
        if self._requests == 0:
            raise too_much("it needs more requests than one query has")
        self._requests -= 1

    def _target(self, url: str, response: httpcore.Response) -> str:
        target = urljoin(url, _header(response, "location"))
        if target not in self._allowed.urls:
            detail = f"{url} redirects to {target[:200]}, which is not on the list of endpoints"
            raise RemoteFailed(502, _FAILED, detail)
        return target

    def _wait(self, endpoint: str, response: httpcore.Response, waits: int) -> float:
        """Seconds that it asks to wait; raises RemoteFailed (503) if it does not say, too often, or too long."""
        asked = _retry_after(_header(response, "retry-after"))
        if asked is not None and asked < left(self._deadline) and waits < _MOST_WAITS:
            return asked
        said = "does not say for how long" if asked is None else f"asks to wait {math.ceil(asked)} seconds"
        seconds = min(math.ceil(asked or 1), _LONGEST_WAIT)
        detail = f"{endpoint} answered {response.status} and {said}; ask again later"
        raise RemoteFailed(503, "The other endpoint is busy", detail, headers=(("Retry-After", str(seconds)),))

    def _body(self, endpoint: str, response: httpcore.Response) -> bytes:
        media_type = _header(response, "content-type").partition(";")[0].strip().lower()
        encoding = _header(response, "content-encoding").lower()
        if media_type not in _JSON or encoding not in {"", "identity"}:
            sent = " ".join(part for part in (media_type or "no media type", encoding) if part)[:100]
            detail = f"{endpoint} answered with {sent} where application/sparql-results+json was asked for"
            raise RemoteFailed(502, _FAILED, detail)
        chunks = []
        for chunk in response.iter_stream():
            self._size -= len(chunk)
            if self._size < 0:
                raise too_much(f"{endpoint} answered with more bytes than one query has")
            chunks.append(chunk)
            left(self._deadline)
        return b"".join(chunks)


def _headers(url: str) -> list[tuple[str, str]]:
    return [
        ("Host", urlsplit(url).netloc),
        ("User-Agent", AGENT),
        ("Accept", "application/sparql-results+json"),
        # What is counted is what comes: no small body that unpacks to a large one.
        ("Accept-Encoding", "identity"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ]


def _header(response: httpcore.Response, name: str) -> str:
    found = [value.decode("latin-1") for field, value in response.headers if field.lower() == name.encode()]
    return found[0] if found else ""


def _retry_after(value: str) -> float | None:
    """Seconds from a number or an HTTP date (RFC 9110, section 10.2.3), None where it is neither."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _failed(endpoint: str, response: httpcore.Response) -> RemoteFailed:
    """With the first line of an error in plain text, which says what an endpoint does not like."""
    said = ""
    if _header(response, "content-type").startswith("text/plain"):
        said = f": {_first_line(response.iter_stream())}"
    return RemoteFailed(502, _FAILED, f"{endpoint} answered {response.status}{said}")


def _first_line(chunks: Iterator[bytes]) -> str:
    line = next(iter(chunks), b"").decode("utf-8", "replace").strip().partition("\n")[0][:200]
    return "".join(character for character in line if character.isprintable())
