"""tipkg check: what it prints, and its exit code for new findings, stale reviews and a folder that is no store."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.graph.build import build
from kg.records import Record, Source
from tests.ask.test_expected import FINDINGS

Tipkg = Callable[..., Any]
BASE = "https://w3id.org/tipkg/"
GUINEA = f"{BASE}statement/tip-2018/treaty-status/gin-palermo-protocol"
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


@pytest.fixture
def changeable(built: Path, tmp_path: Path) -> Path:
    """A copy of the built graph that a test may change."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


def tip(name: str) -> NamedNode:
    return NamedNode(f"{BASE}ontology#{name}")


def test_the_packaged_graph_has_no_new_finding(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("check", "--store", built, "--format", "tsv")
    assert (done.code, done.err) == (0, f"0 new findings, {FINDINGS} reviewed ones, 0 stale reviews\n")
    assert len(done.out.splitlines()) == FINDINGS + 1


def test_a_new_finding_comes_first_and_fails(tipkg: Tipkg, changeable: Path) -> None:
    store = Store(str(changeable / "store"))
    for quad in list(store.quads_for_pattern(NamedNode(GUINEA), tip("year"), None)):
        store.remove(quad)
    store.add(Quad(NamedNode(GUINEA), tip("year"), Literal("2005", datatype=INTEGER)))
    store.flush()
    del store
    done = tipkg("check", "--store", changeable, "--format", "json")
    answer = json.loads(done.out)
    assert (done.code, answer["new"]) == (1, 1)
    assert answer["findings"][0] == {
        "state": "new",
        "severity": "warning",
        "check": "act_of_two_years",
        "entity": GUINEA.removeprefix(BASE),
        "property": "tip:year",
        "value": "2005",
        "compared_with": "statement/tip-2017/treaty-status/gin-palermo-protocol",
        "comment": "Two editions date one act differently, so at most one of the years is right.",
        "outside_source": "",
    }


def test_a_reviewed_finding_that_is_gone_fails(tipkg: Tipkg, changeable: Path) -> None:
    store = Store(str(changeable / "store"))
    for quad in list(store.quads_for_pattern(NamedNode(GUINEA), tip("mode"), None)):
        store.remove(quad)
    store.flush()
    del store
    done = tipkg("check", "--store", changeable)
    assert done.code == 1
    assert done.err.startswith("stale: known.tsv: mode_mark_lost no longer finds statement/tip-2018/treaty-status/gin-")
    assert done.err.endswith(f"0 new findings, {FINDINGS - 1} reviewed ones, 1 stale reviews\n")


def test_a_folder_without_a_store_is_refused(tipkg: Tipkg, tmp_path: Path) -> None:
    done = tipkg("check", "--store", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert f"{tmp_path}: no tipkg store there" in done.err


def test_new_errors_stop_a_build(tipkg: Tipkg, tmp_path: Path) -> None:
    records = Path(__file__).parents[2] / "mappings" / "records"
    copy = Path(shutil.copytree(records / "tip-2017", tmp_path / "records" / "tip-2017")).parent
    table = copy / "tip-2017" / "focal_point.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("\toas\t", "\tnobody\t"), encoding="utf-8")
    done = tipkg("build", "--records", copy, "--out", tmp_path / "graph")
    assert (done.code, (tmp_path / "graph").exists()) == (2, False)
    assert "new errors in the data:\nstatement/tip-2017/focal-point/oas-coordinator-against" in done.err
    assert "dangling_reference: An IRI stands as a value and has no label" in done.err


@pytest.fixture(scope="module")
def small(records: list[list[Record]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of one report."""
    folder = tmp_path_factory.mktemp("small") / "graph"
    build([some for some in records if isinstance(some[0], Source) and some[0].id == "tip-2020"], folder)
    return folder


def test_the_references_confirm_what_a_build_derived(tipkg: Tipkg, small: Path) -> None:
    done = tipkg("check", "--store", small, "--reference", "--format", "tsv")
    last = done.err.splitlines()[-1]
    assert re.fullmatch(r"owlrl and pySHACL: [1-9]\d* derived triples are the same; no difference", last)


def test_a_derived_triple_that_is_not_entailed_is_told(tipkg: Tipkg, small: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small, tmp_path / "copy"))
    odd = f"<{BASE}id/organization/un> <{BASE}ontology#memberOf> <{BASE}id/organization/osce>"
    with (folder / "tipkg.nq").open("a", encoding="utf-8") as dump:
        dump.write(f"{odd} <{BASE}graph/inferred> .\n")
    done = tipkg("check", "--store", folder, "--reference", "--format", "tsv")
    assert done.code == 1
    assert f"the graph has, owlrl does not derive: {odd}\n" in done.err
    assert done.err.endswith("; 1 differences\n")
