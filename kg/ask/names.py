"""Parameter values as people type them - IRI, slug, name, abbreviation, ISO code - and the RDF terms that they mean."""

import importlib.resources
import re
from difflib import get_close_matches
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg import iris
from kg.records import slug

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
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


class BadValueError(ValueError):
    """A value that names nothing, or several things; the message gives the nearest names."""


class Names:
    """Every name of the things that a parameter can mean, read from the graph once, when first needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[str, dict[str, set[str]]] = {}
        self._labels: dict[str, str] = {}
        self._short: dict[str, str] = {}

    def find(self, kind: str, value: str) -> NamedNode:
        """The thing of this kind with this name. Raises BadValueError: none (nearest names), or several."""
        keys = self._read()[kind]
        if re.match(r"https?://", value):
            known = {iri for found in keys.values() for iri in found}
            if value in known:
                return NamedNode(value)
            raise BadValueError(f"no {kind} of this graph has the IRI {value}")
        found = keys.get(slug(value, limit=10_000), set())
        if len(found) == 1:
            return NamedNode(next(iter(found)))
        if found:
            raise BadValueError(f"{value!r} names several: {', '.join(sorted(found))}; give the IRI")
        raise BadValueError(f"no {kind} is called {value!r} (nearest: {', '.join(self._nearest(kind, value))})")

    def short(self, term: NamedNode | Literal) -> str:
        """How a message calls it: abbreviation, else label, else the value."""
        self._read()
        return self._short.get(term.value) or self._labels.get(term.value) or term.value

    def _nearest(self, kind: str, value: str) -> list[str]:
        keys = self._keys[kind]
        close = get_close_matches(slug(value, limit=10_000), keys, n=6, cutoff=0.4)
        found = [self._labels[iri] for key in close for iri in sorted(keys[key])]
        return list(dict.fromkeys(found))[:3] or sorted({self._labels[i] for k in keys.values() for i in k})[:3]

    def _read(self) -> dict[str, dict[str, set[str]]]:
        if self._keys:
            return self._keys
        self._keys = {kind: {} for kind in (*CLASSES, *SCHEMES)}
        kinds = {iris.concept(scheme, "").rstrip("/"): [scheme] for scheme in SCHEMES}
        for kind, classes in CLASSES.items():
            for name in classes:
                kinds.setdefault(iris.term(name), []).append(kind)
        solutions = self._store.query((importlib.resources.files("kg.ask") / "names.rq").read_text(encoding="utf-8"))
        assert isinstance(solutions, QuerySolutions)
        for cls, thing, prop, name in solutions:
            for kind in kinds.get(cls.value, ()):
                self._keys[kind].setdefault(slug(name.value, limit=10_000), set()).add(thing.value)
            local = re.split(r"[#/]", prop.value)[-1]
            if local == "label":
                self._labels[thing.value] = name.value
            elif local == "abbreviation":
                self._short[thing.value] = name.value
        return self._keys


def full_iri(value: str) -> NamedNode:
    """The IRI, which may be given without the base. Raises BadValueError: no IRI."""
    full = value if re.match(r"https?://", value) else iris.BASE + value.lstrip("/")
    try:
        return NamedNode(full)
    except ValueError as error:
        raise BadValueError(f"{full!r} is no IRI: {error}") from error


def term_for(names: Names, kind: str, value: str) -> NamedNode | Literal:
    """The term of a parameter value. Raises BadValueError."""
    if kind == "edition":
        if not re.fullmatch(r"\d{4}", value):
            raise BadValueError(f"an edition is a year, such as 2017, not {value!r}")
        return Literal(value, datatype=NamedNode(f"{XSD}integer"))
    if kind == "iri":
        return full_iri(value)
    return Literal(value) if kind == "text" else names.find(kind, value)
