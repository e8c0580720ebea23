"""From texts to records: which text is which, what is refused, and how records are saved and compared."""

import shutil
from pathlib import Path

import pytest

from kg.mappings.extract import ExtractError, differences, editions, extract, parse_source, save, texts_in
from kg.read.text import TextError

TABBED = Path(__file__).parents[1] / "sources" / "tabbed-2031.txt"


def test_a_text_of_another_layout_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("Argentina 2002 2003\nBrunei 2004 2005\n", encoding="utf-8")
    with pytest.raises(ExtractError, match=r"plain\.txt:1: rows of names and marks without captions above them"):
        extract("tip-2031", plain)
    plain.write_text(" \n\n", encoding="utf-8")
    with pytest.raises(ExtractError, match=r"plain\.txt: the text is empty"):
        extract("tip-2031", plain)


def test_tables_of_something_else_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("pear\t1\nplum\t2\n", encoding="utf-8")
    with pytest.raises(ExtractError) as caught:
        extract("tip-2031", other)
    assert str(caught.value) == f"{other}:1: a table with no known caption (header: pear | 1; heading: '')"


def test_a_paper_of_another_edition_is_refused() -> None:
    with pytest.raises(ExtractError, match="icat-2031 has no curated tables"):
        extract("icat-2031", TABBED)


# --- which text is which ---


def test_parse_source_takes_a_file_and_a_series_with_a_year() -> None:
    assert parse_source("some=folder/a.txt=tip-2019") == ("tip-2019", Path("some=folder/a.txt"))


@pytest.mark.parametrize("option", ["a.txt", "a.txt=", "=tip-2019", "a.txt=tip-19", "a.txt=gfmd-2019", "a.txt=tip2019"])
def test_parse_source_refuses_anything_else(option: str) -> None:
    with pytest.raises(ExtractError, match="wanted FILE=ID, where ID is tip-YEAR or icat-YEAR"):
        parse_source(option)


def test_texts_in_says_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="no such folder"):
        texts_in(tmp_path / "nothing")
    with pytest.raises(ExtractError) as caught:
        texts_in(tmp_path)
    assert str(caught.value) == (
        f"extract reads the source texts and found none (looked in {tmp_path}). Give --sources DIR. "
        "The graph itself needs none: tipkg build."
    )


def test_texts_in_refuses_a_text_that_it_does_not_know(tmp_path: Path) -> None:
    shutil.copy(TABBED, tmp_path)
    message = r"tabbed-2031\.txt: unknown or truncated text .*--source tabbed-2031\.txt=tip-2019"
    with pytest.raises(ExtractError, match=message):
        texts_in(tmp_path)
    (tmp_path / "tabbed-2031.txt").write_bytes(b"\xef\xbb\xbf")
    with pytest.raises(TextError, match="byte-order mark"):
        texts_in(tmp_path)


def test_every_edition_has_its_fingerprint_and_layout() -> None:
    found = {source: (settings["layout"], len(settings["sha256"])) for source, settings in editions().items()}
    assert found == {
        "icat-2018": ("pdf-prose", 64),
        "tip-2017": ("tabbed", 64),
        "tip-2018": ("pdf-flow", 64),
        "tip-2020": ("tabbed", 64),
    }


# --- records on disk ---


def test_save_replaces_its_own_folder_and_nothing_else(tmp_path: Path) -> None:
    other, stale = tmp_path / "tip-1999" / "x.tsv", tmp_path / "tip-2031" / "membership.tsv"
    for path in (other, stale):
        path.parent.mkdir()
        path.write_text("kept?", encoding="utf-8")
    save(extract("tip-2031", TABBED), tmp_path)
    assert other.read_text(encoding="utf-8") == "kept?"
    assert not stale.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tip-1999", "tip-2031"]


def test_differences_are_none_after_save_and_named_before(tmp_path: Path) -> None:
    extraction = extract("tip-2031", TABBED)
    assert list(differences(extraction, tmp_path)) == [f"{tmp_path / 'tip-2031'}: no records of tip-2031"]
    save(extraction, tmp_path)
    assert list(differences(extraction, tmp_path)) == []
