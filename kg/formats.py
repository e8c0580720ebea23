"""Rows as people and programs want them: a table, CSV, TSV or JSON. Nothing is printed here."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

Cell = str | int


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """RFC 4180 with LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def as_tsv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A line a row; tabs and line ends inside a value become blanks."""
    lines = ["\t".join(columns)]
    lines += ["\t".join(" ".join(str(cell).split()) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def as_json(value: Any) -> str:
    """Indented, in the order given, not escaped."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_objects(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[dict[str, Cell]]:
    """A mapping a row."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def as_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, width: int | None) -> str:
    """Columns side by side. With a width (of a terminal) it fits and wraps; without one nothing is cut or wrapped."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=width is None)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    out = io.StringIO()
    console = Console(file=out, width=width or 100_000, no_color=True, highlight=False, markup=False, emoji=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _plain(cell: Cell) -> Any:
    from rich.text import Text

    return Text(str(cell))
