"""The queries of this room, with a thing bound as a term, and how they are shown to those who want to run them."""

import importlib.resources
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pyoxigraph import NamedNode, QuerySolution, QuerySolutions, Store, Variable


@cache
def text(name: str) -> str:
    return (importlib.resources.files("kg.mcp") / f"{name}.rq").read_text(encoding="utf-8")


def solutions(store: Store, name: str, entity: NamedNode | None = None) -> Iterator[QuerySolution]:
    """Of the query of this name; `entity` is what its variable of that name means."""
    bound: dict[Variable, Any] = {Variable("entity"): entity} if entity else {}
    found = store.query(text(name), substitutions=bound)
    assert isinstance(found, QuerySolutions)
    return iter(found)


def shown(query: str, variable: str, terms: Iterable[NamedNode]) -> str:
    """The query with what was bound, for people to take along; the terms are spelled by the engine."""
    values = " ".join(map(str, terms))
    return f"{query}VALUES ?{variable} {{ {values} }}\n" if values else query
