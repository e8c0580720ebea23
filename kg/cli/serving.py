"""The command that serves a built graph."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from kg.cli.graph import store_folder_or_built
from kg.cli.options import STORE
from kg.gateway.limits import KIB, MIB, Limits

_DEFAULT: Final = Limits()
_SECONDS: Final = click.FloatRange(min=0.01)


def _limits(command: Callable[..., None]) -> Callable[..., None]:
    """The options that bound what a client can ask of the server."""
    options = [
        _option("--query-timeout", _DEFAULT.query_seconds, _SECONDS, "Seconds that one query may take."),
        _option("--request-timeout", _DEFAULT.request_seconds, _SECONDS, "Seconds for a whole request to arrive."),
        _option("--queue-timeout", _DEFAULT.queue_seconds, _SECONDS, "Seconds that a request may wait for a worker."),
        _option("--drain-timeout", _DEFAULT.drain_seconds, _SECONDS, "Seconds for running requests at the end."),
        _option("--workers", _DEFAULT.workers, click.IntRange(1, 1000), "Queries that run at once, at most."),
        _option("--queue", _DEFAULT.waiting, click.IntRange(0), "Requests that may wait for a worker."),
        _option("--connections", _DEFAULT.connections, click.IntRange(1), "Open connections, at most."),
        _option("--body-kib", _DEFAULT.body_bytes // KIB, click.IntRange(1), "Largest body of a request."),
        _option("--head-kib", _DEFAULT.head_bytes // KIB, click.IntRange(1), "Largest address and headers together."),
        _option("--result-rows", _DEFAULT.result_rows, click.IntRange(1), "Rows of one answer, at most."),
        _option("--result-mib", _DEFAULT.result_bytes // MIB, click.IntRange(1), "Size of one answer, at most."),
        _option("--worker-mib", _DEFAULT.worker_bytes // MIB, click.IntRange(16), "Memory that one query may need."),
        _option("--cache-mib", _DEFAULT.cache_bytes // MIB, click.IntRange(0), "Memory for answers that are kept."),
        _option("--slow-query", _DEFAULT.slow_query_seconds, _SECONDS, "Seconds from which a query is logged as slow."),
        click.option("--log-requests", is_flag=True, help="Log every request, not only what went wrong or was slow."),
        click.option("--log-queries", is_flag=True, help="Put the text of queries into the log."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _option(name: str, default: float, kind: click.FloatRange | click.IntRange, text: str) -> Callable[..., Any]:
    return click.option(name, default=default, show_default=True, type=kind, help=text)


@click.command()
@STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=7878,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port; the next free one if taken, any with 0.",
)
@click.option("--public-url", metavar="URL", help="The address that others see, where it is another one.")
@click.option("--trust-proxy", is_flag=True, help="Believe X-Forwarded-Proto, -Host and -Prefix: a proxy sets them.")
@click.option(
    "--allow-service",
    metavar="URL",
    multiple=True,
    help="An endpoint that SERVICE may name, exactly so; may be repeated. Without it: the public query service of "
    "Wikidata where --host is loopback, none elsewhere.",
)
@_limits
def serve(
    store_folder: Path | None, host: str, port: int, *, public_url: str | None, trust_proxy: bool, **given: Any
) -> None:
    """Serve the graph: a SPARQL endpoint at /sparql, and pages with the questions."""
    from kg.gateway.listen import bind
    from kg.gateway.server import Serving
    from kg.gateway.server import serve as run

    if not hasattr(os, "fork"):
        raise click.ClickException("tipkg serve needs an operating system that forks processes: Linux or macOS")
    public = _public(public_url)
    services = _services(host, given["allow_service"])
    folder = store_folder_or_built(store_folder)
    listener = bind(host, port)
    taken = listener.getsockname()[1]

    def ready() -> None:
        if port not in (taken, 0):
            click.echo(f"port {port} is taken; the next free one is {taken}", err=True)
        click.echo(f"http://{host}:{taken}/")

    serving = Serving(folder, public, trust_proxy, _given(given), services)
    with listener:
        run(listener, serving, environment=os.environ, log=sys.stderr, on_ready=ready)


def _public(given: str | None) -> str | None:
    if given is None:
        return None
    from kg.serve.public import public_url

    return public_url(given)


def _services(host: str, named: tuple[str, ...]) -> tuple[str, ...]:
    from kg.federate.allowed import allowed

    try:
        return allowed(host, named).urls
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--allow-service") from error


def _given(given: dict[str, Any]) -> Limits:
    return Limits(
        query_seconds=given["query_timeout"],
        request_seconds=given["request_timeout"],
        queue_seconds=given["queue_timeout"],
        drain_seconds=given["drain_timeout"],
        slow_query_seconds=given["slow_query"],
        workers=given["workers"],
        spare=min(given["workers"], max(2, os.cpu_count() or 2)),
        waiting=given["queue"],
        connections=given["connections"],
        body_bytes=given["body_kib"] * KIB,
        head_bytes=given["head_kib"] * KIB,
        result_rows=given["result_rows"],
        result_bytes=given["result_mib"] * MIB,
        worker_bytes=given["worker_mib"] * MIB,
        cache_bytes=given["cache_mib"] * MIB,
        log_requests=given["log_requests"],
        log_queries=given["log_queries"],
    )
