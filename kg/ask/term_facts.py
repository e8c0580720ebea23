"""What is known of a term of the ontology, each fact in words: axioms, shapes, rules, alignments, questions.

A fact is words with references in them, so that a page in Markdown and one in HTML each make links of their own."""

import functools
import importlib.resources
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kg import iris
from kg.ask import questions
from kg.ask.ontology import KINDS, Node, Ontology, Term
from kg.ask.term_shapes import demands
from kg.graph.terms import named

OWN: Final = re.compile(r"\btip:(\w+)")
COMMENT: Final = re.compile(r"(?m)^#.*$")
CONSTRUCT: Final = re.compile(r"CONSTRUCT\s*\{(?P<head>[^}]*)\}\s*WHERE\s*(?P<body>.*)", re.DOTALL)
HEADER: Final = re.compile(r"^#\+ (\w+): (.+)$", re.MULTILINE)
# Axioms of a term that have words of their own below; any other of OWL or RDF Schema is shown by its name.
WORDED: Final = (
    *("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:inverseOf", "owl:propertyChainAxiom"),
    *("owl:disjointWith", "owl:propertyDisjointWith", "owl:equivalentClass", "owl:equivalentProperty"),
    *("rdfs:label", "rdfs:seeAlso"),
)
DISJOINT: Final = (
    ("owl:disjointWith", "owl:AllDisjointClasses"),
    ("owl:propertyDisjointWith", "owl:AllDisjointProperties"),
)

# What a restriction demands: before its property, between property and value.
RESTRICTIONS: Final = (
    ("owl:hasValue", "", " is "),
    ("owl:someValuesFrom", "some ", " is a "),
    ("owl:allValuesFrom", "every ", " is a "),
    ("owl:maxCardinality", "number of ", " is at most "),
    ("owl:maxQualifiedCardinality", "number of ", " is at most "),
)


class Ref(NamedTuple):
    """A reference in words: to a resource (kind iri), or to a question, check or rule by its name."""

    kind: str
    key: str


Words = tuple[str | Ref, ...]


@dataclass(frozen=True)
class Fact:
    """One fact of a term; several may be about the same, such as two parents."""

    about: str
    words: Words


@dataclass(frozen=True)
class Rule:
    """A rule of ontology/rules: which terms of ours it derives and which it reads, by local name."""

    name: str
    file: str
    definition: str
    derives: frozenset[str]
    reads: frozenset[str]


def facts(ontology: Ontology, term: Term) -> Iterator[Fact]:
    """All facts of a term, in the order in which a page shows them."""
    yield from _hierarchy(ontology, term)
    yield from _class(ontology, term) if term.kind == "class" else _property(ontology, term)
    yield from _characteristics(ontology, term)
    yield from _disjoint(ontology, term)
    yield from _further(ontology, term)
    yield from (Fact("shape", (demand.of, demand.message)) for demand in demands(ontology, term.iri))
    yield from _alignments(ontology, term)
    yield from _uses(term)


def ref(node: Node | str) -> Ref:
    return Ref("iri", node if isinstance(node, str) else node.value)


def is_own(iri: str) -> bool:
    return iri.startswith(iris.ONTOLOGY)


def _hierarchy(ontology: Ontology, term: Term) -> Iterator[Fact]:
    yield from (Fact("parent", (ref(parent),)) for parent in ontology.parents(term.iri) if is_own(parent))
    yield from (Fact("child", (ref(child),)) for child in ontology.children(term.iri))
    for value in ontology.values(term.iri, "rdfs:subClassOf"):
        if isinstance(value, BlankNode):
            yield Fact("each of them", expression(ontology, value))


def _class(ontology: Ontology, term: Term) -> Iterator[Fact]:
    # A class of others has no page here on which its properties of ours would stand.
    domains = [term.iri, *(parent for parent in ontology.parents(term.iri) if not is_own(parent))]
    props = sorted({prop for domain in domains for prop in ontology.named_subjects("rdfs:domain", domain)})
    yield from (Fact("has", (ref(prop),)) for prop in props)
    inherited = [parent for parent in ontology.ancestors(term.iri) if is_own(parent)]
    yield from (Fact("has also what is of", (ref(parent),)) for parent in inherited)
    yield from (Fact("value of", (ref(prop),)) for prop in sorted(ontology.named_subjects("rdfs:range", term.iri)))


def _property(ontology: Ontology, term: Term) -> Iterator[Fact]:
    for about, prop in (("domain", "rdfs:domain"), ("range", "rdfs:range")):
        yield from (Fact(about, expression(ontology, value)) for value in ontology.values(term.iri, prop))
    inverse = [*ontology.values(term.iri, "owl:inverseOf"), *ontology.subjects("owl:inverseOf", term.iri)]
    yield from (Fact("inverse", (ref(other),)) for other in inverse)
    for chain in ontology.values(term.iri, "owl:propertyChainAxiom"):
        yield Fact("derived", (*in_words(list(ontology.items(chain))), ", then x ", ref(term.iri), " y"))
    if role := ontology.text(term.iri, "tip:roleName"):
        yield Fact("shown as the role", (role,))


def in_words(chain: list[Node]) -> Words:
    """A chain of properties from x to y: where x partyIn a, and a instrument y."""
    names = ["x", *"abcdefgh"[: len(chain) - 1], "y"]
    steps = [(f"{names[at]} ", ref(link), f" {names[at + 1]}") for at, link in enumerate(chain)]
    words: list[str | Ref] = ["where "]
    for at, step in enumerate(steps):
        words += [*((" and ",) if at else ()), *step]
    return tuple(words)


def _characteristics(ontology: Ontology, term: Term) -> Iterator[Fact]:
    for kind in ontology.named_values(term.iri, "rdf:type"):
        if kind not in {named(name).value for name in KINDS}:
            local = re.split(r"[#/]", kind)[-1].removesuffix("Property")
            yield Fact("characteristic", (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower(),))


def _disjoint(ontology: Ontology, term: Term) -> Iterator[Fact]:
    for prop, group in DISJOINT:
        others = [*ontology.values(term.iri, prop), *ontology.subjects(prop, term.iri)]
        for node in ontology.subjects("rdf:type", named(group)):
            members = [item for head in ontology.values(node, "owl:members") for item in ontology.items(head)]
            if NamedNode(term.iri) in members:
                others += [member for member in members if member != NamedNode(term.iri)]
        yield from (Fact("disjoint with", expression(ontology, other)) for other in dict.fromkeys(others))


def _further(ontology: Ontology, term: Term) -> Iterator[Fact]:
    """Axioms for which there are no words yet: better shown raw than left out."""
    for prop, value in ontology.said(term.iri):
        if prop.startswith(("owl:", "rdfs:")) and prop not in WORDED:
            yield Fact("further axiom", (f"{prop} ", *expression(ontology, value)))


def expression(ontology: Ontology, node: Node) -> Words:
    """A class in words: its name, or what a restriction or combination demands."""
    if isinstance(node, Literal):
        return (node.value,)
    if isinstance(node, NamedNode):
        return (ref(node),)
    for prop, before, between in RESTRICTIONS:
        for value in ontology.values(node, prop):
            return (before, ref(ontology.values(node, "owl:onProperty")[0]), between, *expression(ontology, value))
    for prop, between in (("owl:unionOf", " or "), ("owl:intersectionOf", " and "), ("owl:oneOf", " or ")):
        for head in ontology.values(node, prop):
            parts = [expression(ontology, item) for item in ontology.items(head)]
            return tuple(word for at, part in enumerate(parts) for word in ((between,) if at else ()) + part)
    for other in ontology.values(node, "owl:complementOf"):
        return ("not ", *expression(ontology, other))
    return ("an unnamed class",)


def _alignments(ontology: Ontology, term: Term) -> Iterator[Fact]:
    """Axioms and hints to terms of other vocabularies, then why they hold."""
    said = {"class": "a kind of "}.get(term.kind, "implies ")
    yield from (Fact("alignment", (said, ref(other))) for other in ontology.parents(term.iri) if not is_own(other))
    for prop in ("owl:equivalentClass", "owl:equivalentProperty"):
        for other in ontology.values(term.iri, prop):
            yield Fact("alignment", ("the same as ", *expression(ontology, other)))
    hints = ontology.named_values(term.iri, "rdfs:seeAlso")
    yield from (Fact("alignment", ("no axiom, but see ", ref(hint))) for hint in hints)
    yield from (Fact("why aligned so", (note,)) for note in term.alignment_notes)


def _uses(term: Term) -> Iterator[Fact]:
    """Rules, questions and checks that name the term."""
    for rule in packaged_rules():
        if term.local in rule.derives:
            yield Fact("derived", ("by the rule ", Ref("rule", rule.file), f": {rule.definition}"))
        if term.local in rule.reads:
            yield Fact("read by the rule", (Ref("rule", rule.file),))
    for kind, texts in (("question", _questions()), ("check", _checks())):
        for name, terms in texts.items():
            if term.local in terms:
                yield Fact(kind, (Ref(kind, name),))


@functools.cache
def packaged_rules() -> tuple[Rule, ...]:
    """The rules of ontology/rules, by file name. Raises ValueError for one that is no CONSTRUCT query."""
    folder = importlib.resources.files("kg.ontology") / "rules"
    return tuple(
        rule(item.name, item.read_text(encoding="utf-8"))
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".rq")
    )


def rule(file: str, text: str) -> Rule:
    """A rule by its text; `file` is named in errors and links."""
    header = dict(HEADER.findall(text))
    query = CONSTRUCT.search(COMMENT.sub("", text))
    if query is None or not {"name", "definition"} <= header.keys():
        raise ValueError(f"ontology/rules/{file}: must have #+ name:, #+ definition: and CONSTRUCT {{ }} WHERE {{ }}")
    derives, reads = (frozenset(OWN.findall(query[part])) for part in ("head", "body"))
    return Rule(header["name"], file, header["definition"], derives, reads)


@functools.cache
def _questions() -> dict[str, frozenset[str]]:
    return {name: _named(questions.question(name).query) for name in questions.names()}


@functools.cache
def _checks() -> dict[str, frozenset[str]]:
    folder = importlib.resources.files("kg.queries") / "checks"
    files = sorted(folder.iterdir(), key=lambda item: item.name) if folder.is_dir() else []
    return {f.name: _named(f.read_text(encoding="utf-8")) for f in files if f.name.endswith(".rq")}


def _named(query: str) -> frozenset[str]:
    """The local names of our terms that a query names, comments apart."""
    return frozenset(OWN.findall(COMMENT.sub("", query)))
