"""Rows of a packaged question as the engine gives them, and their terms as values for people and programs."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, overload

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store, Variable

from kg.ask.question import Question
from kg.ask.values import XSD

Cell = str | int
Terms = Mapping[str, NamedNode | Literal]
ESCAPE: Final = re.compile(r"\\([tnrbf\"'\\])")
UNESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
WHOLE: Final = {f"{XSD}integer", f"{XSD}nonNegativeInteger"}


class Row:
    """One row. Its cells are read when they are asked for: an answer can have thousands, of which few are shown.

    Rows are the same if they show the same."""

    __slots__ = ("_line", "_linked", "_shown")

    def __init__(self, shown: str, line: str, linked: Sequence[int]) -> None:
        self._shown = shown
        self._line = line
        self._linked = linked

    @property
    def values(self) -> tuple[Cell, ...]:
        """Those of the columns, "" for nothing."""
        return tuple(map(value, self._shown.split("\t")))

    @property
    def terms(self) -> tuple[str, ...]:
        """The same as SPARQL 1.1 TSV results spell them."""
        return tuple(self._shown.split("\t"))

    @property
    def iris(self) -> tuple[str, ...]:
        """The IRIs of the things that the columns name, "" where a cell is empty or the question has none."""
        cells = self._line.split("\t")
        pairs = zip(self._shown.split("\t"), self._linked, strict=True)
        return tuple([cells[place][1:-1] if place >= 0 and cell else "" for cell, place in pairs])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self._shown == other._shown

    def __hash__(self) -> int:
        return hash(self._shown)

    def __repr__(self) -> str:
        return f"<Row {self.values}>"


class Rows(Sequence[Row]):
    """Rows as lines of TSV: `shown` has the cells of the columns, `lines` also what is bound and not shown.

    They are the same if they show the same, row by row."""

    def __init__(self, shown: Sequence[str], lines: Sequence[str], linked: Sequence[int]) -> None:
        self._shown = shown
        self._lines = lines
        self._linked = linked

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> "Rows": ...

    def __getitem__(self, at: int | slice) -> "Row | Rows":
        if isinstance(at, slice):
            return Rows(self._shown[at], self._lines[at], self._linked)
        return Row(self._shown[at], self._lines[at], self._linked)

    def __len__(self) -> int:
        return len(self._shown)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and list(self._shown) == list(other._shown)

    def __hash__(self) -> int:
        return hash(tuple(self._shown))

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


class Term(NamedTuple):
    """A term of a result: `kind` is uri or literal, as in SPARQL 1.1 JSON results."""

    kind: str
    value: str
    datatype: str = ""
    language: str = ""


def select(store: Store, found: Question, terms: Terms, only: Mapping[str, str] = MappingProxyType({})) -> Rows:
    """The rows of the declared columns, each once, in the order of the query; terms by parameter name.

    `only` gives words that columns must have. Raises ValueError for a query that is no SELECT of the columns."""
    variables = {parameter.name: Variable(parameter.variable) for parameter in found.parameters}
    bound: dict[Variable, Any] = {variables[key]: value for key, value in terms.items()}
    bound |= {Variable(column): Literal(word) for column, word in only.items()}
    solutions = store.query(found.query, substitutions=bound)
    if not isinstance(solutions, QuerySolutions):
        raise ValueError(f"{found.name}.rq: a packaged question must be a SELECT query")
    places, lines = tabled(solutions)
    if tuple(places)[: len(found.columns)] != found.column_names:
        raise ValueError(f"{found.name}.rq: a packaged question must SELECT its columns first, as its header has them")
    linked = [places[column.iri] if column.iri else -1 for column in found.columns]
    hidden = len(places) - len(found.columns)
    shown = [line.rsplit("\t", hidden)[0] for line in lines] if hidden else lines
    return once(shown, lines, linked)


def tabled(solutions: QuerySolutions) -> tuple[dict[str, int], list[str]]:
    """The places of the variables, and a line of TSV for each row: the engine writes it ten times faster than Python
    reads its terms one by one."""
    text = (solutions.serialize(format=QueryResultsFormat.TSV) or b"").decode()
    header, *lines = text.removesuffix("\n").split("\n")
    return {name.removeprefix("?"): place for place, name in enumerate(header.split("\t"))}, lines


def once(shown: Sequence[str], lines: Sequence[str], linked: Sequence[int]) -> Rows:
    """Rows that show the same, once."""
    # Most answers have no such rows, and to see that is three times faster than to leave them out.
    if len(set(shown)) == len(shown):
        return Rows(shown, lines, linked)
    # From the end, so that of several rows that show the same the first one stays; in the order of the first ones.
    first = dict(zip(reversed(shown), reversed(lines), strict=True))
    kept = list(dict.fromkeys(shown))
    return Rows(kept, [first[one] for one in kept], linked)


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
    """A term as SPARQL 1.1 TSV results spell it. Numbers and booleans stand there without quotes and datatype."""
    if text.startswith("<"):
        return Term("uri", text[1:-1])
    if text in ("true", "false"):
        return Term("literal", text, XSD + "boolean")
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
