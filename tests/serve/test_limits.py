"""The limits on size and shape: far below what ends or blocks the engine (threads of 8 MiB, pyoxigraph 0.5.13)."""

import time
from collections.abc import Callable

import pytest
from pyoxigraph import Store

from kg.serve.guard import inspect
from kg.serve.problem import Problem

Shape = Callable[[int], str]

# name: (the query of that size, the size at which the engine dies or plans for seconds)
SHAPES: dict[str, tuple[Shape, int]] = {
    "nested groups": (lambda n: "ASK " + "{" * n + "}" * n, 2265),
    "parentheses": (lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }", 4687),
    "subqueries": (lambda n: "ASK " + "{SELECT * " * n + "{}" + "}" * n, 300),
    "nested optionals": (lambda n: "ASK {" + "OPTIONAL{" * n + "}" * n + "}", 2968),
    "nested functions": (lambda n: "ASK { FILTER(" + "STR(" * n + "1" + ")" * n + ") }", 1000),
    "nested exists": (lambda n: "ASK {" + "FILTER EXISTS{" * n + "}" * n + "}", 1000),
    "nested lists": (lambda n: "ASK { ?s ?p " + "(" * n + "1" + ")" * n + " }", 200),
    "binds": (lambda n: "ASK {" + "".join(f"BIND(1 AS ?x{i})" for i in range(n)) + "}", 2656),
    "unions": (lambda n: "ASK {{}" + "UNION{}" * n + "}", 6562),
    "conjunctions": (lambda n: "ASK { FILTER(1" + "&&1" * n + ") }", 9375),
    "negations": (lambda n: "ASK { FILTER(" + "!" * n + "1) }", 9375),
    "joined patterns": (lambda n: "ASK { ?s ?p 1" + "; ?p 1" * n + " }", 200),
    "objects": (lambda n: "ASK { ?s ?p 1" + ",1" * n + " }", 200),
    "list members": (lambda n: "ASK { ?s ?p (" + "1 " * n + ") }", 200),
    "groups in a row": (lambda n: "ASK {" + "{?s ?p ?o}" * n + "}", 200),
    "values in a row": (lambda n: "ASK {" + "VALUES ?x {1}" * n + "}", 200),
    "quoted triples": (lambda n: "ASK {" + "<<" * n + "<a> <b> <c>" + ">> <b> <c>" * n + "}", 300),
    "path steps": (lambda n: "ASK { ?s <p>" + "/<p>" * n + " ?o }", 400),
    "path choices": (lambda n: "ASK { ?s <p>" + "|<p>" * n + " ?o }", 400),
    "described": (lambda n: "DESCRIBE " + "<a> " * n, 10_000),
    "listed variables": (lambda n: "SELECT " + "".join(f"?x{i} " for i in range(n)) + "{}", 100_000),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape_is_refused_well_before_it_hurts(name: str) -> None:
    shape, deadly = SHAPES[name]
    with pytest.raises(Problem) as caught:
        inspect(shape(deadly * 2 // 3))
    assert (caught.value.status, caught.value.title) == (400, "The query is too complex")


@pytest.mark.parametrize("name", SHAPES)
def test_shape_of_a_size_that_people_write_passes(name: str) -> None:
    query = SHAPES[name][0](40)
    assert inspect(query).form == query.split()[0]
    assert Store().query(query, base_iri="http://x/") is not None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { VALUES ?x {" + "<http://example.org/> " * 20_000 + "} }",
        "SELECT ?x { VALUES (?x ?y) {" + "(-1.5 'a') " * 20_000 + "} }",
        "SELECT ?x { FILTER(?x IN (1" + ",1" * 10_000 + ")) }",
        "CONSTRUCT {" + "<a> <b> <c> . " * 5000 + "} WHERE {}",
        "SELECT ?x { ?x ?y '" + "{(" * 10_000 + "' }",
        "ASK {} #" + "{" * 10_000,
    ],
)
def test_length_alone_is_no_reason(query: str) -> None:
    assert inspect(query).form == query.split()[0]


@pytest.mark.parametrize("unit", ["a-", "a.", "x:a.........", "<a", "?a<", "\\u0041", "''", '"""', "_:a.", "1 ", "a "])
def test_scan_takes_linear_time(unit: str) -> None:
    query = "PREFIX x: <y> ASK { " + unit * (400_000 // len(unit))
    begin = time.process_time()
    with pytest.raises(Problem):
        inspect(query)
    assert time.process_time() - begin < 5
