"""Dumps that are a pure function of the graph: sorted, no time stamps, no blank nodes in data, byte-identical twice."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, serialize

from kg import iris
from kg.graph.terms import TYPE, english, named, prefixes, text, typed

Graphs = Mapping[str, Iterable[Triple]]
# Graphs whose triples are not asserted by a source or by us as data: they have dumps of their own.
APART = ("ontology", "inferred", "mentions")
# Whose concepts get a prefix; the others are rare in data.
SCHEMES = (
    *("basis", "mode", "status", "kind", "relation", "progress", "role", "pattern", "problem", "theme", "pillar"),
    *("activity", "certainty", "event", "qualifier", "use"),
)


def quads(graphs: Graphs) -> list[Quad]:
    """The quads of all named graphs in N-Quads order; blank nodes (of the ontology) are named canonically."""
    named = ((NamedNode(graph), t) for graph, some in graphs.items() for t in some)
    dataset = Dataset(Quad(t.subject, t.predicate, t.object, graph) for graph, t in named)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def build_id(ordered: Iterable[Quad]) -> str:
    """SHA-256 (hex) of the sorted N-Quads: the same for the same facts, whatever the machine."""
    digest = hashlib.sha256()
    for quad in ordered:
        digest.update(f"{quad} .\n".encode())
    return digest.hexdigest()


def merged(graphs: Graphs) -> set[Triple]:
    """The asserted data of all graphs as one: what no source and no shared table says is left out."""
    apart = {iris.graph(name) for name in APART}
    return {triple for graph, triples in graphs.items() if graph not in apart for triple in triples}


def turtle(triples: Iterable[Triple], names: Mapping[str, str]) -> bytes:
    """Turtle for people: sorted by subject, one block a subject, the prefixes that are used in order."""
    body = (
        serialize(_types_first(sorted(triples, key=str)), format=RdfFormat.TURTLE, prefixes=dict(names)) or b""
    ).decode()
    lines = [line for line in body.split("\n") if not line.startswith("@prefix ")]
    blocks = "\n".join(f"{line}\n" if line.endswith(" .") else line for line in lines).strip("\n") + "\n"
    used = [prefix for prefix in sorted(names) if f"{prefix}:" in blocks]
    return ("\n".join(f"@prefix {prefix}: <{names[prefix]}> ." for prefix in used) + "\n\n" + blocks).encode()


def _types_first(ordered: Iterable[Triple]) -> Iterator[Triple]:
    """Triples in order of their subjects, with what each subject is before what is said of it."""
    for _, same in groupby(ordered, key=lambda triple: triple.subject):
        block = list(same)
        yield from (triple for triple in block if triple.predicate == TYPE)
        yield from (triple for triple in block if triple.predicate != TYPE)


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


def write(folder: Path, graphs: Graphs, ordered: list[Quad], names: Mapping[str, str]) -> dict[str, int]:
    """Write tipkg.ttl, tipkg-inferred.ttl, tipkg.nq and tipkg.trig; gives back the number of statements in each."""
    data = merged(graphs)
    inferred = set(graphs.get(iris.graph("inferred"), ()))
    (folder / "tipkg.ttl").write_bytes(turtle(data, names))
    (folder / "tipkg-inferred.ttl").write_bytes(turtle(inferred, names))
    (folder / "tipkg.nq").write_bytes("".join(f"{quad} .\n" for quad in ordered).encode())
    (folder / "tipkg.trig").write_bytes(_trig(ordered, names))
    return {"tipkg.ttl": len(data), "tipkg-inferred.ttl": len(inferred), "tipkg.nq": len(ordered)}


def void(counts: Mapping[str, int], build: str) -> bytes:
    """A VoID description of the dumps: which files there are and how many triples each holds."""
    dataset = NamedNode(iris.BASE + "dataset")
    triples = {
        Triple(dataset, TYPE, named("void:Dataset")),
        Triple(dataset, named("dcterms:title"), english("tipkg: who does what against trafficking in persons")),
        Triple(dataset, named("dcterms:identifier"), text(build)),
        Triple(dataset, named("dcterms:license"), NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")),
    }
    for file, count in counts.items():
        part = NamedNode(f"{iris.BASE}dataset/{file}")
        triples.add(Triple(dataset, named("void:subset"), part))
        triples.add(Triple(part, TYPE, named("void:Dataset")))
        triples.add(Triple(part, named("dcterms:title"), english(file)))
        triples.add(Triple(part, named("void:triples"), typed(str(count), "integer")))
    return turtle(triples, prefixes())


def _trig(ordered: list[Quad], names: Mapping[str, str]) -> bytes:
    by_graph: dict[str, list[Triple]] = {}
    for quad in ordered:
        by_graph.setdefault(str(quad.graph_name), []).append(quad.triple)
    blocks: list[str] = []
    head: set[str] = set()
    for graph in sorted(by_graph):
        lines = turtle(by_graph[graph], names).decode().split("\n")
        head.update(line for line in lines if line.startswith("@prefix "))
        body = "\n".join(f"    {line}" if line else "" for line in lines if not line.startswith("@prefix "))
        blocks.append(f"{graph} {{\n{body.strip(chr(10))}\n}}\n")
    return ("\n".join(sorted(head)) + "\n\n" + "\n".join(blocks)).encode()
