"""Byte ranges and content encodings as RFC 9110 says (sections 14.1.2, 14.2, 12.5.3)."""

import pytest

from kg.serve.ranges import Range, UnsatisfiableRange, byte_range, encoding


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-499", Range(0, 499)),
        ("bytes=500-999", Range(500, 999)),
        ("bytes=-500", Range(9500, 9999)),
        ("bytes=9500-", Range(9500, 9999)),
        ("bytes=0-0", Range(0, 0)),
        ("bytes=-1", Range(9999, 9999)),
        ("bytes=0-99999", Range(0, 9999)),
        ("bytes=-99999", Range(0, 9999)),
        ("Bytes=0-1", Range(0, 1)),
    ],
)
def test_range_of_ten_thousand_bytes(header: str, expected: Range) -> None:
    assert byte_range(header, 10_000) == expected


@pytest.mark.parametrize(
    "header", [None, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "lines=0-1", "bytes=0-0,-1", "bytes=--1", "0-1"]
)
def test_range_that_is_ignored(header: str | None) -> None:
    assert byte_range(header, 10_000) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=10000-", 10_000), ("bytes=10000-10001", 10_000), ("bytes=-0", 9)])
def test_range_after_the_end(header: str, size: int) -> None:
    with pytest.raises(UnsatisfiableRange):
        byte_range(header, size)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "gzip"),
        ("gzip;q=0", None),
        ("br", None),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=nonsense", None),
        (", ,gzip", "gzip"),
    ],
)
def test_encoding_that_is_chosen(header: str | None, expected: str | None) -> None:
    assert encoding(header, ("zstd", "gzip")) == expected
