"""Answers of every packaged question: evidence that is there, one form of emptiness, the same rows in every format."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from kg import iris
from kg.ask import answer_forms
from kg.ask.answer import Answer, Asked, Evidence
from kg.ask.questions import QuestionError, ask, names, question
from kg.ask.rows import Term, read_term, select, value
from kg.ask.values import XSD

SCHEMA = json.loads((Path(answer_forms.__file__).parent / "answer.schema.json").read_text(encoding="utf-8"))
TIP_2017 = NamedNode(iris.source("tip-2017"))
# Only named, within cells that state something else; the meaning of the column says so.
PLACELESS = {
    "organizations": ["African Union Commission"],
    "instruments": ["doc-a-71-818", "doc-a-72-751", "res-a-res-55-25"],
}
VALIDATOR = Draft202012Validator(SCHEMA)
FLAGSHIP = {"programme": "GLO.ACT", "organization": "ILO"}
# A value of each type that means something, and of which few questions have rows.
RARE = {
    "organization": "Heartland Alliance",
    "instrument": "gmg-principles-2017",
    "state": "Uganda",
    "programme": "GLO.ACT Phase II",
    "thing": "Heartland Alliance",
    "theme": "forced labour",
    "source": "tip-2020",
    "edition": "2020",
    "number": "1066",
    "iri": "statement/none",
    "text": "OSCEE",
}


@cache
def everything(store: Store, name: str) -> Answer:
    return ask(store, name, {})


@cache
def rows_of(store: Store, name: str) -> set[tuple[str, ...]]:
    """All rows of a question, those included that it calls near."""
    return {row.terms for row in select(store, question(name), {})}


@cache
def places(store: Store) -> set[str]:
    """The IRIs of all passages, and of the mentions as if they were passages."""
    evidence = NamedNode(iris.term("evidence"))
    found = {quad.object.value for quad in store.quads_for_pattern(None, evidence, None, DefaultGraph())}
    mentions = store.quads_for_pattern(None, None, None, NamedNode(iris.graph("mentions")))
    return found | {quad.subject.value.replace("/mention/", "/passage/") for quad in mentions}


def examples() -> list[tuple[str, Mapping[str, str]]]:
    return [(name, example.parameters) for name in names() for example in question(name).examples]


def rare() -> list[tuple[str, dict[str, str]]]:
    """Every question with every one of its parameters, and with all of them, of values that few rows have."""
    found = []
    for name in names():
        asked = {parameter.name: RARE[parameter.type] for parameter in question(name).parameters}
        found += [(name, {key: text}) for key, text in asked.items()]
        found += [(name, asked)] if len(asked) > 1 else []
    return found


@pytest.mark.parametrize("name", names())
def test_every_row_stands_in_a_passage_or_the_header_says_where_else(store: Store, name: str) -> None:
    answer, elsewhere = everything(store, name), question(name).evidence_elsewhere
    without = [row[0] for row, places in zip(answer.rows, answer.evidence, strict=True) if not places]
    assert without == ([row[0] for row in answer.rows] if elsewhere else PLACELESS.get(name, []))
    assert {place.iri for row in answer.evidence for place in row} <= places(store)
    assert {place.source for row in answer.evidence for place in row} <= {source.id for source in answer.sources}


@pytest.mark.parametrize("name", names())
def test_iri_of_a_cell_is_that_of_a_thing_of_its_type(store: Store, name: str) -> None:
    folders = {"organization": ("organization", "body"), "source": ("source", "dataset"), "theme": ("theme",)}
    for place, column in enumerate(question(name).columns):
        wanted = folders.get(column.type, (column.type,))
        wanted = (
            ("organization", "body", "instrument", "state", "programme", "region") if column.type == "thing" else wanted
        )
        found = {iris.steps(row.iris[place]) for row in everything(store, name).rows_found if row.iris[place]}
        assert {step for steps in found for step in steps[:2]} & set(wanted) or not found
        assert all(set(steps) & set(wanted) for steps in found), column.name


@pytest.mark.parametrize(("name", "asked"), [*examples(), *rare()])
def test_answer_in_json_is_as_its_schema_wants_it(store: Store, name: str, asked: Mapping[str, str]) -> None:
    answer = ask(store, name, asked)
    written = json.loads(answer_forms.as_json(answer))
    VALIDATOR.validate(written)
    assert len(written["evidence"]) == len(written["rows"])
    assert {key: written.get(key, []) for key in ("asked", "not_stated_by", "nearest")} == answer_forms.why_empty(
        answer
    )


@pytest.mark.parametrize(("name", "asked"), rare())
def test_what_is_near_is_no_answer_and_has_its_evidence(store: Store, name: str, asked: Mapping[str, str]) -> None:
    answer = ask(store, name, asked)
    assert {one.row.terms for one in answer.nearest} <= rows_of(store, name) - {row.terms for row in answer.rows_found}
    assert (answer.nearest == ()) or answer.rows == ()
    assert {one.differs_in for one in answer.nearest} <= {*asked, *question(name).answers}
    assert all(answer.places(one.row) for one in answer.nearest) or question(name).evidence_elsewhere


def test_empty_answers_are_among_those_that_were_looked_at(store: Store) -> None:
    empty = [(name, asked) for name, asked in rare() if not ask(store, name, asked).rows]
    assert len({name for name, _ in empty}) >= 40


@pytest.mark.parametrize(("name", "asked"), examples())
def test_query_of_an_answer_gives_the_same_rows_anywhere(store: Store, name: str, asked: Mapping[str, str]) -> None:
    answer = ask(store, name, asked)
    solutions = store.query(answer.query)
    assert isinstance(solutions, QuerySolutions)
    wanted = question(name).answers.items()
    found = {
        tuple("" if row[column] is None else row[column].value for column in answer.columns)
        for row in solutions
        if all(row[column].value == value for column, value in wanted)
    }
    assert {tuple(read_term(term).value if term else "" for term in row.terms) for row in answer.rows_found} == found


@pytest.mark.parametrize(("name", "asked"), examples())
def test_every_format_has_the_same_rows(store: Store, name: str, asked: Mapping[str, str]) -> None:
    answer = ask(store, name, asked)
    plain = [[str(cell) for cell in row] for row in answer.rows]
    assert list(csv.reader(io.StringIO(answer_forms.as_csv(answer)))) == [list(answer.columns), *plain]
    assert [[*map(str, row.values())] for row in json.loads(answer_forms.as_json(answer))["rows"]] == plain
    bindings = json.loads(answer_forms.as_sparql_json(answer))["results"]["bindings"]
    assert [[row.get(c, {"value": ""})["value"] for c in answer.columns] for row in bindings] == plain
    lines = answer_forms.as_tsv(answer).splitlines()
    assert lines[1:] == ["\t".join(" ".join(cell.split()) for cell in row) for row in plain]
    marked = answer_forms.as_markdown(answer).split("| --- |\n")[1 if plain else 0 :]
    assert sum(block.count("\n|") + block.startswith("|") for block in marked) == len(plain) or not plain


def test_parameters_are_shown_as_typed_and_as_meant(store: Store) -> None:
    answer = ask(store, "ratification_status", {"state": "LA", "edition": "2017"})
    laos = NamedNode(iris.entity("state", "LAO"))
    year = Literal("2017", datatype=NamedNode(f"{XSD}integer"))
    assert answer.asked == (Asked("state", "LA", laos, "Laos"), Asked("edition", "2017", year, "2017"))
    assert json.loads(answer_forms.as_json(answer))["meant"] == {
        "state": {"label": "Laos", "iri": laos.value},
        "edition": {"label": "2017"},
    }


def test_evidence_of_a_change_is_in_the_edition_that_lists_it(store: Store) -> None:
    answer = ask(store, "focal_point_changes", {"organization": "OAS"})
    change = answer.columns.index("change")
    found = {(row[change], place.source) for row, (place,) in zip(answer.rows, answer.evidence, strict=True)}
    assert found == {("new", "tip-2020"), ("no longer listed", "tip-2018")}


def test_row_of_two_sources_has_two_places(store: Store) -> None:
    (places,) = ask(store, "glo_act_countries_and_protocol_p029", {"state": "Mali"}).evidence
    assert places == (Evidence("icat-2018", 133772, 133905), Evidence("tip-2017", 1632, 1636))


@pytest.mark.parametrize(
    ("name", "asked", "sources"),
    [
        ("programme_partners", FLAGSHIP, ("icat-2018", "tip-2017", "tip-2018", "tip-2020")),
        ("icat_members", {"organization": "NATO"}, ("icat-2018",)),
        ("not_parties", {"edition": "2018", "instrument": "palermo-protocol"}, ("tip-2018",)),
        ("mentions", {"thing": "GLO.ACT", "source": "tip-2020"}, ("tip-2020",)),
        ("planned_in_2018", {"organization": "NATO"}, ("icat-2018", "tip-2018")),
        ("ratifications", {"state": "Uganda"}, ("tip-2017", "tip-2018", "tip-2020")),
    ],
)
def test_not_stated_by_are_those_that_could_say_it(
    store: Store, name: str, asked: Mapping[str, str], sources: tuple[str, ...]
) -> None:
    assert ask(store, name, asked).not_stated_by == sources


def test_near_of_one_thing_is_what_it_is_a_part_of(store: Store) -> None:
    answer = ask(store, "icat_members", {"organization": "GRETA"})
    assert answer.rows == ()
    assert [(one.row.values[1], one.differs_in) for one in answer.nearest] == [("CoE", "organization")]


def test_near_of_a_text_is_what_looks_like_it(store: Store) -> None:
    answer = ask(store, "glossary", {"abbreviation": "UN Woman"})
    assert {one.row.values[1] for one in answer.nearest} == {"UN WOMEN"}


def test_build_of_the_graph_is_told(store: Store, built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert everything(store, "sources").build_id == manifest["build_id"]


def test_rows_as_rdf_lead_to_things_and_passages(store: Store) -> None:
    graph = ask(store, "glo_act_countries_and_protocol_p029", {"state": "Mali"}).to_rdflib()
    column = iris.question("glo_act_countries_and_protocol_p029") + "#"
    said = {(str(p), str(o)) for _, p, o in graph}
    assert (f"{column}state", iris.entity("state", "MLI")) in said
    assert ("http://www.w3.org/ns/prov#wasDerivedFrom", iris.passage("tip-2017", 1632, 1636)) in said
    assert {o.toPython() for _, p, o in graph if str(p) == f"{column}chart_edition"} == {2017}


def test_data_frame_has_the_columns_and_whole_numbers(store: Store) -> None:
    frame = everything(store, "parties_per_instrument").to_pandas()
    assert list(frame.columns) == list(question("parties_per_instrument").column_names)
    assert frame["parties"].sum() == sum(row[3] for row in everything(store, "parties_per_instrument").rows)


@pytest.mark.parametrize(
    ("text", "term", "cell"),
    [
        ("<https://example.org/x>", Term("uri", "https://example.org/x"), "https://example.org/x"),
        ('"a \\"b\\" \\\\ \\n"@en', Term("literal", 'a "b" \\ \n', language="en"), 'a "b" \\ \n'),
        (
            '"2017-06"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>',
            Term("literal", "2017-06", f"{XSD}gYearMonth"),
            "2017-06",
        ),
        ('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', Term("literal", "true", f"{XSD}boolean"), "true"),
        ("true", Term("literal", "true", f"{XSD}boolean"), "true"),
        ("false", Term("literal", "false", f"{XSD}boolean"), "false"),
        ("12", Term("literal", "12", f"{XSD}integer"), 12),
        ("-0.5", Term("literal", "-0.5", f"{XSD}decimal"), "-0.5"),
        ("1e3", Term("literal", "1e3", f"{XSD}double"), "1e3"),
    ],
)
def test_term_of_a_result_is_read(text: str, term: Term, cell: str | int) -> None:
    assert (read_term(text), value(text)) == (term, cell)


def test_terms_are_read_as_the_engine_writes_them() -> None:
    store = Store()
    texts = ['a "b"', "tab\there", "back\\slash", "line\nend", "ü"]
    for number, text in enumerate(texts):
        node = NamedNode(f"https://example.org/{number}")
        store.add(Quad(node, NamedNode(f"{iris.ONTOLOGY}printedName"), Literal(text)))
    query = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    from pyoxigraph import QueryResultsFormat

    lines = (solutions.serialize(format=QueryResultsFormat.TSV) or b"").decode().rstrip("\n").split("\n")[1:]
    assert [read_term(line.split("\t")[1]).value for line in lines] == texts


def test_parameter_that_is_required_is_asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.ask import questions

    found = question("sources")
    strict = replace(found, parameters=(replace(found.parameters[0], required=True),))
    monkeypatch.setattr(questions, "question", lambda name: strict)
    with pytest.raises(QuestionError, match="sources cannot be asked without source "):
        ask(store, "sources", {})
    given = replace(found, parameters=(replace(found.parameters[0], default="tip-2017"),))
    monkeypatch.setattr(questions, "question", lambda name: given)
    assert [row[0] for row in ask(store, "sources", {}).rows] == ["tip-2017"]
    assert [row[0] for row in ask(store, "sources", {"source": "tip-2018"}).rows] == ["tip-2018"]


def test_select_takes_the_terms_of_parameters(store: Store) -> None:
    rows = select(store, question("sources"), {"source": NamedNode(iris.source("tip-2017"))})
    assert [(row.values[0], row.terms[0], row.iris[0]) for row in rows] == [
        ("tip-2017", '"tip-2017"', iris.source("tip-2017"))
    ]


def test_rows_are_the_same_if_they_show_the_same(store: Store) -> None:
    everything, one = (select(store, question("sources"), terms) for terms in ({}, {"source": TIP_2017}))
    assert [row for row in everything if row in set(one)] == list(one)
    assert (len(everything[1:]), everything[1:][0], everything[-1]) == (3, everything[1], everything[3])
    assert (one == select(store, question("sources"), {"source": TIP_2017}), one == everything) == (True, False)
    assert len({one, select(store, question("sources"), {"source": TIP_2017}), everything}) == 2
    assert (repr(one[0])[:16], repr(one), one[0] == "tip-2017") == ("<Row ('tip-2017'", "<1 rows>", False)


def test_what_shows_the_same_is_one_row_in_the_place_of_the_first(store: Store) -> None:
    found = question("statement_counts")
    rows = select(store, replace(found, columns=found.columns[:1]), {})
    assert [row.values for row in rows] == [("icat-2018",), ("tip-2017",), ("tip-2018",), ("tip-2020",)]
    assert rows[1].iris == (TIP_2017.value,)


def test_question_that_selects_its_columns_in_another_order_is_refused(store: Store) -> None:
    found = question("statement_counts")
    turned = replace(found, columns=found.columns[::-1])
    with pytest.raises(ValueError, match=r"statement_counts\.rq: a packaged question must SELECT its columns first"):
        select(store, turned, {})
