"""docs/questions.md, made from the headers of the packaged questions."""

import importlib.resources
import shlex
from collections.abc import Mapping

from kg.ask.federated_questions import FederatedQuestion, federated_question
from kg.ask.federated_questions import names as federated_names
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
        "Those beside Wikidata are asked with `tipkg federate` ([federation.md](federation.md)).",
        "",
    ]
    beside = {name: federated_question(name) for name in federated_names()}
    found = [*map(_checked, names()), *(_checked_beside(one) for one in beside.values())]
    groups = schema()["properties"]["group"]["enum"]
    linked = {group: [f"[{q.name}](#{q.name})" for q in found if q.group == group] for group in groups}
    contents = [f"- {group}: {', '.join(links)}" for group, links in linked.items()]
    entries = (_entry(q, beside.get(q.name)) for group in groups for q in found if q.group == group)
    return "\n".join([*head, *contents, "", *entries])


def _checked(name: str) -> Question:
    """The question, its header held against the schema first."""
    path = importlib.resources.files("kg.queries") / f"{name}.rq"
    check_header(name, path.read_text(encoding="utf-8"))
    return question(name)


def _checked_beside(asked: FederatedQuestion) -> Question:
    path = importlib.resources.files("kg.queries") / "federated" / f"{asked.question.name}.rq"
    check_header(asked.question.name, path.read_text(encoding="utf-8"))
    return asked.question


def _entry(asked: Question, beside: FederatedQuestion | None) -> str:
    command = "tipkg federate" if beside else "tipkg query"
    head = [f"## {asked.name}", "", asked.summary, "", asked.description, ""]
    return "\n".join([*head, *_limits(asked, beside), *_takes(asked, command)])


def _limits(asked: Question, beside: FederatedQuestion | None) -> list[str]:
    limits = asked.limits
    told = [f"- Sources: {', '.join(limits.sources)}", f"- Dates: {limits.dates}", f"- Coverage: {limits.coverage}"]
    if asked.evidence_elsewhere:
        links = ", ".join(f"[{name}](#{name})" for name in asked.evidence_elsewhere)
        told.append(f"- Evidence: {links} ({asked.evidence_because})")
    if beside:
        told.append(f"- Tested: {beside.tested}")
        told.append(f"- Offline: {beside.twin or 'needs Wikidata live.'}")
    return [*told, ""]


def _takes(asked: Question, command: str) -> list[str]:
    """Columns, parameters and examples."""
    columns = [f"| `{column.name}` | {column.type} | {column.meaning} |" for column in asked.columns]
    parameters = [f"- `{parameter.name}` ({parameter.type}): {parameter.description}" for parameter in asked.parameters]
    if asked.answers:
        wanted = ", ".join(f"{column} is {value}" for column, value in asked.answers.items())
        parameters.append(f"- `nearest` (true or false): also what is near; an answer is a row whose {wanted}")
    examples = [
        f"- {one.title}: `{' '.join([command, asked.name, *_given(one.parameters)])}`" for one in asked.examples
    ]
    lines = ["| column | type | meaning |", "| --- | --- | --- |", *columns, ""]
    lines += ["Parameters:" if parameters else "No parameters.", "", *parameters, *([""] if parameters else [])]
    return [*lines, "Examples:", "", *examples, ""]


def _given(parameters: Mapping[str, str]) -> list[str]:
    return [f"--param {shlex.quote(f'{key}={value}')}" for key, value in parameters.items()]
