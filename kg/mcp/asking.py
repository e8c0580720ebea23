"""Packaged questions as the tools show them: the one module of this room that knows how kg.ask answers them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pyoxigraph import NamedNode, Store

from kg.ask import catalogue as every
from kg.ask.answer import Answer
from kg.ask.federated import FederationError, Whom
from kg.ask.federated_questions import federated_question
from kg.ask.honesty import RULES
from kg.ask.question import Question
from kg.ask.rows import Row as Found
from kg.mcp import bounds, places
from kg.mcp.answers import Asked, Cell, Near, Packaged, Parameter, Place, Receipt, Row
from kg.mcp.refusal import RefusedError


@cache
def catalogue() -> tuple[Packaged, ...]:
    """All packaged questions by name."""
    return tuple(map(packaged, every.names()))


def packaged(name: str) -> Packaged:
    """Raises QuestionError with the nearest names."""
    found = every.question(name)
    return Packaged(
        name=found.name,
        summary=found.summary,
        about=found.description,
        limits=_limits(found),
        parameters=[
            Parameter(name=one.name, type=one.type, about=one.description, required=one.required)
            for one in found.parameters
        ],
        columns=[f"{one.name}: {one.meaning}" for one in found.columns],
    )


def query_of(name: str) -> str:
    return every.question(name).query


def beside() -> tuple[str, ...]:
    """The names of those that ask Wikidata too."""
    return tuple(filter(every.is_federated, every.names()))


def ask(
    store: Store, name: str, given: Mapping[str, str], whom: Whom | None = None, *, limit: int, offset: int
) -> Asked:
    """`whom` a question beside Wikidata may ask; without it the offline twin answers.

    Raises QuestionError: an unknown question, parameter or value, with the nearest ones; RefusedError for a question
    beside Wikidata that cannot be answered, with what the graph itself holds."""
    try:
        found = every.ask(store, name, given, whom)
    except FederationError as error:
        raise RefusedError("\n".join([str(error), *_held(error)])) from error
    shown = found.rows_found[offset : offset + limit]
    rows = [Row(values=_values(found, row), places=_places(store, found, row)) for row in shown]
    near = [
        Near(values=_values(found, one.row), places=_places(store, found, one.row), differs_in=one.differs_in)
        for one in found.nearest[: bounds.MOST_NEAR]
    ]
    named = {place.source for row in (*rows, *near) for place in row.places}
    return Asked(
        question=name,
        summary=found.question.summary,
        meant={one.parameter: _meant(one.term, one.label) for one in found.asked},
        answer="stated" if found.rows_found else "none stated",
        rows_found=len(found.rows_found),
        rows=rows,
        explanation=found.explanation,
        not_stated_by=list(found.not_stated_by),
        nearest=near,
        used=found.used,
        receipts=[Receipt.model_validate(one, from_attributes=True) for one in found.receipts],
        sources=places.named(store, named or {one.id for one in found.sources}),
        sparql=found.query,
        not_covered=list(_not_covered(found)),
        left_out=[*bounds.part(len(found.rows_found), len(shown), offset), *_near_left_out(len(found.nearest))],
    )


def _limits(found: Question) -> list[str]:
    elsewhere = f"evidence: {', '.join(found.evidence_elsewhere)}, because {found.evidence_because}"
    told = [found.limits.coverage, found.limits.dates, *([elsewhere] if found.evidence_elsewhere else [])]
    if every.is_federated(found.name):
        known = federated_question(found.name)
        told += [f"offline: {known.twin or 'needs Wikidata live'}", f"tested: {known.tested}"]
    return told


def _held(error: FederationError) -> Iterator[str]:
    """The first rows, a line each."""
    if error.rows:
        yield ", ".join(error.columns)
    for row in error.rows[: bounds.MOST_NEAR]:
        yield ", ".join(bounds.cell(str(value)) for value in row)


def _meant(term: object, label: str) -> str:
    """A thing by label and IRI, so that a name of two things shows which was taken."""
    return f"{label} ({term.value})" if isinstance(term, NamedNode) else label


def _values(found: Answer, row: Found) -> dict[str, Cell]:
    """What the row has; empty cells are null."""
    pairs = zip(found.columns, row.values, strict=True)
    return {name: (bounds.cell(value) or None) if isinstance(value, str) else value for name, value in pairs}


def _places(store: Store, found: Answer, row: Found) -> list[Place]:
    return [places.at(store, one.source, one.begin, one.end) for one in found.places(row)]


def _not_covered(found: Answer) -> Iterator[str]:
    if found.used != "graph":
        yield "what Wikidata says is Wikidata's: no row is a statement of a source of the graph"
        yield from (note for note in found.notes if not note.startswith(("tested: ", "the twin holds: ")))
    yield found.question.description
    yield from _limits(found.question)
    yield from _planned(found)
    silent = [one.id for one in found.sources if one.id not in _stating(found)]
    if found.rows_found and silent and found.question.evidence:
        yield f"of the sources that can say it, no row comes from: {', '.join(silent)}"
    yield RULES[0]


def _stating(found: Answer) -> set[str]:
    return {place.source for stands in found.evidence for place in stands}


def _planned(found: Answer) -> Iterable[str]:
    if "progress" not in found.columns:
        return
    at = found.columns.index("progress")
    planned = sum(row.values[at] == "planned" for row in found.rows_found)
    if planned:
        yield f"{planned} of the {len(found.rows_found)} rows are planned, not done"


def _near_left_out(found: int) -> list[str]:
    most = bounds.MOST_NEAR
    return [f"{most} of {found} near rows are shown, none of which is an answer"] if found > most else []
