"""The command that finds things by their names: search."""

import sys
from pathlib import Path
from typing import Final

import click

from kg import iris
from kg.cli.graph import store_folder_or_built
from kg.cli.options import FORM, STORE, echo_rows

COLUMNS: Final = ("how", "matched", "kind", "label", "statements", "about", "iri")


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--kind", metavar="KIND", help="Only things of this kind, such as organization, state or question.")
@click.option("--limit", type=int, default=10, show_default=True, help="How many hits at most, up to 100.")
@STORE
@FORM
def search(text: tuple[str, ...], kind: str | None, limit: int, store_folder: Path | None, form: str) -> None:
    """Find things by name, alias, abbreviation, code or misprint; exit 1 when nothing is called so.

    The best hits come first; `how` says what matched: exact (a name or code), alias, printed (in a source), prefix,
    words (all of them, in names), text (in the description), misprint."""
    from kg.ask.search import Search

    asked = " ".join(text)
    index = Search.open(store_folder_or_built(store_folder))
    hits = index.find(asked, kind, limit)
    if hits or form != "table":
        base = iris.BASE if form == "table" else ""
        rows = [(*(getattr(hit, column) for column in COLUMNS[:-1]), hit.iri.removeprefix(base)) for hit in hits]
        echo_rows(COLUMNS, rows, form)
    if not hits:
        near = ", ".join(hit.label for hit in index.nearest(asked, kind))
        click.echo(f"nothing is called {asked!r} ({f'nearest: {near}' if near else 'and nothing is near'})", err=True)
        sys.exit(1)
