"""The ICAT paper on the mandates of its members: sections, members, footnotes and links are read by code, the rest of
its prose by people (curated tables)."""

import importlib.resources
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kg.mappings import curated, ledger, names
from kg.mappings.curated import Part
from kg.mappings.dates import iso_date
from kg.mappings.reading import Reading
from kg.read import prose
from kg.read.prose import Prose
from kg.read.text import SourceError, Span
from kg.records import Curated, Footnote, Link, Membership, Section, Statement

INTRODUCTION: Final = "intro"
CAPTION: Final = re.compile(r"As of (?P<date>[A-Z][a-z]+ \d{4}), \w+ is made up of the following organizations:")
ITEM: Final = re.compile(r"(?P<name>.+?)(?: \((?P<short>[^()]+)\))?(?=[;.,]?(?: and)?$)")
SHORT: Final = re.compile(r"\(([^()]+)\)$")
# S/2016/766, A/RES/61/180, E/2002/68/Add.1; and a resolution that has its year in brackets: 2388 (2017).
SYMBOL: Final = re.compile(r"(?<![\w/.])(?:[A-Z](?:/[A-Z][A-Z.]*)*(?:/\d+)+(?:/Add\.\d+)?|\d{3,4} \((?:19|20)\d\d\))")


def read(reading: Reading) -> list[Statement]:
    """All statements of one paper. Raises SourceError if the paper is not as its settings say, CuratedError for rows
    of its curated tables that do not hold."""
    settings = reading.settings
    paper = prose.read(reading.text, [settings["introduction"], *settings["sections"]])
    stretches = parts(reading, paper)
    reading.sentences += sorted(sentence for flow in paper.sentences for sentence in flow)
    reading.parts.update((part.key, part.span) for part in stretches)
    statements: list[Statement] = [
        *_sections(reading, paper, stretches),
        *_members(reading, paper, stretches),
        *_footnotes(reading, paper, stretches),
        *_links(reading, paper, stretches),
    ]
    headings = [(_heading(reading.text, section), section.heading) for section in paper.sections]
    tables = importlib.resources.files("kg.mappings") / "curated" / reading.source
    if tables.is_dir():
        statements += curated.read(reading, paper, stretches, tables, others=statements)
    told = {statement.section for statement in statements if isinstance(statement, Curated)}
    read_by_people = [part.span for part in stretches if part.key in told]
    ledger.note_prose(reading, headings, settings["introduction"], read=read_by_people)
    return statements


def _heading(text: str, section: prose.Section) -> Span:
    """Where a section's heading itself stands, line breaks in it or not."""
    words = re.compile(r"\s*".join(re.escape(c) for c in section.heading if not c.isspace()))
    match = words.search(text, section.span.begin, section.span.end)
    return Span(*match.span()) if match else Span(section.span.begin, section.span.begin + 1)


def parts(reading: Reading, paper: Prose) -> list[Part]:
    """The introduction, which speaks of the group, and the sections, each of which speaks of a member."""
    settings = reading.settings
    introduction, *sections = paper.sections
    found = [Part(INTRODUCTION, settings["group"], "introduction", introduction.span)]
    for section in sections:
        key = settings["sections"][section.heading]
        short = SHORT.search(section.heading)
        title = short[1] if short else section.heading.removeprefix("The ")
        found.append(Part(key, key, f"section {title}", section.span))
    for part in found:
        reading.use(names.kind_of_organization(part.organization), part.organization)
    return found


def _sections(reading: Reading, paper: Prose, parts: Sequence[Part]) -> Iterator[Section]:
    for part, section in zip(parts[1:], paper.sections[1:], strict=True):
        place = reading.place(part.span, part.title, f"from page {paper.page(part.span.begin)} on")
        yield Section(id=part.key, heading=section.heading, organization=part.organization, **place)


def _members(reading: Reading, paper: Prose, parts: Sequence[Part]) -> Iterator[Membership]:
    """The list of members. Raises SourceError unless each has a section or is named in the footnote about those."""
    body = paper.flows[0]
    caption = CAPTION.search(body.value)
    date = iso_date(caption["date"]) if caption else None
    if caption is None or date is None:
        raise SourceError("no list of members (As of MONTH YEAR, ... is made up of the following organizations:)", 0)
    for item in paper.items(body.offsets[caption.end() - 1]):
        match = ITEM.match(body.value, item.begin, item.end)
        span = body.span(*match.span()) if match else body.span(item.begin, item.end)
        if match is None:
            raise SourceError("this item of the list names no member", span.begin)
        key = _organization(reading, match["name"], match["short"] or "", span.begin)
        yield Membership(
            id=key,
            group=reading.settings["group"],
            organization=key,
            name=match["name"],
            abbreviation=match["short"] or "",
            as_of=date,
            has_section="yes" if _has_section(reading, paper, parts, key, match[0], span) else "no",
            **reading.place(span, "introduction", f"page {paper.page(span.begin)}", f"search for: {match['name']}"),
        )


def _organization(reading: Reading, name: str, short: str, at: int) -> str:
    key = names.organization(name) or names.organization(short)
    if key:
        return reading.use(names.kind_of_organization(key), key)
    reading.unknown("organization", name, names.known("organizations").nearest(name), at)
    return reading.make(names.generated("organization", name, abbreviation=short))


def _has_section(reading: Reading, paper: Prose, parts: Sequence[Part], key: str, printed: str, span: Span) -> bool:
    told = [n for n, note in enumerate(paper.footnotes, 1) if note.number == reading.settings["without_section"]]
    missing = any(printed in paper.flows[index].value for index in told)
    has = any(part.organization == key for part in parts[1:])
    if has == missing:
        state = "a section" if has else "no section"
        raise SourceError(f"{printed!r} has {state}; the footnote on members without one disagrees", span.begin)
    return has


def _footnotes(reading: Reading, paper: Prose, parts: Sequence[Part]) -> Iterator[Footnote]:
    for note, running in zip(paper.footnotes, paper.flows[1:], strict=True):
        where = _part(parts, note.span).title, f"page {note.page}", f"footnote {note.number}"
        symbols = tuple(match[0] for match in SYMBOL.finditer(running.value))
        number = str(note.number)
        yield Footnote(id=number, number=number, symbols=symbols, **reading.place(note.span, *where))


def _links(reading: Reading, paper: Prose, parts: Sequence[Part]) -> Iterator[Link]:
    counted: Counter[str] = Counter()
    for url in prose.urls(paper):
        part = _part(parts, url.span)
        counted[part.key] += 1
        if url.line.note:
            how = f"footnote {url.line.note}"
        else:
            how = f"link to {url.value}" if url.line.role == "link" else f"search for: {url.value}"
        yield Link(
            id=f"{part.key}-{counted[part.key]}",
            row="",
            organization=part.organization,
            label="",
            url=url.value,
            remark="",
            **reading.place(url.span, part.title, f"page {url.line.page}", how),
        )


def _part(parts: Sequence[Part], span: Span) -> Part:
    """The part that the span stands in; what stands above the first heading counts to the introduction."""
    return [part for part in parts if part.span.begin <= span.begin or part is parts[0]][-1]
