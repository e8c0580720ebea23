"""What another endpoint may do to us: nothing hangs, nothing is believed, and each failure says what it was."""

import time
from http.server import BaseHTTPRequestHandler

import pytest
from pyoxigraph import Store

from kg import __version__
from kg.federate.allowed import Allowed, Budget
from kg.federate.answers import Answers, RemoteFailed
from kg.federate.refused import Refused
from kg.federate.remote import Remote
from tests.federate.conftest import Run, StandIn, answer

QUERY = "SELECT ?x ?c { ?x ex:match ?i SERVICE <S> { ?i wd:code ?c } }"
SILENT = QUERY.replace("SERVICE", "SERVICE SILENT")
ROWS = b'{"head":{"vars":["c","i"]},"results":{"bindings":[]}}'


def slow(request: BaseHTTPRequestHandler) -> None:
    time.sleep(2)


def trickle(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "application/sparql-results+json")
    request.end_headers()
    try:
        for _ in range(40):
            request.wfile.write(b" ")
            request.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def trickling_headers(request: BaseHTTPRequestHandler) -> None:
    try:
        for sign in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40:
            request.wfile.write(bytes([sign]))
            time.sleep(0.05)
    except OSError:
        pass


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "application/sparql-results+json")
    request.end_headers()
    try:
        while True:
            request.wfile.write(b" " * 65536)
    except OSError:
        pass


def truncated(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, ROWS[:30], Content_Length=str(len(ROWS)))
    request.close_connection = True


def cut(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, ROWS[:30])


def server_error(request: BaseHTTPRequestHandler) -> None:
    answer(request, 500, b"java.lang.Error: \x1b[31mno\nat line 1", Content_Type="text/plain")


def html(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b"<html>welcome</html>", Content_Type="text/html; charset=utf-8")


def page_labelled_as_json(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b"<html>welcome</html>")


def gzipped(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b"\x1f\x8b", Content_Encoding="gzip")


def yes(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b'{"head":{},"boolean":true}')


def no_values(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, b'{"head":{"vars":["c"]},"results":{"bindings":[{"c":{"type":"literal","value":"x"}}]}}')


def unbound(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, ROWS.replace(b"[]", b'[{"c":{"type":"literal","value":"x"}}]'))


def injected(request: BaseHTTPRequestHandler) -> None:
    iri = b"http://x/> } SERVICE <http://127.0.0.1:1/> { ?s ?p <http://x/"
    row = b'{"i":{"type":"uri","value":"%s"},"c":{"type":"literal","value":"x"}}' % iri
    answer(request, 200, b'{"head":{"vars":["c","i"]},"results":{"bindings":[%s]}}' % row)


def redirect_elsewhere(request: BaseHTTPRequestHandler) -> None:
    answer(request, 307, b"", Location="http://127.0.0.1:1/other")


def redirect_to_a_file(request: BaseHTTPRequestHandler) -> None:
    answer(request, 302, b"", Location="file:///etc/hostname")


def redirect_to_itself(request: BaseHTTPRequestHandler) -> None:
    answer(request, 307, b"", Location="/sparql")


def busy(request: BaseHTTPRequestHandler) -> None:
    answer(request, 429, b"", Retry_After="0")


def busy_for_long(request: BaseHTTPRequestHandler) -> None:
    answer(request, 429, b"", Retry_After="120")


def busy_until_a_date(request: BaseHTTPRequestHandler) -> None:
    answer(request, 503, b"", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")


def busy_without_a_word(request: BaseHTTPRequestHandler) -> None:
    answer(request, 503, b"")


FAULTS = [
    (slow, 504, "did not answer in the time that this query has for other endpoints"),
    (trickle, 504, "did not answer in the time that this query has for other endpoints"),
    (trickling_headers, 504, "did not answer in the time that this query has for other endpoints"),
    (truncated, 502, "cannot be asked: peer closed connection without sending complete message body"),
    (cut, 502, "answered what is no SPARQL result in JSON"),
    (server_error, 502, "answered 500: java.lang.Error: [31mno"),
    (html, 502, "answered with text/html where application/sparql-results+json was asked for"),
    (page_labelled_as_json, 502, "answered what is no SPARQL result in JSON"),
    (gzipped, 502, "answered with application/sparql-results+json gzip where"),
    (yes, 502, "answered true or false, not with rows"),
    (no_values, 502, "answered without the values sent for ?i"),
    (unbound, 502, "answered without the values sent for ?i"),
    (injected, 502, "answered what is no SPARQL result in JSON: Invalid uri value"),
    (redirect_elsewhere, 502, "redirects to http://127.0.0.1:1/other, which is not on the list of endpoints"),
    (redirect_to_a_file, 502, "redirects to file:///etc/hostname, which is not on the list of endpoints"),
    (busy_for_long, 503, "answered 429 and asks to wait 120 seconds; ask again later"),
    (busy_without_a_word, 503, "answered 503 and does not say for how long; ask again later"),
]


@pytest.mark.parametrize(("fault", "status", "detail"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_fault_ends_in_time_and_says_what_it_was(
    fault: object, status: int, detail: str, run: Run, stand_in: StandIn
) -> None:
    stand_in.faults = [fault]  # type: ignore[list-item]
    began = time.monotonic()
    with pytest.raises(RemoteFailed) as caught:
        run(QUERY, seconds=0.5)
    assert time.monotonic() - began < 5
    assert caught.value.status == status
    assert f"{stand_in.url} {detail}" in caught.value.detail


@pytest.mark.parametrize("fault", [fault for fault, _, _ in FAULTS], ids=lambda value: value.__name__)
def test_silent_service_that_fails_is_one_empty_solution(
    fault: object, run: Run, stand_in: StandIn, local: Store
) -> None:
    stand_in.faults = [fault]  # type: ignore[list-item]
    rewritten = run(SILENT, seconds=0.5)
    assert len(list(local.query(rewritten.text))) == 5  # type: ignore[arg-type]
    assert rewritten.receipts[0].failed is not None


def test_endless_body_ends_with_the_bytes(run: Run, stand_in: StandIn) -> None:
    stand_in.faults = [endless]
    with pytest.raises(Refused, match="answered with more bytes than one query has") as caught:
        run(QUERY, size=1_000_000)
    assert caught.value.status == 400


def test_dead_port_is_told(run: Run, stand_in: StandIn) -> None:
    dead = Allowed(("http://127.0.0.1:1/sparql",))
    with Remote(dead, Budget()) as remote, pytest.raises(RemoteFailed, match=r"cannot be asked: .*refused") as caught:
        remote(dead.urls[0], "SELECT ?x {}", 10)
    assert caught.value.status == 502


@pytest.mark.parametrize("faults", [[busy], [busy, busy, busy], [busy_until_a_date], [redirect_to_itself] * 3])
def test_endpoint_that_asks_to_wait_is_asked_again(faults: list[object], run: Run, stand_in: StandIn) -> None:
    stand_in.faults = list(faults)  # type: ignore[arg-type]
    (receipt,) = run(QUERY).receipts
    assert (receipt.rows, receipt.requests) == (3, len(faults) + 1)


@pytest.mark.parametrize(("fault", "status"), [(busy, 503), (redirect_to_itself, 502)])
def test_endpoint_is_asked_four_times_at_most(fault: object, status: int, run: Run, stand_in: StandIn) -> None:
    stand_in.faults = [fault] * 9  # type: ignore[list-item]
    with pytest.raises(RemoteFailed) as caught:
        run(QUERY)
    assert caught.value.status == status
    assert len(stand_in.queries) == 4


def test_time_to_wait_is_passed_on(run: Run, stand_in: StandIn) -> None:
    stand_in.faults = [busy_for_long]
    with pytest.raises(RemoteFailed) as caught:
        run(QUERY)
    assert caught.value.headers == (("Retry-After", "120"),)


def test_request_says_who_asks_and_nothing_about_the_machine(run: Run, stand_in: StandIn) -> None:
    run(QUERY)
    (headers,) = stand_in.headers
    assert headers.pop("content-length").isdigit()
    assert headers == {
        "host": stand_in.url.split("/")[2],
        "user-agent": f"tipkg/{__version__} (+https://w3id.org/tipkg/)",
        "accept": "application/sparql-results+json",
        "accept-encoding": "identity",
        "content-type": "application/x-www-form-urlencoded",
    }


def test_kept_answer_is_used_until_it_is_too_old(stand_in: StandIn) -> None:
    now = [0.0]
    answers = Answers(100_000, seconds=60, now=lambda: now[0])
    allowed = Allowed((stand_in.url,))
    ages = []
    for now[0] in (0.0, 20.0, 60.5, 61.0):
        with Remote(allowed, Budget(), answers) as remote:
            got = remote(stand_in.url, "SELECT ?x { VALUES ?x { 1 2 } }", 10)
            ages.append((got.age, got.requests, len(got.rows)))
    assert ages == [(None, 1, 2), (20.0, 0, 2), (None, 1, 2), (0.5, 0, 2)]


def test_kept_answers_are_bounded_in_bytes() -> None:
    answers = Answers(10, seconds=60)
    for name in ("a", "b", "c"):
        answers.put("http://x/", name, b"12345")
    assert [answers.get("http://x/", name) is not None for name in ("a", "b", "c")] == [False, True, True]
