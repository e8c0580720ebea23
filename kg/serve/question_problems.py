"""What is answered when a question cannot be: which status, and what may be meant, for people and programs."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kg.ask.names import Candidate
from kg.ask.question import Question
from kg.ask.questions import QuestionError
from kg.serve.asked import WINDOW, unknown_parameter
from kg.serve.problem import Problem

NOTHING: Mapping[str, str] = MappingProxyType({})


def problem_of(
    error: QuestionError, found: Question | None = None, given: Mapping[str, str] = NOTHING, more: tuple[str, ...] = ()
) -> Problem:
    """404 for an unknown question, 400 for a parameter that is unknown or missing, 422 for a value. `more` are
    parameters of questions of this kind."""
    if found is None:
        return _told(404, "No such question", error)
    if error.parameter not in found.parameter_names:
        of_all = (*more, *WINDOW)
        known = (*found.parameter_names, *of_all)
        return unknown_parameter(f"{error}; and {', '.join(of_all)}", error.parameter, known)
    if error.parameter not in given:
        return _told(400, "A parameter is missing", error)
    return _told(422, "No such value", error)


def _told(status: int, title: str, error: QuestionError) -> Problem:
    problem = Problem(status, title, str(error))
    parameter = {"parameter": error.parameter} if error.parameter else {}
    problem.members = parameter | {"nearest": near(error.nearest)}
    return problem


def near(candidates: Iterable[Candidate]) -> list[dict[str, str]]:
    """What may be meant: a label, and the IRI of a thing."""
    return [{"label": one.label} | ({"iri": one.iri} if one.iri else {}) for one in candidates]
