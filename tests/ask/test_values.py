"""Parameter values of every type: what they mean, what is refused, and that nothing typed becomes query text."""

from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.ask.names import BadValueError, Candidate
from kg.ask.questions import QuestionError, ask, names, question
from kg.ask.values import XSD, full_iri, resolve

ID = "https://w3id.org/tipkg/id/"
INJECTIONS = (
    'ILO"',
    "ILO'",
    '"""',
    "ILO> } DROP ALL #",
    'ILO" } ; DROP ALL ; SELECT * { ?s ?p "',
    "} UNION { ?s ?p ?o",
    ") } #",
    "# comment",
    "ILO\\u003e } DROP ALL",
    "\\u0022) FILTER(true",
    "?organization",
    "$state_iri",
    "<https://w3id.org/tipkg/id/organization/ilo>",
    "https://w3id.org/tipkg/id/organization/ilo> } DROP ALL #",
    "https://w3id.org/tipkg/id/organization/ilo\\u003E",
    "ilo\nDROP ALL",
    "ILO\x00",
    "\ud800",
    "UNDEF",
    "_:b0",
    '"ILO"@en',
    "2017 . ?s ?p ?o",
    "1e9999",
    "-" * 20,
    "x" * 5_000,
)


def literal(value: str, kind: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("edition", "2017", literal("2017", "integer")),
        ("date", "2017", literal("2017", "gYear")),
        ("date", "2017-06", literal("2017-06", "gYearMonth")),
        ("date", "2016-02-29", literal("2016-02-29", "date")),
        ("number", "-12", literal("-12", "integer")),
        ("number", "0.5", literal("0.5", "decimal")),
        ("text", "UN WOMEN", Literal("UN WOMEN")),
        ("iri", "source/tip-2017", NamedNode("https://w3id.org/tipkg/source/tip-2017")),
        ("state", "Lao PDR", NamedNode(f"{ID}state/LAO")),
        ("instrument", "Palermo Protocol", NamedNode(f"{ID}instrument/palermo-protocol")),
    ],
)
def test_value_means_a_term(store: Store, kind: str, value: str, term: NamedNode | Literal) -> None:
    assert resolve(store, kind, value) == term


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("edition", "17", "an edition is a year, such as 2017, not '17'"),
        ("edition", "２０１７", "an edition is a year, such as 2017, not '２０１７'"),
        ("edition", "2019", "no source is of 2019 (editions: 2017, 2018, 2020)"),
        ("date", "2017-13", "a date is a year, month or day: 2017, 2017-06 or 2017-06-27, not '2017-13'"),
        ("date", "2017-02-29", "a date is a year, month or day: 2017, 2017-06 or 2017-06-27, not '2017-02-29'"),
        ("date", "20170627", "a date is a year, month or day: 2017, 2017-06 or 2017-06-27, not '20170627'"),
        ("number", "1e3", "a number is written with digits, such as 12 or 0.5, not '1e3'"),
        ("number", "", "a number is written with digits, such as 12 or 0.5, not ''"),
        ("text", "a\nb", "'a\\nb' has a control character (U+000A); no text is written so"),
        ("state", "\ud800", "'\\ud800' has a control character (U+D800); no state is written so"),
        ("text", "x" * 1_001, "a value has at most 1000 characters; this text has 1001"),
    ],
)
def test_value_is_refused_with_what_is_allowed(store: Store, kind: str, value: str, message: str) -> None:
    with pytest.raises(BadValueError) as error:
        resolve(store, kind, value)
    assert str(error.value) == message


def test_state_that_the_graph_does_not_have_is_told_with_what_the_search_finds(store: Store) -> None:
    with pytest.raises(BadValueError) as error:
        resolve(store, "state", "TUV", lambda kind, value: [Candidate("Tunisia", f"{ID}state/TUN")])
    assert str(error.value) == "'TUV' is Tuvalu (TUV in ISO 3166-1), and not in this graph (nearest: Tunisia)"


def test_nearest_editions_come_first(store: Store) -> None:
    with pytest.raises(BadValueError) as error:
        resolve(store, "edition", "2021")
    assert error.value.nearest == (Candidate("2020"), Candidate("2018"), Candidate("2017"))


def test_look_up_of_what_is_near_can_be_another(store: Store) -> None:
    def nearest(kind: str, value: str) -> list[Candidate]:
        return [Candidate(f"a {kind} like {value}", "https://example.org/x")]

    assert resolve(store, "organization", "ILO", nearest) == NamedNode(f"{ID}organization/ilo")
    with pytest.raises(BadValueError) as error:
        resolve(store, "organization", "ILOO", nearest)
    assert str(error.value) == "no organization is called 'ILOO' (nearest: a organization like ILOO)"
    assert error.value.nearest == (Candidate("a organization like ILOO", "https://example.org/x"),)


@pytest.mark.parametrize("value", ["source/tip-2017", "/source/tip-2017", "https://w3id.org/tipkg/source/tip-2017"])
def test_iri_may_come_without_its_base(value: str) -> None:
    assert full_iri(value) == NamedNode("https://w3id.org/tipkg/source/tip-2017")


@pytest.mark.parametrize("value", ["two words", "<x>", "https://a b/"])
def test_what_is_no_iri_is_refused(value: str) -> None:
    with pytest.raises(BadValueError, match="is no IRI"):
        full_iri(value)


def one_of_each_type() -> list[tuple[str, str]]:
    """For each type of parameter a question and a parameter that has it."""
    found: dict[str, tuple[str, str]] = {}
    for name in names():
        for parameter in question(name).parameters:
            found.setdefault(parameter.type, (name, parameter.name))
    return sorted(found.values())


@cache
def everything(store: Store, name: str) -> frozenset[tuple[str | int, ...]]:
    return frozenset(ask(store, name, {}).rows)


@pytest.mark.parametrize("value", INJECTIONS, ids=lambda value: ascii(value[:30]))
@pytest.mark.parametrize(("name", "parameter"), one_of_each_type())
def test_query_text_in_a_value_has_no_effect(store: Store, name: str, parameter: str, value: str) -> None:
    before = len(store)
    try:
        rows = ask(store, name, {parameter: value}).rows
    except QuestionError:
        rows = ()
    assert set(rows) < everything(store, name)
    assert len(store) == before


@pytest.mark.parametrize("value", INJECTIONS, ids=lambda value: ascii(value[:30]))
@pytest.mark.parametrize("kind", ["date", "number", "region", "kind"])
def test_query_text_is_no_value_of_a_type_that_no_question_has_yet(store: Store, kind: str, value: str) -> None:
    with pytest.raises(BadValueError):
        resolve(store, kind, value)


def test_quotes_stay_in_a_text(store: Store) -> None:
    value = '"""\\u0022> } # ?x'
    assert resolve(store, "text", value) == Literal(value)
