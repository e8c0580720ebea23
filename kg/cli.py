"""The command line: the only place that prints, and that reads the environment."""

import hashlib
import importlib.resources
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from kg import __version__, formats
from kg.record_tables import RecordError
from kg.records import Record

HERE_SOURCES: Final = Path("sources")
STORE = click.option(
    "--store", "store_folder", type=click.Path(path_type=Path), help="Store folder (default: built once)."
)
SOURCES = click.option("--sources", type=click.Path(path_type=Path), help="Folder that holds the source texts.")
RECORDS = click.option("--records", type=click.Path(path_type=Path), help="Folder of the records.")


def main() -> None:
    """Run the command line: exit 0 done, 1 a judging command found a difference, 2 bad input."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (ValueError, OSError) as error:
        if not _is_ours(error):
            raise
        click.echo(f"tipkg: {error}", err=True)
        sys.exit(2)


def _is_ours(error: Exception) -> bool:
    """Errors that our own modules raise for bad input, and those of the file system; any other is a bug."""
    return isinstance(error, OSError) or type(error).__module__.startswith("kg.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="tipkg")
def cli() -> None:
    """tipkg: who does what against trafficking in persons, and which passage of which source says so."""


@cli.command()
@SOURCES
@click.option("--source", "named", multiple=True, metavar="FILE=ID", help="Read FILE as source ID, e.g. tip-2019.")
@RECORDS
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the records say otherwise.")
def extract(sources: Path | None, named: tuple[str, ...], records: Path | None, check: bool) -> None:
    """Read source texts and write what they state as records, with the position of every fact."""
    from kg.mappings import extract as stage

    if sources is None and not named:
        raise click.UsageError("extract needs the source texts: give --sources DIR, or --source FILE=ID, or both")
    texts = stage.texts_in(sources) if sources else {}
    texts |= dict(stage.parse_source(option) for option in named)
    folder = records or _checkout_records()
    differing = 0
    extractions = [stage.extract(source, path) for source, path in sorted(texts.items())]
    for done in extractions:
        for warning in done.warnings:
            click.echo(f"warning: {warning}", err=True)
        if done.unread:
            click.echo(f"{done.path}: {done.unread}", err=True)
        elif check:
            differing += _show_differences(list(stage.differences(done, folder)), done.source, len(done.records))
        else:
            stage.save(done, folder)
            click.echo(f"{done.source}: {len(done.records)} records in {folder / done.source}", err=True)
    if differing:
        sys.exit(1)


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


@cli.command()
@RECORDS
@SOURCES
@click.option("--out", type=click.Path(path_type=Path), help="Folder for store, dumps and manifest.")
def build(records: Path | None, sources: Path | None, out: Path | None) -> None:
    """Build the graph from the records: checked, reasoned, with store and dumps, in one folder."""
    _build(out or _cache_folder(), records=records, sources=sources or _sources_here())


def _build(out: Path, *, records: Path | None = None, sources: Path | None = None) -> None:
    from kg.graph import build as stage

    stage.check_folder(out)
    read = _read_records(records or stage.packaged_records())
    texts, said = _read_again(read, records or stage.packaged_records(), sources)
    with _progress("building the graph", 6) as step:
        manifest = stage.build(list(read.values()), out, texts=texts, step=step)
    facts = sum(source.facts for source in manifest.sources)
    click.echo(f"graph built from {facts} recorded facts in {out}; {said}", err=True)


def _read_records(folder: Path) -> dict[str, list[Record]]:
    from kg.record_tables import read

    if not folder.is_dir():
        raise RecordError(f"{folder}: no such folder; --records takes the folder that holds one folder for each source")
    found = {path.name: read(path) for path in sorted(folder.iterdir()) if (path / "source.tsv").is_file()}
    if not found:
        raise RecordError(f"{folder}: no records there (no SOURCE/source.tsv); tipkg extract writes them")
    return found


def _read_again(read: dict[str, list[Record]], folder: Path, sources: Path | None) -> tuple[dict[str, Path], str]:
    """Replace records by what the texts say, where texts are at hand; exit 1 if one fact differs."""
    if sources is None:
        return {}, "source texts: none here (facts show their place; to re-read the texts: make run SOURCES=folder)"
    from kg.mappings import extract as stage

    texts: dict[str, Path] = {}
    differences: list[str] = []
    found = stage.texts_in(sources)
    for source, path in found.items():
        done = stage.extract(source, path)
        if done.unread:
            click.echo(done.unread, err=True)
            continue
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


def _sources_here() -> Path | None:
    return HERE_SOURCES if any(HERE_SOURCES.glob("*.txt")) else None


@contextmanager
def _progress(what: str, steps: int) -> Iterator[Callable[[str], None]]:
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


def _cache_folder() -> Path:
    """The user's folder for the graph of the packaged records: another one for every version and content."""
    import platformdirs

    digest = hashlib.sha256(__version__.encode())
    for package in ("kg.mappings", "kg.ontology"):
        root = Path(str(importlib.resources.files(package)))
        for path in sorted(root.rglob("*")):
            if path.suffix in (".tsv", ".toml", ".ttl", ".rq"):
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return Path(platformdirs.user_cache_path("tipkg")) / f"{__version__}-{digest.hexdigest()[:12]}"


def _store_folder(given: Path | None) -> Path:
    """The store folder asked for, or the one in the cache, built on first use."""
    if given is not None:
        return given
    folder = _cache_folder()
    if not (folder / "manifest.json").is_file():
        click.echo("first use: building the graph from the packaged records (once)", err=True)
        _build(folder)
    return folder


@cli.command()
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V", help="A parameter of the question.")
@STORE
@click.option("--format", "form", type=click.Choice(["table", "csv", "tsv", "json"]), default="table")
def query(name: str, params: tuple[str, ...], store_folder: Path | None, form: str) -> None:
    """Answer a packaged question (tipkg queries lists them)."""
    from kg.ask import questions
    from kg.graph.store import open_store

    asked = dict(_param(param) for param in params)
    questions.question(name)
    answer = questions.ask(open_store(_store_folder(store_folder)), name, asked)
    columns = answer.question.columns
    if form == "json":
        click.echo(formats.as_json(_answer_json(answer)), nl=False)
        return
    if answer.rows or form != "table":
        _echo_rows(columns, answer.rows, form)
    if not answer.rows:
        _explain(answer, form)


def _param(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key or not value:
        raise click.UsageError(f"--param {text}: wanted NAME=VALUE, such as --param state=Guinea")
    return key, value


def _answer_json(answer: Any) -> dict[str, Any]:
    columns = answer.question.columns
    value: dict[str, Any] = {"question": answer.question.name, "asked": dict(answer.asked)}
    value["rows"] = formats.as_objects(columns, answer.rows)
    if not answer.rows:
        value["answer"] = "none stated"
        value["explanation"] = answer.explanation
        value["not_stated_by"] = list(answer.not_stated_by)
        value["nearest"] = formats.as_objects(columns, answer.nearest)
    return value


def _explain(answer: Any, form: str) -> None:
    to_stderr = form != "table"
    click.echo(f"none stated: {answer.explanation}", err=to_stderr)
    if answer.nearest:
        click.echo("nearest (no answers):", err=to_stderr)
        click.echo(_table(answer.question.columns, answer.nearest), nl=False, err=to_stderr)


def _echo_rows(columns: tuple[str, ...], rows: Any, form: str) -> None:
    if form == "csv":
        click.echo(formats.as_csv(columns, rows), nl=False)
    elif form == "tsv":
        click.echo(formats.as_tsv(columns, rows), nl=False)
    elif form == "json":
        click.echo(formats.as_json(formats.as_objects(columns, rows)), nl=False)
    else:
        click.echo(_table(columns, rows), nl=False)


def _table(columns: tuple[str, ...], rows: Any) -> str:
    import shutil

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return formats.as_table(columns, rows, width=width)


@cli.command()
@click.option("--format", "form", type=click.Choice(["table", "csv", "tsv", "json"]), default="table")
def queries(form: str) -> None:
    """List the packaged questions with their parameters."""
    from kg.ask import questions

    found = [questions.question(name) for name in questions.names()]
    rows = [(q.name, q.summary, ", ".join(_parameters(q))) for q in found]
    _echo_rows(("name", "question", "parameters"), rows, form)


def _parameters(question: Any) -> list[str]:
    own = [parameter.name for parameter in question.parameters]
    return [*own, "nearest"] if question.answers else own


@cli.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-e", "text", metavar="QUERY", help="The query itself, in place of a file.")
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle", "ntriples"]),
    help="Default: table for SELECT and ASK, turtle for CONSTRUCT and DESCRIBE.",
)
def sparql(file: Path | None, text: str | None, store_folder: Path | None, form: str | None) -> None:
    """Run a SPARQL query on the graph, from a file, from -e, or from standard input."""
    from kg.ask import sparql as stage
    from kg.graph.store import open_store

    if file is not None and text is not None:
        raise click.UsageError("give a file or -e QUERY, not both")
    query_text = text if text is not None else file.read_text(encoding="utf-8") if file else sys.stdin.read()
    result = stage.run(open_store(_store_folder(store_folder)), query_text, form)
    if isinstance(result, stage.Rows):
        _echo_rows(result.columns, result.rows, "table")
    else:
        click.echo(result.decode(), nl=not result.endswith(b"\n"))


@cli.command()
@click.argument("iri")
@SOURCES
@STORE
def evidence(iri: str, sources: Path | None, store_folder: Path | None) -> None:
    """Show where a statement stands, and the passage itself when the text is at hand."""
    from kg.ask import evidence as stage
    from kg.graph.store import open_store

    folder = _store_folder(store_folder)
    texts = dict(stage.texts_beside(folder))
    given = sources or _sources_here()
    if given:
        from kg.mappings.extract import texts_in

        texts |= texts_in(given)
    for passage in stage.passages(open_store(folder), iri):
        click.echo(f"{passage.label}\n  {passage.statement}\n  where:  {passage.where}")
        click.echo(f"  offset: characters {passage.begin} to {passage.end} of {passage.source}")
        click.echo(f"          (text with SHA-256 {passage.text_sha256})\n  hash:   {passage.sha256}")
        _quote(passage, texts)


def _quote(passage: Any, texts: Mapping[str, Path]) -> None:
    from kg.ask import evidence as stage
    from kg.read.text import read_text

    if passage.source not in texts:
        click.echo("  text:   not at hand (give --sources DIR to see the passage)\n")
        return
    before, inside, after = stage.quote(passage, read_text(texts[passage.source]).value)
    shown = f"{click.style(before, dim=True)}»{click.style(inside, bold=True)}«{click.style(after, dim=True)}"
    lines = [line.strip() for line in shown.split("\n") if line.strip()]
    click.echo("  text:   " + "\n          ".join(lines) + "\n")


@cli.command("sources")
@SOURCES
@STORE
@click.option("--format", "form", type=click.Choice(["table", "csv", "tsv", "json"]), default="table")
def list_sources(sources: Path | None, store_folder: Path | None, form: str) -> None:
    """List the sources: title, whether the text is here, and how many facts code and people read."""
    from kg.graph.store import read_manifest
    from kg.mappings.extract import editions, texts_in

    given = sources or _sources_here()
    here = texts_in(given) if given else {}
    manifest = read_manifest(_store_folder(store_folder))
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
    _echo_rows(("source", "title", "text here", "facts read by code", "by people, places checked by code"), rows, form)


@cli.command("map")
@click.argument("source")
@SOURCES
@RECORDS
@click.option("--format", "form", type=click.Choice(["turtle", "nquads"]), default="turtle")
def map_source(source: str, sources: Path | None, records: Path | None, form: str) -> None:
    """Print one source as RDF: what it states, with passages, and the things that it speaks of."""
    from kg.graph import build as stage
    from kg.graph import dump, triples

    folder = records or stage.packaged_records()
    read = _read_records(folder)
    given = sources or _sources_here()
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
        click.echo("".join(f"{quad} .\n" for quad in dump.quads(graphs)), nl=False)
        return
    kinds = {source: sorted({record.kind for record in read[source]})}
    click.echo(dump.turtle(dump.merged(graphs), dump.data_prefixes(kinds)).decode(), nl=False)


@cli.command()
@STORE
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=7878, show_default=True, type=click.IntRange(1, 65535))
def serve(store_folder: Path | None, host: str, port: int) -> None:
    """Serve the graph: a SPARQL endpoint at /sparql, and pages with the questions."""
    from kg.ask import questions
    from kg.graph.store import load_store, read_manifest
    from kg.serve.app import QuestionCard, create_app
    from kg.serve.listen import serve as listen

    folder = _store_folder(store_folder)
    manifest = read_manifest(folder)
    found = [questions.question(name) for name in questions.names()]
    cards = [QuestionCard(q.name, q.summary, tuple(_parameters(q)), q.query) for q in found]
    app = create_app(load_store(folder), build_id=manifest.build_id, questions=cards)

    def ready(actual_host: str, actual_port: int) -> None:
        if actual_port != port:
            click.echo(f"port {port} is taken; the next free one is {actual_port}", err=True)
        click.echo(f"http://{actual_host}:{actual_port}/")

    listen(app, host=host, port=port, on_ready=ready)
