"""The whole way from records to a store folder: the same bytes twice, nothing lost on failure, and the shortcuts."""

import gc
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat, Store

from kg import iris
from kg.graph import build as stage
from kg.graph.build import BuildError
from kg.graph.findings import QualityError
from kg.graph.reason import ReasonError
from kg.graph.store import StoreError, load_store, open_store, read_manifest
from kg.record_tables import read
from kg.records import Record, TreatyStatus

DUMPS = (
    "tipkg.ttl",
    "tipkg-inferred.ttl",
    "tipkg.nq",
    "tipkg.trig",
    "ontology.ttl",
    "vocab.ttl",
    "shapes.ttl",
    "void.ttl",
    "rules.json",
)
TIP = "PREFIX tip: <https://w3id.org/tipkg/ontology#> PREFIX : <https://w3id.org/tipkg/id/> "


@pytest.fixture(scope="module")
def all_records() -> list[list[Record]]:
    folder = stage.packaged_records()
    return [read(path) for path in sorted(folder.iterdir()) if path.is_dir()]


@pytest.fixture(scope="module")
def folder(all_records: list[list[Record]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("build") / "graph"
    stage.build(all_records, out)
    return out


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Store:
    return load_store(folder)


def holds(store: Store, pattern: str) -> bool:
    return bool(store.query(f"{TIP} ASK {{ {pattern} }}"))


def test_two_builds_give_the_same_bytes_and_build_id(
    folder: Path, all_records: list[list[Record]], tmp_path: Path
) -> None:
    again = tmp_path / "again"
    manifest = stage.build(all_records, again)
    assert manifest.build_id == read_manifest(folder).build_id
    for name in DUMPS:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_both_parsers_read_every_turtle_dump(folder: Path) -> None:
    counts = read_manifest(folder).dumps
    for name in ("tipkg.ttl", "tipkg-inferred.ttl"):
        data = (folder / name).read_bytes()
        assert len(set(pyoxigraph.parse(data, format=RdfFormat.TURTLE))) == counts[name]
        assert len(rdflib.Graph().parse(data=data, format="turtle")) == counts[name]


def test_trig_and_nquads_hold_the_same_named_graphs(folder: Path) -> None:
    nquads = set(pyoxigraph.parse((folder / "tipkg.nq").read_bytes(), format=RdfFormat.N_QUADS))
    trig = pyoxigraph.Dataset(pyoxigraph.parse((folder / "tipkg.trig").read_bytes(), format=RdfFormat.TRIG))
    trig.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(trig) == nquads
    assert len(nquads) == read_manifest(folder).dumps["tipkg.nq"]


def test_data_hold_no_blank_node(folder: Path) -> None:
    for name in ("tipkg.ttl", "tipkg-inferred.ttl"):
        for quad in pyoxigraph.parse((folder / name).read_bytes(), format=RdfFormat.TURTLE):
            assert not isinstance(quad.subject, pyoxigraph.BlankNode)
            assert not isinstance(quad.object, pyoxigraph.BlankNode)


def test_the_default_graph_has_every_triple_once(loaded: Store) -> None:
    mentions = pyoxigraph.NamedNode(iris.graph("mentions"))
    graphs = [graph for graph in loaded.named_graphs() if graph != mentions]
    named = {quad.triple for graph in graphs for quad in loaded.quads_for_pattern(None, None, None, graph)}
    merged = [quad.triple for quad in loaded.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())]
    assert len(merged) == len(named)
    assert set(merged) == named


def test_mentions_are_annotations_in_a_graph_of_their_own_and_state_nothing(loaded: Store) -> None:
    mentions = pyoxigraph.NamedNode(iris.graph("mentions"))
    names = pyoxigraph.NamedNode("http://www.w3.org/2005/11/its/rdf#taIdentRef")
    annotations = list(loaded.quads_for_pattern(None, names, None, mentions))
    assert len(annotations) > 1000
    default = pyoxigraph.DefaultGraph()
    assert list(loaded.quads_for_pattern(None, names, None, default)) == []
    subjects = {quad.subject for quad in annotations}
    assert not [s for s in subjects if list(loaded.quads_for_pattern(s, None, None, default))]
    named = {quad.object for quad in annotations}
    assert not [thing for thing in named if not list(loaded.quads_for_pattern(thing, None, None, default))]


def test_inferred_triples_stand_in_no_other_graph(loaded: Store) -> None:
    inferred = pyoxigraph.NamedNode(iris.graph("inferred"))
    mine = {quad.triple for quad in loaded.quads_for_pattern(None, None, None, inferred)}
    others = {quad.triple for graph in loaded.named_graphs() if graph != inferred for quad in loaded.quads_for_pattern(
        None, None, None, graph)}  # fmt: skip
    assert mine
    assert not mine & others


def test_a_year_makes_a_state_party_and_a_dash_does_not(loaded: Store) -> None:
    # Guinea: Palermo Protocol 2004(a) in 2017; ILO P029 a dash in 2017 and 2018; ILO C189 a dash in 2017, 2017 in 2018.
    guinea = "<https://w3id.org/tipkg/id/state/GIN> tip:partyTo"
    assert holds(loaded, f"{guinea} <https://w3id.org/tipkg/id/instrument/palermo-protocol>")
    assert not holds(loaded, f"{guinea} <https://w3id.org/tipkg/id/instrument/ilo-p029>")
    assert holds(loaded, f"{guinea} <https://w3id.org/tipkg/id/instrument/ilo-c189>")


def test_a_plan_makes_nobody_a_participant(loaded: Store) -> None:
    # icat-2018, section UNODC: IOM will partner in phase II; it is stated to implement GLO.ACT itself.
    iom = "<https://w3id.org/tipkg/id/organization/iom> tip:participatesIn"
    assert holds(loaded, f"{iom} <https://w3id.org/tipkg/id/programme/glo-act>")
    assert not holds(loaded, f"{iom} <https://w3id.org/tipkg/id/programme/glo-act-phase-2>")


def test_partners_of_one_hub_do_not_thereby_cooperate(loaded: Store) -> None:
    # icat-2018, section UNHCR: its partners are listed, UNFPA and ILO among them.
    at = "https://w3id.org/tipkg/id/organization/"
    assert holds(loaded, f"<{at}unhcr> tip:cooperatesWith <{at}ilo>")
    assert holds(loaded, f"<{at}ilo> tip:cooperatesWith <{at}unhcr>")
    assert not holds(loaded, f"<{at}unfpa> tip:cooperatesWith <{at}ilo>")


def test_nobody_cooperates_with_itself(loaded: Store) -> None:
    assert not holds(loaded, "?organization tip:cooperatesWith ?organization")


def test_every_thing_and_statement_has_a_label(loaded: Store) -> None:
    missing = loaded.query(
        f"{TIP} PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT DISTINCT ?thing WHERE "
        "{ GRAPH ?graph { ?thing a ?class } FILTER(isIRI(?thing)) FILTER NOT EXISTS { ?thing rdfs:label ?label } "
        "FILTER(?graph NOT IN (<https://w3id.org/tipkg/graph/ontology>, <https://w3id.org/tipkg/graph/mentions>)) }"
    )
    assert list(missing) == []


def test_a_failed_build_leaves_the_old_one(folder: Path, all_records: list[list[Record]], tmp_path: Path) -> None:
    out = tmp_path / "graph"
    shutil.copytree(folder, out)
    source, *rest = all_records[0]
    broken = [[source, *(r for r in rest if r.kind != "entity")]]
    with pytest.raises(QualityError, match=r"new errors in the data"):
        stage.build(broken, out)
    assert read_manifest(out).build_id == read_manifest(folder).build_id
    assert [path.name for path in tmp_path.iterdir()] == ["graph"]
    assert gc.isenabled()


def test_data_that_contradict_the_ontology_stop_the_build_and_are_named(
    all_records: list[list[Record]], tmp_path: Path
) -> None:
    """A cell of the chart with a dash that is kept as a ratification too: two records of one id."""
    chart = next(some for some in all_records if any(isinstance(r, TreatyStatus) for r in some))
    dash = next(r for r in chart if isinstance(r, TreatyStatus) and r.status == "not_party")
    twice = [*chart, replace(dash, status="party", year="2031")]
    with pytest.raises(ReasonError, match="NonParty disjointWith Ratification, but") as refused:
        stage.build([twice], tmp_path / "graph")
    assert f"statement/tip-2017/treaty-status/{dash.id} a NonParty (stated: {dash.where})" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_refused(all_records: list[list[Record]], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BuildError, match="not empty and no tipkg store"):
        stage.build(all_records, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_store_of_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    text = (folder / "manifest.json").read_text().replace('"format": 2', '"format": 99')
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=r"a store of another version \(format 99, built by tipkg 0\.1\.0"):
        open_store(tmp_path)


def test_texts_do_not_change_build_id_or_dumps(folder: Path, all_records: list[list[Record]], tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("some text")
    manifest = stage.build(all_records, tmp_path / "graph", texts={"tip-2017": text})
    assert manifest.build_id == read_manifest(folder).build_id
    assert (tmp_path / "graph" / "tipkg.ttl").read_bytes() == (folder / "tipkg.ttl").read_bytes()
    assert (tmp_path / "graph" / "texts" / "tip-2017.txt").read_text() == "some text"
    assert not any("some text" in path.read_text() for path in (tmp_path / "graph").glob("*.ttl"))
