"""The peacekeeping table: what three organizations report of their missions, cell by cell."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.mappings.titles import URL
from kg.read.tabbed import Cell, Row, Table, check_width
from kg.read.text import SourceError, Span
from kg.records import Figure, Finding, slug

NUMBER: Final = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:,\d{3})+|\d+)(%?)(?![\w/,.-]*\w)")
SYMBOL: Final = re.compile(r"\b[A-Z]{1,2}/\d+/\d+\b")
QUOTED: Final = re.compile(r'["“]([^"”]+)["”](?: \((?!\d)[^()]*\))?(?: \(([\d and,]+)\))?')
PARTS: Final = re.compile(r"\[((?:[^\[\]]|\n)*)\]")
PART: Final = re.compile(r"([A-Za-z][A-Za-z ]*?) \((\d[\d,]*)\)")
WORDS: Final = 8


@dataclass(frozen=True)
class Fact:
    """One value of a cell: status, value, unit, year, and where in the cell it stands."""

    status: str
    value: str
    unit: str
    year: str
    span: Span
    what: str = ""


def read_table(reading: Reading, table: Table, *, rows: Sequence[dict[str, Any]], title: str) -> list[Figure | Finding]:
    """One record a value, and a finding where parts do not add up to their total. `rows` are the known captions."""
    check_width(table)
    header, *body = table.rows
    organizations = [_organization(reading, cell) for cell in header.cells[1:]]
    records: list[Figure | Finding] = []
    for row in body:
        known = _caption(reading, row, rows)
        for organization, cell in zip(organizations, row.cells[1:], strict=True):
            records += _cell_records(reading, row, cell, organization, known, title)
    return records


def _organization(reading: Reading, cell: Cell) -> str:
    key = names.organization(cell.text)
    if key:
        return reading.use(names.kind_of_organization(key), key)
    if not cell.text:
        raise SourceError("a column of the peacekeeping table has no organization in its header", cell.span.begin)
    reading.unknown("organization", cell.text, names.known("organizations").nearest(cell.text), cell.span.begin)
    return reading.make(names.generated("organization", cell.text))


def _caption(reading: Reading, row: Row, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    printed = " ".join(row.cells[0].text.split()).lower()
    measure, _, year = re.sub(r" in (\d{4})$", r"\t\1", printed).partition("\t")
    for known in rows:
        if known["caption"] == measure:
            return {**known, "measure": measure, "year": year}
    captions = [str(known["caption"]) for known in rows]
    reading.unknown("row of the peacekeeping table", row.cells[0].text, captions, row.span.begin)
    return {"content": "numbers", "unit": "as printed", "measure": measure, "year": year}


def _cell_records(
    reading: Reading, row: Row, cell: Cell, organization: str, known: dict[str, Any], title: str
) -> Iterator[Figure | Finding]:
    abbreviation = names.table("organizations").get(organization, {}).get("abbreviation", organization)
    where = (title, f"row {' '.join(row.cells[0].text.split())}", f"column {abbreviation}")
    counts: dict[str, int] = {}
    figures: list[Figure] = []
    for fact in _facts(reading, cell, organization, known):
        base = slug(f"{organization} {known['measure']} {fact.what}")
        counts[base] = counts.get(base, 0) + 1
        figure = Figure(
            id=base if counts[base] == 1 else f"{base}-{counts[base]}",
            organization=organization,
            measure=known["measure"],
            status=fact.status,
            value=fact.value,
            unit=fact.unit,
            year=fact.year,
            printed=_few(reading.text[fact.span.begin : fact.span.end]),
            **reading.place(fact.span if fact.status != "empty" else row.span, *where),
        )
        figures.append(figure)
        yield figure
    yield from _sum_finding(reading, cell, figures, where)


def _facts(reading: Reading, cell: Cell, organization: str, known: dict[str, Any]) -> list[Fact]:
    unit, year = str(known["unit"]), str(known["year"])
    if not cell.text:
        return [Fact("empty", "", "empty", year, cell.span)]
    if re.match(re.escape(str(known.get("none_reported", "\0"))), cell.text, re.IGNORECASE):
        end = cell.span.begin + len(str(known["none_reported"]))
        return [
            Fact("none_reported", cell.text[: end - cell.span.begin], "statement", year, Span(cell.span.begin, end))
        ]
    if known["content"] == "number":
        return [_number(cell, unit, year)]
    if known["content"] == "prose":
        summary = reading.settings.get("summaries", {}).get(f"{known['measure']}/{organization}", "")
        return _prose(cell, unit, year, str(summary))
    return READERS[str(known["content"])](cell, unit, year)


def _number(cell: Cell, unit: str, year: str) -> Fact:
    if not re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+", cell.text):
        raise SourceError(f"{cell.text!r} should be one number ({unit})", cell.span.begin)
    return Fact("number", cell.text.replace(",", ""), unit, year, cell.span)


def _numbers(cell: Cell, unit: str, year: str) -> list[Fact]:
    """Every number of a prose cell with what follows it; the parts in square brackets each with their name."""
    facts: list[Fact] = []
    parts = PARTS.search(cell.text)
    inside = Span(*parts.span()) if parts else Span(0, 0)
    for match in NUMBER.finditer(cell.text):
        if inside.begin <= match.start() < inside.end or re.search(r"\bunder $", cell.text[: match.start()]):
            continue
        what = unit if match.end() + 1 == inside.begin else _what(cell.text, match)
        what = f"percent {what}" if match[2] else what
        facts.append(Fact("number", match[1].replace(",", ""), what, year, _within(cell, *match.span()), what))
    for match in PART.finditer(cell.text, inside.begin, inside.end):
        value = match[2].replace(",", "")
        facts.append(Fact("number", value, f"{unit} ({match[1]})", year, _within(cell, *match.span()), match[1]))
    return facts or _words(cell, unit, year)


def _what(text: str, match: re.Match[str]) -> str:
    following = re.split(r"[.,;:()\[\]]|\d", text[match.end() :])[0]
    following = re.split(r"\b(?:against|that|which|who|with|as well as)\b", following)[0]
    words = re.sub(r"\b(?:were|was|are|is|has|have|been)\b.*$", "", following).split()[:WORDS]
    while words and words[-1].lower() in {"of", "the", "and", "in", "a", "for", "to", "under"}:
        words.pop()
    return " ".join(words) or "as printed"


def _titles(cell: Cell, unit: str, year: str) -> list[Fact]:
    """The quoted titles with their years, and the words before them."""
    quoted = list(QUOTED.finditer(cell.text))
    facts = [
        Fact("text", m[1], "title", "; ".join(re.findall(r"\d{4}", m[2] or "")), _within(cell, *m.span()))
        for m in quoted
    ]
    before = cell.text[: quoted[0].start()].strip() if quoted else cell.text
    if not before:
        return facts
    return [Fact("text", _few(before), unit, year, _within(cell, 0, len(before))), *facts]


def _words(cell: Cell, unit: str, year: str) -> list[Fact]:
    return [Fact("text", _few(cell.text), unit, year, cell.span)]


def _links(cell: Cell, unit: str, year: str) -> list[Fact]:
    found = [Fact("text", m[1], unit, year, _within(cell, *m.span())) for m in URL.finditer(cell.text)]
    if not found:
        raise SourceError(f"{cell.text[:60]!r} should hold a link", cell.span.begin)
    return found


def _prose(cell: Cell, unit: str, year: str, summary: str) -> list[Fact]:
    """The document symbols of a prose cell, and a summary in our own words or its first printed ones."""
    found = [Fact("text", m[0], "document symbol", year, _within(cell, *m.span())) for m in SYMBOL.finditer(cell.text)]
    return [Fact("text", summary or _few(cell.text), unit, year, cell.span), *found]


READERS: Final[dict[str, Callable[[Cell, str, str], list[Fact]]]] = {
    "numbers": _numbers,
    "titles": _titles,
    "links": _links,
    "words": _words,
}


def _few(printed: str) -> str:
    """At most eight printed words, cut at a comma where one comes before."""
    words = printed.split()
    if len(words) <= WORDS:
        return " ".join(words)
    start = " ".join(words[:WORDS])
    return start.split(",")[0] if "," in start else start


def _within(cell: Cell, begin: int, end: int) -> Span:
    return Span(cell.span.begin + begin, cell.span.begin + end)


def _sum_finding(reading: Reading, cell: Cell, figures: list[Figure], where: tuple[str, ...]) -> Iterator[Finding]:
    """Where a total is followed by its parts in square brackets and they do not add up."""
    bracket = PARTS.search(cell.text)
    if bracket is None or not figures:
        return
    at = cell.span.begin + bracket.start()
    parts = [f for f in figures if at < f.begin < cell.span.begin + bracket.end()]
    total = next((f for f in figures if f.begin < at), None)
    if total is None or not parts or sum(int(f.value) for f in parts) == int(total.value):
        return
    added = "+".join(f.value for f in parts)
    yield Finding(
        id=f"{total.id}-sum",
        about=f"figure/{total.id}",
        problem="sum_differs",
        printed=total.value,
        normal=str(sum(int(f.value) for f in parts)),
        explanation=f"the printed total is {total.value}, its parts {added} make {sum(int(f.value) for f in parts)}",
        **reading.place(Span(cell.span.begin, cell.span.begin + bracket.end()), *where),
    )
