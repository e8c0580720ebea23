"""The Trafficking in Persons Report, any edition in either layout: tables known by their captions."""

from collections.abc import Iterable, Sequence
from typing import Any

from kg.mappings import flows, ledger, matter, multilateral, names, peacekeeping
from kg.mappings.chart import read_chart
from kg.mappings.reading import Reading
from kg.read import pdfflow, tabbed
from kg.read.tabbed import Line, Table
from kg.read.text import SourceError, line_number
from kg.records import Finding, FocalPoint, Framework, Link, OrganizationRow, Statement


def read(reading: Reading) -> list[Statement]:
    """All statements of one edition. Raises SourceError for a table, row, cell or name that is not understood."""
    series = names.settings("tip")
    tables, lines = _tables(reading, series)
    titles = series["tables"]
    records: list[Statement] = []
    for table in _one(tables, "conventions", titles):
        around = [line for line in lines if line.heading == table.heading]
        _whole_states(around)
        announced = matter.announcement(around)
        ended = matter.denunciations(around)
        records += read_chart(reading, table, modes=series["modes"], announced=announced, ended=ended)
        records += matter.chart_notes(reading, table, around)
    for table in _one(tables, "peacekeeping", titles):
        rows = series["peacekeeping"]
        records += peacekeeping.read_table(reading, table, rows=rows, title=titles["peacekeeping"])
    for table in tables.get("multilateral", []):
        columns = series["columns"]
        records += multilateral.read_table(reading, table, captions=columns, title=titles["multilateral"])
    _one_row_each(reading, records)
    records += matter.glossary(reading, tables.get("glossary", []), title=titles["glossary"])
    records += matter.exchange_rates(reading, lines)
    records += matter.counted(reading, lines, series["headings"])
    return [*records, *_findings(reading, records)]


def _tables(reading: Reading, series: dict[str, Any]) -> tuple[dict[str, list[Table]], tuple[Line, ...]]:
    """The tables by kind and the other lines, in the layout that the text has. Raises SourceError: no table."""
    if tabbed.is_tabbed(reading.text):
        document = tabbed.read(reading.text)
        tables, lines = _sort(document.tables, series), document.lines
        _whole_rows(lines)
        ledger.note_lines(reading, document, series["headings"])
    elif pdfflow.is_flow(reading.text):
        tables, lines = flows.read(reading, series)
    else:
        raise SourceError("neither tables of tab-separated rows nor the broken lines of a PDF flow", 0)
    ledger.note_cells(reading, (table for some in tables.values() for table in some))
    if not tables:
        raise SourceError("no table of this series was found (conventions, peacekeeping, organizations, glossary)", 0)
    return tables, lines


def _sort(tables: Iterable[Table], series: dict[str, Any]) -> dict[str, list[Table]]:
    found: dict[str, list[Table]] = {}
    for table in tables:
        found.setdefault(_kind(table, series), []).append(table)
    return found


def _whole_rows(lines: Iterable[Line]) -> None:
    """A table row without a tab stands in no table. Raises SourceError: nothing of it may get lost."""
    for line in lines:
        if tabbed.BLOCK.match(line.text):
            raise SourceError(f"a row of a table without its other cells: {line.text[:60]!r}", line.span.begin)


def _whole_states(around: Iterable[Line]) -> None:
    """The same for a state's row that has lost all its values, which would go unnoticed at the end of the chart."""
    for line in around:
        if names.is_state(line.text):
            raise SourceError(f"row {line.text!r} of the conventions chart has one cell only", line.span.begin)


def _one_row_each(reading: Reading, records: Sequence[Statement]) -> None:
    seen: dict[str, OrganizationRow] = {}
    for record in records:
        if isinstance(record, OrganizationRow):
            first = seen.setdefault(record.organization, record)
            if first is not record:
                line = line_number(reading.text, first.begin)
                raise SourceError(f"{record.name!r} has a second row (first: line {line})", record.begin)


def _kind(table: Table, series: dict[str, Any]) -> str:
    """Which table it is, by its header; the glossary has none and is known by the heading above it."""
    header = table.rows[0]
    first, *others = (" ".join(cell.text.lower().split()) for cell in header.cells)
    if multilateral.columns(header, series["columns"]):
        return "multilateral"
    under = next((kind for kind, words in series["headings"].items() if words in table.heading.lower()), "")
    if first in series["columns"]["state"] or (under == "conventions" and any(names.instrument(c) for c in others)):
        return "conventions"
    rows = {str(row["caption"]) for row in series["peacekeeping"]}
    if under == "peacekeeping" or (not first and any(peacekeeping.measure(row)[0] in rows for row in table.rows[1:])):
        return "peacekeeping"
    if under == "glossary":
        return under
    shown = " | ".join(cell.text[:40] for cell in header.cells)
    raise SourceError(f"a table with no known caption (header: {shown}; heading: {table.heading!r})", header.span.begin)


def _one(found: dict[str, list[Table]], kind: str, titles: dict[str, str]) -> list[Table]:
    """The table of this kind, its continuations under the same heading and a repeated header joined to it."""
    tables = found.get(kind, [])
    if len(tables) < 2:
        return tables
    first, *others = tables
    rows = list(first.rows)
    for other in others:
        same = [c.text for c in other.rows[0].cells] == [c.text for c in first.rows[0].cells]
        if not same or other.heading != first.heading:
            what = "heading" if same else "header"
            raise SourceError(f"a second {titles[kind]}, with another {what}", other.rows[0].span.begin)
        rows += other.rows[1:]
    return [Table(tuple(rows), first.heading)]


def _findings(reading: Reading, records: Sequence[Statement]) -> list[Finding]:
    return [*_printed_errors(reading, records), *_listed_twice(records), *_misplaced(reading, records)]


def _finding(about: Statement, problem: str, printed: str, normal: str, explanation: str) -> Finding:
    place = {name: getattr(about, name) for name in ("begin", "end", "sha256", "where")}
    key = f"{about.kind.replace('_', '-')}-{about.id}-{problem.replace('_', '-')}"
    about_key = f"{about.kind}/{about.id}"
    return Finding(
        id=key, about=about_key, problem=problem, printed=printed, normal=normal, explanation=explanation, **place
    )


def _printed_errors(reading: Reading, records: Sequence[Statement]) -> list[Finding]:
    """Errors of the print that the edition's TOML lists: kept as printed, the usual form beside them."""
    found: list[Finding] = []
    for printed, normal in reading.settings.get("printed_errors", {}).items():
        wrong = [r for r in records if isinstance(r, Framework | Link) and _holds(r, printed)]
        if not wrong:
            reading.warn(f"the printed error {printed!r} of the edition's TOML stands nowhere in this text", 0)
        found += [
            _finding(r, "printed_error", printed, normal, f"printed {printed}; usual form {normal}") for r in wrong
        ]
    return found


def _holds(record: Framework | Link, printed: str) -> bool:
    values = (record.url,) if isinstance(record, Link) else (record.symbol, record.short, record.url, record.title)
    return any(printed in value for value in values)


def _listed_twice(records: Sequence[Statement]) -> list[Finding]:
    """A body that one row lists as focal point more than once."""
    seen: set[tuple[str, str]] = set()
    found: list[Finding] = []
    for record in records:
        if not isinstance(record, FocalPoint) or record.status != "named":
            continue
        if (record.row, record.body) in seen:
            explanation = "this row lists the same focal point a second time"
            found.append(_finding(record, "listed_twice", record.name, "", explanation))
        seen.add((record.row, record.body))
    return found


def _misplaced(reading: Reading, records: Sequence[Statement]) -> list[Finding]:
    """Focal points that the edition's TOML holds for printed in the wrong row: kept where they are printed."""
    found: list[Finding] = []
    for row, case in reading.settings.get("suspected_rows", {}).items():
        about = [r for r in records if isinstance(r, FocalPoint) and r.row == row and r.body == f"body/{case['body']}"]
        if not about:
            reading.warn(f"the focal point that the edition's TOML suspects in row {row!r} is not in this text", 0)
        found += [_finding(r, "suspected_row", r.name, case["row"], case["why"]) for r in about]
    return found
