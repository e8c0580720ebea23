"""The whole table against `tipkg serve`."""

import pytest

from kg.doctor.run import Finding, Options, examine
from kg.doctor.table import packaged
from kg.doctor.target import target
from tests.clients.conftest import server

__all__ = ["server"]


@pytest.fixture(scope="module")
def findings(server: str) -> list[Finding]:
    return examine(target(f"{server}/sparql"), packaged(), Options())


def test_our_server_differs_in_nothing(findings: list[Finding]) -> None:
    assert {f.check.id: f.came for f in findings if f.state == "differs"} == {}


def test_every_check_is_tried_on_our_own_server(findings: list[Finding]) -> None:
    assert [finding.check.id for finding in findings] == [check.id for check in packaged().checks]
    assert [(f.check.id, f.came) for f in findings if f.state == "not tried"] == []
