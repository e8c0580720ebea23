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

SHOWN = 20
COLUMNS = ("state", "severity", "check", "entity", "property", "value", "compared_with", "comment", "outside_source")


@click.command()
@STORE
@FORM
@click.option(
    "--reference",
    is_flag=True,
    help="Also derive everything with owlrl and check the shapes with pySHACL; exit 1 if they differ from the graph.",
)
def check(store_folder: Path | None, form: str, reference: bool) -> None:
    """Print the findings on data quality, new ones first; exit 1 when one is new or a reviewed one is gone."""
    from kg.graph.findings import collect
    from kg.graph.store import open_store

    folder = store_folder_or_built(store_folder)
    found = collect(open_store(folder))
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
    differs = reference and _differs(folder)
    if found.new or found.stale or differs:
        sys.exit(1)


def _differs(folder: Path) -> bool:
    from kg.graph.reference import prove

    proof = prove(folder)
    for line in proof.differences[:SHOWN]:
        click.echo(line, err=True)
    more = len(proof.differences) - SHOWN
    if more > 0:
        click.echo(f"... and {more} more", err=True)
    said = f"{len(proof.differences)} differences" if proof.differences else "no difference"
    click.echo(f"owlrl and pySHACL: {proof.closure.same} derived triples are the same; {said}", err=True)
    return bool(proof.differences)


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
