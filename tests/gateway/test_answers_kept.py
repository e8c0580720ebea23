"""Answers that are kept while a build is served: the same bytes, for the same request only."""

import asyncio
import io
import time
from pathlib import Path
from typing import cast

import pytest

from kg.gateway.cache import Cache, Kept, is_known
from kg.gateway.frames import Head, Request
from kg.gateway.gateway import Gateway, _field
from kg.gateway.job import Job
from kg.gateway.limits import Limits
from kg.gateway.pool import Pool
from kg.gateway.watcher import Watcher
from tests.gateway.conftest import JSON, Running, Start
from tests.gateway.test_channel import Reply

QUERY = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203"


@pytest.fixture(scope="module")
def server(start: Start, folder: Path) -> Running:
    return start(folder)


def hits(server: Running) -> float:
    time.sleep(0.3)  # for a moment the text is the one before
    lines = server.get("/metrics").body.decode().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("tipkg_cache_hits_total")))


def test_repeated_query_is_answered_from_the_cache(server: Running) -> None:
    first = server.get(QUERY)
    before = hits(server)
    for _ in range(3):
        again = server.get(QUERY)
        assert (again.status, again.body, again.headers["etag"]) == (200, first.body, first.headers["etag"])
    assert hits(server) == before + 3


MANY = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%20.%20%3Ft%20%3Fq%20%3Fr%7D%20LIMIT%20"
LARGER, TOO_LARGE = MANY + "400", MANY + "20000"


def test_answer_in_pieces_is_kept_whole(server: Running) -> None:
    first = server.get(LARGER)
    assert 64 * 1024 < len(first.body) < 512 * 1024
    assert first.headers["transfer-encoding"] == "chunked"
    before = hits(server)
    again = server.get(LARGER)
    assert (again.status, again.body, again.headers["etag"]) == (200, first.body, first.headers["etag"])
    assert again.headers["content-length"] == str(len(first.body))
    known = server.get(LARGER, JSON | {"If-None-Match": first.headers["etag"]})
    assert (known.status, known.body, "content-length" in known.headers) == (304, b"", False)
    assert hits(server) == before + 2


def test_answer_in_many_pieces_is_not_kept(server: Running) -> None:
    assert len(server.get(TOO_LARGE).body) > 512 * 1024
    before = hits(server)
    assert server.get(TOO_LARGE).status == 200
    assert hits(server) == before


def test_head_of_an_answer_in_pieces_keeps_nothing_for_get(server: Running) -> None:
    larger = f"{LARGER}%23"
    assert server.request("HEAD", larger, None, JSON).body == b""
    assert len(server.get(larger).body) > 64 * 1024


def test_other_format_is_another_answer(server: Running) -> None:
    server.get(QUERY)
    assert server.get(QUERY, {"Accept": "text/csv"}).headers["content-type"].startswith("text/csv")
    assert server.get(QUERY, JSON).headers["content-type"] == "application/sparql-results+json"


def test_other_host_is_another_answer(server: Running) -> None:
    turtle = {"Accept": "text/turtle"}
    answers = [server.get("/sparql", turtle | {"Host": host}).body.decode() for host in ("one.example", "two.example")]
    assert "http://one.example/sparql" in answers[0]
    assert "http://two.example/sparql" in answers[1]


def test_known_answer_is_304_with_its_headers(server: Running) -> None:
    etag = server.get(QUERY).headers["etag"]
    for _ in range(2):
        answer = server.get(QUERY, JSON | {"If-None-Match": f'"other", {etag}'})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
        assert {"vary", "cache-control", "date", "content-security-policy"} <= answer.headers.keys()
        assert "content-length" not in answer.headers
    assert server.get(QUERY, JSON | {"If-None-Match": '"other"'}).status == 200


def test_head_has_the_headers_of_get_and_no_body(server: Running) -> None:
    got, head = server.get(QUERY), server.request("HEAD", QUERY, None, JSON)
    again = server.request("HEAD", QUERY, None, JSON)
    assert head.body == again.body == b""
    differing = {"date", "query-id"}
    for name in got.headers.keys() - differing:
        assert head.headers[name] == again.headers[name] == got.headers[name]


def test_posted_query_is_kept_with_its_body(server: Running) -> None:
    headers = JSON | {"Content-Type": "application/sparql-query"}
    answers = [
        server.request("POST", "/sparql", body, headers).body for body in (b"ASK {}", b"ASK { <x:a> <x:b> 1 }") * 2
    ]
    assert answers == [b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'] * 2


@pytest.mark.parametrize("call", ["RAND()", "NOW()", "UUID()", "STRUUID()"])
def test_answer_that_changes_is_not_kept(server: Running, call: str) -> None:
    query = f"/sparql?query=SELECT%20({call}%20AS%20%3Fx)%20%7B%7D"
    bodies = [server.get(query).body for _ in range(4)]
    assert server.get(query).headers["cache-control"] == "no-store"
    assert len(set(bodies)) > 1


def test_range_is_cut_every_time(server: Running) -> None:
    for _ in range(2):
        assert server.get(QUERY, JSON | {"Range": "bytes=0-3"}).status == 200


def test_error_is_not_kept(server: Running) -> None:
    before = hits(server)
    for _ in range(2):
        assert server.get("/sparql?query=ASK").status == 400
    assert hits(server) == before


# The cache by itself.


def request(target: bytes, *headers: tuple[bytes, bytes], body: bytes = b"") -> Request:
    path, _, query = target.partition(b"?")
    return Request(b"GET", target, path, query, headers, body, None, None)


def put(cache: Cache, target: bytes, body: bytes) -> Kept | None:
    key = cache.key(request(target))
    assert key is not None
    return cache.put(key, Head(200, b"etag: x\r\n", len(body), b"x", keep=True), body)


def kept(cache: Cache, target: bytes) -> bool:
    key = cache.key(request(target))
    return key is not None and cache.get(key) is not None


def test_cache_stays_within_its_bytes_and_lets_the_oldest_go() -> None:
    cache = Cache(10_000)
    for number in range(100):
        put(cache, b"/%d" % number, b"x" * 1000)
        assert cache.size <= 10_000
    assert [number for number in range(100) if kept(cache, b"/%d" % number)] == list(range(94, 100))


def test_answer_that_was_used_stays() -> None:
    cache = Cache(10_000)
    for number in range(100):
        put(cache, b"/%d" % number, b"x" * 1000)
        assert kept(cache, b"/0")


def test_answer_that_was_used_by_the_bytes_of_its_request_stays() -> None:
    cache = Cache(10_000)
    put(cache, b"/0", b"x" * 1000)
    answer = cache.get(cache.key(request(b"/0")) or (b"", b"", b"", ()))
    assert answer is not None
    cache.put_raw(b"GET /0 ...", (answer, False))
    for number in range(1, 100):
        put(cache, b"/%d" % number, b"x" * 1000)
        assert cache.get_raw(b"GET /0 ...") == (answer, False)


def test_answer_larger_than_the_cache_is_not_kept() -> None:
    cache = Cache(10_000)
    put(cache, b"/", b"x" * 20_000)
    assert (kept(cache, b"/"), cache.size) == (False, 0)


def test_bytes_of_a_request_lead_to_its_answer_until_that_is_gone() -> None:
    cache = Cache(10_000)
    put(cache, b"/", b"x")
    answer = cache.get(cache.key(request(b"/")) or (b"", b"", b"", ()))
    assert answer is not None
    cache.put_raw(b"GET / ...", (answer, False))
    assert cache.get_raw(b"GET / ...") == (answer, False)
    cache.clear()
    assert cache.get_raw(b"GET / ...") is None


def test_bytes_of_a_request_whose_answer_was_crowded_out_lead_nowhere() -> None:
    cache = Cache(10_000)
    put(cache, b"/", b"x")
    answer = cache.get(cache.key(request(b"/")) or (b"", b"", b"", ()))
    assert answer is not None
    cache.put_raw(b"GET / ...", (answer, False))
    for number in range(20):
        put(cache, b"/%d" % number, b"x" * 1000)
    assert cache.get_raw(b"GET / ...") is None


@pytest.mark.parametrize("name", [b"range", b"if-range", b"authorization"])
def test_request_with_such_a_header_has_no_key(name: bytes) -> None:
    assert Cache(10_000).key(request(b"/", (name, b"x"))) is None


@pytest.mark.parametrize(
    ("given", "known"),
    [(b'"a"', True), (b'W/"a"', True), (b'"b", W/"a"', True), (b'"b"', False), (b"a", False), (b"", False)],
)
def test_etags_are_compared_weakly(given: bytes, known: bool) -> None:
    assert is_known(given, b'W/"a"') is known


def test_answer_that_was_crowded_out_holds_no_memory() -> None:
    cache = Cache(10_000)
    put(cache, b"/", b"x" * 5000)
    answer = cache.get(cache.key(request(b"/")) or (b"", b"", b"", ()))
    assert answer is not None
    cache.put_raw(b"GET / ...", (answer, False))
    put(cache, b"/other", b"x" * 9000)
    assert (answer.valid, answer.after, answer.after_304) == (False, b"", b"")


def test_answer_that_is_put_into_a_full_cache_is_there() -> None:
    cache = Cache(20_000)
    first = put(cache, b"/first", b"x" * 9000)
    assert first is not None
    cache.put_raw(b"GET /first ...", (first, False))
    cache.get_raw(b"GET /first ...")
    second = put(cache, b"/second", b"y" * 12_000)
    assert second is not None
    assert (first.valid, second.valid, second.after.endswith(b"y")) == (False, True, True)
    assert cache.size == second.size


def test_answer_of_the_build_before_is_not_kept() -> None:
    async def main() -> list[int]:
        limits = Limits()
        gateway = Gateway(limits, Watcher(limits, lambda: 0.0, io.StringIO()))
        gateway.pool = now = cast("Pool", object())
        sizes = []
        for pool in (object(), now):
            key = gateway.cache.key(request(b"/"))
            job = Job(request(b"/"), Reply(), client="", seconds=1, since=0, key=key)
            job.pool = cast("Pool", pool)
            gateway.keep(job, Head(200, b"etag: x\r\n", 1, b"x", keep=True), b"x")
            sizes.append(gateway.cache.size)
        return [size > 0 for size in sizes]

    assert asyncio.run(main()) == [False, True]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (b"timeout=2", b"2"),
        (b"a=1&timeout=0.5&timeout=3", b"0.5"),
        (b"xtimeout=2", b""),
        (b"a=timeout=2", b""),
        (b"&" * 1_000_000 + b"timeout=7", b"7"),
        (b"timeout=" + b"1" * 100, b"1" * 40),
    ],
)
def test_time_is_found_in_a_form(form: bytes, value: bytes) -> None:
    assert _field(form) == value
