"""The pages: a form for SPARQL, the packaged questions, answers as tables with links. Nothing comes from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.iris import BASE
from kg.serve.cards import QuestionCard
from kg.serve.evaluate import Table, Term
from kg.serve.negotiate import FORMATS, HTML
from kg.serve.problem import Problem
from kg.serve.protocol import QueryOperation

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import Template

STATIC: Final = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "questions.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

# Datatypes that a reader sees without being told.
_PLAIN: Final = frozenset({"http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/2001/XMLSchema#integer"})
# Longer addresses are cut off by proxies and mail programs.
_LONGEST_LINK: Final = 8000


@dataclass(frozen=True)
class Cell:
    """`note` is the language or the datatype; `outside` links leave this server."""

    text: str
    href: str | None = None
    note: str = ""
    outside: bool = False


@dataclass(frozen=True)
class Result:
    """A table ready to be shown; `downloads` are (name, address)."""

    table: Table
    rows: tuple[tuple[Cell | None, ...], ...]
    downloads: tuple[tuple[str, str], ...]
    milliseconds: int


class Site:
    """`seconds` is the most that a query may take, which the form offers; None leaves it out of the form."""

    def __init__(self, questions: Sequence[QuestionCard], build_id: str, seconds: float | None = None) -> None:
        self._questions = questions
        self._build_id = build_id
        self._seconds = f"{seconds:g}" if seconds is not None else None

    @cached_property
    def _template(self) -> "Template":
        # Made for the first page: queries are answered before that.
        from jinja2 import Environment, StrictUndefined

        environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        return environment.from_string((pages() / "page.html").read_text("utf-8"))

    @cached_property
    def _example(self) -> str:
        return (pages() / "example.rq").read_text("utf-8")

    def page(
        self,
        path: str,
        endpoint: str,
        *,
        query: str | None = None,
        question: str | None = None,
        result: Result | None = None,
        problem: Problem | None = None,
        about: str | None = None,
    ) -> bytes:
        """`endpoint` is its public address, or empty where that is not known.

        `question` names a packaged one to be loaded into the form; `path` is the page's own, for relative links.

        `about` is JSON-LD without < in it, for search engines."""
        loaded = [card.example_query for card in self._questions if card.name == question]
        text = query if query is not None else loaded[0] if loaded else self._example
        html = self._template.render(
            root=root_of(path),
            home=path == "/",
            endpoint=endpoint,
            query=text.strip(),
            questions=self._questions,
            build_id=self._build_id,
            seconds=self._seconds,
            result=result,
            problem=problem,
            about=about,
        )
        return html.encode()


@cache
def pages() -> "Traversable":
    """The folder of the pages."""
    from importlib.resources import files

    return files("kg.serve") / "pages"


def root_of(path: str) -> str:
    """The way from a page to the site's root, relative, so that it holds under a sub-path too."""
    return "../" * (path.count("/") - 1) or "./"


def result(table: Table, operation: QueryOperation, *, form: str, path: str, milliseconds: int) -> Result:
    root = root_of(path)
    rows = tuple(tuple(None if term is None else _cell(term, root) for term in row) for row in table.rows)
    return Result(table, rows, tuple(_downloads(operation, form, root)), milliseconds)


def _cell(term: Term, root: str) -> Cell:
    if isinstance(term, NamedNode):
        return _link(term.value, root)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        note = f"@{term.language}" if term.language else "" if datatype in _PLAIN else datatype.rpartition("#")[2]
        return Cell(term.value, note=note)
    return Cell(str(term), note="blank node" if isinstance(term, BlankNode) else "triple")


def _link(iri: str, root: str) -> Cell:
    """Our own IRIs open on this server; other schemes than http are shown and not linked (javascript: is one)."""
    if iri.startswith(BASE):
        local = iri.removeprefix(BASE)
        return Cell(local or iri, root + local.replace("ontology#", "ontology?term=", 1))
    return Cell(iri, iri, outside=True) if iri.startswith(("http://", "https://")) else Cell(iri)


def _downloads(operation: QueryOperation, form: str, root: str) -> list[tuple[str, str]]:
    parameters = [("query", operation.query)]
    if operation.dataset:
        parameters += [("default-graph-uri", iri) for iri in operation.dataset.default_graphs]
        parameters += [("named-graph-uri", iri) for iri in operation.dataset.named_graphs]
    address = f"{root}sparql?{urlencode(parameters)}"
    if len(address) > _LONGEST_LINK:
        return []
    names = [offer.names[0] for offer in FORMATS[form] if offer != HTML]
    return [(name, f"{address}&format={name}") for name in names]
