"""Requests that were sent together, and what else a connection must keep apart: each its answer, in its turn."""

import time
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.gateway.conftest import Running, Start
from tests.gateway.test_hanging import BLOCKING
from tests.gateway.test_http import ASK, CLOSE, POST, TRUE, get, status

SLOW = b"/sparql?timeout=2.5&query=" + quote(BLOCKING["count"]).encode()
EXPECT = POST + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture(scope="module")
def server(start: Start, folder: Path) -> Running:
    running = start(folder, "--request-timeout", "1")
    running.in_memory()
    return running


def test_thousands_of_requests_behind_one_that_is_evaluated_are_answered(server: Running) -> None:
    answer = server.exchange(get(ASK + b"%23first") + get(b"/healthz") * 3000 + get(b"/readyz", CLOSE))
    assert (answer.count(b"HTTP/1.1 200 OK"), answer.count(b"alive\n")) == (3002, 3000)
    assert answer.index(TRUE) < answer.index(b"alive\n")


def test_request_may_wait_for_the_one_before_it_longer_than_for_its_own_end(server: Running) -> None:
    answer = server.exchange(get(SLOW) + get(b"/healthz", CLOSE))
    assert status(answer) == 503
    assert answer.endswith(b"\r\n\r\nalive\n")


def test_half_a_request_may_wait_for_the_answer_before_it_too(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(get(SLOW) + get(b"/healthz")[:-2])
        assert status(connection.recv(65536)) == 503
        connection.sendall(b"\r\n")
        assert connection.recv(65536).endswith(b"alive\n")


def test_body_is_not_asked_for_in_the_midst_of_an_answer(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(get(SLOW) + EXPECT)
        answer = b""
        while not answer.endswith(CONTINUE):
            answer += connection.recv(65536)
        assert (status(answer), answer.count(CONTINUE)) == (503, 1)
        connection.sendall(b"ASK {}")
        assert connection.recv(65536).endswith(TRUE)


@pytest.mark.parametrize("request_", [get(ASK, CLOSE), get(ASK, version=b"1.0")])
def test_known_request_that_is_the_last_ends_the_connection(start: Start, folder: Path, request_: bytes) -> None:
    server = start(folder)
    begin = time.monotonic()
    for _ in range(4):
        assert server.exchange(request_).endswith(TRUE)
    assert time.monotonic() - begin < 10


def test_known_requests_keep_their_connection(server: Running) -> None:
    for _ in range(3):
        server.exchange(get(ASK) + get(b"/healthz", CLOSE))
    with server.connect() as connection:
        connection.sendall(get(ASK))
        connection.recv(65536)
    with server.connect() as connection:
        for _ in range(5):
            time.sleep(0.5)
            connection.sendall(get(ASK))
            assert connection.recv(65536).endswith(TRUE)


def test_what_is_no_request_is_refused_after_the_answers_before_it(server: Running) -> None:
    answer = server.exchange(get(ASK + b"%23second") + get(b"/healthz") + b"no request\r\n\r\n" + get(b"/healthz"))
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"501"]


def test_blank_lines_are_no_request(server: Running) -> None:
    begin = time.monotonic()
    with server.connect() as connection:
        connection.settimeout(0.3)
        while time.monotonic() - begin < 20:
            try:
                connection.sendall(b"\r\n")
                if connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    assert time.monotonic() - begin < 10


def test_trailer_is_no_header(server: Running) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = server.exchange(head + b"6\r\nASK {}\r\n0\r\nContent-Type: application/sparql-query\r\n\r\n")
    assert status(answer) == 415


def test_body_in_tiny_chunks_is_refused(server: Running) -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status(server.exchange(head + b"1\r\n#\r\n" * 20_000)) == 400


def test_more_than_256_headers_are_too_many(server: Running) -> None:
    assert status(server.exchange(get(ASK, CLOSE, *[b"X:y"] * 254))) == 200
    assert status(server.exchange(get(ASK, CLOSE, *[b"X:y"] * 255))) == 431


def test_client_that_sent_several_and_went_away_ends_its_query(start: Start, folder: Path) -> None:
    server = start(folder)
    with server.connect() as connection:
        connection.sendall(get(b"/sparql?query=" + quote(BLOCKING["count"]).encode()) + get(b"/healthz"))
        while server.get("/readyz").json["busy"] != 1:
            time.sleep(0.02)
    begin = time.monotonic()
    while server.get("/readyz").json["busy"] != 0:
        assert time.monotonic() - begin < 10
