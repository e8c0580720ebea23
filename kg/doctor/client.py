"""Requests over HTTP by httpx: each within its time, none redirected, none through a proxy of the environment."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx

from kg import __version__
from kg.doctor.answer import Answer, Came
from kg.doctor.request import Sent

USER_AGENT: Final = f"tipkg-doctor/{__version__} (+https://w3id.org/tipkg/)"
_LARGEST: Final = 64 * 1024 * 1024
_PIECE: Final = 64 * 1024


class Client:
    """One a run. `seconds` is what a request may take, with its answer; certificates are read only where `secure`."""

    def __init__(self, seconds: float, *, secure: bool) -> None:
        self._seconds = seconds
        # A connection each: what a server does wrong on one must not spoil the next answer.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.Client(
            timeout=seconds, limits=limits, verify=secure, trust_env=False, headers={"User-Agent": USER_AGENT}
        )

    def close(self) -> None:
        self._http.close()

    def ask(self, request: Sent, *, seconds: float | None = None) -> Came:
        """Never raises for what a server does; `failure` says why no answer came."""
        most = self._seconds if seconds is None else seconds
        began = time.monotonic()
        try:
            answer = self._answer(request, began + most, most)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Came(failure=_reason(error, most), seconds=time.monotonic() - began)
        return Came((answer,), seconds=time.monotonic() - began)

    def ask_at_once(self, request: Sent, clients: int) -> Came:
        """The same from so many clients: each different answer once, or the first failure."""
        with ThreadPoolExecutor(clients) as pool:
            came = list(pool.map(lambda _: self.ask(request), range(clients)))
        seconds = max(one.seconds for one in came)
        failures = [one.failure for one in came if one.failure]
        if failures:
            return Came(failure=f"{len(failures)} of {clients} clients got no answer: {failures[0]}", seconds=seconds)
        return Came(tuple(dict.fromkeys(one.answers[0] for one in came)), seconds=seconds)

    def _answer(self, request: Sent, deadline: float, seconds: float) -> Answer:
        content = _pieces(request.content) if request.chunked else request.content
        arguments = {"content": content} if request.content else {}
        # What an ETag repeats may be of any bytes.
        headers = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in request.headers]
        with self._http.stream(request.method, request.url, headers=headers, timeout=seconds, **arguments) as response:  # type: ignore[arg-type]
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("no end of the answer")
                if len(body) > _LARGEST:
                    raise httpx.ReadError(f"the answer is over {_LARGEST} bytes")
            return Answer(response.status_code, _headers(response), bytes(body))


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


def _headers(response: httpx.Response) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in response.headers.multi_items())


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {seconds:g} s"
    if isinstance(error, httpx.TimeoutException):
        return f"no whole answer within {seconds:g} s"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError):
        return f"the connection was closed without a whole answer ({error or type(error).__name__})"
    if isinstance(error, httpx.DecodingError):
        return f"the body is not in the coding that its label says ({error})"
    return f"{error or type(error).__name__}"
