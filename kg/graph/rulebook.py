"""Rules as data, and the file of a store folder that keeps those which derived its graph.

With that file a graph is explained by the rules that made it, and neither the ontology nor the libraries of the build
are needed for it."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kg.graph.store import StoreError
from kg.graph.terms import TYPE

RULES: Final = "rules.json"
# What can make a query say more by other triples than its premises.
CONDITION: Final = re.compile(r"\b(EXISTS|MINUS)\b", re.IGNORECASE)
# Subject, predicate and object as SPARQL writes them: ?x, <iri>, "text".
Pattern = tuple[str, str, str]


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query and what it stands for: an axiom in words, or a rule of ontology/rules, which has a definition.

    `premises` are the triples that it needs, `conclusions` those that it makes; what it must not find, or compares,
    stands in the query only."""

    name: str
    query: str
    premises: tuple[Pattern, ...]
    conclusions: tuple[Pattern, ...]
    definition: str = ""

    @functools.cached_property
    def reads(self) -> frozenset[str] | None:
        """The properties and classes of which it needs more triples to say more; None if any triple may do."""
        about = [value if p == str(TYPE) and value.startswith("<") else p for _, p, value in self.premises]
        if CONDITION.search(self.query) or any(part.startswith("?") for part in about):
            return None
        return frozenset(part[1:-1] for part in about)


@dataclass(frozen=True)
class RuleBook:
    """The rules of a graph, and the prefixes under which its IRIs are written short."""

    prefixes: Mapping[str, str]
    rules: tuple[Rule, ...]


def write(folder: Path, book: RuleBook) -> None:
    """Keep the rules in a store folder."""
    rules = [asdict(rule) for rule in book.rules]
    text = json.dumps({"prefixes": dict(book.prefixes), "rules": rules}, indent=1, ensure_ascii=False)
    (folder / RULES).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> RuleBook:
    """The rules that a store folder keeps. Raises StoreError where there are none."""
    path = folder / RULES
    if not path.is_file():
        raise StoreError(f"{folder}: keeps no rules (no {RULES}); build it again: tipkg build --out {folder}")
    values = json.loads(path.read_text(encoding="utf-8"))
    return RuleBook(values["prefixes"], tuple(map(_rule, values["rules"])))


def _rule(value: dict[str, Any]) -> Rule:
    premises, conclusions = (tuple(map(tuple, value[key])) for key in ("premises", "conclusions"))
    return Rule(value["name"], value["query"], premises, conclusions, value["definition"])
