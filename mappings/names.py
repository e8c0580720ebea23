"""The shared tables of names: organizations, instruments, states and programmes, found by any spelling.

States are all of ISO 3166-1 as the pycountry library delivers it, inverted and official names included; states.toml
adds the spellings that it has not. A name with `row` counts only inside that organization's row of a table.
"""

import functools
import hashlib
import importlib.resources
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from kg.read.lookup import Lookup, lookup
from kg.records import Entity, fold, slug

Table = dict[str, dict[str, Any]]
# What a caption adds to a name: a year or number in brackets, an abbreviation, since when it is in force, a mark.
ADDED: Final = re.compile(r"\s*\((?:No\. ?)?\d[^()a-z]*\)|\s*\([A-Z][\w-]*[A-Z\d]\)|,? entered in ?to force.*|\*")
NUMBERED: Final = re.compile(r"(.+? (?:Convention|Protocol|Recommendation) (?:No\. ?)?\d+)((?:\s*[,:(–—-].*)?)$")
CHANGING: Final = re.compile(r"amend|protocol|recommendation|annex|revis|denounc|denunci|withdr", re.IGNORECASE)


class UnknownNameError(ValueError):
    """A name that no table has; the message gives the nearest known names."""


def settings(name: str) -> dict[str, Any]:
    """A TOML file of this folder, by its stem."""
    return tomllib.loads((importlib.resources.files("kg.mappings") / f"{name}.toml").read_text(encoding="utf-8"))


@functools.cache
def table(name: str) -> Table:
    """organizations, instruments, states, programmes or regions: slug (states: alpha-3) -> its fields."""
    return settings(name)


def spellings(entry: dict[str, Any]) -> list[str]:
    """Everything an entry is called: label, abbreviation, code, other names."""
    first = [entry[key] for key in ("label", "abbreviation", "code", "symbol") if entry.get(key)]
    return list(dict.fromkeys([*first, *entry.get("names", [])]))


@functools.cache
def known(name: str, row: str = "") -> Lookup:
    """The lookup of a table; with `row`, the names that count in that organization's row come first."""
    entries = table(name)
    here = {key: entry for key, entry in entries.items() if row and entry.get("row") == row}
    if here:
        return lookup((key, spellings(entry)) for key, entry in here.items())
    return lookup((key, spellings(entry)) for key, entry in entries.items() if not entry.get("row"))


def organization(name: str, *, row: str = "") -> str | None:
    """The slug of the organization or body with this name, or None."""
    inside = known("organizations", row).find(name) if row else None
    return inside or known("organizations").find(name)


def instrument(name: str) -> str | None:
    """The slug of the instrument with this name or code; "ILO Convention 29, Forced Labour" is found by its start.

    Only years, numbers and abbreviations in brackets are left out, and no start makes an amendment the convention."""
    names = known("instruments")
    plain = ADDED.sub("", name).strip()
    found = names.find(name) or names.find(plain)
    if found:
        return found
    start = NUMBERED.match(plain)
    return names.find(start[1]) if start and not CHANGING.search(start[2]) else None


@dataclass(frozen=True)
class State:
    """A state or territory of ISO 3166-1."""

    alpha2: str
    alpha3: str
    label: str
    names: tuple[str, ...]


@functools.cache
def states() -> dict[str, State]:
    """All of ISO 3166-1 by alpha-3, with the labels and spellings of states.toml."""
    import pycountry

    extra = table("states")
    found: dict[str, State] = {}
    for country in pycountry.countries:
        entry = extra.get(country.alpha_3, {})
        names = [country.name, *(getattr(country, n) for n in ("common_name", "official_name") if hasattr(country, n))]
        names += [_uninverted(name) for name in names if ", " in name]
        names += entry.get("names", [])
        label = entry.get("label") or getattr(country, "common_name", None) or country.name
        found[country.alpha_3] = State(country.alpha_2, country.alpha_3, label, tuple(dict.fromkeys([label, *names])))
    for alpha3, entry in extra.items():
        if alpha3 not in found:
            others = tuple(entry.get("names", []))
            found[alpha3] = State(entry["alpha2"], alpha3, entry["label"], (entry["label"], *others))
    return found


def _uninverted(name: str) -> str:
    head, _, tail = name.partition(", ")
    return f"{tail} {head}"


@functools.cache
def _state_names() -> Lookup:
    return lookup((state.alpha3, state.names) for state in states().values())


def state(name: str) -> str:
    """The alpha-3 code of the state with this name. Raises UnknownNameError with the nearest names."""
    found = _state_names().find(name)
    if found is None:
        near = ", ".join(_state_names().nearest(name))
        raise UnknownNameError(
            f"no state of ISO 3166 is called {name!r} (nearest: {near}); add an alias to states.toml"
        )
    return found


def is_state(name: str) -> bool:
    """Whether a state of ISO 3166-1 has this name."""
    return _state_names().find(name) is not None


def entity(kind_of: str, key: str) -> Entity:
    """The record of a thing that a shared table knows. Raises KeyError if none does."""
    if kind_of == "state":
        known_state = states()[key]
        return _entity(kind_of, key, label=known_state.label, names=known_state.names[1:], alpha2=known_state.alpha2)
    entry = table({"organization": "organizations", "body": "organizations"}.get(kind_of, f"{kind_of}s"))[key]
    return _entity(
        kind_of,
        key,
        label=entry["label"],
        abbreviation=entry.get("abbreviation") or entry.get("symbol", ""),
        names=tuple(n for n in spellings(entry) if n not in (entry["label"], entry.get("abbreviation"))),
        classes=tuple(entry.get("classes", ())),
        part_of=entry.get("part_of") or entry.get("phase_of", ""),
    )


def kind_of_organization(key: str) -> str:
    """organization, or body for the posts, units and groups among the focal points."""
    entry = table("organizations").get(key, {})
    return str(entry.get("entity", "organization"))


def is_known(kind_of: str, key: str) -> bool:
    """Whether the shared tables have this key."""
    if kind_of in ("organization", "body"):
        return key in table("organizations") and kind_of_organization(key) == kind_of
    return key in table(f"{kind_of}s")


def generated(kind_of: str, name: str, *, abbreviation: str = "", part_of: str = "", within: str = "") -> Entity:
    """The record of a thing that no table knows, under an id made from its name as printed.

    `within` is the row that lists it: a "Plan of Action" of one organization is not that of another."""
    key = made_key(name)
    if within and not key.startswith(f"{within}-"):
        key = made_key(f"{within} {name}")
    return _entity(kind_of, key, label=name, abbreviation=abbreviation, part_of=part_of, generated="yes")


def made_key(name: str) -> str:
    """The slug of a name; with a hash where that had to be cut or lost letters, so that no two names share it."""
    whole = slug(name, limit=10 * len(name) + 10)
    plain = unicodedata.normalize("NFKD", name)
    if len(whole) <= 80 and not any(c.isalpha() and not c.isascii() for c in plain) and whole:
        return whole
    mark = hashlib.sha256(fold(name).casefold().encode()).hexdigest()[:8]
    return "-".join(part for part in (slug(name, limit=70), mark) if part)


def _entity(kind_of: str, key: str, **given: Any) -> Entity:
    blank = {"abbreviation": "", "names": (), "classes": (), "alpha2": "", "part_of": "", "generated": "no"}
    return Entity(kind_of=kind_of, id=key, **{**blank, **given})
