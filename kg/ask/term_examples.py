"""An example query for each term and list of concepts, made from the axioms: it runs as pasted in any SPARQL tool."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pyoxigraph import QuerySolutions, Store

from kg.ask.ontology import Ontology, Scheme, Term
from kg.graph.terms import prefixes

ROWS: Final = 10
PREFIXED: Final = re.compile(r"(?<![\w?<:/#-])([a-z]+):\w")
PLACE: Final = "?passage tip:where ?where"


class Example(NamedTuple):
    """A query, and whether the graph has rows for it."""

    query: str
    has_rows: bool


def example(store: Store, ontology: Ontology, term: Term) -> Example:
    """The first of the queries of a term that has rows; the first one, where no data uses the term."""
    candidates = list(queries(ontology, term))
    for query in candidates:
        if has_rows(store, query):
            return Example(query, True)
    return Example(candidates[0], False)


def has_rows(store: Store, query: str) -> bool:
    solutions = store.query(query)
    return isinstance(solutions, QuerySolutions) and next(iter(solutions), None) is not None


def queries(ontology: Ontology, term: Term) -> Iterator[str]:
    """Queries that show a term in use, the one that says most first."""
    if term.kind != "class":
        yield from _of_property(ontology, term)
    elif ontology.is_a(term.iri, "tip:Entity"):
        yield _counted(term)
        yield _instances(term, ())
    else:
        yield _instances(term, (f"?{_variable(term.label)} tip:evidence ?passage", PLACE))
        yield _instances(term, ())


def of_scheme(scheme: Scheme) -> str:
    """The concepts of a list with what has them."""
    patterns = [
        f"?concept skos:inScheme <{scheme.iri}>",
        "?concept skos:notation ?notation",
        "?concept rdfs:label ?label",
        "?thing ?property ?concept",
    ]
    columns = "?notation ?label ?property (COUNT(?thing) AS ?things)"
    return _query(columns, patterns, "?notation ?property", group="?notation ?label ?property")


def _counted(term: Term) -> str:
    """Entities, those first of which most passages speak."""
    thing = f"?{_variable(term.label)}"
    patterns = [
        f"{thing} a {term.name}",
        f"{thing} rdfs:label ?label",
        f"?statement ?property {thing}",
        "?statement tip:evidence ?passage",
        "?passage tip:where ?place",
    ]
    columns = f"{thing} ?label (COUNT(DISTINCT ?passage) AS ?passages) (MIN(STR(?place)) AS ?where)"
    return _query(columns, patterns, f"DESC(?passages) {thing}", group=f"{thing} ?label")


def _instances(term: Term, place: tuple[str, ...]) -> str:
    thing = f"?{_variable(term.label)}"
    columns = f"{thing} ?label ?where" if place else f"{thing} ?label"
    patterns = [f"{thing} a {term.name}", f"{thing} rdfs:label ?label", *place]
    return _query(columns, patterns, "?label ?where" if place else f"?label {thing}")


def _of_property(ontology: Ontology, term: Term) -> Iterator[str]:
    subject, value = _ends(ontology, term)
    labels = [f"{subject} rdfs:label {subject}_label"]
    shown = [subject, f"{subject}_label", value]
    if term.kind == "object property":
        labels.append(f"{value} rdfs:label {value}_label")
        shown.append(f"{value}_label")
    stated = f"{subject} {term.name} {value}"
    for middle, more in _evidence(ontology, term, subject, value):
        patterns = [stated, *labels, *more, f"{middle} tip:evidence ?passage", PLACE]
        yield _query(" ".join(dict.fromkeys([*shown, "?where"])), patterns, f"{subject}_label {shown[-1]} ?where")
    yield _query(" ".join(shown), [stated, *labels], f"{subject}_label {shown[-1]}")
    yield _query(f"{subject} {value}", [stated], f"{subject} {value}")


def _evidence(ontology: Ontology, term: Term, subject: str, value: str) -> Iterator[tuple[str, list[str]]]:
    """What may have the passage, with the patterns that lead there: the statement in the middle of a chain, the
    subject, or the value."""
    for chain in ontology.values(term.iri, "owl:propertyChainAxiom"):
        links = [ontology.terms[link.value] for link in ontology.items(chain)]
        nodes = [subject, *(f"?statement{at or ''}" for at in range(len(links) - 1)), value]
        yield nodes[1], [f"{nodes[at]} {link.name} {nodes[at + 1]}" for at, link in enumerate(links)]
    yield subject, []
    if term.kind == "object property":
        yield value, []


def _ends(ontology: Ontology, term: Term) -> tuple[str, str]:
    """Variables for subject and value of a property, named for what they are."""
    domain, kind = (ontology.named_values(term.iri, prop) for prop in ("rdfs:domain", "rdfs:range"))
    subject = _variable(ontology.text(domain[0], "rdfs:label")) if domain else "term"
    label = ontology.text(kind[0], "rdfs:label") if kind else ""
    value = _variable(label if label and label != "concept" else term.label)
    return f"?{subject}", f"?other_{value}" if value == subject else f"?{value}"


def _variable(label: str) -> str:
    return re.sub(r"\W+", "_", label.lower())


def _query(columns: str, patterns: Iterable[str], order: str, *, group: str = "") -> str:
    body = "".join(f"  {pattern} .\n" for pattern in dict.fromkeys(patterns))
    grouped = f"GROUP BY {group}\n" if group else ""
    used = sorted(set(PREFIXED.findall(body)))
    declared = "".join(f"PREFIX {prefix}: <{prefixes()[prefix]}>\n" for prefix in used)
    return f"{declared}\nSELECT {columns}\nWHERE {{\n{body}}}\n{grouped}ORDER BY {order}\nLIMIT {ROWS}\n"
