"""The graph for Python: questions as functions, the same rows as on the command line, frames, RDF, labels, evidence."""

import csv
import inspect
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rdflib import URIRef

import kg
from kg import open_graph
from kg.ask.answer import Answer
from kg.ask.catalogue import names as every_name
from kg.ask.federated import FederationError
from kg.ask.questions import QuestionError, names, question
from kg.ask.sparql import SparqlError
from kg.cli import cli
from kg.graph.store import StoreError
from kg.library import Ask, Graph
from kg.packaged import built_folder, cache_folder

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def graph(built: Path) -> Graph:
    return open_graph(built)


def sets() -> list[tuple[str, Mapping[str, str]]]:
    return [(name, example.parameters) for name in names() for example in question(name).examples]


@pytest.mark.parametrize(("name", "asked"), sets())
def test_rows_are_those_of_the_command_line(graph: Graph, built: Path, name: str, asked: Mapping[str, str]) -> None:
    params = [text for key, value in asked.items() for text in ("--param", f"{key}={value}")]
    done = CliRunner().invoke(cli, ["query", name, *params, "--store", str(built), "--format", "csv"])
    header, *rows = csv.reader(io.StringIO(done.stdout))
    answer = getattr(graph.questions, name)(**asked)
    assert header == list(answer.columns)
    assert rows == [[str(cell) for cell in row] for row in answer.rows]
    assert answer == graph.ask(name, **asked)


def test_signature_is_that_of_the_header(graph: Graph) -> None:
    signature = inspect.signature(graph.questions.programme_partners)
    assert str(signature).startswith("(*, programme: str | None = None, organization: str | None = None, nearest: bool")
    edition = inspect.signature(graph.questions.glossary).parameters["edition"]
    assert edition.annotation == str | int | None


def test_parameter_can_be_required_or_have_a_default(graph: Graph) -> None:
    found = question("sources")
    required = replace(found, parameters=(replace(found.parameters[0], required=True),))
    assert str(inspect.signature(Ask(graph, required))).startswith("(*, source: str) ->")
    default = replace(found, parameters=(replace(found.parameters[0], default="tip-2017"),))
    assert str(inspect.signature(Ask(graph, default))).startswith("(*, source: str = 'tip-2017') ->")


def test_help_says_what_the_header_says(graph: Graph) -> None:
    text = inspect.getdoc(graph.questions.icat_members) or ""
    found = question("icat_members")
    assert text.startswith(found.summary)
    assert {found.description, found.limits.dates, found.limits.coverage} < set(text.splitlines())
    assert "  Is ILO a member?: icat_members(organization='ILO')" in text


def test_questions_are_listed_and_counted(graph: Graph) -> None:
    assert dir(graph.questions) == list(every_name())
    assert [one.__name__ for one in graph.questions] == list(every_name())
    assert len(graph.questions) == len(names()) + 12


def test_values_may_be_numbers_and_nothing(graph: Graph) -> None:
    asked = graph.questions.ratification_status(state="Guinea", edition=2017, instrument=None).asked
    assert [(one.parameter, one.value) for one in asked] == [("state", "Guinea"), ("edition", "2017")]
    near = graph.questions.programme_partners(programme="GLO.ACT", organization="ILO", nearest=True)
    assert near.near_asked_for


def test_what_is_unknown_is_told_with_what_may_be_meant(graph: Graph) -> None:
    with pytest.raises(AttributeError, match="no question is called 'ratification_statuses'"):
        _ = graph.questions.ratification_statuses
    with pytest.raises(QuestionError) as error:
        graph.questions.icat_members(organization="UNODCC")
    assert error.value.parameter == "organization"
    assert error.value.nearest[0].iri == "https://w3id.org/tipkg/id/organization/unodc"
    with pytest.raises(QuestionError, match="icat_members has no parameter 'state'"):
        graph.questions.icat_members(state="Guinea")


def test_what_may_be_meant_is_searched_for(graph: Graph) -> None:
    with pytest.raises(QuestionError) as error:
        graph.ask("ratification_status", state="Kirgizstan")
    assert error.value.nearest[0].label == "Kyrgyzstan"
    assert graph.search.find("KGZ")[0].label == "Kyrgyzstan"


def test_label_and_evidence_of_an_iri(graph: Graph) -> None:
    assert graph.label("https://w3id.org/tipkg/id/state/LAO") == graph.label("id/state/LAO") == "Laos"
    (passage,) = graph.evidence("statement/tip-2017/treaty-status/gin-ilo-c189")
    assert (passage.source, passage.begin, passage.end) == ("tip-2017", 1511, 1512)


def test_sources_and_build_are_told(graph: Graph) -> None:
    assert [source.id for source in graph.sources] == ["icat-2018", "tip-2017", "tip-2018", "tip-2020"]
    assert repr(graph) == "<Graph of icat-2018, tip-2017, tip-2018, tip-2020>"
    assert graph.build_id == graph.questions.sources().build_id != ""


def test_sparql_gives_rows_or_says_where_it_is_wrong(graph: Graph) -> None:
    found = graph.sparql("SELECT (1 + 1 AS ?two) {}")
    assert (found.columns, found.rows) == (("two",), [("2",)])
    with pytest.raises(SparqlError, match="line 1"):
        graph.sparql("SELECT")
    with pytest.raises(SparqlError, match="is SELECT or ASK"):
        graph.sparql("CONSTRUCT WHERE { ?s ?p ?o }")


def test_triples_of_a_source_go_into_rdflib(graph: Graph) -> None:
    found = graph.to_rdflib("tip-2017")
    source = URIRef("https://w3id.org/tipkg/source/tip-2017")
    assert len(found) == int(graph.sparql(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{source}> {{ ?s ?p ?o }} }}").rows[0][0])
    assert set(found.objects(None, URIRef("https://w3id.org/tipkg/ontology#source"))) == {source}
    with pytest.raises(ValueError, match="no source of this graph has the id 'tip-2019'; it has: icat-2018, tip-2017"):
        graph.to_rdflib("tip-2019")


def test_folder_without_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tipkg store there"):
        open_graph(tmp_path)


def test_graph_of_the_packaged_records_is_taken_from_the_cache(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache_folder().parent.mkdir(parents=True)
    cache_folder().symlink_to(built)
    assert built_folder() == cache_folder()
    assert isinstance(open_graph().questions.sources(), Answer)


def test_code_in_the_readme_runs(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.setattr("kg.library.built_folder", lambda: built)
    found: dict[str, Any] = {}
    exec(code, found)
    assert (
        repr(found["answer"])
        == "<2 answers to ratification_status (state: Guinea, instrument: Domestic Workers Convention, 2011 (No. 189))>"
    )


def test_package_tells_its_version() -> None:
    assert kg.__version__.count(".") == 2


def test_question_beside_wikidata_is_a_function_with_receipts(graph: Graph) -> None:
    ask = graph.questions.split_states
    end = "endpoint: str | None = None, mode: str = 'auto', timeout: float = 30.0) -> kg.ask.answer.Answer"
    assert str(inspect.signature(ask)) == f"(*, state: str | None = None, {end}"
    assert "mode: auto (Wikidata, its offline twin" in (inspect.getdoc(ask) or "")
    answer = ask(state="DK", mode="offline")
    assert (answer.used, [one.rows for one in answer.receipts]) == ("twin", [3])
    assert [row[4:] for row in answer.rows] == [("code", "DK"), ("name", "Denmark"), ("code", "DK")]
    assert graph.questions.sources().used == "graph"


def test_question_beside_wikidata_is_asked_of_the_endpoint_given(graph: Graph) -> None:
    """Nobody listens there."""
    dead = "http://127.0.0.1:1/sparql"
    assert graph.questions.split_states(endpoint=dead, timeout=2).used == "twin"
    with pytest.raises(FederationError, match="needs Wikidata live; not reachable") as caught:
        graph.questions.organization_websites(organization="OSCE", endpoint=dead, timeout=2)
    assert (caught.value.status, len(caught.value.rows)) == (502, 1)
    with pytest.raises(ValueError, match="mode is auto, live or offline, not 'twin'"):
        graph.questions.split_states(mode="twin")
    with pytest.raises(QuestionError, match="glossary has no parameter 'mode'"):
        graph.questions.glossary(mode="offline")
