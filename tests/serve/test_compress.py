"""gzip: when it is asked for, and when it is worth it."""

import asyncio
import gzip
import zlib

import pytest
from starlette.types import Message, Receive, Scope, Send

from kg.serve.compress import Compression
from tests.serve.conftest import Ask

GZIP = {"Accept-Encoding": "gzip"}


def rows(count: int) -> dict[str, str]:
    values = " ".join(f"({number})" for number in range(count))
    return {"query": f"SELECT ?x {{ VALUES (?x) {{ {values} }} }}", "format": "csv"}


@pytest.mark.parametrize("count", [1000, 30_000], ids=["whole", "streamed"])
def test_compressed_answer_is_the_same(ask: Ask, count: int) -> None:
    plain = ask("POST", "/sparql", data=rows(count))
    packed = ask("POST", "/sparql", data=rows(count), headers=GZIP)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers.get("content-length", "0")) < len(plain.content)
    assert packed.content == plain.content
    assert ("content-length" in packed.headers) is ("content-length" in plain.headers) is (count == 1000)


@pytest.mark.parametrize("accept", ["identity", "gzip;q=0", "br"])
def test_uncompressed_answer_for_who_does_not_ask(ask: Ask, accept: str) -> None:
    response = ask("GET", "/sparql", params=rows(1000), headers={"Accept-Encoding": accept})
    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_small_answer_is_not_compressed(ask: Ask) -> None:
    response = ask("GET", "/sparql", params={"query": "ASK {}"}, headers=GZIP)
    assert "content-encoding" not in response.headers
    assert response.headers["content-length"] == "26"


@pytest.mark.parametrize("count", [1, 1000])
def test_head_is_labelled_as_get(ask: Ask, count: int) -> None:
    got, head = (ask(method, "/sparql", params=rows(count), headers=GZIP) for method in ("GET", "HEAD"))
    assert (head.content, head.headers) == (b"", got.headers)


def test_head_of_a_streamed_answer_has_no_length(ask: Ask) -> None:
    pattern = ". ".join(f"?s{place} ?p{place} ?o{place}" for place in range(8))
    parameters = {"query": f"SELECT * {{ {pattern} }}"}
    got, head = (ask(method, "/sparql", params=parameters, headers=GZIP) for method in ("GET", "HEAD"))
    assert (got.status_code, head.headers, head.content) == (200, got.headers, b"")
    assert head.headers["content-encoding"] == "gzip"
    assert "content-length" not in head.headers


def test_etag_holds_for_both_codings(ask: Ask) -> None:
    plain, packed = (ask("GET", "/sparql", params=rows(1000), headers=headers) for headers in ({}, GZIP))
    assert plain.headers["etag"] == packed.headers["etag"]
    again = ask("GET", "/sparql", params=rows(1000), headers=GZIP | {"If-None-Match": packed.headers["etag"]})
    assert (again.status_code, "content-encoding" in again.headers) == (304, False)
    assert again.headers["vary"] == "Accept, Accept-Encoding"


def test_strong_etag_is_weak_when_compressed(ask: Ask) -> None:
    plain, packed = (ask("GET", "/static/page.css", headers=headers) for headers in ({}, GZIP))
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    again = ask("GET", "/static/page.css", headers=GZIP | {"If-None-Match": packed.headers["etag"]})
    assert again.status_code == 304


def test_chunk_can_be_read_before_the_next_one_comes() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        assert zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(sent[1]["body"]) == b"first"
        await send({"type": "http.response.body", "body": b"second"})

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compression(app)(scope, None, send))  # type: ignore[arg-type]
    assert gzip.decompress(sent[1]["body"] + sent[2]["body"]) == b"firstsecond"


def test_answer_in_another_coding_is_sent_as_it_is() -> None:
    sent: list[Message] = []
    headers = [(b"content-type", b"text/csv"), (b"content-encoding", b"zstd"), (b"vary", b"Accept-Encoding")]

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b"x" * 2000})

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip, zstd")]}
    asyncio.run(Compression(app)(scope, None, send))  # type: ignore[arg-type]
    assert (sent[0]["headers"], sent[1]["body"]) == (headers, b"x" * 2000)
