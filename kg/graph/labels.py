"""What people read instead of an IRI: the label of a statement, made of its values as the mapping table says."""

import re
from collections.abc import Iterator
from typing import Any

from kg.records import Entity

Things = dict[tuple[str, str], Entity]
ENTITY_CLASSES = {
    "organization": "Organization",
    "body": "Body",
    "state": "State",
    "instrument": "Instrument",
    "programme": "Programme",
    "region": "Region",
}
# Columns of slugs that are labelled as words even where the mapping table makes no concept of them.
WORDED = frozenset({"status", "role", "relation", "problem", "about"})


def label(mapping: dict[str, Any], values: dict[str, Any], things: Things) -> str:
    """The mapping's label with the values in it; things by abbreviation or name, slugs of closed lists as words.

    label_without gives the label of records in which a column is empty."""
    types = {rule["column"]: str(rule["as"]) for rule in mapping.get("property", ()) if "column" in rule}
    shown = {
        column: ", ".join(_shown(column, types.get(column, ""), value, things)) for column, value in values.items()
    }
    wanting = [text for column, text in mapping.get("label_without", {}).items() if not values[column]]
    text = str(wanting[0] if wanting else mapping["label"])
    return " ".join(text.format(**shown).split()).removesuffix(":")


def _shown(column: str, as_type: str, value: Any, things: Things) -> Iterator[str]:
    for part in value if isinstance(value, tuple) else (str(value),):
        if as_type in ENTITY_CLASSES:
            yield called(things, as_type, part)
        elif as_type == "entity" and part:
            yield called(things, *part.split("/", 1))
        elif as_type.startswith("concept:") or column in WORDED:
            yield part if "/" in part else re.sub(r"[_-]", " ", part)
        else:
            yield part


def called(things: Things, kind_of: str, key: str) -> str:
    """A thing's abbreviation or label; its id if the records have no such thing."""
    thing = things.get((kind_of, key)) or things.get(("body", key))
    return (thing.abbreviation or thing.label) if thing else key
