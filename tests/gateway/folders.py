"""A store folder of made-up triples, as a build would leave it."""

from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from kg import __version__
from kg.graph.store import FORMAT, MANIFEST, Manifest, write_store

GRAPH = NamedNode("https://w3id.org/tipkg/graph/made-up")
LINK = NamedNode("https://example.org/link")


def write_folder(folder: Path, *, build_id: str, triples: int) -> None:
    """Each triple is `n1 link n2`, numbers being IRIs; the first of them is unlike that of other build ids."""
    folder.mkdir(parents=True)
    nodes = [NamedNode(f"https://example.org/{number}") for number in range(triples)]
    nodes[0] = NamedNode(f"https://example.org/{build_id}")
    quads = [Quad(node, LINK, nodes[0], GRAPH) for node in nodes]
    write_store(folder / "store", quads)
    (folder / "tipkg.nq").write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    for name in ("void.ttl", "service.ttl"):
        (folder / name).write_bytes(b"")
    manifest = Manifest(FORMAT, __version__, build_id, len(quads), {}, ())
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
