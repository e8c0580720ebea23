"""The commands as people and programs call them: exit codes, and what goes to standard output."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from kg.cli.commands import COMMANDS, cli

ROOT = Path(__file__).parents[2]
TABBED = ROOT / "tests" / "sources" / "tabbed-2031.txt"
RECORDS = ROOT / "mappings" / "records"


Tipkg = Callable[..., Any]


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_extract_writes_the_records_of_one_source_and_touches_no_other(tipkg: Tipkg, tmp_path: Path) -> None:
    other = tmp_path / "records" / "tip-1999" / "source.tsv"
    other.parent.mkdir(parents=True)
    other.write_text("kept")
    done = tipkg("extract", "--source", f"{TABBED}=tip-2031", "--records", tmp_path / "records")
    assert (done.code, done.out) == (0, "")
    assert sorted(path.name for path in (tmp_path / "records").iterdir()) == ["tip-1999", "tip-2031"]
    assert other.read_text() == "kept"


def test_extract_takes_the_edition_from_the_id_and_not_from_the_text(tipkg: Tipkg, tmp_path: Path) -> None:
    tipkg("extract", "--source", f"{TABBED}=tip-2044", "--records", tmp_path)
    source = rows((tmp_path / "tip-2044" / "source.tsv").read_text(encoding="utf-8"), "\t")
    assert [(row["id"], row["edition"]) for row in source] == [("tip-2044", "2044")]


def test_extract_check_says_nothing_differs_and_then_what_does(tipkg: Tipkg, tmp_path: Path) -> None:
    asked = ("extract", "--source", f"{TABBED}=tip-2031", "--records", tmp_path)
    tipkg(*asked)
    same = tipkg(*asked, "--check")
    table = tmp_path / "tip-2031" / "treaty_status.tsv"
    changed = table.read_text(encoding="utf-8").replace("\t2022\t", "\t1922\t", 1)
    table.write_text(changed, encoding="utf-8")
    other = tipkg(*asked, "--check")
    assert (same.code, same.out) == (0, "")
    assert (other.code, [line[0] for line in other.out.splitlines()]) == (1, ["-", "+"])
    assert table.read_text(encoding="utf-8") == changed


@pytest.mark.sources
def test_extract_counts_the_sentences_of_a_paper_that_state_something(tipkg: Tipkg, sources: Path) -> None:
    done = tipkg("extract", "--check", "--sources", sources, "--records", RECORDS)
    (line,) = (line for line in done.err.splitlines() if "sentences" in line)
    stated, total = map(int, re.fullmatch(r"icat-2018: (\d+) of (\d+) sentences state something; .*", line).groups())
    assert total == len((RECORDS / "icat-2018" / "sentence.tsv").read_text(encoding="utf-8").splitlines()) - 1
    assert stated > 465, "so many of them hold a fact by an independent count"


@pytest.mark.sources
def test_records_say_what_the_texts_say(tipkg: Tipkg, sources: Path) -> None:
    done = tipkg("extract", "--check", "--sources", sources, "--records", RECORDS)
    assert (done.code, done.out) == (0, "")


@pytest.mark.sources
def test_build_reads_the_texts_again_and_makes_the_same_dumps(
    tipkg: Tipkg, sources: Path, built: Path, tmp_path: Path
) -> None:
    done = tipkg("build", "--sources", sources, "--out", tmp_path / "graph")
    assert done.code == 0
    assert "4 of 4 texts recognised" in done.err
    assert "0 differ" in done.err
    dumps = [path.name for path in built.iterdir() if path.suffix in (".ttl", ".nq", ".trig")]
    assert [name for name in dumps if (built / name).read_bytes() != (tmp_path / "graph" / name).read_bytes()] == []


@pytest.mark.sources
def test_build_stops_where_one_fact_differs(tipkg: Tipkg, sources: Path, tmp_path: Path) -> None:
    records = tmp_path / "records"
    shutil.copytree(RECORDS, records)
    table = records / "tip-2017" / "treaty_status.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("\t2011\t", "\t1911\t", 1), encoding="utf-8")
    done = tipkg("build", "--records", records, "--sources", sources, "--out", tmp_path / "graph")
    assert (done.code, [line[0] for line in done.out.splitlines()]) == (1, ["-", "+"])
    assert not (tmp_path / "graph").exists()


@pytest.mark.sources
def test_evidence_quotes_the_passage_where_the_text_is_at_hand(tipkg: Tipkg, sources: Path, built: Path) -> None:
    done = tipkg("evidence", "statement/tip-2017/treaty-status/gin-crc-opsc", "--sources", sources, "--store", built)
    assert done.code == 0
    assert "»2011(a)«" in done.out


def test_build_without_texts_says_so_and_uses_the_packaged_records(tipkg: Tipkg, tmp_path: Path) -> None:
    done = tipkg("build", "--out", tmp_path / "graph")
    assert (done.code, done.out) == (0, "")
    assert "source texts: none here (facts show their place; to re-read the texts: make run SOURCES=folder)" in done.err
    assert (tmp_path / "graph" / "manifest.json").is_file()


def test_first_question_builds_the_graph_in_the_cache_and_the_second_uses_it(tipkg: Tipkg, tmp_path: Path) -> None:
    asked = ("query", "not_parties", "--param", "instrument=ILO C189", "--format", "csv")
    first, second = tipkg(*asked), tipkg(*asked)
    assert "building the graph" in first.err
    assert second.err == ""
    assert first.out == second.out
    assert len(list((tmp_path / "cache" / "tipkg").iterdir())) == 1


@pytest.mark.parametrize("form", ["csv", "tsv", "json"])
def test_machine_format_holds_only_the_result(tipkg: Tipkg, built: Path, form: str) -> None:
    asked = ("query", "ratification_status", "--param", "state=GIN", "--param", "instrument=ilo-p029")
    done = tipkg(*asked, "--store", built, "--format", form)
    found = json.loads(done.out)["rows"] if form == "json" else rows(done.out, "," if form == "csv" else "\t")
    assert (done.code, done.err) == (0, "")
    # A dash in the charts of 2017 and of 2018.
    dash = ("Guinea", "GIN", "not_party")
    assert [(row["state"], row["iso3"], row["status"]) for row in found] == [dash, dash]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_empty_answer_is_a_header_and_an_explanation_on_standard_error(tipkg: Tipkg, built: Path, form: str) -> None:
    asked = ("query", "programme_partners", "--param", "programme=GLO.ACT", "--param", "organization=ILO")
    done = tipkg(*asked, "--store", built, "--format", form)
    assert done.code == 0
    assert done.out.splitlines()[0].startswith("match")
    assert len(done.out.splitlines()) == 1
    assert "no source names ILO on GLO.ACT" in done.err


def test_empty_answer_in_json_carries_what_is_nearest(tipkg: Tipkg, built: Path) -> None:
    asked = ("query", "programme_partners", "--param", "programme=GLO.ACT", "--param", "organization=ILO")
    done = tipkg(*asked, "--store", built, "--format", "json")
    answer = json.loads(done.out)
    assert (answer["rows"], answer["answer"]) == ([], "none stated")
    assert {row["abbreviation"] for row in answer["nearest"]} == {"UNODC", "IOM", "UNICEF", "UNHCR"}


def test_nearest_adds_rows_that_are_no_answer(tipkg: Tipkg, built: Path) -> None:
    asked = ("query", "programme_partners", "--param", "programme=GLO.ACT", "--param", "organization=ILO")
    done = tipkg(*asked, "--param", "nearest=true", "--store", built, "--format", "csv")
    matches = {(row["match"], row["abbreviation"]) for row in rows(done.out)}
    on_it = {("programme_only", name) for name in ("UNODC", "IOM", "UNICEF")}
    assert matches == on_it | {("organization_only", "UNHCR")}


def test_table_is_neither_cut_nor_coloured_where_no_terminal_is(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("query", "instruments", "--param", "instrument=palermo-protocol", "--store", built)
    title = (
        "Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children, supplementing"
    )
    assert title in done.out
    assert "\x1b" not in done.out


def test_queries_lists_every_packaged_question(tipkg: Tipkg) -> None:
    done = tipkg("queries", "--format", "csv")
    assert [row["name"] for row in rows(done.out)] == sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))


@pytest.mark.parametrize(
    ("form", "out"),
    [
        ("csv", "n\r\n1\r\n"),
        ("tsv", "?n\n1\n"),
        ("json", '{"head":{"vars":["n"]},"results":{"bindings":[{"n":'),
        ("xml", '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'),
    ],
)
def test_sparql_gives_the_standard_formats(tipkg: Tipkg, built: Path, form: str, out: str) -> None:
    done = tipkg("sparql", "-e", "SELECT (1 AS ?n) {}", "--store", built, "--format", form)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(out)


def test_sparql_reads_a_file_and_gives_a_graph_in_turtle(tipkg: Tipkg, built: Path, tmp_path: Path) -> None:
    query = tmp_path / "query.rq"
    query.write_text("CONSTRUCT { <a:x> <a:y> 1 } {}")
    done = tipkg("sparql", query, "--store", built)
    assert [str(quad.triple.object) for quad in parse(done.out, format=RdfFormat.TURTLE)] == [
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def test_evidence_says_where_a_statement_stands(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("evidence", "statement/tip-2017/treaty-status/gin-ilo-c189", "--store", built)
    assert done.code == 0
    assert "where:  TIP Report 2017, conventions chart, row Guinea, column ILO C189\n" in done.out
    assert "characters 1511 to 1512 of tip-2017" in done.out


def test_sources_lists_all_four_and_which_texts_are_here(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("sources", "--store", built, "--format", "csv")
    listed = rows(done.out)
    assert [row["source"] for row in listed] == ["icat-2018", "tip-2017", "tip-2018", "tip-2020"]
    assert {row["text here"] for row in listed} == {"no"}


@pytest.mark.parametrize(("form", "rdf"), [("turtle", RdfFormat.TURTLE), ("nquads", RdfFormat.N_QUADS)])
def test_map_prints_one_source_as_rdf(tipkg: Tipkg, form: str, rdf: RdfFormat) -> None:
    done = tipkg("map", "tip-2017", "--format", form)
    subjects = {str(quad.subject) for quad in parse(done.out, format=rdf)}
    assert done.code == 0
    assert "<https://w3id.org/tipkg/statement/tip-2017/treaty-status/gin-ilo-c189>" in subjects


def test_help_of_the_whole_names_every_command(tipkg: Tipkg) -> None:
    done = tipkg("--help")
    wanted = ["build", "evidence", "explain", "extract", "map", "queries", "query", "serve", "sources", "sparql"]
    assert done.code == 0
    assert [name for name in wanted if f"\n  {name} " not in done.out] == []


def test_version_is_that_of_the_package(tipkg: Tipkg) -> None:
    done = tipkg("--version")
    assert (done.code, done.out) == (0, "tipkg, version 0.1.0\n")


def test_commands_stand_under_their_own_names() -> None:
    assert {name: command.name for name, command in cli.commands.items()} == {name: name for name in COMMANDS}


def test_commands_are_imported_when_they_are_run() -> None:
    code = "import sys; from kg.cli.commands import cli; cli.commands['serve']; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in loaded if name.startswith("kg.cli.")} == {
        *("kg.cli.commands", "kg.cli.graph", "kg.cli.options", "kg.cli.serving", "kg.cli.serving_options")
    }
