"""Every question by name: those of the graph alone, and those beside Wikidata, which may ask another endpoint."""

import functools
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg.ask import federated_questions, questions
from kg.ask.answer import Answer
from kg.ask.names import Candidate
from kg.ask.question import Question
from kg.ask.questions import QuestionError
from kg.ask.values import Nearest

if TYPE_CHECKING:
    from kg.ask.federated import Whom


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all questions, sorted."""
    return tuple(sorted([*questions.names(), *federated_questions.names()]))


def is_federated(name: str) -> bool:
    return name in federated_questions.names()


def question(name: str) -> Question:
    """Raises QuestionError with the nearest names, HeaderError."""
    if is_federated(name):
        return federated_questions.federated_question(name).question
    if name in questions.names():
        return questions.question(name)
    near = get_close_matches(name, names(), n=3, cutoff=0.3) or names()[:3]
    raise QuestionError(f"no question is called {name!r} (nearest: {', '.join(near)})", nearest=map(Candidate, near))


def ask(
    store: Store, name: str, asked: Mapping[str, str], whom: "Whom | None" = None, *, nearest: Nearest | None = None
) -> Answer:
    """The answer to any question; `whom` one beside Wikidata may ask, without it the offline twin alone.

    Raises QuestionError, and FederationError for a question beside Wikidata that cannot be answered."""
    question(name)
    if not is_federated(name):
        return questions.ask(store, name, asked, nearest)
    # What carries out SERVICE is of no use to the other questions.
    from kg.ask.federated import Whom, ask_federated

    return ask_federated(store, name, asked, whom or Whom(mode="offline"), nearest=nearest)
