"""A changed text changes the records: this fact, no other, or it is refused with file and line."""

import hashlib
from pathlib import Path

import pytest

from kg.mappings.extract import ExtractError, Extraction, extract, save, texts_in
from kg.read.text import read_text
from kg.record_tables import PLACE
from kg.records import Record, Source, Statement, TreatyStatus

TABBED = Path(__file__).parents[1] / "sources" / "tabbed-2031.txt"


def changed(folder: Path, path: Path, old: str, new: str) -> Path:
    """A copy of a text with one place changed."""
    text = read_text(path).value
    assert text.count(old) == 1
    copy = folder / "copy.txt"
    copy.write_text(text.replace(old, new), encoding="utf-8", newline="")
    return copy


def drift(new: Extraction, old: Extraction) -> list[str]:
    """Sign, kind and id of the facts that differ. The place is none: that of a row changes with each of its cells."""
    before, after = ({fact(r): f"{r.kind} {r.id}" for r in e.records if isinstance(r, Statement)} for e in (old, new))
    return [f"- {before[key]}" for key in before if key not in after] + [
        f"+ {after[key]}" for key in after if key not in before
    ]


def fact(record: Statement) -> str:
    values = {name: value for name, value in vars(record).items() if name not in PLACE}
    return f"{record.kind} {values}"


def statuses(records: tuple[Record, ...]) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    found = [record for record in records if isinstance(record, TreatyStatus)]
    return {(r.state_name, r.instrument): (r.status, r.year, r.mode, r.entry_into_force) for r in found}


def test_extract_gives_the_same_twice(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        save(extract("tip-2031", TABBED), tmp_path / folder)
    files = {path.name: path.read_bytes() for path in (tmp_path / "one" / "tip-2031").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "two" / "tip-2031").iterdir()} == files
    assert extract("tip-2031", TABBED) == extract("tip-2031", TABBED)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("\t2015(A)", "\t2017(A)", "treaty_status kor-crc-opac"),
        ("\t2013(d)", "\t2013(a)", "treaty_status civ-crc-opac"),
        ("force 14 Jun 2029", "force 15 Jun 2029", "treaty_status gin-ilo-p029"),
        ("\t4,321\t", "\t4,322\t", "figure nato-total-number-of-peacekeeping-and-support-personnel"),
        ("Declaration of the Test (2029)", "Declaration of the Test (2028)", "framework un-declaration-of-the-test"),
        ("December 24, 2030", "December 25, 2030", "note exchange-rates"),
    ],
)
def test_a_year_or_number_changed_in_the_text_changes_this_fact_only(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    copy = changed(tmp_path, TABBED, old, new)
    assert drift(extract("tip-2031", copy), extract("tip-2031", TABBED)) == [f"- {what}", f"+ {what}"]


def test_a_row_taken_out_of_the_text_takes_out_its_facts_only(tmp_path: Path) -> None:
    row = next(line for line in read_text(TABBED).value.split("\n") if line.startswith("Niger\t"))
    found = drift(extract("tip-2031", changed(tmp_path, TABBED, row + "\n", "")), extract("tip-2031", TABBED))
    instruments = ("ilo-c189", "palermo-protocol", "ilo-c029", "ilo-p029", "crc-opac")
    assert found == [f"- treaty_status ner-{instrument}" for instrument in instruments]


def test_columns_swapped_in_the_text_change_no_fact(tmp_path: Path) -> None:
    text = read_text(TABBED).value
    begin, end = text.index("Country\t"), text.index("\n\n*")
    rows = [line.split("\t") for line in text[begin:end].split("\n")]
    swapped = "\n".join("\t".join([row[0], *reversed(row[1:])]) for row in rows)
    copy = tmp_path / "copy.txt"
    copy.write_text(text[:begin] + swapped + text[end:], encoding="utf-8", newline="")
    assert statuses(extract("tip-2031", copy).records) == statuses(extract("tip-2031", TABBED).records)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("\nGuinea-Bissau\t", "\nGuinea Bissau\t", 11, "no state of ISO 3166 is called 'Guinea Bissau' (nearest: Gu"),
        ("\t1944\t", "\t1944\t1945\t", 13, "row 'Niger' has 7 cells where the header has 6: too many"),
        ("\nNiger\t—\t—", "\nNiger\t—", 13, "row 'Niger' has 5 cells where the header has 6: too few"),
        ("\t1945\t", "\tX\t", 14, "row Nigeria, column ILO Convention 29, Forced Labour: 'X' is no year, dash or"),
    ],
)
def test_a_text_that_is_not_understood_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    copy = changed(tmp_path, TABBED, old, new)
    with pytest.raises(ExtractError) as caught:
        extract("tip-2031", copy)
    assert str(caught.value).startswith(f"{copy}:{line}: {message}")


def test_the_fingerprint_of_a_copy_tells_it_from_the_known_text(tmp_path: Path) -> None:
    copy = changed(tmp_path, TABBED, "\t1944\t", "\t1946\t")
    found = [r.sha256 for r in extract("tip-2031", copy).records if isinstance(r, Source)]
    assert found == [hashlib.sha256(copy.read_bytes()).hexdigest()]


@pytest.mark.sources
@pytest.mark.parametrize(
    ("source", "old", "new", "what"),
    [
        ("tip-2017", "Argentina\t2002", "Argentina\t2009", "treaty_status arg-palermo-protocol"),
        ("tip-2017", "Finland\t2006(A)", "Finland\t2006(a)", "treaty_status fin-palermo-protocol"),
        ("tip-2017", "\t17,748", "\t17,749", "figure nato-total-number-of-peacekeeping-and-support-personnel"),
        (
            "tip-2020",
            "ction Plan (2015)",
            "ction Plan (2016)",
            "framework khartoum-process-valletta-summit-action-plan",
        ),
        ("tip-2020", "http://un-act.org/</p>", "http://un-act.org</p>", "link commit-un-act-org"),
    ],
)
def test_a_place_changed_in_a_real_text_changes_this_fact_only(
    sources: Path, tmp_path: Path, source: str, old: str, new: str, what: str
) -> None:
    copy = changed(tmp_path, texts_in(sources)[source], old, new)
    assert drift(extract(source, copy), extract(source, texts_in(sources)[source])) == [f"- {what}", f"+ {what}"]
