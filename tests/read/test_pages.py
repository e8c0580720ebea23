"""What each line of a PDF text is there for."""

from kg.read.pages import read_lines

RULE = " " * 49


def roles(text: str) -> list[tuple[str, str, int]]:
    return [(text[line.span.begin : line.span.end], line.role, line.page) for line in read_lines(text)]


def test_lines_are_told_apart_at_the_bottom_of_a_page() -> None:
    text = f"One.1 \n\n{RULE}\n1 A note \nruns on \nhttps://a.example/b\n Two. \n\n• three \n"
    assert roles(text) == [
        ("One.1", "body", 1),
        ("1 A note", "note", 1),
        ("runs on", "note", 1),
        ("https://a.example/b", "link", 1),
        ("Two.", "body", 2),
        ("three", "bullet", 2),
    ]


def test_a_number_below_a_line_of_blanks_begins_a_footnote_only_in_its_turn() -> None:
    assert roles(f"One. \n\n{RULE}\n2 dogs ran. \n") == [("One.", "body", 1), ("2 dogs ran.", "body", 1)]


def test_a_web_address_without_scheme_is_running_text() -> None:
    assert roles("See \n\nwww.example.org \n") == [("See", "body", 1), ("www.example.org", "body", 1)]


def test_a_number_alone_is_a_page_number_only_at_the_top_of_a_page() -> None:
    text = "Since \n\n2030 \n\nhttps://a.example/b\n\n32 \n\nit rains. \n"
    assert [line[1:] for line in roles(text)] == [("body", 1), ("body", 1), ("link", 1), ("folio", 2), ("body", 2)]


def test_lines_know_the_empty_lines_above_them() -> None:
    assert [line.gap for line in read_lines("One \n\ntwo. \n\n \n\nThree. \n")] == [0, 1, 3]


def test_a_text_without_a_line_has_none() -> None:
    assert read_lines(" \n\n") == []
