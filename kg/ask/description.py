"""What the graph says of one thing: the statements that it is subject or object of, with names, classes and places."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg import iris
from kg.ask.evidence import Passage

Term = NamedNode | BlankNode | Literal | Triple
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_SHACL: Final = "http://www.w3.org/ns/shacl#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL: Final = NamedNode(f"{_RDFS}label")
INFERRED: Final = NamedNode(iris.graph("inferred"))
MENTIONS: Final = NamedNode(iris.graph("mentions"))
SERVICE: Final = NamedNode(iris.graph("service"))
EVIDENCE: Final = NamedNode(iris.term("evidence"))
WHERE: Final = NamedNode(iris.term("where"))
STATEMENT: Final = NamedNode(iris.term("Statement"))
VERSION: Final = NamedNode(f"{_OWL}versionIRI")
ONTOLOGY: Final = NamedNode(iris.ONTOLOGY.rstrip("#"))
_DEFAULT: Final = DefaultGraph()


class Said(NamedTuple):
    """One statement of the graph; `derived` where no source and no table says it, only the ontology."""

    triple: Triple
    derived: bool


@dataclass(frozen=True)
class Description:
    """`outbound` has the node as subject, `inbound` as object; both in the order of their terms."""

    node: NamedNode
    outbound: tuple[Said, ...]
    inbound: tuple[Said, ...]

    def values(self, *predicates: NamedNode) -> list[Term]:
        return [said.triple.object for said in self.outbound if said.triple.predicate in predicates]


@dataclass(frozen=True)
class Removal:
    """A statement that was published and is gone: the reason, and what stands in its place."""

    why: str
    replaced_by: tuple[NamedNode, ...]


# The largest things are named five thousand times, and their pages are turned one by one.
@lru_cache(maxsize=256)
def describe(store: Store, node: NamedNode) -> Description | None:
    """None if no graph says anything of the node. What the graph counts of itself does not count as said of a term."""
    itself = {quad.triple for quad in store.quads_for_pattern(None, None, node, SERVICE)}
    outbound = _said(store, node, None)
    inbound = tuple(said for said in _said(store, None, node) if said.triple not in itself)
    return Description(node, outbound, inbound) if outbound or inbound else None


def _said(store: Store, subject: NamedNode | None, other: NamedNode | None) -> tuple[Said, ...]:
    """From the default graph, which has each triple once, and from the mentions, which are not in it."""
    derived = {quad.triple for quad in store.quads_for_pattern(subject, None, other, INFERRED)}
    quads = [*store.quads_for_pattern(subject, None, other, _DEFAULT)]
    quads += store.quads_for_pattern(subject, None, other, MENTIONS)
    return tuple(sorted((Said(quad.triple, quad.triple in derived) for quad in quads), key=_order))


def _order(said: Said) -> tuple[str, str, str]:
    triple = said.triple
    return triple.predicate.value, str(triple.subject), str(triple.object)


def removal(store: Store, node: NamedNode) -> Removal | None:
    """What is known of an IRI that is gone for good."""
    deprecated = NamedNode(f"{_OWL}deprecated")
    if next(store.quads_for_pattern(node, deprecated, None, SERVICE), None) is None:
        return None
    why = value(store, node, NamedNode(f"{_RDFS}comment"))
    instead = store.quads_for_pattern(node, NamedNode("http://purl.org/dc/terms/isReplacedBy"), None, SERVICE)
    return Removal(why, tuple(quad.object for quad in instead if isinstance(quad.object, NamedNode)))


def value(store: Store, node: NamedNode, predicate: NamedNode) -> str:
    """The first value in order, or nothing."""
    found = (quad.object for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT))
    return min((term.value for term in found if isinstance(term, NamedNode | Literal)), default="")


@lru_cache(maxsize=50_000)
def label(store: Store, node: NamedNode) -> str:
    """The label, or the IRI, of ours without the base."""
    return value(store, node, LABEL) or node.value.removeprefix(iris.BASE) or node.value


def called(store: Store, term: NamedNode) -> str:
    """How a property or class is called: another's term without a label by its name (exactMatch: exact match)."""
    local = re.split(r"[#/]", term.value.rstrip("#/"))[-1]
    return value(store, term, LABEL) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()


def namespace(term: NamedNode) -> str:
    """All before the name of a term."""
    return term.value[: max(term.value.rfind("#"), term.value.rfind("/")) + 1]


@lru_cache(maxsize=16)
def subjects(store: Store, name: NamedNode) -> tuple[str, ...]:
    """The IRIs that a named graph says something of, in order."""
    found = {quad.subject for quad in store.quads_for_pattern(None, None, None, name)}
    return tuple(sorted(node.value for node in found if isinstance(node, NamedNode)))


@lru_cache(maxsize=50_000)
def is_statement(store: Store, node: NamedNode) -> bool:
    return Quad(node, TYPE, STATEMENT, _DEFAULT) in store


def places(store: Store, node: NamedNode) -> list[Passage]:
    """The passages of a statement or finding, or the passage itself, in the order of source and place."""
    found = [quad.object for quad in store.quads_for_pattern(node, EVIDENCE, None, _DEFAULT)]
    found += [node] if value(store, node, WHERE) else []
    passages = (_passage(store, node, one) for one in found if isinstance(one, NamedNode))
    return sorted(passages, key=lambda one: (one.source, one.begin, one.end))


def _passage(store: Store, statement: NamedNode, passage: NamedNode) -> Passage:
    sha256 = NamedNode(iris.term("sha256"))
    text = NamedNode(value(store, passage, NamedNode(f"{_NIF}referenceContext")))
    _, source, place, *_ = iris.steps(passage.value)
    begin, _, end = place.partition("-")
    return Passage(
        statement=statement.value,
        label=passage.value,
        source=source,
        where=value(store, passage, WHERE),
        begin=int(begin),
        end=int(end),
        sha256=value(store, passage, sha256),
        text_sha256=value(store, text, sha256),
    )


def neighbourhood(store: Store, description: Description) -> Iterator[Triple]:
    """What a document of the node holds: all that is said of it, its passages, and the labels of what it names."""
    about = [said.triple for said in (*description.outbound, *description.inbound)]
    yield from about
    for passage in description.values(EVIDENCE):
        assert isinstance(passage, NamedNode)
        yield from (quad.triple for quad in store.quads_for_pattern(passage, None, None, _DEFAULT))
    named = {term for triple in about for term in (triple.subject, triple.object) if isinstance(term, NamedNode)}
    for term in named - {description.node}:
        yield from (quad.triple for quad in store.quads_for_pattern(term, LABEL, None, _DEFAULT))


def is_graph(store: Store, node: NamedNode) -> bool:
    """Whether the IRI names a graph that is no source: a document of ours."""
    return node.value.startswith(iris.graph("")) and store.contains_named_graph(node)


def graph(store: Store, name: NamedNode) -> list[Triple]:
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, name)]


def is_version_of_the_ontology(store: Store, node: NamedNode) -> bool:
    return Quad(ONTOLOGY, VERSION, node, _DEFAULT) in store


@lru_cache(maxsize=4)
def prefixes(store: Store) -> dict[str, str]:
    """The declared prefixes, by name."""
    names = store.quads_for_pattern(None, NamedNode(f"{_SHACL}prefix"), None, SERVICE)
    space = NamedNode(f"{_SHACL}namespace")
    found = {quad.object.value: value(store, quad.subject, space) for quad in names}  # type: ignore[union-attr,arg-type]
    return dict(sorted(found.items()))


def exists(store: Store, node: NamedNode) -> bool:
    """Whether any graph says anything of the node."""
    patterns = (store.quads_for_pattern(node, None, None, None), store.quads_for_pattern(None, None, node, None))
    return any(next(quads, None) is not None for quads in patterns)


@lru_cache(maxsize=4)
def more_general(store: Store) -> dict[NamedNode, frozenset[NamedNode]]:
    """Every property above each property."""
    above = NamedNode(f"{_RDFS}subPropertyOf")
    direct: dict[NamedNode, set[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, above, None, _DEFAULT):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            direct.setdefault(quad.subject, set()).add(quad.object)
    found: dict[NamedNode, frozenset[NamedNode]] = {}
    for start in direct:
        left, seen = list(direct[start]), set[NamedNode]()
        while left:
            one = left.pop()
            if one not in seen:
                seen.add(one)
                left += direct.get(one, ())
        found[start] = frozenset(seen - {start})
    return found


@lru_cache(maxsize=256)
def naming(store: Store, node: NamedNode) -> tuple[Said, ...]:
    """What names the node, most exactly; statements of the sources before all else."""
    described = describe(store, node)
    kept = most_exact(store, described.inbound if described else ())
    return tuple(sorted(kept, key=lambda said: not states(store, said)))


def states(store: Store, said: Said) -> bool:
    """Whether the subject is a statement of a source."""
    subject = said.triple.subject
    return isinstance(subject, NamedNode) and is_statement(store, subject)


@lru_cache(maxsize=256)
def counts(store: Store, node: NamedNode) -> dict[tuple[NamedNode, bool], int]:
    """How often each property names the node, statements and others apart."""
    return Counter((said.triple.predicate, states(store, said)) for said in naming(store, node))


def most_exact(store: Store, said: Iterable[Said]) -> list[Said]:
    """Without what is derived only because the same two things are connected by a more special property."""
    kept = list(said)
    above = more_general(store)
    said_by: dict[tuple[Term, Term], set[NamedNode]] = {}
    for one in kept:
        said_by.setdefault((one.triple.subject, one.triple.object), set()).add(one.triple.predicate)
    return [one for one in kept if not one.derived or not _is_implied(one.triple, said_by, above)]


def _is_implied(
    triple: Triple,
    said_by: dict[tuple[Term, Term], set[NamedNode]],
    above: dict[NamedNode, frozenset[NamedNode]],
) -> bool:
    others = said_by[triple.subject, triple.object]
    return any(triple.predicate in above.get(other, ()) for other in others)
