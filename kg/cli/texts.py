"""Commands that read source texts and records: extract, sources, map."""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.graph import store_folder_or_built
from kg.cli.options import FORM, RECORDS, SOURCES, STORE, echo_rows, sources_here

if TYPE_CHECKING:
    from kg.records import Record


@click.command()
@SOURCES
@click.option("--source", "named", multiple=True, metavar="FILE=ID", help="Read FILE as source ID, e.g. tip-2019.")
@RECORDS
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the records say otherwise.")
@click.option(
    "--relocate", is_flag=True, help="Write nothing; find the locators again in another conversion of a text."
)
def extract(sources: Path | None, named: tuple[str, ...], records: Path | None, check: bool, relocate: bool) -> None:
    """Read source texts and write what they state as records, with the position of every fact."""
    from kg.mappings import extract as stage

    if sources is None and not named:
        raise click.UsageError("extract needs the source texts: give --sources DIR, or --source FILE=ID, or both")
    texts = stage.texts_in(sources) if sources else {}
    texts |= dict(stage.parse_source(option) for option in named)
    folder = records or _checkout_records()
    if relocate:
        for source, path in sorted(texts.items()):
            _show_relocated(source, path, folder)
        return
    differing = 0
    extractions = [stage.extract(source, path) for source, path in sorted(texts.items())]
    for done in extractions:
        for warning in done.warnings:
            click.echo(f"warning: {warning}", err=True)
        if check:
            differing += _show_differences(list(stage.differences(done, folder)), done.source, len(done.records))
        else:
            stage.save(done, folder)
            click.echo(f"{done.source}: {len(done.records)} records in {folder / done.source}", err=True)
        _show_sentences(done.source, done.records)
    if differing:
        sys.exit(1)


def _show_sentences(source: str, records: "Iterable[Record]") -> None:
    """Of a paper, how many sentences state something recorded; where the others stand: tipkg coverage, sentence.tsv."""
    from kg.records import Sentence

    reasons = Counter(record.reason for record in records if isinstance(record, Sentence))
    if reasons:
        total, stated = reasons.total(), reasons.pop("statement", 0)
        others = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        click.echo(f"{source}: {stated} of {total} sentences state something; {others}", err=True)


def _show_relocated(source: str, path: Path, folder: Path) -> None:
    """Where each phrase of the recorded locators stands in this text, and how many are missing."""
    from kg.mappings.relocate import relocate
    from kg.read.text import read_text
    from kg.record_tables import read

    found = list(relocate(read(folder / source), read_text(path).value))
    columns = ("kind", "id", "phrase", "status", "line", "begin", "end", "was")
    echo_rows(columns, [tuple(vars(row)[column] for column in columns) for row in found], "table")
    lost = sum(row.status == "missing" for row in found)
    click.echo(f"{source}: {len(found)} locators, {len(found) - lost} found in {path}, {lost} not", err=True)


def _checkout_records() -> Path:
    project = Path("pyproject.toml")
    if not project.is_file() or tomllib.loads(project.read_text()).get("project", {}).get("name") != "tipkg":
        raise click.UsageError("this folder is no checkout of tipkg, so there are no records here: give --records DIR")
    return Path("mappings") / "records"


def _show_differences(lines: list[str], source: str, total: int) -> int:
    for line in lines[:50]:
        click.echo(line)
    if len(lines) > 50:
        click.echo(f"... and {len(lines) - 50} more")
    click.echo(f"{source}: {total} facts read, {len(lines)} differ from the records", err=True)
    return len(lines)


@click.command("sources")
@SOURCES
@STORE
@FORM
def list_sources(sources: Path | None, store_folder: Path | None, form: str) -> None:
    """List the sources: title, whether the text is here, and how many facts code and people read."""
    from kg.graph.store import read_manifest
    from kg.mappings.extract import editions, texts_in

    given = sources or sources_here()
    here = texts_in(given) if given else {}
    manifest = read_manifest(store_folder_or_built(store_folder))
    known = {source.id: source for source in manifest.sources}
    rows: list[tuple[str | int, ...]] = []
    titles = {source: settings["title"] for source, settings in editions().items()}
    for key in sorted(titles | dict.fromkeys(known, "")):
        entry = known.get(key)
        text = "yes, fingerprint matches" if key in here else "no"
        by_people = entry.facts_by_people if entry else 0
        rows.append(
            (key, entry.title if entry else titles[key], text, (entry.facts if entry else 0) - by_people, by_people)
        )
    echo_rows(("source", "title", "text here", "facts read by code", "by people, places checked by code"), rows, form)


@click.command("map")
@click.argument("source")
@SOURCES
@RECORDS
@click.option(
    "--format",
    "form",
    type=click.Choice(["turtle", "nquads"]),
    default="turtle",
    show_default=True,
    help="How the triples are printed.",
)
def map_source(source: str, sources: Path | None, records: Path | None, form: str) -> None:
    """Print one source as RDF: what it states, with passages, and the things that it speaks of."""
    from kg.graph import build as stage
    from kg.graph import dump, triples
    from kg.record_tables import read_all

    folder = records or stage.packaged_records()
    read = read_all(folder)
    given = sources or sources_here()
    if given:
        from kg.mappings.extract import extract as extract_one
        from kg.mappings.extract import texts_in

        texts = texts_in(given)
        if source in texts:
            read[source] = list(extract_one(source, texts[source]).records)
    if source not in read:
        raise click.UsageError(f"no source is called {source!r} (known: {', '.join(read)})")
    graphs = triples.graphs([read[source]])
    if form == "nquads":
        click.echo("".join(f"{line}\n" for line in dump.ordered(dump.quads(graphs))), nl=False)
        return
    kinds = {source: sorted({record.kind for record in read[source]})}
    click.echo(dump.turtle(dump.merged(graphs), dump.data_prefixes(kinds)).decode(), nl=False)
