"""SERVICE as the endpoint carries it out: failures are problems, and no part of the text reaches the engine with it."""

import random

import pytest
from pyoxigraph import Store

from kg.federate.allowed import Allowed, Budget
from kg.federate.answers import Answer
from kg.federate.refused import Refused
from kg.federate.rewrite import federated as carried_out
from kg.serve.federation import federated
from kg.serve.guard import inspect
from kg.serve.problem import Problem

# The engine refuses port 1 before it connects, by an OSError.
DEAD = "http://127.0.0.1:1/"
KNOWS = "SELECT * { ?x <http://example.org/knows> ?y "


def problem(store: Store, text: str) -> Problem:
    with pytest.raises(Problem) as caught:
        federated(text, store.query, Allowed((DEAD,)), Budget(seconds=5))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"{KNOWS} SERVICE <{DEAD}> {{ ?y ?p ?o }} }}", 502),
        (f"{KNOWS} SERVICE <http://x/> {{ ?y ?p ?o }} }}", 403),
        (f"{KNOWS} SERVICE <{DEAD}> {{ ?z ?p ?o }} }}", 400),
    ],
)
def test_failure_is_a_problem(text: str, status: int, store: Store) -> None:
    assert problem(store, text).status == status


def test_error_of_syntax_has_its_place_and_calls_nobody(store: Store) -> None:
    """To find the wrong word the beginning of the query is tried: here a complete one, with SERVICE."""
    found = problem(store, f"ASK {{\n SERVICE <{DEAD}> {{ ?x ?y ?z }} }} WHERE {{")
    assert found.status == 400
    found = problem(store, f"ASK {{\n SERVICE <{DEAD}> {{ ?x ?y ?z }} }} WHERE")
    assert (found.status, found.line, found.detail) == (400, 2, "WHERE is not expected here")


def test_silent_failure_leaves_a_query_without_service(store: Store) -> None:
    text = f"{KNOWS} SERVICE SILENT <{DEAD}> {{ ?y ?p ?o }} }}"
    rewritten = federated(text, store.query, Allowed((DEAD,)), Budget(seconds=5))  # type: ignore[arg-type]
    assert rewritten.text == f"{KNOWS} {{}} }}"
    assert rewritten.receipts[0].failed is not None


CARRIED_OUT = [
    f"ASK {{ VALUES ?x {{ <http://x/> }} SERVICE <{DEAD}> {{ ?x ?y ?z }} }}",
    f"ASK {{ VALUES ?x {{ <http://x/> }} OPTIONAL {{ SERVICE SILENT <{DEAD}> {{ ?x ?y '}}' }} }} }}",
    f"PREFIX ex: <{DEAD}> ASK {{ BIND(ex: AS ?x) GRAPH ex:g {{ ?x ?p ?o }} SERVICE ex: {{ ?x ?y 1 }} FILTER(1 < 2) }}",
    f"SELECT * {{ {{ BIND(1 AS ?x) service<{DEAD}>{{ ?y <p> ?x # }}\n }} }} UNION {{ ?x ?y ?z MINUS {{ ?x ?y 2 }}}}}}",
]
PIECES = [
    *"'\"#\n<>{}().;:?* ",
    *("ex:", "SERVICE", "SERVICEex:", "GRAPH", "OPTIONAL", "SELECT", "\\u0053", "EXISTS", "'''"),
]


def ask_nobody(endpoint: str, query: str, most: int) -> Answer:
    return Answer(("x",), [], 0)


def test_no_mutation_of_a_call_reaches_the_engine() -> None:
    """Seeded; 60,000 others were tried when the executor was written. The engine would raise OSError."""
    chance = random.Random(7)
    allowed, done = Allowed((DEAD,)), 0
    for _ in range(3000):
        query = chance.choice(CARRIED_OUT)
        for _ in range(chance.randint(1, 3)):
            cut = chance.randrange(len(query))
            query = query[:cut] + chance.choice(PIECES) + query[cut + chance.randint(0, 2) :]
        try:
            if inspect(query, allowed).services:
                text = carried_out(query, Store().query, ask_nobody, allowed=allowed, budget=Budget()).text
                Store().query(text, base_iri="http://x/")
                done += 1
        except (Refused, SyntaxError):
            continue
    assert done > 50
