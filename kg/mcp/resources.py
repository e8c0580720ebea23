"""What a client can read without calling a tool: the schema, the questions, a class, a query."""

from typing import Final, NamedTuple

from kg.ask.questions import QuestionError
from kg.mcp import answers, asking
from kg.mcp.held import Held
from kg.mcp.refusal import RefusedError
from kg.mcp.text import written

_MARKDOWN: Final = "text/markdown"
_SPARQL: Final = "application/sparql-query"
_SCHEMA: Final = "tipkg://schema"
_QUESTIONS: Final = "tipkg://questions"
_CLASS: Final = "tipkg://class/"
_QUESTION: Final = "tipkg://question/"


class Resource(NamedTuple):
    """`kind` is its media type; the `uri` of a template has a part in braces."""

    uri: str
    name: str
    about: str
    kind: str


def resources() -> tuple[Resource, ...]:
    return (
        Resource(_SCHEMA, "schema", "The classes of the graph, a line each, and the prefixes.", _MARKDOWN),
        Resource(_QUESTIONS, "questions", "The packaged questions with their parameters.", _MARKDOWN),
    )


def templates() -> tuple[Resource, ...]:
    return (
        Resource(f"{_CLASS}{{name}}", "class", "A class with its properties, by its local name.", _MARKDOWN),
        Resource(f"{_QUESTION}{{name}}", "question", "The SPARQL of a packaged question.", _SPARQL),
    )


def read(held: Held, uri: str) -> tuple[str, str]:
    """Media type and text. Raises RefusedError with what there is."""
    if uri == _SCHEMA:
        return _MARKDOWN, written(answers.Schema.model_validate(held.call("get_schema", {})))
    if uri == _QUESTIONS:
        return _MARKDOWN, written(answers.Listed.model_validate(held.call("list_questions", {})))
    if uri.startswith(_CLASS):
        found = held.call("get_schema", {"term": uri.removeprefix(_CLASS) or " "})
        return _MARKDOWN, written(answers.Schema.model_validate(found))
    if uri.startswith(_QUESTION):
        try:
            return _SPARQL, asking.query_of(uri.removeprefix(_QUESTION))
        except QuestionError as error:
            raise RefusedError(str(error)) from error
    known = ", ".join(one.uri for one in (*resources(), *templates()))
    raise RefusedError(f"there is no resource {uri[:100]!r}; there are: {known}")
