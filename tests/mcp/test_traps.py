"""What no source says: the answers must not say it either. Expected values are from the texts of the sources."""

import pytest

from kg.mcp.text import written
from tests.mcp.conftest import TIP, Ask

BASE = "https://w3id.org/tipkg/"
OTHERS = ["tip-2017", "tip-2018", "tip-2020"]


def test_no_member_works_with_the_ilo_on_glo_act(ask: Ask) -> None:
    answer = ask(
        "ask_question", question="programme_partners", parameters={"programme": "GLO.ACT", "organization": "ILO"}
    )
    assert (answer.answer, answer.rows, answer.rows_found) == ("none stated", [], 0)
    assert answer.explanation == (
        "no source names ILO on GLO.ACT; named on it: IOM, UNICEF and UNODC (ICAT members) and EU; "
        "stated to work with ILO elsewhere: UNHCR"
    )
    assert {row.values["match"] for row in answer.nearest} == {"programme_only", "organization_only"}
    assert answer.not_stated_by == ["icat-2018", *OTHERS]


def test_text_of_an_empty_answer_puts_near_rows_apart(ask: Ask) -> None:
    answer = ask(
        "ask_question", question="programme_partners", parameters={"programme": "GLO.ACT", "organization": "ILO"}
    )
    before, near = written(answer).split("Near, but NO answers:")
    assert "NONE STATED: no source names ILO on GLO.ACT" in before
    assert "|" not in before
    assert "programme_only" in near


def test_dash_of_one_edition_and_party_of_the_next_stand_side_by_side(ask: Ask) -> None:
    answer = ask("ask_question", question="ratification_status", parameters={"state": "Guinea", "instrument": "C189"})
    found = [[row.values[name] for name in ("edition", "status", "year", "mode")] for row in answer.rows]
    assert found == [[2017, "not_party", None, None], [2018, "party", 2017, "unspecified"]]
    assert answer.meant == {
        "state": f"Guinea ({BASE}id/state/GIN)",
        "instrument": f"Domestic Workers Convention, 2011 (No. 189) ({BASE}id/instrument/ilo-c189)",
    }


def test_row_of_an_edition_stands_in_the_source_of_that_edition(ask: Ask) -> None:
    answer = ask("ask_question", question="ratification_status", parameters={"state": "Guinea", "instrument": "C189"})
    places = [(one.source, one.begin, one.end) for row in answer.rows for one in row.places]
    assert places == [("tip-2017", 1511, 1512), ("tip-2018", 989, 1021)]
    assert [one.id for one in answer.sources] == ["tip-2017", "tip-2018"]


def test_limits_of_the_question_are_told_with_the_answer(ask: Ask) -> None:
    answer = ask("ask_question", question="ratification_status", parameters={"state": "Guinea"})
    assert any("A state without a row is not thereby no party" in one for one in answer.not_covered)


def test_near_rows_say_in_what_they_differ(ask: Ask) -> None:
    answer = ask("ask_question", question="ratification_status", parameters={"state": "Guinea", "instrument": "CEDAW"})
    assert answer.rows == []
    assert {one.differs_in for one in answer.nearest} == {"instrument"}


def test_state_that_no_chart_lists_is_not_said_to_be_no_party(ask: Ask) -> None:
    """The charts of 2017 and 2018 are extracts: Australia is in neither."""
    answer = ask("ask_question", question="ratification_status", parameters={"state": "Australia"})
    assert (answer.answer, answer.rows) == ("none stated", [])
    assert answer.not_covered[-1].startswith("Not stated is not no")


def test_name_of_two_things_is_ambiguous(ask: Ask, refusal: Ask) -> None:
    both = [f"{BASE}id/organization/african-union", f"{BASE}id/state/AUS"]
    answer = ask("search_entities", text="AU")
    assert answer.ambiguous == both
    assert [hit.iri for hit in answer.hits[:2]] == both
    assert "ask which is meant" in answer.not_covered[0]
    said = refusal("describe_entity", entity="AU")
    assert said.startswith("'AU' means several things: African Union (organization, ")
    assert "Australia (state, " in said


def test_type_of_a_parameter_settles_what_is_meant_and_the_answer_says_so(ask: Ask) -> None:
    answer = ask("ask_question", question="cooperation_of", parameters={"organization": "AU"})
    assert answer.meant == {"organization": f"African Union ({BASE}id/organization/african-union)"}


@pytest.mark.parametrize("text", ["the Office", "The  office", "OFFICE"])
def test_definite_noun_means_what_its_section_says(ask: Ask, refusal: Ask, text: str) -> None:
    meant = {one.section: one.iri.removeprefix(f"{BASE}id/") for one in ask("search_entities", text=text).meanings}
    assert meant == {
        "osce": "body/osr-cthb",
        "ogprtop": "organization/ogprtop",
        "ohchr": "organization/ohchr",
        "ilo": "organization/ilo",
    }
    assert refusal("describe_entity", entity=text).startswith(f"{text!r} means another thing in another section: ")


def test_planned_cooperation_is_told_apart(ask: Ask) -> None:
    """OHCHR and WHO: a partnership that the paper says will be."""
    answer = ask("ask_question", question="cooperation_of", parameters={"organization": "OHCHR"}, limit=200)
    planned = [row.values["with_abbreviation"] for row in answer.rows if row.values["progress"] == "planned"]
    assert planned == ["UNODC", "WHO"]
    assert "2 of the 18 rows are planned, not done" in answer.not_covered


def test_planned_cooperation_derives_no_shortcut(ask: Ask) -> None:
    query = f"{TIP}ASK {{ <{BASE}id/organization/ohchr> tip:cooperatesWith <{BASE}id/organization/who> }}"
    answer = ask("run_sparql", query=query)
    assert answer.holds is False
    assert "false means that the graph does not state it, not that it is not so" in answer.not_covered


def test_query_that_does_not_look_at_progress_is_warned_of_plans(ask: Ask) -> None:
    note = "the query does not look at tip:progress: what is only planned may be among the rows"
    patterns = "?s a tip:Cooperation . ?s tip:cooperator ?o"
    assert note in ask("run_sparql", query=f"{TIP}SELECT * {{ {patterns} }}", limit=1).not_covered
    with_progress = f"{TIP}SELECT * {{ {patterns} . ?s tip:progress ?how }}"
    assert note not in ask("run_sparql", query=with_progress, limit=1).not_covered


def test_partners_of_one_organization_are_not_said_to_work_together(ask: Ask) -> None:
    """Both stand in lists of partners of others; no source says that they cooperate."""
    parameters = {"organization": "ILO", "with_organization": "IOM"}
    answer = ask("ask_question", question="cooperation_between", parameters=parameters)
    assert answer.answer == "none stated"
    assert answer.rows == []
