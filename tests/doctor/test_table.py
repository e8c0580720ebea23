"""The table is in its own form, and what is not is refused with the id of the check."""

import re
from collections import Counter

import pytest

from kg.doctor.table import Expect, TableError, packaged, read

VALID = """
[groups]
one = "One"
[[one]]
id = "first"
severity = "must"
standard = "RFC 1"
says = "so it is"
mend = "do so"
request = { query = "ASK {}" }
expect = { boolean = true }
"""


def test_valid_table_is_read() -> None:
    (check,) = read(VALID).checks
    assert (check.group, check.id, check.expect) == ("one", "first", Expect(boolean=True))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('severity = "must"', 'severity = "perhaps"', "one, first: severity is one of must, should, nice"),
        ('mend = "do so"', "", "one, first: .*missing.*'mend'"),
        ("query =", "qeury =", "one, first, request: no such key: qeury; there are accept, at, body"),
        ("boolean", "bolean", "one, first, expect: no such key: bolean"),
        ("request =", 'needs = ["luck"]\nrequest =', "one, first: needs are of intrusive, canary, tipkg, not luck"),
        ('request = { query = "ASK {}" }', "", "one, first: wanted is either request or raw"),
        ("[[one]]", "[[two]]", "groups and checks differ: one, two"),
        ("[[one]]", VALID.partition('One"')[2] + "[[one]]", "two checks of one id: first"),
    ],
)
def test_fault_of_the_table_is_named(old: str, new: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(VALID.replace(old, new, 1))


def test_every_group_of_the_issue_has_checks() -> None:
    counts = Counter(check.group for check in packaged().checks)
    assert list(counts) == [
        *("protocol", "errors", "formats", "caching", "methods", "decoding", "datasets", "limits", "safety"),
        *("description", "headers", "http", "tipkg"),
    ]
    assert min(counts.values()) >= 6


def test_every_check_expects_something() -> None:
    assert [check.id for check in packaged().checks if check.expect == Expect(status=())] == []


def test_no_update_of_the_table_changes_anything() -> None:
    texts = [
        text
        for check in packaged().checks
        for request in (check.request, check.first)
        if request is not None
        for text in (
            str(request.url.get("update", "")),
            str((request.form or {}).get("update", "")),
            request.body or "",
        )
        if request.type == "application/sparql-update"
        or text in (str((request.form or {}).get("update")), "INSERT DATA {}")
    ]
    assert {text for text in texts if text} == {"INSERT DATA {}", "LOAD <$canary>"}


def test_what_may_hurt_is_marked() -> None:
    heavy = re.compile(r"x{1000}")
    for check in packaged().checks:
        request = check.request
        if request is not None and (request.nested or request.clients > 1 or request.padded > 2**20):
            assert "intrusive" in check.needs, check.id
        assert not heavy.search(check.raw)
