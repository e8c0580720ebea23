"""The catalogue of packaged questions: by group, all or those with some words, for the page and as JSON."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from kg import formats
from kg.ask import catalogue
from kg.ask.federated_questions import federated_question
from kg.ask.header import schema
from kg.ask.question import Parameter, Question


def grouped(words: str) -> dict[str, list[Question]]:
    """Group -> its questions that have all of the words; in the order of the groups, without empty ones."""
    wanted = words.casefold().split()
    found = [one for one in map(catalogue.question, catalogue.names()) if all(word in _said(one) for word in wanted)]
    groups = {group: [one for one in found if one.group == group] for group in schema()["properties"]["group"]["enum"]}
    return {group: some for group, some in groups.items() if some}


@lru_cache(maxsize=8)
def json_catalogue(words: str) -> bytes:
    """The same as JSON; addresses are relative to that of the catalogue."""
    entries = [_entry(one) for some in grouped(words).values() for one in some]
    return formats.as_json({"questions": entries}).encode()


def example_address(found: Question, given: Mapping[str, str]) -> str:
    return f"questions/{found.name}{f'?{urlencode(given)}' if given else ''}"


def _said(found: Question) -> str:
    words = (found.name.replace("_", " "), found.name, found.summary, found.description, found.group, *found.tags)
    return " ".join(words).casefold()


def _entry(found: Question) -> dict[str, Any]:
    limits = found.limits
    return {
        "name": found.name,
        "question": found.summary,
        "description": found.description,
        "group": found.group,
        "tags": list(found.tags),
        "limits": {"sources": list(limits.sources), "dates": limits.dates, "coverage": limits.coverage},
        "parameters": [_parameter(one) for one in found.parameters],
        "columns": [{"name": one.name, "type": one.type, "meaning": one.meaning} for one in found.columns],
        "examples": [
            {"title": one.title, "parameters": dict(one.parameters), "href": example_address(found, one.parameters)}
            for one in found.examples
        ],
        "href": f"questions/{found.name}",
    } | _beside(found.name)


def _beside(name: str) -> dict[str, Any]:
    """Of a question beside Wikidata: against what it was tested, and what its offline twin can say, if anything."""
    if not catalogue.is_federated(name):
        return {}
    found = federated_question(name)
    return {"beside": {"tested": found.tested, "offline": found.twin}}


def _parameter(one: Parameter) -> dict[str, Any]:
    entry = {"name": one.name, "type": one.type, "description": one.description, "required": one.required}
    return entry | ({"default": one.default} if one.default is not None else {})
