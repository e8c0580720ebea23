"""Dumps that are a pure function of the graph: sorted, no time stamps, no blank nodes in data, byte-identical twice."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from kg import iris
from kg.graph.terms import TYPE, prefixes

Graphs = Mapping[str, Iterable[Triple]]
Statement = TypeVar("Statement", Quad, Triple)
# Graphs whose triples are not asserted by a source or by us as data: they have dumps of their own.
APART = ("ontology", "inferred", "mentions")
RDF_TYPE = str(TYPE)
# Where Turtle can have a prefix: a term begins a line, or comes after a blank or ^^. So the end of "has:" is none.
PREFIXED = re.compile(r"[\n\t ^]([^\s:^]+):")
# Whose concepts get a prefix; the others are rare in data.
SCHEMES = (
    *("basis", "mode", "status", "kind", "relation", "progress", "role", "pattern", "problem", "theme", "pillar"),
    *("activity", "certainty", "event", "qualifier", "use"),
)


def quads(graphs: Graphs) -> list[Quad]:
    """The quads of all named graphs, in no order; blank nodes (of the ontology) are named canonically."""
    return canonical(
        Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for graph, some in graphs.items() for t in some
    )


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, in no order, each once, with canonical names for their blank nodes."""
    named = list(dict.fromkeys(quads))
    # Canonical names depend on the quads with blank nodes only, and these are few.
    blank = Dataset(quad for quad in named if BlankNode in (type(quad.subject), type(quad.object)))
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad for quad in named if BlankNode not in (type(quad.subject), type(quad.object))] + list(blank)


def ordered(quads: Iterable[Quad]) -> dict[str, Quad]:
    """Each quad by its line of N-Quads, in the order of these lines."""
    return dict(_sorted_lines(list(quads)))


def _sorted_lines(statements: list[Statement]) -> list[tuple[str, Statement]]:
    # One call for all of them is five times as fast as str() of each.
    written = (serialize(statements, format=RdfFormat.N_QUADS) or b"").decode()
    return sorted(zip(written.split("\n"), statements, strict=False), key=itemgetter(0))


def build_id(lines: Iterable[str]) -> str:
    """SHA-256 (hex) of the sorted lines of N-Quads: the same for the same facts, whatever the machine."""
    return hashlib.sha256(_file(lines)).hexdigest()


def merged(graphs: Graphs) -> set[Triple]:
    """The asserted data of all graphs as one: what no source and no shared table says is left out."""
    apart = {iris.graph(name) for name in APART}
    return {triple for graph, triples in graphs.items() if graph not in apart for triple in triples}


def turtle(triples: Iterable[Triple], names: Mapping[str, str]) -> bytes:
    """Turtle for people: sorted by subject, one block a subject, the prefixes that are used in order."""
    return _turtle(_sorted_lines(list(triples)), names)


def _turtle(lines: Iterable[tuple[str, Triple]], names: Mapping[str, str]) -> bytes:
    """Turtle of triples with their lines of N-Triples; what each subject is comes before what is said of it."""
    triples = [triple for _, triple in sorted(lines, key=_subject_and_type)]
    body = (serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(names)) or b"").decode()
    written = [line for line in body.split("\n") if not line.startswith("@prefix ")]
    blocks = "\n" + "\n".join(f"{line}\n" if line.endswith(" .") else line for line in written).strip("\n") + "\n"
    used = sorted(names.keys() & set(PREFIXED.findall(blocks)))
    return ("\n".join(f"@prefix {prefix}: <{names[prefix]}> ." for prefix in used) + "\n" + blocks).encode()


def _subject_and_type(written: tuple[str, Triple]) -> tuple[str, bool, str]:
    line = written[0]
    subject, predicate, _ = line.split(" ", 2)
    return subject, predicate != RDF_TYPE, line


def _file(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def data_prefixes(sources: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The declared prefixes and one for each place that data IRIs stand under; `sources`: source id -> record kinds."""
    found = dict(prefixes())
    for kind in ("organization", "body", "state", "instrument", "programme", "region", "ratification"):
        found[kind] = iris.entity(kind, "")
    for scheme in SCHEMES:
        found[scheme] = iris.concept(scheme, "")
    for source, kinds in sources.items():
        found[f"mention-{source}"] = iris.mention(source, 0, 0).removesuffix("0-0")
        found[f"passage-{source}"] = iris.passage(source, 0, 0).removesuffix("0-0")
        found[f"finding-{source}"] = iris.finding(source, "")
        for kind in kinds:
            found[f"{kind.replace('_', '-')}-{source}"] = iris.statement(source, kind, "")
    return found


def write(folder: Path, statements: Mapping[str, Quad], names: Mapping[str, str]) -> dict[str, int]:
    """Write tipkg.ttl, tipkg-inferred.ttl, tipkg.nq and tipkg.trig from quads by their lines; gives back the number of
    statements in each."""
    graphs = _by_graph(statements)
    apart = {str(NamedNode(iris.graph(name))) for name in APART}
    data = {line: triple for graph, some in graphs.items() if graph not in apart for line, triple in some}
    inferred = graphs.get(str(NamedNode(iris.graph("inferred"))), [])
    (folder / "tipkg.ttl").write_bytes(_turtle(data.items(), names))
    (folder / "tipkg-inferred.ttl").write_bytes(_turtle(inferred, names))
    (folder / "tipkg.nq").write_bytes(_file(statements))
    (folder / "tipkg.trig").write_bytes(_trig(graphs, names))
    return {"tipkg.ttl": len(data), "tipkg-inferred.ttl": len(inferred), "tipkg.nq": len(statements)}


def _by_graph(statements: Mapping[str, Quad]) -> dict[str, list[tuple[str, Triple]]]:
    """The triples of each named graph with their lines; a graph's name has no blank in it."""
    found: dict[str, list[tuple[str, Triple]]] = {}
    for line, quad in statements.items():
        triple, _, graph = line.removesuffix(" .").rpartition(" ")
        found.setdefault(graph, []).append((triple, quad.triple))
    return found


def _trig(graphs: Mapping[str, list[tuple[str, Triple]]], names: Mapping[str, str]) -> bytes:
    blocks: list[str] = []
    head: set[str] = set()
    for graph in sorted(graphs):
        written = _turtle(graphs[graph], names).decode().split("\n")
        head.update(line for line in written if line.startswith("@prefix "))
        body = "\n".join(f"    {line}" if line else "" for line in written if not line.startswith("@prefix "))
        blocks.append(f"{graph} {{\n{body.strip(chr(10))}\n}}\n")
    return ("\n".join(sorted(head)) + "\n\n" + "\n".join(blocks)).encode()
