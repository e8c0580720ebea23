"""owlrl and our compiled rules agree, on a sample in which every axiom and rule has something to say."""

import functools
import re

import owlrl
import pytest
from pyoxigraph import Quad, Store, Triple
from rdflib import Graph

from kg.graph import rdflib_terms
from kg.graph.axioms import rules
from kg.graph.closure import compare, entailed
from kg.graph.reason import infer, packaged_rules
from tests.graph.test_reason import JOINT, SAMPLE, ontology, turtle

EXTRA = [query for _, query in packaged_rules()]


def planted(number: int, query: str) -> str:
    """The body of a rule with a fresh thing for each variable: data on which the rule has something to say."""
    body = re.sub(r"(?m)^#.*$|FILTER.*", "", query.partition("WHERE")[2].strip().removeprefix("{"))
    body = re.sub(r"\?(\w+)", rf"<http://example.org/rule-{number}/\1>", body.rpartition("}")[0])
    return body if body.rstrip().endswith(".") else f"{body} ."


@functools.cache
def sample() -> frozenset[Triple]:
    queries = [rule.query for rule in rules(ontology())] + EXTRA
    bodies = "\n".join(planted(number, query) for number, query in enumerate(queries))
    return frozenset(turtle(SAMPLE + JOINT + bodies))


def ontology_triples() -> list[Triple]:
    return [Triple(*map(_term, triple)) for triple in ontology()]


def _term(term: object) -> object:
    import pyoxigraph as ox
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype))) if term.datatype else ox.Literal(str(term))


@functools.cache
def inferred() -> frozenset[Triple]:
    return frozenset(infer(sample(), ontology(), packaged_rules()))


def test_the_sample_exercises_every_axiom_and_rule() -> None:
    store = Store()
    store.extend(Quad(*triple) for triple in sample() | inferred())
    every = [(rule.name, rule.query) for rule in rules(ontology())] + packaged_rules()
    assert [name for name, query in every if not list(store.query(query))] == []
    assert len(every) > 200


def test_owlrl_and_the_compiled_rules_say_the_same() -> None:
    found = compare(sample(), ontology_triples(), inferred(), EXTRA)
    assert (found.missing, found.extra) == ((), ())
    assert found.same == len(inferred()) > 1000


def test_a_triple_too_few_and_one_too_many_are_told() -> None:
    taken, *rest = sorted(inferred(), key=str)
    (odd,) = turtle(":a :unheard-of :b .")
    found = compare(sample(), ontology_triples(), [*rest, odd], EXTRA)
    assert found.missing == (str(taken),)
    assert found.extra == ("<http://example.org/a> <http://example.org/unheard-of> <http://example.org/b>",)


@pytest.mark.parametrize("text", [SAMPLE, JOINT])
def test_the_shorter_way_through_owlrl_leaves_nothing_out(text: str) -> None:
    data: Graph = rdflib_terms.graph(turtle(text))
    assert entailed(data, ontology(), EXTRA) == entailed(data, ontology(), EXTRA, owlrl.OWLRL_Semantics)


def test_a_rule_and_an_axiom_feed_each_other() -> None:
    axiom = rdflib_terms.graph(turtle(":q rdfs:subPropertyOf :r . :r rdfs:subPropertyOf :s ."))
    rule = "CONSTRUCT { ?x <http://example.org/q> ?y } WHERE { ?x <http://example.org/p> ?y }"
    data = rdflib_terms.graph(turtle(":a :p :b ."))
    assert entailed(data, axiom, [rule]) == set(rdflib_terms.graph(turtle(":a :q :b ; :r :b ; :s :b .")))
