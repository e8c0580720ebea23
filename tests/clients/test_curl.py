"""curl: the three ways to send a query, compression, a second request that need not be answered, a refusal."""

import csv
from pathlib import Path

import pytest

from tests.clients.conftest import C189, HERE
from tests.clients.programs import run

pytestmark = pytest.mark.needs("curl")

QUERY = HERE / "c189.rq"


@pytest.mark.parametrize(
    "sending",
    [
        ["--get", "--data-urlencode", f"query@{QUERY}"],
        ["--data-urlencode", f"query@{QUERY}"],
        ["--header", "Content-Type: application/sparql-query", "--data-binary", f"@{QUERY}"],
        ["--compressed", "--data-urlencode", f"query@{QUERY}"],
    ],
    ids=["get", "form", "direct", "compressed"],
)
def test_curl_gets_every_row(endpoint: str, sending: list[str]) -> None:
    printed = run("curl", "--silent", "--show-error", "--header", "Accept: text/csv", *sending, endpoint)
    header, *rows = csv.reader(printed.splitlines())
    assert header == ["edition", "iso3", "status", "year"]
    assert [tuple(row) for row in rows] == C189


def test_curl_is_told_that_nothing_has_changed(endpoint: str, tmp_path: Path) -> None:
    asking = ["curl", "--silent", "--get", "--data-urlencode", f"query@{QUERY}", "--output", "answer", endpoint]
    status = ["--write-out", "%{http_code}"]
    assert run(*asking, *status, "--etag-save", "etag", folder=tmp_path) == "200"
    assert run(*asking, *status, "--etag-compare", "etag", folder=tmp_path) == "304"


def test_curl_is_refused_an_update(endpoint: str) -> None:
    sending = ["curl", "--silent", "--output", "-", "--write-out", "\n%{http_code} %{content_type}"]
    printed = run(*sending, "--data-urlencode", "update=DROP ALL", endpoint)
    assert printed.endswith("\n403 application/problem+json")
    assert "read-only" in printed
