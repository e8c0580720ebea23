"""Bad input: one clear message with its place, exit 2, no traceback, nothing half-written."""

import errno
import json
import resource
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tipkg = Callable[..., Any]
ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "mappings" / "records"
TABBED = (ROOT / "tests" / "sources" / "tabbed-2031.txt").read_bytes().decode()


def refused(done: Any, *parts: str) -> None:
    """Exit 2, nothing on standard output, one message, and these parts in it."""
    messages = [line for line in done.err.splitlines() if line.startswith(("tipkg: ", "Error: "))]
    assert (done.code, done.out, len(messages)) == (2, "", 1), done
    assert "Traceback" not in done.err
    assert [part for part in parts if part not in done.err] == [], done.err


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture
def read(tipkg: Tipkg, tmp_path: Path) -> Callable[[str | bytes], Any]:
    """Extract a text as tip-2031 and make sure that a refusal leaves nothing behind."""

    def run(text: str | bytes) -> Any:
        path = tmp_path / "text.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = tipkg("extract", "--source", f"{path}=tip-2031", "--records", tmp_path / "records")
        assert done.code == 0 or not (tmp_path / "records").exists()
        return done

    return run


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the packaged records, to be spoiled."""
    return Path(shutil.copytree(RECORDS, tmp_path / "records"))


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_folder_that_is_not_there_is_named(tipkg: Tipkg) -> None:
    refused(tipkg("extract", "--sources", "nowhere", "--records", "r"), "nowhere: no such folder")


def test_folder_without_texts_is_told_that_the_graph_needs_none(tipkg: Tipkg, tmp_path: Path) -> None:
    done = tipkg("extract", "--sources", tmp_path, "--records", "r")
    refused(done)
    assert done.err == (
        f"tipkg: extract reads the source texts and found none (looked in {tmp_path}). Give --sources DIR. "
        "The graph itself needs none: tipkg build.\n"
    )


def test_unknown_text_in_a_folder_is_told_both_ways_to_name_it(tipkg: Tipkg, tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text("a\tb\n")
    done = tipkg("extract", "--sources", tmp_path, "--records", "r")
    refused(done, "some.txt", "unknown or truncated", "--source some.txt=tip-2018", "--source some.txt=tip-2019")


@pytest.mark.sources
def test_truncated_copy_of_a_known_text_is_refused(tipkg: Tipkg, sources: Path, tmp_path: Path) -> None:
    first = min(sources.glob("*.txt"))
    (tmp_path / first.name).write_bytes(first.read_bytes()[:-100])
    refused(tipkg("extract", "--sources", tmp_path, "--records", "r"), first.name, "unknown or truncated")


def test_extract_without_a_text_says_what_it_takes(tipkg: Tipkg) -> None:
    refused(tipkg("extract"), "--sources DIR", "--source FILE=ID")


def test_extract_without_records_is_refused_outside_a_checkout(tipkg: Tipkg, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TABBED, encoding="utf-8")
    refused(tipkg("extract", "--source", f"{tmp_path / 'text.txt'}=tip-2031"), "no checkout", "--records DIR")


@pytest.mark.parametrize("option", ["text.txt", "text.txt=tip", "text.txt=tip-17", "text.txt=other-2017", "=tip-2017"])
def test_source_id_must_be_a_known_series_and_a_year(tipkg: Tipkg, option: str) -> None:
    refused(tipkg("extract", "--source", option, "--records", "r"), "FILE=ID")


def test_file_that_is_not_there_is_named(tipkg: Tipkg) -> None:
    refused(tipkg("extract", "--source", "none.txt=tip-2031", "--records", "r"), "none.txt: no such file")


def test_wrong_encoding_is_told_with_its_line(read: Callable[..., Any]) -> None:
    refused(read(TABBED.encode("latin-1", "replace")), f"text.txt:{line_of(TABBED, 'Côte')}: not UTF-8")


def test_nul_byte_is_told_with_its_line(read: Callable[..., Any]) -> None:
    spoilt = TABBED.replace("Nigeria\t", "Nigeria\x00\t")
    refused(read(spoilt), f"text.txt:{line_of(TABBED, 'Nigeria')}: holds a NUL byte")


def test_byte_order_mark_is_refused(read: Callable[..., Any]) -> None:
    refused(read(TABBED.encode("utf-8-sig")), "text.txt:1:", "byte-order mark")


def test_text_over_twenty_megabytes_is_refused_unread(tipkg: Tipkg, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    refused(tipkg("extract", "--source", f"{path}=tip-2031", "--records", "r"), "20,000,001 bytes")


def test_layout_that_cannot_be_decided_is_refused(read: Callable[..., Any]) -> None:
    refused(read("A page of prose.\nAnd another line.\n"), "text.txt")


def test_state_that_no_name_matches_is_told_with_its_line_and_the_nearest(read: Callable[..., Any]) -> None:
    spoilt = TABBED.replace("Nigeria\t", "Nigerria\t")
    refused(read(spoilt), f"text.txt:{line_of(spoilt, 'Nigerria')}:", "'Nigerria'", "nearest: Nigeria")


def test_row_with_a_value_too_many_is_told_with_its_line(read: Callable[..., Any]) -> None:
    spoilt = TABBED.replace("\t2022\t", "\t2022\t2022\t")
    refused(read(spoilt), f"text.txt:{line_of(spoilt, '2022')}:", "'Guinea'", "too many")


def test_cell_that_is_no_year_is_told_with_its_line(read: Callable[..., Any]) -> None:
    spoilt = TABBED.replace("\t2022\t", "\tsoon\t")
    refused(read(spoilt), f"text.txt:{line_of(spoilt, 'soon')}:", "row Guinea", "'soon'")


@pytest.mark.sources
def test_unknown_organization_in_a_source_with_its_own_toml_is_refused(
    tipkg: Tipkg, sources: Path, tmp_path: Path
) -> None:
    (original,) = [path for path in sources.glob("*.txt") if path.name.startswith("004")]
    text = original.read_bytes().decode()
    assert "(OECD)" in text
    (tmp_path / "copy.txt").write_text(
        text.replace("Economic Co-operation and Development (OECD)", "Odds and Ends (OOE)")
    )
    done = tipkg("extract", "--source", f"{tmp_path / 'copy.txt'}=tip-2020", "--records", tmp_path / "records")
    refused(done, "copy.txt:", "Odds and Ends", "nearest")
    assert not (tmp_path / "records").exists()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("\tmode\t", "\t", ["treaty_status.tsv:1:", "mode"]),
        ("\t1511\t1512\t", "\t1511\t99999999\t", ["treaty_status.tsv:", "99999999"]),
        ("\t1511\t1512\t", "\t1512\t1511\t", ["treaty_status.tsv:", "begin must be under end"]),
        ("\t1511\t1512\t", "\tx\t1512\t", ["treaty_status.tsv:", "whole number"]),
        ("\narg-crc-opsc", "\nmore\targ-crc-opsc", ["treaty_status.tsv:", "values for"]),
    ],
)
def test_spoilt_record_table_is_told_with_file_and_line(
    tipkg: Tipkg, copied: Path, tmp_path: Path, old: str, new: str, parts: list[str]
) -> None:
    table = copied / "tip-2017" / "treaty_status.tsv"
    spoil(table, old, new)
    refused(tipkg("build", "--records", copied, "--out", tmp_path / "graph"), *parts)
    assert not (tmp_path / "graph").exists()


def test_records_folder_without_records_is_refused(tipkg: Tipkg, tmp_path: Path) -> None:
    refused(tipkg("build", "--records", tmp_path, "--out", tmp_path / "graph"), str(tmp_path))
    refused(tipkg("build", "--records", tmp_path / "none", "--out", tmp_path / "graph"), "none")


def test_failed_build_leaves_the_earlier_graph(tipkg: Tipkg, copied: Path, built: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(built, tmp_path / "graph"))
    spoil(copied / "tip-2017" / "treaty_status.tsv", "\tunspecified\t", "\tby magic?\t")
    spoil(copied / "icat-2018" / "participation.tsv", "\tinitiator\t", "\tonlooker\t")
    done = tipkg("build", "--records", copied, "--out", out)
    refused(done)
    assert (out / "manifest.json").read_bytes() == (built / "manifest.json").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".graph")] == []


@pytest.mark.parametrize("command", ["build", "extract"])
def test_folder_that_cannot_be_written_is_named(tipkg: Tipkg, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "text.txt").write_text(TABBED, encoding="utf-8")
    target = tmp_path / "file" / "below"
    named = ("--source", f"{tmp_path / 'text.txt'}=tip-2031", "--records", target)
    refused(tipkg(command, *(("--out", target) if command == "build" else named)), str(tmp_path / "file"))


def test_build_does_not_replace_a_folder_that_it_did_not_make(tipkg: Tipkg, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("kept")
    refused(tipkg("build", "--out", tmp_path / "letters"), "letters", "no tipkg store")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "kept"


def test_store_of_another_version_is_told_how_to_build_it_again(tipkg: Tipkg, built: Path, tmp_path: Path) -> None:
    values = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**values, "format": 0, "version": "0.0.1"}))
    refused(
        tipkg("query", "glossary", "--store", tmp_path), "another version", "0.0.1", f"tipkg build --out {tmp_path}"
    )


@pytest.mark.parametrize("text", ["{", "{}"])
def test_manifest_that_is_none_is_told(tipkg: Tipkg, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    refused(tipkg("query", "glossary", "--store", tmp_path), str(tmp_path))


def test_folder_without_a_store_is_named(tipkg: Tipkg, tmp_path: Path) -> None:
    refused(tipkg("query", "glossary", "--store", tmp_path), str(tmp_path), "no tipkg store")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["ratification_statu"], ["'ratification_statu'", "nearest: ratification_status"]),
        (["glossary", "--param", "editon=2017"], ["'editon'", "edition"]),
        (["glossary", "--param", "edition=last"], ["'last'", "2017"]),
        (["glossary", "--param", "edition"], ["NAME=VALUE"]),
        (["not_parties", "--param", "instrument=ILO C198"], ["'ILO C198'", "nearest"]),
        (["ratification_status", "--param", "state=Gunea"], ["'Gunea'", "Guinea"]),
        (["programme_partners", "--param", "nearest=perhaps"], ["nearest", "'perhaps'"]),
    ],
)
def test_unknown_question_parameter_or_value_is_told_with_the_nearest(
    tipkg: Tipkg, built: Path, arguments: list[str], parts: list[str]
) -> None:
    refused(tipkg("query", *arguments, "--store", built), *parts)


def test_sparql_syntax_error_is_told_with_line_and_column(tipkg: Tipkg, built: Path) -> None:
    refused(tipkg("sparql", "-e", "SELECT ?s\nWHERE ?s", "--store", built), "line 2, column 7")


def test_sparql_format_that_does_not_fit_the_query_is_told(tipkg: Tipkg, built: Path) -> None:
    refused(tipkg("sparql", "-e", "ASK {}", "--format", "turtle", "--store", built), "no graph")
    refused(tipkg("sparql", "-e", "CONSTRUCT WHERE { ?s ?p 1 }", "--format", "csv", "--store", built), "a graph")


def test_sparql_file_that_cannot_be_read_is_named(tipkg: Tipkg, built: Path, tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes("SELECT * { ?s ?p 'é' }".encode("latin-1"))
    refused(tipkg("sparql", tmp_path / "none.rq", "--store", built), "none.rq")
    refused(tipkg("sparql", tmp_path / "latin.rq", "--store", built), "latin.rq")


def test_evidence_of_something_unknown_is_told(tipkg: Tipkg, built: Path) -> None:
    refused(tipkg("evidence", "statement/tip-2017/none", "--store", built), "statement/tip-2017/none")
    refused(tipkg("evidence", "no iri", "--store", built), "no iri")


def test_map_of_an_unknown_source_names_the_known_ones(tipkg: Tipkg) -> None:
    refused(tipkg("map", "tip-1999"), "'tip-1999'", "tip-2017")


def test_serve_names_a_folder_without_a_store(tipkg: Tipkg, tmp_path: Path) -> None:
    refused(tipkg("serve", "--store", tmp_path), str(tmp_path), "no tipkg store", f"tipkg build --out {tmp_path}")


def test_serve_refuses_a_store_of_another_version(tipkg: Tipkg, built: Path, tmp_path: Path) -> None:
    values = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**values, "format": 0, "version": "0.0.1"}))
    refused(tipkg("serve", "--store", tmp_path), "another version", "0.0.1", f"tipkg build --out {tmp_path}")


@pytest.mark.parametrize("left", [None, "CURRENT"])
def test_serve_refuses_a_store_that_is_damaged(tipkg: Tipkg, built: Path, tmp_path: Path, left: str | None) -> None:
    shutil.copyfile(built / "manifest.json", tmp_path / "manifest.json")
    if left:
        (tmp_path / "store").mkdir()
        shutil.copyfile(built / "store" / left, tmp_path / "store" / left)
    refused(tipkg("serve", "--store", tmp_path), str(tmp_path), "cannot be opened", f"tipkg build --out {tmp_path}")


def test_serve_refuses_an_address_that_is_none(tipkg: Tipkg, built: Path) -> None:
    refused(tipkg("serve", "--store", built, "--host", "host.invalid"), "'host.invalid' is no address to listen on")
    refused(tipkg("serve", "--store", built, "--public-url", "example.org"), "'example.org' is no public address")
    refused(tipkg("serve", "--store", built, "--public-url", "http://["), "'http://[' is no public address")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--port", "65536", "'--port': 65536 is not in the range 0<=x<=65535."),
        ("--port", "http", "'--port': 'http' is not a valid whole number."),
        ("--workers", "0", "'--workers': 0 is not in the range 1<=x<=1000."),
        ("--workers", "two", "'--workers': 'two' is not a valid whole number."),
        ("--queue", "-1", "'--queue': -1 is not in the range 0<=x<=1000000."),
        ("--worker-mib", "1.5", "'--worker-mib': '1.5' is not a valid whole number."),
        ("--query-timeout", "0", "'--query-timeout': 0.0 is not in the range 0.01<=x<=86400."),
        ("--query-timeout", "-1", "'--query-timeout': -1.0 is not in the range 0.01<=x<=86400."),
        ("--query-timeout", "nan", "'--query-timeout': 'nan' is not a valid number of seconds."),
        ("--drain-timeout", "inf", "'--drain-timeout': inf is not in the range 0.01<=x<=86400."),
        ("--slow-query", "1s", "'--slow-query': '1s' is not a valid number of seconds."),
        ("--allow-service", "nonsense", "'--allow-service': 'nonsense' is no address of an endpoint: write it like "),
        ("--allow-service", "http://[", "'--allow-service': 'http://[' is no address of an endpoint: Invalid IPv6 URL"),
        ("--allow-service", "http://x:99999/", "'--allow-service': 'http://x:99999/' is no address of an endpoint: "),
    ],
)
def test_serve_names_the_option_and_what_it_takes(
    tipkg: Tipkg, built: Path, option: str, value: str, message: str
) -> None:
    refused(tipkg("serve", "--store", built, option, value), f"Error: Invalid value for {message}")


def test_serve_refuses_a_list_of_services_and_none(tipkg: Tipkg, built: Path) -> None:
    both = ("--no-service", "--allow-service", "https://example.org/sparql")
    refused(tipkg("serve", "--store", built, *both), "--no-service and --allow-service exclude each other")


def test_serve_says_how_many_open_files_it_needs(tipkg: Tipkg, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    done = tipkg("serve", "--store", built, "--connections", "10000", "--workers", "8")
    refused(done, "10000 connections and 8 workers need 10520 open files, and this process may have 4096: give fewer")


def test_serve_names_ports_that_are_all_taken(tipkg: Tipkg, built: Path) -> None:
    """The last port has no next one."""
    with socket.create_server(("127.0.0.1", 65535)):
        done = tipkg("serve", "--store", built, "--port", "65535")
    refused(done, "all taken: give another --port")


def test_serve_names_a_folder_that_is_not_there(tipkg: Tipkg, tmp_path: Path) -> None:
    refused(tipkg("serve", "--store", tmp_path / "nowhere"), "nowhere: no tipkg store there", "tipkg build --out")


def test_serve_names_a_file_that_it_may_not_read(tipkg: Tipkg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manifest.json").write_text("{}")

    def denied(path: Path, *_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", denied)
    refused(tipkg("serve", "--store", tmp_path), "Permission denied", str(tmp_path / "manifest.json"))
