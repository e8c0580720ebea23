"""SERVICE carried out by ourselves gives the rows of one merged store, and sends nothing but local values."""

import re
from collections import Counter

import pytest
from pyoxigraph import QueryBoolean, QueryTriples, Store

from kg.federate.refused import Refused
from kg.federate.rewrite import blanked
from tests.federate.conftest import PREFIXES, REMOTE, Run, StandIn, loaded


def answers(store: Store, text: str) -> object:
    """Rows with their number; which rows, where they are a sequence, is for ORDER BY."""
    results = store.query(text, base_iri="http://example.org/")
    if isinstance(results, QueryBoolean):
        return bool(results)
    if isinstance(results, QueryTriples):
        return set(results)
    rows = [tuple(map(str, row)) for row in results]
    return rows if "ORDER BY" in text else Counter(rows)


SHAPES = {
    "join after": "SELECT * { ?x ex:match ?item SERVICE <S> { ?item wd:code ?code } }",
    "join before": "SELECT * { SERVICE <S> { ?item wd:code ?code } ?x ex:match ?item }",
    "join between": "SELECT ?x ?code { ?x ex:size ?n . SERVICE <S> { ?item wd:code ?code } ?x ex:match ?item . }",
    "one sees less": "SELECT ?x { ?x ex:match ?item SERVICE <S> { ?item wd:label ?label } }",
    "optional": "SELECT * { ?x a ex:Thing ; ex:match ?item OPTIONAL { SERVICE <S> { ?item wd:label ?label } } }",
    "optional with the link inside": (
        "SELECT * { ?x a ex:Thing OPTIONAL { ?x ex:match ?item . SERVICE <S> { ?item wd:code ?code } } }"
    ),
    "optional with a condition on both": (
        "SELECT * { ?x ex:match ?item ; ex:size ?n OPTIONAL { SERVICE <S> { ?item wd:size ?m } FILTER(?m > ?n) } }"
    ),
    "optional in the block": (
        "SELECT * { ?x ex:match ?item SERVICE <S> { ?item wd:code ?code OPTIONAL { ?item wd:label ?label } } }"
    ),
    "optional before": (
        "SELECT * { ?x a ex:Thing OPTIONAL { ?x ex:code ?code } ?x ex:match ?item SERVICE <S> { ?item wd:code ?code } }"
    ),
    "optional after": (
        "SELECT * { ?x ex:match ?item SERVICE <S> { ?item wd:code ?code } OPTIONAL { ?x ex:code ?code ; ex:size ?n } }"
    ),
    "filter inside": "SELECT * { ?x ex:match ?item SERVICE <S> { ?item wd:code ?code FILTER(?code != 'AA') } }",
    "filter inside on what is outside": (
        "SELECT * { ?x ex:match ?item ; ex:size ?n SERVICE <S> { ?item wd:size ?m FILTER(?m > ?n) } }"
    ),
    "filter outside on the answer": (
        "SELECT * { ?x ex:match ?item SERVICE <S> { ?item wd:code ?code } FILTER(STRLEN(?code) = 2 && ?code > 'AA') }"
    ),
    "filter outside on local values": (
        "SELECT * { FILTER(?n > 1) ?x ex:match ?item ; ex:size ?n SERVICE <S> { ?item wd:code ?code } }"
    ),
    "filter that asks for nothing": (
        "SELECT * { ?x ex:match ?item OPTIONAL { SERVICE <S> { ?item wd:label ?l } } FILTER(!BOUND(?l)) }"
    ),
    "two services of one variable": (
        "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } SERVICE <S> { ?i wd:label ?l } }"
    ),
    "two services in a chain, the later first": (
        "SELECT * { SERVICE <S> { ?part wd:name ?n } SERVICE <S> { ?i wd:part ?part } ?x ex:match ?i }"
    ),
    "the later first, with what is between depending on the earlier": (
        "SELECT * { SERVICE <S> { ?part wd:name ?n } BIND(IF(BOUND(?n), 'AA', 'BB') AS ?c)"
        " SERVICE <S> { ?i wd:part ?part ; wd:code ?c } ?x ex:match ?i }"
    ),
    "service in optional in a chain": (
        "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:part ?p } OPTIONAL { SERVICE <S> { ?i wd:label ?l } } }"
    ),
    "order and limit outside": (
        "SELECT ?x ?code { ?x ex:match ?item SERVICE <S> { ?item wd:code ?code } } ORDER BY DESC(?code) LIMIT 2"
    ),
    "aggregate outside": (
        "SELECT ?p (COUNT(*) AS ?n) { ?x ex:match ?i SERVICE <S> { ?i wd:part ?p } } GROUP BY ?p HAVING(COUNT(*) > 1)"
    ),
    "aggregate in the block": (
        "SELECT * { ?x ex:match ?i SERVICE <S> { SELECT ?i (COUNT(?l) AS ?n) { ?i wd:label ?l } GROUP BY ?i } }"
    ),
    "branch of a union": (
        "SELECT * { ?x a ex:Thing { ?x ex:code ?c } UNION { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } } }"
    ),
    "union in the block": ("SELECT * { ?x ex:match ?i SERVICE <S> { { ?i wd:code ?c } UNION { ?i wd:label ?c } } }"),
    "group of its own": "SELECT * { ?x ex:match ?item { SERVICE <S> { ?item wd:code ?code } } }",
    "group of its own, optional after it": (
        "SELECT * { ?x ex:match ?i { SERVICE <S> { ?i wd:code ?c } OPTIONAL { ?y ex:code ?c } } }"
    ),
    "minus": "SELECT * { ?x a ex:Thing ; ex:match ?item MINUS { SERVICE <S> { ?item wd:label ?l } } }",
    "minus before": ("SELECT * { ?x ex:match ?item MINUS { ?x ex:size 2 } SERVICE <S> { ?item wd:code ?code } }"),
    "bind before": (
        "SELECT * { ?x ex:match ?m BIND(IRI(STR(?m)) AS ?item) SERVICE <S> { ?item wd:code ?code } FILTER(?x != ex:e) }"
    ),
    "bind after": "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } BIND(LCASE(?c) AS ?d) }",
    "values": "SELECT * { VALUES ?item { wd:Q1 wd:Q9 wd:Q7 } SERVICE <S> { ?item wd:code ?code } }",
    "a literal joins": "SELECT * { ?x ex:code ?code SERVICE <S> { ?item wd:code ?code } }",
    "two variables join": "SELECT * { ?x ex:match ?i ; ex:code ?c SERVICE <S> { ?i wd:code ?c ; wd:part ?p } }",
    "sub-select": (
        "SELECT * { ?x a ex:Thing { SELECT ?x (MIN(?c) AS ?m) { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }"
        " GROUP BY ?x } }"
    ),
    "nothing local": "SELECT * { ?x ex:none ?item SERVICE <S> { ?item wd:code ?code } }",
    "optional of nothing local": "SELECT * { ?x a ex:Thing OPTIONAL { ?x ex:none ?i SERVICE <S> { ?i wd:code ?c } } }",
    "ask": "ASK { ?x ex:match ?item SERVICE <S> { ?item wd:code 'CC' } }",
    "construct": "CONSTRUCT { ?x ex:label ?l } { ?x ex:match ?item SERVICE <S> { ?item wd:label ?l } }",
    "a property path": "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:part/wd:name ?n ; wd:code|wd:label ?m } }",
    "blank nodes in the block": (
        "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:part [ wd:name ?n ] . _:b wd:part ?p } }"
    ),
    "keywords in escapes": "SELECT * { ?x ex:match ?i \\u0053ERVICE <S> { ?i wd:code ?c \\u0046ILTER(?c > 'A') } }",
    "comments": "SELECT * { ?x ex:match ?i # SERVICE {\n SERVICE # one\n <S> { # two }\n ?i wd:code ?c # three\n } }",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_are_those_of_one_merged_store(shape: str, run: Run, stand_in: StandIn, local: Store) -> None:
    merged = loaded(REMOTE)
    merged.extend(local)
    whole = blanked(PREFIXES + SHAPES[shape].replace("<S>", f"<{stand_in.url}>"))
    rewritten = run(SHAPES[shape])
    assert answers(local, rewritten.text) == answers(merged, whole)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?c { GRAPH ?g { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } } }",
        "SELECT ?c FROM ex:g { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }",
        "SELECT ?c FROM NAMED ex:g { GRAPH ex:g { ?x ex:match ?i OPTIONAL { SERVICE <S> { ?i wd:code ?c } } } }",
    ],
)
def test_local_values_are_those_of_the_graphs_of_the_query(
    query: str, run: Run, stand_in: StandIn, local: Store
) -> None:
    local.update(f"{PREFIXES} INSERT DATA {{ GRAPH ex:g {{ ex:z ex:match wd:Q9 }} }}")
    assert answers(local, run(query).text) == Counter([('"ZZ"',)])
    assert [sent(text) for text in stand_in.queries] == [{"<http://wd.example/Q9>"}]


def sent(query: str) -> set[str]:
    """The rows of the VALUES block of a request."""
    match = re.search(r"VALUES \([^)]*\) \{ (.*?) \}", query)
    assert match is not None
    return set(re.findall(r"\((.*?)\)", match[1]))


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (
            "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }",
            {"<http://wd.example/Q1>", "<http://wd.example/Q2>", "<http://wd.example/Q3>", "<http://wd.example/Q4>"},
        ),
        (
            "SELECT * { ?x ex:match ?i ; ex:size ?n SERVICE <S> { ?i wd:code ?c } FILTER(?n < 2) }",
            {"<http://wd.example/Q1>"},
        ),
        (
            "SELECT * { ?x ex:match ?i MINUS { ?x ex:code ?any } SERVICE <S> { ?i wd:code ?c } }",
            {"<http://wd.example/Q2>"},
        ),
        (
            "SELECT * { ?x ex:match ?i ; ex:code ?c SERVICE <S> { ?i wd:code ?c } FILTER(?x != ex:a) }",
            {'"CC" <http://wd.example/Q3>', '"CC" <http://wd.example/Q4>'},
        ),
        (
            "SELECT * { ?x a ex:Thing OPTIONAL { ?x ex:match ?i ; ex:code 'AA' SERVICE <S> { ?i wd:code ?c } } }",
            {"<http://wd.example/Q1>"},
        ),
    ],
)
def test_only_bound_local_values_are_sent(query: str, values: set[str], run: Run, stand_in: StandIn) -> None:
    run(query)
    assert [sent(text) for text in stand_in.queries] == [values]


def test_nothing_is_sent_where_nothing_is_local(run: Run, stand_in: StandIn) -> None:
    rewritten = run("SELECT * { ?x ex:none ?i SERVICE <S> { ?i wd:code ?c } }")
    assert stand_in.queries == []
    assert [(receipt.values, receipt.requests) for receipt in rewritten.receipts] == [(0, 0)]


def test_request_holds_the_block_its_prefixes_and_no_comment(run: Run, stand_in: StandIn) -> None:
    run("SELECT ?x ?c { ?x ex:size 1 ; ex:match ?i SERVICE <S> { ?i wd:code ?c } # secret\n }")
    run("BASE <b/> SELECT ?x ?c { ?x ex:size 1 ; ex:match ?i SERVICE <S> { # secret\n?i wd:code ?c ; <a> ?d } }")
    values = "VALUES (?i) { (<http://wd.example/Q1>) }"
    assert stand_in.queries == [
        f"PREFIX wd: <http://wd.example/>\nSELECT ?c ?i WHERE {{ {values} {{ ?i wd:code ?c }} }}",
        "BASE <https://w3id.org/tipkg/b/>\nPREFIX wd: <http://wd.example/>\n"
        f"SELECT ?c ?i WHERE {{ {values} {{\n?i wd:code ?c ; <a> ?d }} }}",
    ]


@pytest.mark.parametrize(("rows", "requests"), [(1, 1), (500, 1), (501, 2), (1200, 3)])
def test_five_hundred_rows_go_into_a_request(rows: int, requests: int, run: Run, local: Store) -> None:
    local.update(
        f"INSERT DATA {{ {' '.join(f'<http://x/{n}> <http://x/m> <http://wd.example/Q{n}> .' for n in range(rows))} }}"
    )
    rewritten = run("SELECT * { ?x <http://x/m> ?i SERVICE <S> { ?i wd:code ?c } }")
    assert [(receipt.values, receipt.requests) for receipt in rewritten.receipts] == [(rows, requests)]


def test_receipt_tells_what_a_service_took(run: Run, stand_in: StandIn) -> None:
    (receipt,) = run("SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }").receipts
    assert (receipt.endpoint, receipt.values, receipt.requests, receipt.rows) == (stand_in.url, 4, 1, 3)
    assert receipt.size > 100
    assert receipt.seconds > 0
    assert (receipt.cache_age, receipt.failed) == (None, None)


@pytest.mark.parametrize(
    ("budget", "detail"),
    [
        ({"rows": 2}, "answered with more rows than the 2"),
        ({"values": 3}, "the local part gives more than 3 rows to ask about"),
        ({"requests": 0}, "the local part gives more than 0 rows to ask about"),
        ({"size": 300}, "answered with more bytes"),
    ],
)
def test_budget_is_kept(budget: dict[str, int], detail: str, run: Run) -> None:
    with pytest.raises(Refused, match=detail) as caught:
        run("SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }", **budget)
    assert caught.value.status == 400


def test_rows_are_counted_over_all_services(run: Run) -> None:
    with pytest.raises(Refused, match="more rows than the 1 "):
        run("SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } SERVICE <S> { ?i wd:label ?l } }", rows=4)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        (
            "SELECT * { SERVICE <S> { ?i wd:code ?c } }",
            "no pattern beside it shares a variable with it, so it would ask for everything: bind one before, for"
            " example: VALUES ?c { <http://example.org/> } SERVICE <S> { ?i wd:code ?c }",
        ),
        ("ASK { ?x ?y ?z SERVICE <S> { wd:Q1 wd:code 'AA' } }", "it has no variable, so no local value can be sent"),
        (
            "SELECT * { ?x a ex:Thing OPTIONAL { ?x ex:match ?i } SERVICE <S> { ?i wd:code ?c } }",
            "?i has no value in some local rows: bind it before, outside of OPTIONAL, for example: VALUES ?i",
        ),
        (
            "SELECT * { ?x ex:match ?i SERVICE <S> { ?j wd:code ?c OPTIONAL { ?i wd:label ?l } } }",
            "?i is not bound by each of its solutions: take the pattern with it out of OPTIONAL",
        ),
        (
            "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c SERVICE <S> { ?i wd:label ?l } } }",
            "one SERVICE stands inside of another; call both from here, for example: SERVICE <S> { ?i wd:code ?c }"
            " SERVICE <S> { ?i wd:label ?l }",
        ),
        (
            "SELECT * { ?x ex:match ?i FILTER NOT EXISTS { SERVICE <S> { ?i wd:code ?c } } }",
            "it stands in EXISTS; write it as MINUS, for example: MINUS { SERVICE <S> { ?i wd:code ?c } }",
        ),
        (
            "SELECT * { ?x ex:match ?i FILTER EXISTS { SERVICE <S> { ?i wd:code ?c } } }",
            "it stands in EXISTS; write it as a pattern, and SELECT DISTINCT, for example: {",
        ),
        ("SELECT * { ?x ex:match ?i BIND(EXISTS { SERVICE <S> { ?i wd:code ?c } } AS ?e) }", "it stands in BIND"),
        (
            "SELECT * { ?x ex:match ?i } ORDER BY EXISTS { SERVICE <S> { ?i wd:code ?c } }",
            "it stands in EXISTS outside of WHERE; put it into WHERE as a pattern",
        ),
        (
            "SELECT * { ?x ex:match ?i . _:b ex:size ?n SERVICE <S> { ?i wd:part _:b } }",
            "the blank node _:b stands both inside and outside of it; use a variable in both places, for example:"
            " SERVICE <S> { ?i wd:part ?b }",
        ),
        (
            "SELECT * { ?x ex:match ?i OPTIONAL { ?x ex:code ?d OPTIONAL { SERVICE <S> { ?i wd:code ?c } } } }",
            "no pattern beside it shares a variable with it",
        ),
        (
            "SELECT * { ?x ex:match ?i { SELECT ?c { SERVICE <S> { ?i wd:code ?c } } } }",
            "no pattern beside it shares a variable with it",
        ),
    ],
)
def test_form_that_cannot_be_done_is_refused_with_the_reason(
    query: str, detail: str, run: Run, stand_in: StandIn
) -> None:
    with pytest.raises(Refused) as caught:
        run(query)
    assert caught.value.status == 400
    assert caught.value.detail.startswith(detail.replace("<S>", f"<{stand_in.url}>"))
    assert caught.value.line == 3
    assert stand_in.queries == []


def test_blank_node_in_an_answer_is_refused(run: Run, local: Store) -> None:
    local.update("INSERT DATA { <http://x/a> <http://x/m> <http://wd.example/U1> }")
    with pytest.raises(
        Refused, match=r"a blank node for \?b, which cannot be carried over; add FILTER\(!isBlank\(\?b\)\)"
    ):
        run("SELECT * { ?x <http://x/m> ?i SERVICE <S> { ?i wd:unknown ?b } }")
    assert len(run("SELECT ?x { ?x <http://x/m> ?i SERVICE <S> { ?i wd:unknown ?b } }").receipts) == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code } }",
        "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } } ORDER",
        "SELECT * { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } BIND(1 AS ?x) }",
    ],
)
def test_error_of_syntax_is_found_before_anything_is_sent(query: str, run: Run, stand_in: StandIn) -> None:
    with pytest.raises(SyntaxError):
        run(query)
    assert stand_in.queries == []


def test_blanked_query_has_each_sign_where_it_was() -> None:
    assert blanked("ASK { SERVICE #x\n SILENT <http://x/> { ?a ?b ?c } }") == (
        "ASK {           \n                    { ?a ?b ?c } }"
    )
