"""What a built folder or a dump asserts, read to be compared. Left out is what nobody stated: derived triples, mentions
and quality measurements."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg import iris
from kg.graph.dump import build_id, canonical, ordered
from kg.graph.store import read_manifest
from kg.graph.terms import TYPE, named, tip

Term = NamedNode | Literal
FORMATS: Final = {".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG, ".ttl": RdfFormat.TURTLE}
APART: Final = (iris.graph("inferred"), iris.graph("mentions"))
# These are described for the sake of what points to them, and belong to it.
PARTS: Final = (("passage",), ("genid",))


class SnapshotError(ValueError):
    """A path that is neither a store nor a dump of this graph; the message says what is wanted."""


@dataclass(frozen=True)
class Snapshot:
    """The asserted triples of a build, without blank nodes; build_id is "" where a dump does not tell it."""

    name: str
    build_id: str
    triples: frozenset[Triple] = field(repr=False)

    @cached_property
    def by_subject(self) -> dict[NamedNode, set[Triple]]:
        """What is said of each subject."""
        found: dict[NamedNode, set[Triple]] = {}
        for triple in self.triples:
            found.setdefault(subject(triple), set()).add(triple)
        return found

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the asserted triples in N-Triples order."""
        return hashlib.sha256("".join(sorted(f"{triple} .\n" for triple in self.triples)).encode()).hexdigest()

    @cached_property
    def holds_terms(self) -> bool:
        """Whether the ontology is in it; the merged Turtle dump has none."""
        return any(iris.steps(node.value)[:1] == ("ontology",) for node in self.by_subject)

    def owners(self) -> set[NamedNode]:
        """The subjects that do not belong to another one."""
        parts = {part for triple in self.triples if (part := part_of(triple)) is not None}
        return self.by_subject.keys() - parts

    def unit(self, node: NamedNode) -> frozenset[Triple]:
        """All that is said of a subject and of its parts: of a statement, also where its passages stand."""
        own = self.by_subject.get(node, set())
        parts = (part for triple in own if (part := part_of(triple)) is not None)
        return frozenset(own.union(*map(self.unit, parts)))


def subject(triple: Triple) -> NamedNode:
    """The subject of a triple of a snapshot, where no subject is a blank node."""
    assert isinstance(triple.subject, NamedNode)
    return triple.subject


def value(triple: Triple) -> Term:
    """The object of a triple of a snapshot, where no object is a blank node."""
    assert isinstance(triple.object, NamedNode | Literal)
    return triple.object


def part_of(triple: Triple) -> NamedNode | None:
    """The object, if it belongs to the subject."""
    thing = triple.object
    return thing if isinstance(thing, NamedNode) and iris.steps(thing.value)[:1] in PARTS else None


def read(path: Path) -> Snapshot:
    """Read a folder that `tipkg build` made, or a dump of it (.nq, .trig, .ttl, each also .gz).

    Raises StoreError (no store, another version) or SnapshotError (unknown type; not parsable, with the line)."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise SnapshotError(f"{path}: no such file or folder")
    form = FORMATS.get(Path(path.name.removesuffix(".gz")).suffix)
    if form is None:
        raise SnapshotError(
            f"{path}: unknown type; wanted a folder of tipkg build, or a dump: {', '.join(FORMATS)} (.gz)"
        )
    quads = _parsed(path, form)
    # The merged Turtle dump has lost the named graphs, of which the build id is made.
    known = build_id(ordered(canonical(quads))) if form != RdfFormat.TURTLE else ""
    return Snapshot(path.name, known, _asserted(path, quads))


def _folder(path: Path) -> Snapshot:
    """The N-Quads dump of a folder, not its store: the engine keeps every whole number as xsd:integer."""
    manifest = read_manifest(path)
    found = read(path / "tipkg.nq")
    if found.build_id != manifest.build_id:
        raise SnapshotError(
            f"{path / 'tipkg.nq'}: not the dump of this build, whose id is {manifest.build_id[:12]}; "
            f"build it again: tipkg build --out {path}"
        )
    return replace(found, name=path.resolve().name)


def _parsed(path: Path, form: RdfFormat) -> list[Quad]:
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return list(parse(data, format=form))
    except SyntaxError as error:
        raise SnapshotError(f"{path}:{error.lineno}: not parsable as {form.name}: {error.msg}") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SnapshotError(f"{path}: not a whole gzip file ({error})") from error


def _asserted(path: Path, quads: Iterable[Quad]) -> frozenset[Triple]:
    triples = {quad.triple for quad in quads if getattr(quad.graph_name, "value", "") not in APART}
    if not any(triple.predicate == TYPE and triple.object == tip("SourceDocument") for triple in triples):
        raise SnapshotError(
            f"{path}: no dump of the whole graph, since it describes no source document (tip:SourceDocument); "
            "wanted tipkg.nq, tipkg.trig or tipkg.ttl of tipkg build"
        )
    measured = {t.subject for t in triples if t.predicate == TYPE and t.object == named("dqv:QualityMeasurement")}
    return frozenset(_without_blank_nodes(path, [t for t in triples if t.subject not in measured]))


def _without_blank_nodes(path: Path, triples: Sequence[Triple]) -> Iterator[Triple]:
    """Each blank node becomes an IRI made of what is said of it, so that equal ones are equal in every dump."""
    names = _names(path, triples)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            yield triple
            continue
        node, thing = (names.get(term, term) for term in (triple.subject, triple.object))
        assert isinstance(node, NamedNode)
        assert isinstance(thing, NamedNode | Literal)
        yield Triple(node, triple.predicate, thing)


def _names(path: Path, triples: Sequence[Triple]) -> dict[Any, NamedNode]:
    """A name for each blank node, from those that point to no other one up to those that do."""
    said: dict[BlankNode, list[Triple]] = {}
    for triple in triples:
        for term in (triple.subject, triple.object):
            if isinstance(term, BlankNode):
                said.setdefault(term, [])
        if isinstance(triple.subject, BlankNode):
            said[triple.subject].append(triple)
    names: dict[Any, NamedNode] = {}
    while left := said.keys() - names.keys():
        ready = [node for node in left if not any(triple.object in left for triple in said[node])]
        if not ready:
            raise SnapshotError(f"{path}: blank nodes that point to each other in a circle cannot be compared")
        for node in ready:
            lines = sorted(f"{t.predicate} {names.get(t.object, t.object)}" for t in said[node])
            names[node] = NamedNode(iris.unnamed(hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]))
    return names
