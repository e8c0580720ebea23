"""Every question by name: those of the graph alone and those beside Wikidata."""

import pytest
from pyoxigraph import Store

from kg.ask import federated_questions, questions
from kg.ask.catalogue import ask, is_federated, names, question
from kg.ask.questions import QuestionError


def test_names_are_those_of_both_kinds_and_none_is_twice() -> None:
    assert set(names()) == {*questions.names(), *federated_questions.names()}
    assert len(names()) == len(questions.names()) + 12
    assert [is_federated(name) for name in ("state_codes", "glossary")] == [True, False]


def test_unknown_name_is_answered_with_those_of_both_kinds() -> None:
    assert question("state_codes").group == "Beside Wikidata"
    for name in ("state_code", "glosary"):
        with pytest.raises(QuestionError, match="no question is called") as caught:
            question(name)
        assert caught.value.nearest[0].label == {"state_code": "state_codes", "glosary": "glossary"}[name]


def test_question_beside_wikidata_asks_nobody_unless_told_whom(store: Store) -> None:
    answer = ask(store, "state_codes", {"state": "FJ"})
    assert (answer.used, answer.rows[0][4]) == ("twin", "FJ")
    assert ask(store, "sources", {}).used == "graph"
