"""The application: SPARQL at /sparql, pages for people, and every IRI of the graph at its own path."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Store
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler

from kg.iris import BASE
from kg.serve import site
from kg.serve.boundary import Boundary
from kg.serve.cards import QuestionCard
from kg.serve.compress import Compression
from kg.serve.endpoint import Endpoint, Limits, Service, endpoint_of, matches, preflight, problem_response
from kg.serve.evaluate import Engine
from kg.serve.problem import Problem
from kg.serve.public import PublicAddress
from kg.serve.workers import Workers

NO_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({})
_IRI_FOLDERS: Final = ("id", "statement", "passage", "source", "text", "graph", "vocab", "finding")


def create_app(
    store: Store,
    *,
    build_id: str,
    questions: Sequence[QuestionCard],
    prefixes: Mapping[str, str] = NO_PREFIXES,
    public: str | None = None,
    trust_proxy: bool = False,
    limits: Limits = Limits(),  # noqa: B008  a frozen dataclass
) -> Starlette:
    """An ASGI application over a store that nobody writes to; short answers in Turtle have the prefixes."""
    service = Service(
        store=store,
        build_id=build_id,
        public=public,
        limits=limits,
        engine=Engine(store, prefixes),
        workers=Workers(at_once=limits.at_once, seconds=limits.seconds),
        site=site.Site(questions, build_id),
    )
    endpoint = Endpoint(service)
    routes = [
        Route("/", partial(home, service)),
        Route("/sparql", endpoint),
        Route("/sparql/", endpoint),
        Route("/static/{name}", static),
        Route("/ontology", partial(dereference, service)),
        *(Route(f"/{folder}/{{rest:path}}", partial(dereference, service)) for folder in _IRI_FOLDERS),
    ]
    app = Starlette(routes=routes, middleware=_middleware(public, trust_proxy), exception_handlers=_handlers(service))
    app.router.redirect_slashes = False
    return app


def _middleware(public: str | None, trust_proxy: bool) -> list[Middleware]:
    """From the outside in."""
    address = Middleware(PublicAddress, public=public, trust_proxy=trust_proxy)
    return [Middleware(Boundary), address, Middleware(Compression)]


def _handlers(service: Service) -> Mapping[Any, ExceptionHandler]:
    return {HTTPException: partial(on_http_exception, service), Problem: partial(on_problem, service)}


async def home(service: Service, request: Request) -> Response:
    page = service.site.page("/", endpoint_of(service, request), question=request.query_params.get("question"))
    return Response(page, media_type="text/html", headers={"Cache-Control": "no-cache"})


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in site.STATIC:
        raise HTTPException(404)
    content = (site.PAGES / name).read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=site.STATIC[name], headers=headers)


async def dereference(service: Service, request: Request) -> Response:
    """303 to what the graph says of the IRI, or to what the named graph of that name holds."""
    try:
        node = NamedNode(BASE + request.scope["raw_path"].decode("ascii").lstrip("/"))
    except ValueError as error:
        raise Problem(404, "Not found", "there is no such IRI") from error
    if next(service.store.quads_for_pattern(node, None, None, None), None):
        query = f"DESCRIBE {node}"
    elif service.store.contains_named_graph(node):
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}"
    else:
        raise Problem(404, "Not found", f"the graph says nothing of {node.value}")
    address = f"{endpoint_of(service, request)}?{urlencode({'query': query})}"
    return RedirectResponse(address, 303, headers={"Vary": "Accept"})


async def on_http_exception(service: Service, request: Request, error: Exception) -> Response:
    """What the router refuses: an unknown path, or a method that a page does not take."""
    assert isinstance(error, HTTPException)
    if request.method == "OPTIONS" and error.headers:
        return preflight(", ".join(sorted({*error.headers["Allow"].split(", "), "OPTIONS"})))
    detail = f"{request.method} is not possible here"
    if error.status_code == 404:
        detail = f"there is nothing at {request.scope['path']}"
    problem = Problem(error.status_code, error.detail, detail, headers=tuple((error.headers or {}).items()))
    return problem_response(service, request, problem)


async def on_problem(service: Service, request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(service, request, error)
