"""All that stands beside the endpoint: pages, questions, dumps, and every IRI of the graph at its own path.

`app.py` makes it at the first request that is for none of /sparql, because a server can answer queries long before all
this is read."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, ExceptionHandler

from kg.serve import site
from kg.serve.about import About
from kg.serve.cards import QuestionCard
from kg.serve.conditional import conditional
from kg.serve.documents import Documents
from kg.serve.dump_files import Files
from kg.serve.dumps import Dumps
from kg.serve.endpoint import Service, preflight, problem_response
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem
from kg.serve.question_routes import packaged_questions
from kg.serve.quotes import Quotes
from kg.serve.schema import Schema


def rooms(service: Service, files: Files, questions: Sequence[QuestionCard]) -> ASGIApp:
    """The router, with refusals as problems."""
    found = _Rooms(routes=routes(service, files, questions), exception_handlers=_handlers(service))
    found.router.redirect_slashes = False
    return found


class _Rooms(Starlette):
    """Without Starlette's outermost layer: what nobody expects goes on to `Boundary`, which answers it."""

    def build_middleware_stack(self) -> ASGIApp:
        return ExceptionMiddleware(self.router, self.exception_handlers)


def _handlers(service: Service) -> Mapping[Any, ExceptionHandler]:
    return {
        HTTPException: partial(on_http_exception, service),
        Problem: partial(on_problem, service),
        FileNotFoundError: partial(on_missing_file, service),
    }


def routes(service: Service, files: Files, questions: Sequence[QuestionCard]) -> list[Route]:
    """In the order in which they are tried."""
    quotes = Quotes(files.texts)
    pages = Pages(service.store, service.build_id, quotes)
    documents = Documents(service.store, service.build_id, pages)
    dumps = Dumps(files.dumps)
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
        *packaged_questions(service, pages, files.folder),
        # Last, and for every other path: what the graph knows decides, not a list of folders.
        Route("/{path:path}", documents.__call__),
    ]


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in site.STATIC:
        raise HTTPException(404)
    content = (site.pages() / name).read_bytes()
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
