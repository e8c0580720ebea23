"""What is in the repository: no path of one machine, no address of a package index, no long stretch of a source."""

import re
import subprocess
from pathlib import Path

import pytest

from kg.record_tables import read
from kg.records import Cooperation, Figure, Participation, Record

ROOT = Path(__file__).parents[2]
# The needles are put together here, so that this file does not hold them.
ROOMS = ("tmp", "work", "root", "home", "Users", "opt")
HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"), ("crates", "io"))
PATH = re.compile(rf"(?<![\w.~/%*-])/(?:{'|'.join(ROOMS)})/")
HOST = re.compile("|".join(r"\.".join(parts) for parts in HOSTS))
WORDS_OF_A_PHRASE = 8


def tracked() -> list[Path]:
    """The files that git keeps or is about to; in an unpacked archive, those that are not hidden or built."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        paths = [ROOT / line for line in listed.splitlines()]
    else:
        built = re.compile(r"(^|/)(\.(?!ci/)|build/|dist/|sources/|__pycache__/|[^/]*\.egg-info/)")
        paths = [path for path in ROOT.rglob("*") if not built.search(path.relative_to(ROOT).as_posix())]
    return sorted(path for path in paths if path.is_file())


def strange(text: str) -> list[str]:
    return [match[0] for match in (*PATH.finditer(text), *HOST.finditer(text))]


def test_no_file_names_a_path_of_this_machine_or_a_package_index() -> None:
    found = {path.relative_to(ROOT).as_posix(): strange(path.read_text(encoding="utf-8")) for path in tracked()}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("see " + "/".join(("", "tmp", "x")), 1),
        ("'" + "/".join(("", "home", "someone", "x")) + "'", 1),
        ("https://files." + ".".join(("pythonhosted", "org")) + "/x", 1),
        ("https://example.org/home/page and a/tmp/b and homepage", 0),
    ],
)
def test_strange_path_or_host_is_found(text: str, count: int) -> None:
    assert len(strange(text)) == count


def test_records_of_every_source_can_be_read() -> None:
    folders = sorted(path for path in (ROOT / "mappings" / "records").iterdir() if path.is_dir())
    sources = {folder.name: [r.id for r in read(folder) if r.kind == "source"] for folder in folders}
    assert sources == {folder.name: [folder.name] for folder in folders}


def phrase(record: Record) -> str:
    """The words of a source that a record holds to find a place or to show what a cell says."""
    if isinstance(record, Participation | Cooperation):
        return record.locator
    return record.printed if isinstance(record, Figure) else ""


def test_no_phrase_of_a_source_is_longer_than_eight_words(records: list[list[Record]]) -> None:
    phrases = {phrase(record) for some in records for record in some}
    assert [text for text in phrases if len(text.split()) > WORDS_OF_A_PHRASE] == []


def test_no_locator_of_a_curated_table_is_longer_than_eight_words() -> None:
    long = []
    for path in sorted((ROOT / "mappings" / "curated").rglob("*.tsv")):
        header, *rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            long += [cell for name, cell in cells.items() if name in ("locator", "until") and len(cell.split()) > 8]
    assert long == []
