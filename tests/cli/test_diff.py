"""The command diff: golden output in every form, no difference, and bad input with its place."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tipkg = Callable[..., Any]
FOLDER = Path(__file__).parents[1] / "graph" / "diff"
OLD, NEW = FOLDER / "old.trig", FOLDER / "new.trig"
COUNTS = """\
statement: 1 added, 1 removed, 1 changed, 1 moved
entity: 0 added, 0 removed, 1 changed, 0 moved
term: 1 added, 0 removed, 0 changed, 0 moved
finding: 0 added, 1 removed, 0 changed, 0 moved
"""


def refused(done: Any, *parts: str) -> None:
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done
    assert [part for part in parts if part not in done.err] == [], done.err


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "ttl", "md"])
def test_diff_prints_what_was_typed_by_hand(tipkg: Tipkg, form: str) -> None:
    done = tipkg("diff", OLD, NEW, "--format", form)
    assert (done.code, done.err) == (0, COUNTS)
    assert done.out == (FOLDER / f"diff.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize(("form", "out"), [("table", "no difference\n"), ("json", "[]\n")])
def test_a_build_and_its_dump_do_not_differ(tipkg: Tipkg, built: Path, form: str, out: str) -> None:
    done = tipkg("diff", built, built / "tipkg.nq", "--format", form)
    assert (done.code, done.out, done.err) == (0, out, "" if form == "table" else "no difference\n")


def test_release_note_of_no_difference_says_so(tipkg: Tipkg) -> None:
    done = tipkg("diff", OLD, OLD, "--format", "md")
    assert done.code == 0
    assert done.out.endswith("\n\nNo difference.\n")
    assert "## Summary" not in done.out


def test_packed_dumps_are_read(tipkg: Tipkg, tmp_path: Path) -> None:
    packed = tmp_path / "old.trig.gz"
    packed.write_bytes(gzip.compress(OLD.read_bytes()))
    done = tipkg("diff", packed, NEW, "--format", "json")
    assert json.loads(done.out) == json.loads((FOLDER / "diff.json").read_text(encoding="utf-8"))


def test_merged_turtle_says_that_terms_are_left_out(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("diff", built / "tipkg.ttl", built)
    told = "terms of the ontology are not compared: tipkg.ttl holds none\nno difference\n"
    assert (done.code, done.out, done.err) == (0, told, "")


def test_path_that_is_not_there_is_named(tipkg: Tipkg) -> None:
    refused(tipkg("diff", "nowhere", NEW), "tipkg: nowhere: no such file or folder")


def test_folder_without_a_store_is_named(tipkg: Tipkg, tmp_path: Path) -> None:
    refused(tipkg("diff", OLD, tmp_path), f"{tmp_path}: no tipkg store there")


def test_store_of_another_version_is_refused(tipkg: Tipkg, built: Path, tmp_path: Path) -> None:
    values = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**values, "format": 99}))
    refused(tipkg("diff", built, tmp_path), "a store of another version (format 99")


def test_dump_that_is_not_that_of_its_folder_is_refused(tipkg: Tipkg, built: Path, tmp_path: Path) -> None:
    shutil.copyfile(built / "manifest.json", tmp_path / "manifest.json")
    first, _, rest = (built / "tipkg.nq").read_text(encoding="utf-8").partition("\n")
    assert first
    (tmp_path / "tipkg.nq").write_text(rest, encoding="utf-8")
    refused(tipkg("diff", built, tmp_path), "tipkg.nq: not the dump of this build", f"--out {tmp_path}")


def test_unknown_type_is_told_what_is_wanted(tipkg: Tipkg, tmp_path: Path) -> None:
    (tmp_path / "graph.rdf").write_text("<rdf/>")
    refused(tipkg("diff", tmp_path / "graph.rdf", NEW), "graph.rdf: unknown type", ".nq, .trig, .ttl (.gz)")


@pytest.mark.parametrize("name", ["spoilt.trig", "spoilt.trig.gz"])
def test_dump_that_cannot_be_parsed_is_told_with_its_line(tipkg: Tipkg, tmp_path: Path, name: str) -> None:
    text = OLD.read_text(encoding="utf-8")
    line = text[: text.index("rdfs:label")].count("\n") + 1
    data = text.replace("rdfs:label", "rdfs label", 1).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    refused(tipkg("diff", tmp_path / name, NEW), f"{name}:{line}: not parsable as TriG: ")


@pytest.mark.parametrize("keep", [slice(40), slice(3, None)])
def test_spoilt_gzip_is_refused(tipkg: Tipkg, tmp_path: Path, keep: slice) -> None:
    (tmp_path / "old.trig.gz").write_bytes(gzip.compress(OLD.read_bytes())[keep])
    refused(tipkg("diff", tmp_path / "old.trig.gz", NEW), "old.trig.gz: not a whole gzip file")


@pytest.mark.parametrize("name", ["ontology.ttl", "void.ttl", "tipkg-inferred.ttl"])
def test_files_beside_the_dumps_are_no_dumps_of_the_graph(tipkg: Tipkg, built: Path, name: str) -> None:
    refused(tipkg("diff", built / name, built), f"{name}: no dump of the whole graph", "tip:SourceDocument")


def test_help_says_what_does_not_count(tipkg: Tipkg) -> None:
    told = " ".join(tipkg("diff", "--help").out.split())
    assert "Derived triples, mentions and quality measurements do not count." in told
