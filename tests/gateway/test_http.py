"""HTTP/1.1 on the socket: limits in size and time, several requests on one connection, what is no request at all."""

import contextlib
import gzip
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.gateway.conftest import JSON, Running, Start, until
from tests.gateway.test_hanging import BLOCKING

TRUE = b'{"head":{},"boolean":true}'
ASK = b"/sparql?query=ASK%7B%7D"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def server(start: Start, folder: Path) -> Running:
    return start(folder, "--request-timeout", "1", "--connections", "100")


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def get(target: bytes, *headers: bytes, version: bytes = b"1.1") -> bytes:
    return b"\r\n".join([b"GET %b HTTP/%b" % (target, version), b"Host: x", *headers, b"", b""])


CLOSE = b"Connection: close"


def test_answer_has_status_date_and_length(server: Running) -> None:
    head, _, body = server.exchange(get(ASK, CLOSE)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
    assert b"\r\ncontent-length: %d\r\n" % len(body) in head
    assert body == TRUE


def test_several_requests_sent_at_once_are_answered_in_order(server: Running) -> None:
    paths = [b"/healthz", ASK, b"/sparql?query=ASK%7B%3Cx:a%3E+%3Cx:b%3E+1%7D", ASK, b"/healthz"]
    requests = b"".join(get(path) for path in paths[:-1]) + get(paths[-1], CLOSE)
    answer = server.exchange(requests)
    order = sorted([(answer.find(b"alive"), "h"), (answer.find(b"false"), "f"), (answer.find(b"true"), "t")])
    assert answer.count(b"HTTP/1.1 200 OK") == 5
    assert [name for _, name in order] == ["h", "t", "f"]


def test_known_and_unknown_requests_sent_at_once_do_not_mix(server: Running) -> None:
    server.exchange(get(ASK) + get(b"/healthz", CLOSE))
    for _ in range(3):
        answer = server.exchange(get(ASK) + get(b"/healthz", CLOSE))
        assert (answer.count(TRUE), answer.count(b"alive")) == (1, 1)


def test_request_in_small_pieces_is_answered(server: Running) -> None:
    request = POST + b"Content-Length: 6\r\nConnection: close\r\n\r\nASK {}"
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request:
            connection.sendall(bytes([byte]))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert (status(answer), answer.endswith(TRUE)) == (200, True)


def test_head_leaves_the_connection_in_order(server: Running) -> None:
    head = b"HEAD " + ASK + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = server.exchange(head + get(ASK, CLOSE))
    assert (answer.count(b"HTTP/1.1 200 OK"), answer.count(TRUE)) == (2, 1)


def test_old_client_gets_an_answer_that_ends_with_the_connection(server: Running) -> None:
    query = b"/sparql?query=SELECT*%7B?a?b?c.?d?e?f%7D"
    answer = server.exchange(get(query.replace(b"?a?b?c.?d?e?f", b"%3Fa%20%3Fb%20%3Fc"), version=b"1.0"))
    assert status(answer) == 200
    assert b"transfer-encoding" not in answer
    assert answer.endswith(b"]}}")


def test_body_is_asked_for_when_the_client_waits(server: Running) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"Content-Length: 6\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK {}")
        assert status(connection.recv(65536)) == 200


def test_large_body_is_refused_before_it_is_sent(server: Running) -> None:
    head = POST + b"Content-Length: 33554432\r\nExpect: 100-continue\r\n\r\n"
    assert status(server.exchange(head)) == 413


def test_large_chunked_body_is_refused_while_it_comes(server: Running) -> None:
    chunk = b"100000\r\n" + b"#" * 0x100000 + b"\r\n"
    answer = server.exchange(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 4 + b"1\r\n#\r\n")
    assert status(answer) == 413


def test_body_of_the_largest_size_is_read(server: Running) -> None:
    body = b"ASK {} #" + b"x" * (4 * 1024 * 1024 - 8)
    answer = server.request("POST", "/sparql", body, JSON | {"Content-Type": "application/sparql-query"})
    assert (answer.status, answer.body) == (200, TRUE)


@pytest.mark.parametrize(("size", "wanted"), [(8_000, 200), (60_000, 200), (70_000, 414)])
def test_address_may_have_64_kib(server: Running, size: int, wanted: int) -> None:
    assert status(server.exchange(get(ASK + b"%23" + b"x" * size, CLOSE))) == wanted


@pytest.mark.parametrize(("size", "wanted"), [(60_000, 200), (70_000, 431)])
def test_headers_may_have_64_kib(server: Running, size: int, wanted: int) -> None:
    assert status(server.exchange(get(ASK, b"X-Long: " + b"x" * size, CLOSE))) == wanted


def test_many_headers_are_too_many(server: Running) -> None:
    assert status(server.exchange(get(ASK, *[b"X: y"] * 20_000, CLOSE))) == 431


MALFORMED = {
    "nothing like it": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n",
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}",
    "a length that is none": POST + b"Content-Length: +5\r\n\r\nASK{}",
    "a negative length": POST + b"Content-Length: -5\r\n\r\nASK{}",
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "another coding": POST + b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
    "a chunk size that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a host that is none": b"GET / HTTP/1.1\r\nHost: a> <b\r\n\r\n",
    "a host with a path": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "a blank before the colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
    "a null byte": b"GET / HTTP/1.1\r\nHost: a\r\nX: y\x00z\r\n\r\n",
    "bytes above ASCII in the address": b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank in the address": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_request_is_400_and_the_connection_closed(server: Running, name: str) -> None:
    answer = server.exchange(MALFORMED[name])
    # What begins with no letter is taken for an unknown method.
    assert status(answer) == (501 if name == "nothing like it" else 400)
    assert b"\r\nconnection: close\r\n" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_unknown_method_is_refused(server: Running) -> None:
    assert status(server.exchange(b"BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n")) == 501


@pytest.mark.parametrize("host", [b"", b"x", b"x:80", b"127.0.0.1:7878", b"[::1]:80", b"xn--a.example", b"a_b"])
def test_host_is_taken(server: Running, host: bytes) -> None:
    answer = server.exchange(b"GET %b HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % (ASK, host))
    assert status(answer) == 200


def test_another_version_is_refused(server: Running) -> None:
    for request in (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /\r\n\r\n"):
        assert status(server.exchange(request)) in (400, 505)


def test_tunnel_is_refused(server: Running) -> None:
    answer = server.exchange(b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n")
    assert status(answer) == 405


def test_upgrade_is_left_aside(server: Running) -> None:
    headers = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")
    answer = server.exchange(get(ASK, *headers))
    assert (status(answer), answer.endswith(TRUE)) == (200, True)


@pytest.mark.parametrize(
    "held", [b"", b"\r\n", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", POST + b"Content-Length: 9\r\n\r\nASK"]
)
def test_request_that_does_not_come_to_its_end_is_ended(server: Running, held: bytes) -> None:
    begin = time.monotonic()
    answer = server.exchange(held)
    assert 0.5 < time.monotonic() - begin < 10
    assert answer == b"" or status(answer) == 408


def test_trickling_does_not_help(server: Running) -> None:
    begin = time.monotonic()
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with contextlib.suppress(OSError):
            while time.monotonic() - begin < 20:
                connection.sendall(b"X: y\r\n")
                time.sleep(0.1)
    assert time.monotonic() - begin < 10


def test_64_clients_at_once_are_all_served(server: Running) -> None:
    with ThreadPoolExecutor(64) as clients:
        asked = [clients.submit(server.ask, f"ASK {{ FILTER({number} = {number}) }}") for number in range(64)]
        assert {one.result().status for one in asked} == {200}


def test_more_connections_than_allowed_are_told_so(start: Start, folder: Path) -> None:
    few = start(folder, "--connections", "3")
    held = [few.connect() for _ in range(3)]
    for connection in held:
        connection.sendall(get(b"/sparql?query=" + quote(BLOCKING["count"]).encode()))
    until(lambda: status(few.exchange(get(ASK))) == 503)
    for connection in held:
        connection.close()
    until(lambda: status(few.exchange(get(ASK, CLOSE))) == 200)


def test_connection_that_is_idle_gives_way_to_a_new_one(start: Start, folder: Path) -> None:
    few = start(folder, "--connections", "3")
    held = [few.connect() for _ in range(3)]
    for connection in held:
        connection.sendall(get(b"/healthz"))
        assert status(connection.recv(65536)) == 200
    held += [few.connect() for _ in range(2)]
    assert [held[0].recv(1), held[1].recv(1)] == [b"", b""]
    for connection in held[2:]:
        connection.sendall(get(ASK))
        assert status(connection.recv(65536)) == 200
    for connection in held:
        connection.close()


def test_compressed_answer_can_be_read(server: Running) -> None:
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s"
    path = "/sparql?query=" + query.replace(" ", "%20").replace("?", "%3F")
    plain = server.get(path, JSON | {"Accept-Encoding": "identity"})
    packed = server.get(path, JSON | {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_connection_that_waits_for_a_request_may_be_used_again(server: Running) -> None:
    with server.connect() as connection:
        for _ in range(2):
            connection.sendall(get(ASK))
            assert status(connection.recv(65536)) == 200
            time.sleep(1.5)


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_value_that_xml_cannot_hold_breaks_off_what_has_begun(server: Running, coding: str) -> None:
    numbers = " ".join(map(str, range(30_000)))
    query = f"SELECT (IF(?n = 29999, '\\u0001', 'a value of some length') AS ?x) {{ VALUES ?n {{ {numbers} }} }}"
    form = urlencode({"query": query, "format": "xml"}).encode()
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head += b"Accept-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(form))
    answer = server.exchange(head + form)
    assert status(answer) == 200
    assert b"transfer-encoding: chunked\r\n" in answer
    assert not answer.endswith(b"0\r\n\r\n")


def test_head_of_a_streamed_answer_names_no_length(server: Running) -> None:
    query = urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}).encode()
    answer = server.exchange(b"HEAD /sparql?%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % query)
    assert status(answer) == 200
    assert b"content-length" not in answer
    assert answer.endswith(b"\r\n\r\n")


def test_forwarded_headers_are_not_believed_from_this_machine_either(server: Running) -> None:
    answer = server.exchange(get(b"/sparql", b"X-Forwarded-Proto: https", b"X-Forwarded-For: 192.0.2.1", CLOSE))
    assert b"sd:endpoint <http://x/sparql>" in answer


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "application/sparql-results+xml"])
def test_answer_over_the_limit_is_announced_and_never_whole(start: Start, folder: Path, accept: str) -> None:
    few = start(folder, "--result-rows", "200")
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 150"})
    answer = few.get(path, {"Accept": accept})
    assert (answer.status, answer.headers["result-limit"]) == (200, f"rows=200, bytes={512 << 20}")
    path = "/sparql?" + urlencode({"query": "SELECT (STR(?s) AS ?x) { ?s ?p ?o }"})
    request = get(path.encode(), b"Accept: " + accept.encode(), CLOSE)
    whole = few.exchange(request)
    assert not whole.endswith(b"\r\n0\r\n\r\n")
    assert status(whole) == 400 or b"transfer-encoding: chunked" in whole
