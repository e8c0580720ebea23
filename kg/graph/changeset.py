"""Differences as RDF: a change set for each subject (Changeset vocabulary), typed by what happened (Activity Streams).

Taking away all removals and then adding all additions turns what the old build asserts into what the new one does
(docs/decisions/0011)."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Triple

from kg import iris
from kg.graph import dump
from kg.graph.diff import Change, Difference
from kg.graph.snapshot import Snapshot, subject
from kg.graph.terms import LABEL, TYPE, english, named, text

DIGITS: Final = 12
ACTIVITIES: Final = {"added": "as:Create", "removed": "as:Delete", "changed": "as:Update", "moved": "as:Move"}


def turtle(difference: Difference) -> bytes:
    """The change set as sorted Turtle, without blank nodes and time stamps: the same bytes for the same builds."""
    of = iris.changes(_digits(difference.old), _digits(difference.new))
    triples = {*_head(difference, NamedNode(of))}
    for change in difference.changes:
        triples.update(_change(difference, change, of))
    names = dump.data_prefixes(_kinds(difference.changes)) | {"triple": iris.triple("")}
    return dump.turtle(triples, names)


def _digits(snapshot: Snapshot) -> str:
    return (snapshot.build_id or snapshot.digest)[:DIGITS]


def _kinds(changes: Iterable[Change]) -> dict[str, set[str]]:
    """The kinds of changed statements of each source, for the prefixes of their IRIs."""
    found: dict[str, set[str]] = {change.source: set() for change in changes if change.source}
    for change in changes:
        if change.group == "statement":
            found[change.source].add(change.kind.replace(" ", "_"))
    return found


def _head(difference: Difference, of: NamedNode) -> Iterator[Triple]:
    """The two builds, and the collection of the changes between them."""
    old, new = (_version(snapshot) for snapshot in (difference.old, difference.new))
    for snapshot, node in ((difference.old, old), (difference.new, new)):
        yield Triple(node, TYPE, named("prov:Entity"))
        if snapshot.build_id:
            yield Triple(node, named("dcterms:identifier"), text(snapshot.build_id))
    if old != new:
        yield Triple(new, named("prov:wasRevisionOf"), old)
    yield Triple(of, TYPE, named("prov:Collection"))
    yield Triple(of, named("prov:wasDerivedFrom"), old)
    yield Triple(of, named("prov:wasDerivedFrom"), new)
    for change in difference.changes:
        yield Triple(of, named("prov:hadMember"), NamedNode(iris.change(of.value, change.subject.value)))


def _version(snapshot: Snapshot) -> NamedNode:
    return NamedNode(iris.build(snapshot.build_id) if snapshot.build_id else iris.dump(snapshot.digest))


def _change(difference: Difference, change: Change, of: str) -> Iterator[Triple]:
    """What happened to a subject, and a change set for it and for each of its passages that came, went or changed."""
    node = NamedNode(iris.change(of, change.subject.value))
    yield Triple(node, TYPE, named(ACTIVITIES[change.action]))
    yield Triple(node, LABEL, english(f"{change.action}: {change.label}"))
    yield Triple(node, named("as:object"), change.subject)
    # A passage that another statement still has, or already had, neither goes nor comes.
    removed, added = change.old - difference.new.triples, change.new - difference.old.triples
    for touched in {subject(triple) for triple in removed | added}:
        part = NamedNode(iris.change(of, touched.value))
        if part != node:
            yield Triple(node, named("dcterms:hasPart"), part)
        yield Triple(part, TYPE, named("cs:ChangeSet"))
        yield Triple(part, named("cs:subjectOfChange"), touched)
        yield from _listed(part, "cs:removal", [t for t in removed if t.subject == touched])
        yield from _listed(part, "cs:addition", [t for t in added if t.subject == touched])


def _listed(node: NamedNode, prop: str, triples: Iterable[Triple]) -> Iterator[Triple]:
    """Each triple as an rdf:Statement, since RDF 1.1 has no other way to speak of a triple."""
    for triple in triples:
        thing = NamedNode(iris.triple(hashlib.sha256(f"{triple} .\n".encode()).hexdigest()[:32]))
        yield Triple(node, named(prop), thing)
        yield Triple(thing, TYPE, named("rdf:Statement"))
        yield Triple(thing, named("rdf:subject"), triple.subject)
        yield Triple(thing, named("rdf:predicate"), triple.predicate)
        yield Triple(thing, named("rdf:object"), triple.object)
