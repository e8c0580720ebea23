"""The command that serves the graph to language models: mcp."""

import os
from pathlib import Path

import click

from kg.cli.graph import answers_folder, store_folder_or_built
from kg.cli.options import STORE
from kg.gateway.limits import MIB, Limits

_DEFAULT = Limits()


@click.command()
@STORE
@click.option(
    "--call-timeout",
    default=_DEFAULT.query_seconds,
    show_default=True,
    type=click.FloatRange(min=0.01),
    help="Seconds that one call may take.",
)
@click.option(
    "--call-mib",
    default=_DEFAULT.worker_bytes // MIB,
    show_default=True,
    type=click.IntRange(16),
    help="Memory that one call may need.",
)
@click.option(
    "--allow-service",
    metavar="URL",
    help="An endpoint that questions beside Wikidata may ask: its query service, or one in its place. Without it they "
    "ask nobody, and the offline twin answers.",
)
def mcp(store_folder: Path | None, call_timeout: float, call_mib: int, allow_service: str | None) -> None:
    """Serve the graph to a language model: MCP over standard input and output, started by the client."""
    if not hasattr(os, "fork"):
        raise click.ClickException("tipkg mcp needs an operating system that forks processes: Linux or macOS")
    try:
        import mcp as sdk  # noqa: F401  only to learn whether it is installed
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is not installed; install it with: pip install 'tipkg[mcp]'"
        ) from error
    import asyncio

    from kg.graph.store import read_manifest
    from kg.mcp.held import Held
    from kg.mcp.server import serve

    endpoint = _endpoint(allow_service)
    folder = store_folder_or_built(store_folder)
    read_manifest(folder)
    kept = answers_folder() if endpoint else None
    asyncio.run(serve(Held(folder, seconds=call_timeout, call_mib=call_mib, endpoint=endpoint, kept=kept)))


def _endpoint(named: str | None) -> str | None:
    from kg.federate.allowed import checked_url

    try:
        return checked_url(named) if named is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--allow-service'") from error
