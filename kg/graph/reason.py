"""What the ontology and its rules entail about the data: all rules run to one common fixpoint."""

import importlib.resources
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import rdflib
from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from kg.graph import profile, rdflib_terms
from kg.graph.axioms import AxiomError, forbidden, rules
from kg.graph.clashes import SHOWN, clashes
from kg.graph.proof import Knowledge
from kg.graph.rulebook import Pattern, Rule
from kg.graph.terms import TYPE

DEFINITION: Final = re.compile(r"^#\+ definition: (.+)$", re.MULTILINE)
NAME: Final = re.compile(r"^#\+ name: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Laws:
    """What an ontology says about data: rules that derive, and rules without conclusions, which nothing may meet."""

    rules: tuple[Rule, ...]
    forbidden: tuple[Rule, ...]


class ReasonError(ValueError):
    """Data cannot be derived: an axiom that is not covered, a rule without a name or of the wrong form, or data that
    contradict the ontology."""


def packaged_rules() -> list[tuple[str, str]]:
    """Name and CONSTRUCT query of each rule in ontology/rules. Raises ReasonError for one without a name."""
    folder = importlib.resources.files("kg.ontology") / "rules"
    texts = {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".rq")}
    found: list[tuple[str, str]] = []
    for file, query in sorted(texts.items()):
        name = NAME.search(query)
        if name is None:
            raise ReasonError(f"ontology/rules/{file}: the header has no line #+ name:")
        found.append((name[1], query))
    return found


def packaged_laws(ontology: Iterable[Triple]) -> Laws:
    """What this ontology and the packaged rules say.

    Raises ReasonError, also for an ontology that is not in OWL 2 RL, where the rules would not say everything."""
    graph = rdflib_terms.graph(ontology)
    broken = profile.check(graph)
    if broken:
        raise ReasonError("\n".join(["the ontology is not in OWL 2 RL:", *(str(breach) for breach in broken)]))
    return compile_laws(graph, packaged_rules())


def compile_laws(ontology: rdflib.Graph, extra: Sequence[tuple[str, str]]) -> Laws:
    """What the ontology and further rules say, those as (name, CONSTRUCT query).

    Raises ReasonError naming an axiom that is not covered or a rule that is no CONSTRUCT."""
    try:
        axioms, never = rules(ontology), forbidden(ontology)
    except AxiomError as error:
        raise ReasonError(str(error)) from error
    return Laws((*axioms, *(_written(name, query) for name, query in extra)), tuple(never))


def derive(data: Iterable[Triple], ontology: Iterable[Triple], laws: Laws) -> set[Triple]:
    """What the laws entail beyond the data and beyond what the ontology itself says. Raises ReasonError."""
    return _fixpoint(data, laws) - set(ontology)


def infer(asserted: Iterable[Triple], ontology: rdflib.Graph, extra: Sequence[tuple[str, str]]) -> set[Triple]:
    """The triples that follow from the data and are not among it; `extra` are rules as (name, CONSTRUCT query).

    Raises ReasonError as `compile_laws` does, or naming what in the data contradicts the ontology."""
    return _fixpoint(asserted, compile_laws(ontology, extra))


def _fixpoint(asserted: Iterable[Triple], laws: Laws) -> set[Triple]:
    known = set(asserted)
    given = frozenset(known)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in known)
    _to_fixpoint(laws.rules, store, known)
    _refuse_clashes(Knowledge(store, laws.rules, given.__contains__), laws)
    return known - given


def _to_fixpoint(all_rules: Sequence[Rule], store: Store, known: set[Triple]) -> None:
    """Fire rules until none says more; each again only after something that it reads was added."""
    fired: dict[Rule, int] = {}
    # Property or class -> the number of the last firing that added a triple with it.
    added: dict[str, int] = {}
    number, more = 0, True
    while more:
        more = False
        for rule in all_rules:
            read = added if rule.reads is None else rule.reads & added.keys()
            if rule in fired and all(added[name] < fired[rule] for name in read):
                continue
            number += 1
            fired[rule] = number
            new = _fire(rule, store, known)
            added.update((name, number) for triple in new for name in _about(triple))
            more = more or bool(new)


def _about(triple: Triple) -> Iterator[str]:
    """What a rule must read to see the triple: its property, or the class that it gives."""
    yield triple.predicate.value
    if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
        yield triple.object.value


def _fire(rule: Rule, store: Store, known: set[Triple]) -> set[Triple]:
    """Add what one rule says now; gives back what is new."""
    new = set(_results(rule.name, rule.query, store)) - known
    store.extend(Quad(*triple) for triple in new)
    known |= new
    return new


def _refuse_clashes(knowledge: Knowledge, laws: Laws) -> None:
    found = clashes(knowledge, laws.forbidden)
    if found:
        more = [f"... and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise ReasonError("\n".join([f"the data contradict the ontology ({len(found)}):", *found[:SHOWN], *more]))


def _results(name: str, query: str, store: Store) -> QueryTriples:
    try:
        results = store.query(query)
    except SyntaxError as error:
        raise ReasonError(f"rule {name}: {error}") from error
    if not isinstance(results, QueryTriples):
        raise ReasonError(f"rule {name}: must be a CONSTRUCT query")
    return results


def _written(name: str, query: str) -> Rule:
    """A rule that is written as a query, with the triples that it makes and those that it needs."""
    _results(name, query, Store())
    parsed = translateQuery(parseQuery(query))
    definition = DEFINITION.search(query)
    body = "\n".join(line for line in query.split("\n") if not line.startswith("#+")).strip() + "\n"
    makes = tuple(_pattern(name, triple) for triple in parsed.algebra.template)
    needs = tuple(sorted(_pattern(name, triple) for triple in _needed(parsed.algebra.p)))
    return Rule(name, body, needs, makes, definition[1] if definition else "")


def _needed(part: CompValue) -> Iterator[tuple[Node, ...]]:
    """The triples of a query's body, but for those that must not be there."""
    if part.name == "BGP":
        yield from part.triples
    for key in ("p", "p1") if part.name == "Minus" else ("p", "p1", "p2"):
        if key in part:
            yield from _needed(part[key])


def _pattern(name: str, triple: Iterable[Node]) -> Pattern:
    terms = [term.n3() for term in triple if isinstance(term, rdflib.Variable | rdflib.URIRef | rdflib.Literal)]
    if len(terms) != 3:
        raise ReasonError(f"rule {name}: in a rule, write each step of a path and name each thing by a variable")
    return (terms[0], terms[1], terms[2])
