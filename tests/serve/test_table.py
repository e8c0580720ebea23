"""The conformance table (kg/doctor/checks.toml) in process: what `tipkg doctor` tries over HTTP holds here too."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from kg.doctor.answer import Answer, Came
from kg.doctor.attempt import attempt, expected
from kg.doctor.canary import Canary
from kg.doctor.expect import judge
from kg.doctor.request import Sent
from kg.doctor.table import Check, Request, packaged
from kg.doctor.target import Target
from tests.serve.conftest import Ask

TARGET = Target(
    url="http://testserver/sparql",
    secure=False,
    host="testserver",
    port=80,
    authority="testserver",
    path="/sparql",
    loopback=True,
)


def is_of_the_server(request: Request | None) -> bool:
    """Whether only what stands around the application can meet it: tests/doctor/test_served.py asks that."""
    return request is None or request.chunked or request.clients > 1 or request.padded_head > 0


CHECKS = [
    check
    for check in packaged().checks
    if not is_of_the_server(check.request) and not check.expect.meanwhile and "tipkg" not in check.needs
]


@pytest.fixture
def canary() -> Iterator[Canary]:
    with closing(Canary()) as canary:
        yield canary


def in_process(ask: Ask, sent: Sent) -> Came:
    arguments = {"content": sent.content} if sent.content else {}
    headers = {name.title(): value for name, value in sent.headers}
    response: httpx.Response = ask(sent.method, sent.url, headers=headers, **arguments)
    told = tuple((name.lower(), value) for name, value in response.headers.multi_items())
    return Came((Answer(response.status_code, told, response.content),))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_application_meets_the_check(ask: Ask, canary: Canary, check: Check) -> None:
    values = {"url": TARGET.url, **canary.values}
    came, first = attempt(check, TARGET, lambda sent: in_process(ask, sent), values)
    assert judge(expected(check, values), came, first) == []
    assert not canary.touched()


def test_most_of_the_table_is_tried_in_process() -> None:
    assert len(CHECKS) >= 110
