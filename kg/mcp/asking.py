"""Packaged questions as the tools show them: the one module of this room that knows how kg.ask answers them."""

from collections.abc import Mapping, Sequence
from functools import cache

from pyoxigraph import NamedNode, Store

from kg.ask import questions
from kg.ask.answer import Answer
from kg.ask.answer import Asked as Given
from kg.ask.honesty import RULES
from kg.ask.question import Question
from kg.ask.rows import Row as Found
from kg.mcp import bounds, places
from kg.mcp.answers import Asked, Cell, Near, Packaged, Parameter, Place, Row


@cache
def catalogue() -> tuple[Packaged, ...]:
    """All packaged questions by name."""
    return tuple(map(packaged, questions.names()))


def packaged(name: str) -> Packaged:
    """Raises QuestionError with the nearest names."""
    found = questions.question(name)
    return Packaged(
        name=found.name,
        summary=found.summary,
        about=found.description,
        limits=_limits(found),
        parameters=[
            Parameter(name=one.name, type=one.type, about=one.description, required=one.required)
            for one in found.parameters
        ],
        columns=list(found.column_names),
    )


def query_of(name: str) -> str:
    return questions.question(name).query


def ask(store: Store, name: str, given: Mapping[str, str], *, limit: int, offset: int) -> Asked:
    """Raises QuestionError: an unknown question, parameter or value, with the nearest ones."""
    found = questions.ask(store, name, given)
    shown = found.rows_found[offset : offset + limit]
    saying = {place.source for row in found.rows_found for place in found.places(row)}
    silent = [one.id for one in found.sources if saying and one.id not in saying]
    cited = {place.source for row in shown for place in found.places(row)} or {one.id for one in found.sources}
    return Asked(
        question=name,
        summary=found.question.summary,
        meant={one.parameter: _called(one) for one in found.asked},
        answer="stated" if found.rows else "none stated",
        rows_found=len(found.rows),
        rows=[Row(values=_values(found.columns, row), places=_places(store, found, row)) for row in shown],
        explanation=found.explanation,
        not_stated_by=list(found.not_stated_by),
        nearest=[
            Near(
                values=_values(found.columns, one.row), places=_places(store, found, one.row), differs_in=one.differs_in
            )
            for one in found.nearest[: bounds.MOST_NEAR]
        ],
        sources=places.named(store, cited or places.documents(store)),
        sparql=found.query,
        not_covered=[*_limits(found.question), *_planned(found), *_silent(silent), RULES[0]],
        left_out=[*bounds.part(len(found.rows), len(shown), offset), *_near_left_out(len(found.nearest))],
    )


def _limits(question: Question) -> list[str]:
    return [text for text in (question.description, question.limits.dates, question.limits.coverage) if text]


def _called(given: Given) -> str:
    """How a value was understood: a thing by label and IRI, so that a name of two things shows which was taken."""
    return f"{given.label} ({given.term.value})" if isinstance(given.term, NamedNode) else given.term.value


def _values(columns: Sequence[str], row: Found) -> dict[str, Cell]:
    """What the row has; empty cells are null."""
    pairs = zip(columns, row.values, strict=True)
    return {name: (bounds.cell(value) or None) if isinstance(value, str) else value for name, value in pairs}


def _places(store: Store, found: Answer, row: Found) -> list[Place]:
    return [places.at(store, place.source, place.begin, place.end) for place in found.places(row)]


def _planned(found: Answer) -> list[str]:
    if "progress" not in found.columns:
        return []
    at = found.columns.index("progress")
    planned = sum(row[at] == "planned" for row in found.rows)
    return [f"{planned} of the {len(found.rows)} rows are planned, not done"] if planned else []


def _silent(silent: Sequence[str]) -> list[str]:
    return [f"no row comes from: {', '.join(silent)}"] if silent else []


def _near_left_out(found: int) -> list[str]:
    most = bounds.MOST_NEAR
    return [f"{most} of {found} near rows are shown, none of which is an answer"] if found > most else []
