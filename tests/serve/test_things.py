"""The page of a thing: names, facts, who names it and where; nothing in a label can become markup."""

import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from starlette.types import ASGIApp

from kg import iris
from kg.ask.description import EVIDENCE, LABEL, STATEMENT, TYPE
from kg.graph.store import open_store
from kg.records import digest
from kg.serve.app import create_app
from kg.serve.things import PER_PAGE
from tests.serve.conftest import client_of

TEXT = "Row\tLab\r\nThe <b>Lab</b> joined & left."
BEGIN, END = TEXT.index("The <b>"), len(TEXT)
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
LAB = NamedNode(iris.entity("organization", "lab"))
HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></h1><script src=//evil></script>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202egnirts desrever\u202c \u2066isolated",
    "x" * 5000,
    "&lt;b&gt; &amp;",
]  # fmt: skip


class Elements(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def statement(number: int) -> NamedNode:
    return NamedNode(iris.statement("tip-2031", "membership", f"lab-{number}"))


def graph_with(label: str, *, statements: int = 1) -> Store:
    """The laboratory, named by so many statements that all stand in one passage."""
    store = Store()
    passage = NamedNode(iris.passage("tip-2031", BEGIN, END))
    text = NamedNode(iris.text("tip-2031", hashlib.sha256(TEXT.encode()).hexdigest()))
    said = [
        (LAB, LABEL, Literal(label, language="en")),
        (LAB, NamedNode(iris.term("printedName")), Literal(label)),
        (LAB, NamedNode(iris.term("kind")), NamedNode(iris.concept("kind", "x"))),
        (passage, NamedNode(iris.term("where")), Literal(f"row {label}", language="en")),
        (passage, NamedNode(iris.term("sha256")), Literal(digest(TEXT[BEGIN:END]))),
        (passage, NamedNode(f"{NIF}referenceContext"), text),
        (text, NamedNode(iris.term("sha256")), Literal(hashlib.sha256(TEXT.encode()).hexdigest())),
    ]
    for number in range(statements):
        said.append((statement(number), TYPE, STATEMENT))
        said.append((statement(number), LABEL, Literal(f"{label} {number}", language="en")))
        said.append((statement(number), EVIDENCE, passage))
        said.append((statement(number), NamedNode(iris.term("member")), LAB))
    store.extend([Quad(*triple, DefaultGraph()) for triple in said])
    return store


def page(store: Store, path: str = "/id/organization/lab.html", folder: Path | None = None) -> str:
    response = client_of(app(store, folder))("GET", path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return response.text


def app(store: Store, folder: Path | None = None) -> ASGIApp:
    return create_app(store, build_id="1", questions=[], folder=folder)


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("path", ["/id/organization/lab.html", "/statement/tip-2031/membership/lab-0.html"])
def test_hostile_label_stays_text(label: str, path: str) -> None:
    hostile, plain = Elements(page(graph_with(label), path)), Elements(page(graph_with("Lab"), path))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert not [name for _, attributes in hostile.tags for name in attributes if name.startswith("on")]
    assert label in hostile.text


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_label_is_kept_apart_and_out_of_the_title(label: str) -> None:
    found = page(graph_with(label))
    title = re.search(r"<title>(.*?)</title>", found, re.DOTALL)
    assert title
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", title[1])
    assert len(title[1]) < 800
    assert re.search(r"<h1><bdi>[^<]*</bdi></h1>", found)


def test_page_has_one_title_and_headings_in_order() -> None:
    found = Elements(page(graph_with("Lab")))
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert ("html", {"lang": "en"}) in found.tags


def test_page_has_no_script_and_nothing_from_elsewhere() -> None:
    found = Elements(page(graph_with("Lab")))
    assert not [tag for tag, _ in found.tags if tag in ("script", "iframe", "object", "style")]
    assert not [attributes for tag, attributes in found.tags if tag in ("link", "img") and "stylesheet" in
                str(attributes.get("rel")) and not str(attributes["href"]).startswith("../../")]  # fmt: skip


def test_statement_is_shown_with_its_place() -> None:
    found = page(graph_with("Lab"))
    assert '<a href="../../statement/tip-2031/membership/lab-0"><bdi>Lab 0</bdi></a>' in found
    assert f'<a href="../../passage/tip-2031/{BEGIN}-{END}"><bdi>row Lab</bdi></a>' in found
    assert "blockquote" not in found


def test_passage_leads_to_its_source() -> None:
    found = page(graph_with("Lab"), f"/passage/tip-2031/{BEGIN}-{END}.html")
    assert '<li><a href="../../source/tip-2031"><bdi>source/tip-2031</bdi></a>' in found


def test_words_are_shown_where_the_text_is_at_hand(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "tip-2031.txt").write_bytes(TEXT.encode())
    found = page(graph_with("Lab"), "/statement/tip-2031/membership/lab-0.html", tmp_path)
    assert "<mark><bdi>The &lt;b&gt;Lab&lt;/b&gt; joined &amp; left.</bdi></mark>" in found
    assert "<details>" in page(graph_with("Lab"), folder=tmp_path)


def test_words_of_another_text_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "tip-2031.txt").write_bytes(b"x" + TEXT.encode())
    assert "blockquote" not in page(graph_with("Lab"), folder=tmp_path)


def test_many_statements_are_turned_page_by_page() -> None:
    store = graph_with("Lab", statements=PER_PAGE + 1)
    first, second = page(store), page(store, "/id/organization/lab.html?page=2")
    assert first.count("<bdi>row Lab</bdi>") == PER_PAGE
    assert second.count("<bdi>row Lab</bdi>") == 1
    assert '<a href="?page=2#named" rel="next">Next</a>' in first
    assert '<a href="?page=1#named" rel="prev">Previous</a>' in second
    assert f"({PER_PAGE + 1})" in first


def test_page_asks_the_same_in_sparql() -> None:
    client = client_of(app(graph_with("Lab")))
    link = re.search(
        r'<a href="../../(sparql\?query=[^"]+)">Ask the same', client("GET", "/id/organization/lab.html").text
    )
    assert link
    answer = client("GET", f"/{link[1]}", headers={"Accept": "text/csv"})
    assert f"{statement(0).value},{iris.term('member')},,Lab 0" in answer.text.splitlines()


def test_real_pages_say_what_the_graph_says(built: Path) -> None:
    found = page(open_store(built), "/id/state/GIN.html", built)
    assert "<h1><bdi>Guinea</bdi></h1>" in found
    assert "<bdi>TIP Report 2017, conventions chart, row Guinea, column ILO C189</bdi>" in found
    assert 'rel="noopener noreferrer external"><bdi>http://www.wikidata.org/entity/Q1006</bdi></a>' in found


def test_shortcut_is_marked_and_stands_where_its_statement_stands(built: Path) -> None:
    found = page(open_store(built), "/id/state/GIN.html", built)
    facts = found[found.index('id="facts"') : found.index('id="named"')]
    link = '<a href="../../id/instrument/ilo-c189">'
    value = facts[facts.index(link) : facts.index("</li>", facts.index(link))]
    assert '<small class="derived">derived</small>' in value
    assert "<bdi>TIP Report 2018, conventions chart, row Guinea, column ILO C189</bdi>" in value


def test_finding_is_shown_with_its_place(built: Path) -> None:
    found = page(open_store(built), "/statement/icat-2018/designation/dpko-name-dpko.html", built)
    finding = found[found.index('<a href="../../../finding/icat-2018/dpko-name">') :]
    assert '<a href="../../../passage/icat-2018/20695-20756">' in finding[: finding.index("</li>")]


def test_term_has_an_anchor_and_a_page(built: Path) -> None:
    assert '<div id="Ratification">' in page(open_store(built), "/ontology.html", built)
    found = page(open_store(built), "/ontology.html?term=Ratification", built)
    assert "<h1><bdi>ratification</bdi></h1>" in found


def test_graph_lists_what_it_speaks_of(built: Path) -> None:
    found = page(open_store(built), "/graph/quality.html", built)
    assert "../finding/icat-2018/dpko-name" in found
