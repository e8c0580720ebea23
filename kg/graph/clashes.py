"""What the data contradict: things that break an axiom which forbids something, told with the places that say so."""

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from kg import iris
from kg.graph.proof import Knowledge, Proof, premises, proofs
from kg.graph.rulebook import Rule
from kg.graph.terms import TYPE, tip

SHOWN: Final = 10


def clashes(knowledge: Knowledge, forbidden: Sequence[Rule]) -> list[str]:
    """Each clash in words: what is forbidden, then each thing that breaks it with the shortest proof of it."""
    found: dict[str, str] = {}
    for rule in forbidden:
        for needed in _broken(knowledge.store, rule):
            # The two ends of an asymmetric property, say, are one clash.
            key = " ".join([rule.name, *sorted(map(str, needed))])
            if key not in found:
                found[key] = "\n".join([f"{rule.name}, but", *(_why(knowledge, triple) for triple in needed)])
    return list(found.values())


def _broken(store: Store, rule: Rule) -> Iterator[tuple[Triple, ...]]:
    solutions = store.query(rule.query)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows = [dict(zip(names, solution, strict=True)) for solution in solutions]
    return iter(sorted((premises(rule, row) for row in rows), key=str))


def _why(knowledge: Knowledge, triple: Triple) -> str:
    proof = proofs(knowledge, triple)[0]
    if proof.rule is None:
        return f"  {_stated(knowledge.store, triple)}"
    by = " and ".join(dict.fromkeys(_rules(proof)))
    stated = "; ".join(_stated(knowledge.store, part) for part in sorted(proof.rests_on, key=str))
    return f"  {_words(triple)}, by {by}, from: {stated}"


def _rules(proof: Proof) -> Iterator[str]:
    if proof.rule is not None:
        yield proof.rule.name
    for premise in proof.premises:
        yield from _rules(premise)


def _stated(store: Store, triple: Triple) -> str:
    """An asserted triple with the places in the sources that state its subject."""
    places = [
        place.object.value
        for passage in store.quads_for_pattern(triple.subject, tip("evidence"), None, None)
        if isinstance(passage.object, NamedNode)
        for place in store.quads_for_pattern(passage.object, tip("where"), None, None)
        if isinstance(place.object, Literal)
    ]
    return f"{_words(triple)} (stated: {'; '.join(sorted(places)) or 'no passage'})"


def _words(triple: Triple) -> str:
    subject, value = (_short(term) for term in (triple.subject, triple.object))
    return f"{subject} {'a' if triple.predicate == TYPE else _short(triple.predicate)} {value}"


def _short(term: object) -> str:
    if not isinstance(term, NamedNode):
        return str(term)
    return term.value.removeprefix(iris.ONTOLOGY).removeprefix(iris.BASE)
