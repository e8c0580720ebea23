"""Questions: their files, what they refuse, and what an empty answer says."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from kg.ask.answer import Answer
from kg.ask.answer_forms import shown
from kg.ask.questions import QuestionError, ask, names, question
from kg.cli import cli

FLAGSHIP = {"programme": "GLO.ACT", "organization": "ILO"}
COLUMNS = "match,organization,abbreviation,role,begin,end,source,programme,with_organization,with_abbreviation"


def query(built: Path, name: str, *options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["query", name, *options, "--store", str(built)], standalone_mode=False)
    return result.exit_code, result.stdout, result.stderr


def near(answer: Answer) -> list[tuple[str | int, str | int]]:
    """How the rows that come near match, and whom they name."""
    return [(one.row.values[0], one.row.values[2]) for one in answer.nearest]


def flagship(built: Path, *options: str) -> tuple[int, str, str]:
    params = [text for key, value in FLAGSHIP.items() for text in ("--param", f"{key}={value}")]
    return query(built, "programme_partners", *params, *options)


def test_questions_of_the_interface_have_its_columns() -> None:
    begin = {
        "ratification_status": "edition, state, iso3, instrument, status, year, mode, entry_into_force, begin, end",
        "focal_points": "edition, organization, abbreviation, focal_point, status, begin, end",
        "framework_documents": "edition, organization, abbreviation, title, year, symbol, url, begin, end",
        "organization_links": "edition, organization, abbreviation, label, url, begin, end",
        "peacekeeping_figures": "edition, organization, measure, value, unit, year, begin, end",
        "glossary": "edition, abbreviation, expansion, begin, end",
        "icat_members": "organization, abbreviation, as_of, has_section, begin, end",
        "statements": "statement, kind, source, begin, end, role, value, code",
        "programme_partners": "match, organization, abbreviation, role, begin, end, source",
    }
    assert {name: ", ".join(question(name).column_names)[: len(columns)] for name, columns in begin.items()} == begin


@pytest.mark.parametrize("name", names())
def test_examples_of_a_question_can_be_asked_and_the_first_has_rows(store: Store, name: str) -> None:
    first, *others = [ask(store, name, example.parameters) for example in question(name).examples]
    assert first.rows
    assert all(answer.rows or answer.explanation for answer in others)


@pytest.mark.parametrize("name", names())
def test_values_are_no_iris_of_ours_except_statements(store: Store, name: str) -> None:
    found = ask(store, name, {})
    iris = {
        column
        for row in found.rows
        for column, value in zip(found.question.column_names, row, strict=True)
        if str(value).startswith("https://w3id.org/tipkg/")
    }
    assert iris <= {"statement"}


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("ratification", {}, "no question is called 'ratification' (nearest: ratifications, "),
        (
            "ratification_status",
            {"year": "2017"},
            "ratification_status has no parameter 'year' (it takes: edition, state, instrument)",
        ),
        (
            "ratification_status",
            {"nearest": "true"},
            "ratification_status has no parameter 'nearest' (it takes: edition, state, instrument)",
        ),
        (
            "ratification_status",
            {"state": "Guinee"},
            "ratification_status: parameter state: no state is called 'Guinee' (nearest: Guinea, ",
        ),
        (
            "focal_points",
            {"edition": "last"},
            "focal_points: parameter edition: an edition is a year, such as 2017, not 'last'",
        ),
        (
            "programme_partners",
            {"nearest": "maybe"},
            "programme_partners: parameter nearest is true or false, not 'maybe'",
        ),
        (
            "evidence",
            {"statement": "no iri"},
            "evidence: parameter statement: 'https://w3id.org/tipkg/no iri' is no IRI: ",
        ),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest_names(
    store: Store, name: str, asked: dict[str, str], message: str
) -> None:
    with pytest.raises(QuestionError) as error:
        ask(store, name, asked)
    assert str(error.value).startswith(message)


def test_empty_answer_says_who_is_named_instead(store: Store) -> None:
    found = ask(store, "programme_partners", FLAGSHIP)
    assert found.rows == ()
    assert found.explanation == (
        "no source names ILO on GLO.ACT; named on it: IOM, UNICEF and UNODC (ICAT members) and EU; "
        "stated to work with ILO elsewhere: UNHCR"
    )
    assert found.not_stated_by == ("icat-2018", "tip-2017", "tip-2018", "tip-2020")
    assert near(found) == [
        ("programme_only", "IOM"),
        ("programme_only", "UNICEF"),
        ("programme_only", "UNODC"),
        ("programme_only", "IOM"),
        ("programme_only", "UNICEF"),
        ("programme_only", "UNODC"),
        ("organization_only", "UNHCR"),
    ]


def test_empty_answer_calls_a_planned_participant_planned(store: Store) -> None:
    found = ask(store, "programme_partners", {"programme": "GLO.ACT Phase II", "organization": "World Bank"})
    assert found.explanation == (
        "no source names World Bank on GLO.ACT Phase II; planned on it: IOM and UNODC; "
        "stated to work with World Bank elsewhere: UNHCR"
    )
    assert {match for match, _ in near(found)} == {"organization_only"}


def test_partner_of_a_partner_is_no_partner(store: Store) -> None:
    asked = {"programme": "GLO.ACT Phase II", "organization": "ILO"}
    assert near(ask(store, "programme_partners", asked)) == [("organization_only", "UNHCR")]


@pytest.mark.parametrize("yes", ["true", "Yes", "1"])
def test_nearest_that_is_asked_for_is_shown_and_still_no_answer(store: Store, yes: str) -> None:
    asked = ask(store, "programme_partners", {**FLAGSHIP, "nearest": yes})
    assert (asked.rows, asked.explanation) == ((), ask(store, "programme_partners", FLAGSHIP).explanation)
    assert shown(asked) == tuple(one.row.values for one in asked.nearest)


@pytest.mark.parametrize("no", ["false", "No", "0"])
def test_nearest_can_be_refused(store: Store, no: str) -> None:
    assert ask(store, "programme_partners", {**FLAGSHIP, "nearest": no}).rows == ()


def test_nearest_keeps_answers_before_what_is_near(store: Store) -> None:
    asked = {"programme": "GLO.ACT", "organization": "UNODC", "nearest": "true"}
    found = ask(store, "programme_partners", asked)
    assert [(row[0], row[2]) for row in found.rows] == [("both", "IOM"), ("both", "UNICEF")] * 2
    assert {match for match, _ in near(found)} == {"organization_only"}
    assert {"UNHCR", "ICAO"} <= {short for _, short in near(found)}
    assert shown(found) == found.rows + tuple(one.row.values for one in found.nearest)
    assert (found.explanation, found.not_stated_by) == ("", ())


def test_empty_answer_shows_rows_that_hold_for_fewer_parameters(store: Store) -> None:
    found = ask(store, "not_parties", {"edition": "2020", "instrument": "palermo-protocol"})
    assert found.rows == ()
    assert found.explanation == "no source states this"
    assert [(one.row.values[1], one.differs_in) for one in found.nearest] == [
        ("Brunei", "edition"),
        ("Pakistan", "edition"),
    ]


def test_json_says_none_stated_with_the_nearest_rows(built: Path) -> None:
    code, out, _ = flagship(built, "--format", "json")
    value = json.loads(out)
    assert code == 0
    assert (value["question"], value["asked"], value["rows"], value["answer"]) == (
        "programme_partners",
        FLAGSHIP,
        [],
        "none stated",
    )
    assert [row["match"] for row in value["nearest"]] == ["programme_only"] * 6 + ["organization_only"]
    assert ",".join(value["nearest"][0]) == f"{COLUMNS},differs_in,evidence"


def test_json_of_an_answer_has_rows_only(built: Path) -> None:
    code, out, err = query(built, "icat_members", "--param", "organization=UNAIDS", "--format", "json")
    value = json.loads(out)
    assert (code, err) == (0, "")
    assert list(value) == ["question", "asked", "meant", "rows", "evidence", "sources", "build"]
    assert [row["has_section"] for row in value["rows"]] == ["false"]


@pytest.mark.parametrize(("form", "header"), [("csv", COLUMNS), ("tsv", COLUMNS.replace(",", "\t"))])
def test_machine_formats_print_just_the_header_of_an_empty_answer(built: Path, form: str, header: str) -> None:
    code, out, err = flagship(built, "--format", form)
    assert (code, out) == (0, f"{header}\n")
    assert err.startswith("none stated: no source names ILO on GLO.ACT; ")


def test_table_explains_an_empty_answer(built: Path) -> None:
    code, out, err = flagship(built)
    assert (code, err) == (0, "")
    assert out.startswith("none stated: no source names ILO on GLO.ACT; named on it: IOM, UNICEF and UNODC ")
