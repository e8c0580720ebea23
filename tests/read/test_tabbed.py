"""Tab-separated tables with cells of paragraphs and lists, on texts of our own."""

import pytest

from kg.read import tabbed
from kg.read.tabbed import Cell, check_width, paragraphs
from kg.read.text import SourceError, Span

TEXT = "\nTHE FIRST TABLE\n\nA line of words.\n\nname\tvalue\n Niger \t 2001\nMali\t\n\n* a note\n\nx\ty\n"


def cells(text: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in tabbed.read(text).tables for row in table.rows]


def parts(cell: str) -> list[str]:
    return [part.text for part in paragraphs(Cell(cell, Span(0, len(cell))))]


def test_a_text_is_tabbed_if_two_lines_hold_a_tab() -> None:
    assert [tabbed.is_tabbed(text) for text in ("a\tb\nc\td", "a\tb\tc\nd", "plain\n")] == [True, False, False]


def test_tables_end_at_a_line_without_a_tab() -> None:
    document = tabbed.read(TEXT)
    assert cells(TEXT) == [["name", "value"], ["Niger", "2001"], ["Mali", ""], ["x", "y"]]
    assert [(len(table.rows), table.heading) for table in document.tables] == [
        (3, "THE FIRST TABLE"),
        (1, "THE FIRST TABLE"),
    ]


def test_other_lines_are_kept_with_their_heading_and_place() -> None:
    found = tabbed.read(TEXT).lines
    assert [(line.text, line.heading) for line in found] == [
        ("THE FIRST TABLE", "THE FIRST TABLE"),
        ("A line of words.", "THE FIRST TABLE"),
        ("* a note", "THE FIRST TABLE"),
    ]
    assert [TEXT[line.span.begin : line.span.end] for line in found] == [line.text for line in found]


def test_a_cell_stands_where_its_text_stands() -> None:
    row = tabbed.read(TEXT).tables[0].rows[1]
    assert [TEXT[cell.span.begin : cell.span.end] for cell in row.cells] == ["Niger", "2001"]
    assert TEXT[row.span.begin : row.span.end] == " Niger \t 2001"


def test_an_empty_cell_is_an_empty_place_at_its_tab() -> None:
    row = tabbed.read("a\t\tb\n").tables[0].rows[0]
    assert row.cells[1] == Cell("", Span(2, 2))


def test_the_tags_of_an_only_paragraph_are_no_part_of_a_cell() -> None:
    text = '<p>Niger</p>\t<p class="x"> 2001 </p>\t<p></p>\n'
    row = tabbed.read(text).tables[0].rows[0]
    assert [cell.text for cell in row.cells] == ["Niger", "2001", ""]
    assert [text[cell.span.begin : cell.span.end] for cell in row.cells] == ["Niger", "2001", ""]


def test_a_line_separator_does_not_end_a_row() -> None:
    assert cells("a\u2028b\tc\r\nd\te\n") == [["a\u2028b", "c"], ["d", "e"]]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [("GLOSSARY OF ABBREVIATIONS", True), ("A", False), ("Niger", False), ("END.", False), ("2001", False)],
)
def test_a_heading_is_in_capitals(line: str, is_heading: bool) -> None:
    assert tabbed.is_heading(line) == is_heading


def test_paragraphs_stand_where_their_text_stands() -> None:
    text = "x\t <p>one two</p> <p> three </p>\n"
    found = paragraphs(tabbed.read(text).tables[0].rows[0].cells[1])
    assert [part.text for part in found] == ["one two", "three"]
    assert [text[part.span.begin : part.span.end] for part in found] == ["one two", "three"]


def test_a_link_in_angle_brackets_is_no_tag() -> None:
    assert parts("<p>see <http://example.org/p></p>") == ["see <http://example.org/p>"]
    assert parts("<https://example.org> and <br> more") == ["<https://example.org> and", "more"]


def test_an_unclosed_list_ends_with_the_cell() -> None:
    assert parts('<p>Five:</p> <ul style="x"> -a b -c -d-e -f -g ') == ["Five:", "-a b", "-c", "-d-e", "-f", "-g"]


def test_a_closed_list_ends_there() -> None:
    assert parts("<ul> -a -b </ul> <p>c -d</p>") == ["-a", "-b", "c -d"]
    assert parts("<ul><li>a</li><li>b - c</li></ul>") == ["a", "b - c"]
    assert parts("<ul> • a • b </ul>") == ["• a", "• b"]
    assert parts("<ul> -a<br> -b -c</ul> d -e") == ["-a", "-b", "-c", "d -e"]


def test_a_dash_outside_of_a_list_is_no_item() -> None:
    assert parts("<p>one -two –three</p>") == ["one -two –three"]


def test_a_tag_inside_a_line_does_not_end_a_paragraph() -> None:
    assert [part.split() for part in parts("<p>a <i>b</i> <strong>c</strong></p>")] == [["a", "b", "c"]]
    text = "x\t<p>a <b>b</b></p> <p>c</p>\n"
    second = paragraphs(tabbed.read(text).tables[0].rows[0].cells[1])[1]
    assert text[second.span.begin : second.span.end] == "c"


@pytest.mark.parametrize(("row", "more"), [("Niger\t1\t2", "too many"), ("Niger\t", None), ("Niger", "a line")])
def test_check_width_wants_as_many_cells_as_the_header_has(row: str, more: str | None) -> None:
    document = tabbed.read(f"name\tvalue\n{row}\nMali\t1\n")
    if more == "a line":
        assert [len(table.rows) for table in document.tables] == [1, 1]
    elif more is None:
        check_width(document.tables[0])
    else:
        with pytest.raises(SourceError, match="row 'Niger' has 3 cells where the header has 2: too many") as caught:
            check_width(document.tables[0])
        assert caught.value.at == 11


def test_check_width_refuses_a_row_with_too_few_cells() -> None:
    with pytest.raises(SourceError, match="row 'Mali' has 2 cells where the header has 3: too few"):
        check_width(tabbed.read("name\tone\ttwo\nMali\t1\n").tables[0])
