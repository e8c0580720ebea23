"""How long an answer may be: cells and texts are cut with a mark, and what was left out is said."""

from typing import Final

LONGEST_CELL: Final = 500
LONGEST_QUOTE: Final = 1_000
LONGEST_TEXT: Final = 30_000
MOST_PLACES: Final = 100
MOST_NEAR: Final = 20


def cell(text: str, most: int = LONGEST_CELL) -> str:
    """The text, or its beginning with a mark that says so."""
    return text if len(text) <= most else f"{text[:most]} … ({len(text) - most} more characters)"


def part(found: int, shown: int, offset: int = 0) -> list[str]:
    """What is said of rows that are not shown."""
    if offset + shown >= found and not offset:
        return []
    more = f"; the next ones with offset {offset + shown}" if offset + shown < found else ""
    return (
        [f"rows {offset + 1} to {offset + shown} of {found} are shown{more}"]
        if shown
        else [f"no row is left after {offset} of {found}"]
    )
