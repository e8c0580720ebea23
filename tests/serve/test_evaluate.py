"""What is added to the engine: merged datasets, the order of SELECT *, errors with a place."""

import io

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.graph.store import merged_alone
from kg.serve.evaluate import Engine, Question, Table, may_name_graphs
from kg.serve.guard import inspect
from kg.serve.negotiate import CSV, JSON, N_TRIPLES, TSV, Format
from kg.serve.problem import Problem
from kg.serve.protocol import Dataset
from tests.serve.conftest import EX, ex

COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
FIRST, SECOND = EX + "first", EX + "second"


def question(text: str, dataset: Dataset | None = None) -> Question:
    return Question(text, inspect(text), dataset)


def written(store: Store, text: str, wanted: Format, dataset: Dataset | None = None) -> bytes:
    output = io.BytesIO()
    Engine(store, dict, merged_alone(store)).serialize(question(text, dataset), wanted, output)
    return output.getvalue()


def refusal(store: Store, text: str, wanted: Format = JSON) -> Problem:
    with pytest.raises(Problem) as caught:
        written(store, text, wanted)
    return caught.value


def test_default_graph_is_the_stores_own(store: Store) -> None:
    assert written(store, COUNT.format(""), CSV) == b"n\r\n3\r\n"


@pytest.mark.parametrize(
    ("clauses", "count"),
    [
        (f"FROM <{FIRST}>", 1),
        (f"FROM <{FIRST}> FROM <{SECOND}>", 2),
        (f"FROM <{SECOND}> FROM <{SECOND}>", 2),
        (f"FROM <{FIRST}> FROM <{SECOND}> FROM NAMED <{FIRST}>", 2),
        (f"FROM NAMED <{FIRST}>", 0),
        (f"FROM <{EX}nowhere>", 0),
    ],
)
def test_from_counts_a_triple_once(store: Store, clauses: str, count: int) -> None:
    assert written(store, COUNT.format(clauses), CSV) == f"n\r\n{count}\r\n".encode()


@pytest.mark.parametrize("word", ["GRAPH", "graph", "gRaPh"])
def test_named_graphs_are_there_however_graph_is_spelled(store: Store, word: str) -> None:
    text = f"SELECT (COUNT(DISTINCT ?g) AS ?n) {{ {word} ?g {{ ?s ?p ?o }} }}"
    assert may_name_graphs(text)
    assert written(store, text, CSV) == b"n\r\n2\r\n"


@pytest.mark.parametrize("word", ["GR\\u0041PH", "\\U00000047raph"])
def test_graph_spelled_with_an_escape_is_refused_by_the_engine(store: Store, word: str) -> None:
    text = f"SELECT (COUNT(DISTINCT ?g) AS ?n) {{ {word} ?g {{ ?s ?p ?o }} }}"
    assert may_name_graphs(text)
    inspect(text)
    with pytest.raises(SyntaxError):
        store.query(text)
    assert refusal(store, text, CSV).status == 400


def test_query_that_names_no_graph_sees_the_default_graph_alone(store: Store) -> None:
    merged = merged_alone(store)
    assert {quad.triple for quad in merged} == {
        quad.triple for quad in store.quads_for_pattern(*[None] * 3, DefaultGraph())
    }
    assert list(merged.named_graphs()) == []
    assert not may_name_graphs("SELECT * { ?s ?p ?o }")


def test_from_takes_prefixed_and_relative_names(store: Store) -> None:
    text = f"BASE <{EX}> PREFIX ex: <> SELECT (COUNT(*) AS ?n) FROM ex:first FROM <second> WHERE {{ ?s ?p ?o }}"
    assert written(store, text, CSV) == b"n\r\n2\r\n"


def test_from_named_beside_several_from(store: Store) -> None:
    text = f"SELECT ?g FROM <{FIRST}> FROM <{SECOND}> FROM NAMED <{SECOND}> {{ GRAPH ?g {{ ex:a ?p ?o }} }}"
    assert written(store, f"PREFIX ex: <{EX}> {text}", CSV) == f"g\r\n{SECOND}\r\n".encode()


@pytest.mark.parametrize(
    ("dataset", "count"),
    [
        (Dataset((FIRST,), ()), 1),
        (Dataset((FIRST, SECOND), ()), 2),
        (Dataset((FIRST, FIRST), ()), 1),
        (Dataset((), (SECOND,)), 0),
        (Dataset((EX + "nowhere",), ()), 0),
    ],
)
def test_dataset_of_the_request_overrides_from(store: Store, dataset: Dataset, count: int) -> None:
    assert written(store, COUNT.format(f"FROM <{SECOND}>"), CSV, dataset) == f"n\r\n{count}\r\n".encode()


def test_several_graphs_are_merged_once_however_they_are_written(store: Store) -> None:
    engine, count = Engine(store, dict), COUNT.format("")
    engine.table(question(count, Dataset((FIRST, SECOND), ())), 1)
    store.update("CLEAR ALL")
    again = engine.table(question(count, Dataset((SECOND, FIRST, SECOND), ())), 1)
    assert [term.value for row in again.rows for term in row if isinstance(term, Literal)] == ["2"]


def test_dataset_without_named_graphs_has_none(store: Store) -> None:
    text = "SELECT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert written(store, text, CSV, Dataset((FIRST,), ())) == b"g\r\n"


def test_dataset_of_named_graphs(store: Store) -> None:
    text = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert written(store, text, CSV, Dataset((), (FIRST,))) == f"g\r\n{FIRST}\r\n".encode()


def test_graph_that_is_no_iri_is_refused(store: Store) -> None:
    with pytest.raises(Problem) as caught:
        written(store, "ASK {}", JSON, Dataset(("http://[",), ()))
    assert (caught.value.status, caught.value.detail) == (400, "'http://[' is no IRI of a graph")


def test_dataset_of_the_request_may_be_relative_to_the_base() -> None:
    store = Store()
    store.update("INSERT DATA { GRAPH <https://w3id.org/tipkg/graph/entities> { <x:a> <x:b> <x:c> } }")
    assert written(store, COUNT.format(""), CSV, Dataset(("graph/entities",), ())) == b"n\r\n1\r\n"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?z ?a ?m }", ("z", "a", "m")),
        ("SELECT REDUCED * WHERE { ?z ?a ?m MINUS { ?c ?b ?d } }", ("z", "a", "m")),
        ("SELECT * { ?z ?a ?m FILTER NOT EXISTS { ?a ?q ?z } } ORDER BY ?m ?z", ("z", "a", "m")),
        ("SELECT * { { SELECT ?m (1 AS ?b) { ?z ?a ?m } } ?a ?m ?x }", ("m", "b", "a", "x")),
        ("SELECT * { VALUES (?b ?a) { (1 2) } }", ("b", "a")),
        ("SELECT * {}", ()),
    ],
)
def test_star_lists_variables_in_order_of_first_use(store: Store, text: str, columns: tuple[str, ...]) -> None:
    assert Engine(store, dict).table(question(text), 10).columns == columns


def test_star_gives_the_same_rows(store: Store) -> None:
    text = f"SELECT * {{ ?z ?a <{EX}c> }}"
    assert written(store, text, TSV) == f"?z\t?a\n<{EX}b>\t<{EX}knows>\n".encode()


def test_relative_iris_resolve_against_the_base(store: Store) -> None:
    text = "CONSTRUCT { <id/x> <ontology#y> <> } WHERE {}"
    base = "https://w3id.org/tipkg/"
    assert written(store, text, N_TRIPLES) == f"<{base}id/x> <{base}ontology#y> <{base}> .\n".encode()


def test_escape_in_a_string_is_undone_once(store: Store) -> None:
    assert written(store, r'SELECT ("a\u0022b%41" AS ?x) {}', CSV) == b'x\r\n"a""b%41"\r\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "detail"),
    [
        ("SELECT ?x {\n ?x ?y }", 2, 8, "} is not expected here"),
        ("ASK { FILTER(1 2) }", 1, 16, "2 is not expected here"),
        ("SELECT ?x, ?y { ?x ?y ?z }", 1, 10, ", is not expected here"),
        ("SELECT ?x ?y\nWHERE ?x", 2, 7, "?x is not expected here"),
        ("SELECT ?x {\n ?x a ?y FILTER ?x = 1 }", 2, 17, "?x is not expected here"),
        ("SELECT ?x { ?x a ?y } ORDER BY", 1, 31, "the query ends too early"),
        ("SELECT (COUNT(*) AS ?n) ?s { ?s ?p ?o }", 1, 40, "The SELECT contains a variable that is unbound"),
        ("SELECT ?x ?x {}", 1, 16, "Duplicated variable name in SELECT"),
        ("SELECT ?x\nLIMIT 5", 2, 1, "LIMIT is not expected here"),
    ],
)
def test_syntax_error_tells_its_place(store: Store, text: str, line: int, column: int, detail: str) -> None:
    problem = refusal(store, text)
    assert (problem.status, problem.line, problem.column, problem.detail) == (400, line, column, detail)


def test_unknown_function_is_the_requests_fault(store: Store) -> None:
    problem = refusal(store, "SELECT (<http://x/f>(1) AS ?y) {}")
    assert (problem.status, problem.detail) == (400, "The custom function <http://x/f> is not supported")


def test_table_of_a_construct_has_three_columns(store: Store) -> None:
    table = Engine(store, dict).table(question(f"CONSTRUCT {{ ?s ?p 1 }} WHERE {{ ?s ?p <{EX}c> }}"), 10)
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    row = (ex("b"), ex("knows"), Literal("1", datatype=integer))
    assert table == Table(("subject", "predicate", "object"), (row,))


def test_table_says_when_rows_are_left_out(store: Store) -> None:
    text = "SELECT ?x { VALUES ?x { 1 2 3 } }"
    assert [Engine(store, dict).table(question(text), most).more for most in (2, 3, 4)] == [True, False, False]


@pytest.mark.parametrize(
    ("query", "column", "detail"),
    [
        ("PREFIX skos: <x:> ASK { ?x sko:y ?z }", 28, "the prefix sko: is not declared; did you mean skos:?"),
        ("ASK { ?x ?y ?z ] }", 16, "] closes nothing that is open here"),
        ("ASK { ?x ?y ?z", 5, "{ is never closed"),
    ],
)
def test_error_that_only_the_engine_saw_is_told_by_the_guard(
    store: Store, query: str, column: int, detail: str
) -> None:
    problem = refusal(store, query)
    assert (problem.status, problem.line, problem.column, problem.detail) == (400, 1, column, detail)


def test_error_in_a_long_query_is_told_at_once(store: Store) -> None:
    query = "SELECT * { VALUES ?x {" + " 1" * 60_000 + " } FILTER() }"
    problem = refusal(store, query)
    assert (problem.status, problem.line, problem.title) == (400, 1, "Syntax error in the query")
