"""Names as printed, found in a table of names whatever their case, blanks, apostrophes or accents."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process


class AmbiguousNameError(ValueError):
    """Two entries of one table claim the same name."""


@dataclass(frozen=True)
class Lookup:
    """Folded name -> key, and folded name -> the name as a person writes it."""

    keys: dict[str, str]
    names: dict[str, str]

    def find(self, name: str) -> str | None:
        """The key of the entry that has this name, or None."""
        return self.keys.get(fold_name(name))

    def nearest(self, name: str, *, count: int = 3) -> list[str]:
        """The known names most like this one, best first: for messages, never for answers."""
        folded = fold_name(name)
        alike = process.extract(folded, self.names.keys(), scorer=fuzz.WRatio, limit=None)
        # WRatio alone puts a name that is a mere part of this one first: Guinea before Guinea-Bissau.
        best = sorted(alike, key=lambda found: -found[1] - fuzz.ratio(folded, found[0]))
        keys: dict[str, str] = {}
        for match, _, _ in best:
            keys.setdefault(self.keys[match], self.names[match])
        return list(keys.values())[:count]


def lookup(entries: Iterable[tuple[str, Iterable[str]]]) -> Lookup:
    """Build from (key, names). Raises AmbiguousNameError if two keys share a name."""
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, spellings in entries:
        for name in spellings:
            folded = fold_name(name)
            if keys.setdefault(folded, key) != key:
                raise AmbiguousNameError(f"{name!r} names both {keys[folded]!r} and {key!r}")
            names.setdefault(folded, name)
    return Lookup(keys, names)


def fold_name(name: str) -> str:
    """Case, accents, kinds of apostrophe, hyphen and blank, a leading "the" and outer punctuation do not count."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"[‘’ʼ`´]", "'", re.sub(r"[‐‑‒–—-]", "-", plain))
    plain = " ".join(plain.split()).strip(" .,:;*")
    return plain.removeprefix("the ")
