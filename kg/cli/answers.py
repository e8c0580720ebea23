"""Commands that answer from a built graph: query, queries, sparql, evidence."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from kg.cli.graph import store_folder_or_built
from kg.cli.options import FORM, SOURCES, STORE, echo_rows, sources_here, table


@click.command()
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V", help="A parameter of the question.")
@STORE
@FORM
def query(name: str, params: tuple[str, ...], store_folder: Path | None, form: str) -> None:
    """Answer a packaged question (tipkg queries lists them)."""
    from kg.ask import answer_forms, questions
    from kg.ask.search import Search
    from kg.graph.store import open_store

    asked = dict(map(param, params))
    questions.question(name)
    folder = store_folder_or_built(store_folder)
    # The index is opened only for a value that names nothing.
    answer = questions.ask(open_store(folder), name, asked, lambda *value: Search.open(folder).candidates(*value))
    if form == "json":
        click.echo(answer_forms.as_json(answer), nl=False)
        return
    rows = answer_forms.shown(answer)
    if rows or form != "table":
        echo_rows(answer.columns, rows, form)
    if answer.explanation:
        _explain(answer, form)


def param(text: str) -> tuple[str, str]:
    """NAME=VALUE of the option --param, cut in two."""
    key, equals, value = text.partition("=")
    if not equals or not key or not value:
        raise click.UsageError(f"--param {text}: wanted NAME=VALUE, such as --param edition=2017")
    return key, value


def _explain(answer: Any, form: str) -> None:
    to_stderr = form != "table"
    click.echo(f"none stated: {answer.explanation}", err=to_stderr)
    click.echo(f"not stated by: {', '.join(answer.not_stated_by)}", err=to_stderr)
    if answer.nearest and not answer.near_asked_for:
        click.echo("nearest (no answers):", err=to_stderr)
        click.echo(table(answer.columns, [near.row.values for near in answer.nearest]), nl=False, err=to_stderr)


@click.command()
@FORM
def queries(form: str) -> None:
    """List the packaged questions with their parameters."""
    from kg.ask import questions

    found = [questions.question(name) for name in questions.names()]
    rows = [(q.name, q.summary, ", ".join(q.parameter_names)) for q in found]
    echo_rows(("name", "question", "parameters"), rows, form)


@click.command()
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
    query_text = text if text is not None else _query_text(file)
    result = stage.run(open_store(store_folder_or_built(store_folder)), query_text, form)
    if isinstance(result, stage.Rows):
        echo_rows(result.columns, result.rows, "table")
    else:
        click.echo(result.decode(), nl=not result.endswith(b"\n"))


def _query_text(file: Path | None) -> str:
    data = file.read_bytes() if file else sys.stdin.buffer.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        name = file or "standard input"
        raise click.UsageError(f"{name}: not UTF-8 (byte {error.start}); save the query as UTF-8") from error


@click.command()
@click.argument("iri")
@SOURCES
@STORE
def evidence(iri: str, sources: Path | None, store_folder: Path | None) -> None:
    """Show where a statement stands, and the passage itself when the text is at hand."""
    from kg.ask import evidence as stage
    from kg.graph.store import open_store, texts_beside

    folder = store_folder_or_built(store_folder)
    texts = dict(texts_beside(folder))
    given = sources or sources_here()
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
