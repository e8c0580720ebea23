"""A server on the loopback interface that is our application, but for one planted fault."""

import gc
import http.client
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlencode

import httpx
from starlette.applications import Starlette

from tests.serve.conftest import Ask, client_of


@dataclass(frozen=True)
class Asked:
    """A request as it came; the target is path and query string."""

    method: str
    target: str
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Told:
    """An answer on its way; `headers` have lower-case names."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    def having(self, **headers: str) -> "Told":
        return replace(self, headers=self.headers | {name.replace("_", "-"): value for name, value in headers.items()})

    def lacking(self, *names: str) -> "Told":
        return replace(self, headers={name: value for name, value in self.headers.items() if name not in names})


# In place of a status: no answer at all.
HANG_UP = 0
Inner = Callable[[Asked], Told]
Fault = Callable[[Asked, Inner], Told]


@contextmanager
def serving(app: Starlette, fault: Fault) -> Iterator[str]:
    """The address of the endpoint while the block runs."""
    handler = type("Handler", (_Handler,), {"ask": staticmethod(client_of(app)), "fault": staticmethod(fault)})
    # Results of the engine may be dropped by their own thread only: no garbage is looked for while there are others.
    gc.disable()
    try:
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
            server.shutdown()
    finally:
        gc.enable()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ask: Ask
    fault: Fault

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._answer

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = self.fault(Asked(self.command, self.path, headers, content), self._inner)
        if told.status == HANG_UP:
            self.close_connection = True
            return
        body = told.content
        self.send_response_only(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        if told.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" or "x-fault-body" in told.headers:
            self.wfile.write(body)

    def _inner(self, asked: Asked) -> Told:
        headers = {name.title(): value for name, value in asked.headers.items() if name != "content-length"}
        arguments = {"content": asked.content} if asked.content else {}
        response: httpx.Response = self.ask(asked.method, asked.target, headers=headers, **arguments)
        kept = {n: v for n, v in response.headers.items() if n not in ("content-length", "content-encoding")}
        return Told(response.status_code, kept, response.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the standard library's
        pass


def none(asked: Asked, inner: Inner) -> Told:
    return inner(asked)


def answers_once() -> Fault:
    """A server that is gone after the first request."""
    seen: list[Asked] = []

    def once(asked: Asked, inner: Inner) -> Told:
        seen.append(asked)
        return inner(asked) if len(seen) == 1 else Told(HANG_UP)

    return once


def too_many(asked: Asked, inner: Inner) -> Told:
    return inner(asked) if asked.method == "GET" else Told(429, {"retry-after": "0"})


def no_cache_headers(asked: Asked, inner: Inner) -> Told:
    plain = {name: value for name, value in asked.headers.items() if name != "if-none-match"}
    return inner(replace(asked, headers=plain)).lacking("etag", "vary", "cache-control")


def etag_of_any_bytes(asked: Asked, inner: Inner) -> Told:
    plain = {name: value for name, value in asked.headers.items() if name != "if-none-match"}
    return inner(replace(asked, headers=plain)).having(etag='"\xe9"')


def one_etag_for_all(asked: Asked, inner: Inner) -> Told:
    if '"one"' in asked.headers.get("if-none-match", ""):
        return Told(304, {"etag": '"one"'})
    told = inner(asked)
    return told.having(etag='"one"') if told.status == 200 else told


def errors_with_status_200(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    return replace(told, status=200) if told.status == 400 else told


def accept_ignored(asked: Asked, inner: Inner) -> Told:
    return inner(replace(asked, headers=asked.headers | {"accept": "application/sparql-results+json, text/turtle"}))


def wrong_label(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    is_rdfxml = told.headers.get("content-type") == "application/rdf+xml"
    return told.having(content_type="text/turtle; charset=utf-8") if is_rdfxml else told


def latin_1_csv(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    if not told.headers.get("content-type", "").startswith("text/csv"):
        return told
    return replace(told, content=told.content.decode().encode("latin-1", "replace"))


def no_head(asked: Asked, inner: Inner) -> Told:
    return Told(404, {"content-type": "text/plain"}) if asked.method == "HEAD" else inner(asked)


def body_after_head(asked: Asked, inner: Inner) -> Told:
    if asked.method != "HEAD":
        return inner(asked)
    return inner(replace(asked, method="GET")).having(x_fault_body="1")


def no_origins(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    return told.lacking(*[name for name in told.headers if name.startswith("access-control-")])


def origin_with_credentials(asked: Asked, inner: Inner) -> Told:
    origin = asked.headers.get("origin", "*")
    return inner(asked).having(access_control_allow_origin=origin, access_control_allow_credentials="true")


def replaced_bytes(asked: Asked, inner: Inner) -> Told:
    path, _, query_string = asked.target.partition("?")
    encoded = asked.headers.get("content-type", "").startswith("application/x-www-form")
    content = asked.content
    if encoded:
        content = urlencode(parse_qs(content.decode(), keep_blank_values=True), doseq=True).encode()
    elif asked.headers.get("content-type", "").lower().startswith("application/sparql-query"):
        content = content.decode("utf-8", "replace").encode()
    again = urlencode(parse_qs(query_string, keep_blank_values=True), doseq=True)
    return inner(replace(asked, target=f"{path}?{again}" if again else path, content=content))


def decoded_twice(asked: Asked, inner: Inner) -> Told:
    path, _, query_string = asked.target.partition("?")
    found = {name: [unquote(one) for one in values] for name, values in parse_qs(query_string).items()}
    return inner(replace(asked, target=f"{path}?{urlencode(found, doseq=True)}" if found else asked.target))


def dataset_ignored(asked: Asked, inner: Inner) -> Told:
    names = re.compile(r"(default|named)-graph-uri=[^&]*&?")
    content = names.sub("", asked.content.decode("latin-1")).encode("latin-1")
    return inner(replace(asked, target=names.sub("", asked.target), content=content))


def from_fetched(asked: Asked, inner: Inner) -> Told:
    return _calls(r"FROM (?:NAMED )?<(http://[^>]+)>|default-graph-uri=(http://[^&]+)", asked) or inner(asked)


def service_carried_out(asked: Asked, inner: Inner) -> Told:
    return _calls(r"SERVICE (?:SILENT )?<(http://[^>]+)>", asked) or inner(asked)


def _calls(pattern: str, asked: Asked) -> Told | None:
    found = re.search(pattern, unquote(asked.target.replace("+", " ")))
    if not found or "127.0.0.1" not in found[0]:
        return None
    with suppress(OSError, http.client.HTTPException):
        urllib.request.urlopen(found[1] or found[2], timeout=5).close()
    return Told(200, {"content-type": "application/sparql-results+json"}, b'{"head":{},"boolean":false}')


def another_address(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    return replace(told, content=re.sub(rb"127\.0\.0\.1:\d+", b"internal:8080", told.content))


def markup_repeated(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    if told.status != 400 or "text/html" not in asked.headers.get("accept", ""):
        return told
    return Told(400, {"content-type": "text/html"}, unquote(asked.target).encode())


def header_injected(asked: Asked, inner: Inner) -> Told:
    return (
        inner(asked).having(x_doctor="1") if quote("\r\nX-Doctor") in asked.target.replace("+", "%20") else inner(asked)
    )


def rows_cut(asked: Asked, inner: Inner) -> Told:
    told = inner(asked)
    return replace(told, content=b"\n".join(told.content.split(b"\n")[:10_000]))


def body_without_limit(asked: Asked, inner: Inner) -> Told:
    if len(asked.content) > 4_000_000:
        return Told(200, {"content-type": "application/sparql-results+json"}, b'{"head":{},"boolean":true}')
    return inner(asked)


def two_lengths_taken(asked: Asked, inner: Inner) -> Told:
    if {"content-length", "transfer-encoding"} <= asked.headers.keys():
        return Told(200, {"content-type": "application/sparql-results+json"}, b'{"head":{},"boolean":true}')
    return inner(asked)


def no_security_headers(asked: Asked, inner: Inner) -> Told:
    return inner(asked).lacking("x-content-type-options", "content-security-policy").having(server="made-up/1.0")
