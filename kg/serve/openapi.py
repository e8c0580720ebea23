"""/openapi.json: the interface of the questions in OpenAPI 3.1, made from their headers."""

import importlib.resources
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from kg import __version__
from kg.ask import catalogue
from kg.ask.header import schema
from kg.ask.question import Column, Parameter, Question
from kg.ask.search import KINDS, MOST
from kg.ask.values import LONGEST
from kg.serve.asked import MOST_ROWS
from kg.serve.negotiate import HTML
from kg.serve.openapi_words import BESIDE, HEADERS, WHY, whom_to_ask
from kg.serve.problem import PLAIN, PROBLEM_JSON
from kg.serve.question_forms import FORMS, ROWS, SUFFIXES

Json = dict[str, Any]

ABOUT: Final = (
    "The packaged questions, and search. A question is asked with GET; its parameters take names as people write them, "
    "abbreviations, codes and IRIs. The form of the answer is chosen by Accept, or by a suffix of the address "
    "(/questions/NAME.csv). Errors are application/problem+json with what is allowed or may be meant."
)
_TEXT: Final = {"schema": {"type": "string"}}
_ANSWER: Final = "#/components/schemas/Answer"


def document(editions: Sequence[str]) -> Json:
    """`editions` are the years that a graph has; addresses are relative to that of the document."""
    found = [catalogue.question(name) for name in catalogue.names()]
    return {
        "openapi": "3.1.0",
        "info": {"title": "tipkg", "summary": "Questions to the graph", "description": ABOUT, "version": __version__},
        "servers": [{"url": "./"}],
        "tags": [{"name": name} for name in ("Everything", *schema()["properties"]["group"]["enum"])],
        "paths": {
            "/questions": {"get": _catalogue()},
            "/search": {"get": _search()},
            "/questions/{name}.{form}": {"get": _with_suffix()},
            **{f"/questions/{one.name}": {"get": _operation(one, editions)} for one in found},
        },
        "components": {"schemas": _schemas(), "parameters": _window(), "responses": _problems()},
    }


def _operation(one: Question, editions: Sequence[str]) -> Json:
    own = [_parameter(one, parameter, editions) for parameter in one.parameters]
    if one.answers:
        words = "true: what is near is told as well, apart from the answers"
        own.append({"name": "nearest", "in": "query", "description": words, "schema": {"type": "boolean"}})
    federated = catalogue.is_federated(one.name)
    own += whom_to_ask() if federated else []
    limits = one.limits
    return {
        "operationId": one.name,
        "tags": [one.group],
        "summary": one.summary,
        "description": f"{one.description}\n\n{limits.dates}\n\n{limits.coverage}",
        "parameters": [*own, *({"$ref": f"#/components/parameters/{name}"} for name in _window())],
        "responses": {"200": _answer(one, federated), "304": {"description": "What If-None-Match names is still so."}}
        | _refusals(*WHY, *(BESIDE if federated else ())),
    }


def _parameter(one: Question, parameter: Parameter, editions: Sequence[str]) -> Json:
    values = [(example.title, example.parameters.get(parameter.name)) for example in one.examples]
    examples = {
        str(number): {"summary": title, "value": value} for number, (title, value) in enumerate(values) if value
    }
    made: Json = {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.description} ({parameter.type})",
        "required": parameter.required and parameter.default is None,
        "schema": _type(parameter, editions),
    }
    return made | ({"examples": examples} if examples else {})


def _type(parameter: Parameter, editions: Sequence[str]) -> Json:
    types: dict[str, Json] = {
        "edition": {"enum": list(editions)},
        "date": {"pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        "number": {"pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    }
    made: Json = {"type": "string"} | types.get(parameter.type, {"maxLength": LONGEST})
    return made | ({"default": parameter.default} if parameter.default is not None else {})


def _answer(one: Question, federated: bool) -> Json:
    rows = {
        "type": "object",
        "required": list(one.column_names),
        "properties": {c.name: _column(c) for c in one.columns},
    }
    schema = {"allOf": [{"$ref": _ANSWER}, {"properties": {"rows": {"items": rows}}}]}
    content = {form.media_types[0]: {"schema": schema} if form == ROWS else _TEXT for form in FORMS}
    headers = {
        "Total-Rows": {"description": "How many answers there are on all pages.", "schema": {"type": "integer"}},
        "Link": {"description": "first, prev, next and last page; the other forms.", "schema": {"type": "string"}},
        "ETag": {"schema": {"type": "string"}},
    } | (HEADERS if federated else {})
    return {"description": "The answer; an empty one says why it is empty.", "headers": headers, "content": content}


def _column(column: Column) -> Json:
    return {"type": ["string", "integer"], "description": f"{column.meaning} ({column.type})"}


def _catalogue() -> Json:
    words = {"name": "q", "in": "query", "description": "Words that the questions have.", "schema": {"type": "string"}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Catalogue"}}, "text/html": _TEXT}
    return {
        "operationId": "list_questions",
        "tags": ["Everything"],
        "summary": "Which questions are there?",
        "parameters": [words],
        "responses": {"200": {"description": "The questions.", "content": content}} | _refusals("400", "406"),
    }


def _search() -> Json:
    kinds = {"type": "string", "enum": sorted(KINDS)}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 20}
    parameters = [
        {
            "name": "q",
            "in": "query",
            "required": True,
            "schema": {"type": "string", "maxLength": 200},
            "example": "focal points",
        },
        {"name": "kind", "in": "query", "schema": kinds},
        {"name": "limit", "in": "query", "schema": limit},
    ]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Found"}}, "text/html": _TEXT}
    return {
        "operationId": "search",
        "tags": ["Everything"],
        "summary": "What is called so?",
        "description": "Things by name, alias, abbreviation, code or misprint, the best first.",
        "parameters": parameters,
        "responses": {"200": {"description": "What was found.", "content": content}} | _refusals("400", "406"),
    }


def _with_suffix() -> Json:
    forms = {"type": "string", "enum": list(SUFFIXES)}
    content = {form.media_types[0]: {"schema": {"$ref": _ANSWER}} if form == ROWS else _TEXT for form in FORMS}
    return {
        "operationId": "answer_as",
        "tags": ["Everything"],
        "summary": "A question, with the form of the answer in the address",
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": [*catalogue.names()]},
            },
            {"name": "form", "in": "path", "required": True, "schema": forms},
            *({"$ref": f"#/components/parameters/{name}"} for name in _window()),
        ],
        "responses": {"200": {"description": "The answer.", "content": content}} | _refusals(*WHY, *BESIDE),
    }


def _window() -> Json:
    """Of all questions."""
    counts = {
        "limit": ("How many rows at most; without it all (of a page for people: 100).", 1, MOST_ROWS),
        "offset": ("How many rows to leave out at the beginning.", 0, 1_000_000),
        "page": ("The number of the page, of limit rows each; not together with offset.", 1, 1_000_000),
    }
    return {
        name: {
            "name": name,
            "in": "query",
            "description": words,
            "schema": {"type": "integer", "minimum": least, "maximum": most},
        }
        for name, (words, least, most) in counts.items()
    }


def _refusals(*statuses: str) -> Json:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _problems() -> Json:
    content = {
        PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}},
        PLAIN: _TEXT,
        HTML.media_types[0]: _TEXT,
    }
    # Who asks for application/json gets a problem under that name.
    content["application/json"] = content[PROBLEM_JSON]
    return {status: {"description": why, "content": content} for status, why in {**WHY, **BESIDE}.items()}


def _schemas() -> Json:
    text = (importlib.resources.files("kg.ask") / "answer.schema.json").read_text(encoding="utf-8")
    # A schema of its own has its parts beside it; here they are components like all others.
    for part, name in (("row", "Row"), ("places", "Places"), ("receipt", "Receipt")):
        text = text.replace(f"#/$defs/{part}", f"#/components/schemas/{name}")
    answer = json.loads(text)
    parts = answer.pop("$defs")
    own = {key: value for key, value in answer.items() if key not in ("$schema", "$id")}
    described = json.loads((importlib.resources.files("kg.serve") / "api.schema.json").read_text(encoding="utf-8"))
    shared = {"Row": parts["row"], "Places": parts["places"], "Receipt": parts["receipt"]}
    return {"Answer": own, **shared, **described["$defs"]}


def operations(described: Json) -> Iterable[tuple[str, Json]]:
    """Address and operation, with its parameters in place of references to them."""
    known = described["components"]["parameters"]
    for path, item in described["paths"].items():
        own = [known[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in item["get"]["parameters"]]
        yield path, item["get"] | {"parameters": own}
