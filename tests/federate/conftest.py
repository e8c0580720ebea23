"""A second endpoint on loopback that stands for one on the web: it records what it is asked, and fails when told to."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from kg.federate.allowed import Allowed, Budget
from kg.federate.remote import Remote
from kg.federate.rewrite import Rewritten, federated
from kg.iris import BASE

PREFIXES = "PREFIX ex: <http://example.org/>\nPREFIX wd: <http://wd.example/>\n"
JSON = "application/sparql-results+json"
WIKIDATA = Path(__file__).parents[1] / "data" / "wikidata_sample.ttl"
# Local: five things; a and b match one item each, c two, d none, e a blank node.
LOCAL = """
PREFIX ex: <http://example.org/> PREFIX wd: <http://wd.example/>
ex:a a ex:Thing ; ex:match wd:Q1 ; ex:size 1 ; ex:code "AA" .
ex:b a ex:Thing ; ex:match wd:Q2 ; ex:size 2 .
ex:c a ex:Thing ; ex:match wd:Q3, wd:Q4 ; ex:size 3 ; ex:code "CC" .
ex:d a ex:Thing ; ex:size 4 .
ex:e a ex:Other ; ex:match [] .
ex:f ex:weight wd:N1 .
"""
# Remote: codes of three of the items and of one that is nobody's; one label in two languages, one with odd signs.
REMOTE = """
PREFIX wd: <http://wd.example/>
wd:Q1 wd:code "AA" ; wd:label "one"@en, "un"@fr ; wd:part wd:P1 ; wd:size 10 .
wd:Q2 wd:code "BB" ; wd:label "tw\\"o\\n} \\\\u0041 SERVICE <http://127.0.0.1:1/> {"@en ; wd:part wd:P1 ; wd:size 2 .
wd:Q4 wd:code "CC" ; wd:part wd:P2 .
wd:Q9 wd:code "ZZ" ; wd:label "nine"@en ; wd:part wd:P2 ; wd:size 5 .
wd:P1 wd:name "part one" .
wd:P2 wd:name "part two" .
wd:U1 wd:unknown [] .
"""
Fault = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class StandIn:
    """`queries` and `headers` are what came, in order; each of `faults` answers one request, the store the others."""

    url: str
    store: Store
    queries: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@contextmanager
def standing_in(store: Store) -> Iterator[StandIn]:
    """An endpoint over this store, while the block runs.

    Results of the engine may be dropped by their own thread only: garbage is not looked for while there are others."""
    gc.disable()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    endpoint = StandIn(f"http://127.0.0.1:{server.server_port}/sparql", store)
    server.endpoint = endpoint  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        gc.enable()


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in(loaded(REMOTE)) as endpoint:
        yield endpoint


@cache
def wikidata_sample() -> Store:
    """The sample of facts in the shapes of Wikidata; its head says where each comes from."""
    return loaded(WIKIDATA.read_text(encoding="utf-8"))


@pytest.fixture
def wikidata() -> Iterator[StandIn]:
    """An endpoint that stands for Wikidata."""
    with standing_in(wikidata_sample()) as endpoint:
        yield endpoint


def _json(store: Store, query: str) -> bytes:
    """Apart, so that no frame has the results still while an answer cannot be sent."""
    results = store.query(query)
    assert isinstance(results, QuerySolutions | QueryBoolean)
    return results.serialize(format=QueryResultsFormat.JSON) or b""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, form: str) -> None:
        endpoint: StandIn = self.server.endpoint  # type: ignore[attr-defined]
        query = parse_qs(form, strict_parsing=True)["query"][0]
        endpoint.queries.append(query)
        endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
        if endpoint.faults:
            endpoint.faults.pop(0)(self)
            return
        answer(self, 200, _json(endpoint.store, query))

    def log_message(self, *_: Any) -> None:
        pass


def answer(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Header names have _ for -."""
    request.send_response(status)
    for name, value in ({"Content_Type": JSON, "Content_Length": str(len(body))} | headers).items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def loaded(turtle: str) -> Store:
    store = Store()
    store.load(turtle, RdfFormat.TURTLE)
    return store


@pytest.fixture
def local() -> Store:
    return loaded(LOCAL)


Run = Callable[..., Rewritten]


@pytest.fixture
def run(stand_in: StandIn, local: Store) -> Run:
    """run(query, **budget): <S> in it is the stand-in, prefixes are declared."""

    def run(query: str, **budget: Any) -> Rewritten:
        allowed, limits = Allowed((stand_in.url,)), Budget(**{"seconds": 5.0} | budget)
        with Remote(allowed, limits) as remote:
            text = PREFIXES + query.replace("<S>", f"<{stand_in.url}>")
            return federated(
                text, lambda part: local.query(part, base_iri=BASE), remote, allowed=allowed, budget=limits
            )

    return run
