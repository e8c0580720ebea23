"""Every IRI of the graph at its own path: 303 from a thing to the document about it, 410 for what was removed.

A thing (organization, statement, passage, concept ...) is no document, so its own address never answers 200; what is
said of it stands at the address with a suffix. The ontology and the named graphs are documents."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode, Store, Triple, serialize
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg import __version__
from kg.ask import description as graph
from kg.ask.nearby import near
from kg.iris import BASE
from kg.serve.conditional import conditional
from kg.serve.negotiate import HTML, JSON_LD, N_TRIPLES, PROBLEMS, RDF_XML, TURTLE, Choice, Format, best, choose
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem
from kg.serve.write import GRAPH_SYNTAXES

FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML)
SUFFIXES: Final = {".ttl": TURTLE, ".jsonld": JSON_LD, ".nt": N_TRIPLES, ".rdf": RDF_XML, ".html": HTML}
_PRIMARY_TOPIC: Final = NamedNode("http://xmlns.com/foaf/0.1/primaryTopic")


@dataclass(frozen=True)
class Found:
    """What a path means: the thing, whether it is a document itself, and the suffix, which has settled the format."""

    node: NamedNode
    document: bool
    suffix: str = ""

    @property
    def path(self) -> str:
        """Without suffix, from the root, as it is written in an address."""
        return quote(self.node.value.removeprefix(BASE), safe="/:@!$&'()*+,;=-._~")


class Documents:
    def __init__(self, store: Store, build_id: str, pages: Pages) -> None:
        self._store = store
        self._build_id = build_id
        self._pages = pages

    async def __call__(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("latin-1").lstrip("/")
        try:
            found = self._find(path)
        except Problem as problem:
            return self._refusal(request, problem, path)
        if found.suffix:
            wanted = SUFFIXES[found.suffix]
            return self._document(request, found, Choice(wanted, wanted.media_types[0]))
        choice = choose(FORMATS, _accept(request))
        if found.document:
            return self._document(request, found, choice)
        return _see_other(found, choice.format)

    def _find(self, path: str) -> Found:
        for written in dict.fromkeys((path, unquote(path))):
            for suffix in ("", *SUFFIXES):
                found = self._known(written.removesuffix(suffix), suffix) if written.endswith(suffix) else None
                if found:
                    return found
        detail = f"the graph says nothing of {BASE}{_without_suffix(path)}"
        raise Problem(404, "Not found", detail)

    def _known(self, path: str, suffix: str) -> Found | None:
        try:
            node = NamedNode(BASE + path)
        except ValueError:
            return None
        gone = graph.removal(self._store, node)
        if gone:
            raise _gone(node, gone)
        if node == graph.ONTOLOGY or graph.is_version_of_the_ontology(self._store, node):
            known = graph.describe(self._store, graph.ONTOLOGY) is not None
            return Found(graph.ONTOLOGY, True, suffix) if known else None
        if graph.is_graph(self._store, node):
            return Found(node, True, suffix)
        return Found(node, False, suffix) if path and graph.exists(self._store, node) else None

    def _refusal(self, request: Request, problem: Problem, path: str) -> Response:
        """With what is near: as links for a browser, in the detail for others."""
        close = near(self._store, unquote(_without_suffix(path))) if problem.status == 404 else []
        choice = best(PROBLEMS, _accept(request))
        if choice and choice.format == HTML:
            page = self._pages.missing(request.scope["path"], problem, close)
            headers = {"Content-Type": choice.content_type, "Vary": "Accept", "Cache-Control": "no-store"}
            return Response(page, problem.status, headers=headers)
        hint = f"; near it: {', '.join(close)}" if close else ""
        raise Problem(problem.status, problem.title, problem.detail + hint)

    def _document(self, request: Request, found: Found, choice: Choice) -> Response:
        headers = {
            "Content-Type": choice.content_type,
            "Vary": "Accept",
            "Cache-Control": "no-cache",
            "ETag": self._etag(request, choice),
            "Link": _links(found),
        }
        if not found.suffix:
            headers["Content-Location"] = _beside(found, choice.format)
        if choice.format == HTML:
            return conditional(request, headers, lambda: self._pages.page(found.node, request))
        return conditional(request, headers, lambda: self._data(found, choice.format))

    def _etag(self, request: Request, choice: Choice) -> str:
        parts = (self._build_id, __version__, self._pages.etag, str(request.url.path), request.url.query)
        return f'W/"{hashlib.sha256(chr(0).join((*parts, choice.media_type)).encode()).hexdigest()[:32]}"'

    def _data(self, found: Found, wanted: Format) -> bytes:
        triples: Iterable[Triple]
        if found.node == graph.ONTOLOGY:
            triples = graph.graph(self._store, NamedNode(f"{BASE}graph/ontology"))
        elif found.document:
            triples = graph.graph(self._store, found.node)
        else:
            described = graph.describe(self._store, found.node)
            assert described is not None
            document = NamedNode(BASE + found.path + _suffix(wanted))
            about = Triple(document, _PRIMARY_TOPIC, found.node)
            triples = [about, *graph.neighbourhood(self._store, described)]
        return written(triples, wanted, graph.prefixes(self._store))


def written(triples: Iterable[Triple], wanted: Format, prefixes: Mapping[str, str]) -> bytes:
    """A document in one of FORMATS but HTML, sorted."""
    ordered = sorted(dict.fromkeys(triples), key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    named = dict(prefixes) if wanted in (TURTLE, RDF_XML) else None
    document = serialize(ordered, format=GRAPH_SYNTAXES[wanted], prefixes=named) or b""
    return _tidy(document) if wanted == TURTLE else document


def _tidy(turtle: bytes) -> bytes:
    """The document with the prefixes that it uses, sorted: the engine declares all of them, in any order."""
    lines = turtle.decode().split("\n")
    declared = list(takewhile(lambda line: line.startswith("@prefix "), lines))
    body = "\n" + "\n".join(lines[len(declared) :])
    starts = {line: line.split(" ")[1] for line in declared}
    used = [line for line in sorted(declared) if any(f"{before}{starts[line]}" in body for before in "\n\t ^")]
    return ("\n".join(used) + body).encode()


def _accept(request: Request) -> str | None:
    return ", ".join(request.headers.getlist("accept")) or None


def _without_suffix(path: str) -> str:
    return next((path.removesuffix(suffix) for suffix in SUFFIXES if path.endswith(suffix)), path)


def _suffix(wanted: Format) -> str:
    return next(suffix for suffix, offer in SUFFIXES.items() if offer == wanted)


def _beside(found: Found, wanted: Format) -> str:
    """The document's address seen from the thing's own: it holds behind a proxy and under a sub-path too."""
    return f"./{found.path.rpartition('/')[2]}{_suffix(wanted)}"


def _see_other(found: Found, wanted: Format) -> Response:
    links = f'<{_beside(found, wanted)}>; rel="describedby", {_alternates(found)}'
    return RedirectResponse(_beside(found, wanted), 303, headers={"Vary": "Accept", "Link": links})


def _links(found: Found) -> str:
    """The persistent address of what the document is about, and its other syntaxes."""
    about = BASE + found.path
    return f'<{about}>; rel="canonical", <{about}>; rel="describes", {_alternates(found)}'


def _alternates(found: Found) -> str:
    name = found.path.rpartition("/")[2]
    offers = (f'<./{name}{suffix}>; rel="alternate"; type="{wanted.media_types[0]}"'
              for suffix, wanted in SUFFIXES.items())  # fmt: skip
    return ", ".join(offers)


def _gone(node: NamedNode, gone: graph.Removal) -> Problem:
    instead = f"; in its place: {', '.join(one.value for one in gone.replaced_by)}" if gone.replaced_by else ""
    return Problem(410, "Removed", f"{node.value} was published and is gone: {gone.why}{instead}")
