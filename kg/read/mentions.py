"""Names found in a text exactly as they are written, whatever the blanks and line ends between their words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.read.text import Span

# A tab or a paragraph mark ends a table cell, so that no name runs over it; an address is one word and names nothing.
TOKEN: Final = re.compile(r"\t|</?p>|(?:https?://|www\.)\S+|\w+|[^\w\s]")
ALIKE: Final = str.maketrans("‘’ʼ`´‐‑‒–—", "'''''-----")
Words = tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """Names by their first word, longest first; a name that two things have is in no index."""

    names: dict[str, list[tuple[Words, str]]]

    def find(self, text: str, begin: int = 0, end: int | None = None) -> Iterator[tuple[Span, str]]:
        """Places and keys in order. Where names overlap the one that begins first counts, of these the longest."""
        tokens = list(TOKEN.finditer(text, begin, len(text) if end is None else end))
        words = [match[0].translate(ALIKE) for match in tokens]
        at = 0
        while at < len(words):
            size, key = self._longest(words, at)
            if size:
                yield Span(tokens[at].start(), tokens[at + size - 1].end()), key
            at += size or 1

    def _longest(self, words: list[str], at: int) -> tuple[int, str]:
        for name, key in self.names.get(words[at], ()):
            if tuple(words[at : at + len(name)]) == name:
                return len(name), key
        return 0, ""


def index(names: Iterable[tuple[str, str]]) -> Index:
    """Build from (key, name). Case counts; a leading "the" does not; a name without capital or digit is an ordinary
    word and left out, and so is one that several keys share."""
    owners: dict[Words, set[str]] = {}
    for key, name in names:
        plain = name.removeprefix("the ").removeprefix("The ")
        if any(c.isupper() or c.isdigit() for c in plain) and any(c.isalpha() for c in plain):
            owners.setdefault(tuple(TOKEN.findall(plain.translate(ALIKE))), set()).add(key)
    found: dict[str, list[tuple[Words, str]]] = {}
    for words, keys in owners.items():
        if len(keys) == 1:
            found.setdefault(words[0], []).append((words, keys.pop()))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return Index(found)


def phrase(words: str) -> re.Pattern[str]:
    """Finds the phrase as whole words over blanks and line ends, also behind a hyphen; its first letter may be large or
    small."""
    start = f"[{re.escape(words[0].upper())}{re.escape(words[0].lower())}]"
    rest = r"\s+".join(re.escape(word).replace(r"\-", r"-\s*") for word in words[1:].split(" "))
    return re.compile(rf"(?<!\w){start}{rest}(?!\w)")
