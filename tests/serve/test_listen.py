"""The server once on a real socket of the loopback interface."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from kg.serve.listen import bind

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


def get(port: int, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, headers=headers)
    return connection.getresponse()


def exchange(port: int, request: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_query_is_answered(port: int) -> None:
    response = get(port, "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
    assert (response.status, response.read()) == (200, b'{"head":{},"boolean":true}')


def test_long_query_in_the_address_is_answered(port: int) -> None:
    assert get(port, "/sparql?query=ASK%7B%7D%23" + "x" * 8000).status == 200


def test_head_leaves_the_connection_in_order(port: int) -> None:
    first = b"HEAD /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
    second = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = exchange(port, first + second)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.count(b'{"head":{},"boolean":true}') == 1


def test_large_body_is_refused_before_it_is_sent(port: int) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 33554432\r\n\r\n"
    assert exchange(port, head).startswith(b"HTTP/1.1 413 ")


def test_large_chunked_body_is_refused_while_it_comes(port: int) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"#" * 0x100000 + b"\r\n"
    assert exchange(port, head + chunk * 4 + b"1\r\n#\r\n").startswith(b"HTTP/1.1 413 ")


def test_two_lengths_are_refused(port: int) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    answer = exchange(port, head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_blocking_query_is_503_and_others_are_served_meanwhile(port: int) -> None:
    slow = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    begin = time.monotonic()
    slow.request(
        "GET", f"/sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%7B{PRODUCT.replace(' ', '%20').replace('?', '%3F')}%7D"
    )
    assert get(port, "/sparql?query=ASK%7B%7D").status == 200
    assert time.monotonic() - begin < 1.5
    answer = slow.getresponse()
    assert (answer.status, answer.getheader("Retry-After")) == (503, "60")
    assert time.monotonic() - begin < 4


def test_streaming_query_is_broken_off_at_the_deadline(port: int) -> None:
    response = get(port, f"/sparql?query=SELECT%20*%7B{PRODUCT.replace(' ', '%20').replace('?', '%3F')}%7D")
    assert response.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        response.read()


def test_taken_port_is_answered_with_the_next_free_one() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] <= port + 20


def test_unknown_host_is_an_oserror() -> None:
    with pytest.raises(OSError, match=r".+"):
        bind("host.invalid", 7878)
