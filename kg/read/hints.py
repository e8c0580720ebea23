"""What a reader of flows has to be told of the things in them: names, captions and headings, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

TABLES: Final = frozenset({"marks", "captions", "columns", "terms"})


@dataclass(frozen=True)
class Caption:
    """The caption of a row, in lower case, without the year at its end, and the phrases (in lower case) with which a
    cell of the row begins."""

    text: str
    begins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hints:
    """`headings` and the tables found are of the kinds marks (rows of a name and marks), captions (rows known by their
    captions), columns (columns one below the other), terms (a term and what it stands for); other headings end a table.

    `read` are the kinds of table to be read, `whole` those of them that are refused if they cannot be told apart;
    others are found and left. `columns` are the parts of a header that name its columns: links, titles, posts."""

    is_name: Callable[[str], bool]
    is_caption: Callable[[str], bool]
    organization: Callable[[str], str | None]
    is_post: Callable[[str, str], bool]
    belongs: Callable[[str, str], bool]
    shares: Callable[[str, str], bool]
    is_term: Callable[[str], bool]
    headings: Mapping[str, str]
    columns: Mapping[str, str]
    captions: tuple[Caption, ...]
    nothing: frozenset[str] = frozenset({"n/a", "na", "n.a.", "not applicable"})
    after: tuple[str, ...] = ()
    read: frozenset[str] = TABLES
    whole: frozenset[str] = TABLES
