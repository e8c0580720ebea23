"""The examination: each check in turn, one request at a time, each with what was expected and what came."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, NamedTuple

from kg import iris
from kg.doctor import wire
from kg.doctor.answer import Answer, Came, summary, triples
from kg.doctor.attempt import NotTried, attempt, expected
from kg.doctor.canary import Canary
from kg.doctor.client import Client
from kg.doctor.expect import in_words, judge
from kg.doctor.reach import ASK, reach
from kg.doctor.request import Sent, filled, sent
from kg.doctor.table import Check, Request, Table
from kg.doctor.target import Target

State = Literal["ok", "differs", "not tried"]

# What half a request may wait for before it counts as held without end.
_SECONDS_FOR_HALF: Final = 20.0
_SECONDS_TO_RECOVER: Final = 10.0
# A server that answers none of so many in a row is not asked on.
_MOST_SILENT: Final = 3
_MOST_PAUSE: Final = 10.0
_LONG: Final = 300_000


class Finding(NamedTuple):
    """`came` is what differs, or why it was not tried; `got` is the answer in one line."""

    check: Check
    state: State
    expected: str
    came: str
    got: str


@dataclass(frozen=True)
class Options:
    """`seconds` is the limit of a request, `total` that of the whole examination."""

    seconds: float = 10.0
    total: float = 300.0
    intrusive: bool = False


def examine(
    target: Target, table: Table, options: Options, *, step: Callable[[str], None] = lambda _: None
) -> list[Finding]:
    """In the order of the table. `step` is told the name of each check when it is done. Raises DoctorError where no
    SPARQL endpoint answers."""
    with closing(Client(options.seconds, secure=target.secure)) as client, closing(Canary()) as canary:
        reach(client, target)
        doctor = _Doctor(target, options, client, canary)
        gentle = [check for check in table.checks if not check.half and "intrusive" not in check.needs]
        halves = [check for check in table.checks if check.half]
        hard = [check for check in table.checks if "intrusive" in check.needs]
        found = [doctor.finding(check, step) for check in gentle]
        # Side by side, since each waits, and late, since a server of one thread answers nobody else meanwhile.
        with ThreadPoolExecutor(max(len(halves), 1)) as pool:
            found += pool.map(lambda check: doctor.finding(check, step), halves)
        # Last, since what ends the server hides all that comes after it.
        found += [doctor.finding(check, step) for check in hard]
    places = {check.id: place for place, check in enumerate(table.checks)}
    return sorted(found, key=lambda finding: places[finding.check.id])


class _Doctor:
    def __init__(self, target: Target, options: Options, client: Client, canary: Canary) -> None:
        self._target = target
        self._options = options
        self._client = client
        self._canary = canary
        self._deadline = time.monotonic() + options.total
        self._silent = 0
        self._ended_by = ""
        self._ours = _is_ours(client, target)
        self._values = {"url": target.url, "host": target.authority, "path": target.path, "long": "x" * _LONG}
        self._values |= canary.values

    def finding(self, check: Check, step: Callable[[str], None]) -> Finding:
        expect = expected(check, self._values)
        words = in_words(expect)
        try:
            self._refuse(check)
            came, first = self._tried(check)
        except NotTried as reason:
            step(check.id)
            return Finding(check, "not tried", words, str(reason), "")
        self._silent = 0 if came.answers or came.closed else self._silent + 1
        differences = judge(expect, came, first)
        step(check.id)
        return Finding(check, "differs" if differences else "ok", words, "; ".join(differences), summary(came))

    def _refuse(self, check: Check) -> None:
        """Raises NotTried for what this endpoint is not asked."""
        if "canary" in check.needs and not self._target.loopback:
            raise NotTried("the server is on another machine, from where the listener of this check is not reached")
        if "intrusive" in check.needs and not (self._target.loopback or self._options.intrusive):
            raise NotTried("it may hurt a server that is not prepared: --intrusive, if the server is yours")
        if "tipkg" in check.needs and not self._ours:
            raise NotTried("the service description is not that of this project's server")
        if time.monotonic() > self._deadline:
            raise NotTried(f"the {self._options.total:g} s for all checks are over")
        if self._ended_by:
            raise NotTried(f"the server has not answered since {self._ended_by}")
        if self._silent >= _MOST_SILENT:
            raise NotTried(f"the server gave no answer {_MOST_SILENT} times in a row")

    def _tried(self, check: Check) -> tuple[Came, Answer | None]:
        if check.raw:
            seconds = _SECONDS_FOR_HALF if check.half else self._options.seconds
            text = filled(check.raw, self._values)
            return wire.exchange(self._target, text, seconds=seconds, once=check.wait), None
        self._canary.touched()
        came, first = attempt(check, self._target, partial(self._asked, check), self._values)
        if came.answers and came.answers[0].status == 429:
            raise NotTried("the server asks for fewer requests (429)")
        if check.expect.untouched:
            came = replace(came, touched=self._canary.touched())
        if check.expect.alive:
            came = replace(came, alive=self._is_alive())
            self._ended_by = "" if came.alive else check.id
        return came, first

    def _asked(self, check: Check, request: Sent) -> Came:
        assert check.request is not None
        if check.request.clients > 1:
            return self._client.ask_at_once(request, check.request.clients)
        if check.expect.meanwhile:
            return self._meanwhile(request)
        came = self._client.ask(request)
        if came.answers and came.answers[0].status == 429:
            time.sleep(_pause(came.answers[0]))
            came = self._client.ask(request)
        return came

    def _meanwhile(self, request: Sent) -> Came:
        """The request, and whether another client is served while it is under way."""
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self._client.ask, request)
            time.sleep(0.3)
            other = self._client.ask(sent(ASK, self._target, {}), seconds=5)
            return replace(asked.result(), meanwhile=bool(other.answers))

    def _is_alive(self) -> bool:
        end = time.monotonic() + _SECONDS_TO_RECOVER
        while time.monotonic() < end:
            if self._client.ask(sent(ASK, self._target, {}), seconds=5).answers:
                return True
            time.sleep(0.5)
        return False


def _pause(answer: Answer) -> float:
    """What Retry-After says, within reason."""
    given = answer.header("retry-after") or ""
    return min(float(given), _MOST_PAUSE) if given.isdecimal() else 1.0


def _is_ours(client: Client, target: Target) -> bool:
    """Whether the service description names a graph under this project's base."""
    came = client.ask(sent(Request(accept="text/turtle"), target, {}))
    try:
        terms = [term for answer in came.answers for triple in triples(answer) for term in triple]
    except ValueError:
        return False
    return any(getattr(term, "value", "").startswith(iris.BASE) for term in terms)
