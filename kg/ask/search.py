"""Search: things of the graph by name, alias, abbreviation, code or misprint, on the index that a build writes.

Text of users reaches the full-text index only as folded words in quotes (kg/graph/folding.py), so that no operator is
left in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

from pyoxigraph import Store

from kg import iris
from kg.ask.misprints import Misprints
from kg.ask.name_index import Name, NameIndex, SearchError
from kg.ask.names import Candidate
from kg.graph import folding, search_index

__all__ = ["HOW", "KINDS", "Hit", "Search", "SearchError"]

LONGEST: Final = 200
MOST: Final = 100
MAY_BE_MEANT: Final = 3
SINGLE: Final = (
    *("body", "instrument", "state", "programme", "region", "event", "ratification", "source", "theme", "kind"),
    *("question", "term"),
)
# What can be asked for, and the kinds of things that it means.
KINDS: Final = {
    "organization": ("organization", "body"),
    "thing": ("organization", "body", "instrument", "state", "programme", "region"),
    "concept": ("concept", "theme", "kind"),
    **{kind: (kind,) for kind in SINGLE},
}
ALL: Final = tuple(dict.fromkeys(kind for kinds in KINDS.values() for kind in kinds))
# How a thing was found, the best first; some ways have two ranks.
HOW: Final = ("exact", "alias", "printed", "prefix", "words", "words", "text", "misprint", "misprint", "near")
EXACT, ALIAS, PRINTED, PREFIX, WORDS, BEGINNINGS, TEXT, MISPRINT, MISPRINTS, NEAR = range(len(HOW))
OF_SORT: Final = {
    search_index.NAME: EXACT,
    search_index.CODE: EXACT,
    search_index.ALIAS: ALIAS,
    search_index.PRINTED: PRINTED,
}


Ways = frozenset[str]


@dataclass(frozen=True)
class Hit:
    """A thing that was found, by which of its names and how (one of HOW). Misprint and near say that the name is
    another than the one searched for. `statements` is the number of those about the thing."""

    iri: str
    kind: str
    label: str
    matched: str
    how: str
    about: str
    statements: int


class _Asked(NamedTuple):
    text: str
    kinds: tuple[str, ...]


class _Found(NamedTuple):
    """A thing by its number in the index; `far` orders those of the same rank; what was found by words has no name
    yet, but the ways in which each of the words can be written."""

    rank: int
    far: float
    thing: int
    name: str
    words: tuple[Ways, ...] = ()


class Search:
    """Search on one graph. Threads may share it; a process that forks opens it afterwards."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._misprints: dict[tuple[str, ...], Misprints] = {}

    @classmethod
    def open(cls, folder: Path) -> Self:
        """On a store folder; one of an older release has no index, so that it is made in memory first (0.3 s).

        Raises StoreError and SearchError."""
        return cls(NameIndex.open(folder))

    @classmethod
    def of(cls, store: Store) -> Self:
        """On a store, with an index in memory."""
        return cls(NameIndex.of(store))

    def close(self) -> None:
        self._index.close()

    def find(self, text: str, kind: str | None = None, limit: int = 10) -> list[Hit]:
        """Things that are called so, the best first: exact names and codes, aliases, names as printed, beginnings, all
        words, words of the description. Misprints are looked for only where there is nothing else. What matched
        equally well is in the order of the number of statements, then of the labels. Raises SearchError."""
        asked = _asked(text, kind, limit)
        found = [*self._exact(asked), *self._beginning(asked), *self._with_words(asked)]
        return self._hits(found or self._misprinted(asked), limit)

    def lookup(self, text: str, kind: str | None = None) -> list[Hit]:
        """All things with exactly this IRI, name, code, alias or printed name; case, accents and signs do not count.
        Several with the best `how` mean that the text is ambiguous. Raises SearchError."""
        return self._hits(self._exact(_asked(text, kind, MOST)))

    def nearest(self, text: str, kind: str | None = None, limit: int = 3) -> list[Hit]:
        """Things whose names look most like the text, though none need be meant. Raises SearchError."""
        asked = _asked(text, kind, limit)
        near = self._known(asked).nearest(folding.phrase(text))
        return self._hits((_Found(NEAR, far, name.thing, name.name) for name, far in near), limit)

    def candidates(self, kind: str, value: str) -> list[Candidate]:
        """What may be meant by a value that no name of the kind is: what is found, else what looks most like it."""
        text = value.rstrip("/#").rpartition("/")[2] if value.startswith(("http://", "https://")) else value
        try:
            hits = self.find(text[:LONGEST], kind, MAY_BE_MEANT) or self.nearest(text[:LONGEST], kind, MAY_BE_MEANT)
        except SearchError:
            return []
        return [Candidate(hit.label, hit.iri) for hit in hits]

    def _exact(self, asked: _Asked) -> Iterator[_Found]:
        iri = asked.text.strip()
        for thing in self._index.with_iri(iri, iris.BASE + iri.lstrip("/"), asked.kinds):
            yield _Found(EXACT, 0, thing, iri)
        for name in self._index.same(folding.key(asked.text), folding.american(asked.text), asked.kinds):
            yield _Found(OF_SORT[name.sort], 0, name.thing, name.name)

    def _beginning(self, asked: _Asked) -> Iterator[_Found]:
        for name in self._index.beginning(folding.phrase(asked.text), asked.kinds):
            yield _Found(PREFIX, 0, name.thing, name.name)

    def _with_words(self, asked: _Asked) -> Iterator[_Found]:
        chunks = dict.fromkeys(folding.chunks(asked.text))
        words = tuple(frozenset(folding.spellings(chunk)) for chunk in chunks)
        for expression, rank in ((_names(words), WORDS), (_names(words, "*"), BEGINNINGS), (_all(words, "*"), TEXT)):
            yield from (_Found(rank, 0, thing, "", words) for thing in self._index.matching(expression, asked.kinds))

    def _misprinted(self, asked: _Asked) -> Iterator[_Found]:
        known = self._known(asked)
        yield from (_Found(MISPRINT, 0, name.thing, name.name) for name in known.names(folding.key(asked.text)))
        words = tuple(frozenset(known.words("".join(chunk))) for chunk in folding.chunks(asked.text))
        if all(words):
            things = self._index.matching(_names(words), asked.kinds)
            yield from (_Found(MISPRINTS, 0, thing, "", words) for thing in things)

    def _hits(self, found: Iterable[_Found], limit: int | None = None) -> list[Hit]:
        """The best way in which each thing was found, in order."""
        best: dict[int, _Found] = {}
        for one in sorted(found, key=lambda one: one[:2]):
            best.setdefault(one.thing, one)
        things = self._index.things(best)
        things.sort(key=lambda row: (*best[row.number][:2], -row.statements, row.label, row.iri))
        shown = [best[row.number] for row in things[:limit]]
        names = self._names_with_words([one for one in shown if one.words])
        return [
            Hit(row.iri, row.kind, row.label, one.name or names[one.thing], HOW[one.rank], row.about, row.statements)
            for row, one in zip(things, shown, strict=False)
        ]

    def _names_with_words(self, found: list[_Found]) -> dict[int, str]:
        """Of each thing the name that has most of the words, the shortest of several; and what has the others."""
        names: dict[int, list[Name]] = {one.thing: [] for one in found}
        for name in self._index.names_of(names):
            names[name.thing].append(name)
        return {one.thing: _covering(one.words, [name.name for name in names[one.thing]]) for one in found}

    def _known(self, asked: _Asked) -> Misprints:
        if asked.kinds not in self._misprints:
            self._misprints[asked.kinds] = Misprints(self._index.names(asked.kinds))
        return self._misprints[asked.kinds]


def _asked(text: str, kind: str | None, limit: int) -> _Asked:
    """What is asked, checked. Raises SearchError."""
    if len(text) > LONGEST:
        raise SearchError(f"a search has at most {LONGEST} characters, this one has {len(text)}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SearchError(f"{text!r} is no text of Unicode (character {error.start + 1} is half of one)") from error
    if not folding.words(text):
        raise SearchError(f"{text!r} has no letter or digit to search for; give a name or a part of one")
    if kind is not None and kind not in KINDS:
        raise SearchError(f"no kind is called {kind!r}; kinds: {', '.join(sorted(KINDS))}")
    if not 1 <= limit <= MOST:
        raise SearchError(f"a limit is a number from 1 to {MOST}, not {limit}")
    return _Asked(text, ALL if kind is None else KINDS[kind])


def _covering(words: Iterable[Ways], names: Iterable[str]) -> str:
    """The name that has most of the words, the shortest of several, and further names for those that it lacks."""
    has = {name: f" {folding.searchable(name)} " for name in names}
    left, shown = list(words), list[str]()
    while left and has:
        lacks = {name: [ways for ways in left if not any(f" {way}" in has[name] for way in ways)] for name in has}
        best = min(lacks, key=lambda name: (len(lacks[name]), len(name)))
        if shown and lacks[best] == left:
            break
        shown.append(best)
        left = lacks[best]
    return ", ".join(shown)


def _all(words: Iterable[Ways], mark: str = "") -> str:
    """One way of each word, as an expression of FTS5; what is folded holds no quotation mark."""
    return " AND ".join("(" + " OR ".join(f'"{way}"{mark}' for way in sorted(ways)) + ")" for ways in words)


def _names(words: Iterable[Ways], mark: str = "") -> str:
    """The same, in names only."""
    return f"{{names}} : ({_all(words, mark)})"
