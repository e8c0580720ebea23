"""The table of multilateral organizations: links, framework documents and focal points, row by row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.mappings.row import BRACKET, DASHES, NOT_APPLICABLE, Row, belongs, find, opening, read_label
from kg.mappings.titles import URL, Title, documents, is_abbreviation, read_title, series
from kg.read import tabbed
from kg.read.tabbed import Cell, Table, check_width, paragraphs, together
from kg.read.text import SourceError, Span
from kg.records import FocalPoint, Framework, Link, OrganizationRow, OtherCell, slug

COLUMNS: Final = ("links", "framework", "focal_point")
Listed = OrganizationRow | Link | Framework | FocalPoint | OtherCell


@dataclass(frozen=True)
class Columns:
    """Where the three columns stand, as their captions say, and the other columns by their place."""

    links: int
    framework: int
    focal_point: int
    others: Mapping[int, str] = field(default_factory=dict)


def columns(header: tabbed.Row, captions: dict[str, str]) -> Columns | None:
    """The columns that the captions name, in whatever order; None if this is no header of such a table."""
    found: dict[str, list[int]] = {column: [] for column in COLUMNS}
    for index, cell in enumerate(header.cells):
        for column in COLUMNS:
            if captions[column] in " ".join(cell.text.lower().split()):
                found[column].append(index)
    if any(len(places) != 1 for places in found.values()):
        return None
    known = {column: places[0] for column, places in found.items()}
    others = {index: cell.text for index, cell in enumerate(header.cells) if index not in known.values()}
    return Columns(**known, others=others)


def read_table(reading: Reading, table: Table, *, captions: dict[str, str], title: str) -> list[Listed]:
    """All that the rows state. Raises SourceError for a row of another width or of an unknown organization."""
    check_width(table)
    order = columns(table.rows[0], captions)
    if order is None:
        raise SourceError("the header names no links, framework document and focal point", table.rows[0].span.begin)
    _only(reading, table.rows[0], order)
    records: list[Listed] = []
    for row in table.rows[1:]:
        repeated = columns(row, captions)
        if repeated is None:
            records += _read_row(reading, row, order, title)
        order = repeated or order
    return records


def _only(reading: Reading, header: tabbed.Row, order: Columns) -> None:
    for index, cell in enumerate(header.cells):
        if index in order.others:
            reading.doubt(f"{cell.text!r} is no known column of the multilateral table", cell.span.begin)


def _read_row(reading: Reading, row: tabbed.Row, order: Columns, title: str) -> list[Listed]:
    parts = paragraphs(row.cells[order.links])
    head = read_label(parts[0].text) if parts else ""
    if not head:
        raise SourceError("a row of the multilateral table names no organization", row.span.begin)
    key = opening(reading, head, parts[0].span.begin)
    state = Row(reading, key, key, head, title)
    links = _links(state, parts)
    shared = tuple(body for body in state.bodies if not belongs(body, key))
    first = OrganizationRow(
        id=key,
        organization=key,
        shared_with=shared,
        bodies=tuple(body for body in state.bodies if body not in shared),
        name=head,
        **reading.place(row.span, title, f"row {head}"),
    )
    framework = _frameworks(state, row.cells[order.framework])
    focal_points = _focal_points(state, row.cells[order.focal_point], row)
    return [first, *links, *framework, *focal_points, *_others(state, row, order.others)]


def _others(row: Row, printed: tabbed.Row, others: Mapping[int, str]) -> Iterator[OtherCell]:
    """What stands in columns that nobody knows: the cells as printed, by their caption."""
    for index, caption in others.items():
        cell = printed.cells[index]
        if cell.text:
            yield OtherCell(
                id=row.number(slug(f"{row.key} {caption}")),
                row=row.key,
                caption=caption,
                printed=" ".join(cell.text.split()),
                **row.reading.place(cell.span, *row.where(caption)),
            )


def _links(row: Row, parts: Sequence[Cell]) -> list[Link]:
    """The links of the first column, each under the organization or body that it stands under."""
    links: list[Link] = []
    owner, name = row.organization, row.name
    for part in parts:
        label = read_label(part.text)
        body = row.body(label)
        owner, name = (body, label) if body else (owner, name)
        found = list(URL.finditer(part.text))
        for number, match in enumerate(found):
            until = found[number + 1].start() if number + 1 < len(found) else len(part.text)
            after = part.text[match.end() : until].strip().rstrip("-•").strip()
            bracket = BRACKET.fullmatch(after)
            # A bracket after a further link of the paragraph names that link; after the first one it is a remark on it.
            own = bracket[1] if bracket and number else label
            last = number + 1 == len(found)
            remark = bracket[1] if bracket and not number else after if last and not bracket else ""
            url = part.cut(*match.span(1))
            links.append(_link(row, owner, own, remark, url, own or name))
            if after and not bracket and not last:
                label = read_label(after)
                body = row.body(label)
                owner, name = (body, label) if body else (owner, name)
    return links


def _link(row: Row, owner: str, label: str, remark: str, url: Cell, under: str) -> Link:
    return Link(
        id=row.number(slug(f"{row.key} {url.text.split('://')[-1].removeprefix('www.')}")),
        row=row.key,
        organization=owner,
        label=label,
        url=url.text,
        remark=remark,
        **row.reading.place(url.span, *row.where("links"), f"under {under}"),
    )


def _frameworks(row: Row, cell: Cell) -> list[Framework]:
    records: list[Framework] = []
    heading, of_list = "", None
    parts = [part for part in _joined(row, paragraphs(cell)) if not _is_nothing(part[0].text)]
    for number, (part, joined) in enumerate(parts):
        if part.text.rstrip().endswith(":") and not URL.search(part.text) and number + 1 < len(parts):
            heading, of_list = part.text.strip(" :"), None
            continue
        # A heading is that of the list below it, or of one paragraph: what follows them no longer stands under it.
        is_item = part.text.startswith(("-", "•"))
        if of_list is not None and not (of_list and is_item):
            heading = ""
        of_list = is_item
        for title, span in [(read_title(part.text), part.span)] if joined else _titles(part):
            records.append(_framework(row, title, span, heading))
    return records


def _is_nothing(printed: str) -> bool:
    return printed in DASHES or printed.lower().rstrip(" .") in NOT_APPLICABLE


def _joined(row: Row, parts: Sequence[Cell]) -> list[tuple[Cell, bool]]:
    """Paragraphs. One that only repeats the row's own name completes the title before it: joined, as one document;
    one that is only a link is that of the document before it."""
    found: list[tuple[Cell, bool]] = []
    for part in parts:
        repeats = find(part.text) == row.organization
        if found and (repeats or URL.fullmatch(part.text)):
            before, joined = found.pop()
            found.append((together([before, part]), joined or repeats))
        else:
            found.append((part, False))
    return found


def _titles(part: Cell) -> list[tuple[Title, Span]]:
    several = series(part.text)
    if several:
        return [(title, part.span) for title in several]
    pieces = [part.cut(*piece) for piece in documents(part.text)]
    return [(read_title(piece.text), piece.span) for piece in pieces]


def _framework(row: Row, title: Title, span: Span, heading: str) -> Framework:
    name = title.name or title.url
    if not title.name:
        row.reading.doubt(f"a framework document of {row.name!r} has no title", span.begin)
    # Title first: a protocol may be printed with the symbol of the resolution that it was adopted by.
    number = f"{name} {title.symbol}" if title.symbol.isdigit() or title.symbol[:6] == "S/RES/" else name
    key = names.instrument(number) or names.instrument(name)
    key = key or (names.instrument(title.symbol) if title.symbol else None)
    if key:
        row.reading.use("instrument", key)
    else:
        key = row.reading.make(names.generated("instrument", number, within=row.key))
    return Framework(
        id=row.number(slug(f"{row.key} {number}")),
        row=row.key,
        organization=row.organization,
        instrument=key,
        title=name,
        years=title.years,
        symbol=title.symbol,
        short=title.short,
        url=title.url,
        heading=heading,
        remark=title.remark,
        **row.reading.place(span, *row.where("framework document")),
    )


def _focal_points(row: Row, cell: Cell, whole: tabbed.Row) -> list[FocalPoint]:
    parts = paragraphs(cell)
    if not parts:
        return [_focal_point(row, "", "", "empty", whole.span)]
    return [_listed(row, part) for part in parts]


def _listed(row: Row, part: Cell) -> FocalPoint:
    if part.text in DASHES:
        row.reading.warn(f"row {row.name!r}: a dash is neither a focal point nor N/A; read as empty", part.span.begin)
        return _focal_point(row, "", "", "empty", part.span)
    if _is_nothing(part.text):
        return _focal_point(row, "", "", "not_applicable", part.span)
    before, colon, after = part.text.partition(": ")
    if colon and after.strip():
        named = part.cut(len(before) + len(colon), len(part.text))
        return _focal_point(row, named.text, before.strip(), "named", named.span)
    return _focal_point(row, part.text, "", "named", part.span)


def _focal_point(row: Row, printed: str, heading: str, status: str, span: Span) -> FocalPoint:
    text = " ".join(re.sub(r"^[-•]\s*", "", URL.sub(" ", printed)).split()).rstrip(" :")
    bracket = re.search(r"\s*\(([^()]+)\)$", text)
    short = bracket[1] if bracket and is_abbreviation(bracket[1]) else ""
    name = text[: bracket.start()] if bracket and short else text
    return FocalPoint(
        id=row.number(slug(f"{row.key} {name or status}")),
        row=row.key,
        organization=row.organization,
        body=_body(row, name, short, span.begin) if name else "",
        name=name,
        heading=heading,
        status=status,
        **row.reading.place(span, *row.where("TIP focal point")),
    )


def _body(row: Row, name: str, short: str, at: int) -> str:
    """The body that a focal point's name means, as <kind>/<id>; an unknown one is a body of the row's organization."""
    key = names.organization(name, row=row.key) or _suspected(row, name)
    if key:
        return f"{names.kind_of_organization(key)}/{row.reading.use(names.kind_of_organization(key), key)}"
    row.reading.unknown("focal point", name, names.known("organizations").nearest(name), at)
    made = names.generated("body", name, abbreviation=short, part_of=row.organization, within=row.key)
    return f"body/{row.reading.make(made)}"


def _suspected(row: Row, printed: str) -> str | None:
    """The body of another row that the edition's TOML holds this printed one to be."""
    case = row.reading.settings.get("suspected_rows", {}).get(row.key)
    return str(case["body"]) if case and case["printed"] == printed else None
