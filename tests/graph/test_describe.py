"""What the graph says of itself: numbers that SPARQL counts again, and what SPARQL editors ask for."""

import re
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse

from kg import iris
from kg.graph import describe
from kg.graph.statistics import count
from kg.graph.terms import TYPE, named, prefixes, typed
from tests.tables import table

ROOT = Path(__file__).parents[2]
PREFIXES = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes().items())
# Sent by sparql-editor 0.x of the Swiss Institute of Bioinformatics (packages/sparql-editor/src/metadata.ts), shortened
# by its labels and comments.
EDITOR_PREFIXES = (
    "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"
)
EDITOR_EXAMPLES = """SELECT DISTINCT ?sq ?comment ?query {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
EDITOR_CLASSES = """SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype {
  ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
  ?pp void:property ?prop .
  OPTIONAL {
    { ?pp void:classPartition [ void:class ?objectClass ] }
    UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
  }
}"""


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in found]


def ex(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/{name}")


def test_statistics_count_links_between_the_most_special_classes() -> None:
    graph = {
        Triple(ex("City"), named("rdfs:subClassOf"), ex("Place")),
        *(Triple(ex(city), TYPE, ex(cls)) for city in ("a", "b") for cls in ("City", "Place")),
        Triple(ex("a"), ex("near"), ex("b")),
        Triple(ex("b"), ex("near"), ex("a")),
        Triple(ex("a"), ex("founded"), typed("1200", "gYear")),
    }
    found = count(graph, always="https://example.net/")
    assert (found.triples, found.subjects, dict(found.instances)) == (8, 3, {ex("City"): 2, ex("Place"): 2})
    assert set(found.links) == {ex("City")}
    assert found.links[ex("City")][ex("near")].classes == {ex("City"): 2}
    assert found.links[ex("City")][ex("founded")].datatypes == {named("xsd:gYear"): 1}


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("void:triples", "COUNT(*)"),
        ("void:distinctSubjects", "COUNT(DISTINCT ?s)"),
        ("void:properties", "COUNT(DISTINCT ?p)"),
    ],
)
def test_void_counts_the_default_graph_without_what_it_says_of_itself(store: Store, said: str, counted: str) -> None:
    itself = iris.graph("service")
    query = f"SELECT ({counted} AS ?n) {{ ?s ?p ?o MINUS {{ GRAPH <{itself}> {{ ?s ?p ?o }} }} }}"
    assert rows(store, f"SELECT ?n {{ <{iris.dataset()}> {said} ?n }}") == rows(store, query)


def test_void_counts_objects_as_the_dump_writes_them(built: Path, store: Store) -> None:
    # Not by SPARQL: the engine takes 1 as xsd:nonNegativeInteger and as xsd:integer for one term.
    quads = parse((built / "tipkg.nq").read_bytes(), format=RdfFormat.N_QUADS)
    objects = {quad.object for quad in quads if quad.graph_name != NamedNode(iris.graph("mentions"))}
    assert rows(store, f"SELECT ?n {{ <{iris.dataset()}> void:distinctObjects ?n }}") == [(str(len(objects)),)]


def test_statements_are_counted_apart_from_things(store: Store) -> None:
    query = "SELECT ?n {{ <{part}> void:entities ?n }}"
    counted = "SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a {cls} }}"
    for name, cls in describe.APART.items():
        assert rows(store, query.format(part=iris.dataset(name))) == rows(store, counted.format(cls=cls))
    assert rows(store, query.format(part=iris.dataset())) == rows(store, counted.format(cls="tip:Entity"))


def test_partition_says_which_class_links_to_which(store: Store) -> None:
    link = iris.dataset("class", "tip-State", "property", "tip-partyTo")
    said = f"SELECT ?n {{ <{link}> void:classPartition ?part . ?part void:class tip:Instrument ; void:triples ?n }}"
    counted = "SELECT (COUNT(*) AS ?n) { ?s a tip:State . ?s tip:partyTo ?o . ?o a tip:Instrument }"
    assert rows(store, said) == rows(store, counted)


def test_editors_find_prefixes_examples_and_classes(store: Store) -> None:
    assert dict(rows(store, EDITOR_PREFIXES)) == prefixes()
    names = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
    examples = rows(store, EDITOR_EXAMPLES)
    assert [row[0] for row in examples] == [iris.question(name) for name in names]
    found = rows(store, EDITOR_CLASSES)
    assert (iris.term("Ratification"), iris.term("party"), iris.term("State"), "") in found
    assert (iris.term("Passage"), iris.term("where"), "", named("rdf:langString").value) in found


def test_every_example_runs_as_it_stands(store: Store) -> None:
    for _, _, query in rows(store, EDITOR_EXAMPLES):
        assert isinstance(store.query(query), QuerySolutions)


def test_dumps_hold_what_the_graph_says_of_itself(built: Path, store: Store) -> None:
    graph = NamedNode(iris.graph("service"))
    kept = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    files = [(built / name).read_bytes() for name in ("void.ttl", "service.ttl")]
    assert {quad.triple for data in files for quad in parse(data, format=RdfFormat.TURTLE)} == kept
    assert iris.graph("service").encode() not in (built / "tipkg.nq").read_bytes()


def test_class_without_a_declared_prefix_is_named() -> None:
    with pytest.raises(KeyError, match=r"https://example\.org/City: no prefix of ontology/prefixes\.ttl fits"):
        describe.compact(ex("City"))


def removed_rows() -> list[dict[str, str]]:
    return table(ROOT / "mappings" / "removed.tsv")


def test_removed_statement_is_in_no_source(store: Store) -> None:
    gone = [NamedNode(iris.BASE + row["iri"]) for row in removed_rows()]
    service = NamedNode(iris.graph("service"))
    for node in gone:
        assert {quad.graph_name for quad in store.quads_for_pattern(node, None, None, None)} >= {service}
        assert not list(store.quads_for_pattern(node, named("tip:source"), None, None))
    assert gone == sorted(gone, key=str)
    assert all(row["why"] for row in removed_rows())


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an unpacked archive has no history")
def test_every_curated_id_that_history_knows_is_there_or_removed() -> None:
    command = ["git", "log", "--format=", "-p", "-U0", "--", "mappings/curated"]
    history = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    once: set[str] = set()
    for block in re.split(r"^--- ", history, flags=re.MULTILINE)[1:]:
        path = re.search(r"mappings/curated/(\S+)/(\w+)\.tsv", block)
        ids = re.findall(r"^-([^\t\n-][^\t\n]*)\t", block, re.MULTILINE) if path else []
        once |= {f"{path[1]}/{path[2]}/{key}" for key in ids if path and key != "id"}
    folder = ROOT / "mappings" / "curated"
    now = {f"{path.parent.name}/{path.stem}/{line.split(chr(9))[0]}" for path in folder.rglob("*.tsv")
           for line in path.read_text(encoding="utf-8").splitlines()}  # fmt: skip
    removed = {row["iri"].removeprefix("statement/").removeprefix("finding/") for row in removed_rows()}
    assert {key for key in once - now if key.replace("_", "-") not in removed} == set()
