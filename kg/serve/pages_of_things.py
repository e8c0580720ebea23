"""Plain pages, without script, for every thing, the ontology and the named graphs: the analyst's proof."""

import hashlib
import re
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined
from pyoxigraph import NamedNode, Store
from starlette.requests import Request

from kg.ask import description as graph
from kg.ask.terms import Term, terms
from kg.iris import BASE, ONTOLOGY
from kg.serve.problem import Problem
from kg.serve.quotes import Quotes
from kg.serve.site import pages, root_of
from kg.serve.things import PER_PAGE, Shelf

# Control characters, and those that turn the direction of writing: in a title nothing keeps them apart.
_TURNING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_IN_A_GRAPH: Final = 200


class Pages:
    def __init__(self, store: Store, build_id: str, quotes: Quotes) -> None:
        self._store = store
        self._quotes = quotes
        self._environment = Environment(
            loader=FunctionLoader(lambda name: (pages() / name).read_text("utf-8")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["plain"] = lambda text: _TURNING.sub("", text)
        self._environment.globals["build_id"] = build_id
        self._query = (files("kg.serve") / "pages" / "thing.rq").read_text("utf-8")
        templates = sorted(item.name for item in pages().iterdir() if item.name.endswith(".html"))
        written = "".join((pages() / name).read_text("utf-8") for name in templates)
        self.etag = f"{hashlib.sha256(written.encode()).hexdigest()[:16]}{'+texts' if quotes.some else ''}"

    def page(self, node: NamedNode, request: Request) -> bytes:
        """Raises Problem 404 for a term that the ontology lacks."""
        name = request.query_params.get("term")
        number = _page_number(request.query_params.get("page", "1"))
        path = request.scope["path"]
        if node == graph.ONTOLOGY and name is None:
            return self._ontology(path)
        if graph.is_graph(self._store, node):
            return self._graph(node, path, number)
        return self._thing(NamedNode(ONTOLOGY + name) if node == graph.ONTOLOGY and name else node, path, number)

    def missing(self, path: str, problem: Problem, near: list[str]) -> bytes:
        root = root_of(path)
        found = [(graph.label(self._store, NamedNode(BASE + one)), root + one) for one in near]
        return self.render("missing.html", path, problem=problem, near=found)

    def render(self, template: str, path: str, **values: object) -> bytes:
        return self._environment.get_template(template).render(root=root_of(path), **values).encode()

    def _thing(self, node: NamedNode, path: str, number: int) -> bytes:
        described = graph.describe(self._store, node)
        if described is None:
            raise Problem(404, "Not found", f"the graph says nothing of {node.value}")
        thing = Shelf(self._store, self._quotes, root_of(path)).thing(described, number)
        term = node.value.removeprefix(ONTOLOGY) if node.value.startswith(ONTOLOGY) else None
        parameters = {"term": term} if term else {}
        query = self._query.replace("<https://w3id.org/tipkg/id/thing>", str(node))
        return self.render(
            "thing.html",
            path,
            thing=thing,
            term=term,
            ask=f"{root_of(path)}sparql?{urlencode({'query': query})}",
            turn=lambda to: f"?{urlencode({**parameters, 'page': to})}#named",
            first=(number - 1) * PER_PAGE + 1,
            data="ontology" if term else node.value.removeprefix(BASE),
            texts=self._quotes.some,
        )

    def _ontology(self, path: str) -> bytes:
        found = terms(self._store)
        kinds: dict[str, list[Term]] = {}
        for term in found:
            kinds.setdefault(term.kind, []).append(term)
        title = graph.value(self._store, graph.ONTOLOGY, NamedNode("http://purl.org/dc/terms/title"))
        about = graph.value(self._store, graph.ONTOLOGY, NamedNode("http://purl.org/dc/terms/abstract"))
        return self.render("ontology.html", path, title=title, about=about, kinds=kinds, iri=graph.ONTOLOGY.value)

    def _graph(self, node: NamedNode, path: str, number: int) -> bytes:
        subjects = graph.subjects(self._store, node)
        shelf = Shelf(self._store, self._quotes, root_of(path))
        shown = subjects[(number - 1) * _IN_A_GRAPH : number * _IN_A_GRAPH]
        values = [shelf.value(NamedNode(one), places=False) for one in shown]
        return self.render(
            "graph.html",
            path,
            iri=node.value,
            data=node.value.removeprefix(BASE),
            subjects=len(subjects),
            values=values,
            page=number,
            pages=max(-(-len(subjects) // _IN_A_GRAPH), 1),
            turn=lambda to: f"?{urlencode({'page': to})}",
        )


def _page_number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise Problem(400, "No such page", "page is a whole number from 1")
    return int(text)
