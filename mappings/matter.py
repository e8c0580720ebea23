"""What stands around the tables: glossary, reporting window, footnotes, currency note, photo credits, staff."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kg.mappings import names
from kg.mappings.dates import iso_date
from kg.mappings.reading import Reading
from kg.mappings.titles import URL
from kg.read.tabbed import Line, Table, check_width
from kg.read.text import Span
from kg.records import Naming, Note, slug

MONTH_YEAR: Final = r"[A-Z][a-z]+ \d{4}"
WINDOW: Final = re.compile(rf"between ({MONTH_YEAR}) and ({MONTH_YEAR})")
IN_FORCE: Final = re.compile(r"^[*†‡]\s*(?P<what>.+?),? entered in ?to force (?:on |in )?(?P<date>.+?)\.?$")
RATES: Final = re.compile(r"currency exchange rates .+? on (?P<date>[A-Z][a-z]+ \d{1,2}, \d{4})")
# Initials and names, at most six words, no colon: what a list of staff or credits holds, and no sentence does.
SENTENCE: Final = re.compile(r"\.\s*$|[a-z]{3,}\.\s")


@dataclass(frozen=True)
class Counted:
    """Lines that are only counted: what they are, how many, and the stretch that they stand in."""

    about: str
    count: int
    span: Span


def glossary(reading: Reading, table: Table, *, title: str) -> list[Naming]:
    """One record a row: the left-hand term whole, as printed, and its expansion."""
    check_width(table)
    records: list[Naming] = []
    for row in table.rows:
        term, expansion = row.cells[0].text, row.cells[1].text
        records.append(
            Naming(
                id=slug(term),
                abbreviation=term,
                expansion=expansion,
                entity=_entity(reading, term, expansion),
                **reading.place(row.span, title, f"row {term}"),
            )
        )
    return records


def _entity(reading: Reading, term: str, expansion: str) -> str:
    key = names.organization(expansion) or names.organization(term)
    if key:
        return f"{names.kind_of_organization(key)}/{reading.use(names.kind_of_organization(key), key)}"
    treaty = names.instrument(expansion)
    return f"instrument/{reading.use('instrument', treaty)}" if treaty else ""


def announcement(lines: Sequence[Line]) -> str:
    """The sentences above the chart, which may explain its marks; "" if there are none."""
    return " ".join(line.text for line in lines if WINDOW.search(line.text) or "chart below" in line.text)


def notes(reading: Reading, lines: Sequence[Line]) -> list[Note]:
    """Reporting window, entry into force of an instrument (a footnote), and the day of the exchange rates."""
    records: list[Note] = []
    for line in lines:
        window, force, rates = WINDOW.search(line.text), IN_FORCE.match(line.text), RATES.search(line.text)
        if window:
            since, until = (iso_date(month) or "" for month in window.groups())
            span = _within(line, window.span())
            records.append(_note(reading, "reporting_window", span, "conventions chart", since=since, until=until))
        if force and iso_date(force["date"]):
            records.append(_in_force(reading, line, force))
        if rates:
            url = URL.search(line.text)
            day = iso_date(rates["date"]) or ""
            where = "note on currencies"
            records.append(_note(reading, "exchange_rates", line.span, where, since=day, url=url[1] if url else ""))
    return records


def _in_force(reading: Reading, line: Line, match: re.Match[str]) -> Note:
    key = names.instrument(match["what"])
    if key:
        reading.use("instrument", key)
    else:
        reading.unknown("instrument", match["what"], names.known("instruments").nearest(match["what"]), line.span.begin)
        key = reading.make(names.generated("instrument", match["what"]))
    since = iso_date(match["date"]) or ""
    where = "conventions chart, footnote"
    return _note(reading, "entry_into_force", line.span, where, instrument=key, since=since)


def counted(reading: Reading, lines: Sequence[Line], headings: dict[str, str]) -> list[Note]:
    """How many photo credits and members of staff are listed. Their names go no further."""
    records: list[Note] = []
    for about, key in (("photo_credits", "credits"), ("staff", "staff")):
        listed = [x for x in lines if headings[key] in x.heading.lower() and x.text.upper() != x.text]
        listed = [x for x in listed if key != "staff" or not SENTENCE.search(x.text)]
        if listed:
            span = Span(listed[0].span.begin, listed[-1].span.end)
            value = str(len(listed))
            records.append(_note(reading, about, span, f"{about.replace('_', ' ')}, list", value=value))
    return records


def _note(reading: Reading, about: str, span: Span, where: str, **given: str) -> Note:
    blank = {"instrument": "", "since": "", "until": "", "value": "", "url": ""}
    key = slug(f"{about} {given.get('instrument', '')}")
    return Note(id=key, about=about, **{**blank, **given}, **reading.place(span, where))


def _within(line: Line, part: tuple[int, int]) -> Span:
    return Span(line.span.begin + part[0], line.span.begin + part[1])
