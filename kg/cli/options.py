"""What several commands share: their options, the folders they work in, and how they print rows."""

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

HERE_SOURCES: Final = Path("sources")
STORE = click.option(
    "--store", "store_folder", type=click.Path(path_type=Path), help="Store folder (default: built on first use)."
)
SOURCES = click.option("--sources", type=click.Path(path_type=Path), help="Folder that holds the source texts.")
RECORDS = click.option("--records", type=click.Path(path_type=Path), help="Folder of the records.")
FORM = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json"]),
    default="table",
    show_default=True,
    help="How the rows are printed.",
)


def sources_here() -> Path | None:
    """The folder ./sources, if it holds texts."""
    return HERE_SOURCES if any(HERE_SOURCES.glob("*.txt")) else None


@contextmanager
def progress(what: str, steps: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=steps)

        def step(name: str) -> None:
            bar.update(task, description=name, advance=1)

        yield step


def echo_rows(columns: Sequence[str], rows: Sequence[Sequence[str | int]], form: str) -> None:
    """Print rows in one of the four forms; nothing else goes to standard output."""
    from kg import formats

    if form == "csv":
        click.echo(formats.as_csv(columns, rows), nl=False)
    elif form == "tsv":
        click.echo(formats.as_tsv(columns, rows), nl=False)
    elif form == "json":
        click.echo(formats.as_json(formats.as_objects(columns, rows)), nl=False)
    else:
        click.echo(table(columns, rows), nl=False)


def table(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """A table that fits the terminal; where standard output is none, it is neither cut nor wrapped."""
    from kg import formats

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return formats.as_table(columns, rows, width=width)
