"""Packaged questions: one .rq file each, its header (`#+` lines, YAML) says what it asks, its parameters and columns.

A parameter is bound as an RDF term to a variable that the query projects (the engine substitutes no other), so the
query runs unchanged in any SPARQL tool. Variables that are no declared column are for binding only and not shown.
"""

import functools
import importlib.resources
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, Store

from kg.ask import empty
from kg.ask.answer import Answer, Asked, Near
from kg.ask.names import BadValueError, Candidate, names_of
from kg.ask.question import Question, parse_question
from kg.ask.rows import executed, select
from kg.ask.sources import able_to_say, asked_of, build_id
from kg.ask.values import Nearest, resolve


class QuestionError(ValueError):
    """An unknown question, parameter or value; the message and `nearest` give what may be meant.

    `parameter` is the one whose name or value is wrong."""

    def __init__(self, message: str, *, nearest: Iterable[Candidate] = (), parameter: str = "") -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)
        self.parameter = parameter


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all packaged questions, sorted."""
    folder = importlib.resources.files("kg.queries")
    return tuple(sorted(item.name[:-3] for item in folder.iterdir() if item.name.endswith(".rq")))


@functools.cache
def question(name: str) -> Question:
    """The packaged question of this name. Raises QuestionError (nearest names), HeaderError (its file is wrong)."""
    if name not in names():
        near = get_close_matches(name, names(), n=3, cutoff=0.3) or names()[:3]
        raise QuestionError(
            f"no question is called {name!r} (nearest: {', '.join(near)})", nearest=map(Candidate, near)
        )
    text = (importlib.resources.files("kg.queries") / f"{name}.rq").read_text(encoding="utf-8")
    return parse_question(name, text)


def ask(store: Store, name: str, asked: Mapping[str, str], nearest: Nearest | None = None) -> Answer:
    """Answer a packaged question; `asked` holds the parameters as people type them.

    Raises QuestionError: unknown question or parameter, or a value that names nothing (with the nearest names, which
    `nearest` gives if there is one)."""
    found = question(name)
    near_too = _flag(found, asked, "nearest")
    understood = meant(store, found, asked, nearest)
    terms = {one.parameter: one.term for one in understood}
    # Of the answers alone first: near-answers can be a hundred times as many.
    answers = select(store, found, terms, found.answers)
    near: tuple[Near, ...] = ()
    if found.answers and (near_too or not answers):
        known = set(answers)
        near = empty.by_kind(found, [row for row in select(store, found, terms) if row not in known])
    elif not answers:
        near = empty.nearest(store, found, terms)
    sources = able_to_say(store, found)
    return Answer(
        question=found,
        asked=understood,
        rows_found=answers,
        sources=sources,
        build_id=build_id(store),
        query=executed(found, terms),
        nearest=near,
        near_asked_for=near_too,
        explanation="" if answers else empty.explain(store, found, terms, near, question=question),
        not_stated_by=() if answers else tuple(one.id for one in asked_of(sources, found, terms)),
    )


def _flag(found: Question, asked: Mapping[str, str], name: str) -> bool:
    if name not in asked or not found.answers:
        return False
    if asked[name].lower() not in ("true", "false", "yes", "no", "1", "0"):
        message = f"{found.name}: parameter {name} is true or false, not {asked[name]!r}"
        raise QuestionError(message, nearest=map(Candidate, ("true", "false")), parameter=name)
    return asked[name].lower() in ("true", "yes", "1")


def meant(store: Store, found: Question, asked: Mapping[str, str], nearest: Nearest | None) -> tuple[Asked, ...]:
    """What was asked, with defaults, each value as the term that it means. Raises QuestionError as `ask` does."""
    defaults = {one.name: one.default for one in found.parameters if one.default is not None}
    given = {**defaults, **{key: value for key, value in asked.items() if key != "nearest" or not found.answers}}
    known = {parameter.name: parameter for parameter in found.parameters}
    for key in given:
        if key not in known:
            allowed = found.parameter_names
            near = f"it takes: {', '.join(allowed)}" if allowed else "it takes none"
            message = f"{found.name} has no parameter {key!r} ({near})"
            raise QuestionError(message, nearest=map(Candidate, allowed), parameter=key)
    for parameter in found.parameters:
        if parameter.required and parameter.name not in given:
            message = f"{found.name} cannot be asked without {parameter.name} ({parameter.description})"
            raise QuestionError(message, parameter=parameter.name)
    labels = names_of(store)
    terms = {key: _term(store, found, (key, known[key].type, value), nearest) for key, value in given.items()}
    return tuple(Asked(key, given[key], term, labels.label(term)) for key, term in terms.items())


def _term(store: Store, found: Question, given: tuple[str, str, str], nearest: Nearest | None) -> NamedNode | Literal:
    key, kind, value = given
    try:
        return resolve(store, kind, value, nearest)
    except BadValueError as error:
        message = f"{found.name}: parameter {key}: {error}"
        raise QuestionError(message, nearest=error.nearest, parameter=key) from error
