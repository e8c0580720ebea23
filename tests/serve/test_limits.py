"""The limits on size and shape: below what ends or blocks the engine (a stack of 8 MiB, pyoxigraph 0.5.13)."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.serve import complexity
from kg.serve.guard import inspect, inspect_fully
from kg.serve.problem import Problem

PLAN = """
import json, sys, time
from pyoxigraph import Store
for name, query in json.load(sys.stdin).items():
    begin = time.process_time()
    Store().query(query, base_iri="http://x/")
    print(name, time.process_time() - begin, sep="\\t", flush=True)
"""
Shape = Callable[[int], str]

# name: (the query of that size, the size at which the engine dies or plans for seconds)
SHAPES: dict[str, tuple[Shape, int]] = {
    "nested groups": (lambda n: "ASK " + "{" * n + "}" * n, 2265),
    "parentheses": (lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }", 4687),
    "subqueries": (lambda n: "ASK " + "{SELECT * " * (n // 4) + "{}" + "}" * (n // 4), 300),
    "aggregates": (lambda n: "ASK " + "{SELECT (COUNT(*) AS ?n) {" * (n // 4) + "?s ?p ?o" + "}}" * (n // 4), 100),
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
    "annotations": (lambda n: "ASK { ?s ?p ?o" + " {| ?p ?o |}" * n + "}", 75),
    "nested annotations": (lambda n: "ASK { ?s ?p ?o" + " {| ?p ?o" * n + " |}" * n + "}", 75),
    "optionals": (lambda n: "ASK { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o . } " * n + "}", 90),
    "regexes": (lambda n: "ASK { FILTER(" + "REGEX(?x, '(\\\\pL{30}){30}') || " * n + "1) }", 150),
    "a long regex": (lambda n: "ASK { FILTER(REGEX(?x, '" + "(a|b)*" * n + "')) }", 200_000),
    "variables compared": (lambda n: "ASK { FILTER(1 IN (1" + "".join(f",?x{i}" for i in range(n)) + ")) }", 10_000),
    "columns": (lambda n: "ASK { VALUES (" + "".join(f"?x{i} " for i in range(n)) + ") {} }", 10_000),
    "values": (lambda n: "ASK { VALUES ?x {" + "1 " * n + "} }", 700_000),
    "rows": (lambda n: "ASK { VALUES () {" + "()" * n + "} }", 700_000),
    "prefixes": (lambda n: "PREFIX x:<y> " * n + "ASK {}", 15_000),
    "described": (lambda n: "DESCRIBE " + "<a> " * n, 10_000),
    "listed variables": (lambda n: "SELECT " + "".join(f"?x{i} " for i in range(n)) + "{}", 100_000),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape_is_refused_well_before_it_hurts(name: str) -> None:
    shape, deadly = SHAPES[name]
    with pytest.raises(Problem) as caught:
        inspect(shape(deadly * 2 // 3))
    assert (caught.value.status, caught.value.title) == (400, "The query is too complex")


def edge(shape: Shape, refused: int) -> str:
    """Nearly the largest query of the shape that is let pass."""
    passed = 30
    while refused - passed > max(1, passed // 20):
        middle = (passed + refused) // 2
        try:
            inspect(shape(middle))
            passed = middle
        except Problem:
            refused = middle
    return shape(passed)


def test_what_is_let_pass_is_planned_soon() -> None:
    """On the main thread of a process, whose stack has 8 MiB. A second is meant, ten are a limit against hanging."""
    queries = {name: edge(shape, deadly * 2 // 3) for name, (shape, deadly) in SHAPES.items()}
    done = subprocess.run([sys.executable, "-c", PLAN], input=json.dumps(queries), capture_output=True, text=True)
    seconds = dict(line.split("\t") for line in done.stdout.splitlines())
    assert (done.returncode, list(seconds)) == (0, list(queries)), done.stderr
    assert [name for name, taken in seconds.items() if float(taken) > 10] == []


@pytest.mark.parametrize("name", SHAPES)
def test_shape_of_a_size_that_people_write_passes(name: str) -> None:
    query = SHAPES[name][0](30)
    assert inspect(query).form in query.split()
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
        inspect_fully(query)
    assert time.process_time() - begin < 5


def test_limits_are_documented() -> None:
    """The messages of the guard and the table of the page have the same words and numbers."""
    source = Path(complexity.__file__).read_text("utf-8")
    told = re.findall(r'f"\{([A-Z_]+)\} ([A-Za-z, ]+)"', source)
    page = (Path(__file__).parents[2] / "docs/protocol.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+) \| (\d+) \|$", page.partition("### Limits")[2].partition("\n## ")[0], re.MULTILINE)
    assert rows == [(what, str(getattr(complexity, name))) for name, what in told]
