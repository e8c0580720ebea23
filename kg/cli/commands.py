"""The commands, each in its module, and what their errors come to."""

import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from kg.gateway.launch import Launched

# Command -> module and name there. A module is imported when its command is run, or when all are listed.
COMMANDS: Final = {
    "build": ("graph", "build"),
    "check": ("check", "check"),
    "coverage": ("coverage", "coverage"),
    "diff": ("diff", "diff"),
    "doctor": ("doctor", "doctor"),
    "evidence": ("answers", "evidence"),
    "explain": ("explain", "explain"),
    "extract": ("texts", "extract"),
    "federate": ("federation", "federate"),
    "map": ("texts", "map_source"),
    "mcp": ("mcp", "mcp"),
    "queries": ("answers", "queries"),
    "query": ("answers", "query"),
    "search": ("search", "search"),
    "serve": ("serving", "serve"),
    "sources": ("texts", "list_sources"),
    "sparql": ("answers", "sparql"),
}


class _Commands(MutableMapping[str, click.Command]):
    """Those of `COMMANDS`; none is set or taken away."""

    def __getitem__(self, name: str) -> click.Command:
        module, attribute = COMMANDS[name]
        found = getattr(import_module(f"kg.cli.{module}"), attribute)
        assert isinstance(found, click.Command)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __setitem__(self, name: str, command: click.Command) -> None:
        raise TypeError("commands stand in COMMANDS")

    def __delitem__(self, name: str) -> None:
        raise TypeError("commands stand in COMMANDS")


@click.group(commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tipkg", prog_name="tipkg")
def cli() -> None:
    """tipkg: who does what against trafficking in persons, and which passage of which source says so."""


def run(first: "Launched | None") -> None:
    """Run the command of sys.argv; `first` is a process for `tipkg serve` that was launched already."""
    try:
        cli(obj=first, standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (ValueError, OSError) as error:
        if not _is_ours(error):
            raise
        click.echo(f"tipkg: {error}", err=True)
        sys.exit(2)


def _is_ours(error: Exception) -> bool:
    """Errors that our own modules raise for bad input, and those of the file system; any other is a bug."""
    return isinstance(error, OSError) or type(error).__module__.startswith("kg.")
