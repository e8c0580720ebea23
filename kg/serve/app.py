"""The application: SPARQL at /sparql, pages for people, and every IRI of the graph at its own path."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from pyoxigraph import Store
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.federate.allowed import Allowed
from kg.serve import site
from kg.serve.boundary import Boundary
from kg.serve.cards import QuestionCard
from kg.serve.compress import Compression
from kg.serve.direct import Direct
from kg.serve.dump_files import Files, files_in
from kg.serve.endpoint import PATHS, Endpoint, Limits, Service
from kg.serve.evaluate import Engine
from kg.serve.public import PublicAddress


def create_app(
    store: Store,
    *,
    merged: Store | None = None,
    build_id: str,
    questions: Sequence[QuestionCard],
    prefixes: Callable[[], Mapping[str, str]] = dict,
    public: str | None = None,
    trust_proxy: bool = False,
    limits: Limits = Limits(),  # noqa: B008  a frozen dataclass
    folder: Path | None = None,
    allowed: Allowed = Allowed(()),  # noqa: B008  a frozen dataclass
) -> "Application":
    """An ASGI application over a store that nobody writes to; short answers in Turtle have the prefixes, which the
    first of them asks for.

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
    endpoint, files = Endpoint(service), files_in(folder)
    app: ASGIApp = Compression(SparqlFirst(endpoint, lambda: _rooms(service, files, questions)))
    if public or trust_proxy:
        app = PublicAddress(app, public=public, trust_proxy=trust_proxy)
    return Application(app, Direct(endpoint, limits.body_bytes))


class Application(Boundary):
    """The whole as ASGI has it; `direct` answers most queries without all that."""

    def __init__(self, app: ASGIApp, direct: Direct) -> None:
        super().__init__(app)
        self.direct = direct


class SparqlFirst:
    """Queries go to the endpoint, past the router, which costs as much as a short query; what answers all other
    requests is made for the first of them."""

    def __init__(self, endpoint: Endpoint, make: Callable[[], ASGIApp]) -> None:
        self._endpoint = endpoint
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        at_the_endpoint = scope["type"] == "http" and scope["path"] in PATHS
        await (self._endpoint if at_the_endpoint else self._others)(scope, receive, send)

    @cached_property
    def _others(self) -> ASGIApp:
        return self._make()


def _rooms(service: Service, files: Files, questions: Sequence[QuestionCard]) -> ASGIApp:
    # A quarter of a second of modules, which no query waits for.
    from kg.serve.rooms import rooms

    return rooms(service, files, questions)
