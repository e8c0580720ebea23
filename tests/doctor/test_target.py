"""Addresses that are none, hosts that do not answer, what is no SPARQL endpoint: told before anything is examined."""

import socket
from collections.abc import Callable
from contextlib import closing

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from kg.doctor.run import Options, examine
from kg.doctor.table import packaged
from kg.doctor.target import DoctorError, Target, target
from tests.doctor import planted


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost:7878/sparql", "give scheme and host, such as http://localhost:7878/sparql"),
        ("ftp://localhost/sparql", "an endpoint is at http:// or https:// and a host"),
        ("http:///sparql", "an endpoint is at http:// or https:// and a host"),
        ("http://user:secret@localhost/sparql", "without user and password"),
        ("http://localhost/sparql?query=ASK", r"without \?, # and blanks"),
        ("http://localhost/sp\u00e4rql", "give the URL in ASCII"),
        ("http://localhost:99999/sparql", "[Pp]ort"),
        ("http://[::1/sparql", "is no URL: Invalid IPv6 URL"),
        ("http://host.invalid/sparql", "there is no host 'host.invalid'"),
    ],
)
def test_address_that_is_none_is_refused(url: str, message: str) -> None:
    with pytest.raises(DoctorError, match=message) as caught:
        target(url)
    assert "secret" not in str(caught.value)


def test_address_is_taken_apart() -> None:
    assert target("http://127.0.0.1:7878/a/sparql") == Target(
        url="http://127.0.0.1:7878/a/sparql",
        secure=False,
        host="127.0.0.1",
        port=7878,
        authority="127.0.0.1:7878",
        path="/a/sparql",
        loopback=True,
    )


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("[::1]", True), ("192.0.2.1", False)])
def test_machine_of_its_own_is_known(host: str, loopback: bool) -> None:
    assert target(f"http://{host}/sparql").loopback is loopback


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ("", "http://127.0.0.1/tip/sparql/"),
        ("healthz", "http://127.0.0.1/tip/healthz"),
        ("/.well-known/void", "http://127.0.0.1/.well-known/void"),
    ],
)
def test_places_lie_beside_the_endpoint(place: str, url: str) -> None:
    assert target("http://127.0.0.1/tip/sparql/").at(place) == url


def refused(url: str, message: str) -> None:
    with pytest.raises(DoctorError, match=message):
        examine(target(url), packaged(), Options(seconds=5))


def test_dead_port_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    refused(f"http://127.0.0.1:{port}/sparql", r"is not reached: .*refused; does the server run, and on this port\?")


def test_silent_port_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        asked = target(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(DoctorError, match=r"no whole answer within 0\.5 s"):
            examine(asked, packaged(), Options(seconds=0.5))


def answering(respond: Callable[[], PlainTextResponse | RedirectResponse]) -> Starlette:
    async def everything(_: object) -> PlainTextResponse | RedirectResponse:
        return respond()

    return Starlette(routes=[Route("/{path:path}", everything, methods=["GET", "POST"])])


@pytest.mark.parametrize(
    ("respond", "message"),
    [
        (lambda: PlainTextResponse("hello"), r"is no SPARQL endpoint: .* GET 200 text/plain: hello; POST 200"),
        (lambda: PlainTextResponse("no", 404), r"is no SPARQL endpoint: .* GET 404 text/plain: no"),
        (lambda: PlainTextResponse("no", 401), r"asks for a password"),
        (lambda: RedirectResponse("/query?query=x"), r"redirects \(status 307\): give .* http://[^ ]+/query$"),
    ],
)
def test_what_is_no_endpoint_is_told(respond: Callable[[], PlainTextResponse | RedirectResponse], message: str) -> None:
    with planted.serving(answering(respond), planted.none) as url:
        refused(url, message)


def test_https_at_a_port_of_http_is_told() -> None:
    with planted.serving(answering(lambda: PlainTextResponse("x")), planted.none) as url:
        refused(url.replace("http:", "https:"), r"does it speak https at this port \(else give http://\)")
