"""Packaged questions as the tools show them: the one module of this room that knows how kg.ask answers them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode, Store

from kg.ask import description as graph
from kg.ask import questions
from kg.ask.honesty import RULES
from kg.ask.names import Names, term_for
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
        about=found.about,
        limits=[],
        parameters=[
            Parameter(name=one.name, type=one.type, about=one.about, required=False) for one in found.parameters
        ],
        columns=list(found.columns),
    )


def query_of(name: str) -> str:
    return questions.question(name).query


def ask(store: Store, name: str, given: Mapping[str, str], *, limit: int, offset: int) -> Asked:
    """Raises QuestionError: an unknown question, parameter or value, with the nearest ones."""
    found = questions.ask(store, name, given)
    rows = [] if found.explanation else found.rows
    near = found.nearest or (found.rows if found.explanation else ())
    shown = rows[offset : offset + limit]
    columns = found.question.columns
    silent = [one for one in places.documents(store) if rows and one not in _sources(columns, rows)]
    return Asked(
        question=name,
        summary=found.question.summary,
        meant=_meant(store, name, found.asked),
        answer="stated" if rows else "none stated",
        rows_found=len(rows),
        rows=[Row(values=_values(columns, row), places=_places(store, columns, row)) for row in shown],
        explanation=found.explanation,
        not_stated_by=list(found.not_stated_by),
        nearest=[
            Near(values=_values(columns, row), places=_places(store, columns, row), differs_in="")
            for row in near[: bounds.MOST_NEAR]
        ],
        sources=places.named(store, _sources(columns, shown) or places.documents(store)),
        sparql=_executed(store, name, found.asked),
        not_covered=[*_limits(name), *_planned(columns, rows), *_silent(columns, silent), RULES[0]],
        left_out=[*bounds.part(len(rows), len(shown), offset), *_near_left_out(len(near))],
    )


def _limits(name: str) -> list[str]:
    about = questions.question(name).about
    return [about] if about else []


def _meant(store: Store, name: str, asked: Mapping[str, str]) -> dict[str, str]:
    """How each value was understood: a thing by label and IRI, so that a name of two things shows which was taken."""
    return {key: _called(store, term) for key, term in _terms(store, name, asked).items()}


def _called(store: Store, term: NamedNode | Literal) -> str:
    return f"{graph.label(store, term)} ({term.value})" if isinstance(term, NamedNode) else term.value


def _terms(store: Store, name: str, asked: Mapping[str, str]) -> dict[str, NamedNode | Literal]:
    kinds = {one.name: one.type for one in questions.question(name).parameters}
    lookup = _names(store)
    return {key: term_for(lookup, kinds[key], value) for key, value in asked.items()}


@lru_cache(maxsize=2)
def _names(store: Store) -> Names:
    return Names(store)


def _executed(store: Store, name: str, asked: Mapping[str, str]) -> str:
    """The question with its values as one query; it is shown and not run: the engine had question and terms apart."""
    found, terms = questions.question(name), _terms(store, name, asked)
    variables = {one.name: f"?{one.variable}" for one in found.parameters}
    if not terms:
        return found.query
    names = " ".join(variables[key] for key in terms)
    return f"{found.query}VALUES ({names}) {{ ({' '.join(map(str, terms.values()))}) }}\n"


def _values(columns: Sequence[str], row: Sequence[str | int]) -> dict[str, Cell]:
    """What the row has; empty cells are null."""
    pairs = zip(columns, row, strict=True)
    return {name: (bounds.cell(value) or None) if isinstance(value, str) else value for name, value in pairs}


def _places(store: Store, columns: Sequence[str], row: Sequence[str | int]) -> list[Place]:
    named = dict(zip(columns, row, strict=True))
    source, begin, end = (named.get(name) for name in ("source", "begin", "end"))
    if isinstance(source, str) and isinstance(begin, int) and isinstance(end, int):
        return [places.at(store, source, begin, end)]
    return []


def _sources(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> set[str]:
    return {str(row[columns.index("source")]) for row in rows} if "source" in columns else set()


def _planned(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> list[str]:
    if "progress" not in columns:
        return []
    at = columns.index("progress")
    planned = sum(row[at] == "planned" for row in rows)
    return [f"{planned} of the {len(rows)} rows are planned, not done"] if planned else []


def _silent(columns: Sequence[str], silent: Sequence[str]) -> list[str]:
    return [f"no row comes from: {', '.join(silent)}"] if silent and "source" in columns else []


def _near_left_out(found: int) -> list[str]:
    most = bounds.MOST_NEAR
    return [f"{most} of {found} near rows are shown, none of which is an answer"] if found > most else []
