"""tipkg mcp: what is missing is told before a client waits for it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tipkg = Callable[..., Any]


def test_library_that_is_not_installed_is_told(tipkg: Tipkg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    done = tipkg("mcp")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: mcp is not installed; install it with: pip install 'tipkg[mcp]'\n"


def test_folder_without_a_store_is_told(tipkg: Tipkg, tmp_path: Path) -> None:
    done = tipkg("mcp", "--store", tmp_path / "none")
    assert (done.code, done.out) == (2, "")
    assert "no tipkg store there" in done.err


@pytest.mark.parametrize("option", [("--call-timeout", "0"), ("--call-mib", "1"), ("--call-timeout", "soon")])
def test_bounds_that_are_none_are_refused(tipkg: Tipkg, option: tuple[str, str]) -> None:
    done = tipkg("mcp", *option)
    assert (done.code, done.out) == (2, "")
    assert option[0] in done.err
