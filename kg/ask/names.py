"""Things by any of their names: IRI, slug, label, alias, abbreviation, ISO code. Exact, but for case and accents."""

import importlib.resources
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg import iris
from kg.ask.unknown import unknown
from kg.keys import slug

CLASSES: Final = {
    "organization": ("Organization", "Body"),
    "instrument": ("Instrument",),
    "state": ("State",),
    "programme": ("Programme",),
    "region": ("Region",),
    "source": ("SourceDocument",),
    "thing": ("Organization", "Body", "Instrument", "State", "Programme", "Region"),
}
# Closed lists of which a parameter can be a value.
SCHEMES: Final = ("theme", "kind")
NEAREST: Final = 3


class Candidate(NamedTuple):
    """What may be meant: its label, and the IRI by which it can be given ("" where the label is the value)."""

    label: str
    iri: str = ""


class BadValueError(ValueError):
    """A value that names nothing, or several things; the message and `nearest` give what may be meant."""

    def __init__(self, message: str, nearest: Iterable[Candidate] = ()) -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)


class Names:
    """Every name of the things that a parameter can mean, read from the graph once, when first needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[str, dict[str, set[str]]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._labels: dict[str, str] = {}
        self._short: dict[str, str] = {}

    def find(self, kind: str, value: str) -> NamedNode:
        """The thing of this kind with this name. Raises BadValueError: none (nearest names), or several."""
        found = self.exact(kind, value)
        if len(found) == 1:
            return NamedNode(found[0])
        if found:
            several = [Candidate(self._labels[iri], iri) for iri in found]
            raise BadValueError(f"{value!r} names several: {', '.join(found)}; give the IRI", several)
        if re.match(r"https?://", value):
            raise BadValueError(f"no {kind} of this graph has the IRI {value}", self.nearest(kind, _last(value)))
        near = self.nearest(kind, value)
        labels = ", ".join(dict.fromkeys(one.label for one in near))
        raise BadValueError(f"{unknown(kind, value)} (nearest: {labels})", near)

    def exact(self, kind: str, value: str) -> list[str]:
        """The IRIs of all things of this kind with just this name or IRI, sorted."""
        keys = self._read()[kind]
        path = value.lstrip("/")
        for full in (value, iris.BASE + path):
            if full in self._known[kind]:
                return [full]
        return sorted(keys.get(_key(value), ()))

    def nearest(self, kind: str, value: str) -> list[Candidate]:
        """What may be meant by a value that names nothing, the nearest first; the first few where nothing is near."""
        from rapidfuzz import fuzz, process

        keys, key = self._read()[kind], slug(value, limit=10_000)
        close = [name for name, _, _ in process.extract(key, list(keys), scorer=fuzz.ratio, limit=6, score_cutoff=50)]
        # A part of a name, such as Palermo.
        words = set(key.split("-"))
        close += sorted((name for name in keys if words <= set(name.split("-"))), key=len)[:NEAREST] if key else []
        found = dict.fromkeys(iri for name in close for iri in sorted(keys[name]))
        named = [Candidate(self._labels[iri], iri) for iri in found][:NEAREST]
        return named or sorted(Candidate(self._labels[iri], iri) for iri in self._known[kind])[:NEAREST]

    def short(self, term: NamedNode | Literal) -> str:
        """How a message calls it: abbreviation, else label, else the value."""
        self._read()
        return self._short.get(term.value) or self._labels.get(term.value) or term.value

    def label(self, term: NamedNode | Literal) -> str:
        """The label, else the value."""
        self._read()
        return self._labels.get(term.value) or term.value

    def _read(self) -> dict[str, dict[str, set[str]]]:
        if self._keys:
            return self._keys
        read: dict[str, dict[str, set[str]]] = {kind: {} for kind in (*CLASSES, *SCHEMES)}
        kinds = {iris.concept(scheme, "").rstrip("/"): [scheme] for scheme in SCHEMES}
        for kind, classes in CLASSES.items():
            for name in classes:
                kinds.setdefault(iris.term(name), []).append(kind)
        solutions = self._store.query((importlib.resources.files("kg.ask") / "names.rq").read_text(encoding="utf-8"))
        assert isinstance(solutions, QuerySolutions)
        # As texts once each: every access to a term of the engine makes a new one.
        rows = [(cls.value, thing.value, prop.value, name.value) for cls, thing, prop, name in solutions]
        for cls, thing, prop, name in rows:
            key = slug(name, limit=10_000)
            for kind in kinds.get(cls, ()):
                read[kind].setdefault(key, set()).add(thing)
            if prop.endswith("#label"):
                self._labels[thing] = name
            elif prop.endswith("#abbreviation"):
                self._short[thing] = name
        self._known = {kind: frozenset(iri for found in keys.values() for iri in found) for kind, keys in read.items()}
        self._keys = read
        return read


@lru_cache(maxsize=4)
def names_of(store: Store) -> Names:
    """The names in a graph, read once for a store."""
    return Names(store)


def _key(value: str) -> str:
    """The key of a value, or nothing for one with letters that keys leave out: it would name what it does not say."""
    letters = (char for char in unicodedata.normalize("NFKD", value) if char.isalpha())
    latin = all(char.isascii() or unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return slug(value, limit=10_000) if latin else ""


def _last(iri: str) -> str:
    return re.split(r"[/#]", iri.rstrip("/#"))[-1]
