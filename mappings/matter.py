"""What stands around the tables: glossary, reporting window, footnotes, currency note, photo credits, staff."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from kg.mappings import names
from kg.mappings.dates import iso_date
from kg.mappings.reading import Reading
from kg.mappings.titles import URL
from kg.read.tabbed import Line, Table
from kg.read.text import SourceError, Span
from kg.records import Naming, Note, slug

DAY: Final = r"[A-Z][a-z]+ (?:\d{1,2}, )?\d{4}"
WINDOW: Final = re.compile(rf"(?:between|from) ({DAY}) (?:and|to|through) ({DAY})")
FOOTNOTE: Final = re.compile(r"[*†‡§¶¹²³]+\s*(?=\S)")
IN_FORCE: Final = re.compile(r"(?P<what>.+?),? entered in ?to force (?:on |in )?(?P<date>.+?)\.?")
ENDED: Final = re.compile(r"denounce|denunciation|withdr[ae]w|terminat|ceased?\b", re.IGNORECASE)
# By whom (nobody, or one state) and, if it is told, when; every other way of saying it is refused.
_WHEN: Final = (
    r"(?:,? (?:on|in|since|from|as of|effective|effective (?:on|from|as of)|with effect (?:from|on|as of))"
    r" (?P<date>.+?))?"
)
DENOUNCED: Final = (
    re.compile(rf"(?:(?P<who>.+?) )?(?:has )?denounced(?: (?:the|this) [a-z]+)?{_WHEN}\.?", re.IGNORECASE),
    re.compile(rf"(?:(?P<who>.+?) )?(?:has )?withdr[ae]wn?(?: from (?:the|this) [a-z]+)?{_WHEN}\.?", re.IGNORECASE),
    re.compile(rf"(?:denunciation|withdrawal)(?: (?:by|of) (?P<who>.+?))?{_WHEN}\.?", re.IGNORECASE),
)
RATES: Final = re.compile(rf"currency exchange rates .+? on (?P<date>{DAY})")
# Initials and names, at most six words, no colon: what a list of staff holds, and no sentence does.
SENTENCE: Final = re.compile(r"(?<!Jr)(?<!Sr)\.\s*$|[a-z]{3,}\.\s|:")
PERSON_WORDS: Final = 6


@dataclass(frozen=True)
class Denunciation:
    """That a state has left a treaty: the date with the precision printed or "", the state's code if it is named."""

    date: str
    state: str
    line: Line


def glossary(reading: Reading, tables: Sequence[Table], *, title: str) -> list[Naming]:
    """One record a row: the left-hand term whole, as printed, and its expansion."""
    records: list[Naming] = []
    for row in (row for table in tables for row in table.rows):
        if len(row.cells) != 2 or not all(cell.text for cell in row.cells):
            raise SourceError("a row of the glossary is no pair of a term and what it stands for", row.span.begin)
        term, expansion = row.cells[0].text, row.cells[1].text
        records.append(
            Naming(
                id=names.made_key(term),
                abbreviation=term,
                expansion=expansion,
                entity=_entity(reading, term, expansion, row.span.begin),
                **reading.place(row.span, title, f"row {term}"),
            )
        )
    return _numbered(records)


def _entity(reading: Reading, term: str, expansion: str, at: int) -> str:
    key = names.organization(expansion)
    if key:
        return f"{names.kind_of_organization(key)}/{reading.use(names.kind_of_organization(key), key)}"
    treaty = names.instrument(expansion)
    if treaty is None and not reading.strict:
        reading.warn(f"unknown glossary term {term!r}: kept as printed", at)
    return f"instrument/{reading.use('instrument', treaty)}" if treaty else ""


def announcement(lines: Sequence[Line]) -> str:
    """The sentences above the chart, which may explain its marks; "" if there are none."""
    return " ".join(line.text for line in lines if WINDOW.search(line.text) or "chart below" in line.text)


def chart_notes(reading: Reading, table: Table, lines: Sequence[Line]) -> list[Note]:
    """What the captions of the chart and the lines around it state: its reporting window, and the entry into force of
    instruments, denunciations, and footnotes of which only the mark is understood."""
    records: list[Note] = []
    for cell in table.rows[0].cells[1:]:
        in_force = IN_FORCE.fullmatch(cell.text.rstrip(" *†‡§¶¹²³"))
        if in_force:
            records += _in_force(reading, in_force, cell.span, "conventions chart, caption")
    for line in lines:
        window, (mark, text) = WINDOW.search(line.text), _marked(line.text)
        if window:
            since, until = (iso_date(day) or "" for day in window.groups())
            url = URL.search(line.text)
            given = {"since": since, "until": until, "url": url[1] if url else ""}
            records.append(_note(reading, "reporting_window", line.span, "conventions chart", **given))
        if mark:
            records.append(_footnote(reading, line, mark, text))
    return _numbered(records)


def denunciations(lines: Sequence[Line]) -> dict[str, Denunciation]:
    """By mark, the footnotes that say that a state has left. Raises SourceError for one that says it in a way of its
    own, and for a mark that two footnotes explain."""
    found: dict[str, Denunciation] = {}
    for line in lines:
        mark, text = _marked(line.text)
        if not mark or not ENDED.search(text):
            continue
        start, match = _start(text), next((m for form in DENOUNCED if (m := form.fullmatch(text))), None)
        date = iso_date(match["date"]) if match and match["date"] else ""
        who = (match["who"] or "").removeprefix("The ").removeprefix("the ") if match else ""
        if match is None or date is None or (who and not names.is_state(who)):
            what = f"the footnote {start!r} ends what a cell states, in words that are not understood"
            raise SourceError(f"{what} (understood: STATE denounced the convention on DATE)", line.span.begin)
        if mark in found:
            raise SourceError(
                f"two footnotes have the mark {mark!r}, so the cell of each cannot be told", line.span.begin
            )
        found[mark] = Denunciation(date, names.state(who) if who else "", line)
    return found


def _marked(text: str) -> tuple[str, str]:
    """The mark of a footnote and what follows it; "" and the text if there is none."""
    mark = FOOTNOTE.match(text)
    return (mark[0].strip(), text[mark.end() :]) if mark else ("", text)


def _start(text: str) -> str:
    return " ".join(text.split()[:8])


def _footnote(reading: Reading, line: Line, mark: str, text: str) -> Note:
    """What a footnote of the chart says: since when an instrument is in force, that a state left, or only its mark."""
    where = "conventions chart, footnote"
    if ENDED.search(text):
        date = denunciations([line])[mark].date
        return _note(reading, "denunciation", line.span, where, since=date, mark=mark)
    match = IN_FORCE.fullmatch(text)
    found = _in_force(reading, match, line.span, where) if match else []
    if found:
        return replace(found[0], mark=mark)
    reading.doubt(f"the footnote {_start(text)!r} is not understood", line.span.begin)
    return _note(reading, "footnote", line.span, where, mark=mark)


def _in_force(reading: Reading, match: re.Match[str], span: Span, where: str) -> list[Note]:
    since, what = iso_date(match["date"]), match["what"]
    if since is None:
        return []
    key = names.instrument(what)
    if key:
        reading.use("instrument", key)
    else:
        reading.unknown("instrument", what, names.known("instruments").nearest(what), span.begin)
        key = reading.make(names.generated("instrument", what))
    return [_note(reading, "entry_into_force", span, where, instrument=key, since=since)]


def exchange_rates(reading: Reading, lines: Sequence[Line]) -> list[Note]:
    """The day of the exchange rates, and where they are published."""
    records: list[Note] = []
    for line in lines:
        rates, url = RATES.search(line.text), URL.search(line.text)
        if rates:
            day, link = iso_date(rates["date"]) or "", url[1] if url else ""
            records.append(_note(reading, "exchange_rates", line.span, "note on currencies", since=day, url=link))
    return _numbered(records)


def counted(reading: Reading, lines: Sequence[Line], headings: dict[str, str]) -> list[Note]:
    """How many lines of photo credits and members of staff are listed. Their names go no further."""
    records: list[Note] = []
    for about, key in (("photo_credits", "credits"), ("staff", "staff")):
        listed = [x for x in lines if headings[key] in x.heading.lower() and x.text.upper() != x.text]
        listed = [x for x in listed if key != "staff" or is_person(x.text)]
        if listed:
            span = Span(listed[0].span.begin, listed[-1].span.end)
            value = str(len(listed))
            records.append(_note(reading, about, span, f"{about.replace('_', ' ')}, list", value=value))
    return records


def is_person(line: str) -> bool:
    """Whether a line of a list of staff is a name, and no sentence."""
    return len(line.split()) <= PERSON_WORDS and not SENTENCE.search(line)


Named = TypeVar("Named", Naming, Note)


def _numbered(records: Sequence[Named]) -> list[Named]:
    """A second record of one id gets a number: a term may stand in a glossary twice."""
    seen: Counter[str] = Counter()
    found: list[Named] = []
    for record in records:
        seen[record.id] += 1
        again = seen[record.id] > 1
        found.append(replace(record, id=f"{record.id}-{seen[record.id]}") if again else record)
    return found


def _note(reading: Reading, about: str, span: Span, where: str, **given: str) -> Note:
    blank = {"instrument": "", "since": "", "until": "", "value": "", "url": "", "mark": ""}
    key = slug(f"{about} {given.get('instrument', '')}", limit=200)
    return Note(id=key, about=about, **{**blank, **given}, **reading.place(span, where))
