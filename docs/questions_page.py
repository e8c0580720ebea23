"""docs/questions.md, made from the headers of the packaged questions."""

import importlib.resources
import shlex
from collections.abc import Mapping

from kg.ask.header import check_header, schema
from kg.ask.question import Question
from kg.ask.questions import names, question


def catalogue() -> str:
    """docs/questions.md: every packaged question by group, with limits, columns, parameters and examples."""
    head = [
        "# The packaged questions",
        "",
        "Generated from the headers of `queries/*.rq` by `make docs`. Ask one with `tipkg query NAME --param k=v`;",
        "each file also runs as it is in any SPARQL tool. A parameter takes an IRI, slug, name, abbreviation or code.",
        "",
    ]
    found = [_checked(name) for name in names()]
    groups = schema()["properties"]["group"]["enum"]
    linked = {group: [f"[{q.name}](#{q.name})" for q in found if q.group == group] for group in groups}
    contents = [f"- {group}: {', '.join(links)}" for group, links in linked.items()]
    return "\n".join([*head, *contents, "", *(_entry(q) for group in groups for q in found if q.group == group)])


def _checked(name: str) -> Question:
    """The question, its header held against the schema first."""
    path = importlib.resources.files("kg.queries") / f"{name}.rq"
    check_header(name, path.read_text(encoding="utf-8"))
    return question(name)


def _entry(asked: Question) -> str:
    return "\n".join(
        [f"## {asked.name}", "", asked.summary, "", asked.description, "", *_limits(asked), *_takes(asked)]
    )


def _limits(asked: Question) -> list[str]:
    limits = asked.limits
    told = [f"- Sources: {', '.join(limits.sources)}", f"- Dates: {limits.dates}", f"- Coverage: {limits.coverage}"]
    if asked.evidence_elsewhere:
        links = ", ".join(f"[{name}](#{name})" for name in asked.evidence_elsewhere)
        told.append(f"- Evidence: {links} ({asked.evidence_because})")
    return [*told, ""]


def _takes(asked: Question) -> list[str]:
    """Columns, parameters and examples."""
    columns = [f"| `{column.name}` | {column.type} | {column.meaning} |" for column in asked.columns]
    parameters = [f"- `{parameter.name}` ({parameter.type}): {parameter.description}" for parameter in asked.parameters]
    if asked.answers:
        wanted = ", ".join(f"{column} is {value}" for column, value in asked.answers.items())
        parameters.append(f"- `nearest` (true or false): also what is near; an answer is a row whose {wanted}")
    examples = [f"- {one.title}: `{' '.join(_command(asked, one.parameters))}`" for one in asked.examples]
    lines = ["| column | type | meaning |", "| --- | --- | --- |", *columns, ""]
    lines += ["Parameters:" if parameters else "No parameters.", "", *parameters, *([""] if parameters else [])]
    return [*lines, "Examples:", "", *examples, ""]


def _command(asked: Question, parameters: Mapping[str, str]) -> list[str]:
    given = [f"--param {shlex.quote(f'{key}={value}')}" for key, value in parameters.items()]
    return ["tipkg query", asked.name, *given]
