"""The dumps over HTTP: whole, in part, compressed, and nothing beside them."""

import gzip
import hashlib
from pathlib import Path

import httpx
import pytest
import zstandard
from pyoxigraph import Store

from kg.serve.app import create_app
from tests.serve.conftest import Ask, client_of

DATA = b"<x:a> <x:b> <x:c> <x:g> .\n" * 30_000
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "graph"
    (folder / "rules").mkdir(parents=True)
    (folder / "tipkg.nq").write_bytes(DATA)
    (folder / "tipkg.nq.gz").write_bytes(gzip.compress(DATA, mtime=0))
    (folder / "tipkg.nq.zst").write_bytes(zstandard.ZstdCompressor().compress(DATA))
    (folder / "ontology.ttl").write_bytes(b"# nothing\n")
    (folder / "rules" / "joint.rq").write_bytes(b"CONSTRUCT {} WHERE {}")
    (folder / "manifest.json").write_text("{}")
    (folder / "texts").mkdir()
    (folder / "texts" / "secret.txt").write_text("words")
    (tmp_path / "outside.ttl").write_text("outside")
    return folder


@pytest.fixture
def ask(store: Store, folder: Path) -> Ask:
    return client_of(create_app(store, build_id="1", questions=[], folder=folder))


def test_dumps_are_those_that_were_there_when_the_store_was_opened(store: Store, folder: Path) -> None:
    ask = client_of(create_app(store, build_id="1", questions=[], folder=folder))
    folder.rename(folder.with_name("another build"))
    folder.mkdir()
    (folder / "tipkg.trig").write_bytes(b"# of another build\n")
    assert ask("GET", "/dumps/tipkg.nq").status_code == 503
    assert ask("GET", "/dumps/tipkg.trig").status_code == 404


def test_dump_that_has_gone_is_503(ask: Ask, folder: Path) -> None:
    assert ask("GET", "/dumps/tipkg.nq").status_code == 200
    for file in folder.glob("tipkg.nq*"):
        file.unlink()
    answers = [ask("GET", path, headers=PLAIN) for path in ("/dumps/tipkg.nq", "/dumps/tipkg.nq.gz", "/dumps/")]
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "10")] * 3


def digest(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()}"'


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("tipkg.nq", "application/n-quads"),
        ("tipkg.nq.gz", "application/gzip"),
        ("tipkg.nq.zst", "application/zstd"),
        ("ontology.ttl", "text/turtle; charset=utf-8"),
        ("rules/joint.rq", "application/sparql-query"),
    ],
)
def test_dump_comes_as_it_is(ask: Ask, folder: Path, name: str, media_type: str) -> None:
    response = ask("GET", f"/dumps/{name}", headers=PLAIN)
    data = (folder / name).read_bytes()
    assert (response.status_code, response.headers["content-type"], response.content) == (200, media_type, data)
    assert (response.headers["content-length"], response.headers["etag"]) == (str(len(data)), digest(data))
    assert "content-encoding" not in response.headers
    assert "last-modified" not in response.headers


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_dump_comes_encoded_where_asked(ask: Ask, folder: Path, coding: str) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={"Accept-Encoding": coding})
    packed = (folder / f"tipkg.nq.{'gz' if coding == 'gzip' else 'zst'}").read_bytes()
    assert (response.headers["content-encoding"], response.headers["etag"]) == (coding, digest(packed))
    assert (response.headers["content-type"], response.headers["vary"]) == ("application/n-quads", "Accept-Encoding")
    assert (response.headers["content-length"], response.content) == (str(len(packed)), DATA)


def test_part_of_a_dump(ask: Ask) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={"Range": "bytes=5-14", "Accept-Encoding": "gzip"})
    assert (response.status_code, response.content) == (206, DATA[5:15])
    assert response.headers["content-range"] == f"bytes 5-14/{len(DATA)}"
    assert (response.headers["content-length"], response.headers["etag"]) == ("10", digest(DATA))


def test_large_part_comes_whole(ask: Ask) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={"Range": "bytes=1-"})
    assert (response.status_code, response.content == DATA[1:]) == (206, True)


def test_part_after_the_end_is_416(ask: Ask) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={"Range": f"bytes={len(DATA)}-"})
    assert (response.status_code, response.headers["content-range"]) == (416, f"bytes */{len(DATA)}")


@pytest.mark.parametrize("value", ["bytes=0-1,4-5", "lines=1-2", "bytes=9-1"])
def test_range_that_is_not_understood_is_ignored(ask: Ask, value: str) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={"Range": value})
    assert (response.status_code, response.content == DATA) == (200, True)


@pytest.mark.parametrize(
    ("if_range", "status"),
    [(digest(DATA), 206), ('"another"', 200), (f"W/{digest(DATA)}", 200), ("Fri, 27 Nov 2026 00:00:00 GMT", 200)],
)
def test_if_range_needs_the_very_bytes(ask: Ask, if_range: str, status: int) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={"Range": "bytes=0-1", "If-Range": if_range})
    assert response.status_code == status


def test_known_dump_is_304(ask: Ask) -> None:
    response = ask("GET", "/dumps/tipkg.nq", headers={**PLAIN, "If-None-Match": f'"x", {digest(DATA)}'})
    assert (response.status_code, response.content) == (304, b"")


def test_head_tells_the_length(ask: Ask) -> None:
    response = ask("HEAD", "/dumps/tipkg.nq", headers=PLAIN)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(DATA))
    part = ask("HEAD", "/dumps/tipkg.nq", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["content-length"]) == (206, "10")


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "texts/secret.txt", "..%2foutside.ttl", "%2e%2e/outside.ttl", "store", "nothing.ttl", "rules",
     "rules/../tipkg.nq", "/etc/passwd"],
)  # fmt: skip
def test_nothing_else_is_served(ask: Ask, name: str) -> None:
    response = ask("GET", httpx.URL(f"http://testserver/dumps/{name}"))  # type: ignore[arg-type]
    assert response.status_code == 404 or response.content == DATA
    assert response.content != b"outside"


@pytest.mark.parametrize("path", ["/dumps", "/dumps/"])
def test_list_leads_to_every_file(ask: Ask, path: str) -> None:
    page = ask("GET", path).text
    root = "../" if path.endswith("/") else "./"
    for name in ("tipkg.nq", "tipkg.nq.gz", "tipkg.nq.zst", "ontology.ttl", "rules/joint.rq"):
        assert f'<a href="{root}dumps/{name}">{name}</a>' in page
    assert hashlib.sha256(DATA).hexdigest() in page


def test_build_compresses_the_large_dumps_the_same_each_time(built: Path) -> None:
    for name in ("tipkg.ttl", "tipkg-inferred.ttl", "tipkg.nq", "tipkg.trig"):
        data = (built / name).read_bytes()
        packed = (built / f"{name}.gz").read_bytes()
        assert packed[4:8] == bytes(4), "a time stamp"
        assert gzip.decompress(packed) == data
        assert zstandard.decompress((built / f"{name}.zst").read_bytes()) == data
