"""A seeded fuzz over the whole HTTP surface: whatever clients send, each gets well-formed answers to its own requests,
and the server is as it was before. `--fuzz N` plays N clients, `--fuzz-seed S` others."""

import asyncio
from pathlib import Path

import pytest

from tests.gateway.clients_at_once import Bench, case_of
from tests.gateway.conftest import Start, _children, until
from tests.gateway.strict_http import MalformedError, answers

AT_ONCE = 24
REGRESSIONS = Path(__file__).with_name("regressions.jsonl")
OPTIONS = [
    "--request-timeout",
    "2",
    "--query-timeout",
    "5",
    "--cache-mib",
    "8",
    "--allow-service",
    "http://127.0.0.1:9/none",
]
MIB = 1 << 20

linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are looked at in Linux's /proc")


@pytest.fixture(scope="module")
def bench(start: Start, folder: Path, pytestconfig: pytest.Config) -> Bench:
    server = start(folder, *OPTIONS)
    server.in_memory()
    return Bench(server, pytestconfig.getoption("--fuzz-seed"), str(folder.parent).encode())


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@linux
@pytest.mark.parametrize("text", REGRESSIONS.read_text("utf-8").splitlines())
def test_what_once_failed_holds(bench: Bench, text: str) -> None:
    asyncio.run(bench.try_one(case_of(text)))


@linux
def test_server_is_the_same_after_whatever_clients_send(bench: Bench, pytestconfig: pytest.Config) -> None:
    server, pid = bench.server, bench.server.process.pid
    asyncio.run(bench.run(50, AT_ONCE))
    until(lambda: server.get("/readyz").json["busy"] == 0)
    memory, open_files = resident(pid), files(pid)
    asyncio.run(bench.run(pytestconfig.getoption("--fuzz"), AT_ONCE))
    until(lambda: server.get("/readyz").json["busy"] == 0)
    until(lambda: files(pid) <= open_files + 40)
    assert server.process.poll() is None
    assert len(_children(pid)) <= 2
    assert resident(pid) - memory < 64 * MIB
    assert server.events("error") == server.events("failed") == []
    assert len(server.events("worker died")) <= bench.kills


# The judge itself.

WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"


def test_strict_reader_reads_answers_in_a_row() -> None:
    found = answers(b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE + CHUNKED + WHOLE[:-2], [False, False, True])
    assert [(one.status, one.body, one.whole) for one in found] == [(200, b"ab", True)] * 2 + [(200, b"", True)]


@pytest.mark.parametrize(
    "data",
    [
        WHOLE + b"x",
        CHUNKED + b"\r\n",
        WHOLE.replace(b"\r\n\r\n", b"\r\nContent-Length: 2\r\n\r\n"),
        WHOLE.replace(b": 2", b": +2"),
        WHOLE.replace(b"OK\r\n", b"OK\r\na: b\nc: d\r\n"),
        CHUNKED.replace(b"\r\n2\r\n", b"\r\n3\r\n"),
        b"HTTP/1.1 200 OK\r\n\r\nab",
        b"HTTP/1.1 304 Not Modified\r\ncontent-length: 2\r\n\r\nab",
        b"HTTP/1.0 200 OK\r\n\r\n",
    ],
)
def test_strict_reader_forgives_nothing(data: bytes) -> None:
    with pytest.raises(MalformedError):
        answers(data, None)


@pytest.mark.parametrize(("data", "framing"), [(WHOLE[:-1], "length"), (CHUNKED[:-2], "chunked")])
def test_strict_reader_sees_what_was_broken_off(data: bytes, framing: str) -> None:
    (found,) = answers(data, None)
    assert (found.whole, found.framing) == (False, framing)
