"""A real server for real clients, the tests skipped whose client is not here, and what the answers must be."""

import csv
import functools
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.clients.programs import ROOT, SECONDS, missing

SERVE = "from kg.cli import main; main()"


def pytest_runtest_setup(item: pytest.Item) -> None:
    installed = item.config.getoption("--clients").split(",")
    for name in [name for marker in item.iter_markers("needs") for name in marker.args]:
        reason = missing(name)
        if reason and name in installed:
            pytest.fail(f"--clients names {name}, but {reason}")
        if reason:
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def _no_hanging() -> Iterator[None]:
    """Clients in this process give up too, though they set no time limit themselves."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SECONDS)
    yield
    socket.setdefaulttimeout(before)


@contextmanager
def serving(built: Path, *options: str) -> Iterator[str]:
    """The address of `tipkg serve`, without a slash at its end, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVE, "serve", "--store", str(built), "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert select.select([process.stdout], [], [], SECONDS)[0], "the server does not start"
        yield process.stdout.readline().strip().removesuffix("/")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
    assert process.returncode == 0


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[str]:
    """The address of `tipkg serve`, without a slash at its end."""
    with serving(built) as address:
        yield address


@pytest.fixture
def endpoint(server: str) -> str:
    return f"{server}/sparql"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """elsewhere(page) is the address of that page on another origin than the endpoint's."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()

        def put(page: str) -> str:
            (folder / "page.html").write_text(page, encoding="utf-8")
            return f"http://127.0.0.1:{other.server_address[1]}/page.html"

        yield put
        other.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the standard library's
        pass


def expected(name: str, *columns: str, **where: str) -> list[tuple[str, ...]]:
    """Those columns of tests/expected/<name>.csv, of the rows that have these values, in the order of the file."""
    with (ROOT / "tests" / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if where.items() <= row.items()]
    return [tuple(row[column] for column in columns) for row in rows]


HERE = Path(__file__).parent
# What the reports say of every state and ILO C189, and the query for it.
C189 = expected("ratification_status", "edition", "iso3", "status", "year", instrument="ilo-c189")
C189_QUERY = (HERE / "c189.rq").read_text(encoding="utf-8")
PARTIES = sorted({iso3 for _, iso3, status, _ in C189 if status == "party"})
PARTIES_QUERY = (HERE / "parties.rq").read_text(encoding="utf-8")
# The states of ours.ttl, for which the client joins its own data with the endpoint's.
OURS = [row for row in C189 if row[1] in ("GIN", "JAM")]


def joined_query(endpoint: str) -> str:
    return (HERE / "joined.rq").read_text(encoding="utf-8").replace("ENDPOINT", endpoint)
