"""Why an answer is empty: which sources could say it and do not, in words, and the rows that come nearest to one.

What is near is never an answer: it holds for all that was asked but one thing, and says which."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg import iris
from kg.ask.answer import Near
from kg.ask.names import names_of
from kg.ask.question import Question, ToldBy
from kg.ask.rows import Row, Terms, select

PART_OF: Final = NamedNode(iris.term("partOf"))
# How many rows are shown for each thing that is given up, and how alike texts must be.
MOST: Final = 5
ALIKE: Final = 60


def by_kind(found: Question, rows: Sequence[Row]) -> tuple[Near, ...]:
    """Rows that the question itself calls near, in the order in which its header lists their kinds."""
    column = next(iter(found.answers))
    place, kinds = found.column_names.index(column), list(found.near)
    ordered = sorted(
        rows, key=lambda row: kinds.index(str(row.values[place])) if row.values[place] in kinds else len(kinds)
    )
    return tuple(Near(row, column) for row in ordered)


def nearest(store: Store, found: Question, terms: Terms) -> tuple[Near, ...]:
    """Rows that hold for all parameters but one; for a single one, those of the value that is nearest to it."""
    rows: dict[tuple[str, ...], Near] = {}
    for name in terms:
        kept = {key: value for key, value in terms.items() if key != name}
        near = select(store, found, kept) if kept else _of_the_nearest_value(store, found, name, terms[name])
        for row in near[:MOST]:
            rows.setdefault(row.terms, Near(row, name))
    return tuple(rows.values())


def _of_the_nearest_value(store: Store, found: Question, name: str, term: NamedNode | Literal) -> Sequence[Row]:
    """Rows of the whole or the parts of a thing, of the texts most alike, of the numbers next to one."""
    if isinstance(term, NamedNode):
        return [row for other in _relatives(store, term) for row in select(store, found, {name: other})]
    parameter = next(one for one in found.parameters if one.name == name)
    if parameter.variable not in found.column_names:
        return ()
    place = found.column_names.index(parameter.variable)
    rows = [row for row in select(store, found, {}) if row.values[place] != ""]
    if parameter.type in ("edition", "number"):
        return sorted(rows, key=lambda row: abs(float(row.values[place]) - float(term.value)))
    from rapidfuzz import fuzz, process

    texts = list(dict.fromkeys(str(row.values[place]) for row in rows))
    alike = process.extract(term.value, texts, scorer=fuzz.ratio, processor=str.lower, limit=MOST, score_cutoff=ALIKE)
    return [row for text, _, _ in alike for row in rows if str(row.values[place]) == text]


def _relatives(store: Store, thing: NamedNode) -> Iterator[NamedNode]:
    """What the thing is part of, and its parts, in order."""
    above = {quad.object for quad in store.quads_for_pattern(thing, PART_OF, None, DefaultGraph())}
    below = {quad.subject for quad in store.quads_for_pattern(None, PART_OF, thing, DefaultGraph())}
    for some in (above, below - above):
        yield from sorted((one for one in some if isinstance(one, NamedNode)), key=lambda one: one.value)


def explain(
    store: Store, found: Question, terms: Terms, near: Sequence[Near], *, question: Callable[[str], Question]
) -> str:
    """Why the answer is empty, in words: what no source states, and what is stated instead."""
    lookup = names_of(store)
    shown = {key: lookup.short(value) for key, value in terms.items()}
    needed = {parameter.name for parameter in found.parameters if f"{{{parameter.name}}}" in found.when_empty}
    if not found.when_empty or not needed <= shown.keys():
        return "no source states this"
    parts = [found.when_empty.format(**shown)]
    column = next(iter(found.answers), "")
    for value, words in found.near.items():
        group = [one.row for one in near if one.row.values[found.column_names.index(column)] == value]
        told = found.told_by.get(value)
        if told:
            other = question(told.question)
            rows = select(store, other, {name: terms[name] for name in told.parameters})
            parts += _told(told, other, rows, words.format(**shown))
        elif group:
            parts.append(f"{words.format(**shown)}: {_list(_short_names(found, group))}")
    return "; ".join(parts)


def _told(told: ToldBy, other: Question, rows: Sequence[Row], words: str) -> list[str]:
    """The things in rows of another question: those that come first, then the others; and those that stand apart."""
    together = [row for row in rows if not _has(other, row, told.apart)]
    first = _list(_short_names(other, [row for row in together if _has(other, row, told.first)]))
    others = _list(_short_names(other, [row for row in together if not _has(other, row, told.first)]))
    named = " and ".join(part for part in (first and f"{first} ({told.first_as})", others) if part)
    apart = _list(_short_names(other, [row for row in rows if _has(other, row, told.apart)]))
    return [part for part in (named and f"{words}: {named}", apart and f"{told.apart_as}: {apart}") if part]


def _has(found: Question, row: Row, cell: Mapping[str, str]) -> bool:
    return all(row.values[found.column_names.index(column)] == value for column, value in cell.items())


def _short_names(found: Question, rows: Sequence[Row]) -> list[str]:
    short, name = found.column_names.index("abbreviation"), found.column_names.index("organization")
    return list(dict.fromkeys(str(row.values[short] or row.values[name]) for row in rows))


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
