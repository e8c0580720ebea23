"""A graph of any size in the shape of the real one: statements with passages, acts, things, mentions, and what follows.

The same size and seed give the same quads on every machine. The proportions are those of the real graph: two statements
a passage, a thing for every 126 quads, few things that much is said of and many of which little is.
"""

import hashlib
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg import __version__, iris
from kg.graph.store import FORMAT, MANIFEST, Manifest, write_store
from kg.graph.terms import TYPE, named, tip

SEED: Final = 20271127
SOURCES: Final = ("made-up-1", "made-up-2", "made-up-3", "made-up-4")
QUADS_OF_A_THING: Final = 126
KINDS: Final = ("organization", "organization", "body", "instrument", "instrument", "instrument", "state", "programme")
CLASSES: Final = {
    "organization": "Organization", "body": "Body", "instrument": "Instrument", "state": "State",
    "programme": "Programme",
}  # fmt: skip
SYLLABLES: Final = ("ba", "den", "fi", "gor", "hul", "ka", "lem", "mir", "no", "pra", "rus", "sel", "tav", "ur", "wen")
WORDS: Final = (
    "advice", "border", "care", "children", "data", "evidence", "finance", "guidance", "harbour", "inquiry", "labour",
    "law", "market", "network", "office", "police", "protocol", "report", "school", "training", "visit", "workshop",
)  # fmt: skip
INTEGER: Final = named("xsd:nonNegativeInteger")
Pair = tuple[NamedNode, NamedNode | Literal]


class _Graph:
    """What has been said so far, as far as later quads need it."""

    def __init__(self, seed: int) -> None:
        # Only random() of a seeded generator is promised to stay the same in every release of Python.
        self._random = random.Random(seed)  # noqa: S311 no secret
        self.things: dict[str, list[NamedNode]] = {kind: [] for kind in CLASSES}
        self.acts: set[NamedNode] = set()

    def below(self, number: int) -> int:
        return int(self._random.random() * number)

    def skewed(self, kind: str) -> NamedNode:
        """A thing of a kind; the first ones come often, as the best known organizations do."""
        found = self.things[kind]
        return found[int(self._random.random() ** 3 * len(found))]

    def words(self, number: int) -> str:
        return " ".join(WORDS[self.below(len(WORDS))] for _ in range(number))

    def name(self) -> str:
        return "".join(SYLLABLES[self.below(len(SYLLABLES))] for _ in range(3)).capitalize()


def quads(number: int, seed: int = SEED) -> Iterator[Quad]:
    """Exactly so many quads of named graphs, none twice; at least a few thousand, or there is no statement."""
    return itertools.islice(_endless(_Graph(seed), max(number // QUADS_OF_A_THING, len(KINDS))), number)


def write(folder: Path, number: int, seed: int = SEED) -> None:
    """A folder that `tipkg serve` takes. Does nothing where it is already complete."""
    if (folder / MANIFEST).is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_store(folder / "store", quads(number, seed))
    # What the server loads into memory.
    with (folder / "tipkg.nq").open("wb") as file:
        serialize(quads(number, seed), file, RdfFormat.N_QUADS)
    for name in ("void.ttl", "service.ttl"):
        (folder / name).write_bytes(b"")
    build_id = hashlib.sha256(json.dumps(["made up", number, seed, __version__]).encode()).hexdigest()
    manifest = Manifest(FORMAT, __version__, build_id, number, {}, ())
    # Last, so that a folder that was left half-way is not taken for whole.
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")


def _endless(graph: _Graph, things: int) -> Iterator[Quad]:
    for number in range(things):
        yield from _thing(graph, KINDS[number % len(KINDS)], number)
    for number in itertools.count():
        source = SOURCES[graph.below(len(SOURCES))]
        passage = NamedNode(iris.passage(source, 200 * number, 200 * number + 150))
        yield from _passage(graph, passage, source, number)
        for which in range(2):
            yield from _statement(graph, passage, source, 2 * number + which)
        yield from _mention(graph, source, number)


def _thing(graph: _Graph, kind: str, number: int) -> Iterator[Quad]:
    thing = NamedNode(iris.entity(kind, f"made-up-{number}"))
    graph.things[kind].append(thing)
    name = f"{graph.name()} {graph.words(2)}"
    said: list[Pair] = [
        (TYPE, tip(CLASSES[kind])),
        (named("rdfs:label"), Literal(name, language="en")),
        (named("skos:prefLabel"), Literal(name, language="en")),
        (named("skos:notation"), Literal(f"made-up-{number}")),
        (tip("abbreviation"), Literal(name[:3].upper())),
    ]
    yield from _said(thing, said, iris.graph("entities"))
    derived: list[Pair] = [(TYPE, tip("Entity")), (TYPE, named("prov:Entity"))]
    yield from _said(thing, derived, iris.graph("inferred"))


def _passage(graph: _Graph, passage: NamedNode, source: str, number: int) -> Iterator[Quad]:
    begin, end = 200 * number, 200 * number + 150
    said: list[Pair] = [
        (TYPE, tip("Passage")),
        (named("nif:beginIndex"), Literal(str(begin), datatype=INTEGER)),
        (named("nif:endIndex"), Literal(str(end), datatype=INTEGER)),
        (named("nif:referenceContext"), NamedNode(iris.text(source, "0" * 64))),
        (named("rdfs:label"), Literal(f"{source}, characters {begin} to {end}", language="en")),
        (tip("where"), Literal(f"{source}, section {graph.words(2)}, paragraph {number}", language="en")),
        (tip("sha256"), Literal(hashlib.sha256(passage.value.encode()).hexdigest())),
    ]
    yield from _said(passage, said, iris.source(source))
    derived: list[Pair] = [(TYPE, named("nif:String")), (TYPE, named("prov:Entity"))]
    yield from _said(passage, derived, iris.graph("inferred"))


def _statement(graph: _Graph, passage: NamedNode, source: str, number: int) -> Iterator[Quad]:
    kind = ("ratification", "cooperation", *5 * ("activity",))[graph.below(7)]
    statement = NamedNode(iris.statement(source, kind, f"made-up-{number}"))
    said: list[Pair] = [
        (tip("source"), NamedNode(iris.source(source))),
        (tip("evidence"), passage),
        (tip("basis"), NamedNode(iris.concept("basis", ("stated", "counted", "classified")[graph.below(3)]))),
        (tip("progress"), NamedNode(iris.concept("progress", ("done", "ongoing", "planned")[graph.below(3)]))),
        (tip("section"), Literal(WORDS[graph.below(len(WORDS))])),
    ]
    said += {"ratification": _ratified, "cooperation": _cooperating, "activity": _active}[kind](graph)
    yield from _said(statement, said, iris.source(source))
    derived: list[Pair] = [
        (TYPE, tip("Statement")),
        (TYPE, named("prov:Entity")),
        (named("dcterms:source"), NamedNode(iris.source(source))),
        (named("prov:wasDerivedFrom"), passage),
    ]
    about = {value for name, value in said if name in ABOUT}
    derived += [(tip("concerns"), thing) for thing in sorted(about, key=str)]
    yield from _said(statement, derived, iris.graph("inferred"))
    if kind == "ratification":
        yield from _act(graph, statement, dict(said), source)


def _active(graph: _Graph) -> list[Pair]:
    text = graph.words(7)
    theme = graph.below(20)
    return [
        (TYPE, tip("Activity")),
        (named("rdfs:label"), Literal(f"{graph.name()}: {text}", language="en")),
        (tip("description"), Literal(text, language="en")),
        (tip("actor"), graph.skewed("organization")),
        (tip("activityKind"), NamedNode(iris.concept("activity", WORDS[graph.below(len(WORDS))]))),
        (tip("theme"), NamedNode(iris.concept("theme", f"theme-{theme}"))),
        (tip("theme"), NamedNode(iris.concept("theme", f"theme-{(theme + 7) % 20}"))),
        (tip("serves"), Literal(graph.words(2), language="en")),
    ]


def _cooperating(graph: _Graph) -> list[Pair]:
    return [
        (TYPE, tip("Cooperation")),
        (named("rdfs:label"), Literal(f"{graph.name()} with {graph.name()}: {graph.words(3)}", language="en")),
        (tip("cooperator"), graph.skewed("organization")),
        (tip("counterpart"), graph.skewed("body")),
        (tip("inProgramme"), graph.skewed("programme")),
        (tip("printedName"), Literal(graph.name())),
    ]


def _ratified(graph: _Graph) -> list[Pair]:
    year, state, instrument = 1950 + graph.below(70), graph.skewed("state"), graph.skewed("instrument")
    act = NamedNode(iris.act(*(thing.value.rpartition("/")[2] for thing in (state, instrument))))
    return [
        (TYPE, tip("Ratification")),
        (named("rdfs:label"), Literal(f"{graph.name()}, {graph.words(2)}: {year}", language="en")),
        (tip("party"), state),
        (tip("instrument"), instrument),
        (tip("act"), act),
        (tip("date"), Literal(str(year), datatype=named("xsd:gYear"))),
        (tip("year"), Literal(year)),
        (tip("earliest"), Literal(f"{year}-01-01", datatype=named("xsd:date"))),
        (tip("latest"), Literal(f"{year}-12-31", datatype=named("xsd:date"))),
        (tip("mode"), NamedNode(iris.concept("mode", ("ratification", "accession", "unspecified")[graph.below(3)]))),
    ]


ABOUT: Final = frozenset(tip(name) for name in ("actor", "cooperator", "counterpart", "party", "instrument"))


def _act(
    graph: _Graph, statement: NamedNode, said: dict[NamedNode, NamedNode | Literal], source: str
) -> Iterator[Quad]:
    """What follows from a ratification, and its act where it is the first to speak of it."""
    state, instrument, act = said[tip("party")], said[tip("instrument")], said[tip("act")]
    assert isinstance(state, NamedNode)
    assert isinstance(act, NamedNode)
    yield from _said(state, [(tip("partyIn"), statement)], iris.graph("inferred"))
    if act in graph.acts:
        return
    graph.acts.add(act)
    described: list[Pair] = [(TYPE, tip("RatificationAct")), (tip("ratifyingState"), state)]
    yield from _said(act, [*described, (tip("ratifiedInstrument"), instrument)], iris.source(source))
    yield from _said(state, [(tip("partyTo"), instrument)], iris.graph("inferred"))


def _mention(graph: _Graph, source: str, number: int) -> Iterator[Quad]:
    begin = 200 * number + graph.below(100)
    said: list[Pair] = [
        (TYPE, named("nif:Phrase")),
        (TYPE, named("nif:String")),
        (named("nif:beginIndex"), Literal(str(begin), datatype=INTEGER)),
        (named("nif:endIndex"), Literal(str(begin + 9), datatype=INTEGER)),
        (named("nif:referenceContext"), NamedNode(iris.text(source, "0" * 64))),
        (named("itsrdf:taIdentRef"), graph.skewed("organization")),
    ]
    yield from _said(NamedNode(iris.mention(source, begin, begin + 9)), said, iris.graph("mentions"))


def _said(subject: NamedNode, said: list[Pair], graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    for predicate, value in said:
        yield Quad(subject, predicate, value, name)
