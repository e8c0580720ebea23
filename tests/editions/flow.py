"""Writes an edition as the text that a PDF gives: columns lost, cells and links over several lines, page furniture."""

import random
from collections.abc import Sequence

from tests.editions.model import Chart, Document, Frame, LinkPart, Missions, Row
from tests.editions.tabbed import CAPTIONS, CONVENTIONS, MULTILATERAL, PEACEKEEPING, STAFF
from tests.editions.wrapping import paragraphs, row, wrap

CAPTION, NAME, CELL, PAGE = 14, 17, 13, 120
MISSIONS = (18, 48, 28, 30, 30, 30)
COLUMNS = (60, 50, 19)
LINE_SEPARATOR, LOST = "\u2028", "\ufffd"


def write(
    rng: random.Random, chart: Chart | None, missions: Missions | None, rows: Sequence[Row], frame: Frame | None
) -> str:
    """The whole text. Titles of sections come after their tables; the glossary has none."""
    lines: list[str] = []
    if chart:
        lines += write_chart(chart)
    if missions:
        lines += [*write_missions(missions), *_title(PEACEKEEPING), "Nothing in this table ever happened.", ""]
    if rows:
        lines += write_rows(rng, rows)
    if frame:
        lines += write_frame(rng, frame)
    return "\n".join(lines)


def _title(text: str) -> list[str]:
    return wrap(text, 44)


def write_chart(chart: Chart) -> list[str]:
    """Captions in blocks, rows, and only then the section's title and the sentence on the chart."""
    below = [line for text in chart.footnotes for line in (*wrap(text, PAGE), "")]
    return [*write_grid(chart), "", *below, CONVENTIONS, *wrap(chart.announcement, PAGE)]


def write_grid(chart: Chart) -> list[str]:
    """The chart without the lines after it; a row that has lost its name begins with its cells."""
    lines: list[str] = []
    for column in chart.columns:
        lines += [*wrap(column.caption, CAPTION), ""]
    lines[0] = f" {lines[0]}"
    for state in chart.rows:
        name = wrap(state.name, NAME) if state.name else []
        lines += row([name, *(_chart_cell(cell.printed + cell.mark) for cell in state.cells)])
    return lines


def _chart_cell(printed: str) -> list[str]:
    """A cell with a note stands on lines of its own; its last line comes after a blank one."""
    if not printed:
        return []
    lines = wrap(" ".join(printed.split()), CELL)
    return [*lines[:-1], "", lines[-1]] if len(lines) > 2 else lines


def write_missions(missions: Missions) -> list[str]:
    lines = [" " + " ".join(missions.header)]
    for mission in missions.rows:
        cells = [mission.caption, *mission.cells]
        lines += row(wrap(cell, width) if cell else [] for cell, width in zip(cells, MISSIONS, strict=False))
    return lines


def write_rows(rng: random.Random, rows: Sequence[Row]) -> list[str]:
    """The rows between page furniture; the title of the section and a stray link stand where a page ends."""
    lines = ["", *_furniture(rng), " ".join(CAPTIONS), ""]
    title = rng.randrange(len(rows))
    for number, table_row in enumerate(rows):
        written = list(row(_cells(rng, table_row)))
        lines += written
        if number == title:
            lines += [*_title(MULTILATERAL), "", *_stray(rng, table_row)]
            lines += [" "] if rng.random() < 0.5 else []
    return lines


def _furniture(rng: random.Random) -> list[str]:
    """A side tab whose letters came out in groups, and the number of the page."""
    if rng.random() < 0.4:
        return []
    return [
        "",
        str(rng.randint(300, 600)),
        "",
        "O",
        "RGAN",
        "",
        "IZATIO",
        "N",
        "",
        "S O",
        "F TEA AN",
        "D LAM",
        "PS",
        "",
    ]


def _stray(rng: random.Random, table_row: Row) -> list[str]:
    urls = [url for part in table_row.links for url in part.urls]
    return [rng.choice(urls)] if urls and rng.random() < 0.5 else []


def _cells(rng: random.Random, table_row: Row) -> list[list[str]]:
    links = [_link_part(part) for part in table_row.links]
    documents = [_document(rng, document) for document in table_row.documents]
    focals = [focal.text for focal in table_row.focals]
    columns = zip((links, documents, focals), COLUMNS, strict=True)
    return [paragraphs(texts, width) for texts, width in columns]


def _link_part(part: LinkPart) -> str:
    """The label, and each link on a new line."""
    named = [f"{url} ({name})" if name else url for url, name in zip(part.urls, ("", *part.names), strict=False)]
    if part.remark:
        named[-1] += f" {part.remark}"
    label = [f"{part.label}{part.colon}"] if part.label else []
    return "\n".join([*label, *named])


def _document(rng: random.Random, document: Document) -> str:
    text = document.text
    if rng.random() < 0.05:
        text = text.replace(" (", f"{LINE_SEPARATOR}(", 1)
    return f"{text}{rng.choice((':', ''))}{rng.choice((' ', chr(10)))}{document.url}" if document.url else text


def write_frame(rng: random.Random, frame: Frame) -> list[str]:
    lines = wrap(frame.rates.replace("NOTES:", f" NOTES:  {LOST}").replace("<", "").replace(">", ""), 95)
    lines.append("")
    for term, expansion in frame.glossary:
        wrapped = wrap(expansion, 80)
        if len(wrapped) > 1 and rng.random() < 0.7:
            wrapped[0] = f"{LOST}{wrapped[0]}"
        lines += row([wrap(term, 24), wrapped])
    essay = "Whoever reads this has read a test text, in which there are no people and no places at all."
    return [*lines, f" {STAFF}", "", *wrap(essay, 60), ""]
