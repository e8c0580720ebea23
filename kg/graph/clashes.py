"""What the data contradict: things that break an axiom which forbids something, told with the places that say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from kg import iris
from kg.graph.proof import Knowledge, Proof, premises, proofs, term_of
from kg.graph.rulebook import Pattern, Rule
from kg.graph.terms import TYPE, tip

SHOWN: Final = 10
Things = set[NamedNode | BlankNode | Triple]


def clashes(knowledge: Knowledge, forbidden: Sequence[Rule]) -> list[str]:
    """Each clash in words: what is forbidden, then each thing that breaks it with the shortest proof of it."""
    found: dict[str, str] = {}
    things = _things(knowledge.store, {premise for rule in forbidden for premise in rule.premises})
    for rule in (rule for rule in forbidden if _has_candidates(rule, things)):
        for needed in _broken(knowledge.store, rule):
            # The two ends of an asymmetric property, say, are one clash.
            key = " ".join([rule.name, *sorted(map(str, needed))])
            if key not in found:
                found[key] = "\n".join([f"{rule.name}, but", *(_why(knowledge, triple) for triple in needed)])
    return list(found.values())


def _things(store: Store, patterns: Iterable[Pattern]) -> dict[Pattern, Things]:
    """The things of which each pattern says something that holds, whatever the variables are elsewhere."""
    found: dict[Pattern, Things] = {}
    for pattern in patterns:
        subject, predicate, value = (None if part.startswith("?") else term_of(part) for part in pattern)
        matches = store.quads_for_pattern(subject, predicate, value, DefaultGraph())  # type: ignore[arg-type]
        found[pattern] = {quad.subject for quad in matches}
    return found


def _has_candidates(rule: Rule, things: Mapping[Pattern, Things]) -> bool:
    """Whether a thing meets all premises about it, each by itself: most rules are pairs of classes that have nothing in
    common, and to compare sets is much faster than a query for each pair."""
    return bool(set.intersection(*(things[premise] for premise in rule.premises if premise[0] == "?x")))


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
