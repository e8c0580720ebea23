"""Differences between two graphs: what counts as added, removed, changed and moved, and how it is put in words."""

import dataclasses
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.graph import changeset, release_note
from kg.graph.build import build
from kg.graph.diff import Change, Difference, compare
from kg.graph.snapshot import Snapshot, SnapshotError, read
from kg.records import Record, TreatyStatus

FOLDER = Path(__file__).parent / "diff"
OLD, NEW = FOLDER / "old.trig", FOLDER / "new.trig"
TEXT = OLD.read_text(encoding="utf-8")
AT = "https://w3id.org/tipkg/"
TOGO = AT + "statement/tip-2031/treaty-status/tgo-ilo-c189"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CS = "http://purl.org/vocab/changeset/schema#"


def edited(folder: Path, *replacements: tuple[str, str]) -> Difference:
    """The difference that these replacements make in the old dump; each place must be there once."""
    text = TEXT
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "edited.trig"
    path.write_text(text, encoding="utf-8")
    return compare(read(OLD), read(path))


def short(change: Change) -> tuple[str, str, str]:
    return change.action, change.group, change.subject.value.removeprefix(AT)


def applied(difference: Difference, triples: set[Triple]) -> set[Triple]:
    """The triples with all removals of the change set taken away and all its additions added."""
    said: dict[str, dict[str, list[NamedNode]]] = {}
    for quad in parse(changeset.turtle(difference), format=RdfFormat.TURTLE):
        said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)

    def listed(prop: str) -> set[Triple]:
        things = [said[thing.value] for values in said.values() for thing in values.get(CS + prop, ())]
        return {Triple(*(thing[f"{RDF}{part}"][0] for part in ("subject", "predicate", "object"))) for thing in things}

    return triples - listed("removal") | listed("addition")


def asserted(nquads: Path) -> set[Triple]:
    apart = {f"{AT}graph/inferred", f"{AT}graph/mentions"}
    quads = parse(nquads.read_bytes(), format=RdfFormat.N_QUADS)
    return {quad.triple for quad in quads if quad.graph_name.value not in apart}


def test_every_planted_change_is_found_and_nothing_else() -> None:
    status = "statement/tip-2031/treaty-status/"
    assert [short(change) for change in compare(read(OLD), read(NEW)).changes] == [
        ("changed", "statement", f"{status}gin-ilo-c189"),
        ("moved", "statement", f"{status}gnb-ilo-c189"),
        ("added", "statement", f"{status}ner-ilo-c189"),
        ("removed", "statement", f"{status}nga-ilo-c189"),
        ("changed", "entity", "id/instrument/ilo-c189"),
        ("added", "term", "vocab/mode/signature"),
        ("removed", "finding", "finding/tip-2031/nga-spelling"),
    ]


def test_added_and_removed_change_places_when_the_builds_do() -> None:
    there, back = (compare(read(a), read(b)).changes for a, b in ((OLD, NEW), (NEW, OLD)))
    turned = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}
    assert {(turned[change.action], change.subject) for change in there} == {(c.action, c.subject) for c in back}


def test_a_statement_is_changed_and_not_moved_when_content_and_place_differ(tmp_path: Path) -> None:
    passage = 'passage/tip-2031/41-44> tip:where "chart, row Togo"@en ; nif:beginIndex 41'
    found = edited(
        tmp_path,
        ('passage/tip-2031/40-44> tip:where "chart, row Togo"@en ; nif:beginIndex 40', passage),
        ('rdfs:label "Togo, ILO C189"@en ;', 'rdfs:label "Togo, C189"@en ;'),
        ("tip:evidence <passage/tip-2031/40-44>", "tip:evidence <passage/tip-2031/41-44>"),
    )
    assert [(change.action, change.label) for change in found.changes] == [("changed", "Togo, C189")]
    assert [tuple(edit) for edit in found.changes[0].edits] == [
        ("label", "Togo, ILO C189", "Togo, C189"),
        ("evidence", "chart, row Togo (characters 40 to 44)", "chart, row Togo (characters 41 to 44)"),
    ]


def test_other_words_at_the_same_place_are_told(tmp_path: Path) -> None:
    found = edited(tmp_path, ("nif:beginIndex 40 ; ", 'nif:beginIndex 40 ; tip:sha256 "b" ; '))
    assert [(change.action, *change.edits) for change in found.changes] == [("moved", ("evidence, sha256", "", "b"))]


def test_a_place_told_otherwise_is_a_move_whose_change_set_is_that_of_the_passage(tmp_path: Path) -> None:
    found = edited(tmp_path, ('"chart, row Togo"', '"table, row Togo"'))
    assert [short(change) for change in found.changes] == [("moved", "statement", TOGO.removeprefix(AT))]
    triples = {quad.triple for quad in parse(changeset.turtle(found), format=RdfFormat.TURTLE)}
    described = {t.object.value.removeprefix(AT) for t in triples if t.predicate.value == f"{CS}subjectOfChange"}
    moves = {t.subject for t in triples if t.object == NamedNode("https://www.w3.org/ns/activitystreams#Move")}
    parts = [t for t in triples if t.subject in moves and t.predicate.value == "http://purl.org/dc/terms/hasPart"]
    assert (described, len(moves), len(parts)) == ({"passage/tip-2031/40-44"}, 1, 1)


def test_values_that_read_alike_are_told_in_full(tmp_path: Path) -> None:
    found = edited(tmp_path, ('tip:date "2022"^^xsd:gYear', 'tip:date "2022"'))
    year = '"2022"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    assert [tuple(edit) for edit in found.changes[0].edits] == [("date", year, '"2022"')]


def test_an_unnamed_part_of_the_ontology_is_told_in_words(tmp_path: Path) -> None:
    found = edited(tmp_path, ("owl:hasValue <vocab/status/party>", "owl:hasValue <vocab/status/denounced>"))
    assert [(c.action, c.group, c.kind) for c in found.changes] == [("changed", "term", "class")]
    start = "[type: restriction; has value: {}; on property: status]"
    wanted = ("sub class of", start.format("party"), start.format("denounced"))
    assert [tuple(edit) for edit in found.changes[0].edits] == [wanted]
    assert b"_:" not in changeset.turtle(found)


def test_a_list_in_the_ontology_is_told_in_order(tmp_path: Path) -> None:
    found = edited(
        tmp_path,
        ('tip:mode rdfs:label "mode"', 'tip:mode owl:propertyChainAxiom ( tip:date tip:party ) ; rdfs:label "mode"'),
    )
    assert [tuple(edit) for edit in found.changes[0].edits] == [("property chain axiom", "", "(date, party)")]


def test_a_term_of_others_has_its_change_named_by_its_escaped_iri(tmp_path: Path) -> None:
    found = edited(
        tmp_path, ('tip:date rdfs:label "date"', 'owl:Thing rdfs:label "thing"@en . tip:date rdfs:label "date"')
    )
    assert [(change.group, change.kind) for change in found.changes] == [("term", "term of others")]
    assert b"/http%3A%2F%2Fwww.w3.org%2F2002%2F07%2Fowl%23Thing>" in changeset.turtle(found)


def test_a_source_document_that_changes_is_told_as_such(tmp_path: Path) -> None:
    found = edited(tmp_path, ('"TIP Report 2031"', '"Report 2031"'))
    assert [(c.action, c.group, c.source, c.kind) for c in found.changes] == [
        ("changed", "source", "tip-2031", "source")
    ]


def test_blank_nodes_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "circle.trig"
    path.write_text(TEXT + "<graph/ontology> { _:a owl:sameAs _:b . _:b owl:sameAs _:a . }", encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"circle\.trig: blank nodes that point to each other in a circle"):
        read(path)


@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), (NEW, OLD)])
def test_applying_the_change_set_makes_one_dump_of_the_other(old: Path, new: Path) -> None:
    before, after = read(old), read(new)
    assert applied(compare(before, after), set(before.triples)) == after.triples


def test_merged_turtle_has_no_ontology_so_terms_do_not_count(built: Path) -> None:
    found = compare(read(built / "tipkg.ttl"), read(built / "tipkg.nq"))
    assert found.changes == ()
    assert found.left_out == "terms of the ontology are not compared: tipkg.ttl holds none"


@pytest.fixture(scope="module")
def changed(records: list[list[Record]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build in which one record says another year, which no check notices: Namibia and CRC-OPSC, 2002 as printed."""
    found = [record for some in records for record in some if isinstance(record, TreatyStatus)]
    (record,) = [r for r in found if r.id == "nam-crc-opsc"]
    other = dataclasses.replace(record, year="2003")
    folder = tmp_path_factory.mktemp("changed") / "other"
    build([[other if some is record else some for some in source] for source in records], folder)
    return folder


def test_one_changed_record_is_the_only_change_of_a_build(built: Path, changed: Path) -> None:
    (change,) = compare(read(built), read(changed)).changes
    assert (short(change)[:2], change.source, change.kind) == (("changed", "statement"), "tip-2018", "treaty status")
    assert [tuple(edit) for edit in change.edits] == [
        ("date", "2002", "2003"),
        ("earliest", "2002-01-01", "2003-01-01"),
        ("latest", "2002-12-31", "2003-12-31"),
        ("year", "2002", "2003"),
    ]


def test_applying_the_change_set_makes_the_other_build(built: Path, changed: Path) -> None:
    found = compare(read(built), read(changed))
    before, after = asserted(built / "tipkg.nq"), asserted(changed / "tipkg.nq")
    assert before != after
    assert applied(found, before) == after


@pytest.mark.parametrize("name", ["tipkg.nq", "tipkg.trig"])
def test_every_dump_reads_like_its_folder(built: Path, name: str) -> None:
    folder, dump = read(built), read(built / name)
    assert (dump.build_id, dump.triples) == (folder.build_id, folder.triples)


def test_the_order_of_a_dump_changes_no_output(built: Path, changed: Path, tmp_path: Path) -> None:
    turned = tmp_path / "tipkg.nq"
    turned.write_text("\n".join(reversed((changed / "tipkg.nq").read_text(encoding="utf-8").split("\n"))))
    found, again = (compare(read(built), read(path)) for path in (changed / "tipkg.nq", turned))
    assert changeset.turtle(found) == changeset.turtle(again)
    assert release_note.markdown(found) == release_note.markdown(again)


def test_an_emptied_graph_removes_every_statement_once(built: Path) -> None:
    full = read(built)
    none = Snapshot("none", "", frozenset())
    removed = compare(full, none).changes
    statements = {t.subject for t in full.triples if t.subject.value.startswith(f"{AT}statement/")}
    assert {change.action for change in removed} == {"removed"}
    assert sorted(c.subject.value for c in removed if c.group == "statement") == sorted(s.value for s in statements)
