"""Names to draw from: the states of ISO 3166-1 with every spelling, and the shared tables read as plain data."""

import functools
import importlib.resources
import tomllib
import unicodedata
from collections.abc import Iterator
from typing import Any

import pycountry


@functools.cache
def table(name: str) -> dict[str, dict[str, Any]]:
    path = importlib.resources.files("kg.mappings") / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@functools.cache
def states() -> dict[str, tuple[str, ...]]:
    """Alpha-3 -> spellings; those that two states share are left out."""
    extra = table("states")
    found = {country.alpha_3: list(_printed(country)) for country in pycountry.countries}
    for code, entry in extra.items():
        label = [entry["label"]] if "label" in entry else []
        found[code] = [*found.get(code, []), *label, *entry.get("names", [])]
    found = {code: [*names, *(other for name in names for other in _variants(name))] for code, names in found.items()}
    owners: dict[str, set[str]] = {}
    for code, names in found.items():
        for name in names:
            owners.setdefault(name.casefold(), set()).add(code)
    return {
        code: tuple(n for n in dict.fromkeys(names) if len(owners[n.casefold()]) == 1) for code, names in found.items()
    }


def _variants(name: str) -> Iterator[str]:
    """Another apostrophe; no accents, as some printers have none."""
    if "'" in name:
        yield name.replace("'", "’")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if plain != name and len(plain) == len(name):
        yield plain


def _printed(country: Any) -> Iterator[str]:
    """Name, common and official name, and inverted ones turned round."""
    for field in ("name", "common_name", "official_name"):
        name = getattr(country, field, None)
        if name:
            yield name
        if name and ", " in name:
            head, _, tail = name.partition(", ")
            yield f"{tail} {head}"


def spellings(entry: dict[str, Any]) -> list[str]:
    found = [entry.get("label"), entry.get("abbreviation"), *entry.get("names", [])]
    return list(dict.fromkeys(name for name in found if name))


@functools.cache
def organizations() -> dict[str, dict[str, Any]]:
    """The organizations of the shared table; no posts, units and groups."""
    return {key: entry for key, entry in table("organizations").items() if entry.get("entity") != "body"}


@functools.cache
def bodies() -> dict[str, dict[str, Any]]:
    """Posts, units and groups, those included whose names count in one row only."""
    return {key: entry for key, entry in table("organizations").items() if entry.get("entity") == "body"}


@functools.cache
def treaties() -> dict[str, dict[str, Any]]:
    return {key: entry for key, entry in table("instruments").items() if "treaty" in entry["classes"]}


def is_part(key: str, whole: str) -> bool:
    """Whether an organization is another one, or belongs to it however far up."""
    while key:
        if key == whole:
            return True
        key = table("organizations").get(key, {}).get("part_of", "")
    return False
