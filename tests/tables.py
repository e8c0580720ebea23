"""Tab-separated tables as rows, read without the code that is tested."""

import csv
from pathlib import Path

Row = dict[str, str]


def table(path: Path) -> list[Row]:
    return rows_of(path.read_text(encoding="utf-8"))


def rows_of(text: str) -> list[Row]:
    """Quotes are letters like others; the lines above the captions that begin with # are left out."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return list(csv.DictReader(lines[start:], delimiter="\t", quoting=csv.QUOTE_NONE))
