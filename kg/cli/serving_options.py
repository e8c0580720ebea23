"""The options of `tipkg serve`, in the groups in which its help and docs/deploy.md show them."""

import math
from collections.abc import Callable
from typing import Any, Final

import click

from kg.gateway.limits import KIB, MIB, Limits

_DEFAULT: Final = Limits()
GENERAL: Final = "General"
REQUESTS: Final = "What a request may be"
QUERIES: Final = "What a query may take"
ANSWERS: Final = "What an answer may be"
SERVICES: Final = "What SERVICE may call"
RUNNING: Final = "Log and end"


class GroupedOption(click.Option):
    """An option of a group."""

    def __init__(self, *names: Any, group: str, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.group = group


def group_of(parameter: click.Parameter) -> str:
    """Options that several commands share have no group of their own."""
    return parameter.group if isinstance(parameter, GroupedOption) else GENERAL


class GroupedCommand(click.Command):
    """Its help has a section for each group of options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                groups.setdefault(group_of(parameter), []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


class Seconds(click.FloatRange):
    """A hundredth of a second to a day."""

    name = "number of seconds"
    unit = "SECONDS"

    def __init__(self) -> None:
        super().__init__(min=0.01, max=86_400)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a valid {self.name}.", param, ctx)
        return seconds


class Whole(click.IntRange):
    """A whole number within bounds, of `unit`."""

    name = "whole number"

    def __init__(self, least: int, most: int = 1_000_000, unit: str = "NUMBER") -> None:
        super().__init__(least, most)
        self.unit = unit


def option(name: str, group: str, kind: Seconds | Whole, text: str, **settings: Any) -> Callable[..., Any]:
    return click.option(
        name, cls=GroupedOption, group=group, type=kind, metavar=kind.unit, help=text, show_default=True, **settings
    )


def flag(name: str, group: str, text: str) -> Callable[..., Any]:
    return click.option(name, cls=GroupedOption, group=group, is_flag=True, help=text)


OPTIONS: Final = (
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    option("--port", GENERAL, Whole(0, 65535), "Port; the next free one if taken, any with 0.", default=7878),
    click.option("--public-url", metavar="URL", help="The address that others see, where it is another one."),
    flag("--trust-proxy", GENERAL, "Believe X-Forwarded-Proto, -Host and -Prefix: a proxy sets them."),
    option(
        "--memory-quads",
        GENERAL,
        Whole(0, 1_000_000_000),
        "A larger graph stays on disk; above half of it there is no second copy of the default graph in memory.",
        default=_DEFAULT.memory_quads,
    ),
    option("--body-kib", REQUESTS, Whole(1, unit="KIB"), "Largest body.", default=_DEFAULT.body_bytes // KIB),
    option(
        "--head-kib",
        REQUESTS,
        Whole(1, unit="KIB"),
        "Largest address and headers together.",
        default=_DEFAULT.head_bytes // KIB,
    ),
    option(
        "--request-timeout", REQUESTS, Seconds(), "For a whole request to arrive.", default=_DEFAULT.request_seconds
    ),
    option("--connections", REQUESTS, Whole(1), "Open connections, at most.", default=_DEFAULT.connections),
    option(
        "--query-timeout",
        QUERIES,
        Seconds(),
        "For one query; `timeout=` of a request may ask for less.",
        default=_DEFAULT.query_seconds,
    ),
    option(
        "--worker-mib",
        QUERIES,
        Whole(16, unit="MIB"),
        "Memory that one query may need.",
        default=_DEFAULT.worker_bytes // MIB,
    ),
    option("--workers", QUERIES, Whole(1, 1000), "Queries that run at once, at most.", default=_DEFAULT.workers),
    option("--queue", QUERIES, Whole(0), "Requests that may wait for a worker.", default=_DEFAULT.waiting),
    option(
        "--queue-timeout", QUERIES, Seconds(), "That a request may wait for a worker.", default=_DEFAULT.queue_seconds
    ),
    option(
        "--share",
        QUERIES,
        Seconds(),
        "For one query while others wait for a worker.",
        default=_DEFAULT.share_seconds,
    ),
    option(
        "--result-rows", ANSWERS, Whole(1, 1_000_000_000), "Rows of one answer, at most.", default=_DEFAULT.result_rows
    ),
    option(
        "--result-mib",
        ANSWERS,
        Whole(1, unit="MIB"),
        "Size of one answer, at most.",
        default=_DEFAULT.result_bytes // MIB,
    ),
    option(
        "--cache-mib",
        ANSWERS,
        Whole(0, unit="MIB"),
        "Memory for answers that are kept.",
        default=_DEFAULT.cache_bytes // MIB,
    ),
    click.option(
        "--allow-service",
        cls=GroupedOption,
        group=SERVICES,
        metavar="URL",
        multiple=True,
        help="An endpoint that SERVICE may name, exactly so; may be repeated. Without it: the public query service of "
        "Wikidata where --host is loopback, none elsewhere.",
    ),
    flag("--no-service", SERVICES, "SERVICE may name no endpoint, on loopback either."),
    option(
        "--slow-query", RUNNING, Seconds(), "From which a query is logged as slow.", default=_DEFAULT.slow_query_seconds
    ),
    flag("--log-requests", RUNNING, "Log every request, not only what went wrong or was slow."),
    flag("--log-queries", RUNNING, "Put the text of queries into the log."),
    option("--drain-timeout", RUNNING, Seconds(), "For running requests at the end.", default=_DEFAULT.drain_seconds),
)


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """All of them, in this order."""
    for one in reversed(OPTIONS):
        command = one(command)
    return command
