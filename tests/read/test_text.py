"""Source texts as they are: what is read, what is refused, and how lines and offsets are counted."""

import hashlib
from pathlib import Path

import pytest

from kg.read.text import LIMIT, Span, TextError, line_number, lines, read_text, strip


def written(folder: Path, data: bytes) -> Path:
    path = folder / "text.txt"
    path.write_bytes(data)
    return path


def test_read_text_gives_every_character_and_the_fingerprint_of_the_bytes(tmp_path: Path) -> None:
    data = "Türkiye\t2006\r\nla fin\u2028\f".encode()
    text = read_text(written(tmp_path, data))
    assert text.value == "Türkiye\t2006\r\nla fin\u2028\f"
    assert text.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xef\xbb\xbfone", ":1: starts with a byte-order mark"),
        (b"\xff\xfeo\x00", ":1: starts with a byte-order mark"),
        (b"one\ntwo\x00\n", ":2: holds a NUL byte"),
        (b"one\ntwo\nB\xe9nin\n", ":3: not UTF-8 (byte 9)"),
    ],
)
def test_read_text_refuses_bytes_that_are_no_plain_utf_8(tmp_path: Path, data: bytes, message: str) -> None:
    path = written(tmp_path, data)
    with pytest.raises(TextError) as caught:
        read_text(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_read_text_refuses_a_huge_file_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as sparse:
        sparse.truncate(LIMIT + 1)
    with pytest.raises(TextError, match=r"huge\.txt: 20,000,001 bytes; source texts of up to 20,000,000 bytes"):
        read_text(path)


def test_read_text_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(TextError) as caught:
            read_text(path)
        assert str(caught.value) == f"{path}: no such file"


def test_lines_end_at_line_feeds_only() -> None:
    text = "one\r\nt\u2028w\fo\n\nend"
    assert [text[a:b] for a, b in lines(text)] == ["one", "t\u2028w\fo", "", "end"]
    assert lines(text) == [Span(0, 3), Span(5, 10), Span(11, 11), Span(12, 15)]


def test_line_number_counts_from_one_and_ignores_other_separators() -> None:
    text = "a\u2028b\nc\n"
    assert [line_number(text, at) for at in range(len(text))] == [1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(("text", "inner"), [("  Niger ", Span(2, 7)), ("Niger", Span(0, 5)), (" \u00a0 ", Span(0, 0))])
def test_strip_leaves_outer_blanks_out_of_the_span(text: str, inner: Span) -> None:
    assert strip(text, Span(0, len(text))) == inner
