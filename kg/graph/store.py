"""The store folder: an Oxigraph store, the dumps, a manifest, and the texts where they were at hand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg import __version__, iris
from kg.apart import apart

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
# Mentions are an index, no facts: a plain query does not see them.
UNMERGED: Final = (iris.graph("mentions"),)
_MERGE: Final = (
    "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } "
    f"FILTER(?g NOT IN ({', '.join(str(NamedNode(name)) for name in UNMERGED)})) }}"
)


class StoreError(ValueError):
    """A folder that is no store, or one that this release cannot use; the message says what to do."""


@dataclass(frozen=True)
class SourceSummary:
    """One source of the graph: how many facts of it are recorded, how many of these people read, and whether its
    text was read again at the build."""

    id: str
    title: str
    sha256: str
    facts: int
    facts_by_people: int
    text_read: bool


@dataclass(frozen=True)
class Manifest:
    """What stands in a store folder; build_id names the facts, dumps gives the number of statements in each file."""

    format: int
    version: str
    build_id: str
    quads: int
    dumps: dict[str, int]
    sources: tuple[SourceSummary, ...]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a store folder. Raises StoreError: no store there, or one of another format."""
    path = folder / MANIFEST
    if not path.is_file():
        raise StoreError(f"{folder}: no tipkg store there (no {MANIFEST}); build one with: tipkg build --out {folder}")
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise StoreError(f"{path}:{error.lineno}: {error.msg}; build it again: tipkg build --out {folder}") from error
    if not isinstance(values, dict) or "format" not in values:
        raise StoreError(f"{path}: no manifest of tipkg; build it again: tipkg build --out {folder}")
    if values.get("format") != FORMAT:
        raise StoreError(
            f"{folder}: a store of another version (format {values.get('format')}, built by tipkg "
            f"{values.get('version')}; this is tipkg {__version__}, format {FORMAT}); "
            f"build it again: tipkg build --out {folder}"
        )
    sources = tuple(SourceSummary(**source) for source in values.pop("sources"))
    return Manifest(**values, sources=sources)


def write_store(folder: Path, quads: Iterable[Quad]) -> None:
    """Bulk-load the named graphs and, as default graph, their merge (without mentions) into a new store on disk."""
    store = Store(str(folder))
    named = list(quads)
    store.bulk_extend(named)
    seen = {quad.triple for quad in named if getattr(quad.graph_name, "value", "") not in UNMERGED}
    store.bulk_extend(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in seen)
    store.flush()


def open_store(folder: Path) -> Store:
    """The store of a folder, read-only, on disk: quick to open, slower to join than `load_store`."""
    read_manifest(folder)
    try:
        return Store.read_only(str(folder / "store"))
    except OSError as error:
        raise StoreError(f"{folder}: its store cannot be opened ({error}); tipkg build --out {folder}") from error


def load_store(folder: Path) -> Store:
    """The store of a folder in memory, for serving: queries on it run up to eight times faster than on disk.

    It is read from the dumps, which is three times faster than from the store, and starts no thread of the engine: the
    process may be forked afterwards."""
    read_manifest(folder)
    memory = Store()
    try:
        memory.bulk_extend(parse(path=str(folder / "tipkg.nq"), format=RdfFormat.N_QUADS))
        service = NamedNode(iris.graph("service"))
        for name in ("void.ttl", "service.ttl"):
            said = parse(path=str(folder / name), format=RdfFormat.TURTLE)
            memory.bulk_extend(Quad(quad.subject, quad.predicate, quad.object, service) for quad in said)
    except (OSError, SyntaxError) as error:
        raise StoreError(f"{folder}: its dumps cannot be read ({error}); tipkg build --out {folder}") from error
    memory.update(_MERGE)
    return memory


def merged_alone(store: Store) -> Store:
    """The default graph of a store, in memory and without the named graphs.

    The engine finds the triples of a pattern in all graphs and then leaves out those of others: without these a query
    that names no graph is up to 1.6 times as fast."""
    merged = Store()
    apart(lambda: merged.bulk_extend(store.quads_for_pattern(None, None, None, DefaultGraph())))
    return merged


def texts_beside(folder: Path) -> Mapping[str, Path]:
    """The texts that a build kept in its store folder, by source id."""
    return {path.stem: path for path in sorted((folder / "texts").glob("*.txt"))}
