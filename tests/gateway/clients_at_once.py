"""Plays made-up clients against a running server, many at once, and judges all that comes back."""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.gateway import hard_queries, made_up, mutations
from tests.gateway.conftest import Running
from tests.gateway.made_up import Case, Maker, head
from tests.gateway.strict_http import Parsed, answers

SECONDS = 30.0
# Longer than the server gives a request to come to its end.
QUIET = 3.5
TAG = re.compile(rb"tag-\d+-\d+-[0-9a-f]{10}-end")
SECURITY = {b"x-content-type-options", b"referrer-policy", b"content-security-policy", b"access-control-allow-origin"}
NEVER_TOLD = re.compile(rb'Traceback \(most|File "|site-packages|\.py\b|/(?:home|root|tmp|usr)/|pyo3|panicked')
# A whole request, the last on its connection.
ANSWERED = {"paths", "headers", "hard", "query"}
KINDS = made_up.KINDS | mutations.KINDS | hard_queries.KINDS


@dataclass
class Outcome:
    """What came back, and how it ended: closed, reset, left (by the client) or open still."""

    data: bytes
    end: str


@dataclass
class Bench:
    """One server under all these clients. `lost` counts answers of 500 or broken off, which only `kills` explain."""

    server: Running
    seed: int
    machine: bytes
    issued: set[bytes] = field(default_factory=set)
    kills: int = 0
    lost: int = 0

    def cases(self, count: int) -> Iterator[Case]:
        for number in range(count):
            yield self.case(number)

    def case(self, number: int) -> Case:
        """The same one for the same seed and number."""
        make = Maker(Random(f"{self.seed}-{number}"), number)
        chosen = made_up.kill if number % 200 == 199 else make.random.choices(list(KINDS), list(KINDS.values()))[0]
        case = chosen(make)
        case.tags = make.tags
        self.issued |= set(make.tags)
        return case

    async def run(self, count: int, at_once: int) -> None:
        """Raises AssertionError with the first case that fails, as a line for the file of regressions."""
        cases = self.cases(count)

        async def client() -> None:
            for case in cases:
                await self.try_one(case)

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(client())

    async def try_one(self, case: Case) -> None:
        try:
            self.judge(case, await self.play(case))
            await self.check()
        except (AssertionError, OSError, TimeoutError) as error:
            raise AssertionError(
                f"{error}\nto repeat it, put this line into regressions.jsonl:\n{line(case)}"
            ) from error

    async def play(self, case: Case) -> Outcome:
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self.server.port), SECONDS)
        outcome = Outcome(b"", "open")
        heard = asyncio.Event()
        listening = asyncio.create_task(_listen(reader, outcome, heard))
        try:
            await asyncio.wait_for(self._act(case, writer, heard), SECONDS)
            if outcome.end != "left" and "leave" not in case.steps:
                await _until_quiet(listening, outcome, known=case.expected is not None)
            else:
                outcome.end = "left"
        finally:
            listening.cancel()
            writer.transport.abort()
        return outcome

    async def _act(self, case: Case, writer: asyncio.StreamWriter, heard: asyncio.Event) -> None:
        with contextlib.suppress(ConnectionError):
            for step in case.steps:
                if isinstance(step, bytes):
                    writer.write(step)
                    await writer.drain()
                elif isinstance(step, float):
                    await asyncio.sleep(step)
                elif step == "kill":
                    self._kill()
                elif step == "some":
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(heard.wait(), 1)

    def _kill(self) -> None:
        with contextlib.suppress(OSError, IndexError):
            os.kill(random.choice(self.server.workers()), signal.SIGKILL)
            self.kills += 1

    # What must hold.

    def judge(self, case: Case, outcome: Outcome) -> None:
        if outcome.end == "left":
            return
        heads = [is_head for _, is_head in case.expected] if case.expected is not None else None
        found = answers(outcome.data, heads, head_sent=b"HEAD" in case.sent.upper())
        for parsed in found:
            self._judge_one(case, parsed)
        if case.name in ANSWERED:
            assert found, "no answer"
            assert outcome.end != "open", "the connection was to be closed"
        for parsed in found[:-1]:
            assert parsed.whole, "an answer that is not whole is followed by another"
        if found and not found[-1].whole and outcome.end == "closed":
            assert found[-1].framing == "chunked", "an answer is shorter than its Content-Length"
        if case.expected is not None:
            self._judge_known(case.expected, found)

    def _judge_one(self, case: Case, parsed: Parsed) -> None:
        assert parsed.headers.keys() >= SECURITY, f"{parsed.status} lacks {SECURITY - parsed.headers.keys()}"
        assert b"date" in parsed.headers
        assert b"x-injected" not in parsed.headers
        assert parsed.status in (200, 204, 206, 304) or 300 <= parsed.status < 600, parsed.status
        told = NEVER_TOLD.search(parsed.body) if parsed.status >= 400 else None
        # What the client itself has sent may be repeated to it.
        assert told is None or told[0] in case.sent, f"{parsed.status} tells {told[0]!r}: {parsed.body[:500]!r}"
        assert self.machine not in parsed.body
        if parsed.status == 500:
            assert parsed.body == b"" or b"the process that worked on this request ended" in parsed.body, parsed.body
            self.lost += 1
        for tag in TAG.findall(parsed.body):
            assert tag in case.sent or tag in case.tags or tag not in self.issued, (
                f"an answer to another client: {tag!r}"
            )

    def _judge_known(self, expected: list[tuple[bytes, bool]], found: list[Parsed]) -> None:
        for (tag, is_head), parsed in zip(expected, found, strict=False):
            if parsed.status != 500 and parsed.whole:
                assert parsed.status == 200, f"{parsed.status} for {tag!r}: {parsed.body[:500]!r}"
                assert is_head or set(TAG.findall(parsed.body)) == {tag}, (
                    f"not the answer to {tag!r}: {parsed.body[:500]!r}"
                )
        if len(found) != len(expected) or not found[-1].whole:
            self.lost += 1
        assert self.lost <= self.kills, f"{len(found)} answers to {len(expected)} requests: {found!r:.3000}"

    async def check(self) -> None:
        """Somebody else is served, at once, and with the right answer."""
        number = random.randrange(10**9)
        query = b"/sparql?query=SELECT(%d*7%%20AS%%20%%3Fx)%%7B%%7D" % number
        sent = head("/healthz", last=False) + head(query.decode(), "Accept: text/csv")
        begin = time.monotonic()
        outcome = await self.play(Case("check", [sent], [(b"", False), (b"", False)]))
        alive, result = (*answers(outcome.data, [False, False]), None, None)[:2]
        assert alive is not None, outcome
        assert (alive.status, alive.body) == (200, b"alive\n"), outcome
        if result is None or result.status == 500:
            self.lost += 1
            assert self.lost <= self.kills, outcome
        else:
            assert result.body == b"x\r\n%d\r\n" % (number * 7), outcome
        assert time.monotonic() - begin < SECONDS / 2, "the server hangs"
        assert len(self.server.workers()) <= 64, "the server forks without end"


async def _listen(reader: asyncio.StreamReader, outcome: Outcome, heard: asyncio.Event) -> None:
    try:
        while data := await reader.read(2**18):
            outcome.data += data
            heard.set()
        outcome.end = "closed"
    except OSError:
        outcome.end = "reset"


async def _until_quiet(listening: "asyncio.Task[None]", outcome: Outcome, *, known: bool) -> None:
    size = -1
    while not listening.done() and size != len(outcome.data):
        size = len(outcome.data)
        await asyncio.wait([listening], timeout=SECONDS if known else QUIET)


def line(case: Case) -> str:
    """For the file of regressions."""
    steps = [step.decode("latin-1") if isinstance(step, bytes) else {"do": step} for step in case.steps]
    expected = case.expected and [[tag.decode("latin-1"), is_head] for tag, is_head in case.expected]
    return json.dumps({"name": case.name, "steps": steps, "expected": expected})


def case_of(text: str) -> Case:
    """A line of that file."""
    given = json.loads(text)
    steps = [step.encode("latin-1") if isinstance(step, str) else step["do"] for step in given["steps"]]
    expected = [(tag.encode("latin-1"), is_head) for tag, is_head in given["expected"]] if given["expected"] else None
    return Case(given["name"], steps, expected)
