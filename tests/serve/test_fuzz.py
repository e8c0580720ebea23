"""Requests made up from /openapi.json, good ones and bad ones: never a 5xx, and every answer is as it is described."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.generation import GenerationMode

from kg.ask.catalogue import names
from tests.serve.conftest import Ask

# Of each of the ninety operations: enough that all that is checked here failed at least once, in less than a minute.
EXAMPLES = 4
MEDIA_TYPES = ("*/*", "application/json", "text/csv", "text/turtle", "text/html", "application/problem+json")


@pytest.fixture(scope="session")
def schema(served: Ask) -> Any:
    return schemathesis.openapi.from_dict(served("GET", "/openapi.json").json())


def operations() -> list[str]:
    return ["/questions", "/search", "/questions/{name}.{form}", *(f"/questions/{name}" for name in names())]


def made_up(operation: Any, check: Callable[[Any, str], None]) -> None:
    """Ask what the schema allows and what it forbids, the same requests every time."""
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @seed(8)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, accept=st.sampled_from(MEDIA_TYPES))
    def run(case: Any, accept: str) -> None:
        check(case, accept)

    run()


@pytest.mark.parametrize("path", operations())
def test_made_up_request_is_answered_as_described(served: Ask, schema: Any, path: str) -> None:
    operation = schema[path]["GET"]

    def check(case: Any, accept: str) -> None:
        address = httpx.Request("GET", "http://x" + case.formatted_path, params=case.query or {}).url.raw_path.decode()
        response = served("GET", address, headers={"Accept": accept})
        assert response.status_code < 500, address
        assert str(response.status_code) in operation.definition.raw["responses"], address
        if response.headers["content-type"] in ("application/json", "application/problem+json"):
            assert_described(schema, operation, response)
        elif response.status_code >= 400:
            assert len(response.text) > 40

    made_up(operation, check)


def assert_described(schema: Any, operation: Any, response: httpx.Response) -> None:
    described = operation.definition.raw["responses"][str(response.status_code)]
    found = resolved(schema.raw_schema, described)["content"][response.headers["content-type"]]["schema"]
    body = response.json()
    for name in ("rows", "evidence"):
        # Of thousands of rows the first are as good as all, and take no seconds.
        body |= {name: body[name][:50]} if name in body else {}
    document = {**found, "components": schema.raw_schema["components"]}
    assert [error.message for error in Draft202012Validator(document).iter_errors(body)] == []


def resolved(document: Any, part: Any) -> Any:
    """What a reference leads to."""
    for step in part["$ref"].split("/")[1:] if "$ref" in part else ():
        document = document[step]
    return document if "$ref" in part else part


def test_problem_without_a_hint_is_found(schema: Any) -> None:
    operation = schema["/questions/glossary"]["GET"]
    bare = {"type": "about:blank", "title": "No", "status": 422, "detail": ""}
    response = httpx.Response(422, headers={"Content-Type": "application/problem+json"}, content=json.dumps(bare))
    with pytest.raises(AssertionError, match="non-empty"):
        assert_described(schema, operation, response)
