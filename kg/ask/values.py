"""Parameter values as people type them, and the RDF terms that they mean. Nothing typed ever becomes query text."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg import iris
from kg.ask.names import BadValueError, Candidate, Names, names_of
from kg.ask.unknown import unknown

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LONGEST: Final = 1_000
EDITION: Final = NamedNode(iris.term("editionYear"))
DATES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
# Kind and value -> what may be meant, the nearest first.
Nearest = Callable[[str, str], Sequence[Candidate]]


def resolve(store: Store, kind: str, value: str, nearest: Nearest | None = None) -> NamedNode | Literal:
    """The term of a value of a type of parameter. Raises BadValueError, with what may be meant.

    What names just one thing is found here; `nearest` is asked only for what names none (kg.ask.search).
    """
    _readable(kind, value)
    if kind == "edition":
        return _edition(store, value)
    if kind == "date":
        return _date(value)
    if kind == "number":
        return _number(value)
    if kind == "iri":
        return full_iri(value)
    if kind == "text":
        return Literal(value)
    return _thing(names_of(store), kind, value, nearest)


def full_iri(value: str) -> NamedNode:
    """The IRI, which may be given without the base. Raises BadValueError: no IRI."""
    full = value if re.match(r"https?://", value) else iris.BASE + value.lstrip("/")
    try:
        return NamedNode(full)
    except ValueError as error:
        raise BadValueError(f"{full!r} is no IRI: {error}") from error


def _readable(kind: str, value: str) -> None:
    """Refuse what nobody types: control characters, halves of characters, texts of a page."""
    if len(value) > LONGEST:
        raise BadValueError(f"a value has at most {LONGEST} characters; this {kind} has {len(value)}")
    bad = next((char for char in value if unicodedata.category(char) in ("Cc", "Cs")), None)
    if bad is not None:
        raise BadValueError(f"{value!a} has a control character (U+{ord(bad):04X}); no {kind} is written so")


def _thing(names: Names, kind: str, value: str, nearest: Nearest | None) -> NamedNode:
    if nearest is None or names.exact(kind, value):
        return names.find(kind, value)
    near = tuple(nearest(kind, value)) or tuple(names.nearest(kind, value))
    labels = ", ".join(dict.fromkeys(one.label for one in near))
    raise BadValueError(unknown(kind, value) + (f" (nearest: {labels})" if near else ""), near)


def _edition(store: Store, value: str) -> Literal:
    known = editions(store)
    if not re.fullmatch(r"[0-9]{4}", value):
        raise BadValueError(f"an edition is a year, such as 2017, not {value!r}", map(Candidate, known))
    if value not in known:
        near = sorted(known, key=lambda year: abs(int(year) - int(value)))
        raise BadValueError(f"no source is of {value} (editions: {', '.join(known)})", map(Candidate, near))
    return Literal(value, datatype=NamedNode(f"{XSD}integer"))


@lru_cache(maxsize=4)
def editions(store: Store) -> tuple[str, ...]:
    """The years of the editions that the graph has, in order."""
    years = {quad.object for quad in store.quads_for_pattern(None, EDITION, None, DefaultGraph())}
    return tuple(sorted(year.value for year in years if isinstance(year, Literal)))


def _date(value: str) -> Literal:
    """A year, month or day of the Gregorian calendar, as precise as it is typed."""
    padded = value + "-01-01"[len(value) - 4 :] if len(value) in DATES else value
    try:
        date.fromisoformat(padded if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", padded) else "")
    except ValueError:
        raise BadValueError(f"a date is a year, month or day: 2017, 2017-06 or 2017-06-27, not {value!r}") from None
    return Literal(value, datatype=NamedNode(XSD + DATES[len(value)]))


def _number(value: str) -> Literal:
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
        raise BadValueError(f"a number is written with digits, such as 12 or 0.5, not {value!r}")
    return Literal(value, datatype=NamedNode(f"{XSD}{'decimal' if '.' in value else 'integer'}"))
