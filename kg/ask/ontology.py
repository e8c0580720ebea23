"""The packaged ontology for those who read about it: its header, its terms and its lists of concepts.

What a term means beside its own description (axioms in words, shapes, rules, questions) is in kg.ask.term_facts."""

import functools
import importlib.resources
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg import iris
from kg.graph.terms import named, prefixes

Node = NamedNode | BlankNode | Literal
FILES: Final = ("tip.ttl", "vocab.ttl", "alignments.ttl", "shapes.ttl")
KINDS: Final = {
    "owl:Class": "class",
    "owl:ObjectProperty": "object property",
    "owl:DatatypeProperty": "data property",
    "owl:AnnotationProperty": "annotation property",
}
ALIGNMENT: Final = "Alignment: "
# A heading of a group, or the name of a term of ours under it, as they stand in tip.ttl.
GROUPED: Final = re.compile(r"^# (?P<group>.+)$|^tip:(?P<term>\w+) a ", re.MULTILINE)


@dataclass(frozen=True)
class Term:
    """A class or property of ours. `sources` are IRIs; `notes` are editorial notes that are not about alignment."""

    iri: str
    kind: str
    label: str
    definition: str
    example: str
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    alignment_notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """tip:Ratification"""
        return short(self.iri)

    @property
    def local(self) -> str:
        return self.iri.removeprefix(iris.ONTOLOGY)


@dataclass(frozen=True)
class Concept:
    """A value of a closed list."""

    iri: str
    label: str
    notation: str
    definition: str


@dataclass(frozen=True)
class Scheme:
    """A closed list; `slug` is the part of its IRI after vocab/, concepts in the order in which they are written."""

    iri: str
    slug: str
    label: str
    definition: str
    concepts: tuple[Concept, ...]


@dataclass(frozen=True)
class Header:
    """What the ontology says of itself."""

    iri: str
    title: str
    abstract: str
    version: str
    version_iri: str
    prior_version: str
    created: str
    modified: str
    licence: str
    citation: str
    prefix: str
    namespace: str
    creator: str
    notes: tuple[str, ...]


class Ontology:
    """Triples by subject and by object, in the order in which they are written."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._said: dict[Node, dict[NamedNode, list[Node]]] = {}
        self._of: dict[tuple[NamedNode, Node], list[Node]] = {}
        for triple in triples:
            subject, value = _node(triple.subject), _node(triple.object)
            self._said.setdefault(subject, {}).setdefault(triple.predicate, []).append(value)
            self._of.setdefault((triple.predicate, value), []).append(subject)

    def values(self, subject: str | Node, prop: str) -> list[Node]:
        """What the subject (an IRI or a node) has under a property (prefix:name)."""
        node = NamedNode(subject) if isinstance(subject, str) else subject
        return self._said.get(node, {}).get(named(prop), [])

    def text(self, subject: str | Node, prop: str) -> str:
        """The first value as a string; "" for none."""
        return next((value.value for value in self.values(subject, prop)), "")

    def named_values(self, subject: str | Node, prop: str) -> list[str]:
        """The values that have an IRI."""
        return [value.value for value in self.values(subject, prop) if isinstance(value, NamedNode)]

    def subjects(self, prop: str, value: str | Node) -> list[Node]:
        """Which subjects have the value (an IRI or a node) under a property (prefix:name)."""
        node = NamedNode(value) if isinstance(value, str) else value
        return self._of.get((named(prop), node), [])

    def named_subjects(self, prop: str, value: str | Node) -> list[str]:
        return [node.value for node in self.subjects(prop, value) if isinstance(node, NamedNode)]

    def said(self, subject: str) -> Iterator[tuple[str, Node]]:
        """All that is said of a subject: property (prefix:name) and value."""
        for prop, values in self._said.get(NamedNode(subject), {}).items():
            yield from ((short(prop.value), value) for value in values)

    def items(self, head: Node) -> Iterator[Node]:
        """The items of an RDF list."""
        while head != named("rdf:nil"):
            yield self.values(head, "rdf:first")[0]
            head = self.values(head, "rdf:rest")[0]

    @functools.cached_property
    def terms(self) -> dict[str, Term]:
        """IRI -> term, for the terms of our own namespace, in the order in which they are written."""
        found = [node.value for node in self._said if isinstance(node, NamedNode)]
        kinds = {iri: self._kind(iri) for iri in found if iri.startswith(iris.ONTOLOGY)}
        return {iri: self._term(iri, kind) for iri, kind in kinds.items() if kind}

    def _kind(self, iri: str) -> str:
        types = self.values(iri, "rdf:type")
        return next((kind for name, kind in KINDS.items() if named(name) in types), "")

    def _term(self, iri: str, kind: str) -> Term:
        notes = [note.value for note in self.values(iri, "skos:editorialNote")]
        return Term(
            iri=iri,
            kind=kind,
            label=self.text(iri, "rdfs:label"),
            definition=self.text(iri, "skos:definition"),
            example=self.text(iri, "skos:example"),
            sources=tuple(self.named_values(iri, "dcterms:source")),
            notes=tuple(note for note in notes if not note.startswith(ALIGNMENT)),
            alignment_notes=tuple(note.removeprefix(ALIGNMENT) for note in notes if note.startswith(ALIGNMENT)),
        )

    def parents(self, iri: str) -> list[str]:
        """The named classes or properties directly above one, our own and others'."""
        return self.named_values(iri, "rdfs:subClassOf") + self.named_values(iri, "rdfs:subPropertyOf")

    def children(self, iri: str) -> list[str]:
        """The classes or properties directly below one, by IRI."""
        found = self.named_subjects("rdfs:subClassOf", iri) + self.named_subjects("rdfs:subPropertyOf", iri)
        return sorted(found)

    def ancestors(self, iri: str) -> list[str]:
        """All classes or properties above one, the nearest first."""
        found: list[str] = []
        left = self.parents(iri)
        while left:
            parent = left.pop(0)
            if parent not in found:
                found.append(parent)
                left += self.parents(parent)
        return found

    def is_a(self, iri: str, ancestor: str) -> bool:
        """Whether a class or property (IRI) is another (prefix:name) or under it."""
        return named(ancestor).value in (iri, *self.ancestors(iri))

    @functools.cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        return tuple(map(self._scheme, self.named_subjects("rdf:type", named("skos:ConceptScheme"))))

    def _scheme(self, iri: str) -> Scheme:
        concepts = tuple(map(self._concept, self.named_subjects("skos:inScheme", iri)))
        slug = iri.rpartition("/")[2]
        return Scheme(iri, slug, self.text(iri, "rdfs:label"), self.text(iri, "skos:definition"), concepts)

    def _concept(self, iri: str) -> Concept:
        texts = (self.text(iri, prop) for prop in ("rdfs:label", "skos:notation", "skos:definition"))
        return Concept(iri, *texts)

    @property
    def header(self) -> Header:
        """Raises ValueError where the triples have no or several ontologies."""
        (iri,) = self.named_subjects("rdf:type", named("owl:Ontology"))
        creator = self.text(iri, "dcterms:creator")
        return Header(
            iri=iri,
            title=self.text(iri, "dcterms:title"),
            abstract=self.text(iri, "dcterms:abstract"),
            version=self.text(iri, "owl:versionInfo"),
            version_iri=self.text(iri, "owl:versionIRI"),
            prior_version=self.text(iri, "owl:priorVersion"),
            created=self.text(iri, "dcterms:created")[:10],
            modified=self.text(iri, "dcterms:modified")[:10],
            licence=self.text(iri, "dcterms:license"),
            citation=self.text(iri, "dcterms:bibliographicCitation"),
            prefix=self.text(iri, "vann:preferredNamespacePrefix"),
            namespace=self.text(iri, "vann:preferredNamespaceUri"),
            creator=self.text(creator, "foaf:name") if creator else "",
            notes=tuple(note.value for note in self.values(iri, "skos:editorialNote")),
        )


def _node(term: object) -> Node:
    if not isinstance(term, NamedNode | BlankNode | Literal):
        raise TypeError(f"{term}: the ontology has no triples about triples")
    return term


@functools.cache
def packaged() -> Ontology:
    """The ontology of this release: terms, vocabularies, alignments and shapes."""
    folder = importlib.resources.files("kg.ontology")
    texts = [(folder / name).read_bytes() for name in FILES]
    return Ontology(quad.triple for text in texts for quad in parse(text, RdfFormat.TURTLE))


@functools.cache
def packaged_groups() -> dict[str, tuple[str, ...]]:
    """Heading -> IRIs of its terms, as tip.ttl groups them: its headings are comments, which no parser keeps."""
    text = (importlib.resources.files("kg.ontology") / "tip.ttl").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    heading = ""
    for match in GROUPED.finditer(text):
        heading = match["group"] or heading
        if match["term"]:
            found.setdefault(heading, []).append(iris.term(match["term"]))
    return {group: tuple(terms) for group, terms in found.items()}


def short(iri: str) -> str:
    """prefix:name, by the longest namespace of ontology/prefixes.ttl that fits; the IRI itself where none does."""
    fitting = [(namespace, prefix) for prefix, namespace in prefixes().items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"
