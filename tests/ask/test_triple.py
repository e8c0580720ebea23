"""Triples as people type them."""

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.ask.names import BadValueError
from kg.ask.triple import TYPE, read_triple

BASE = "https://w3id.org/tipkg/"
ILO, UNHCR = NamedNode(f"{BASE}id/organization/ilo"), NamedNode(f"{BASE}id/organization/unhcr")
WORKS_WITH = NamedNode(f"{BASE}ontology#cooperatesWith")
CELL = "statement/tip-2017/treaty-status/gin-ilo-c189"
PREFIXES = {"tip": f"{BASE}ontology#", "organization": f"{BASE}id/organization/", "rdf": TYPE.value[:-4]}


@pytest.mark.parametrize("subject", ["UNHCR", "unhcr", UNHCR.value, "id/organization/unhcr", "organization:unhcr"])
@pytest.mark.parametrize("predicate", ["tip:cooperatesWith", "cooperatesWith", "cooperates with", WORKS_WITH.value])
def test_a_triple_is_read_from_whatever_its_terms_are_called(store: Store, subject: str, predicate: str) -> None:
    asked = (subject, predicate, "International Labour Organization")
    assert read_triple(store, PREFIXES, asked) == Triple(UNHCR, WORKS_WITH, ILO)


@pytest.mark.parametrize("predicate", ["a", "rdf:type", TYPE.value])
@pytest.mark.parametrize("value", ["tip:Actor", "actor", "Actor", f"{BASE}ontology#Actor"])
def test_the_object_of_a_type_is_a_class(store: Store, predicate: str, value: str) -> None:
    assert read_triple(store, PREFIXES, ("ILO", predicate, value)) == Triple(
        ILO, TYPE, NamedNode(PREFIXES["tip"] + "Actor")
    )


def test_of_values_of_one_name_the_one_that_holds_is_meant(store: Store) -> None:
    # Two closed lists have a value "empty"; the row of the Khartoum Process has no focal point in 2018.
    cell = "statement/tip-2018/focal-point/khartoum-process-empty"
    found = read_triple(store, PREFIXES, (cell, "status", "empty"))
    assert found.object == NamedNode(f"{BASE}vocab/focal-point-status/empty")


def test_a_literal_is_meant_where_the_subject_has_it(store: Store) -> None:
    found = read_triple(store, PREFIXES, (CELL, "printed", "—"))
    assert found.object == Literal("—")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            ("UNHXR", "cooperatesWith", "ILO"),
            "no thing is called 'UNHXR' .nearest: Office of the United Nations High Com",
        ),
        (("UNHCR", "cooperateWith", "ILO"), "no property is called 'cooperateWith' .nearest: cooperatesWith, "),
        (("UNHCR", "tip:cooperateWith", "ILO"), "ontology#cooperateWith .nearest: .*ontology#cooperatesWith, "),
        (("organization:unhcs", "cooperatesWith", "ILO"), "nothing in this graph .*unhcs .nearest: .*/unhcr, "),
        (
            ("UNHCR", "cooperatesWith", "http://example.org/x"),
            "nothing in this graph has the IRI http://example.org/x$",
        ),
        (("UNHCR", "a", "Actr"), "no class is called 'Actr' .nearest: Actor, "),
        (("UNHCR", "cooperatesWith", "id/a b"), "'https://w3id.org/tipkg/id/a b' is no IRI"),
        ((CELL, "status", "empty"), "'empty' names several: .*figure-status/empty, .*give the IRI"),
    ],
)
def test_what_names_nothing_or_several_is_refused(store: Store, asked: tuple[str, str, str], message: str) -> None:
    with pytest.raises(BadValueError, match=message):
        read_triple(store, PREFIXES, asked)
