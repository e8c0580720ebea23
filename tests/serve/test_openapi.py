"""/openapi.json is valid OpenAPI 3.1 that says what the headers say; /docs shows it without anything from elsewhere."""

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from kg.ask.catalogue import is_federated, names, question
from tests.serve.conftest import Ask


@pytest.fixture(scope="session")
def ask(served: Ask) -> Ask:
    return served


@pytest.fixture(scope="session")
def described(ask: Ask) -> dict[str, Any]:
    found: dict[str, Any] = ask("GET", "/openapi.json").json()
    return found


def test_description_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_invalid_description_is_found(described: dict[str, Any]) -> None:
    spoilt = {key: value for key, value in described.items() if key != "info"}
    assert [error.message for error in OpenAPIV31SpecValidator(spoilt).iter_errors()] != []


def test_every_question_is_an_operation_with_its_parameters(described: dict[str, Any]) -> None:
    for name in names():
        operation = described["paths"][f"/questions/{name}"]["get"]
        own = [one["name"] for one in operation["parameters"] if "name" in one]
        whom = ["mode", "endpoint"] if is_federated(name) else []
        assert (operation["operationId"], own) == (name, [*question(name).parameter_names, *whom])
        assert operation["summary"] == question(name).summary


def test_parameters_have_types_editions_and_examples(described: dict[str, Any]) -> None:
    edition, state, _, *_ = described["paths"]["/questions/ratification_status"]["get"]["parameters"]
    assert edition["schema"] == {"type": "string", "enum": ["2017", "2018", "2020"]}
    assert state["examples"]["0"] == {"summary": "Guinea in the report of 2017", "value": "Guinea"}


def test_response_has_the_columns_and_the_problems(described: dict[str, Any]) -> None:
    responses = described["paths"]["/questions/glossary"]["get"]["responses"]
    rows = responses["200"]["content"]["application/json"]["schema"]["allOf"][1]["properties"]["rows"]["items"]
    assert rows["required"] == list(question("glossary").column_names)
    assert sorted(responses) == ["200", "304", "400", "404", "406", "422"]
    assert "application/problem+json" in described["components"]["responses"]["422"]["content"]


def test_question_beside_wikidata_has_receipts_and_refusals(described: dict[str, Any]) -> None:
    responses = described["paths"]["/questions/state_codes"]["get"]["responses"]
    assert sorted(responses) == ["200", "304", "400", "403", "404", "406", "422", "502", "503", "504"]
    assert {"Service-Used", "Service-Receipt"} <= responses["200"]["headers"].keys()
    (listed,) = (one for one in described["tags"] if one["name"] == "Beside Wikidata")
    assert described["paths"]["/questions/state_codes"]["get"]["tags"] == [listed["name"]]


def test_docs_show_every_operation_and_its_examples_answer(ask: Ask) -> None:
    page = ask("GET", "/docs").text
    assert [name for name in names() if f'id="{name}"' not in page] == []
    addresses = re.findall(r'Try it: <a href="\./([^"]+)"', page)
    assert len(addresses) == len(names()) + 3
    answers = [ask("GET", f"/{address.replace('&amp;', '&')}").status_code for address in addresses[:12]]
    assert set(answers) == {200}


def test_docs_take_nothing_from_elsewhere(ask: Ask) -> None:
    page = ask("GET", "/docs").text
    assert re.findall(r'(?:src|<link[^>]* href)="https?://[^"]*"', page) == []
