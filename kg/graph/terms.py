"""RDF terms for the build: the prefixes, compact names, and literals that keep the precision of a date."""

import calendar
import functools
import importlib.resources
import re
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg import iris

Term = NamedNode | BlankNode | Literal
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SHACL: Final = "http://www.w3.org/ns/shacl#"
TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
DATE: Final = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?")
PERIOD: Final = re.compile(r"(\d{4})-(\d{4}|\d{2})")


@functools.cache
def prefixes() -> dict[str, str]:
    """prefix -> namespace, as declared in ontology/prefixes.ttl."""
    data = (importlib.resources.files("kg.ontology") / "prefixes.ttl").read_bytes()
    by_node: dict[str, dict[str, str]] = {}
    for quad in parse(data, format=RdfFormat.TURTLE):
        if isinstance(quad.object, Literal):
            by_node.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
    declared = (node for node in by_node.values() if f"{SHACL}prefix" in node and f"{SHACL}namespace" in node)
    return dict(sorted((node[f"{SHACL}prefix"], node[f"{SHACL}namespace"]) for node in declared))


@functools.cache
def named(name: str) -> NamedNode:
    """tip:state -> its IRI. Raises KeyError for a prefix that prefixes.ttl does not declare."""
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes()[prefix] + local)


@functools.cache
def tip(name: str) -> NamedNode:
    """A term of our ontology."""
    return NamedNode(iris.term(name))


def text(value: str) -> Literal:
    """A plain string."""
    return Literal(value)


def english(value: str) -> Literal:
    """A label or definition in English."""
    return Literal(value, language="en")


def typed(value: str, datatype: str) -> Literal:
    """A literal of an XML Schema datatype, by its local name."""
    return Literal(value, datatype=NamedNode(XSD + datatype))


def date(value: str) -> Literal:
    """2018, 2018-06 or 2018-06-14 as gYear, gYearMonth or date; anything else (a period, say) as a plain string."""
    match = DATE.fullmatch(value)
    if match is None:
        return text(value)
    return typed(value, "date" if match[3] else "gYearMonth" if match[2] else "gYear")


def bounds(value: str) -> tuple[str, str] | None:
    """First and last day (ISO) that a date or a period of years can mean; None if it is neither."""
    period = PERIOD.fullmatch(value)
    if period and (len(period[2]) == 4 or int(period[2]) > 12):
        last = period[2] if len(period[2]) == 4 else period[1][:2] + period[2]
        return f"{period[1]}-01-01", f"{last}-12-31"
    match = DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = match.groups()
    if day:
        return value, value
    if month:
        return f"{value}-01", f"{value}-{calendar.monthrange(int(year), int(month))[1]:02}"
    return f"{year}-01-01", f"{year}-12-31"
