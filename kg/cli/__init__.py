"""The command line: the only room that prints, and that reads the environment."""

import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.cli.commands import cli

__all__ = ("cli", "main")


def main() -> None:
    """Run the command line: exit 0 done, 1 a judging command found a difference, 2 bad input."""
    with _first() as first:
        from kg.cli.commands import run

        run(first)


def _first() -> Any:
    """For `tipkg serve`, the process that opens the store: it takes longest to start, so it begins before even the
    options are read. It waits for its settings, and ends where none come."""
    if sys.argv[1:2] != ["serve"] or not hasattr(os, "fork"):
        return nullcontext()
    from kg.gateway.launch import launched

    return launched(os.environ)


def __getattr__(name: str) -> Any:
    if name != "cli":
        raise AttributeError(name)
    from kg.cli.commands import cli

    return cli
