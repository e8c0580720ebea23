"""The command that tells what changed from one build to another: diff."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg import iris
from kg.cli.options import echo_rows

if TYPE_CHECKING:
    from kg.graph.diff import Difference

COLUMNS: Final = ("change", "what", "source", "kind", "label", "property", "from", "to", "iri")
FORMS: Final = ("table", "csv", "tsv", "json", "ttl", "md")


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="table",
    show_default=True,
    help="Rows for people or programs, a change set in Turtle, or a release note in Markdown.",
)
def diff(old: Path, new: Path, form: str) -> None:
    """Tell which statements, things, terms and findings were added, removed, changed or moved between two builds.

    OLD and NEW are folders of tipkg build, or dumps of one, also of another version: tipkg.nq, .trig or .ttl, or .gz of
    these. Moved means that only the evidence differs. Derived triples, mentions and quality measurements do not
    count."""
    from kg.graph import changeset, release_note
    from kg.graph.diff import compare
    from kg.graph.snapshot import read

    found = compare(read(old), read(new))
    if form == "ttl":
        click.echo(changeset.turtle(found).decode(), nl=False)
    elif form == "md":
        click.echo(release_note.markdown(found), nl=False)
    elif found.changes or form != "table":
        echo_rows(COLUMNS, list(_rows(found, short=form == "table")), form)
    for line in _told(found):
        click.echo(line, err=form != "table" or bool(found.changes))


def _rows(found: "Difference", *, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each change, or for each property of it that differs."""
    for change in found.changes:
        iri = change.subject.value.removeprefix(iris.BASE) if short else change.subject.value
        for edit in change.edits or (("", "", ""),):
            yield (change.action, change.group, change.source, change.kind, change.label, *edit, iri)


def _told(found: "Difference") -> Iterator[str]:
    """What was left out, and how many of each group were added, removed, changed and moved."""
    from kg.graph.diff import ACTIONS, GROUPS

    if found.left_out:
        yield found.left_out
    if not found.changes:
        yield "no difference"
    for group in GROUPS:
        actions = [change.action for change in found.changes if change.group == group]
        if actions:
            yield f"{group}: " + ", ".join(f"{actions.count(action)} {action}" for action in ACTIONS)
