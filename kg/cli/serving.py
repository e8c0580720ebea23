"""The command that serves a built graph."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli.graph import store_folder_or_built
from kg.cli.options import STORE
from kg.cli.serving_options import GroupedCommand, with_options
from kg.gateway.limits import KIB, MIB, Limits

if TYPE_CHECKING:
    from kg.gateway.launch import Launched

# Of the gateway itself, and of a store on disk, which each worker opens.
_OTHER_FILES: Final = 512


@click.command(cls=GroupedCommand)
@STORE
@with_options
@click.pass_obj
def serve(
    first: "Launched | None",
    /,
    store_folder: Path | None,
    host: str,
    port: int,
    *,
    public_url: str | None,
    trust_proxy: bool,
    **given: Any,
) -> None:
    """Serve the graph: a SPARQL endpoint at /sparql, and pages with the questions."""
    from kg.gateway.launch import launch
    from kg.gateway.listen import bind
    from kg.gateway.server import Serving
    from kg.gateway.server import serve as run

    if not hasattr(os, "fork"):
        raise click.ClickException("tipkg serve needs an operating system that forks processes: Linux or macOS")
    public = _public(public_url)
    services = _services(host, given["allow_service"], none=given["no_service"])
    limits = _given(given)
    _allow_open_files(limits)
    folder = store_folder_or_built(store_folder)
    listener = bind(host, port)
    taken = listener.getsockname()[1]

    def ready() -> None:
        if port not in (taken, 0):
            click.echo(f"port {port} is taken; the next free one is {taken}", err=True)
        click.echo(address(host, taken))

    with listener:
        serving = Serving(folder, public, trust_proxy, limits, services)
        process = first or launch(os.environ)
        run(listener, serving, environment=os.environ, log=sys.stderr, on_ready=ready, first=process)


def address(host: str, port: int) -> str:
    """As it is typed into a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _public(given: str | None) -> str | None:
    if given is None:
        return None
    from kg.serve.public import public_url

    return public_url(given)


def _services(host: str, named: tuple[str, ...], *, none: bool) -> tuple[str, ...]:
    from kg.federate.allowed import allowed

    if none:
        if named:
            raise click.UsageError("--no-service and --allow-service exclude each other: give one of them")
        return ()
    try:
        return allowed(host, named).urls
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--allow-service'") from error


def _allow_open_files(limits: Limits) -> None:
    """Each connection and each worker is an open file; where they run out, workers cannot be replaced."""
    import resource

    needed = limits.connections + limits.workers + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY not in (soft, hard) and hard < needed:
        raise click.ClickException(
            f"{limits.connections} connections and {limits.workers} workers need {needed} open files, and this process "
            f"may have {hard}: give fewer --connections, or raise the limit (ulimit -n; LimitNOFILE= of systemd)"
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _given(given: dict[str, Any]) -> Limits:
    return Limits(
        query_seconds=given["query_timeout"],
        request_seconds=given["request_timeout"],
        queue_seconds=given["queue_timeout"],
        share_seconds=given["share"],
        drain_seconds=given["drain_timeout"],
        slow_query_seconds=given["slow_query"],
        workers=given["workers"],
        spare=min(given["workers"], max(2, os.cpu_count() or 2)),
        waiting=given["queue"],
        connections=given["connections"],
        memory_quads=given["memory_quads"],
        body_bytes=given["body_kib"] * KIB,
        head_bytes=given["head_kib"] * KIB,
        result_rows=given["result_rows"],
        result_bytes=given["result_mib"] * MIB,
        worker_bytes=given["worker_mib"] * MIB,
        cache_bytes=given["cache_mib"] * MIB,
        log_requests=given["log_requests"],
        log_queries=given["log_queries"],
    )
