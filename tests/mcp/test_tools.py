"""Each tool: sources, query, limits of the answer; bounded sizes; bad input told in words that help."""

import pytest

from kg.mcp.calls import TOOLS
from kg.mcp.text import written
from tests.mcp.conftest import TIP, Ask

BASE = "https://w3id.org/tipkg/"
GUINEA = f"{BASE}statement/tip-2018/treaty-status/gin-ilo-c189"
SEARCH = {"text": "Guinea"}
CALLS = {
    "search_entities": SEARCH,
    "describe_entity": {"entity": "Guinea"},
    "list_questions": {},
    "ask_question": {"question": "icat_members"},
    "run_sparql": {"query": f"{TIP}SELECT ?it {{ ?it a tip:NonParty }}"},
    "get_evidence": {"iri": GUINEA},
    "get_schema": {},
}


def test_calls_above_are_those_of_all_tools() -> None:
    assert CALLS.keys() == TOOLS.keys()


@pytest.mark.parametrize("tool", CALLS)
def test_answer_has_sources_and_says_what_it_does_not_cover(ask: Ask, tool: str) -> None:
    answer = ask(tool, **CALLS[tool])
    assert {one.id for one in answer.sources} <= {"icat-2018", "tip-2017", "tip-2018", "tip-2020"}
    assert all(one.title and one.iri == f"{BASE}source/{one.id}" for one in answer.sources)
    assert answer.sources
    assert answer.not_covered


@pytest.mark.parametrize("tool", [tool for tool in CALLS if tool not in ("list_questions", "get_schema")])
def test_query_of_an_answer_runs_as_it_stands(ask: Ask, tool: str) -> None:
    """The endpoint's own evaluation takes it, and finds something."""
    sparql = ask(tool, **CALLS[tool]).sparql
    assert ask("run_sparql", query=sparql, limit=1).rows


@pytest.mark.parametrize("tool", CALLS)
def test_text_has_what_the_data_have(ask: Ask, tool: str) -> None:
    answer = ask(tool, **CALLS[tool])
    text = written(answer)
    assert all(f"- {one.id}: {one.title}\n" in text for one in answer.sources)
    assert all(f"- {one}\n" in text for one in [*answer.not_covered, *answer.left_out])
    assert answer.sparql.rstrip() in text


def test_hits_tell_which_sources_speak_of_them(ask: Ask) -> None:
    hit = ask("search_entities", text="Guinea").hits[0]
    assert (hit.iri, hit.how, hit.stated_by) == (f"{BASE}id/state/GIN", "exact", ["tip-2017", "tip-2018"])


def test_misprint_is_said_to_be_one(ask: Ask) -> None:
    answer = ask("search_entities", text="UNDOC", limit=1)
    assert (answer.hits[0].how, answer.hits[0].matched) == ("misprint", "UNODC")
    assert answer.not_covered[0].startswith("nothing is called so; these are called something near it")
    assert answer.left_out == ["no more than 1 hits are shown"]


def test_description_gives_each_statement_with_its_place(ask: Ask) -> None:
    answer = ask("describe_entity", entity="id/state/GIN", limit=200)
    (found,) = (one for one in answer.statements if one.iri == GUINEA)
    assert (found.kind, found.roles) == ("ratification", ["state"])
    assert [one.where for one in found.places] == ["TIP Report 2018, conventions chart, row Guinea, column ILO C189"]
    assert [(one.begin, one.end) for one in found.places] == [(989, 1021)]


def test_description_marks_what_is_derived(ask: Ask) -> None:
    values = ask("describe_entity", entity="Guinea").values
    assert {one.derived for one in values if one.property == "tip:partyTo"} == {True}
    assert {one.derived for one in values if one.property == "tip:alpha3"} == {False}


def test_description_pages_through_statements(ask: Ask) -> None:
    whole = ask("describe_entity", entity="UNODC", limit=200).statements
    part = ask("describe_entity", entity="UNODC", limit=5, offset=10)
    assert part.statements == whole[10:15]
    total = sum(part.counts.values())
    assert part.left_out[0] == f"rows 11 to 15 of {total} are shown; the next ones with offset 15"


def test_description_names_questions_that_take_the_thing(ask: Ask) -> None:
    assert "ratifications" in ask("describe_entity", entity="Guinea").questions
    assert "ratifications" not in ask("describe_entity", entity="UNODC").questions


def test_every_question_is_listed_with_its_parameters(ask: Ask) -> None:
    found = {one.name: one for one in ask("list_questions").questions}
    assert [one.name for one in found["ratifications"].parameters] == ["state", "instrument"]
    assert len(found) >= 50


def test_questions_are_listed_in_short_and_some_at_length(ask: Ask) -> None:
    whole, some = ask("list_questions"), ask("list_questions", about="ratification")
    assert {one.about for one in whole.questions} == {""}
    assert whole.left_out == ["remarks, limits and columns: ask with about for some questions at length"]
    (one,) = (one for one in some.questions if one.name == "ratification_status")
    assert "A dash is a statement" in one.about
    assert one.about in written(some)
    assert len(whole.model_dump_json()) < 30_000


def test_questions_are_found_by_what_they_are_about(ask: Ask, refusal: Ask) -> None:
    names = [one.name for one in ask("list_questions", about="which focal point?").questions]
    assert set(names[:2]) == {"focal_points", "focal_point_changes"}
    assert len(names) == 15
    assert refusal("list_questions", about="zzz").startswith("no packaged question says 'zzz'")


def test_rows_of_a_question_are_paged(ask: Ask) -> None:
    whole = ask("ask_question", question="ratifications", limit=200)
    part = ask("ask_question", question="ratifications", limit=3, offset=2)
    assert part.rows == whole.rows[2:5]
    assert part.rows_found == whole.rows_found
    assert part.left_out == [f"rows 3 to 5 of {whole.rows_found} are shown; the next ones with offset 5"]
    assert ask("ask_question", question="ratifications", offset=100_000).left_out == [
        f"no row is left after 100000 of {whole.rows_found}"
    ]


def test_rows_have_the_places_where_they_stand(ask: Ask) -> None:
    answer = ask("ask_question", question="icat_chairs", limit=1)
    (place,) = answer.rows[0].places
    assert place.source == "icat-2018"
    assert place.where.startswith("ICAT mandate paper 2018, ")
    assert place.iri == f"{BASE}passage/icat-2018/{place.begin}-{place.end}"


def test_query_has_the_places_of_its_statements(ask: Ask) -> None:
    answer = ask("run_sparql", query=f"{TIP}SELECT * {{ ?it tip:instrument ?i ; tip:party <{BASE}id/state/GIN> }}")
    assert (
        {one.source for one in answer.sources}
        if False
        else [one.id for one in answer.sources] == ["tip-2017", "tip-2018"]
    )
    assert "TIP Report 2018, conventions chart, row Guinea, column ILO C189" in {one.where for one in answer.places}


def test_query_names_packaged_questions_with_the_same_terms(ask: Ask) -> None:
    answer = ask(
        "run_sparql", query=f"{TIP}SELECT * {{ ?it a tip:NamedFocalPoint ; tip:namesFocalPoint ?who }}", limit=1
    )
    assert answer.packaged[0].name in ("focal_points", "focal_point_changes")
    assert f"`{answer.packaged[0].name}`" in written(answer)


def test_query_without_statements_is_said_to_have_no_place(ask: Ask) -> None:
    answer = ask("run_sparql", query=f"{TIP}SELECT (COUNT(*) AS ?n) {{ ?it a tip:NonParty }}")
    assert (answer.columns, answer.rows, answer.places) == (["n"], [[38]], [])
    assert answer.not_covered[0].startswith("the rows name no statement and no passage")


def test_rows_of_a_query_are_bounded(ask: Ask) -> None:
    answer = ask("run_sparql", query="SELECT * { ?s ?p ?o }", limit=200)
    assert len(answer.rows) == 200
    assert (
        answer.left_out[0] == "there are more than the 200 rows shown: add ORDER BY, LIMIT and OFFSET, or ask for less"
    )
    assert len(written(answer)) < 120_000


def test_long_cells_are_cut_with_a_mark(ask: Ask) -> None:
    query = 'SELECT (CONCAT(?a, ?a, ?a, ?a) AS ?b) { BIND("' + "x" * 300 + '" AS ?a) }'
    assert ask("run_sparql", query=query).rows == [["x" * 500 + " … (700 more characters)"]]


def test_graph_that_a_query_makes_comes_as_rows(ask: Ask) -> None:
    answer = ask("run_sparql", query=f"{TIP}CONSTRUCT {{ ?a <urn:own> ?b }} WHERE {{ ?a tip:partOf ?b }}", limit=1)
    assert answer.columns == ["subject", "predicate", "object"]
    assert answer.rows[0][1] == "urn:own"


def test_evidence_without_the_texts_quotes_nothing(ask: Ask) -> None:
    answer = ask("get_evidence", iri=GUINEA)
    (found,) = answer.passages
    assert (found.place.begin, found.place.end, found.quote) == (989, 1021, None)
    assert "the texts are not here" in answer.not_covered[0]
    assert ask("get_evidence", iri=found.place.iri).passages == answer.passages


def test_schema_of_a_class_by_any_of_its_names(ask: Ask) -> None:
    for name in ("tip:NonParty", "nonparty", "non-party", f"{BASE}ontology#NonParty"):
        assert [one.name for one in ask("get_schema", term=name).classes] == ["tip:NonParty"]


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search_entities", {"text": ""}, "text: String should have at least 1 character"),
        ("search_entities", {"text": "x" * 201}, "text: String should have at most 200 characters"),
        ("search_entities", {"text": "?!"}, "'?!' has no letter or digit to search for"),
        ("search_entities", {"text": "ILO", "kind": "planet"}, "no kind is called 'planet'"),
        ("search_entities", {"text": "ILO", "limit": 51}, "limit: Input should be less than or equal to 50"),
        ("search_entities", {"text": 7}, "text: Input should be a valid string"),
        ("search_entities", {}, "text: Field required; search_entities takes: text, kind, limit"),
        ("search_entities", {"text": "ILO", "limt": 1}, "limt: Extra inputs are not permitted"),
        ("describe_entity", {"entity": "zzqqxy"}, "nothing is called 'zzqqxy'"),
        ("describe_entity", {"entity": "id/organization/ilx"}, f"near it: {BASE}id/organization/ilo"),
        ("describe_entity", {"entity": "http://[bad"}, "'http://[bad' is no IRI"),
        ("ask_question", {"question": "cooperation_off"}, "nearest: cooperation_of, cooperation_between"),
        ("ask_question", {"question": "../names"}, "no question is called '../names'"),
        (
            "ask_question",
            {"question": "ratifications", "parameters": {"stat": "Guinea"}},
            "it takes: state, instrument",
        ),
        ("ask_question", {"question": "ratifications", "parameters": {"state": "Gunea"}}, "nearest: Guinea"),
        ("ask_question", {"question": "ratifications", "parameters": {"state": "x" * 501}}, "at most 500 characters"),
        ("ask_question", {"question": "ratifications", "parameters": "Guinea"}, "parameters: Input should be a valid"),
        (
            "ask_question",
            {"question": "ratifications", "parameters": {"state": ["GIN"]}},
            "parameters.state: Input should",
        ),
        ("run_sparql", {"query": "   "}, "No query"),
        ("run_sparql", {"query": "SELECT * {"}, "Syntax error in the query: line 1, column 10: { is never closed"),
        ("run_sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "Read-only"),
        ("run_sparql", {"query": "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"}, "SERVICE is not allowed"),
        ("run_sparql", {"query": "SELECT * " + "{" * 200 + "}" * 200}, "too complex"),
        ("run_sparql", {"query": "x" * 20_001}, "query: String should have at most 20000 characters"),
        ("get_evidence", {"iri": "nonsense"}, "no statement, finding or passage of this graph"),
        ("get_evidence", {"iri": "a b<>"}, "is no IRI"),
        ("get_schema", {"term": "Ratifcation"}, "nearest: tip:Ratification"),
    ],
)
def test_bad_input_is_told(refusal: Ask, tool: str, arguments: dict[str, object], told: str) -> None:
    said = refusal(tool, **arguments)
    assert told in said
    assert len(said) < 1_000


@pytest.mark.parametrize(
    "text", ['ILO" OR 1=1 --', "ILO> . } DELETE WHERE { ?s ?p ?o } #", "ILO'); DROP TABLE names;--", '*"NEAR(']
)
def test_injection_is_a_name_like_any_other(ask: Ask, refusal: Ask, text: str) -> None:
    assert ask("search_entities", text=text).not_covered
    assert "no organization is called" in refusal(
        "ask_question", question="cooperation_of", parameters={"organization": text}
    )
