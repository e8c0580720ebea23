"""Packaged questions: one .rq file each, its header (`#+` lines, YAML) says what it asks, its parameters and columns.

A parameter is bound as an RDF term to a variable that the query projects (the engine substitutes no other), so the
query runs unchanged in any SPARQL tool. Variables that are no declared column are for binding only and not shown.
"""

import functools
import importlib.resources
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, Variable

from kg.ask.names import BadValueError, Candidate, names_of
from kg.ask.question import Question, parse_question
from kg.ask.values import XSD, Nearest, resolve

Cell = str | int
WHOLE: Final = {f"^^<{XSD}integer>", f"^^<{XSD}nonNegativeInteger>"}
ESCAPE: Final = re.compile(r"\\([tnrbf\"'\\])")
UNESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class QuestionError(ValueError):
    """An unknown question, parameter or value; the message and `nearest` give what may be meant.

    `parameter` is the one whose name or value is wrong."""

    def __init__(self, message: str, *, nearest: Iterable[Candidate] = (), parameter: str = "") -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)
        self.parameter = parameter


@dataclass(frozen=True)
class Answer:
    """The rows of a question (one value a column, "" for nothing) and, where there is none, the nearest rows.

    An explanation means that no row is an answer: with `nearest` asked for, the rows are near-answers then."""

    question: Question
    asked: Mapping[str, str]
    rows: tuple[tuple[Cell, ...], ...]
    nearest: tuple[tuple[Cell, ...], ...] = ()
    explanation: str = ""
    not_stated_by: tuple[str, ...] = ()


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all packaged questions, sorted."""
    folder = importlib.resources.files("kg.queries")
    return tuple(sorted(item.name[:-3] for item in folder.iterdir() if item.name.endswith(".rq")))


@functools.cache
def question(name: str) -> Question:
    """The packaged question of this name. Raises QuestionError (nearest names), HeaderError (its file is wrong)."""
    if name not in names():
        near = _near(name, names())
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
    terms = _terms(store, found, asked, nearest)
    rows = select(store, found, terms)
    answers = tuple(row for row in rows if _is_answer(found, row))
    others = _by_nearness(found, [row for row in rows if not _is_answer(found, row)])
    given = {key: value for key, value in asked.items() if key != "nearest"}
    if answers:
        return Answer(found, given, answers + others if near_too else answers)
    near = others if found.answers else _wider(store, found, terms)
    shown = others if near_too else ()
    explanation = _explain(store, found, terms, near)
    return Answer(found, given, shown, () if shown else near, explanation, _sources(store))


def select(store: Store, found: Question, terms: Mapping[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    """The rows of the declared columns, each once, in the order of the query; terms by parameter name."""
    variables = {parameter.name: Variable(parameter.variable) for parameter in found.parameters}
    bound = {variables[key]: value for key, value in terms.items()}
    solutions = store.query(found.query, substitutions=bound)
    if not isinstance(solutions, QuerySolutions):
        raise QuestionError(f"{found.name}.rq: a packaged question must be a SELECT query")
    # The engine writes TSV ten times faster than Python reads its terms one by one.
    header, *lines = (solutions.serialize(format=QueryResultsFormat.TSV) or b"").decode().rstrip("\n").split("\n")
    names = [name.removeprefix("?") for name in header.split("\t")]
    pick = itemgetter(*(names.index(column) for column in found.column_names))
    return tuple(dict.fromkeys(tuple(map(_cell, pick(line.split("\t")))) for line in lines))


@functools.lru_cache(maxsize=100_000)
def _cell(term: str) -> Cell:
    """A term of the SPARQL 1.1 TSV results format as a value: whole numbers as such, all else as text."""
    if term.startswith('"'):
        end = term.rindex('"')
        value = term[1:end]
        value = ESCAPE.sub(lambda match: UNESCAPED[match[1]], value) if "\\" in value else value
        return int(value) if term[end + 1 :] in WHOLE else value
    if term.startswith("<"):
        return term[1:-1]
    return int(term) if term.lstrip("+-").isdigit() else term


def _is_answer(found: Question, row: tuple[Cell, ...]) -> bool:
    return all(row[found.column_names.index(column)] == value for column, value in found.answers.items())


def _by_nearness(found: Question, rows: list[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Near-answers in the order in which the header lists their kinds."""
    kinds = list(found.near)
    column = found.column_names.index(next(iter(found.answers))) if found.answers else 0
    return tuple(sorted(rows, key=lambda row: kinds.index(str(row[column])) if row[column] in kinds else len(kinds)))


def _flag(found: Question, asked: Mapping[str, str], name: str) -> bool:
    if name not in asked or not found.answers:
        return False
    if asked[name].lower() not in ("true", "false", "yes", "no", "1", "0"):
        message = f"{found.name}: parameter {name} is true or false, not {asked[name]!r}"
        raise QuestionError(message, nearest=map(Candidate, ("true", "false")), parameter=name)
    return asked[name].lower() in ("true", "yes", "1")


def _terms(
    store: Store, found: Question, asked: Mapping[str, str], nearest: Nearest | None = None
) -> dict[str, NamedNode | Literal]:
    known = {parameter.name: parameter for parameter in found.parameters}
    allowed = [*known, *(["nearest"] if found.answers else [])]
    terms: dict[str, NamedNode | Literal] = {}
    for key, value in {**_defaults(found), **asked}.items():
        if key not in allowed:
            near = f"it takes: {', '.join(allowed)}" if allowed else "it takes none"
            message = f"{found.name} has no parameter {key!r} ({near})"
            raise QuestionError(message, nearest=map(Candidate, allowed), parameter=key)
        if key in known:
            try:
                terms[key] = resolve(store, known[key].type, value, nearest)
            except BadValueError as error:
                message = f"{found.name}: parameter {key}: {error}"
                raise QuestionError(message, nearest=error.nearest, parameter=key) from error
    for parameter in found.parameters:
        if parameter.required and parameter.name not in terms:
            message = f"{found.name} cannot be asked without {parameter.name} ({parameter.description})"
            raise QuestionError(message, parameter=parameter.name)
    return terms


def _defaults(found: Question) -> dict[str, str]:
    return {parameter.name: parameter.default for parameter in found.parameters if parameter.default is not None}


def _wider(store: Store, found: Question, terms: Mapping[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    """Rows that hold for all parameters but one, at most five for each: near, but no answer."""
    if len(terms) < 2:
        return ()
    rows: list[tuple[Cell, ...]] = []
    for left_out in terms:
        kept = {key: value for key, value in terms.items() if key != left_out}
        rows += select(store, found, kept)[:5]
    return tuple(dict.fromkeys(rows))


def _explain(store: Store, found: Question, terms: Mapping[str, Any], nearest: tuple[tuple[Cell, ...], ...]) -> str:
    """Why the answer is empty, in words: what no source states, and what is stated instead."""
    lookup = names_of(store)
    shown = {key: lookup.short(value) for key, value in terms.items()}
    needed = {parameter.name for parameter in found.parameters if f"{{{parameter.name}}}" in found.when_empty}
    if not found.when_empty or not needed <= shown.keys():
        return "no source states this"
    parts = [found.when_empty.format(**shown)]
    column = next(iter(found.answers), "")
    for value, words in found.near.items():
        group = [row for row in nearest if row[found.column_names.index(column)] == value]
        if value == "programme_only":
            parts += _named_on(store, terms, words.format(**shown), found.asks_for)
        elif group:
            parts.append(f"{words.format(**shown)}: {_list(_short_names(found, group))}")
    return "; ".join(parts)


def _named_on(store: Store, terms: Mapping[str, Any], words: str, asked_for: str) -> list[str]:
    """Who is named on a programme: those asked for, then the others; and who is only planned to take part."""
    everybody = question("programme_participants")
    progress, icat = everybody.column_names.index("progress"), everybody.column_names.index("icat_member")
    rows = select(store, everybody, {"programme": terms["programme"]})
    taking_part = [row for row in rows if row[progress] != "planned"]
    members = _list(_short_names(everybody, [row for row in taking_part if row[icat] == "true"]))
    others = _list(_short_names(everybody, [row for row in taking_part if row[icat] != "true"]))
    named = " and ".join(part for part in (members and f"{members} ({asked_for})", others) if part)
    planned = _list(_short_names(everybody, [row for row in rows if row[progress] == "planned"]))
    return [part for part in (named and f"{words}: {named}", planned and f"planned on it: {planned}") if part]


def _short_names(found: Question, rows: list[tuple[Cell, ...]]) -> list[str]:
    short, name = found.column_names.index("abbreviation"), found.column_names.index("organization")
    return list(dict.fromkeys(str(row[short] or row[name]) for row in rows))


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def _sources(store: Store) -> tuple[str, ...]:
    rows = select(store, question("sources"), {})
    return tuple(str(row[0]) for row in rows)


def _near(name: str, known: tuple[str, ...]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, known, n=3, cutoff=0.3) or list(known[:3])
