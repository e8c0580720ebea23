"""The packaged questions that ask Wikidata too: one .rq file each in queries/federated, whose SERVICE runs anywhere."""

import functools
import importlib.resources
from dataclasses import dataclass
from difflib import get_close_matches

from kg.ask.header import read_header
from kg.ask.names import Candidate
from kg.ask.question import Question, parse_question
from kg.ask.questions import QuestionError


@dataclass(frozen=True)
class FederatedQuestion:
    """A question and what its header says of the other side: the columns that are known `here` without it, against
    what its rows were `tested`, and what the offline `twin` can and cannot say, None where it cannot answer."""

    question: Question
    here: tuple[str, ...]
    tested: str
    twin: str | None


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all federated questions, sorted."""
    folder = importlib.resources.files("kg.queries") / "federated"
    return tuple(sorted(item.name[:-3] for item in folder.iterdir() if item.name.endswith(".rq")))


@functools.cache
def federated_question(name: str) -> FederatedQuestion:
    """The federated question of this name. Raises QuestionError (nearest names), HeaderError (its file is wrong)."""
    if name not in names():
        near = get_close_matches(name, names(), n=3, cutoff=0.3) or names()[:3]
        message = f"no federated question is called {name!r} (nearest: {', '.join(near)})"
        raise QuestionError(message, nearest=map(Candidate, near))
    text = (importlib.resources.files("kg.queries") / "federated" / f"{name}.rq").read_text(encoding="utf-8")
    said = read_header(name, text)["federation"]
    return FederatedQuestion(parse_question(name, text), tuple(said["here"]), said["tested"], said.get("twin"))
