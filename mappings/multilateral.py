"""The table of multilateral organizations: links, framework documents and focal points, row by row."""

import re
from dataclasses import dataclass
from typing import Final

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.mappings.titles import URL, Title, documents, read_title, series
from kg.read.tabbed import Cell, Row, Table, check_width, paragraphs
from kg.read.text import SourceError, Span
from kg.records import FocalPoint, Framework, Link, OrganizationRow, slug

ABBREVIATION: Final = re.compile(r"\s*\(([^()]+)\)")
NONE: Final = {"n/a", "na", "n.a.", "not applicable"}
Listed = OrganizationRow | Link | Framework | FocalPoint


@dataclass(frozen=True)
class Columns:
    """Where the three columns stand, as their captions say."""

    links: int
    framework: int
    focal_point: int


@dataclass
class _Row:
    """A row while it is read: its key, the organization it opens with, and what it is called in `where`."""

    reading: Reading
    key: str
    organization: str
    name: str
    title: str
    counts: dict[str, int]

    def number(self, base: str) -> str:
        self.counts[base] = self.counts.get(base, 0) + 1
        return base if self.counts[base] == 1 else f"{base}-{self.counts[base]}"

    def where(self, column: str) -> tuple[str, str, str]:
        return self.title, f"row {self.name}", f"column {column}"


def columns(header: Row, captions: dict[str, str]) -> Columns | None:
    """The columns that the captions name, in whatever order; None if this is no header of such a table."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        for column in ("links", "framework", "focal_point"):
            if captions[column] in " ".join(cell.text.lower().split()):
                found[column] = index
    return Columns(**found) if len(found) == 3 else None


def read_table(reading: Reading, table: Table, *, captions: dict[str, str], title: str) -> list[Listed]:
    """All that the rows state. Raises SourceError for a row of another width or of an unknown organization."""
    check_width(table)
    order = columns(table.rows[0], captions)
    if order is None:
        raise SourceError("the header names no links, framework document and focal point", table.rows[0].span.begin)
    records: list[Listed] = []
    for row in table.rows[1:]:
        if columns(row, captions):
            continue
        records += _read_row(reading, row, order, title)
    return records


def _read_row(reading: Reading, row: Row, order: Columns, title: str) -> list[Listed]:
    parts = paragraphs(row.cells[order.links])
    if not parts:
        raise SourceError("a row of the multilateral table names no organization", row.span.begin)
    head = _label(parts[0].text)
    key = _organization(reading, head, parts[0].span.begin)
    state = _Row(reading, key, key, head, title, {})
    links, bodies = _links(state, parts)
    shared = tuple(body for body in bodies if not belongs(body, key))
    opening = OrganizationRow(
        id=key,
        organization=key,
        shared_with=shared,
        bodies=tuple(body for body in bodies if body not in shared),
        name=head,
        **reading.place(row.span, title, f"row {head}"),
    )
    framework = _frameworks(state, row.cells[order.framework])
    return [opening, *links, *framework, *_focal_points(state, row.cells[order.focal_point], row)]


def _label(paragraph: str) -> str:
    """What stands before the first link, without list mark and colon."""
    link = URL.search(paragraph)
    label = paragraph[: link.start()] if link else paragraph
    return label.strip().rstrip("-").strip().lstrip("-").rstrip(":").strip()


def _find(label: str) -> str | None:
    """The organization that a label names: as it stands, without its brackets, or by what stands in them."""
    bare = ABBREVIATION.sub("", label).strip()
    found = names.organization(label) or names.organization(bare)
    if found or not ABBREVIATION.search(label):
        return found
    inside = [names.organization(part) for part in ABBREVIATION.findall(label)]
    return next((key for key in inside if key and _same_words(bare, key)), None)


def _same_words(bare: str, key: str) -> bool:
    """Whether a spelled-out name and the organization of its abbreviation share most of their words."""
    label = names.table("organizations")[key]["label"]
    mine, theirs = set(slug(bare).split("-")), set(slug(label).split("-"))
    return 2 * len(mine & theirs) > len(mine | theirs)


def _organization(reading: Reading, label: str, at: int) -> str:
    key = _find(label)
    if key:
        return reading.use(names.kind_of_organization(key), key)
    bare = ABBREVIATION.sub("", label).strip() or label
    reading.unknown("organization", label, names.known("organizations").nearest(bare), at)
    short = ABBREVIATION.search(label)
    return reading.make(names.generated("organization", bare, abbreviation=short[1] if short else ""))


def belongs(body: str, key: str) -> bool:
    """Whether a body is part of the row's organization, however far up."""
    while body:
        if body == key:
            return True
        body = names.table("organizations").get(body, {}).get("part_of", "")
    return False


def _links(row: _Row, parts: list[Cell]) -> tuple[list[Link], list[str]]:
    """The links of the first column under the body that they stand under, and the bodies in order."""
    links: list[Link] = []
    bodies: list[str] = []
    owner = row.organization
    for part in parts:
        label = _label(part.text)
        body = _find(label) if label else None
        if body and body != row.organization:
            row.reading.use(names.kind_of_organization(body), body)
            bodies += [] if body in bodies else [body]
        owner = body or owner
        links += _paragraph_links(row, part, owner, label)
    return links, bodies


def _paragraph_links(row: _Row, part: Cell, owner: str, label: str) -> list[Link]:
    found = list(URL.finditer(part.text))
    links: list[Link] = []
    current = label
    for number, match in enumerate(found):
        until = found[number + 1].start() if number + 1 < len(found) else len(part.text)
        after = part.text[match.end() : until].strip().rstrip("-").strip()
        bracket = re.fullmatch(r"\(([^()]+)\)", after)
        # A bracket after a further link of the paragraph names that link; after the first one it is a remark on it.
        named = bracket[1] if bracket and number else ""
        own = named or current
        current = current if bracket or not after else after.rstrip(":").strip()
        span = Span(part.span.begin + match.start(1), part.span.begin + match.end(1))
        links.append(
            Link(
                id=row.number(slug(f"{row.key} {match[1].split('://')[-1].removeprefix('www.')}")),
                row=row.key,
                organization=owner,
                label=own,
                url=match[1],
                remark=bracket[1] if bracket and not named else "",
                **row.reading.place(span, *row.where("links"), f"under {label or owner}"),
            )
        )
    return links


def _frameworks(row: _Row, cell: Cell) -> list[Framework]:
    records: list[Framework] = []
    heading = ""
    parts = _joined(row, paragraphs(cell))
    for number, (part, joined) in enumerate(parts):
        if part.text.rstrip().endswith(":") and not URL.search(part.text) and number + 1 < len(parts):
            heading = part.text.strip().rstrip(":")
            continue
        for title, span in [(read_title(part.text), part.span)] if joined else _titles(part):
            records.append(_framework(row, title, span, heading))
    return records


def _joined(row: _Row, parts: list[Cell]) -> list[tuple[Cell, bool]]:
    """Paragraphs; one that only repeats the row's own name completes the title before it: joined, as one document."""
    found: list[tuple[Cell, bool]] = []
    for part in parts:
        if found and _find(part.text) == row.organization:
            before, _ = found.pop()
            whole = Cell(f"{before.text} {part.text}", Span(before.span.begin, part.span.end))
            found.append((whole, True))
        else:
            found.append((part, False))
    return found


def _titles(part: Cell) -> list[tuple[Title, Span]]:
    several = series(part.text)
    if several:
        return [(title, part.span) for title in several]
    at = part.span.begin
    pieces = documents(part.text)
    return [(read_title(part.text[p.begin : p.end]), Span(at + p.begin, at + p.end)) for p in pieces]


def _framework(row: _Row, title: Title, span: Span, heading: str) -> Framework:
    # Title first: a protocol may be printed with the symbol of the resolution that it was adopted by.
    number = f"{title.name} {title.symbol}" if title.symbol.isdigit() or title.symbol[:6] == "S/RES/" else title.name
    key = names.instrument(number) or names.instrument(title.name)
    key = key or (names.instrument(title.symbol) if title.symbol else None)
    if key:
        row.reading.use("instrument", key)
    else:
        key = row.reading.make(names.generated("instrument", number))
    return Framework(
        id=row.number(slug(f"{row.key} {number}")),
        row=row.key,
        organization=row.organization,
        instrument=key,
        title=title.name,
        years=title.years,
        symbol=title.symbol,
        short=title.short,
        url=title.url,
        heading=heading,
        remark=title.remark,
        **row.reading.place(span, *row.where("framework document")),
    )


def _focal_points(row: _Row, cell: Cell, whole: Row) -> list[FocalPoint]:
    parts = paragraphs(cell)
    if not parts:
        return [_focal_point(row, "", "", "empty", whole.span)]
    records: list[FocalPoint] = []
    for part in parts:
        text, heading = part.text, ""
        if text.lower().strip(" .") in NONE:
            records.append(_focal_point(row, "", "", "not_applicable", part.span))
            continue
        before, colon, after = text.partition(": ")
        if colon and after.strip():
            text, heading = after.strip(), before.strip()
        begin = part.span.end - len(text)
        records.append(_focal_point(row, text, heading, "named", Span(begin, part.span.end)))
    return records


def _focal_point(row: _Row, printed: str, heading: str, status: str, span: Span) -> FocalPoint:
    bare = re.sub(r"\s*\([^()]+\)$", "", printed).strip()
    body = ""
    if bare:
        key = names.organization(bare, row=row.key) or names.organization(printed) or _suspected(row, bare)
        if key:
            body = f"{names.kind_of_organization(key)}/{row.reading.use(names.kind_of_organization(key), key)}"
        else:
            short = re.search(r"\(([^()]+)\)$", printed)
            made = names.generated("body", bare, abbreviation=short[1] if short else "", part_of=row.organization)
            body = f"body/{row.reading.make(made)}"
    return FocalPoint(
        id=row.number(slug(f"{row.key} {bare or status}")),
        row=row.key,
        organization=row.organization,
        body=body,
        name=bare,
        heading=heading,
        status=status,
        **row.reading.place(span, *row.where("TIP focal point")),
    )


def _suspected(row: _Row, printed: str) -> str | None:
    """The body of another row that the edition's TOML holds this printed one to be."""
    case = row.reading.settings.get("suspected_rows", {}).get(row.key)
    return str(case["body"]) if case and case["printed"] == printed else None
