"""The coverage ledger of a source: every line is mapped or left out for a reason of the closed list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kg.mappings.reading import Reading
from kg.read.coverage import Ledger, Stretches, account, reason_of, section_of
from kg.read.tabbed import Document, Table, is_heading
from kg.read.text import Span
from kg.records import Coverage, Mention, Note, Section, Sentence, Statement

# Lines under these headings are left out; lines under any other heading that state nothing are narrative.
UNDER: Final = {"credits": "credit", "staff": "staff"}
COUNTED: Final = ("photo_credits", "staff")


def note_lines(reading: Reading, document: Document, headings: Mapping[str, str]) -> None:
    """Note why the headings, header rows and lines outside of tables are no facts, and where sections begin."""
    for line in document.lines:
        if is_heading(line.text):
            reading.apart.append((line.span, "heading"))
            reading.sections.append((line.span.begin, " ".join(line.text.split())))
        else:
            under = next((UNDER[key] for key in UNDER if headings[key] in line.heading.lower()), "essay")
            reading.apart.append((line.span, under))
    seen: set[tuple[str, ...]] = set()
    for table in document.tables:
        if headings["glossary"] not in table.heading.lower():
            _note_headers(reading, table, seen)


def _note_headers(reading: Reading, table: Table, seen: set[tuple[str, ...]]) -> None:
    """The first row of a table is its header (a glossary has none), and so is one that repeats it or has no name."""
    for number, row in enumerate(table.rows):
        cells = tuple(cell.text for cell in row.cells)
        if cells in seen:
            reading.apart.append((row.span, "repeated header"))
        elif number == 0 or not row.cells[0].text:
            reading.apart.append((row.span, "heading"))
        if number == 0:
            seen.add(cells)


def note_cells(reading: Reading, tables: Iterable[Table]) -> None:
    """A cell of several lines is mapped as a whole once something in it is recorded; a row's name, once its row is."""
    for table in tables:
        for row in table.rows:
            name, *others = row.cells
            reading.cells += [(name.span, row.span), *((cell.span, cell.span) for cell in others)]


def account_for(reading: Reading, statements: Sequence[Statement]) -> list[Coverage]:
    """The ledger as records. A section's boundaries and a count of people cover no line."""
    passages = [Span(s.begin, s.end) for s in statements if not _only_bounds(s)]
    passages += [cell for cell, where in reading.cells if any(where.begin <= p.begin < where.end for p in passages)]
    ledger = Ledger(passages, reading.apart, sorted(reading.sections))
    return [
        Coverage(
            id=f"lines-{stretch.first}-{stretch.last}",
            first=stretch.first,
            last=stretch.last,
            lines=stretch.lines,
            section=stretch.section,
            reason=stretch.reason,
        )
        for stretch in account(reading.text, ledger)
    ]


def account_for_sentences(
    reading: Reading, statements: Sequence[Statement], mentions: Sequence[Mention]
) -> list[Sentence]:
    """What accounts for each sentence of a paper: a statement, else a mention, else the reason of its first line."""
    stated = Stretches(Span(s.begin, s.end) for s in statements if not _only_bounds(s))
    named = Stretches(Span(mention.begin, mention.end) for mention in mentions)
    sections = sorted(reading.sections)
    found: list[Sentence] = []
    for span in reading.sentences:
        if stated.touch(span):
            reason = "statement"
        else:
            reason = "mention" if named.touch(span) else reason_of(reading.apart, span)
        section = section_of(sections, span.begin)
        found.append(
            Sentence(id=f"{span.begin}-{span.end}", section=section, begin=span.begin, end=span.end, reason=reason)
        )
    return found


def _only_bounds(statement: Statement) -> bool:
    return isinstance(statement, Section) or (isinstance(statement, Note) and statement.about in COUNTED)


def note_prose(
    reading: Reading, headings: Iterable[tuple[Span, str]], title: str, *, read: Iterable[Span] = ()
) -> None:
    """The same for a paper: in the stretches that people have read, what states nothing is narrative; the rest has not
    been read yet."""
    reading.apart.append((Span(0, len(reading.text)), "prose-not-yet-read"))
    reading.apart += [(span, "narrative") for span in read]
    reading.sections.append((0, title))
    for span, name in headings:
        reading.apart.append((span, "heading"))
        reading.sections.append((span.begin, name))
