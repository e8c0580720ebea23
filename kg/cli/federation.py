"""The command that asks questions beside Wikidata."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from kg.cli.answers import param
from kg.cli.graph import answers_folder, store_folder_or_built
from kg.cli.options import FORM, STORE, echo_rows, table
from kg.federate.kept import KEPT_BYTES, KEPT_SECONDS

# Of what the graph itself holds, beside an error; all of it is a question of its own.
SHOWN: Final = 20


def _whom(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say whom to ask."""
    options = [
        click.option("--offline", is_flag=True, help="Ask nobody: the offline twin answers, where it can."),
        click.option("--live", is_flag=True, help="Wikidata itself or an error, never the twin."),
        click.option("--endpoint", metavar="URL", help="An endpoint that stands for Wikidata, a mirror for example."),
        click.option(
            "--max-age",
            default=KEPT_SECONDS,
            show_default=True,
            type=click.IntRange(0),
            help="Seconds; older answers are asked again.",
        ),
        click.option(
            "--timeout",
            default=30.0,
            show_default=True,
            type=click.FloatRange(0.1, 600),
            help="Seconds for all requests.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("name", required=False)
@click.option("--param", "params", multiple=True, metavar="K=V", help="A parameter of the question.")
@STORE
@FORM
@_whom
def federate(name: str | None, params: tuple[str, ...], store_folder: Path | None, form: str, **given: Any) -> None:
    """Answer a question that asks Wikidata too, or its offline twin; without NAME, list these questions."""
    from kg.ask import federated_questions
    from kg.ask.federated import FederationError, ask_federated
    from kg.graph.store import open_store

    if name is None:
        _list(form)
        return
    asked = dict(map(param, params))
    whom = _asked(**given)
    federated_questions.federated_question(name)
    try:
        answer = ask_federated(open_store(store_folder_or_built(store_folder)), name, asked, whom)
    except FederationError as error:
        _fail(error)
    else:
        _show(answer, form)


def _list(form: str) -> None:
    from kg.ask import federated_questions

    found = [federated_questions.federated_question(name) for name in federated_questions.names()]
    rows = [
        (f.question.name, f.question.summary, ", ".join(f.question.parameter_names), f.twin or "nothing", f.tested)
        for f in found
    ]
    echo_rows(("name", "question", "parameters", "offline", "tested"), rows, form)


def _asked(*, offline: bool, live: bool, endpoint: str | None, max_age: int, timeout: float) -> Any:
    from kg.ask.federated import whom
    from kg.federate.kept import KeptAnswers

    if offline and (live or endpoint):
        raise click.UsageError("--offline asks nobody: give it without --live and --endpoint")
    kept = KeptAnswers(answers_folder(), KEPT_BYTES, max_age) if max_age else None
    try:
        return whom(endpoint, "offline" if offline else "live" if live else "auto", timeout, kept)
    except ValueError as error:
        raise click.UsageError(f"--endpoint: {error}") from error


def _show(answer: Any, form: str) -> None:
    from kg.ask.answer_forms import as_json, remarks

    if form == "json":
        click.echo(as_json(answer), nl=False)
        return
    echo_rows(answer.columns, answer.rows, form)
    for line in remarks(answer):
        click.echo(line, err=form != "table")


def _fail(error: Any) -> None:
    click.echo(f"tipkg: {error}", err=True)
    if error.rows:
        click.echo(table(error.columns, error.rows[:SHOWN]), nl=False, err=True)
        if len(error.rows) > SHOWN:
            click.echo(f"and {len(error.rows) - SHOWN} more", err=True)
    sys.exit(2)
