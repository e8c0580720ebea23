"""/sparql: from a request through protocol, guard and negotiation to the engine, and its answer back as it comes."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from kg import __version__
from kg.serve import protocol, site
from kg.serve.boundary import TransferBroken, read_body
from kg.serve.describe import service_description
from kg.serve.evaluate import Engine, Question, Table, graph_name
from kg.serve.guard import inspect
from kg.serve.negotiate import DESCRIPTIONS, FORMATS, HTML, PROBLEMS, Choice, Format, best, choose
from kg.serve.problem import PLAIN, Problem
from kg.serve.public import HOST
from kg.serve.workers import ChunkWriter, Job, Workers

# Above this length, cutting a query into tokens is felt by other clients if it is done in the event loop.
_LONG_QUERY: Final = 20_000
_WHOLE_GRAPH: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@dataclass(frozen=True)
class Limits:
    """Of one query and of all; `table_rows` is what a page shows."""

    seconds: float = 30.0
    at_once: int = 8
    body_bytes: int = 4 * 1024 * 1024
    table_rows: int = 1000


@dataclass(frozen=True)
class Service:
    """What answers are made of. `public` is the address that others see, with a final slash, or None: the request's."""

    store: Store
    build_id: str
    public: str | None
    limits: Limits
    engine: Engine
    workers: Workers
    site: site.Site


class Endpoint:
    """Takes every method, so that a refusal too is the protocol's own."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        query = None
        try:
            body = await read_body(request, self._service.limits.body_bytes) if request.method == "POST" else b""
            operation = protocol.read(_protocol_request(request, body))
            if isinstance(operation, protocol.Preflight):
                return preflight(", ".join(protocol.METHODS))
            if isinstance(operation, protocol.DescribeService):
                return self._description(request, operation)
            if isinstance(operation, protocol.ReadGraph):
                return await self._query(request, self._graph(operation))
            query = operation.query
            return await self._query(request, operation)
        except Problem as problem:
            return problem_response(self._service, request, problem, query=query)

    def _description(self, request: Request, operation: protocol.DescribeService) -> Response:
        choice = choose(DESCRIPTIONS, _accept(request), operation.format)
        endpoint = endpoint_of(self._service, request)
        headers = _headers(choice, "no-cache")
        if choice.format == HTML:
            return Response(self._service.site.page(request.scope["path"], endpoint), headers=headers)
        headers["ETag"] = self._etag("service description", endpoint, choice.media_type)
        if matches(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(service_description(self._service.store, endpoint, choice.format), headers=headers)

    def _graph(self, operation: protocol.ReadGraph) -> protocol.QueryOperation:
        """The query that answers with a whole graph."""
        if operation.graph is None:
            return protocol.QueryOperation(_WHOLE_GRAPH, None, operation.format)
        name = graph_name(operation.graph)
        if not self._service.store.contains_named_graph(name):
            detail = f"there is no graph {name.value}; the description of the endpoint lists the graphs"
            raise Problem(404, "Not found", detail)
        return protocol.QueryOperation(_WHOLE_GRAPH, protocol.Dataset((name.value,), ()), operation.format)

    async def _query(self, request: Request, operation: protocol.QueryOperation) -> Response:
        text = operation.query
        outline = await asyncio.to_thread(inspect, text) if len(text) > _LONG_QUERY else inspect(text)
        choice = choose(FORMATS[outline.form], _accept(request), operation.format)
        headers = _headers(choice, "no-store" if outline.changing else "no-cache")
        question = Question(text, outline, operation.dataset)
        if choice.format == HTML:
            return await self._page(request, operation, question, headers)
        if request.method != "POST" and not outline.changing:
            headers["ETag"] = self._etag(question.text, repr(question.dataset), choice.media_type)
            if matches(request.headers.get("if-none-match"), headers["ETag"]):
                return Response(status_code=304, headers=headers)
        return await self._serialized(question, choice.format, headers, head_only=request.method == "HEAD")

    async def _serialized(
        self, question: Question, result_format: Format, headers: dict[str, str], *, head_only: bool
    ) -> Response:
        """Whole where it is one chunk, which gives it a Content-Length; otherwise as it comes."""
        chunks = await self._service.workers.run(_Serialization(self._service.engine, question, result_format))
        first = await anext(chunks)
        second = await anext(chunks, None)
        if second is None:
            return Response(first, headers=headers)
        if head_only:
            # Two chunks give HEAD the headers that GET has: no length, and compressed or not.
            await chunks.aclose()
        return StreamingResponse(_chain(first, second, chunks), headers=headers)

    async def _page(
        self, request: Request, operation: protocol.QueryOperation, question: Question, headers: dict[str, str]
    ) -> Response:
        began = time.perf_counter()
        tables = await self._service.workers.run(
            _Tabulation(self._service.engine, question, self._service.limits.table_rows)
        )
        table = await anext(tables)
        await tables.aclose()
        result = site.result(
            table,
            operation,
            form=question.outline.form,
            path=request.scope["path"],
            milliseconds=round(1000 * (time.perf_counter() - began)),
        )
        endpoint = endpoint_of(self._service, request)
        content = self._service.site.page(request.scope["path"], endpoint, query=operation.query, result=result)
        return Response(content, headers=headers)

    def _etag(self, *parts: str) -> str:
        """Weak: the order of rows that no ORDER BY fixes may differ from process to process."""
        digest = hashlib.sha256("\0".join((__version__, self._service.build_id, *parts)).encode()).hexdigest()
        return f'W/"{digest[:32]}"'


@dataclass(frozen=True)
class _Serialization:
    engine: Engine
    question: Question
    format: Format

    def __call__(self, job: Job[bytes]) -> None:
        writer = ChunkWriter(job)
        self.engine.serialize(self.question, self.format, writer)
        writer.end()


@dataclass(frozen=True)
class _Tabulation:
    engine: Engine
    question: Question
    most: int

    def __call__(self, job: Job[Table]) -> None:
        job.put(self.engine.table(self.question, self.most))


def problem_response(service: Service, request: Request, problem: Problem, *, query: str | None = None) -> Response:
    """As JSON, text or a page, whichever Accept prefers; an error is told even where none of them fits."""
    choice = best(PROBLEMS, _accept(request)) or Choice(PROBLEMS[0], PROBLEMS[0].media_types[0])
    if choice.format == HTML:
        endpoint = endpoint_of(service, request)
        content = service.site.page(request.scope["path"], endpoint, query=query, problem=problem)
    else:
        content = problem.as_text() if choice.media_type == PLAIN else problem.as_json()
    headers = _headers(choice, "no-store") | dict(problem.headers)
    return Response(content, problem.status, headers=headers)


def preflight(methods: str) -> Response:
    """What a page of any origin may send, which it asks before it sends what HTML forms cannot."""
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range, *",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers)


def endpoint_of(service: Service, request: Request) -> str:
    """The address of /sparql as the client sees it; a Host header that is none is not repeated in an answer."""
    if service.public is not None:
        return service.public + "sparql"
    if HOST.fullmatch(request.headers.get("host", "")):
        return f"{request.base_url}sparql"
    host, port = request.scope["server"]
    scheme = request.scope["scheme"]
    return f"{scheme}://{host}{f':{port}' if port else ''}/sparql"


def matches(if_none_match: str | None, etag: str) -> bool:
    """The weak comparison of RFC 9110, section 13.1.2; * is left out, since only an evaluation could tell."""
    tags = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    return etag.removeprefix("W/") in tags


def _protocol_request(request: Request, body: bytes) -> protocol.Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return protocol.Request(request.method, request.scope["query_string"], headers, body)


def _accept(request: Request) -> str | None:
    return ", ".join(request.headers.getlist("accept")) or None


def _headers(choice: Choice, cache_control: str) -> dict[str, str]:
    return {"Content-Type": choice.content_type, "Vary": "Accept", "Cache-Control": cache_control}


async def _chain(first: bytes, second: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield first
        yield second
        async for chunk in rest:
            yield chunk
    except Problem as problem:
        raise TransferBroken(problem.detail) from None
    finally:
        await rest.aclose()
