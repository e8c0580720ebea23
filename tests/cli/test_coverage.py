"""The command coverage: the sums, and exit 1 for a line that nothing accounts for."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.graph.build import packaged_records

Tipkg = Callable[..., Any]


def test_coverage_tells_lines_mapped_and_reasons(tipkg: Tipkg) -> None:
    done = tipkg("coverage", "tip-2020", "--format", "csv")
    assert done.code == 0
    # 18 rows, 7 headers of which the first is no repetition, and the title above them.
    assert done.out.split("\n")[1] == 'tip-2020,all,25,18,"heading 2, repeated header 5",0,,,,'


def test_coverage_of_a_paper_counts_sentences_too(tipkg: Tipkg) -> None:
    done = tipkg("coverage", "icat-2018", "--format", "json")
    whole, *parts = json.loads(done.out)
    assert (done.code, whole["section"], whole["unaccounted"]) == (0, "all", 0)
    assert whole["sentences"] == sum(part["sentences"] for part in parts)
    assert whole["stated"] + whole["mention only"] < whole["sentences"]


def test_an_unaccounted_line_ends_with_1(tipkg: Tipkg, tmp_path: Path) -> None:
    shutil.copytree(packaged_records(), tmp_path / "records")
    path = tmp_path / "records" / "tip-2020" / "coverage.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("repeated header", "unaccounted"), encoding="utf-8")
    done = tipkg("coverage", "--records", tmp_path / "records", "--format", "csv")
    assert done.code == 1
    assert "5 lines or sentences are unaccounted for" in done.err


def test_coverage_of_an_unknown_source_is_refused(tipkg: Tipkg) -> None:
    done = tipkg("coverage", "tip-1999")
    assert done.code == 2
    assert "no source is called 'tip-1999' (known: icat-2018, tip-2017" in done.err


def test_relocate_reports_what_another_conversion_holds(tipkg: Tipkg, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("It is a four-year joint\ninitiative. In Belarus, Colombia and Laos it ran.\n", encoding="utf-8")
    done = tipkg("extract", "--source", f"{other}=icat-2018", "--relocate", "--records", packaged_records())
    assert done.code == 0
    assert re.search(r"icat-2018: \d{4} locators, \d+ found in .*other.txt, \d{4} not", done.err)
    rows = {line.split()[1]: line.split()[-5:] for line in done.out.splitlines() if line.startswith("participation ")}
    assert rows["glo-act-eu"][:2] == ["found", "1"]
    assert rows["glo-act-unicef-countries"][:2] == ["found", "2"]
    assert rows["glo-act-phase-2-iom"][0] == "missing"
