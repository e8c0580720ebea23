"""Links and notes in the cells of a table."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.serve.evaluate import Table, Term
from kg.serve.protocol import Dataset, QueryOperation
from kg.serve.site import Cell, result, root_of

BASE = "https://w3id.org/tipkg/"


def cell(term: Term, path: str = "/sparql") -> Cell | None:
    table = Table(("x",), ((term,),))
    shown = result(table, QueryOperation("q", None, None), form="SELECT", path=path, milliseconds=1)
    return shown.rows[0][0]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (NamedNode(BASE + "id/state/GIN"), Cell("id/state/GIN", "./id/state/GIN")),
        (NamedNode(BASE + "ontology#party"), Cell("ontology#party", "./ontology?term=party")),
        (NamedNode("http://example.org/a"), Cell("http://example.org/a", "http://example.org/a", outside=True)),
        (NamedNode("javascript:alert(1)"), Cell("javascript:alert(1)")),
        (Literal("Genf", language="de"), Cell("Genf", note="@de")),
        (Literal("plain"), Cell("plain")),
        (Literal("12", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")), Cell("12")),
        (
            Literal("2019-01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")),
            Cell("2019-01", note="gYearMonth"),
        ),
        (BlankNode("b1"), Cell("_:b1", note="blank node")),
    ],
)
def test_cell_of_a_term(term: Term, expected: Cell) -> None:
    assert cell(term) == expected


@pytest.mark.parametrize(("path", "root"), [("/", "./"), ("/sparql", "./"), ("/sparql/", "../"), ("/id/x/y", "../../")])
def test_root_is_relative_to_the_page(path: str, root: str) -> None:
    assert root_of(path) == root


def test_downloads_repeat_query_and_dataset() -> None:
    operation = QueryOperation("ASK {}", Dataset(("x:a",), ("x:b",)), "html")
    shown = result(Table((), (), answer=True), operation, form="ASK", path="/sparql", milliseconds=1)
    address = "./sparql?query=ASK+%7B%7D&default-graph-uri=x%3Aa&named-graph-uri=x%3Ab&format="
    assert shown.downloads == tuple((name, address + name) for name in ("json", "xml", "csv", "tsv"))


def test_query_too_long_for_an_address_has_no_links() -> None:
    operation = QueryOperation("ASK {} #" + "x" * 8000, None, None)
    assert result(Table((), (), answer=True), operation, form="ASK", path="/sparql", milliseconds=1).downloads == ()
