"""Why a triple holds: its proofs, down to what is asserted, by the rules that derived it.

A proof ends at what is asserted, even where that could be derived too. Proofs are as few as can be: one for each
smallest set of asserted triples from which the triple follows, and of the proofs from one set the shortest. So nothing
goes round in a circle where rules lead back (inverse, symmetric, transitive): that way needs no less and is longer."""

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple, Variable, parse

from kg.graph.rulebook import Pattern, Rule

Term = NamedNode | BlankNode | Literal
HEAD: Final = re.compile(r"CONSTRUCT\s*\{[^{}]*\}")


@dataclass(frozen=True)
class Proof:
    """A triple that holds: asserted (no rule), or made by a rule from premises, of which each has its proof.

    `rests_on` are the asserted triples that it goes back to; `steps` counts its triples, as often as they occur."""

    triple: Triple
    rule: Rule | None
    premises: tuple["Proof", ...]
    rests_on: frozenset[Triple]
    steps: int


@dataclass(frozen=True)
class Knowledge:
    """What proofs are searched in: a store whose default graph holds everything, the rules that derived a part of it,
    and which triples are asserted."""

    store: Store
    rules: Sequence[Rule]
    asserted: Callable[[Triple], bool]


ByConclusion = Mapping[tuple[str, str], list[tuple[Rule, Pattern]]]
# How one rule makes a triple here: the rule, and its premises.
Step = tuple[Rule, tuple[Triple, ...]]
Found = dict[frozenset[Triple], Proof]


def proofs(knowledge: Knowledge, goal: Triple) -> list[Proof]:
    """All proofs of a triple, those that rest on least first; none if it does not hold. An asserted one has one."""
    steps = _steps_below(knowledge, goal)
    found: dict[Triple, Found] = {triple: {} for triple in steps}
    for triple in steps:
        if knowledge.asserted(triple):
            found[triple] = {frozenset([triple]): Proof(triple, None, (), frozenset([triple]), 1)}
    changed = True
    while changed:
        changed = False
        # Reached last is nearest to what is asserted: beginning there, few rounds are needed.
        for triple in reversed(steps):
            now = _smallest(_proofs_by(triple, steps[triple], found)) if steps[triple] else found[triple]
            changed |= _sizes(now) != _sizes(found[triple])
            found[triple] = now
    return sorted(found[goal].values(), key=lambda by: (len(by.rests_on), by.steps, sorted(map(str, by.rests_on))))


def _steps_below(knowledge: Knowledge, goal: Triple) -> dict[Triple, list[Step]]:
    """Every triple that some proof of the goal can need, with all ways in which a rule makes it; none for asserted."""
    rules = _by_conclusion(knowledge.rules)
    found: dict[Triple, list[Step]] = {}
    for triple in (queue := [goal]):
        if triple not in found:
            found[triple] = [] if knowledge.asserted(triple) else list(_steps(knowledge.store, rules, triple))
            queue += [premise for _, premises in found[triple] for premise in premises]
    return found


def _by_conclusion(rules: Iterable[Rule]) -> ByConclusion:
    """Rules by predicate and object of what they conclude, "" for any."""
    found: dict[tuple[str, str], list[tuple[Rule, Pattern]]] = {}
    for rule in rules:
        for pattern in rule.conclusions:
            key = tuple("" if part.startswith("?") else part for part in pattern[1:])
            found.setdefault((key[0], key[1]), []).append((rule, pattern))
    return found


def _steps(store: Store, rules: ByConclusion, triple: Triple) -> Iterator[Step]:
    predicate, value = str(triple.predicate), str(triple.object)
    for key in ((predicate, value), (predicate, ""), ("", value), ("", "")):
        for rule, pattern in rules.get(key, ()):
            bound = _match(pattern, triple)
            if bound is not None:
                yield from sorted((step for step in _fired(store, rule, bound) if triple not in step[1]), key=str)


def _match(pattern: Pattern, triple: Triple) -> dict[str, Term] | None:
    """What the variables of a conclusion are if it is this triple; None if it cannot be."""
    bound: dict[str, Term] = {}
    for part, term in zip(pattern, triple, strict=True):
        if part.startswith("?"):
            if bound.setdefault(part[1:], term) != term:
                return None
        elif term_of(part) != term:
            return None
    return bound


def _fired(store: Store, rule: Rule, bound: Mapping[str, Term]) -> Iterator[Step]:
    """The ways in which the premises of a rule hold, some of its variables bound."""
    solutions = store.query(_select(rule.query), substitutions={Variable(name): term for name, term in bound.items()})
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        values = {**bound, **{name: value for name, value in zip(names, solution, strict=True) if value is not None}}
        yield rule, premises(rule, values)


def premises(rule: Rule, values: Mapping[str, Term]) -> tuple[Triple, ...]:
    """The premises of a rule with these values of its variables; one with a variable that is left open is left out."""
    found: list[Triple] = []
    for pattern in rule.premises:
        if all(not part.startswith("?") or part[1:] in values for part in pattern):
            subject, predicate, value = (values[p[1:]] if p.startswith("?") else term_of(p) for p in pattern)
            found.append(Triple(subject, predicate, value))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


@functools.cache
def _select(query: str) -> str:
    return HEAD.sub("SELECT *", query, count=1)


@functools.cache
def term_of(part: str) -> Term:
    """A term as SPARQL writes it. Raises SyntaxError."""
    if part.startswith("<"):
        return NamedNode(part[1:-1])
    quad = next(iter(parse(f"<a:a> <a:a> {part} .", format=RdfFormat.TURTLE)))
    assert isinstance(quad.object, NamedNode | BlankNode | Literal)
    return quad.object


def _proofs_by(triple: Triple, steps: Iterable[Step], found: Mapping[Triple, Found]) -> Iterator[Proof]:
    for rule, needed in steps:
        for parts in itertools.product(*(found[premise].values() for premise in needed)):
            rests_on = frozenset().union(*(part.rests_on for part in parts))
            yield Proof(triple, rule, parts, rests_on, 1 + sum(part.steps for part in parts))


def _smallest(candidates: Iterable[Proof]) -> Found:
    """The shortest proof of each set of asserted triples within which no smaller set is enough."""
    shortest: Found = {}
    for proof in candidates:
        if proof.rests_on not in shortest or proof.steps < shortest[proof.rests_on].steps:
            shortest[proof.rests_on] = proof
    kept: Found = {}
    # A set that lies within another has all its members there, so that one of them is enough to look it up by.
    by_member: dict[Triple, list[frozenset[Triple]]] = {}
    for rests_on in sorted(shortest, key=len):
        if not any(small <= rests_on for member in rests_on for small in by_member.get(member, ())):
            kept[rests_on] = shortest[rests_on]
            by_member.setdefault(next(iter(rests_on)), []).append(rests_on)
    return kept


def _sizes(found: Found) -> dict[frozenset[Triple], int]:
    return {rests_on: proof.steps for rests_on, proof in found.items()}
