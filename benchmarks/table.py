"""The results as tables: in Markdown for docs/performance.md, and the same rows on a terminal."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import rich.box
from figures import BY_KEY, ROWS, Absolute, Figure, Results, Row
from rich.console import Console
from rich.table import Table

BEGIN: Final = "<!-- figures: written by benchmarks/endpoint.py -->"
END: Final = "<!-- end of the figures -->"
Cells = list[list[str]]


def show(results: Results) -> None:
    """On standard output."""
    console = Console(width=None if Console().is_terminal else 160, highlight=False)
    for title, rows in (("Floors and aims", limits(results)), ("What each server did", absolutes(results))):
        table = Table(*rows[0], title=title, box=rich.box.SIMPLE)
        for row in rows[1:]:
            table.add_row(*row)
        console.print(table)
    for line in told(results):
        console.print(line, markup=False)


def write(results: Results, page: Path) -> None:
    """Put the tables between the marks of a page. Raises SystemExit where it has none."""
    check(page)
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}", encoding="utf-8")


def check(page: Path) -> None:
    """Before anything is measured: a page without marks takes no figures. Raises SystemExit."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if BEGIN not in text or END not in text:
        raise SystemExit(f"{page}: it must have the lines {BEGIN} and {END}; the figures go between them")


def markdown(results: Results) -> str:
    parts = [_markdown(limits(results)), _markdown(absolutes(results)), *(f"- {line}" for line in told(results))]
    return "\n".join((parts[0], "", parts[1], "", *parts[2:], ""))


def limits(results: Results) -> Cells:
    """Each row of the requirements with the figure of every graph, and whether that is met."""
    rows = [["what", "at least", "aim", *(graph_name(results, graph) for graph in results.graphs)]]
    for row in ROWS:
        found = {figure.graph: figure for figure in results.figures if figure.row == row.key}
        shown = [_figure(row, found[graph]) if graph in found else "" for graph in results.graphs]
        rows.append([row.what, _limit(row, row.floor), _limit(row, row.aim), *shown])
    return rows


def absolutes(results: Results) -> Cells:
    """The medians of each server, a row for each thing measured on each graph."""
    servers = list(results.versions)
    rows = [["what", "graph", "unit", *(f"{name} {results.versions[name]}" for name in servers)]]
    found: dict[tuple[str, str, str], dict[str, Absolute]] = {}
    for item in results.absolutes:
        found.setdefault((item.what, item.graph, item.unit), {})[item.server] = item
    for (what, graph, unit), values in found.items():
        rows.append([what, graph, unit, *(number(values[name].value) if name in values else "" for name in servers)])
    return rows


def told(results: Results) -> list[str]:
    """Date, machine, what is missing, the notes of the figures, remarks: a sentence each."""
    lines = [f"Measured {results.date} on {', '.join(f'{key} {value}' for key, value in results.machine.items())}."]
    lines += [f"Not measured: {name}, {reason}." for name, reason in results.missing.items()]
    lines += results.remarks
    return lines + [
        f"{BY_KEY[figure.row].what} ({figure.graph}): {figure.note}." for figure in results.figures if figure.note
    ]


def graph_name(results: Results, graph: str) -> str:
    return f"{graph} ({results.graphs[graph]:,} triples)"


def number(value: float) -> str:
    """Three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _figure(row: Row, figure: Figure) -> str:
    if figure.value is None:
        return "not met" if "instead of" in figure.note or figure.note.startswith("no 304") else "not measured"
    return f"{number(figure.value)}{_unit(row)}: {row.verdict(figure.value)}"


def _limit(row: Row, limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}{_unit(row)}"


def _unit(row: Row) -> str:
    return row.unit if row.unit in ("", "x") else f" {row.unit}"


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(re.sub(r"\s*\|\s*", "/", cell) for cell in row) + " |" for row in rows]
    return "\n".join((lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]))
