"""The command that builds the graph, and the store folder that others need, built on first use."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import RECORDS, SOURCES, progress, sources_here

if TYPE_CHECKING:
    from kg.records import Record


@click.command()
@RECORDS
@SOURCES
@click.option("--out", type=click.Path(path_type=Path), help="Folder for store, dumps and manifest.")
def build(records: Path | None, sources: Path | None, out: Path | None) -> None:
    """Build the graph from the records: checked, reasoned, with store and dumps, in one folder."""
    from kg.packaged import cache_folder

    build_graph(out or cache_folder(), records=records, sources=sources or sources_here())


def build_graph(out: Path, *, records: Path | None = None, sources: Path | None = None) -> None:
    from kg.graph import build as stage
    from kg.record_tables import read_all

    stage.check_folder(out)
    read = read_all(records or stage.packaged_records())
    texts, said = _read_again(read, records or stage.packaged_records(), sources)
    with progress("building the graph", 7) as step:
        manifest = stage.build(list(read.values()), out, texts=texts, step=step)
    facts = sum(source.facts for source in manifest.sources)
    click.echo(f"graph built from {facts} recorded facts in {out}; {said}", err=True)


def _read_again(read: "dict[str, list[Record]]", folder: Path, sources: Path | None) -> tuple[dict[str, Path], str]:
    """Replace records by what the texts say, where texts are at hand; exit 1 if one fact differs."""
    if sources is None:
        return {}, "source texts: none here (facts show their place; to re-read the texts: make run SOURCES=folder)"
    from kg.mappings import extract as stage

    texts: dict[str, Path] = {}
    differences: list[str] = []
    found = stage.texts_in(sources)
    for source, path in found.items():
        done = stage.extract(source, path)
        differences += stage.differences(done, folder)
        read[source] = list(done.records)
        texts[source] = path
    if differences:
        for line in differences[:50]:
            click.echo(line)
        click.echo(f"{len(differences)} facts differ between the texts and {folder}; nothing was built", err=True)
        sys.exit(1)
    again = sum(len(read[source]) for source in texts)
    rest = [source for source in read if source not in texts]
    from_records = f"; from records: {', '.join(rest)}" if rest else ""
    total = len(stage.editions())
    return texts, f"{len(found)} of {total} texts recognised; {again} facts read again, 0 differ{from_records}"


def answers_folder() -> Path:
    """Where answers of other endpoints are kept, in the user's cache."""
    import platformdirs

    return Path(platformdirs.user_cache_path("tipkg")) / "endpoints"


def store_folder_or_built(given: Path | None) -> Path:
    """The store folder asked for, or the one in the cache, built on first use."""
    if given is not None:
        return given
    from kg.packaged import cache_folder

    folder = cache_folder()
    if not (folder / "manifest.json").is_file():
        click.echo("first use: building the graph from the packaged records (once)", err=True)
        build_graph(folder)
    return folder
