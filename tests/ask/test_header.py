"""The header of a question file: what is read from it, and how faults are told, with file, line and what is allowed."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kg.ask.header import HeaderError, check_header, read_header, schema, split
from kg.ask.question import Chart, Column, Example, Limits, Parameter, Place, ToldBy, parse_question

ROOT = Path(__file__).parents[2]
WHOLE = """\
#+ summary: Who does what?
#+ description: A row for each thing done.
#+ group: Cooperation
#+ limits: {sources: [tip], dates: Of any time., coverage: What is written.}
#+ tags: [organizations]
#+ parameters:
#+   state: {type: state, description: name or code, default: Guinea}
#+   year: {type: edition, variable: edition, description: year, required: true, lookup: {question: q, column: c}}
#+ columns:
#+   state: {type: state, meaning: its name, iri: state_iri}
#+   edition: {type: edition, meaning: its year}
#+   begin: {type: offset, meaning: where it begins}
#+   end: {type: offset, meaning: where it ends}
#+ evidence:
#+   - {series: tip, edition: edition, begin: begin, end: end, when: {state: Guinea}}
#+ chart: {type: bar, category: state, value: begin}
#+ examples:
#+   - {title: One, parameters: {state: GN}}
#+   - {title: Another, parameters: {state: FJ, year: "2018"}}

SELECT ?state ?edition ?begin ?end ?state_iri WHERE { }
"""


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def faults(text: str) -> list[str]:
    with pytest.raises(HeaderError) as error:
        check_header("who", text)
    return str(error.value).split("\n")


def test_schema_is_one_by_its_own_standard() -> None:
    Draft202012Validator.check_schema(schema())


def test_types_of_parameters_are_types_of_columns() -> None:
    kinds = schema()["$defs"]
    assert set(kinds["parameterType"]["enum"]) < set(kinds["columnType"]["enum"])


def test_whole_header_is_taken() -> None:
    check_header("who", WHOLE)


def test_question_is_what_its_header_says() -> None:
    found = parse_question("who", WHOLE)
    assert found.limits == Limits(("tip",), "Of any time.", "What is written.")
    assert found.parameters == (
        Parameter("state", "state", "state_iri", "name or code", default="Guinea", lookup=("who", "state")),
        Parameter("year", "edition", "edition", "year", required=True, lookup=("q", "c")),
    )
    assert found.columns[0] == Column("state", "state", "its name", "state_iri")
    assert found.column_names == ("state", "edition", "begin", "end")
    assert found.evidence == (Place("begin", "end", series="tip", edition="edition", when={"state": "Guinea"}),)
    assert found.chart == Chart("bar", {"category": "state", "value": "begin"})
    assert found.examples[1] == Example("Another", {"state": "FJ", "year": "2018"})
    assert found.query == "SELECT ?state ?edition ?begin ?end ?state_iri WHERE { }\n"


def test_evidence_can_stand_elsewhere() -> None:
    evidence = "#+   - {series: tip, edition: edition, begin: begin, end: end, when: {state: Guinea}}"
    found = parse_question("who", changed(evidence, "#+   {elsewhere: [statements], because: it counts}"))
    assert (found.evidence, found.evidence_elsewhere, found.evidence_because) == ((), ("statements",), "it counts")


TOLD = """\
#+ told_by:
#+   near: {question: who_not, parameters: [state], first: {big: "true"}, first_as: big, apart: {}, apart_as: late}
"""


def test_near_rows_can_be_told_by_another_question() -> None:
    text = changed("#+ tags", TOLD.replace("apart: {}", "apart: {progress: planned}") + "#+ tags")
    check_header("who", text)
    told = ToldBy("who_not", ["state"], {"big": "true"}, "big", {"progress": "planned"}, "late")
    assert parse_question("who", text).told_by == {"near": told}


def test_cell_of_another_question_has_a_column_and_a_value() -> None:
    (fault,) = faults(changed("#+ tags", TOLD + "#+ tags"))
    assert fault.startswith("who.rq:6: told_by.near.apart: {} ")


def test_header_lines_are_taken_out_of_the_query() -> None:
    assert split("#+ a: 1\n#+   b: 2\n# c\nSELECT * {}\n") == ("a: 1\n  b: 2", "# c\nSELECT * {}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "who.rq:1: no header; it begins with #+ summary: (see header.schema.json)"),
        ("# a\n#+ summary: [\n", "who.rq:2: the header (lines with #+) is no YAML: "),
        ("#+ a: 1\n#+ b: c: d\n", "who.rq:2: the header (lines with #+) is no YAML: "),
    ],
)
def test_what_is_no_header_is_refused(text: str, message: str) -> None:
    with pytest.raises(HeaderError) as error:
        read_header("who", text)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ tags: [organizations]\n", "", "who.rq:1: the header lacks tags"),
        ("Who does what?", "Who does what", "who.rq:1: summary: 'Who does what' does not match '\\\\?$' (The question"),
        (
            "group: Cooperation",
            "group: Other",
            "who.rq:3: group is 'Other'; allowed: Organizations and their names, Fo",
        ),
        ("dates: Of any time., ", "", "who.rq:4: limits lacks dates (For when an answer holds.)"),
        ("sources: [tip]", "sources: [TIP]", "who.rq:4: limits.sources.0: 'TIP' does not match "),
        ("type: state, desc", "type: colour, desc", "who.rq:7: parameters.state.type is 'colour'; allowed: org"),
        ("type: state, mean", "type: colour, mean", "who.rq:10: columns.state.type is 'colour'; allowed: org"),
        ("description: year, ", "", "who.rq:8: parameters.year lacks description (How a value can be written.)"),
        (", meaning: its year", ", meaning: its year, unit: year", "who.rq:11: columns.edition has no 'unit'"),
        ("  begin: {type", "  Begin: {type", "who.rq:9: columns: 'Begin' does not match "),
        (
            "#+   - {title: One, parameters: {state: GN}}\n",
            "",
            "who.rq:17: examples: [{'title': 'Another', 'parameters'",
        ),
        ("series: tip, edition", "source: state, series: tip, edition", "who.rq:15: evidence.0: "),
        ("value: begin", "value: beginning", "who.rq:16: chart.value: no column is called 'beginning'"),
        (
            "edition: edition, begin",
            "edition: year, begin",
            "who.rq:15: evidence.0.edition: no column is called 'year'; ",
        ),
        (
            "when: {state",
            "when: {iso3",
            "who.rq:15: evidence.0.when.iso3: no column is called 'iso3'; columns: state, ",
        ),
        ("{state: FJ,", "{iso3: FJ,", "who.rq:19: examples.1.parameters.iso3: no such parameter; it takes: state,"),
        ("#+ tags", "#+ when_empty: no {iso3}\n#+ tags", "who.rq:5: {iso3} is no parameter; it takes: state,"),
    ],
)
def test_fault_is_told_with_its_line_and_what_is_allowed(old: str, new: str, message: str) -> None:
    found = faults(changed(old, new))
    assert [line[: len(message)] for line in found] == [message]


def test_all_faults_are_told_at_once() -> None:
    text = changed("type: bar", "type: pie").replace("group: Cooperation", "group: Other")
    assert [line.partition(": ")[0] for line in faults(text)] == ["who.rq:16", "who.rq:3"]


def test_header_that_cannot_be_read_is_told_by_the_schema() -> None:
    with pytest.raises(HeaderError) as error:
        parse_question("who", changed("#+ tags: [organizations]\n", ""))
    assert str(error.value) == "who.rq:1: the header lacks tags"
