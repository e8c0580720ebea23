"""The command that judges the data: check."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import formats
from kg.cli.graph import store_folder_or_built
from kg.cli.options import FORM, STORE, echo_rows

if TYPE_CHECKING:
    from kg.graph.findings import Found

COLUMNS = ("state", "severity", "check", "entity", "property", "value", "compared_with", "comment", "outside_source")


@click.command()
@STORE
@FORM
def check(store_folder: Path | None, form: str) -> None:
    """Print the findings on data quality, new ones first; exit 1 when one is new or a reviewed one is gone."""
    from kg.graph.findings import collect
    from kg.graph.store import load_store

    found = collect(load_store(store_folder_or_built(store_folder)))
    rows = _rows(found)
    if form == "json":
        objects = formats.as_objects(COLUMNS, rows)
        click.echo(formats.as_json({"new": len(found.new), "stale": list(found.stale), "findings": objects}), nl=False)
    else:
        echo_rows(COLUMNS, rows, form)
    for line in found.stale:
        click.echo(f"stale: {line}; take the line out, or mend what hides it", err=True)
    reviewed = len(found.findings) - len(found.new)
    click.echo(f"{len(found.new)} new findings, {reviewed} reviewed ones, {len(found.stale)} stale reviews", err=True)
    if found.new or found.stale:
        sys.exit(1)


def _rows(found: "Found") -> list[tuple[str, ...]]:
    from kg.graph.reviewed import compact

    return [
        (
            finding.state,
            finding.severity,
            ", ".join(finding.checks),
            *(compact(cell) for cell in (finding.entity, finding.property, finding.value, finding.compared)),
            finding.comment,
            finding.outside,
        )
        for finding in found.findings
    ]
