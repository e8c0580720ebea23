"""The server once on a real socket of the loopback interface."""

import errno
import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import pytest

from kg.serve.listen import ListenError, bind

SERVER = """
from pyoxigraph import Store
from kg.serve.app import create_app
from kg.serve.endpoint import Limits
from kg.serve.listen import serve

store = Store()
store.update('INSERT DATA { <x:a> <x:b> ' + ', '.join(f'<x:{n}>' for n in range(300)) + ' }')
app = create_app(store, build_id='1', questions=[], limits=Limits(seconds=2))
serve(app, host='127.0.0.1', port=0, on_ready=lambda host, port: print(port, flush=True))
"""
TRUE = b'{"head":{},"boolean":true}'
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield int(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 0


def get(port: int, text: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", f"/sparql?{urlencode({'query': text})}")
        response = connection.getresponse()
        return response.status, response.read()


def exchange(port: int, request: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_query_is_answered(port: int) -> None:
    assert get(port, "ASK { ?s ?p ?o }") == (200, TRUE)


def test_long_query_in_the_address_is_answered(port: int) -> None:
    assert get(port, "ASK {} #" + "x" * 8000) == (200, TRUE)


def test_head_leaves_the_connection_in_order(port: int) -> None:
    first = b"HEAD /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
    second = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = exchange(port, first + second)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.count(TRUE) == 1


def test_large_body_is_refused_before_it_is_sent(port: int) -> None:
    assert exchange(port, POST + b"Content-Length: 33554432\r\n\r\n").startswith(b"HTTP/1.1 413 ")


def test_large_chunked_body_is_refused_while_it_comes(port: int) -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"#" * 0x100000 + b"\r\n"
    assert exchange(port, head + chunk * 4 + b"1\r\n#\r\n").startswith(b"HTTP/1.1 413 ")


def test_two_lengths_are_refused(port: int) -> None:
    answer = exchange(port, POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_blocking_query_is_503_and_others_are_served_meanwhile(port: int) -> None:
    begin = time.monotonic()
    with ThreadPoolExecutor(1) as background:
        slow = background.submit(get, port, f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}")
        assert get(port, "ASK {}") == (200, TRUE)
        assert time.monotonic() - begin < 1.5
        assert slow.result()[0] == 503
    assert 2 <= time.monotonic() - begin < 4


def test_streaming_query_is_broken_off_at_the_deadline(port: int) -> None:
    with pytest.raises(http.client.IncompleteRead):
        get(port, f"SELECT * {{ {PRODUCT} }}")


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_value_that_xml_cannot_hold_breaks_off_what_has_begun(port: int, coding: str) -> None:
    numbers = " ".join(map(str, range(30_000)))
    query = f"SELECT (IF(?n = 29999, '\\u0001', 'a value of some length') AS ?x) {{ VALUES ?n {{ {numbers} }} }}"
    form = urlencode({"query": query, "format": "xml"}).encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {coding}\r\nContent-Length: {len(form)}\r\n"
    answer = exchange(port, f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + form)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"transfer-encoding: chunked\r\n" in answer.lower()
    assert not answer.endswith(b"0\r\n\r\n")


def test_head_of_a_streamed_answer_names_no_length(port: int) -> None:
    query = urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"})
    answer = exchange(port, f"HEAD /sparql?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"content-length" not in answer.lower()
    assert answer.endswith(b"\r\n\r\n")


def test_forwarded_headers_are_not_believed_from_this_machine_either(port: int) -> None:
    head = b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n"
    assert b"sd:endpoint <http://x/sparql>" in exchange(port, head + b"Connection: close\r\n\r\n")


def test_taken_port_is_answered_with_the_next_free_one() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] <= port + 20


def test_unknown_host_is_named() -> None:
    with pytest.raises(ListenError, match=r"^'host.invalid' is no address to listen on: .+"):
        bind("host.invalid", 7878)


def test_host_of_another_machine_is_named() -> None:
    with pytest.raises(ListenError, match=r"^port 7878 of 192\.0\.2\.1 cannot be listened on: .+ give another --host$"):
        bind("192.0.2.1", 7878)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (
            errno.EACCES,
            "port 80 of 127.0.0.1 cannot be listened on: no; ports below 1024 are for the system: give another --port",
        ),
        (errno.EADDRINUSE, "ports 80 to 100 of 127.0.0.1 are all taken: give another --port"),
    ],
)
def test_port_that_cannot_be_had_is_named(monkeypatch: pytest.MonkeyPatch, number: int, message: str) -> None:
    def bind_by_the_system(listener: socket.socket, address: tuple[str, int]) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(socket.socket, "bind", bind_by_the_system)
    with pytest.raises(ListenError) as caught:
        bind("127.0.0.1", 80)
    assert str(caught.value) == message
