"""Diagrams of the ontology in Mermaid, which GitHub draws: made from domains, ranges and hierarchies, so never stale.

What an arrow says is a box of its own in the middle of it: Mermaid lets labels of arrows cover each other."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from kg.ask.ontology import Ontology, Term
from kg.graph.terms import named

STATEMENT: Final = named("tip:Statement").value
ENTITY: Final = named("tip:Entity").value
CONCERNS: Final = named("tip:concerns").value
WIDTH: Final = 28
STYLE: Final = (
    "  classDef statement fill:#fff4dd,stroke:#b7791f,color:#1a202c",
    "  classDef entity fill:#e0f2fe,stroke:#0369a1,color:#1a202c",
    "  classDef provenance fill:#ecfdf5,stroke:#047857,color:#1a202c",
    "  classDef says fill:none,stroke:none",
)


class Edge(NamedTuple):
    """From a class to a class, by IRI; what it says, or "" for: is a kind of."""

    start: str
    end: str
    says: str


def statements(ontology: Ontology) -> str:
    """Each kind of statement with the things to which its roles point; roles under one parent stand behind it."""
    edges: list[Edge] = []
    for kind in own(ontology, ontology.children(STATEMENT)):
        for end, roles in _roles(ontology, kind.iri).items():
            edges.append(Edge(kind.iri, end, "; ".join(roles)))
    return drawn(ontology, edges)


def _roles(ontology: Ontology, kind: str) -> dict[str, list[str]]:
    """Class of the values -> the roles of a kind of statement and of the kinds under it."""
    found: dict[str, list[str]] = {}
    tops = [term for term in linking(ontology) if term.kind == "object property" and not _role_above(ontology, term)]
    for term in tops:
        domain, end = _ends(ontology, term)
        if kind in (domain, *ontology.ancestors(domain)):
            below = [child.label for child in _below(ontology, term)]
            found.setdefault(end, []).append(f"{term.label}: {', '.join(below)}" if below else term.label)
    return found


def _role_above(ontology: Ontology, term: Term) -> bool:
    return any(parent in ontology.terms and parent != CONCERNS for parent in ontology.parents(term.iri))


def _below(ontology: Ontology, term: Term) -> Iterator[Term]:
    for child in own(ontology, ontology.children(term.iri)):
        deeper = list(_below(ontology, child))
        yield from deeper or [child]


def provenance(ontology: Ontology) -> str:
    """What every statement has, and the kinds of things that statements are about."""
    edges = [Edge(child.iri, parent, "") for child, parent in _kinds(ontology, ENTITY)]
    for term in linking(ontology):
        start, end = _ends(ontology, term)
        if start == STATEMENT:
            edges.append(Edge(start, end, term.label))
        elif start == named("prov:Entity").value:
            edges.append(Edge(STATEMENT, end, term.label))
    return drawn(ontology, merged(edges))


def shortcuts(ontology: Ontology) -> str:
    """What holds directly between things: shortcuts, parts, and the acts by which states become party."""
    edges = [Edge(*_ends(ontology, term), term.label) for term in linking(ontology)]
    between = [
        edge for edge in edges if ontology.is_a(edge.start, "tip:Entity") and ontology.is_a(edge.end, "tip:Entity")
    ]
    return drawn(ontology, merged(between))


def group(ontology: Ontology, terms: Iterable[Term]) -> str:
    """The classes and properties of one group; "" where nothing links two classes."""
    inside = list(terms)
    edges = [
        Edge(term.iri, parent.iri, "")
        for term in inside
        for parent in own(ontology, ontology.parents(term.iri))
        if term.kind == "class" and parent.iri != STATEMENT
    ]
    links = {term.iri for term in linking(ontology)}
    edges += merged(Edge(*_ends(ontology, term), term.label) for term in inside if term.iri in links)
    return drawn(ontology, edges) if edges else ""


def own(ontology: Ontology, some: Iterable[str]) -> list[Term]:
    return [ontology.terms[iri] for iri in some if iri in ontology.terms]


def linking(ontology: Ontology) -> list[Term]:
    """The properties from a class to a class of ours; concepts are no things in a diagram."""
    ends = {term: _ends(ontology, term) for term in ontology.terms.values()}
    return [term for term, (start, end) in ends.items() if start and end in ontology.terms]


def _ends(ontology: Ontology, term: Term) -> tuple[str, str]:
    ends = (ontology.named_values(term.iri, prop) for prop in ("rdfs:domain", "rdfs:range"))
    start, end = (next(iter(found), "") for found in ends)
    return start, end


def _kinds(ontology: Ontology, top: str) -> Iterator[tuple[Term, str]]:
    for child in own(ontology, ontology.children(top)):
        yield child, top
        yield from _kinds(ontology, child.iri)


def merged(edges: Iterable[Edge]) -> list[Edge]:
    """One edge for all that is said from a class to a class."""
    found: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        found.setdefault((edge.start, edge.end), []).append(edge.says)
    return [Edge(start, end, "" if says == [""] else ", ".join(says)) for (start, end), says in found.items()]


def drawn(ontology: Ontology, edges: list[Edge]) -> str:
    """A Mermaid flow chart in a fenced block."""
    lines = [line for number, edge in enumerate(edges, 1) for line in _lines(ontology, edge, f"says{number}")]
    nodes = dict.fromkeys(iri for edge in edges for iri in (edge.start, edge.end))
    boxes = [f'  {_id(ontology, iri)}["{_label(ontology, iri)}"]:::{_style(ontology, iri)}' for iri in nodes]
    return "\n".join(["```mermaid", "flowchart LR", *boxes, *lines, *STYLE, "```"]) + "\n"


def _lines(ontology: Ontology, edge: Edge, middle: str) -> Iterator[str]:
    start, end = _id(ontology, edge.start), _id(ontology, edge.end)
    if not edge.says:
        yield f"  {start} -.-> {end}"
        return
    yield f'  {middle}["{"<br/>".join(textwrap.wrap(edge.says, WIDTH))}"]:::says'
    yield f"  {start} --- {middle} --> {end}"


def _id(ontology: Ontology, iri: str) -> str:
    return ontology.terms[iri].local if iri in ontology.terms else _label(ontology, iri).title().replace(" ", "")


def _label(ontology: Ontology, iri: str) -> str:
    return ontology.text(iri, "rdfs:label") or iri


def _style(ontology: Ontology, iri: str) -> str:
    kinds = (("tip:Statement", "statement"), ("tip:Entity", "entity"))
    return next((style for top, style in kinds if ontology.is_a(iri, top)), "provenance")
