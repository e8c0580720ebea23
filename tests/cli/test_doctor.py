"""tipkg doctor as people and programs call it: exit codes, and what goes to standard output."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from kg.doctor.table import packaged
from tests.doctor import planted
from tests.serve.conftest import app, store
from tests.tables import rows_of

__all__ = ["app", "store"]

Tipkg = Callable[..., Any]
COUNT = len(packaged().checks)
GONE = f"{COUNT} checks: 0 ok, 3 differ (3 must), {COUNT - 3} not tried\n"


def test_nothing_that_must_differs_is_exit_0(tipkg: Tipkg, app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the protocol only: HTTP itself is not what the server of the standard library here does best."""
    checks = tuple(check for check in packaged().checks if check.group == "protocol")
    table = dataclasses.replace(packaged(), checks=checks)
    monkeypatch.setattr("kg.doctor.table.packaged", lambda: table)
    with planted.serving(app, planted.none) as url:
        done = tipkg("doctor", url, "--total", "2")
    assert done.code == 0
    assert done.err.startswith(f"{len(checks)} checks: ")


def test_something_that_must_is_exit_1_with_what_to_do(tipkg: Tipkg, app: Starlette) -> None:
    with planted.serving(app, planted.answers_once()) as url:
        done = tipkg("doctor", url)
    assert (done.code, done.err) == (1, GONE)
    assert (
        "\nquery_get (must; SPARQL 1.1 Protocol, 2.1.1): a query is sent by GET in the parameter query\n"
        "  expected: status 200; the boolean true\n"
        "  came:     the connection was closed without a whole answer"
    ) in done.out
    assert "  to do:    read the parameter query of the URL\n" in done.out


def test_findings_as_json(tipkg: Tipkg, app: Starlette) -> None:
    with planted.serving(app, planted.answers_once()) as url:
        found = json.loads(tipkg("doctor", url, "--format", "json").out)
    assert (found["url"], found["counts"]) == (url, {"differs": 3, "not tried": COUNT - 3})
    first = found["checks"][0]
    assert (first["state"], first["severity"], first["group"], first["check"]) == (
        *("differs", "must", "protocol", "query_get"),
    )


def test_findings_as_tsv(tipkg: Tipkg, app: Starlette) -> None:
    with planted.serving(app, planted.answers_once()) as url:
        done = tipkg("doctor", url, "--format", "tsv")
    rows = rows_of(done.out)
    assert [row["check"] for row in rows] == [check.id for check in packaged().checks]
    assert rows[0]["mend"] == "read the parameter query of the URL"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("localhost/sparql",), "tipkg: 'localhost/sparql' is no URL: give scheme and host"),
        (("http://127.0.0.1:9/sparql",), "tipkg: http://127.0.0.1:9/sparql is not reached: "),
        (("http://127.0.0.1:9/", "--timeout", "0"), "Invalid value for '--timeout'"),
        (("http://127.0.0.1:9/", "--format", "csv"), "Invalid value for '--format'"),
    ],
)
def test_bad_input_is_exit_2_with_one_message(tipkg: Tipkg, arguments: tuple[str, ...], message: str) -> None:
    done = tipkg("doctor", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
