"""Answers as Markdown, for clients that show or read text: the same as the typed data, and as short as can be."""

from collections.abc import Iterable, Sequence
from functools import singledispatch

from kg.mcp import bounds
from kg.mcp.answers import Answer, Asked, Cell, Described, Evidence, Found, Listed, Place, Ran, Receipt, Row, Schema


def written(answer: Answer) -> str:
    """Head, sources, what is not covered, what was left out, and the query; the head is cut where it is too long."""
    head = bounds.cell(_head(answer), bounds.LONGEST_TEXT)
    parts = [head.rstrip()]
    parts += _list("Not covered", answer.not_covered)
    parts += _list("Left out", answer.left_out)
    parts += _list("Sources", [f"{one.id}: {one.title}" for one in answer.sources])
    parts += [f"Query:\n```sparql\n{answer.sparql.rstrip()}\n```"] if answer.sparql else []
    return "\n\n".join(parts) + "\n"


@singledispatch
def _head(answer: Answer) -> str:
    raise TypeError(f"no words for {type(answer).__name__}")


@_head.register
def _(answer: Found) -> str:
    rows: list[list[Cell]] = [
        [one.label, one.kind, one.how, one.matched, one.statements, ", ".join(one.stated_by), one.iri]
        for one in answer.hits
    ]
    lines = (
        [_table(("label", "kind", "how", "matched", "statements", "stated by", "iri"), rows)]
        if rows
        else ["Nothing found."]
    )
    if answer.ambiguous:
        lines.append(f"The name is ambiguous, it means each of: {', '.join(answer.ambiguous)}. Ask which is meant.")
    for one in answer.meanings:
        lines.append(f"- {one.phrase} in section {one.section} means {one.label} ({one.iri}); {_place(one.place)}")
    return "\n".join(lines)


@_head.register
def _(answer: Described) -> str:
    lines = [f"**{answer.label}** ({', '.join(answer.kinds)}) {answer.iri}", ""]
    for one in answer.values:
        iri = f" ({one.iri})" if one.iri else ""
        lines.append(f"- {one.label}: {one.value}{iri}{' [derived]' if one.derived else ''}")
    if answer.counts:
        lines += ["", "Statements: " + ", ".join(f"{kind} {count}" for kind, count in answer.counts.items())]
    for said in answer.statements:
        planned = f" [{said.progress}]" if said.progress else ""
        lines.append(
            f"- {said.label}{planned} (as {', '.join(said.roles)}; {said.kind}; {said.iri}); {_stands(said.places)}"
        )
    return "\n".join([*lines, *_list("Packaged questions that take it", answer.questions)])


@_head.register
def _(answer: Listed) -> str:
    lines = []
    for one in answer.questions:
        taken = ", ".join(f"{parameter.name} ({parameter.type})" for parameter in one.parameters)
        remarks = " ".join([one.about, *one.limits])
        lines.append(
            f"- `{one.name}`: {one.summary} {f'Parameters: {taken}.' if taken else 'No parameters.'} {remarks}".rstrip()
        )
    return "\n".join(lines)


@_head.register
def _(answer: Asked) -> str:
    lines = [f"**{answer.summary}**"]
    lines += [f"{name} = {meant}" for name, meant in answer.meant.items()]
    lines += [] if answer.used == "graph" else [f"used: {answer.used}", *map(_receipt, answer.receipts)]
    if answer.answer == "none stated":
        lines += ["", f"NONE STATED: {answer.explanation}."]
        lines += [f"Not stated by: {', '.join(answer.not_stated_by)}."] if answer.not_stated_by else []
        if answer.nearest:
            lines += ["", "Near, but NO answers:", "", _rows(answer.nearest)]
    else:
        lines += ["", f"{answer.rows_found} rows", "", _rows(answer.rows)]
    return "\n".join(lines)


@_head.register
def _(answer: Ran) -> str:
    lines = [_table(answer.columns, answer.rows) if answer.holds is None else str(answer.holds).lower()]
    lines += _list("Places", [f"{_place(one)} ({one.iri})" for one in answer.places])
    lines += _list("Packaged questions with the same terms, to be preferred",
                   [f"`{one.name}`: {one.summary}" for one in answer.packaged])  # fmt: skip
    return "\n".join(lines)


@_head.register
def _(answer: Evidence) -> str:
    lines = []
    for one in answer.passages:
        lines.append(f"- {one.label} ({one.statement}); {_place(one.place)}; SHA-256 {one.sha256}")
        lines += [f"  > {' '.join(one.quote.split())}"] if one.quote else []
    return "\n".join(lines)


@_head.register
def _(answer: Schema) -> str:
    spaces = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in answer.prefixes.items())
    return f"```sparql\n{spaces}```\n\n{answer.markdown}"


def _receipt(one: Receipt) -> str:
    age = "" if one.cache_age is None else f", kept answer {one.cache_age:.0f} s old"
    return f"{one.endpoint}: {one.values} values, {one.requests} requests, {one.rows} rows, {one.seconds:.2f} s{age}"


def _rows(rows: Sequence[Row]) -> str:
    """A table without the columns that are empty in all rows, and with the places in words."""
    named = [name for name in rows[0].values if any(row.values[name] not in (None, "") for row in rows)] if rows else []
    stands = any(row.places for row in rows)
    shown = [name for name in named if not stands or name not in ("begin", "end", "source")]
    cells = [[*(row.values[name] for name in shown), *([_stands(row.places)] if stands else [])] for row in rows]
    return _table([*shown, *(["place"] if stands else [])], cells)


def _stands(places: Iterable[Place]) -> str:
    return "; ".join(map(_place, places))


def _place(place: Place) -> str:
    return (
        f"{place.source} {place.begin}-{place.end}: {place.where}"
        if place.where
        else (f"{place.source} {place.begin}-{place.end}")
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


def _cell(value: Cell) -> str:
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())


def _list(title: str, items: Sequence[str]) -> list[str]:
    return ["\n".join([f"{title}:", *(f"- {one}" for one in items)])] if items else []
