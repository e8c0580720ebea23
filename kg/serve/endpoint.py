"""/sparql: from a request through protocol, guard and negotiation to the engine, which writes into the connection."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import Store
from starlette.types import ASGIApp, Receive, Scope, Send

from kg import __version__
from kg.federate.allowed import Allowed, Budget
from kg.serve import protocol, site
from kg.serve.boundary import read_body
from kg.serve.bounded import RESULT_LIMIT, Most
from kg.serve.conditional import CACHEABLE, conditional, matches
from kg.serve.evaluate import Engine, Question, graph_name
from kg.serve.guard import inspect, inspect_fully
from kg.serve.negotiate import DESCRIPTIONS, FORMATS, HTML, PROBLEMS, Choice, best, choose
from kg.serve.problem import PLAIN, Problem
from kg.serve.public import HOST
from kg.serve.push import Fields, Headers, Pushed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

NO_SERVICE: Final = Allowed(())
_NONE: Final[Mapping[str, str]] = {}
# What the short way (direct.py) has found already.
PROBLEM: Final = "tipkg.problem"
PATHS: Final = frozenset({"/sparql", "/sparql/"})

_WHOLE_GRAPH: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@dataclass(frozen=True)
class Limits:
    """Of one request; `seconds` is the most that its `timeout` may ask for, `table_rows` what a page shows.

    `result` bounds an answer, `services` what SERVICE may cost (with less time than the query has)."""

    seconds: float = 30.0
    body_bytes: int = 4 * 1024 * 1024
    table_rows: int = 1000
    result: Most = field(default_factory=Most)
    services: Budget = field(default_factory=Budget)


@dataclass(frozen=True)
class Service:
    """What answers are made of. `public` is the address that others see, with a final slash, or None: the request's.

    `allowed` are the endpoints that SERVICE may name."""

    store: Store
    build_id: str
    public: str | None
    limits: Limits
    engine: Engine
    site: site.Site
    allowed: Allowed = NO_SERVICE


class _Ready(NamedTuple):
    """A query that may be evaluated, and how; `etag` is that of its answer where it has one, `known` is set where the
    client has that already, `lasting` where it stays the same for this build."""

    question: Question
    choice: Choice
    etag: str | None
    lasting: bool
    known: bool

    def headers(self) -> dict[str, str]:
        """Those of the answer."""
        headers = _headers(self.choice, _cache_control(lasting=self.lasting))
        return headers if self.etag is None else headers | {"ETag": self.etag}


class Endpoint:
    """Takes every method, so that a refusal too is the protocol's own."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._result_limit = str(service.limits.result)
        self._digest = hashlib.sha256(f"{__version__}\0{service.build_id}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = None
        limits = self._service.limits
        try:
            body = await read_body(receive, limits.body_bytes) if scope["method"] == "POST" else b""
            asked = protocol.Request(scope["method"], scope["query_string"], fields(scope["headers"]), body)
            operation = protocol.read(asked, most_seconds=limits.seconds)
            if isinstance(operation, protocol.QueryOperation):
                query = operation.query
            if PROBLEM in scope:
                raise scope[PROBLEM]
            await self._answer(scope, asked, operation)(scope, receive, send)
        except Problem as problem:
            from starlette.requests import Request

            await problem_response(self._service, Request(scope), problem, query=query)(scope, receive, send)

    def _answer(self, scope: Scope, asked: protocol.Request, operation: protocol.Operation) -> ASGIApp:
        if isinstance(operation, protocol.Preflight):
            return preflight(", ".join(protocol.METHODS))
        if isinstance(operation, protocol.DescribeService):
            from starlette.requests import Request

            return self._description(Request(scope), operation)
        if isinstance(operation, protocol.ReadGraph):
            return self._query(scope, asked, self._graph(operation))
        return self._query(scope, asked, operation)

    def _description(self, request: "Request", operation: protocol.DescribeService) -> "Response":
        from starlette.responses import Response

        from kg.serve.describe import service_description

        choice = choose(DESCRIPTIONS, _accept(request), operation.format)
        endpoint = endpoint_of(self._service, request)
        headers = _headers(choice, "no-cache")
        if choice.format == HTML:
            return Response(self._service.site.page(request.scope["path"], endpoint), headers=headers)
        federates = bool(self._service.allowed.urls)
        headers["ETag"] = self._etag("service description", endpoint, str(federates), choice.media_type)
        make = partial(service_description, self._service.store, endpoint, choice.format, federates=federates)
        return conditional(request, headers, make, cacheable=self._service.public is not None)

    def _graph(self, operation: protocol.ReadGraph) -> protocol.QueryOperation:
        """The query that answers with a whole graph."""
        if operation.graph is None:
            return protocol.QueryOperation(_WHOLE_GRAPH, None, operation.format)
        name = graph_name(operation.graph)
        if not self._service.store.contains_named_graph(name):
            detail = f"there is no graph {name.value}; the description of the endpoint lists the graphs"
            raise Problem(404, "Not found", detail)
        return protocol.QueryOperation(_WHOLE_GRAPH, protocol.Dataset((name.value,), ()), operation.format)

    def pushed(self, asked: protocol.Request) -> Pushed | None:
        """The answer to a query that is written as rows or triples and asks nobody else; None for all other requests.
        Raises Problem."""
        operation = protocol.read(asked, most_seconds=self._service.limits.seconds)
        if not isinstance(operation, protocol.QueryOperation):
            return None
        ready = self._ready(asked, operation)
        if ready.known or ready.question.outline.services or ready.choice.format == HTML:
            return None
        return self._pushed(asked, ready)

    def _query(self, scope: Scope, asked: protocol.Request, operation: protocol.QueryOperation) -> ASGIApp:
        ready = self._ready(asked, operation)
        if ready.known:
            from starlette.responses import Response

            return Response(status_code=304, headers=ready.headers())
        receipt: dict[str, str] = {}
        if ready.question.outline.services:
            ready = ready._replace(question=self._without_service(ready.question, receipt))
        if ready.choice.format == HTML:
            from starlette.requests import Request

            return self._page(Request(scope), operation, ready.question, ready.headers() | receipt)
        return self._pushed(asked, ready, receipt)

    def _ready(self, asked: protocol.Request, operation: protocol.QueryOperation) -> _Ready:
        outline = inspect(operation.query, self._service.allowed)
        choice = self._choice(operation, outline.form, asked.headers.get("accept"))
        lasting = not outline.changing and not outline.services
        question = Question(operation.query, outline, operation.dataset)
        etag, known = None, False
        if lasting and asked.method != "POST" and choice.format != HTML:
            etag = self._etag(question.text, repr(question.dataset), choice.media_type)
            known = matches(asked.headers.get("if-none-match"), etag)
        return _Ready(question, choice, etag, lasting, known)

    def _pushed(self, asked: protocol.Request, ready: _Ready, receipt: Mapping[str, str] = _NONE) -> Pushed:
        most, wanted = self._service.limits.result, ready.choice.format
        keep = ready.lasting and asked.method != "HEAD"
        own = _encoded(receipt) if ready.etag is None else ((b"etag", ready.etag.encode()),)
        headers = Headers(own, _shared(ready.choice, self._result_limit, lasting=ready.lasting, keep=keep))
        write = partial(self._service.engine.serialize, ready.question, wanted)
        return Pushed(write, headers, most.of(wanted))

    def _choice(self, operation: protocol.QueryOperation, form: str, accept: str | None) -> Choice:
        """Raises Problem: what is wrong with the query, where more than its form was not looked at yet, before 406."""
        try:
            return choose(FORMATS[form], accept, operation.format)
        except Problem:
            inspect_fully(operation.query, self._service.allowed)
            raise

    def _without_service(self, question: Question, headers: dict[str, str]) -> Question:
        """The query with what other endpoints have answered in place of SERVICE; `headers` get the receipts."""
        from kg.serve.federation import RECEIPT, federated, receipt_line

        rows = partial(self._service.engine.rows, question.dataset)
        service = self._service
        rewritten = federated(question.text, rows, service.allowed, service.limits.services)
        headers[RECEIPT] = ", ".join(receipt_line(receipt) for receipt in rewritten.receipts)
        return Question(rewritten.text, question.outline, question.dataset)

    def _page(
        self, request: "Request", operation: protocol.QueryOperation, question: Question, headers: dict[str, str]
    ) -> "Response":
        from starlette.responses import Response

        began = time.perf_counter()
        table = self._service.engine.table(question, self._service.limits.table_rows)
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
        digest = self._digest.copy()
        digest.update("\0".join(("", *parts)).encode())
        return f'W/"{digest.hexdigest()[:32]}"'


def problem_response(service: Service, request: "Request", problem: Problem, *, query: str | None = None) -> "Response":
    """As JSON, text or a page, whichever Accept prefers; an error is told even where none of them fits."""
    from starlette.responses import Response

    choice = best(PROBLEMS, _accept(request)) or Choice(PROBLEMS[0], PROBLEMS[0].media_types[0])
    if choice.format == HTML:
        endpoint = endpoint_of(service, request)
        content = service.site.page(request.scope["path"], endpoint, query=query, problem=problem)
    else:
        content = problem.as_text() if choice.media_type == PLAIN else problem.as_json()
    headers = _headers(choice, "no-store") | dict(problem.headers)
    return Response(content, problem.status, headers=headers)


def preflight(methods: str) -> "Response":
    """What a page of any origin may send, which it asks before it sends what HTML forms cannot."""
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range, *",
        "Access-Control-Max-Age": "86400",
    }
    from starlette.responses import Response

    return Response(status_code=204, headers=headers)


def endpoint_of(service: Service, request: "Request") -> str:
    """The address of /sparql as the client sees it; a Host header that is none is not repeated in an answer."""
    if service.public is not None:
        return service.public + "sparql"
    if HOST.fullmatch(request.headers.get("host", "")):
        return f"{request.base_url}sparql"
    host, port = request.scope["server"]
    scheme = request.scope["scheme"]
    return f"{scheme}://{host}{f':{port}' if port else ''}/sparql"


def fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """By name in lower case, several of one name as one."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def _accept(request: "Request") -> str | None:
    return ", ".join(request.headers.getlist("accept")) or None


@lru_cache(maxsize=64)
def _shared(choice: Choice, result_limit: str, *, lasting: bool, keep: bool) -> Fields:
    """The headers that many answers to queries share."""
    headers = _headers(choice, _cache_control(lasting=lasting)) | (CACHEABLE if keep else {})
    return _encoded(headers | {RESULT_LIMIT: result_limit})


def _encoded(headers: Mapping[str, str]) -> Fields:
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


def _cache_control(*, lasting: bool) -> str:
    return "no-cache" if lasting else "no-store"


def _headers(choice: Choice, cache_control: str) -> dict[str, str]:
    return {"Content-Type": choice.content_type, "Vary": "Accept, Accept-Encoding", "Cache-Control": cache_control}
