"""Writes an edition as tables of tab-separated rows, with paragraphs marked inside the cells."""

import random
from collections.abc import Sequence

from tests.editions.model import Chart, Document, Frame, LinkPart, Missions, Row

CONVENTIONS = "RELEVANT INTERNATIONAL CONVENTIONS"
PEACEKEEPING = (
    "STOPPING HUMAN TRAFFICKING, SEXUAL EXPLOITATION, AND ABUSE BY INTERNATIONAL PEACEKEEPERS AND CIVILIAN PERSONNEL"
)
MULTILATERAL = "MULTILATERAL ORGANIZATIONS COMBATING TRAFFICKING IN PERSONS"
CAPTIONS = ("ORGANIZATIONS AND SELECTED LINKS OF INTEREST", "FRAMEWORK DOCUMENT RELEVANT TO TIP", "TIP FOCAL POINT")
STAFF = "THE STAFF OF THE OFFICE TO MONITOR AND COMBAT TRAFFICKING IN PERSONS IS:"


def write(
    rng: random.Random, chart: Chart | None, missions: Missions | None, rows: Sequence[Row], frame: Frame | None
) -> str:
    """The whole text; blank lines between its parts, LF or CR LF at the ends of its lines."""
    parts: list[str] = ["", ""]
    if chart:
        parts += write_chart(rng, chart)
    if missions:
        parts += [PEACEKEEPING, "", "Nothing in this table ever happened.", "", "\t".join(["", *missions.header])]
        parts += [*("\t".join([row.caption, *row.cells]) for row in missions.rows), ""]
    if rows:
        parts += [MULTILATERAL, "", *write_rows(rng, rows), ""]
    if frame:
        parts += write_frame(frame)
    return rng.choice(("\n", "\n", "\n", "\r\n")).join(parts)


def write_chart(rng: random.Random, chart: Chart) -> list[str]:
    paragraph = rng.random() < 0.1
    top = "\t".join([chart.corner, *(_cell(column.caption + column.footnote, paragraph) for column in chart.columns)])
    below = "\t".join([rng.choice(("", chart.corner)), *(column.below for column in chart.columns)])
    header = [top, below] if any(column.below for column in chart.columns) else [top]
    lines = [CONVENTIONS, "", chart.announcement, "", *header]
    for number, row in enumerate(chart.rows):
        if number in chart.breaks:
            lines += rng.choice(([], [""])) + rng.choice((header, header[:1]))
        lines.append(
            "\t".join([row.name + row.mark, *(_cell(cell.printed + cell.mark, paragraph) for cell in row.cells)])
        )
    return [*lines, "", *chart.footnotes, ""]


def _cell(printed: str, paragraph: bool) -> str:
    return f" <p>{printed} </p>" if paragraph else printed


def write_rows(rng: random.Random, rows: Sequence[Row]) -> list[str]:
    """The table over one or more pages; each page repeats the header, and may order its columns otherwise."""
    order = rng.sample(range(3), 3) if rng.random() < 0.4 else [0, 1, 2]
    lines = [_ordered(CAPTIONS, order)]
    for number, row in enumerate(rows):
        if number and rng.random() < 0.2:
            order = rng.sample(range(3), 3) if rng.random() < 0.2 else order
            lines += [*rng.choice(([], [""])), _ordered(CAPTIONS, order)]
        lines.append(_ordered(_row(rng, row), order))
    return lines


def _ordered(cells: Sequence[str], order: Sequence[int]) -> str:
    return "\t".join(cells[place] for place in order)


def _row(rng: random.Random, row: Row) -> tuple[str, str, str]:
    links = _paragraphs(rng, [_link_part(rng, part) for part in row.links])
    focals = _paragraphs(rng, [focal.text for focal in row.focals])
    return links, _documents(rng, row.documents), focals


def _paragraphs(rng: random.Random, texts: Sequence[str]) -> str:
    if len(texts) == 1 and rng.random() < 0.2:
        return texts[0]
    opening = "<p>" if rng.random() < 0.9 else '<p style="text-align: left;">'
    return " ".join(f"{opening}{text}</p>" for text in texts)


def _link_part(rng: random.Random, part: LinkPart) -> str:
    mark = "-" if part.label and len(part.urls) > 1 and rng.random() < 0.3 else ""
    urls = [f"<{url}>" if not mark and rng.random() < 0.05 else f"{mark}{url}" for url in part.urls]
    named = [f"{url} ({name})" if name else url for url, name in zip(urls, ("", *part.names), strict=False)]
    return " ".join(text for text in (f"{part.label}{part.colon}", *named, part.remark) if text)


def _documents(rng: random.Random, documents: Sequence[Document]) -> str:
    """Paragraphs; items of a list as paragraphs with a hyphen, or as a list."""
    if not documents:
        return rng.choice(("", "", "N/A"))
    found: list[str] = []
    items: list[str] = []
    for document in [*documents, None]:
        if document and document.item:
            items.append(f"-{document.text}")
            continue
        if items:
            found.append(_items(rng, items))
            items = []
        if document:
            found.append(f"<p>{_document(rng, document)}</p>")
    return " ".join(found)


def _items(rng: random.Random, items: Sequence[str]) -> str:
    return rng.choice((
        " ".join(f"<p>{item}</p>" for item in items),
        f'<ul style="list-style-type: none;"> {" ".join(items)} </ul>',
        f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>",
    ))  # fmt: skip


def _document(rng: random.Random, document: Document) -> str:
    return f"{document.text}{rng.choice((':', ''))} {document.url}" if document.url else document.text


def write_frame(frame: Frame) -> list[str]:
    lines = ["GLOSSARY OF ABBREVIATIONS", "", *(f"{term}\t{expansion}" for term, expansion in frame.glossary), ""]
    lines += [frame.rates, "", "PHOTO CREDITS", ""]
    for line in frame.credits:
        lines += [line, ""]
    return [*lines, "A CLOSING NOTE", "", "Whoever reads this has read a test text.", "", STAFF, "", *frame.staff]
