"""The part of a query that can be run here before a SERVICE, to learn what its variables may be.

It may give too many values, never too few: what cannot be known to restrict them in the same way as in the whole query
is left out. Each of its rows is part of every row of the whole query that grows out of it.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kg.federate.groups import Element, Group, Query, walk
from kg.federate.words import CHANGING

# What joins with the rest of its group wherever it stands, and what depends on all that stands before it.
_JOINED: Final = frozenset({"triples", "values", "group", "graph", "service"})
_ORDERED: Final = frozenset({"optional", "minus", "bind", "lateral"})


class Step(NamedTuple):
    """An element in its group; a path of them leads from WHERE to a SERVICE."""

    group: Group
    element: Element


Path = tuple[Step, ...]
Done = Mapping[Element, str]


def paths(query: Query) -> Iterator[Path]:
    """One to each SERVICE in WHERE, those inside of others and of EXISTS too."""
    yield from _paths(query.where, ()) if query.where else ()


def _paths(group: Group, before: Path) -> Iterator[Path]:
    for element in group.elements:
        path = (*before, Step(group, element))
        if element.kind == "service":
            yield path
        for inner in element.groups:
            yield from _paths(inner, path)


def local_part(query: Query, path: Path, done: Done) -> str:
    """A group, in braces. `done` has what stands in place of a SERVICE that has been carried out."""
    part = _Part(query, done)
    *outer, last = path
    inner = part.around(last, "", after=True)
    joined = not last.group.select
    for step in reversed(outer):
        element = step.element
        wrapped = f"GRAPH {element.term.text} {inner}" if element.kind == "graph" and element.term else inner
        if not joined:
            inner = f"{{ {wrapped} }}"
            continue
        # What stands outside of OPTIONAL and MINUS must not decide what is found inside, but for what is before them.
        joined = element.kind in _JOINED
        inner = part.around(step, wrapped, after=joined)
        joined = joined and not step.group.select
    return inner


def rendered(query: Query, element: Element, done: Done) -> str:
    """Its text, with what stands in place of each SERVICE."""
    parts, place = [], element.start
    for service in [element, *(inner for group in element.groups for inner in walk(group))]:
        if service in done and service.start >= place:
            parts += [query.text[place : service.start], done[service]]
            place = service.end
    return "".join([*parts, query.text[place : element.end]])


def certain(group: Group) -> frozenset[str]:
    """Variables that each solution of a group binds, as far as its form tells."""
    found = frozenset[str]().union(*map(_certain, group.elements))
    return found if group.projects is None else found & group.projects


def _certain(element: Element) -> frozenset[str]:
    if element.kind == "triples":
        return element.variables
    if element.kind == "values":
        return frozenset() if any(token.word == "UNDEF" for token in element.tokens) else element.variables
    if element.kind == "group":
        return frozenset.intersection(*map(certain, element.groups))
    if element.kind == "graph" and element.term is not None:
        term = element.term
        return certain(element.group) | ({term.text[1:]} if term.kind == "variable" else set())
    return frozenset()


class _Part:
    def __init__(self, query: Query, done: Done) -> None:
        self._query = query
        self._done = done

    def around(self, step: Step, inner: str, *, after: bool) -> str:
        """The group without the element of the step, `inner` in its place, and what comes `after` only if asked for."""
        place = step.group.elements.index(step.element)
        before = self._before(step.group.elements[:place])
        behind = [element for element in step.group.elements[place + 1 :] if after and self._is_joined(element)]
        filters = self._filters(step.group, [*before, *behind])
        texts = [*map(self._text, before), *([inner] if inner else []), *map(self._text, [*behind, *filters])]
        return f"{{ {' . '.join(texts)} }}"

    def _before(self, elements: list[Element]) -> list[Element]:
        kept, complete = [], True
        for element in elements:
            if element.kind == "filter":
                continue
            if self._is_joined(element) or (complete and element.kind in _ORDERED and self._is_known(element)):
                kept.append(element)
            else:
                complete = False
        return kept

    def _filters(self, group: Group, kept: list[Element]) -> list[Element]:
        """Those whose variables are here what they are in the whole query."""
        sure = frozenset[str]().union(*map(_certain, kept))
        left_out = [element for element in group.elements if element.kind != "filter" and element not in kept]
        doubtful = frozenset[str]().union(*(element.variables for element in left_out))
        seen = frozenset[str]().union(*(element.variables for element in kept))
        usable = sure | (seen - doubtful)
        filters = [element for element in group.elements if element.kind == "filter" and not element.groups]
        return [element for element in filters if self._is_known(element) and element.variables <= usable]

    def _is_joined(self, element: Element) -> bool:
        return element.kind in _JOINED and self._is_known(element)

    def _is_known(self, element: Element) -> bool:
        """Whether no SERVICE in it is still to be carried out, and it gives the same each time."""
        services = [inner for group in element.groups for inner in walk(group) if inner.kind == "service"]
        if element.kind == "service":
            services = [element]
        if any(service not in self._done for service in services):
            return False
        return not any(token.word in CHANGING for token in element.tokens if element.kind != "service")

    def _text(self, element: Element) -> str:
        text = rendered(self._query, element, self._done)
        return text.removesuffix(".") if element.kind == "triples" and element.tokens[-1].text == "." else text
