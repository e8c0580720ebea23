"""The peacekeeping table: what three organizations report of their missions, cell by cell."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.mappings.titles import URL, is_abbreviation
from kg.read.tabbed import Cell, Row, Table, check_width
from kg.read.text import SourceError, Span
from kg.records import Figure, Finding, slug

# A number with its magnitude in words, or a percentage; no part of a date, a symbol, a range or a link.
NUMBER: Final = re.compile(
    r"(?<![\w/.,-])(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
    r"(?: (?P<word>thousand|million|billion)\b)?(?P<percent>%| percent\b| per cent\b)?(?![\w/-]|[.,]\d)"
)
POWERS: Final = {"thousand": 3, "million": 6, "billion": 9}
YEAR: Final = re.compile(r"(?:19|20)\d{2}")
BEFORE_YEAR: Final = re.compile(
    r"\b(?:in|since|of|during|for|from|until|to|by|between|and|through|year|[A-Z][a-z]{2,8}\.?(?: \d{1,2},)?) $"
)
SYMBOL: Final = re.compile(r"\b[A-Z]{1,2}/\d+/\d+\b")
QUOTED: Final = re.compile(r'["“]([^"”]+)["”](?: \((?!\d)[^()]*\))?(?: \(([\d and,]+)\))?')
PARTS: Final = re.compile(r"\[((?:[^\[\]]|\n)*)\]")
PART: Final = re.compile(r"([A-Za-z][A-Za-z ]*?) ?\((\d[\d,]*)\)")
# Several kinds counted together: "military, police, and civilian personnel".
LISTED: Final = re.compile(r"(?: [A-Za-z-]+,)+ and [A-Za-z-]+(?: (?!of\b|were\b|was\b)[a-z-]+)?")
WORDS: Final = 8
NOTHING: Final = {"—", "–", "-", "--", "n/a"}


@dataclass(frozen=True)
class Fact:
    """One value of a cell: status, value, unit, year, and where in the cell's text it stands."""

    status: str
    value: str
    unit: str
    year: str
    at: tuple[int, int]
    what: str = ""


@dataclass(frozen=True)
class _Place:
    """Which cell is read: its row and organization; `counts` numbers the ids of the whole table."""

    reading: Reading
    row: Row
    organization: str
    title: str
    counts: dict[str, int]

    def number(self, name: str) -> str:
        base = slug(name)
        self.counts[base] = self.counts.get(base, 0) + 1
        return base if self.counts[base] == 1 else f"{base}-{self.counts[base]}"

    def where(self) -> tuple[str, str, str]:
        abbreviation = names.table("organizations").get(self.organization, {}).get("abbreviation", self.organization)
        return self.title, f"row {' '.join(self.row.cells[0].text.split())}", f"column {abbreviation}"


def read_table(reading: Reading, table: Table, *, rows: Sequence[dict[str, Any]], title: str) -> list[Figure | Finding]:
    """One record a value, and a finding where parts do not add up to their total. `rows` are the known captions."""
    check_width(table)
    header, *body = table.rows
    organizations: list[str] = []
    for cell in header.cells[1:]:
        organizations.append(_organization(reading, cell, organizations))
    records: list[Figure | Finding] = []
    counts: dict[str, int] = {}
    for row in body:
        if [cell.text for cell in row.cells] == [cell.text for cell in header.cells]:
            continue
        known = _caption(reading, row, rows)
        for organization, cell in zip(organizations, row.cells[1:], strict=True):
            records += _cell_records(_Place(reading, row, organization, title, counts), cell, known)
    return records


def _organization(reading: Reading, cell: Cell, others: Sequence[str]) -> str:
    key = names.organization(cell.text)
    if key in others:
        raise SourceError(f"two columns of the peacekeeping table are {key!r}", cell.span.begin)
    if key:
        return reading.use(names.kind_of_organization(key), key)
    if not cell.text:
        raise SourceError("a column of the peacekeeping table has no organization in its header", cell.span.begin)
    reading.unknown("organization", cell.text, names.known("organizations").nearest(cell.text), cell.span.begin)
    return reading.make(names.generated("organization", cell.text))


def measure(row: Row) -> tuple[str, str]:
    """What a row's caption says is measured, in lower case, and the year at its end ("" if there is none)."""
    printed = " ".join(row.cells[0].text.split()).lower()
    name, _, year = re.sub(r",? in (\d{4})$", r"\t\1", printed).partition("\t")
    return name, year


def _caption(reading: Reading, row: Row, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    name, year = measure(row)
    if not name:
        raise SourceError("a row of the peacekeeping table has no caption", row.span.begin)
    for known in rows:
        if known["caption"] == name:
            return {**known, "measure": name, "year": year}
    captions = [str(known["caption"]) for known in rows]
    reading.unknown("row of the peacekeeping table", row.cells[0].text, captions, row.span.begin)
    return {"content": "numbers", "unit": "as printed", "measure": name, "year": year}


def _cell_records(place: _Place, cell: Cell, known: dict[str, Any]) -> Iterator[Figure | Finding]:
    figures: list[Figure] = []
    for fact in _facts(place, cell, known):
        there = fact.status != "empty"
        figure = Figure(
            id=place.number(f"{place.organization} {known['measure']} {fact.what}"),
            organization=place.organization,
            measure=known["measure"],
            status=fact.status,
            value=fact.value,
            unit=fact.unit,
            years=tuple(fact.year.split("; ")) if fact.year else (),
            printed=_few(cell.text[slice(*fact.at)]) if there else "",
            part_of="",
            **place.reading.place(cell.within(*fact.at) if there else place.row.span, *place.where()),
        )
        figures.append(figure)
    total, parts = _total(cell, figures)
    for figure in figures:
        yield replace(figure, part_of=total.id) if total and figure in parts else figure
    if total:
        yield from _sum_finding(place, cell, total, parts)


def _facts(place: _Place, cell: Cell, known: dict[str, Any]) -> list[Fact]:
    unit, year = str(known["unit"]), str(known["year"])
    none_reported = re.match(re.escape(str(known.get("none_reported", "\0"))), cell.text, re.IGNORECASE)
    if not cell.text:
        return [Fact("empty", "", "empty", year, (0, 0))]
    if cell.text.lower() in NOTHING:
        return _words(cell, unit, year)
    if none_reported:
        stated = Fact("none_reported", none_reported[0], "statement", year, none_reported.span())
        return [stated, *(fact for fact in _numbers(cell, unit, year) if fact.status == "number")]
    if known["content"] == "number":
        return [_number(cell, unit, year)]
    if known["content"] == "prose":
        summary = place.reading.settings.get("summaries", {}).get(f"{known['measure']}/{place.organization}", "")
        return _prose(cell, unit, year, str(summary))
    return READERS[str(known["content"])](cell, unit, year)


def _number(cell: Cell, unit: str, year: str) -> Fact:
    match = NUMBER.fullmatch(cell.text)
    if match is None:
        raise SourceError(f"{cell.text[:60]!r} should be one number ({unit})", cell.span.begin)
    return Fact("number", _plain(match), unit, year, match.span())


def _plain(match: re.Match[str]) -> str:
    """A plain decimal number, a magnitude in words multiplied out."""
    digits = match["digits"].replace(",", "") + (match["decimals"] or "")
    if not match["word"]:
        return digits
    return f"{(Decimal(digits) * 10 ** POWERS[match['word']]).normalize():f}"


def _numbers(cell: Cell, unit: str, year: str) -> list[Fact]:
    """Every number of a prose cell with what follows it; the parts in square brackets each with their name."""
    facts: list[Fact] = []
    parts = PARTS.search(cell.text)
    inside = Span(*parts.span()) if parts else Span(0, 0)
    for match in NUMBER.finditer(cell.text):
        if inside.begin <= match.start() < inside.end or _is_year(cell.text, match) or _is_age(cell.text, match):
            continue
        what = unit if match.end() + 1 == inside.begin else _what(cell.text, match) or unit
        what = f"percent {what}" if match["percent"] else what
        stated = re.match(r"[^.;:()\[\]\d]*\b(?:in|of|during|for) ((?:19|20)\d{2})\b", cell.text[match.end() :])
        facts.append(Fact("number", _plain(match), what, stated[1] if stated else year, match.span(), what))
    for match in PART.finditer(cell.text, inside.begin, inside.end):
        value = match[2].replace(",", "")
        facts.append(Fact("number", value, f"{unit} ({match[1]})", year, match.span(), match[1]))
    return facts or _words(cell, unit, year)


def _is_year(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    return YEAR.fullmatch(match[0]) is not None and (BEFORE_YEAR.search(before) is not None or not before.strip())


def _is_age(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"\b(?:aged|age of) $", before) or re.match(r" years? (?:of age|old)\b", after):
        return True
    return before.endswith("under ") and re.match(r"\s*(?:[.,;:)]|$)", after) is not None


def _what(text: str, match: re.Match[str]) -> str:
    """The words after a number that say what it counts, at most eight; "" where none follow."""
    after = re.sub(r"^ (?:were|was|are|is) ", " ", text[match.end() :])
    listed = LISTED.match(after)
    if listed:
        return " ".join(listed[0].split()[:WORDS])
    following = re.split(r"[.,;:()\[\]]|\d", after)[0]
    following = re.split(r"\b(?:against|that|which|who|with|as well as)\b", following)[0]
    words = re.sub(r"\b(?:were|was|are|is|has|have|been)\b.*$", "", following).split()[:WORDS]
    while words and words[-1].lower() in {"of", "the", "and", "in", "a", "for", "to", "under"}:
        words.pop()
    return " ".join(words)


def _titles(cell: Cell, unit: str, year: str) -> list[Fact]:
    """The quoted titles with their years, and the words before them."""
    quoted = list(QUOTED.finditer(cell.text))
    facts = [Fact("text", m[1], "title", "; ".join(re.findall(r"\d{4}", m[2] or "")), m.span()) for m in quoted]
    before = cell.text[: quoted[0].start()].strip() if quoted else cell.text
    if not before:
        return facts
    return [Fact("text", _few(before), unit, year, (0, len(before))), *facts]


def _words(cell: Cell, unit: str, year: str) -> list[Fact]:
    """The first printed words of a cell, without an abbreviation in brackets at their end."""
    bracket = re.search(r"\s*\(([^()]+)\)$", cell.text)
    words = cell.text[: bracket.start()] if bracket and is_abbreviation(bracket[1]) else cell.text
    return [Fact("text", _few(words), unit, year, (0, len(cell.text)))]


def _links(cell: Cell, unit: str, year: str) -> list[Fact]:
    found = [Fact("text", m[1], unit, year, m.span()) for m in URL.finditer(cell.text)]
    if not found:
        raise SourceError(f"{cell.text[:60]!r} should hold a link", cell.span.begin)
    return found


def _prose(cell: Cell, unit: str, year: str, summary: str) -> list[Fact]:
    """The document symbols of a prose cell, and a summary in our own words or its first printed ones."""
    found = [Fact("text", m[0], "document symbol", year, m.span()) for m in SYMBOL.finditer(cell.text)]
    return [Fact("text", summary or _few(cell.text), unit, year, (0, len(cell.text))), *found]


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


def _total(cell: Cell, figures: list[Figure]) -> tuple[Figure | None, list[Figure]]:
    """The number before square brackets and those in them, which are its parts; nothing where there are none."""
    bracket = PARTS.search(cell.text)
    if bracket is None:
        return None, []
    inside = cell.within(*bracket.span())
    numbers = [figure for figure in figures if figure.status == "number"]
    parts = [f for f in numbers if inside.begin < f.begin < inside.end]
    total = next((f for f in numbers if f.begin < inside.begin), None)
    return (total, parts) if parts else (None, [])


def _sum_finding(place: _Place, cell: Cell, total: Figure, parts: list[Figure]) -> Iterator[Finding]:
    """Where the parts of a total do not add up to it; the passage is the cell up to the end of its brackets."""
    made = sum(Decimal(f.value) for f in parts)
    if made == Decimal(total.value):
        return
    bracket = PARTS.search(cell.text)
    inside = cell.within(*bracket.span()) if bracket else cell.span
    added = "+".join(f.value for f in parts)
    yield Finding(
        id=f"{total.id}-sum",
        about=f"figure/{total.id}",
        problem="sum_differs",
        printed=total.value,
        normal=str(made),
        explanation=f"the printed total is {total.value}, its parts {added} make {made}",
        **place.reading.place(Span(cell.span.begin, inside.end), *place.where()),
    )
