"""The command line: the only room that prints, and that reads the environment."""

import sys

import click

from kg.cli.answers import evidence, queries, query, sparql
from kg.cli.check import check
from kg.cli.coverage import coverage
from kg.cli.diff import diff
from kg.cli.doctor import doctor
from kg.cli.explain import explain
from kg.cli.federation import federate
from kg.cli.graph import build
from kg.cli.mcp import mcp
from kg.cli.search import search
from kg.cli.serving import serve
from kg.cli.texts import extract, list_sources, map_source


def main() -> None:
    """Run the command line: exit 0 done, 1 a judging command found a difference, 2 bad input."""
    try:
        cli(standalone_mode=False)
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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tipkg", prog_name="tipkg")
def cli() -> None:
    """tipkg: who does what against trafficking in persons, and which passage of which source says so."""


COMMANDS = (
    *(extract, build, check, query, queries, federate, search, sparql, evidence, explain),
    *(list_sources, coverage, map_source, diff, serve, mcp, doctor),
)
for command in COMMANDS:
    cli.add_command(command)
