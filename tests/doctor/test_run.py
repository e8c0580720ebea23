"""Each planted fault is found, and nothing else: the doctor against a server that breaks one rule."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette

from kg.doctor.run import Finding, Options, examine
from kg.doctor.table import Table, packaged
from kg.doctor.target import target
from tests.doctor import planted
from tests.serve.conftest import app, store

__all__ = ["app", "store"]

SERVICE = {"service", "service-silent", "service-in-exists", "service-is-403"}
RESULTS_BY_ACCEPT = {"select-xml", "select-csv", "select-tsv", "csv-quoted", "ask-xml", "quality-decides"}
RANGES = {"zero-excludes", "most-specific-range", "type-range", "empty-members", "accept-in-capitals"}
GRAPHS_BY_ACCEPT = {"construct-ntriples", "construct-rdfxml", "construct-jsonld", "describe-label"}
FAULTS = [
    (planted.no_cache_headers, "caching", {"etag", "vary-accept", "cache-control"}),
    (planted.etag_of_any_bytes, "caching", {"not-modified", "error-not-stored"}),
    (planted.one_etag_for_all, "caching", {"etag-by-format", "etag-by-query"}),
    (
        planted.errors_with_status_200,
        "errors",
        {
            "bad_query_syntax",
            "error-tells-place",
            "bad_multiple_queries",
            "query-with-update",
            "no-query",
            "empty-query",
        },
    ),
    (
        planted.accept_ignored,
        "formats",
        RESULTS_BY_ACCEPT | RANGES | GRAPHS_BY_ACCEPT | {"nothing-acceptable"},
    ),
    (planted.wrong_label, "formats", {"construct-rdfxml", "describe-label"}),
    (planted.latin_1_csv, "formats", {"select-csv"}),
    (planted.no_head, "methods", {"head", "head-etag"}),
    (planted.no_origins, "methods", {"preflight", "any-origin", "any-origin-error"}),
    (planted.origin_with_credentials, "methods", {"no-credentials"}),
    (planted.replaced_bytes, "decoding", {"not-utf8-in-url", "not-utf8-in-form", "not-utf8-in-body"}),
    (planted.decoded_twice, "decoding", {"decoded-once-in-url", "not-utf8-in-url"}),
    (
        planted.dataset_ignored,
        "datasets",
        {
            *("default-graph-uri", "default-graph-uri-in-form", "default-graph-uri-beside-body"),
            *("named-graph-uri", "overrides-from"),
        },
    ),
    (planted.service_carried_out, "safety", SERVICE),
    (planted.from_fetched, "safety", {"from-fetches-nothing", "default-graph-uri-fetches-nothing"}),
    (planted.markup_repeated, "safety", {"markup-in-an-error"}),
    (planted.header_injected, "safety", {"header-injection"}),
    (planted.another_address, "description", {"names-its-address"}),
    (planted.rows_cut, "protocol", {"rows-whole"}),
    # This server in between compresses nothing.
    (
        planted.no_security_headers,
        "headers",
        {"nosniff", "nosniff-error", "content-security-policy", "no-version", "gzip"},
    ),
]


def of_group(name: str, *ids: str) -> Table:
    checks = tuple(check for check in packaged().checks if check.group == name and (not ids or check.id in ids))
    return Table(packaged().groups, checks)


def examined(url: str, table: Table) -> list[Finding]:
    return examine(target(url), table, Options(seconds=20))


def differing(findings: list[Finding]) -> set[str]:
    return {finding.check.id for finding in findings if finding.state == "differs"}


@pytest.mark.parametrize(("fault", "group", "ids"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_planted_fault_is_found_and_nothing_else(
    app: Starlette, fault: planted.Fault, group: str, ids: set[str]
) -> None:
    with planted.serving(app, fault) as url:
        assert differing(examined(url, of_group(group))) == ids


def test_server_without_a_fault_differs_in_nothing(app: Starlette) -> None:
    others = ("limits", "http", "tipkg")
    checks = tuple(check for check in packaged().checks if check.group not in others and check.id != "gzip")
    table = Table(packaged().groups, checks)
    with planted.serving(app, planted.none) as url:
        assert [(f.check.id, f.came) for f in examined(url, table) if f.state != "ok"] == []


def test_body_after_head_is_found_on_the_connection(app: Starlette) -> None:
    with planted.serving(app, planted.body_after_head) as url:
        assert differing(examined(url, of_group("http", "head-on-a-connection"))) == {"head-on-a-connection"}


def test_server_that_takes_any_body_is_found(app: Starlette) -> None:
    table = of_group("limits", "large-body", "body-over-4-MiB")
    with planted.serving(app, planted.body_without_limit) as url:
        assert differing(examined(url, table)) == {"large-body", "body-over-4-MiB"}


def test_two_lengths_are_found_where_they_are_taken(app: Starlette) -> None:
    with planted.serving(app, planted.two_lengths_taken) as url:
        (finding,) = examined(url, of_group("http", "two-lengths-with-query"))
    assert finding.state == "differs"
    assert finding.expected == "status 400; the connection closed"


def test_checks_are_told_in_the_order_of_the_table(app: Starlette) -> None:
    table, told = of_group("caching"), list[str]()
    with planted.serving(app, planted.none) as url:
        findings = examine(target(url), table, Options(), step=told.append)
    ids = [check.id for check in table.checks]
    assert [finding.check.id for finding in findings] == ids
    assert told == ids


def test_server_that_is_gone_is_not_asked_on(app: Starlette) -> None:
    with planted.serving(app, planted.answers_once()) as url:
        findings = examined(url, packaged())
    states = [finding.state for finding in findings]
    assert states == ["differs"] * 3 + ["not tried"] * (len(states) - 3)
    assert findings[3].came == "the server gave no answer 3 times in a row"


def test_time_for_all_checks_is_bounded(app: Starlette) -> None:
    with planted.serving(app, planted.none) as url:
        findings = examine(target(url), packaged(), Options(total=0))
    reasons = {finding.came for finding in findings if finding.check.group != "tipkg"}
    assert reasons == {"the 0 s for all checks are over"}


@pytest.mark.parametrize(("intrusive", "count"), [(False, 0), (True, 1)])
def test_server_of_another_machine_is_spared_unless_told_otherwise(app: Starlette, intrusive: bool, count: int) -> None:
    table = of_group("safety", "nested-groups", "service")
    with planted.serving(app, planted.none) as url:
        elsewhere = replace(target(url), loopback=False)
        findings = examine(elsewhere, table, Options(intrusive=intrusive))
    assert [finding.state for finding in findings].count("ok") == count
    assert "on another machine" in findings[0].came


def test_server_that_asks_for_fewer_requests_is_left_alone(app: Starlette) -> None:
    with planted.serving(app, planted.too_many) as url:
        (finding,) = examined(url, of_group("protocol", "query_post_direct"))
    assert (finding.state, finding.came) == ("not tried", "the server asks for fewer requests (429)")
