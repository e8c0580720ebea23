"""The shapes: a complete example passes, and every constraint of every shape is broken once.

All broken copies are checked in one go, each under a name of its own."""

import functools
import importlib.resources
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.term import Node

from kg import iris
from kg.graph import reference
from kg.graph.check import CheckError, Violation, check, validate
from kg.graph.terms import named

HERE = Path(__file__).parent
TABLES = Path(str(importlib.resources.files("kg.mappings"))) / "rdf"
TIP = iris.ONTOLOGY
EXAMPLE = "http://example.org/"
NOTHING = NamedNode(EXAMPLE + "nothing")
ODD = {
    SH.datatype: Literal("odd", datatype=NamedNode(EXAMPLE + "datatype")),
    SH.pattern: Literal("~"),
    SH.nodeKind: Literal("odd"),
}
# Constraints that one planted change cannot break alone are broken by hand in violations.tsv.
BY_HAND = {SH.lessThan, SH.lessThanOrEquals, SH.disjoint, SH.languageIn, SH.hasValue, SH["or"], SH.minInclusive}


@dataclass(frozen=True)
class Case:
    """A changed copy of a thing in valid.ttl, and the message that it must get."""

    name: str
    message: str
    copy: frozenset[Triple]


def triples_of(name: str) -> frozenset[Triple]:
    data = (importlib.resources.files("kg.ontology") / name).read_bytes()
    return frozenset(quad.triple for quad in parse(data, format=RdfFormat.TURTLE))


@functools.cache
def ontology() -> frozenset[Triple]:
    return triples_of("tip.ttl") | triples_of("vocab.ttl")


@functools.cache
def shapes() -> Graph:
    return Graph().parse(data=(importlib.resources.files("kg.ontology") / "shapes.ttl").read_bytes(), format="turtle")


def turtle(text: str) -> frozenset[Triple]:
    prefixes = "".join(line + "\n" for line in valid_text().split("\n") if line.startswith("@prefix"))
    return frozenset(quad.triple for quad in parse((prefixes + text).encode(), format=RdfFormat.TURTLE))


@functools.cache
def valid_text() -> str:
    return (HERE / "valid.ttl").read_text(encoding="utf-8")


@functools.cache
def valid() -> frozenset[Triple]:
    return frozenset(quad.triple for quad in parse(valid_text().encode(), format=RdfFormat.TURTLE))


def copied(thing: str, name: str, keep: Callable[[Triple], bool]) -> frozenset[Triple]:
    """The triples of a thing under another name, only those to keep."""
    node = NamedNode(EXAMPLE + name)
    return frozenset(Triple(node, t.predicate, t.object) for t in valid() if t.subject.value == thing and keep(t))


@functools.cache
def written() -> list[Case]:
    """The cases of violations.tsv: a thing without a property, with another value, and the message."""
    found: list[Case] = []
    for number, line in enumerate((HERE / "violations.tsv").read_text(encoding="utf-8").split("\n")[1:], 2):
        if line:
            thing, without, extra, message = line.split("\t")
            name = f"line-{number}-{thing}"
            dropped = named(without) if without else None
            kept = copied(EXAMPLE + thing, name, lambda t, dropped=dropped: t.predicate != dropped)
            added = turtle(f":{name} {extra} .") if extra else frozenset()
            found.append(Case(name, message, kept | added))
    return found


@functools.cache
def planted() -> list[Case]:
    """For each constraint of each property shape, on a thing of its target class: one copy that breaks it."""
    found: list[Case] = []
    for shape, inner in property_shapes():
        message = str(shapes().value(inner, SH.message))
        for constraint, value in shapes().predicate_objects(inner):
            if constraint not in BY_HAND | {SH.path, SH.message}:
                name = f"planted-{len(found)}"
                found.append(Case(name, message, broken(shape, inner, constraint, value, name)))
    return found


def property_shapes() -> list[tuple[Node, Node]]:
    """The shapes that have targets, each with one of its properties."""
    targeted = sorted(set(shapes().subjects(SH.targetClass)))
    return [(shape, inner) for shape in targeted for inner in shapes().objects(shape, SH.property)]


def paths(inner: Node) -> list[str]:
    path = shapes().value(inner, SH.path)
    alternatives = shapes().value(path, SH.alternativePath)
    return [str(part) for part in (shapes().items(alternatives) if alternatives else [path])]


def target(shape: Node, inner: Node) -> str:
    """A thing of the shape's target classes or of one under them, best one that has the property."""
    above = set(shapes().objects(shape, SH.targetClass))
    things = sorted(t.subject.value for t in valid() if t.predicate == named("rdf:type") and above & classes(t.object))
    having = [x for x in things if any(t.subject.value == x and t.predicate.value in paths(inner) for t in valid())]
    return (having or things)[0]


def classes(named_class: NamedNode) -> set[Node]:
    """The class and all above it."""
    return set(hierarchy().transitive_objects(URIRef(named_class.value), RDFS.subClassOf))


@functools.cache
def hierarchy() -> Graph:
    return Graph().parse(data=(importlib.resources.files("kg.ontology") / "tip.ttl").read_bytes(), format="turtle")


def broken(shape: Node, inner: Node, constraint: Node, value: Node, name: str) -> frozenset[Triple]:
    thing, node, all_paths = target(shape, inner), NamedNode(EXAMPLE + name), paths(inner)
    bare = copied(thing, name, lambda t: t.predicate.value not in all_paths)
    whole = copied(thing, name, lambda t: True)
    prop = NamedNode(all_paths[0])
    if constraint == SH.minCount:
        return bare
    if constraint == SH.maxCount:
        more = [Triple(node, prop, Literal(f"value {number}", language="en")) for number in range(int(str(value)) + 1)]
        return whole | set(more)
    return bare | {Triple(node, prop, ODD.get(URIRef(str(constraint)), NOTHING))}


def everything() -> frozenset[Triple]:
    """The valid example and all changed copies."""
    return valid().union(*(case.copy for case in [*written(), *planted()]))


@functools.cache
def violations() -> dict[str, set[str]]:
    """The messages that each thing gets, in one check of everything."""
    found: dict[str, set[str]] = {}
    for violation in validate(everything(), ontology()):
        found.setdefault(violation.focus.removeprefix(EXAMPLE), set()).add(violation.message)
    return found


def test_the_complete_example_breaks_nothing() -> None:
    assert validate(valid(), ontology()) == []


@pytest.mark.parametrize("case", written(), ids=lambda case: case.name)
def test_a_written_violation_is_found(case: Case) -> None:
    assert case.message in violations().get(case.name, set())


def test_every_constraint_finds_its_planted_violation() -> None:
    missed = [case for case in planted() if case.message not in violations().get(case.name, set())]
    assert missed == []


def test_planted_violations_cover_every_property_shape() -> None:
    assert {case.message for case in [*written(), *planted()]} >= {str(m) for m in shapes().objects(None, SH.message)}


def test_only_changed_copies_break_a_shape() -> None:
    assert set(violations()) == {case.name for case in [*written(), *planted()]}


def test_the_reference_finds_the_same_violations() -> None:
    assert validate(everything(), ontology()) == reference.validate(everything(), ontology())


def test_the_error_names_thing_property_and_demand() -> None:
    without = {t for t in valid() if not (t.subject.value == EXAMPLE + "hub" and t.predicate == named("tip:evidence"))}
    with pytest.raises(CheckError) as raised:
        check(without, ontology())
    message = "A statement needs at least one passage as evidence."
    assert raised.value.violations == [Violation(EXAMPLE + "hub", "evidence", "", message)]
    assert str(raised.value).split("\n")[1] == f"{EXAMPLE}hub: {message} (evidence)"


def test_the_error_lists_twenty_and_counts_the_rest() -> None:
    bare = [copied(EXAMPLE + "hub", f"copy-{n}", lambda t: t.predicate != named("tip:evidence")) for n in range(23)]
    with pytest.raises(CheckError) as raised:
        check(valid().union(*bare), ontology())
    lines = str(raised.value).split("\n")
    assert len(lines) == 22
    assert lines[-1] == "... and 3 more"


def test_shapes_are_core_and_need_no_reasoner() -> None:
    used = {str(p) for p in shapes().predicates() if str(p).startswith(str(SH))}
    assert not used & {str(SH.sparql), str(SH.rule), str(SH.js), str(SH.targetNode), str(SH.target), str(SH.select)}
    assert {type(t) for t in shapes().objects(None, SH.targetClass)} == {URIRef}
    assert [s for s in shapes().subjects(RDF.type, SH.NodeShape) if shapes().value(s, SH.targetClass) is None] == []


def test_every_class_has_a_shape() -> None:
    named_classes = {c for c in hierarchy().subjects(RDF.type, OWL.Class) if str(c).startswith(TIP)}
    assert sorted(named_classes - set(shapes().objects(None, SH.targetClass))) == []


def test_every_property_that_a_record_can_have_is_in_a_shape() -> None:
    """What is derived only, or stands above what records assert, is not in asserted data."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in TABLES.glob("*.toml")]
    asserted = {rule["property"][4:] for table in tables for rule in table["property"]}
    constrained = {path.removeprefix(TIP) for _, inner in property_shapes() for path in paths(inner)}
    ours = {str(p).removeprefix(TIP) for p in hierarchy().subjects(RDFS.domain) if str(p).startswith(TIP)}
    assert sorted((asserted & ours) - constrained) == []


def test_a_concept_must_be_of_one_list_that_exists() -> None:
    schemes = set(Graph().parse(data=vocabulary(), format="turtle").subjects(RDF.type, SKOS.ConceptScheme))
    open_ones = [inner for inner in shapes().subjects(SH["class"], SKOS.Concept) if not pattern(inner)]
    assert open_ones == []
    listed = {pattern(inner) for inner in shapes().subjects(SH["class"], SKOS.Concept)}
    assert {f"{text[1:]}" for text in listed} - {f"{scheme}/" for scheme in schemes} == set()


def test_values_of_the_complete_example_are_in_the_ranges_of_the_ontology() -> None:
    literals = [t for t in valid() if isinstance(t.object, Literal) and t.predicate.value.startswith(TIP)]
    ranges = {t: str(hierarchy().value(URIRef(t.predicate.value), RDFS.range)) for t in literals}
    wrong = [t for t, found in ranges.items() if found not in {t.object.datatype.value, str(RDFS.Literal)}]
    assert wrong == []


def pattern(inner: Node) -> str:
    return str(shapes().value(inner, SH.pattern) or "")


def vocabulary() -> bytes:
    return (importlib.resources.files("kg.ontology") / "vocab.ttl").read_bytes()
