"""The block of a SERVICE as queries to its endpoint, and their answers as a VALUES block."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Store, Triple

from kg.federate.answers import Answer, RemoteFailed, Row, Term
from kg.federate.groups import Element, Query
from kg.federate.refused import Refused
from kg.iris import BASE

VALUES_IN_A_REQUEST: Final = 500
_STARRED: Final = frozenset({"SELECT", "DISTINCT", "REDUCED", "DESCRIBE"})


def requests(query: Query, element: Element, columns: list[str], values: tuple[list[str], list[Row]]) -> Iterator[str]:
    """Complete queries, each with its share of the local values. Those stand beside the block, not in it, so that its
    FILTER and OPTIONAL mean what they meant."""
    names, rows = values
    head = f"{_prologue(query, element)}SELECT {_variables(columns)} WHERE {{ "
    block = _without_comments(query, element)
    for begin in range(0, len(rows), VALUES_IN_A_REQUEST):
        yield f"{head}{values_clause(names, rows[begin : begin + VALUES_IN_A_REQUEST])} {block} }}"


def values_clause(names: list[str], rows: Iterable[Row]) -> str:
    """Each term as the engine writes it, never from the text of an answer."""
    lines = (f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows)
    return f"VALUES ({_variables(names)}) {{ {' '.join(lines)} }}"


def columns_of(query: Query, element: Element, in_scope: frozenset[str]) -> list[str]:
    """Those that the rest of the query can see."""
    outside = [token for token in query.tokens if not element.start <= token.start < element.end]
    if any(token.text == "*" and before.word in _STARRED for before, token in pairwise(outside)):
        return sorted(in_scope)
    return sorted(in_scope & {token.text[1:] for token in outside if token.kind == "variable"})


def rows_of(endpoint: str, answer: Answer, columns: list[str], sent: list[str]) -> Iterator[Row]:
    """In the order of `columns`. Raises RemoteFailed for a row without what was sent, Refused for a blank node."""
    places = {name: place for place, name in enumerate(answer.columns)}
    if missing := [name for name in sent if name not in places]:
        raise _lost(endpoint, missing[0])
    for row in answer.rows:
        terms = tuple(row[places[name]] if name in places else None for name in columns)
        for name, term in zip(columns, terms, strict=True):
            _check_term(endpoint, name, term, sent)
        yield terms


def _check_term(endpoint: str, name: str, term: Term | None, sent: list[str]) -> None:
    if term is None and name in sent:
        raise _lost(endpoint, name)
    if isinstance(term, BlankNode | Triple):
        kind = "a blank node" if isinstance(term, BlankNode) else "a triple term"
        detail = f"{endpoint} answered with {kind} for ?{name}, which cannot be carried over"
        raise Refused(400, "This form of SERVICE is not carried out", f"{detail}; add FILTER(!isBlank(?{name})) to it")


def _lost(endpoint: str, name: str) -> RemoteFailed:
    return RemoteFailed(502, "The other endpoint failed", f"{endpoint} answered without the values sent for ?{name}")


def _variables(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


def _prologue(query: Query, element: Element) -> str:
    """The prefixes that the block uses, and the base if it needs one, as the engine resolves them."""
    inside = [token for token in query.tokens if element.group.first.start <= token.start < element.end]
    prefixes = sorted({token.text.partition(":")[0] for token in inside if token.kind == "name"})
    columns = " ".join(["(<> AS ?b)", *(f"({prefix}: AS ?p{n})" for n, prefix in enumerate(prefixes))])
    solutions = Store().query(f"{query.prologue} SELECT {columns} {{}}", base_iri=BASE)
    base, *iris = (term for row in solutions for term in row if isinstance(term, NamedNode))  # type: ignore[union-attr]
    relative = any(token.kind == "iri" and not re.match(r"<[A-Za-z][\w+.-]*:", token.text) for token in inside)
    declared = (f"PREFIX {prefix}: {iri}\n" for prefix, iri in zip(prefixes, iris, strict=True))
    return (f"BASE {base}\n" if relative else "") + "".join(declared)


def _without_comments(query: Query, element: Element) -> str:
    """The group in its braces; what somebody wrote beside it is nobody else's business."""
    inside = [token for token in query.tokens if element.group.first.start <= token.start < element.end]
    ends = [token.start + len(token.text) for token in inside]
    gaps = [query.text[end : token.start] for end, token in zip(ends, inside[1:], strict=False)]
    kept = ["\n" if "#" in gap else gap for gap in gaps]
    return "".join(part for token, gap in zip(inside, [*kept, ""], strict=True) for part in (token.text, gap))
