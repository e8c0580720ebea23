"""A packaged question: what its file says of it. All that is shown of a question is made from this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.ask.header import check_header, read_header, split


@dataclass(frozen=True)
class Parameter:
    """What can be asked for: the variable that a value is bound to, its type, how a value can be written.

    `lookup` is a question and one of its columns, in which the values that have rows can be read."""

    name: str
    type: str
    variable: str
    description: str
    default: str | None = None
    required: bool = False
    lookup: tuple[str, str] | None = None


@dataclass(frozen=True)
class Column:
    """`iri` is the variable with the IRI of the thing that the column shows by a name, if the query has it."""

    name: str
    type: str
    meaning: str
    iri: str | None = None


@dataclass(frozen=True)
class Place:
    """The columns that say where a row stands. Where none has the id of the source, it is the one of a series and of
    the edition in a column (or the only one of the series). It holds for rows with the values of `when`."""

    begin: str
    end: str
    source: str | None = None
    series: str | None = None
    edition: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What an answer can and cannot tell; `sources` are those that can say it, by id or series."""

    sources: tuple[str, ...]
    dates: str
    coverage: str


@dataclass(frozen=True)
class Chart:
    """How rows can be drawn: bar, timeline or map; `columns` by their part in it (category, value, date ...)."""

    type: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Example:
    title: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class ToldBy:
    """Near rows of a kind are told by another question, asked with these parameters: rows with the cell `first` come
    first and are called `first_as`, those with the cell `apart` come by themselves, introduced by `apart_as`."""

    question: str
    parameters: Sequence[str]
    first: Mapping[str, str]
    first_as: str
    apart: Mapping[str, str]
    apart_as: str


@dataclass(frozen=True)
class Question:
    """`answers` maps a column to the value that makes a row an answer; other rows are near, `near` introduces them, and
    `told_by` has a question for kinds of them that are told by its rows.

    A question without `evidence` of its own names those that have it, and why."""

    name: str
    summary: str
    description: str
    group: str
    limits: Limits
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    evidence: tuple[Place, ...]
    evidence_elsewhere: tuple[str, ...]
    evidence_because: str
    answers: Mapping[str, str]
    near: Mapping[str, str]
    when_empty: str
    told_by: Mapping[str, ToldBy]
    chart: Chart | None
    examples: tuple[Example, ...]
    query: str

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """What can be asked for; `nearest` where there are near-answers."""
        own = tuple(parameter.name for parameter in self.parameters)
        return (*own, "nearest") if self.answers else own


def parse_question(name: str, text: str) -> Question:
    """Read a question file. Raises HeaderError with file, line and what is allowed.

    The schema is not gone through for a header that can be read without it: its library takes longer to import than
    a question to answer. `check_header` does it for every packaged file in the tests and when the docs are made."""
    header = read_header(name, text)
    try:
        return _question(name, header, split(text)[1])
    except (KeyError, TypeError, AttributeError):
        check_header(name, text)
        raise


def _question(name: str, header: Mapping[str, Any], query: str) -> Question:
    evidence, chart = header["evidence"], header.get("chart", {"type": "none"})
    own = isinstance(evidence, list)
    return Question(
        name=name,
        summary=header["summary"],
        description=header["description"],
        group=header["group"],
        limits=Limits(**header["limits"] | {"sources": tuple(header["limits"]["sources"])}),
        tags=tuple(header["tags"]),
        parameters=tuple(_parameter(name, key, header) for key in header.get("parameters", {})),
        columns=tuple(Column(key, **value) for key, value in header["columns"].items()),
        evidence=tuple(Place(**place) for place in evidence) if own else (),
        evidence_elsewhere=() if own else tuple(evidence["elsewhere"]),
        evidence_because="" if own else evidence["because"],
        answers=header.get("answers", {}),
        near=header.get("near", {}),
        when_empty=header.get("when_empty", ""),
        told_by={kind: ToldBy(**value) for kind, value in header.get("told_by", {}).items()},
        chart=None
        if chart["type"] == "none"
        else Chart(chart["type"], {k: v for k, v in chart.items() if k != "type"}),
        examples=tuple(Example(**example) for example in header["examples"]),
        query=query,
    )


def _parameter(question: str, name: str, header: Mapping[str, Any]) -> Parameter:
    """A parameter; its values are looked up in the column of the same name unless the header names another."""
    value = dict(header["parameters"][name])
    lookup = value.pop("lookup", None)
    own = (question, name) if name in header["columns"] else None
    found = (lookup["question"], lookup["column"]) if lookup else own
    return Parameter(name, variable=value.pop("variable", f"{name}_iri"), lookup=found, **value)
