"""PDF prose, on a short paper of our own words laid out like one."""

from pathlib import Path

import pytest

from kg.read import prose
from kg.read.flow import PhraseError
from kg.read.prose import Footnote, Prose
from kg.read.text import SourceError, Span, line_number, read_text
from kg.records import fold

HEADINGS = (
    "Test paper of 2030: invented for the tests of tipkg",
    "International Labour Organization (ILO)",
    "International Criminal Police Organization (INTERPOL)",
    "The World Bank",
)


@pytest.fixture(scope="module")
def text() -> str:
    return read_text(Path(__file__).parents[1] / "sources" / "paper-2030.txt").value


@pytest.fixture(scope="module")
def paper(text: str) -> Prose:
    return prose.read(text, HEADINGS)


def lines_of(text: str, span: Span) -> tuple[int, int]:
    return line_number(text, span.begin), line_number(text, span.end)


def test_pages_begin_at_an_indented_line_or_after_link_targets(paper: Prose, text: str) -> None:
    assert [line_number(text, page.begin) for page in paper.pages] == [1, 41, 54, 72, 81, 85]
    places = [text.index(words) for words in ("This is", "In this tale", "once a year", "greens.", "The Bank")]
    assert [paper.page(place) for place in places] == [1, 2, 3, 4, 6]


def test_sections_run_from_their_heading_to_the_next(paper: Prose, text: str) -> None:
    assert [section.heading for section in paper.sections] == list(HEADINGS)
    assert [lines_of(text, section.span) for section in paper.sections] == [(1, 40), (41, 80), (81, 84), (85, 87)]


def test_section_spans_hold_no_outer_blanks(paper: Prose, text: str) -> None:
    span = paper.sections[3].span
    assert text[span.begin : span.end].startswith("The World Bank ")
    assert text[span.begin : span.end].endswith("nobody in this tale.")


def test_footnotes_run_over_lines_and_are_numbered_through_the_paper(paper: Prose, text: str) -> None:
    found = [(note.number, note.page, *lines_of(text, note.span)) for note in paper.footnotes]
    assert found == [(1, 1, 34, 35), (2, 1, 36, 40), (3, 3, 67, 68)]


def test_a_footnote_line_that_opens_with_another_number_begins_no_footnote(paper: Prose, text: str) -> None:
    end = text.index("all of them made up.") + len("all of them made up.")
    assert paper.footnotes[0] == Footnote(1, 1, Span(text.index("1 Tale"), end))


def test_a_sentence_runs_over_the_page_furniture_inside_it(paper: Prose, text: str) -> None:
    place = paper.find("which is printed by INTERPOL once a year", paper.sections[1].span)
    sentence = paper.passage(place, place)
    assert sentence == Span(text.index("Each of them"), text.index(" The list has"))
    assert lines_of(text, sentence) == (47, 58)


@pytest.mark.parametrize(
    ("phrase", "begins", "ends"),
    [
        ("a barn", "The group", "light- house.1"),
        ("asked for nothing", "It has since", "at all.2"),
        ("paints fences", "In this tale", "would have it."),
        ("several gardeners", "It works", "/fences)."),
        ("Is that", '"Is', 'all?"'),
        ("What comes", "What", "next"),
        ("reds", "reds,", "fade;"),
        ("9999", "1 Tale", "made up."),
    ],
)
def test_sentences_end_where_a_reader_says(paper: Prose, text: str, phrase: str, begins: str, ends: str) -> None:
    place = paper.find(phrase, Span(0, len(text)))
    begin, end = paper.passage(place, place)
    sentence = fold(text[begin:end])
    assert (sentence[: len(begins)], sentence[-len(ends) :]) == (begins, ends)


def test_passage_runs_from_the_first_sentence_to_the_last(paper: Prose, text: str) -> None:
    within = paper.sections[3].span
    first, last = paper.find("counts fences", within), paper.find("in this tale", within)
    assert paper.passage(first, last) == Span(text.index("The Bank counts"), within.end)


def test_passage_refuses_to_run_backwards_or_into_a_footnote(paper: Prose, text: str) -> None:
    everywhere = Span(0, len(text))
    barn, bank, note = (paper.find(words, everywhere) for words in ("a barn", "The Bank", "tale of the barn"))
    with pytest.raises(SourceError, match="behind its begin"):
        paper.passage(bank, barn)
    with pytest.raises(SourceError, match="behind its begin"):
        paper.passage(barn, note)


def test_a_word_broken_at_its_hyphen_is_found_whole(paper: Prose, text: str) -> None:
    found = paper.find("a light-house", paper.sections[0].span)
    assert text[found.begin : found.end] == "a light-\n\nhouse"


def test_a_phrase_is_found_whatever_its_blanks(paper: Prose, text: str) -> None:
    found = paper.find(" Convention\nNo.   29 ", paper.sections[1].span)
    assert text[found.begin : found.end] == "Convention \n\nNo. 29"


def test_a_phrase_is_looked_for_inside_its_span_only(paper: Prose, text: str) -> None:
    with pytest.raises(PhraseError, match="not there"):
        paper.find("counts fences", paper.sections[1].span)


def test_a_missing_phrase_is_answered_with_the_nearest(paper: Prose, text: str) -> None:
    with pytest.raises(PhraseError) as error:
        paper.find("paints fence with IOM", paper.sections[1].span)
    assert error.value.message == "'paints fence with IOM' is not there; nearest: 'paints fences with IOM' (line 43)"


def test_an_ambiguous_phrase_is_answered_with_its_places(paper: Prose, text: str) -> None:
    with pytest.raises(PhraseError) as error:
        paper.find("works in close partnership with", paper.sections[1].span)
    assert error.value.message == "'works in close partnership with' stands 2 times (lines 45, 80): take more words"


def test_list_items_go_on_over_the_end_of_a_page(paper: Prose, text: str) -> None:
    after = paper.find("The list has:", paper.sections[1].span)
    items = paper.items(after.end - 1)
    assert [paper.flows[0].value[item.begin : item.end] for item in items] == [
        "reds, which fade;",
        "blues, which do not; and",
        "greens.",
    ]


def test_urls_are_read_in_sentences_footnotes_and_link_lines(paper: Prose, text: str) -> None:
    assert [(url.value, url.line.role, *lines_of(text, url.span)) for url in prose.urls(paper)] == [
        ("www.example.org/fences", "body", 47, 47),
        ("https://www.example.org/list_(of)_colours.html", "link", 50, 50),
        ("https://www.example.org/list_(of)_colours.html", "link", 51, 51),
        ("https://www.example.org/colours/red%20and%20blue%20and%20green_and_other.pdf", "note", 67, 68),
        ("https://www.example.org/tail/of/a/long/link.html", "link", 70, 71),
    ]


def test_a_missing_heading_is_an_error_with_the_nearest_line(text: str) -> None:
    with pytest.raises(SourceError) as error:
        prose.read(text, ["The World Banks"])
    assert "'The World Banks' is missing" in error.value.message
    assert "nearest line: 'The World Bank'" in error.value.message
    assert line_number(text, error.value.at) == 85


def test_headings_out_of_order_are_an_error(text: str) -> None:
    with pytest.raises(SourceError, match=r"'International Labour Organization \(ILO\)' is missing"):
        prose.read(text, [HEADINGS[0], HEADINGS[2], HEADINGS[1]])


def test_a_heading_that_nobody_asked_for_is_an_error(text: str) -> None:
    with pytest.raises(SourceError, match=r"unknown heading 'International Labour Organization \(ILO\)'") as error:
        prose.read(text, [HEADINGS[0], HEADINGS[2], HEADINGS[3]])
    assert line_number(text, error.value.at) == 41


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_a_text_without_words_has_nothing_in_it(text: str) -> None:
    paper = prose.read(text, [])
    assert (paper.pages, paper.sections, paper.sentences, prose.urls(paper)) == ((), (), ((),), [])


def test_offsets_are_code_points_also_with_crlf_and_line_separators() -> None:
    text = " Title \r\n\r\nOne \U0001f600 sentence\u2028goes \r\n\r\non. Two.\r\n"
    paper = prose.read(text, ["Title"])
    found = paper.find("sentence goes on.", Span(0, len(text)))
    assert text[found.begin : found.end] == "sentence\u2028goes \r\n\r\non."
    assert paper.sentences[0][-1] == Span(text.index("Two."), text.index("Two.") + 4)
