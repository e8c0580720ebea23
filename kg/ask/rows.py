"""Rows of a packaged question as the engine gives them, and their terms as values for people and programs."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, Variable

from kg.ask.question import Question
from kg.ask.values import XSD

Cell = str | int
Terms = Mapping[str, NamedNode | Literal]
ESCAPE: Final = re.compile(r"\\([tnrbf\"'\\])")
UNESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
WHOLE: Final = {f"{XSD}integer", f"{XSD}nonNegativeInteger"}


class Row(NamedTuple):
    """One row: `values` of the columns ("" for nothing), the same as `terms` (as SPARQL 1.1 TSV results spell them),
    and the IRIs of the things that the columns name ("" where the question has none)."""

    values: tuple[Cell, ...]
    terms: tuple[str, ...]
    iris: tuple[str, ...]


class Term(NamedTuple):
    """A term of a result: `kind` is uri or literal, as in SPARQL 1.1 JSON results."""

    kind: str
    value: str
    datatype: str = ""
    language: str = ""


def select(
    store: Store, found: Question, terms: Terms, only: Mapping[str, str] = MappingProxyType({})
) -> tuple[Row, ...]:
    """The rows of the declared columns, each once, in the order of the query; terms by parameter name.

    `only` gives words that columns must have. Raises ValueError for a query that is no SELECT."""
    variables = {parameter.name: Variable(parameter.variable) for parameter in found.parameters}
    bound: dict[Variable, Any] = {variables[key]: value for key, value in terms.items()}
    bound |= {Variable(column): Literal(word) for column, word in only.items()}
    solutions = store.query(found.query, substitutions=bound)
    if not isinstance(solutions, QuerySolutions):
        raise ValueError(f"{found.name}.rq: a packaged question must be a SELECT query")
    # The engine writes TSV ten times faster than Python reads its terms one by one.
    header, *lines = (solutions.serialize(format=QueryResultsFormat.TSV) or b"").decode().rstrip("\n").split("\n")
    places = {name.removeprefix("?"): place for place, name in enumerate(header.split("\t"))}
    shown = [places[name] for name in found.column_names]
    linked = [places[column.iri] if column.iri else -1 for column in found.columns]
    once: dict[tuple[str, ...], Row] = {}
    for line in lines:
        cells = line.split("\t")
        row = tuple([cells[place] for place in shown])
        if row not in once:
            iris = tuple(
                [cells[place][1:-1] if place >= 0 and cell else "" for place, cell in zip(linked, row, strict=True)]
            )
            once[row] = Row(tuple(map(value, row)), row, iris)
    return tuple(once.values())


def executed(found: Question, terms: Terms) -> str:
    """The question with its values, as one query that gives the same rows in any tool.

    It is for people to read and take along, and never run here: the engine gets question and terms apart. The terms
    are spelled by the engine itself, which escapes them."""
    variables = {parameter.name: f"?{parameter.variable}" for parameter in found.parameters}
    if not terms:
        return found.query
    names = " ".join(variables[key] for key in terms)
    return f"{found.query}VALUES ({names}) {{ ({' '.join(map(str, terms.values()))}) }}\n"


@lru_cache(maxsize=100_000)
def value(text: str) -> Cell:
    """Whole numbers as such, all else as text."""
    if text.startswith("<"):
        return text[1:-1]
    if not text.startswith('"'):
        return int(text) if text.lstrip("+-").isdigit() else text
    term = read_term(text)
    return int(term.value) if term.datatype in WHOLE else term.value


def read_term(text: str) -> Term:
    """A term as SPARQL 1.1 TSV results spell it. Numbers stand there without quotes and datatype."""
    if text.startswith("<"):
        return Term("uri", text[1:-1])
    if not text.startswith('"'):
        kind = "integer" if text.lstrip("+-").isdigit() else "double" if "e" in text.lower() else "decimal"
        return Term("literal", text, XSD + kind)
    end = text.rindex('"')
    inside, rest = text[1:end], text[end + 1 :]
    plain = ESCAPE.sub(lambda match: UNESCAPED[match[1]], inside) if "\\" in inside else inside
    if rest.startswith("@"):
        return Term("literal", plain, language=rest[1:])
    return Term("literal", plain, rest[3:-1])


def engine_term(text: str) -> NamedNode | Literal:
    """The same as a term of the engine."""
    kind, value, datatype, language = read_term(text)
    if kind == "uri":
        return NamedNode(value)
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)
