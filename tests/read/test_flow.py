"""Running text with the way back to its offsets."""

from kg.read.flow import Paragraph, Piece, flow, occurrences, sentences
from kg.read.text import Span

TEXT = "  One  two-\n\nfold - \n\nrows. Nos. 3 and 4. Next: Mr. X. no\n\nNew"


def pieces() -> list[Piece]:
    stretches = [("One", "two-"), ("fold", "-"), ("rows.", "no"), ("New", "New")]
    spans = [Span(TEXT.index(first), TEXT.index(last, TEXT.index(first)) + len(last)) for first, last in stretches]
    return [Piece(span, breaks=span == spans[-1], bullet=span == spans[-1]) for span in spans]


def test_flow_joins_lines_and_keeps_the_way_back() -> None:
    running = flow(TEXT, pieces())
    assert running.value == "One two-fold - rows. Nos. 3 and 4. Next: Mr. X. no\nNew"
    assert [TEXT[running.offsets[at]] for at in (0, 4, 8, 15, 51)] == ["O", "t", "f", "r", "N"]
    assert running.paragraphs == (Paragraph(0, 50, False), Paragraph(51, 54, True))


def test_sentences_do_not_end_at_abbreviations_or_initials() -> None:
    found = [TEXT[begin:end] for begin, end in sentences(flow(TEXT, pieces()), lambda number, at: False)]
    assert found == ["One  two-\n\nfold - \n\nrows.", "Nos. 3 and 4.", "Next: Mr. X. no", "New"]


def test_sentences_end_before_a_number_only_if_it_is_a_footnote_mark() -> None:
    text = "See Target 8.7 The end.2 Next."
    running = flow(text, [Piece(Span(0, len(text)), breaks=False)])
    found = [text[begin:end] for begin, end in sentences(running, lambda number, at: number == 2)]
    assert found == ["See Target 8.7 The end.2", "Next."]


def test_occurrences_are_found_in_all_flows_in_the_order_of_the_text() -> None:
    text = "a rose is a rose; roses"
    flows = [
        flow(text, [Piece(Span(10, 17), False)]),
        flow(text, [Piece(Span(0, 9), False), Piece(Span(18, 23), False)]),
    ]
    everywhere = occurrences(flows, "rose", Span(0, len(text)))
    assert everywhere == [Span(2, 6), Span(12, 16), Span(18, 22)]
    assert occurrences(flows, "rose", Span(7, 17)) == [Span(12, 16)]
    assert occurrences(flows, " ", Span(0, len(text))) == []
