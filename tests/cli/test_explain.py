"""tipkg explain as people and programs call it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tipkg = Callable[..., Any]
WHERE = "ICAT mandate paper 2018, section UNHCR, page 27, search for: works in close partnership"


def test_a_derived_triple_is_told_down_to_its_passage(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("explain", "UNHCR", "cooperatesWith", "ILO", "--store", built)
    place = f"{WHERE} (characters 78962 to 79211 of icat-2018)"
    assert (done.code, done.err) == (0, "")
    assert done.out.split("\n")[1:] == [
        "",
        "organization:unhcr tip:cooperatesWith organization:ilo",
        "  by axiom cooperatesWith propertyChainAxiom (cooperatorIn counterpart)",
        "    organization:unhcr tip:cooperatorIn cooperation-icat-2018:unhcr-partners",
        "      by axiom cooperator inverseOf cooperatorIn",
        "        cooperation-icat-2018:unhcr-partners tip:cooperator organization:unhcr",
        "          stated by icat-2018",
        f"          {place}",
        "    cooperation-icat-2018:unhcr-partners tip:counterpart organization:ilo",
        "      stated by icat-2018",
        f"      {place}",
        "",
    ]


def test_several_proofs_are_counted(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("explain", "ICAO", "cooperatesWith", "OHCHR", "--store", built)
    assert done.out.split("\n")[0].endswith("(2 independent proofs)")
    assert [line for line in done.out.split("\n") if line.startswith("proof ")] == ["proof 1 of 2", "proof 2 of 2"]


def test_an_asserted_triple_says_who_states_it(tipkg: Tipkg, built: Path) -> None:
    cell = "statement/tip-2018/treaty-status/gin-ilo-c189"
    done = tipkg("explain", cell, "party", "Guinea", "--store", built)
    assert done.out.split("\n")[2:] == [
        "treaty-status-tip-2018:gin-ilo-c189 tip:party state:GIN",
        "  stated by tip-2018",
        "  TIP Report 2018, conventions chart, row Guinea, column ILO C189 (characters 989 to 1021 of tip-2018)",
        "",
    ]


def test_what_no_source_says_is_told_as_ours(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("explain", "Guinea", "a", "State", "--store", built)
    assert "  stated by graph entities (no source: of this project)\n" in done.out


def test_what_does_not_hold_is_told_with_what_is_nearest(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("explain", "Guinea", "partyTo", "ILO P029", "--store", built)
    lines = done.out.split("\n")
    assert (done.code, done.err) == (0, "")
    assert lines[0].startswith("does not hold: Guinea party to ")
    assert lines[1:3] == ["nearest (no proof of it):", "  non-party: Guinea, ILO P029: —"]
    assert "  state:GIN tip:partyTo instrument:ilo-c189" in lines[lines.index("what does hold:") :]


def test_json_holds_the_whole_proof(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("explain", "Guinea", "partyTo", "ILO C189", "--store", built, "--format", "json")
    found = json.loads(done.out)
    (proof,) = found["proofs"]
    assert (found["holds"], found["object"]) == (True, "https://w3id.org/tipkg/id/instrument/ilo-c189")
    assert proof["by"] == {"kind": "axiom", "name": "partyTo propertyChainAxiom (partyIn instrument)", "definition": ""}
    first, second = proof["premises"]
    assert second["stated_by"] == ["https://w3id.org/tipkg/source/tip-2018"]
    assert second["passages"] == first["premises"][0]["passages"]
    assert second["passages"] == [
        {"source": "tip-2018", "begin": 989, "end": 1021,
         "where": "TIP Report 2018, conventions chart, row Guinea, column ILO C189"}
    ]  # fmt: skip


def test_json_of_what_does_not_hold_has_no_proof_and_what_is_nearest(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("explain", "UNODC", "cooperatesWith", "ICAT", "--store", built, "--format", "json")
    found = json.loads(done.out)
    assert (found["holds"], found["proofs"]) == (False, [])
    assert {near["kind"] for near in found["nearest"]} == {"directed cooperation"}
    assert {triple["subject"] for triple in found["instead"]} == {"https://w3id.org/tipkg/id/organization/unodc"}


def test_a_page_of_proofs_is_enough_in_a_table_and_json_has_all(tipkg: Tipkg, built: Path) -> None:
    asked = ("explain", "UNODC", "a", "tip:Actor", "--store", built)
    table, whole = tipkg(*asked).out, json.loads(tipkg(*asked, "--format", "json").out)
    assert table.count("\nproof ") == 20
    assert f"... and {len(whole['proofs']) - 20} more (all of them: --format json)" in table


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("UNHCR", "cooperateWith", "ILO"), "no property is called 'cooperateWith' (nearest: cooperatesWith, "),
        (("UNHXR", "cooperatesWith", "ILO"), "no thing is called 'UNHXR' (nearest: Office of the United Nations High"),
        (("UNHCR", "tip:nothing", "ILO"), "nothing in this graph has the IRI https://w3id.org/tipkg/ontology#nothing"),
    ],
)
def test_a_name_of_nothing_is_refused(tipkg: Tipkg, built: Path, asked: tuple[str, ...], message: str) -> None:
    done = tipkg("explain", *asked, "--store", built)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"tipkg: {message}")


def test_explaining_needs_no_library_of_the_build(built: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from kg.cli import cli;"
        f"cli(['explain', 'UNHCR', 'cooperatesWith', 'ILO', '--store', {str(built)!r}], standalone_mode=False);"
        "print(*sorted({'rdflib', 'owlrl', 'pyshacl'} & set(sys.modules)), 'end')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "end"
