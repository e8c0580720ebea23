"""The application: SPARQL at /sparql, pages for people, and every IRI of the graph at its own path."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Store
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from kg.ask.evidence import texts_beside
from kg.federate.allowed import Allowed
from kg.serve import site
from kg.serve.about import About
from kg.serve.boundary import Boundary
from kg.serve.cards import QuestionCard
from kg.serve.compress import Compression
from kg.serve.conditional import conditional
from kg.serve.documents import Documents
from kg.serve.dumps import Dumps, dumps_in
from kg.serve.endpoint import PATHS, Endpoint, Limits, Service, preflight, problem_response
from kg.serve.evaluate import Engine
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem
from kg.serve.public import PublicAddress
from kg.serve.question_routes import packaged_questions
from kg.serve.quotes import Quotes
from kg.serve.schema import Schema

NO_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({})


def create_app(
    store: Store,
    *,
    merged: Store | None = None,
    build_id: str,
    questions: Sequence[QuestionCard],
    prefixes: Mapping[str, str] = NO_PREFIXES,
    public: str | None = None,
    trust_proxy: bool = False,
    limits: Limits = Limits(),  # noqa: B008  a frozen dataclass
    folder: Path | None = None,
    allowed: Allowed = Allowed(()),  # noqa: B008  a frozen dataclass
) -> Starlette:
    """An ASGI application over a store that nobody writes to; short answers in Turtle have the prefixes.

    `merged` is its default graph alone, where there is memory for it: most queries are faster there.
    `folder` is where the store was built, with dumps and texts; `allowed` are the endpoints that SERVICE may name."""
    service = Service(
        store=store,
        build_id=build_id,
        public=public,
        limits=limits,
        engine=Engine(store, prefixes, merged),
        site=site.Site(questions, build_id, limits.seconds),
        allowed=allowed,
    )
    routes = _routes(service, folder, questions)
    middleware = [*_middleware(public, trust_proxy), Middleware(SparqlFirst, endpoint=Endpoint(service))]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=_handlers(service))
    app.router.redirect_slashes = False
    return app


class SparqlFirst:
    """Queries go to the endpoint, past the router, which costs as much as a short query."""

    def __init__(self, app: ASGIApp, endpoint: Endpoint) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        at_the_endpoint = scope["type"] == "http" and scope["path"] in PATHS
        await (self._endpoint if at_the_endpoint else self._app)(scope, receive, send)


def _middleware(public: str | None, trust_proxy: bool) -> list[Middleware]:
    """From the outside in."""
    address = [Middleware(PublicAddress, public=public, trust_proxy=trust_proxy)] if public or trust_proxy else []
    return [Middleware(Boundary), *address, Middleware(Compression)]


def _handlers(service: Service) -> Mapping[Any, ExceptionHandler]:
    return {
        HTTPException: partial(on_http_exception, service),
        Problem: partial(on_problem, service),
        FileNotFoundError: partial(on_missing_file, service),
    }


def _routes(service: Service, folder: Path | None, questions: Sequence[QuestionCard]) -> list[Route]:
    """In the order in which they are tried."""
    quotes = Quotes(texts_beside(folder) if folder else {})
    pages = Pages(service.store, service.build_id, quotes)
    documents = Documents(service.store, service.build_id, pages)
    dumps = Dumps(dumps_in(folder) if folder else {})
    shown = About(service, dumps, pages)
    schema = Schema(service, pages, questions)
    return [
        Route("/", shown.home),
        Route("/static/{name}", static),
        Route("/dumps", shown.dumps),
        Route("/dumps/", shown.dumps),
        Route("/dumps/{name:path}", dumps.__call__),
        Route("/.well-known/void", shown.catalogue),
        Route("/catalogue", shown.catalogue),
        Route("/catalogue{suffix}", shown.catalogue),
        Route("/llms.txt", schema.llms),
        Route("/schema", schema.schema),
        Route("/schema{suffix}", schema.schema),
        *packaged_questions(service.store, service.build_id, pages, folder),
        # Last, and for every other path: what the graph knows decides, not a list of folders.
        Route("/{path:path}", documents.__call__),
    ]


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in site.STATIC:
        raise HTTPException(404)
    content = (site.PAGES / name).read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Content-Type": site.STATIC[name], "ETag": etag, "Cache-Control": "no-cache"}
    return conditional(request, headers, lambda: content)


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


async def on_missing_file(service: Service, request: Request, error: Exception) -> Response:
    """The folder is not there, or another build is being put in its place; queries are answered meanwhile."""
    detail = "the files of this build are not there, or are being replaced: try again"
    return problem_response(service, request, Problem(503, "Not there now", detail, headers=(("Retry-After", "10"),)))


async def on_problem(service: Service, request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(service, request, error)
