"""Every line is mapped, has a reason, or is found unaccounted."""

import pytest

from kg.read.coverage import Ledger, Stretch, account
from kg.read.text import Span

TEXT = "TITLE\n\nrow one\nrow two\nforgotten\nPage 3\n"


def at(part: str) -> Span:
    return Span(TEXT.index(part), TEXT.index(part) + len(part))


def test_lines_are_mapped_or_have_a_reason_or_are_unaccounted() -> None:
    ledger = Ledger(
        passages=[at("one"), at("row two")],
        reasons=[(at("TITLE"), "heading"), (at("Page 3"), "page furniture")],
        sections=[(0, "front"), (TEXT.index("forgotten"), "back")],
    )
    assert account(TEXT, ledger) == [
        Stretch(1, 1, 1, "front", "heading"),
        Stretch(3, 4, 2, "front", "mapped"),
        Stretch(5, 5, 1, "back", "unaccounted"),
        Stretch(6, 6, 1, "back", "page furniture"),
    ]


def test_a_passage_stands_before_a_reason() -> None:
    ledger = Ledger(passages=[at("row one")], reasons=[(Span(0, len(TEXT)), "essay")], sections=[])
    assert [stretch.reason for stretch in account(TEXT, ledger)] == ["essay", "mapped", "essay"]


def test_the_smallest_stretch_gives_the_reason() -> None:
    ledger = Ledger(passages=[], reasons=[(Span(0, len(TEXT)), "essay"), (at("TITLE"), "heading")], sections=[])
    assert [stretch.reason for stretch in account(TEXT, ledger)] == ["heading", "essay"]


def test_a_passage_that_ends_before_a_line_does_not_cover_it() -> None:
    ledger = Ledger(passages=[Span(0, TEXT.index("row two"))], reasons=[], sections=[])
    assert [(s.first, s.last, s.reason) for s in account(TEXT, ledger)] == [(1, 3, "mapped"), (4, 6, "unaccounted")]


def test_a_reason_outside_the_closed_list_is_refused() -> None:
    with pytest.raises(ValueError, match="no reason of the ledger: boring"):
        account(TEXT, Ledger(passages=[], reasons=[(at("TITLE"), "boring")], sections=[]))
