"""A query with SERVICE, given values for some of its variables; and what is left of it where no other is asked."""

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from kg.federate.allowed import services
from kg.federate.answers import Term
from kg.federate.blocks import values_clause
from kg.federate.groups import Element, Group, Query, read
from kg.federate.local import rendered
from kg.federate.tokens import spelled_out


def with_values(text: str, values: Mapping[str, Term]) -> str:
    """VALUES at the begin of WHERE, and of each sub-select that projects such a variable: there they restrict what is
    sent to another endpoint, which they would not do at the end."""
    query = read(spelled_out(text))
    parts, done = [], 0
    for group in _selects(query):
        inside = values if group is query.where else {name: values[name] for name in values if _projects(group, name)}
        if inside and group.elements:
            place = group.elements[0].start
            parts += [query.text[done:place], values_clause(list(inside), [tuple(inside.values())]), " "]
            done = place
    return "".join([*parts, query.text[done:]])


def with_endpoint(text: str, named: str, url: str) -> str:
    """`url` in each SERVICE that names `named`."""
    query = read(spelled_out(text))
    parts, done = [], 0
    for element in services(query):
        if element.term is not None and element.term.text == f"<{named}>":
            parts += [query.text[done : element.term.start], str(NamedNode(url))]
            done = element.term.start + len(element.term.text)
    return "".join([*parts, query.text[done:]])


def without_services(text: str) -> str:
    """The query with an empty group in place of each SERVICE: what of it is known here."""
    query = read(spelled_out(text))
    if query.where is None:
        return query.text
    whole = Element("group", [query.where.first, query.where.last], [query.where])
    done = dict.fromkeys(services(query), "{}")
    return query.text[: whole.start] + rendered(query, whole, done) + query.text[whole.end :]


def _selects(query: Query) -> Iterator[Group]:
    """WHERE and the sub-selects in it, in the order of the text."""
    if query.where is not None:
        yield query.where
        yield from _below(query.where)


def _below(group: Group) -> Iterator[Group]:
    for element in group.elements:
        for inner in element.groups if element.kind != "service" else ():
            if inner.select:
                yield inner
            yield from _below(inner)


def _projects(group: Group, name: str) -> bool:
    return group.projects is None or name in group.projects
