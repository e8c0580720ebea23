"""Which forms of SERVICE are not carried out: why, and how to write the query instead."""

import re
from typing import Final

from kg.federate.allowed import services
from kg.federate.groups import Element, Query
from kg.federate.local import Path, certain, paths
from kg.federate.refused import Refused, place_in

_TITLE: Final = "This form of SERVICE is not carried out"
_LONGEST_EXAMPLE: Final = 400


def check(query: Query) -> None:
    """Raises Refused (400) for the first SERVICE that stands where none can be carried out."""
    found = list(paths(query))
    for path in found:
        _check_place(query, path)
        _check_blank_nodes(query, path[-1].element)
    outside = [element for element in services(query) if all(path[-1].element is not element for path in found)]
    if outside:
        raise _refused(query, outside[0], "it stands in EXISTS outside of WHERE; put it into WHERE as a pattern")


def unbound(query: Query, path: Path, local: frozenset[str], in_some_rows: str | None = None) -> Refused:
    """For a SERVICE that no local value can be sent with. `local` are the variables of the patterns around it;
    `in_some_rows` is one that it shares with them, but that some local rows leave open."""
    element = path[-1].element
    variables = element.variables
    shared = sorted(variables & local)
    if not variables:
        return _refused(query, element, "it has no variable, so no local value can be sent with it")
    if in_some_rows:
        why = f"?{in_some_rows} has no value in some local rows: bind it before, outside of OPTIONAL"
    elif shared:
        why = f"?{shared[0]} is not bound by each of its solutions: take the pattern with it out of OPTIONAL"
    else:
        why = "no pattern beside it shares a variable with it, so it would ask for everything: bind one before"
    name = in_some_rows or (shared or sorted(certain(element.group)) or sorted(variables))[0]
    example = f"VALUES ?{name} {{ <http://example.org/> }} {_text(query, element.start, element.end)}"
    return _refused(query, element, why, example)


def _check_place(query: Query, path: Path) -> None:
    *outer, last = path
    element = last.element
    for step in outer:
        around = step.element
        if around.kind == "service":
            inner = _text(query, element.start, element.end)
            rest = _text(query, around.start, element.start) + " " + _text(query, element.end, around.end)
            why = "one SERVICE stands inside of another; call both from here"
            raise _refused(query, element, why, f"{rest} {inner}")
        if around.kind == "filter" and around.groups:
            negated = [token.word for token in around.tokens[:3]] == ["FILTER", "NOT", "EXISTS"]
            group = around.groups[0]
            text = _text(query, group.first.start, group.end)
            why = "it stands in EXISTS; write it as " + ("MINUS" if negated else "a pattern, and SELECT DISTINCT")
            raise _refused(query, element, why, f"MINUS {text}" if negated else text)
        if around.kind in {"bind", "lateral"}:
            why = f"it stands in {around.kind.upper()}; put it before, as a pattern of its own"
            raise _refused(query, element, why)


def _check_blank_nodes(query: Query, element: Element) -> None:
    """A label means one node in one place; the other endpoint could not know of the other place."""
    labels = {token.text for token in element.tokens if token.kind == "bnode"}
    for token in query.tokens:
        if token.text in labels and token.kind == "bnode" and not element.start <= token.start < element.end:
            name = f"?{token.text[2:]}"
            inside = re.sub(rf"{re.escape(token.text)}(?![\w-])", name, _text(query, element.start, element.end))
            why = f"the blank node {token.text} stands both inside and outside of it; use a variable in both places"
            raise _refused(query, element, why, inside)


def _text(query: Query, start: int, end: int) -> str:
    """Without comments, on one line."""
    tokens = [token for token in query.tokens if start <= token.start < end]
    return " ".join(token.text for token in tokens)


def _refused(query: Query, element: Element, why: str, example: str = "") -> Refused:
    line, column = place_in(query.text, element.start)
    shown = f", for example: {example}" if example and len(example) <= _LONGEST_EXAMPLE else ""
    return Refused(400, _TITLE, why + shown, line=line, column=column)
