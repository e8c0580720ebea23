"""Shortcuts rest on the statements that state them, and on no other."""

import pytest
from pyoxigraph import NamedNode, Store, Triple

from kg import iris
from kg.ask.grounds import grounds


def shortcut(subject: str, name: str, other: str) -> Triple:
    begin, end = (NamedNode(f"{iris.BASE}id/{path}") for path in (subject, other))
    return Triple(begin, NamedNode(iris.term(name)), end)


def paths(store: Store, triple: Triple) -> list[str]:
    return [node.value.removeprefix(iris.BASE) for node in grounds(store, triple)]


def test_party_rests_on_each_edition_that_gives_a_year_and_not_on_a_dash(store: Store) -> None:
    # Guinea, ILO C189: a dash in 2017, a year in 2018.
    found = paths(store, shortcut("state/GIN", "partyTo", "instrument/ilo-c189"))
    assert found == ["statement/tip-2018/treaty-status/gin-ilo-c189"]


@pytest.mark.parametrize(("one", "other"), [("unhcr", "ilo"), ("ilo", "unhcr")])
def test_symmetric_shortcut_rests_on_the_same_statement_both_ways(store: Store, one: str, other: str) -> None:
    found = paths(store, shortcut(f"organization/{one}", "cooperatesWith", f"organization/{other}"))
    assert found
    assert all(path.startswith("statement/icat-2018/cooperation/unhcr-") for path in found)


def test_what_is_not_derived_rests_on_nothing(store: Store) -> None:
    assert paths(store, shortcut("state/GIN", "partyTo", "instrument/ilo-p029")) == []
    assert paths(store, shortcut("state/GIN", "kind", "instrument/ilo-c189")) == []
