"""Random queries over random small graphs: carried out by ourselves or refused, but never with other rows.

4,800 others were tried when the executor was written: 2,152 carried out, none with other rows.
"""

import random
from collections import Counter

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from kg.federate.allowed import Allowed, Budget
from kg.federate.answers import Answer
from kg.federate.refused import Refused
from kg.federate.rewrite import blanked, federated

ENDPOINT = "http://remote.example/sparql"
VARIABLES = ["?a", "?b", "?c", "?d"]


def graph(chance: random.Random, predicates: str) -> Store:
    """Both have the same few nodes; a predicate is local or remote."""
    store = Store()
    for _ in range(12):
        subject, other = (NamedNode(f"http://x/{chance.randrange(5)}") for _ in range(2))
        store.add(Quad(subject, NamedNode(f"http://x/{chance.choice(predicates)}"), other, DefaultGraph()))
    return store


def triple(chance: random.Random, predicates: str) -> str:
    subject, other = chance.sample(VARIABLES, 2)
    return f"{subject} <http://x/{chance.choice(predicates)}> {other} ."


def element(chance: random.Random, depth: int) -> str:
    kind = chance.choice(["triple", "triple", "triple", "service", "filter", *(["nested"] * 3 if depth else [])])
    if kind == "triple":
        return triple(chance, "pq")
    if kind == "service":
        optional = f"OPTIONAL {{ {triple(chance, 'rs')} }}" if chance.random() < 0.2 else ""
        parts = [triple(chance, "rs") for _ in range(chance.randint(1, 2))] + [optional]
        chance.shuffle(parts)
        return f"SERVICE <{ENDPOINT}> {{ {' '.join(parts)} }}"
    if kind == "filter":
        one, other = chance.sample(VARIABLES, 2)
        return chance.choice([f"FILTER({one} != {other})", f"FILTER(!BOUND({one}))", f"FILTER(BOUND({one}))"])
    inner = group(chance, depth - 1)
    form = chance.choice(["OPTIONAL {}", "MINUS {}", "{}", "{} UNION {}", "{{ SELECT ?a ?b {} }}"])
    return form.replace("{}", inner, 1).replace("{}", group(chance, depth - 1)).replace("{{", "{").replace("}}", "}")


def group(chance: random.Random, depth: int) -> str:
    return f"{{ {' '.join(element(chance, depth) for _ in range(chance.randint(1, 4)))} }}"


def rows(store: Store, text: str) -> Counter[tuple[str, ...]]:
    results = store.query(text)
    assert isinstance(results, QuerySolutions)
    return Counter(tuple(map(str, row)) for row in results)


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_those_of_one_merged_store_or_the_query_is_refused(seed: int) -> None:
    chance = random.Random(seed)
    carried_out = 0
    for _ in range(40):
        here, there = graph(chance, "pq"), graph(chance, "rs")
        merged = Store()
        merged.extend(here)
        merged.extend(there)
        text = f"SELECT ?a ?b ?c ?d {group(chance, 2)}"

        def ask(endpoint: str, query: str, most: int, there: Store = there) -> Answer:
            results = there.query(query)
            assert isinstance(results, QuerySolutions)
            return Answer(tuple(v.value for v in results.variables), [tuple(row) for row in results], 0)

        try:
            rewritten = federated(text, here.query, ask, allowed=Allowed((ENDPOINT,)), budget=Budget())
        except Refused:
            continue
        carried_out += bool(rewritten.receipts)
        assert rows(here, rewritten.text) == rows(merged, blanked(text)), text
    assert carried_out > 5
