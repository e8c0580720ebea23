"""What the ontology and its rules entail about the data: all rules run to one common fixpoint."""

import importlib.resources
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import rdflib
from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from kg.graph import profile, rdflib_terms
from kg.graph.axioms import AxiomError, Rule, rules
from kg.graph.terms import TYPE

NAME: Final = re.compile(r"^#\+ name: (.+)$", re.MULTILINE)


class ReasonError(ValueError):
    """Data cannot be derived: an axiom that is not covered, or a rule without a name or of the wrong form."""


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


def derive(data: Iterable[Triple], ontology: Iterable[Triple]) -> set[Triple]:
    """What ontology and packaged rules entail beyond the data and beyond what the ontology itself says.

    Raises ReasonError for an ontology that is not in OWL 2 RL, where the rules would not say everything."""
    known = set(ontology)
    graph = rdflib_terms.graph(known)
    broken = profile.check(graph)
    if broken:
        raise ReasonError("\n".join(["the ontology is not in OWL 2 RL:", *(str(breach) for breach in broken)]))
    return infer(data, graph, packaged_rules()) - known


def infer(asserted: Iterable[Triple], ontology: rdflib.Graph, extra: Sequence[tuple[str, str]]) -> set[Triple]:
    """The triples that follow from the data and are not among it; `extra` are rules as (name, CONSTRUCT query).

    Raises ReasonError naming an axiom that is not covered or a rule that is no CONSTRUCT."""
    try:
        all_rules = [*rules(ontology), *(Rule(name, query) for name, query in extra)]
    except AxiomError as error:
        raise ReasonError(str(error)) from error
    known = set(asserted)
    given = frozenset(known)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in known)
    _to_fixpoint(all_rules, store, known)
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
    try:
        results = store.query(rule.query)
    except SyntaxError as error:
        raise ReasonError(f"rule {rule.name}: {error}") from error
    if not isinstance(results, QueryTriples):
        raise ReasonError(f"rule {rule.name}: must be a CONSTRUCT query")
    new = set(results) - known
    store.extend(Quad(*triple) for triple in new)
    known |= new
    return new
