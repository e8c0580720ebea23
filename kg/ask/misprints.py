"""Names and words that look like others: a letter too many, too few, wrong, or two that changed places."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kg.ask.name_index import Name
from kg.graph.folding import digits

# How much alike names must be to be near, and how much alike the words that they share (of 100).
LIKE: Final = 67
SHARED: Final = 75


class Near(NamedTuple):
    """A name, and how far it is from what was searched for."""

    name: Name
    far: float


class Misprints:
    """The names of a graph, kept in memory to compare them all: of 3,000 names it takes a millisecond."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = list(names)
        self._keys = [name.key for name in self._names]
        self._folded = [name.folded for name in self._names]
        self._words = sorted({word for name in self._names for word in name.folded.split()})

    def names(self, key: str) -> list[Name]:
        """The names that are nearest to this folded one, if no more than a misprint lies between."""
        return [self._names[at] for at in _nearest(key, self._keys)]

    def words(self, word: str) -> list[str]:
        """The words of names that are nearest to this folded one: itself, if it is one of them."""
        return [self._words[at] for at in _nearest(word, self._words)]

    def nearest(self, folded: str) -> list[Near]:
        """Names that look most like this one; where none does, those that share most words with it."""
        for scorer, least in ((fuzz.ratio, LIKE), (fuzz.token_set_ratio, SHARED)):
            found = process.extract(folded, self._folded, scorer=scorer, score_cutoff=least, limit=None)
            if found:
                return [Near(self._names[at], 100 - like) for _, like, at in found]
        return []


def allowed(word: str) -> int:
    """How many letters of a word may be misprinted: none of a code, more of what is longer."""
    return sum(len(word) >= least for least in (4, 7, 14))


def _nearest(word: str, others: list[str]) -> list[int]:
    """Where those stand that differ least. Other digits are no misprint: they number another thing."""
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=allowed(word), limit=None)
    same = [(far, at) for other, far, at in found if digits(other) == digits(word)]
    return [at for far, at in same if far == same[0][0]]
