"""An answer in the formats that people and programs take: CSV, TSV, JSON, SPARQL results in JSON, Markdown.

All are made from the same rows. CSV and TSV hold the rows alone; JSON says also what was asked, from what, where each
row stands and, of an empty answer, why."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg import formats
from kg.ask.answer import Answer, Evidence
from kg.ask.rows import Cell, Row, read_term

if TYPE_CHECKING:
    from kg.federate.rewrite import Receipt


def shown(answer: Answer) -> tuple[tuple[Cell, ...], ...]:
    """The rows of CSV, TSV and tables: the answers and, only where they were asked for, those that are near; a column
    of theirs (answers in the header) tells them apart."""
    near = tuple(one.row.values for one in answer.nearest) if answer.near_asked_for else ()
    return answer.rows + near


def as_csv(answer: Answer) -> str:
    return formats.as_csv(answer.columns, shown(answer))


def as_tsv(answer: Answer) -> str:
    return formats.as_tsv(answer.columns, shown(answer))


def as_json(answer: Answer) -> str:
    return formats.as_json(json_value(answer))


def json_value(answer: Answer) -> dict[str, Any]:
    """The answer as kg/ask/answer.schema.json has it: `rows` and `evidence` go side by side."""
    value: dict[str, Any] = {
        "question": answer.question.name,
        "asked": {one.parameter: one.value for one in answer.asked},
        "meant": {one.parameter: _meant(one.term, one.label) for one in answer.asked},
        "rows": answer.records(),
        "evidence": [_places(places) for places in answer.evidence],
        "sources": [one.id for one in answer.sources],
        "build": answer.build_id,
    }
    if not answer.rows:
        value |= {"answer": "none stated", "explanation": answer.explanation}
        value |= {"not_stated_by": list(answer.not_stated_by), "nearest": _nearest(answer)}
    elif answer.near_asked_for:
        value["nearest"] = _nearest(answer)
    return value | (_beside(answer) if answer.used != "graph" else {})


def _beside(answer: Answer) -> dict[str, Any]:
    receipts = [asdict(receipt) for receipt in answer.receipts]
    return {"used": answer.used, "receipts": receipts, "notes": list(answer.notes), "query": answer.query}


def remarks(answer: Answer) -> list[str]:
    """Of a question beside Wikidata: whom it asked, what that took, and what can be said of it, a line each."""
    if answer.used == "graph":
        return []
    return [f"used: {answer.used}", *map(_in_words, answer.receipts), *answer.notes]


def _in_words(receipt: "Receipt") -> str:
    age = "" if receipt.cache_age is None else f", kept answer {receipt.cache_age:.0f} s old"
    counts = f"{receipt.values} values, {receipt.requests} requests, {receipt.rows} rows, {receipt.size} bytes"
    return f"{receipt.endpoint}: {counts}, {receipt.seconds:.2f} s{age}"


def why_empty(answer: Answer) -> dict[str, Any]:
    """What an empty answer says of itself; for one with rows, nothing is stated to be missing or near."""
    return {
        "asked": {one.parameter: one.value for one in answer.asked},
        "not_stated_by": list(answer.not_stated_by),
        "nearest": _nearest(answer) if not answer.rows else [],
    }


def as_sparql_json(answer: Answer) -> str:
    """SPARQL 1.1 Query Results JSON: the answers as terms, without what is not bound."""
    bindings = [_binding(answer, row) for row in answer.rows_found]
    return formats.as_json({"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}})


def as_markdown(answer: Answer) -> str:
    """A table, with the explanation and what is near below it where the answer is empty."""
    lines = [f"**{_escaped(answer.question.summary)}**", ""]
    if answer.asked:
        lines += [", ".join(f"{one.parameter}: {_escaped(one.label)}" for one in answer.asked), ""]
    lines += _table(answer, answer.rows) if answer.rows else _empty(answer)
    if told := remarks(answer):
        lines += ["", *(f"- {_escaped(one)}" for one in told)]
    return "\n".join(lines) + "\n"


def _empty(answer: Answer) -> Iterable[str]:
    yield f"None stated: {_escaped(answer.explanation)}."
    if answer.not_stated_by:
        yield f"Not stated by: {', '.join(answer.not_stated_by)}."
    if answer.nearest:
        yield from ("", "Nearest (no answers):", "", *_table(answer, [one.row.values for one in answer.nearest]))


def _nearest(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(answer.columns, one.row.values, strict=True)),
            "differs_in": one.differs_in,
            "evidence": _places(answer.places(one.row)),
        }
        for one in answer.nearest
    ]


def _places(places: Iterable[Evidence]) -> list[dict[str, Cell]]:
    return [place._asdict() for place in places]


def _meant(term: Any, label: str) -> dict[str, str]:
    return {"label": label} | ({"iri": term.value} if isinstance(term, NamedNode) else {})


def _binding(answer: Answer, row: Row) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for column, text in zip(answer.columns, row.terms, strict=True):
        if text:
            term = read_term(text)
            found[column] = {"type": term.kind, "value": term.value}
            found[column] |= {"datatype": term.datatype} if term.datatype else {}
            found[column] |= {"xml:lang": term.language} if term.language else {}
    return found


def _table(answer: Answer, rows: Iterable[tuple[Cell, ...]]) -> list[str]:
    head = [f"| {' | '.join(answer.columns)} |", f"|{' --- |' * len(answer.columns)}"]
    return [*head, *(f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows)]


def _escaped(cell: Cell) -> str:
    """Text as it is in a cell of a Markdown table: no sign of it means anything, and it is one line."""
    text = " ".join(str(cell).split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|~#" else char for char in text)
