"""Records in, a checked and reasoned graph out: built beside and moved into place, so a failed build loses nothing."""

import contextlib
import gc
import importlib.resources
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg import __version__, iris
from kg.graph import compressed, describe, dump, rulebook, search_index, sssom, triples
from kg.graph.store import FORMAT, MANIFEST, UNMERGED, Manifest, SourceSummary, write_store
from kg.graph.terms import named, prefixes
from kg.records import Curated, LinkTarget, Record, Source, Statement

ONTOLOGY: Final = ("tip.ttl", "vocab.ttl", "alignments.ttl")
# Records that people wrote by reading; every other fact is read by code.
BY_PEOPLE: Final = (Curated, LinkTarget)
Step = Callable[[str], None]


class BuildError(ValueError):
    """A graph that cannot be built, or a folder that cannot take it; the message says what to do."""


def packaged_records() -> Path:
    """The folder of the records that come with the package."""
    return Path(str(importlib.resources.files("kg.mappings"))) / "records"


def build(
    sources: Sequence[list[Record]], out: Path, *, texts: Mapping[str, Path] | None = None, step: Step = lambda _: None
) -> Manifest:
    """Build the graph of these sources into the folder `out`, texts of `texts` beside it; `step` hears of each stage.

    Raises BuildError, MappingError, ReasonError, ChecksError, QualityError or CheckError and leaves an earlier `out`
    as it was."""
    check_folder(out)
    new = out.with_name(f".{out.name}.new-{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
    except OSError as error:
        raise BuildError(f"{out}: cannot be written ({error.strerror}); choose another folder with --out") from error
    try:
        with _uncollected():
            manifest = _fill(new, sources, dict(texts or {}), step)
        _move(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return manifest


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of circular garbage: a build leaves next to none, and looking for it takes a second."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def check_folder(out: Path) -> None:
    """Refuse to replace a folder that is not ours. Raises BuildError."""
    if out.exists() and not out.is_dir():
        raise BuildError(f"{out}: a file of this name is in the way; --out takes a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise BuildError(f"{out}: not empty and no tipkg store; --out takes a new folder or one that tipkg built")


def _fill(new: Path, sources: Sequence[list[Record]], texts: dict[str, Path], step: Step) -> Manifest:
    # Reasoning and shapes pull in rdflib, owlrl and pyshacl: only a build needs them.
    from kg.graph import check, quality, reason

    step("turning records into triples")
    graphs = triples.graphs(sources)
    ontology = {triple for name in ONTOLOGY for triple in _turtle(name)}
    graphs[iris.graph("ontology")] = ontology
    graphs[iris.graph("alignments")] = alignments(graphs)
    apart = {iris.graph("ontology"), *UNMERGED}
    data = {triple for graph, some in graphs.items() if graph not in apart for triple in some}
    step("deriving what the ontology entails")
    laws = reason.packaged_laws(ontology)
    inferred = graphs[iris.graph("inferred")] = reason.derive(data, ontology, laws)
    step("running the checks of data quality")
    recorded = graphs.setdefault(iris.graph("quality"), set())
    said = quality.assess(data | ontology | inferred, list(recorded))
    # What is said of quality meets no rule that joins it with data: its own entailments are all there are.
    inferred |= reason.derive(said, ontology, laws) - data
    recorded |= said
    data |= said
    step("checking the shapes")
    check.check(data, ontology)
    step("writing dumps")
    statements = dump.ordered(dump.quads(graphs))
    kinds = {_source(records).id: sorted({record.kind for record in records}) for records in sources}
    shortened = dump.data_prefixes(kinds)
    counts = dump.write(new, statements, shortened)
    counts |= _ontology_files(new)
    build_id = dump.build_id(statements)
    step("writing the store")
    _store(new, statements.values(), counts, build_id)
    rulebook.write(new, rulebook.RuleBook(shortened, laws.rules))
    _copy_texts(new, texts)
    summaries = tuple(_summary(records, texts) for records in sources)
    manifest = Manifest(FORMAT, __version__, build_id, len(statements), counts, summaries)
    (new / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def _store(new: Path, statements: Collection[Quad], counts: Mapping[str, int], build_id: str) -> None:
    """The store, its index of names, and the dumps compressed: that needs no Python, so it takes the other core."""
    with ThreadPoolExecutor(1) as beside:
        compressing = beside.submit(compressed.compress, new)
        service = _service(new, statements, counts, build_id)
        write_store(new / "store", [*statements, *service])
        search_index.write(new / search_index.FILE, Store.read_only(str(new / "store")))
        compressing.result()


def _service(new: Path, statements: Iterable[Quad], counts: Mapping[str, int], build_id: str) -> list[Quad]:
    """What the graph says of itself: void.ttl and service.ttl, and both as graph/service for the store."""
    merged = {quad.triple for quad in statements if getattr(quad.graph_name, "value", "") not in UNMERGED}
    statistics = describe.void(merged, counts, build_id)
    (new / "void.ttl").write_bytes(dump.turtle(statistics, prefixes()))
    others = describe.declared_prefixes() | describe.examples() | describe.removed()
    (new / "service.ttl").write_bytes(dump.turtle(others, prefixes()))
    graph = NamedNode(iris.graph("service"))
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in statistics | others]


def _source(records: Iterable[Record]) -> Source:
    return next(record for record in records if isinstance(record, Source))


def _turtle(name: str) -> Iterable[Triple]:
    data = (importlib.resources.files("kg.ontology") / name).read_bytes()
    return [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]


def _ontology_files(new: Path) -> dict[str, int]:
    """The ontology, its shapes and its rules as files of their own, as they are written by hand."""
    counts: dict[str, int] = {}
    folder = importlib.resources.files("kg.ontology")
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".ttl"):
            target = new / {"tip.ttl": "ontology.ttl"}.get(item.name, item.name)
            target.write_bytes(item.read_bytes())
            counts[target.name] = len(list(_turtle(item.name)))
    (new / "rules").mkdir()
    for item in (folder / "rules").iterdir():
        if item.name.endswith(".rq"):
            (new / "rules" / item.name).write_bytes(item.read_bytes())
    return counts


def alignments(graphs: Mapping[str, Iterable[Triple]]) -> set[Triple]:
    """The reviewed identifiers (SSSOM) of the things that this graph speaks of; those of other things are left out."""
    speaks_of = {triple.subject for some in graphs.values() for triple in some}
    return {triple for match in sssom.packaged_matches() for triple in _matched(match) if triple.subject in speaks_of}


def _matched(match: sssom.Match) -> Iterator[Triple]:
    subject, predicate, target = map(NamedNode, (match.subject, match.predicate, match.target))
    yield Triple(subject, predicate, target)
    if predicate == named("skos:exactMatch"):
        yield Triple(subject, named("schema:sameAs"), target)


def _copy_texts(new: Path, texts: Mapping[str, Path]) -> None:
    if texts:
        (new / "texts").mkdir()
    for source, path in texts.items():
        shutil.copyfile(path, new / "texts" / f"{source}.txt")


def _summary(records: Sequence[Record], texts: Mapping[str, Path]) -> SourceSummary:
    source = _source(records)
    facts = [record for record in records if isinstance(record, Statement)]
    by_people = sum(isinstance(record, BY_PEOPLE) for record in facts)
    return SourceSummary(source.id, source.title, source.sha256, len(facts), by_people, source.id in texts)


def _move(new: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}.old-{os.getpid()}")
    if out.exists():
        out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)
