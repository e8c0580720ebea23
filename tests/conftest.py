"""Options and fixtures of all tests: the source texts where they are given, the records, and the graph built once."""

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from kg.graph.build import build, packaged_records
from kg.graph.store import open_store
from kg.record_tables import read
from kg.records import Record

WITHOUT_TEXTS = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    texts = "folder with the source texts (default: ./sources if there); with =, or pytest takes DIR for tests to run"
    parser.addoption("--sources", metavar="=DIR", help=texts)
    editions = "how many made-up editions tests/editions reads in each layout (default: 40)"
    parser.addoption("--editions", metavar="N", type=int, default=40, help=editions)
    fuzz = "how many made-up clients tests/gateway plays against the server (default: 1000)"
    parser.addoption("--fuzz", metavar="N", type=int, default=1000, help=fuzz)
    parser.addoption("--fuzz-seed", metavar="S", type=int, default=1, help="which made-up clients (default: 1)")
    clients = "clients of tests/clients that are installed: without one of them its tests fail, they are not skipped"
    parser.addoption("--clients", metavar="NAME,...", default="", help=clients)


def _folder(config: pytest.Config) -> Path | None:
    given = config.getoption("--sources")
    if given is not None:
        return Path(given).resolve()
    here = config.rootpath / "sources"
    return here if any(here.glob("*.txt")) else None


def pytest_configure(config: pytest.Config) -> None:
    folder = _folder(config)
    if folder is not None and not any(folder.glob("*.txt")):
        raise pytest.UsageError(f"--sources {folder}: no texts (*.txt) there")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count the tests that need texts which are not here, for the one line of the summary that says so."""
    if _folder(config) is None:
        config.stash[WITHOUT_TEXTS] = sum(_needs_texts(item) for item in items)


def _needs_texts(item: pytest.Item) -> bool:
    return item.get_closest_marker("sources") is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    count = item.config.stash.get(WITHOUT_TEXTS, 0)
    if count and _needs_texts(item):
        pytest.skip(f"{count} tests need the texts and were not run: make test SOURCES=folder")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With the texts given, a test that needs them and was skipped all the same is a failure."""
    if _folder(session.config) is not None and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    skipped = _skipped(config)
    if skipped and _folder(config) is not None:
        line = f"{skipped} of the tests that need the texts were skipped although the texts are given: the run fails"
        terminalreporter.write_line(line)


def _skipped(config: pytest.Config) -> int:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    return sum("sources" in report.keywords for report in terminal.stats.get("skipped", [])) if terminal else 0


@pytest.fixture(scope="session")
def sources(pytestconfig: pytest.Config) -> Path:
    """The folder of the source texts; a test that uses it carries the marker `sources`."""
    folder = _folder(pytestconfig)
    assert folder is not None, "the test lacks @pytest.mark.sources"
    return folder


@pytest.fixture(scope="session")
def records() -> list[list[Record]]:
    """The packaged records, a list a source, in the order of the source ids."""
    return [read(folder) for folder in sorted(packaged_records().iterdir()) if folder.is_dir()]


@pytest.fixture(scope="session")
def built(records: list[list[Record]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store folder of the graph that the packaged records make, without any text. Not to be changed."""
    folder = tmp_path_factory.mktemp("graph") / "built"
    build(records, folder)
    return folder


@pytest.fixture(scope="session")
def store(built: Path) -> Store:
    """That graph, opened read-only."""
    return open_store(built)
