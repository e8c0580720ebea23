"""Flows out of a PDF: tables found again where columns are lost, and what cannot be told apart refused."""

from dataclasses import replace

import pytest

from kg.read import pdfflow, tabbed
from kg.read.blocks import read_blocks
from kg.read.hints import Caption, Hints
from kg.read.text import SourceError, line_number

NAMES = {
    "Redland",
    "Blue Islands",
    "Greenland and the Sea",
    "Greenland-Sea",
    "Côte Verte",
    "Far Coast, Republic of the",
}
GROUPS = {
    "red union": "ru",
    "ru": "ru",
    "red union (ru)": "ru",
    "red union paint office (rupo)": "rupo",
    "blue league": "bl",
    "bl": "bl",
    "blue league (bl)": "bl",
    "green league (gl)": "gl",
    "the long way process (red/sea initiative)": "lw",
    "conference of the painters of the south (cps)": "cps",
}
HINTS = Hints(
    is_name=lambda name: name in NAMES,
    is_caption=lambda printed: printed.startswith("Treaty"),
    organization=lambda name: GROUPS.get(name.casefold()),
    is_post=lambda name, row: name == "Night Watch",
    belongs=lambda key, row: (key, row) == ("rupo", "ru"),
    shares=lambda key, row: {key, row} == {"bl", "gl"},
    is_term=lambda printed: printed == "Blue League of the Seas",
    headings={
        "marks": "treaties of the colours",
        "captions": "what the painters did",
        "columns": "groups that paint fences together",
        "terms": "short forms",
        "staff": "the staff",
    },
    columns={"links": "selected links", "titles": "documents on paint", "posts": "contact"},
    captions=(
        Caption("number of fences"),
        Caption("paint used"),
        Caption("office in charge", ("office of",)),
        Caption("number of spills", ("nothing was spilled",)),
        Caption("links to more"),
    ),
    after=("notes:",),
)
CHART = "Treaty of \nthe Fence\n\nTreaty on \nPaint\n\nTreaty on Doors\n\n"
PAINT = "RED UNION BLUE LEAGUE\nNUMBER OF \nFENCES\n\n12 1,234\n\n"
GROUPS_HEADER = "GROUPS AND SELECTED LINKS DOCUMENTS ON PAINT CONTACT\n\n"
RED = (
    "Red Union (RU)\nwww.ru.example\n\nDeclaration of the Painters of the Red and \nof other Fences (2001)\n\n"
    "Head of all the \nRed Painters\n\n"
)


def cells(text: str, kind: str) -> list[list[str]]:
    """The cells of the first table of this kind; a cell of several paragraphs with bars between them."""
    flow = pdfflow.read(text, HINTS)
    table = next(table for found, table in flow.tables if found == kind)
    return [[shown(cell) for cell in row.cells] for row in table.rows]


def shown(cell: tabbed.Cell) -> str:
    return " | ".join(part.text for part in cell.parts) if cell.parts else cell.text


def reasons(text: str) -> list[tuple[str, str]]:
    return [(part.reason, text[part.span.begin : part.span.end]) for part in pdfflow.read(text, HINTS).apart]


def refusal(text: str) -> tuple[int, str]:
    """The line and the message with which a flow is refused."""
    with pytest.raises(SourceError) as caught:
        pdfflow.read(text, HINTS)
    return line_number(text, caught.value.at), caught.value.message


def test_a_flow_is_known_by_its_broken_lines() -> None:
    assert pdfflow.is_flow(CHART + "Redland 2001 2002 —\n")
    assert not pdfflow.is_flow("a\tb\nc\td\ne\nf\ng\n")
    assert not pdfflow.is_flow("One line.\n\nAnother one.\n\nA third one.\n")


def test_a_row_of_marks_is_not_a_line() -> None:
    text = CHART + "Redland 2001 2017 (into \nforce 14 Jun \n\n2018)\n\n—\n\nBlue Islands 2003(a) — 2004\n"
    assert cells(text, "marks")[1:] == [
        ["Redland", "2001", "2017 (into force 14 Jun 2018)", "—"],
        ["Blue Islands", "2003(a)", "—", "2004"],
    ]


def test_captions_are_the_blocks_above_the_first_row() -> None:
    header = cells(CHART + "Redland 2001 2002 —\n", "marks")[0]
    assert header == ["", "Treaty of the Fence", "Treaty on Paint", "Treaty on Doors"]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Greenland and \nthe Sea\n\n", "Greenland and the Sea"),
        ("Greenland-\nSea ", "Greenland-Sea"),
        ("Far Coast, \nRepublic of the\n\n", "Far Coast, Republic of the"),
        ("Côte Verte ", "Côte Verte"),
    ],
)
def test_a_name_goes_over_lines(printed: str, name: str) -> None:
    rows = cells(CHART + f"Redland 2001 2002 —\n\n{printed}2001 — 2003\n", "marks")
    assert rows[2] == [name, "2001", "—", "2003"]


def test_a_month_without_a_day_stays_one() -> None:
    rows = cells(CHART + "Redland 2001 — 2018 (into \nforce Jan  \n\n2019)\n", "marks")
    assert rows[1][3] == "2018 (into force Jan 2019)"


def test_a_mark_keeps_its_brackets_and_footnote_signs() -> None:
    rows = cells(CHART + "Redland 2001* 1999(A) 2002 (denounced 2010)\n", "marks")
    assert rows[1][1:] == ["2001*", "1999(A)", "2002 (denounced 2010)"]


def test_a_lost_name_is_refused_with_its_row() -> None:
    text = CHART + "Redland 2001 — 2003\n\n2001 2002 —\n\nBlue Islands 1 2 3\n".replace("1 2 3", "2001 — —")
    assert refusal(text) == (9, "6 marks where the header has 3: Redland and an unnamed row (line 9)")


def test_a_cell_that_vanished_is_refused() -> None:
    line, message = refusal(CHART + "Redland 2001 2002 —\n\nBlue Islands 2001 2003\n")
    assert (line, message.startswith("2 marks where the header has 3: Blue Islands (line 11)")) == (11, True)


def test_marks_before_any_name_are_refused() -> None:
    assert refusal(CHART + "2001 2002 — \n\nRedland 2001 2002 —\n") == (
        9,
        "'2001 2002 —' stands before the first name of its table",
    )


def test_a_chart_of_x_marks_is_refused() -> None:
    line, message = refusal(CHART + "Redland 2001 2002 —\n\nBlue Islands X X —\n")
    assert (line, message.split(";")[0]) == (11, "row 'Blue Islands': X marks where years and dashes are read")


def test_a_chart_without_captions_is_refused() -> None:
    line, message = refusal("Redland 2001 2002 —\n\nBlue Islands 2001 — —\n")
    assert (line, message.split(",")[0]) == (1, "rows of names and marks without captions above them")


def test_a_chart_that_is_cut_off_is_refused() -> None:
    assert refusal(CHART + "Redland 2001 2002 —\n\nBlue Isl")[1].startswith("row 'Blue Isl' has no marks")
    assert refusal(CHART + "Redland 2001 2002 (into \nforce 1 Jan")[1].startswith("'(into force 1 Jan'")


def test_captions_printed_again_are_set_apart_and_others_begin_a_second_table() -> None:
    text = CHART + "Redland 2001 2002 —\n\n " + CHART + "Blue Islands 2001 — —\n"
    assert [row[0] for row in cells(text, "marks")] == ["", "Redland", "Blue Islands"]
    assert [reason for reason, _ in reasons(text)] == ["repeated header"] * 3
    other = CHART + "Redland 2001 2002 —\n\n Treaty of Lamps\n\nTreaty of Oil\n\nBlue Islands 2001 —\n"
    assert [len(table.rows[0].cells) for _, table in pdfflow.read(other, HINTS).tables] == [4, 3]


def test_a_title_may_stand_below_its_table() -> None:
    text = (
        CHART + "Redland 2001 2002 —\n\nTREATIES OF \nTHE COLOURS\nThis chart is made up, as all that is said here.\n"
    )
    flow = pdfflow.read(text, HINTS)
    assert [(kind, table.heading) for kind, table in flow.tables] == [("marks", "TREATIES OF THE COLOURS")]
    assert [line.heading for line in flow.lines] == ["TREATIES OF THE COLOURS"] * 2


def test_a_footnote_of_a_chart_is_a_line_under_its_heading() -> None:
    text = "TREATIES OF THE COLOURS\n\n" + CHART + "Redland 2001 2002* —\n\n* Treaty on Paint entered into force 2003\n"
    footnote = pdfflow.read(text, HINTS).lines[-1]
    assert (footnote.text[:17], footnote.heading) == ("* Treaty on Paint", "TREATIES OF THE COLOURS")


TAB = "\n\n471\n\nG\nROUPS\n\n THAT PA\nI\n\nNT FE\nNCES T\n\nOGETHE\nR\n\n"


def test_side_tab_and_page_number_inside_a_row_are_set_apart() -> None:
    text = CHART + f"Redland 2001 2017 (into \nforce 14 Jun \n{TAB}2018)\n\n—\n"
    assert cells(text, "marks")[1] == ["Redland", "2001", "2017 (into force 14 Jun 2018)", "—"]
    assert reasons(text) == [("page furniture", line.strip()) for line in TAB.split("\n") if line]


def test_side_tab_and_page_number_inside_a_table_of_blocks_are_set_apart() -> None:
    text = GROUPS_HEADER + RED.replace("Head of", TAB + "Head of")
    assert cells(text, "columns")[1][2] == "Head of all the Red Painters"


def test_a_page_number_alone_is_no_mark() -> None:
    assert cells(CHART + "Redland 2001\n\n471\n\n2002 —\n", "marks")[1] == ["Redland", "2001", "2002", "—"]


def test_values_of_a_line_are_one_cell_each() -> None:
    assert cells(PAINT, "captions") == [["", "RED UNION", "BLUE LEAGUE"], ["NUMBER OF FENCES", "12", "1,234"]]
    assert refusal(PAINT.replace("12 1,234", "12") + "PAINT USED\n\n1 2\n") == (
        2,
        "1 values where the header has 2: row 'NUMBER OF FENCES'",
    )


def test_cells_of_a_line_are_told_apart_by_the_phrases_that_begin_them() -> None:
    text = PAINT + "OFFICE IN CHARGE\n\nOffice of Brushes Office of Red \nColours\n"
    assert cells(text, "captions")[2] == ["OFFICE IN CHARGE", "Office of Brushes", "Office of Red Colours"]


def test_blocks_before_the_phrase_belong_to_one_cell() -> None:
    spills = "NUMBER OF \nSPILLS IN 2017\n\n3 spills of paint.\n\nAll of them were red.\n\nNothing was spilled\n\n"
    assert cells(PAINT + spills, "captions")[2] == [
        "NUMBER OF SPILLS IN 2017",
        "3 spills of paint. | All of them were red.",
        "Nothing was spilled",
    ]


def test_more_blocks_than_columns_are_refused() -> None:
    text = PAINT + "PAINT USED\n\nsome red\n\nsome blue\n\nsome more\n"
    assert refusal(text) == (7, "row 'PAINT USED': 3 blocks for 2 columns can be told apart in 2 ways")


WIDE = "PAINT USED\n\nRed paint of the best sort, bought in large \nbarrels at the market\n\nno paint of \nany sort\n\n"


def test_a_single_cell_beside_its_caption_is_placed_by_its_width() -> None:
    text = (
        PAINT
        + WIDE
        + (
            "OFFICE IN CHARGE A large house with many windows, in \n"
            "which all of the painters of the town sit \nand sing\n"
        )
    )
    assert cells(text, "captions")[3] == [
        "OFFICE IN CHARGE",
        "A large house with many windows, in which all of the painters of the town sit and sing",
        "",
    ]
    assert refusal(PAINT + "PAINT USED\n\nred\n")[1] == (
        "row 'PAINT USED': 1 cells where the header has 2, which cannot be told apart"
    )


def test_a_block_too_wide_for_its_column_is_refused() -> None:
    text = (
        PAINT + WIDE + "OFFICE IN CHARGE\n\nRed House\n\nwhich opens in the morning, and never \ncloses in the night\n"
    )
    assert refusal(text)[1].startswith("row 'OFFICE IN CHARGE': the block 'which opens in the morning")


def test_two_links_on_one_line_and_a_broken_one_are_three_cells() -> None:
    text = PAINT.replace("LEAGUE", "LEAGUE GREEN LEAGUE (GL)").replace("1,234", "1 2") + (
        "LINKS TO MORE\n\nhttps://red.example/ http://www.blue.example/\nwhat/paint\n\nhttp://green.example/cps/\nlist_50.\nhtm\n"
    )
    assert cells(text, "captions")[2][1:] == [
        "https://red.example/",
        "http://www.blue.example/what/paint",
        "http://green.example/cps/list_50.htm",
    ]


def test_an_unknown_column_and_an_unknown_row_are_kept_as_printed() -> None:
    text = "RED UNION BLUE LEAGUE MOON\nNUMBER OF FENCES\n\n1 2 3\n\nLADDERS AND LAMPS\n\n4 5 6\n"
    assert cells(text, "captions") == [
        ["", "RED UNION", "BLUE LEAGUE", "MOON"],
        ["NUMBER OF FENCES", "1", "2", "3"],
        ["LADDERS AND LAMPS", "4", "5", "6"],
    ]


def test_a_table_that_ends_with_a_caption_is_refused() -> None:
    assert refusal(PAINT + "LINKS TO MORE\n")[1] == "row 'LINKS TO MORE' has no cells: the table is cut off"


def test_a_row_of_blocks_has_links_titles_and_posts() -> None:
    assert cells(GROUPS_HEADER + RED, "columns")[1] == [
        "Red Union (RU) www.ru.example",
        "Declaration of the Painters of the Red and of other Fences (2001)",
        "Head of all the Red Painters",
    ]


def test_parts_of_an_organization_stay_in_its_row() -> None:
    office = "Red Union Paint Office (RUPO):\nwww.rupo.example\n\nA Handbook of Paint (2015):  \nhttp://ru.example/a_\nb.pdf\n\n"
    text = GROUPS_HEADER + RED.replace("Declaration", office + "Declaration")
    assert cells(text, "columns")[1][0] == (
        "Red Union (RU) www.ru.example | Red Union Paint Office (RUPO): www.rupo.example | "
        "A Handbook of Paint (2015): http://ru.example/a_b.pdf"
    )


def test_two_organizations_share_a_row_only_if_that_is_known() -> None:
    blue, green = "Blue League (BL)\nwww.bl.example\n\n", "Green League (GL)\nwww.gl.example\n\n"
    shared = GROUPS_HEADER + blue + green + RED[RED.index("Declaration") :]
    assert cells(shared, "columns")[1][0] == "Blue League (BL) www.bl.example | Green League (GL) www.gl.example"
    line, message = refusal(GROUPS_HEADER + RED[: RED.index("Declaration")] + blue + RED[RED.index("Declaration") :])
    assert (line, message.split(": ")[-1]) == (
        6,
        "it may open a row or share that of 'Red Union (RU)', as nothing stands between them",
    )


LONG = "The Long Way Process (Red/Sea \nInitiative)\n\nPlan for the Fences along the Way \nto the Sea (2014)\n\n"


def test_a_row_without_link_and_without_post_takes_none_from_its_neighbours() -> None:
    rows = cells(GROUPS_HEADER + RED + LONG + RED.replace("Red Union (RU)", "Blue League (BL)"), "columns")
    assert rows[2] == [
        "The Long Way Process (Red/Sea Initiative)",
        "Plan for the Fences along the Way to the Sea (2014)",
        "",
    ]
    assert rows[3][0] == "Blue League (BL) www.ru.example"


def test_two_columns_on_one_line_are_told_apart() -> None:
    beside = "Conference of the Painters of the South (CPS) Charter of the Painters and of all of \n"
    beside += "their Friends (2008)\n\nN/A\n\n"
    assert cells(GROUPS_HEADER + RED + beside, "columns")[2] == [
        "Conference of the Painters of the South (CPS)",
        "Charter of the Painters and of all of their Friends (2008)",
        "N/A",
    ]


def test_an_unknown_organization_with_a_link_opens_a_row_after_the_posts() -> None:
    rows = cells(GROUPS_HEADER + RED + "Moon Painters (MP)\nwww.moon.example\n\nN/A\n", "columns")
    assert rows[2] == ["Moon Painters (MP) www.moon.example", "", "N/A"]


def test_links_of_titles_are_told_from_those_of_the_first_column_by_width() -> None:
    wide = GROUPS_HEADER + RED.replace("www.ru.example", "http://www.ru.example/a-long-way-to-the-fences-of-the-red/")
    linked = "Plan of the Red Union \nhttp://ru.example/docs/of_the_2006/\nplan_RED.pdf \n\n"
    assert cells(wide.replace("Declaration", linked + "Declaration"), "columns")[1][1].startswith(
        "Plan of the Red Union http://ru.example/docs/of_the_2006/plan_RED.pdf | Declaration"
    )
    bare = "Plan of the Red Union http://ru.example/\n\n"
    assert refusal(wide.replace("Declaration", bare + "Declaration"))[1].endswith(
        "it may be one of the links or of the titles of 'Red Union (RU)'"
    )


def test_stray_links_at_the_bottom_of_a_page_are_set_apart() -> None:
    text = GROUPS_HEADER + RED + "www.ru.example\n Blue League (BL)\nwww.bl.example\n\nN/A\n"
    assert [row[0] for row in cells(text, "columns")[1:]] == [
        "Red Union (RU) www.ru.example",
        "Blue League (BL) www.bl.example",
    ]
    assert reasons(text) == [("stray link", "www.ru.example")]


def test_a_stray_link_between_titles_is_set_apart_and_an_unknown_one_refused() -> None:
    stray = RED.replace("Head of", "www.ru.example\n\nHead of")
    assert reasons(GROUPS_HEADER + stray) == [("stray link", "www.ru.example")]
    assert refusal(GROUPS_HEADER + stray.replace("www.ru.example\n\nHead", "www.moon.example\n\nHead"))[1].endswith(
        "it is a link without a name among the titles of 'Red Union (RU)'"
    )


def test_a_title_after_the_posts_is_refused() -> None:
    line, message = refusal(
        GROUPS_HEADER + RED + "A Second Declaration of the Painters in \nall the Towns (2009)\n\nN/A\n"
    )
    assert (line, message.split(": ")[-1]) == (
        12,
        "it looks like one of the titles of 'Red Union (RU)', whose posts stand before it",
    )


def test_columns_are_taken_in_the_order_of_their_captions() -> None:
    text = "GROUPS AND SELECTED LINKS CONTACT DOCUMENTS ON PAINT\n\n" + (
        "Red Union (RU)\nwww.ru.example\n\nHead of all the \nRed Painters\n\n"
        "Declaration of the Painters of the Red and \nof other Fences (2001)\n\nNOTES: none\n"
    )
    assert cells(text, "columns")[1][1:] == [
        "Head of all the Red Painters",
        "Declaration of the Painters of the Red and of other Fences (2001)",
    ]
    assert refusal("DOCUMENTS ON PAINT GROUPS AND SELECTED LINKS CONTACT\n\nx\n")[0] == 1


def test_a_text_that_ends_inside_a_row_is_refused() -> None:
    assert refusal(GROUPS_HEADER + RED + LONG)[1] == (
        "the text ends with the row 'The Long Way Process (Red/Sea Initiative)': it is cut off"
    )


TERMS = "BL Blue League\n\nRU Red Union\n\nNT Night Table\n\n"


def test_terms_without_a_heading_are_known_by_their_letters() -> None:
    text = (
        TERMS
        + "GRET \ufffdThe Blue League’s Group of Experts  \nin Paint\n\n2000 FENCE TREATY  \n(RED TREATY)\n\n"
        + "\ufffdTreaty on the \nFence\n"
    )
    assert cells(text, "terms") == [
        ["BL", "Blue League"],
        ["RU", "Red Union"],
        ["NT", "Night Table"],
        ["GRET", "The Blue League’s Group of Experts in Paint"],
        ["2000 FENCE TREATY (RED TREATY)", "Treaty on the Fence"],
    ]


def test_a_term_of_two_words_is_taken_only_where_what_it_stands_for_is_known() -> None:
    assert cells(TERMS + "BL SEA Blue League of the Seas\n", "terms")[3] == ["BL SEA", "Blue League of the Seas"]
    assert refusal(TERMS + "RU SEA Red Fences\n")[1] == "where the term ends cannot be told: 'RU SEA Red Fences'"


def test_an_essay_under_the_staff_heading_is_one_line_a_paragraph() -> None:
    text = TERMS + " THE STAFF OF THE OFFICE IS:\n\nThe staff has gone home, and what follows is an \nessay on paint.\n"
    lines = pdfflow.read(text, HINTS).lines
    assert [line.text for line in lines[1:]] == ["The staff has gone home, and what follows is an essay on paint."]
    assert [len(table.rows) for _, table in pdfflow.read(text, HINTS).tables] == [3]


@pytest.mark.parametrize(
    ("printed", "joined"),
    [
        ("www.a.example\nhttp://b.example/", "www.a.example http://b.example/"),
        ("http://a.example/lower-\ncase_\nwords/x.\nhtm", "http://a.example/lower-case_words/x.htm"),
        ("http://a.example/x%20\nY%20Z.pdf", "http://a.example/x%20Y%20Z.pdf"),
        ("http://a.example/x/ \n2nd Plan", "http://a.example/x/ 2nd Plan"),
        ("www.a.example/ (in Red \nonly)", "www.a.example/ (in Red only)"),
        ("the Sub-\nRegion of 2011 – \n2013", "the Sub-Region of 2011 – 2013"),
        ("pre- \nand post-war", "pre- and post-war"),
        ("Persons\u2028(2002)  \nand \ufffdOthers", "Persons (2002) and Others"),
        ("C\ufffdte", "C\ufffdte"),
    ],
)
def test_lines_are_joined(printed: str, joined: str) -> None:
    blocks, _ = read_blocks(printed, {})
    assert blocks[0].text == joined


def test_a_link_that_may_or_may_not_go_on_is_refused() -> None:
    assert (
        refusal("See \nhttp://a.example/\nPainters\n")[1]
        == "line 2: whether the link goes on with 'Painters' cannot be told"
    )


def test_a_cell_leads_back_to_its_characters() -> None:
    text = GROUPS_HEADER + RED
    _, table = pdfflow.read(text, HINTS).tables[0]
    cell = table.rows[1].cells[1]
    span = cell.within(cell.text.index("and of"), cell.text.index(" Fences"))
    assert text[span.begin : span.end] == "and \nof other"


def test_windows_line_ends_and_lost_page_ends_change_nothing() -> None:
    text = GROUPS_HEADER + RED + "www.ru.example\n Blue League (BL)\nwww.bl.example\n\nN/A\n NOTES: none\n"
    whole = cells(text, "columns")
    assert cells(text.replace("\n", "\r\n"), "columns") == whole
    assert cells(text.replace("\n ", "\n"), "columns") == whole


def test_rows_below_no_known_header_are_refused_and_not_lost() -> None:
    assert refusal("MOON\n\nNUMBER OF FENCES\n\n12 1,234\n\nPAINT USED\n\n1 2\n")[1] == (
        "'NUMBER OF FENCES' stands in no table whose header is known"
    )
    assert refusal("Some text.\n\n" + RED)[1].endswith("stands in no table whose header is known")


def test_a_table_may_be_left_but_not_one_that_the_text_ends_with() -> None:
    hints = replace(HINTS, read=frozenset({"marks", "captions"}), whole=frozenset({"marks"}))
    undecided = PAINT.replace("12 1,234", "12") + "PAINT USED\n\n1 2\n\n"
    flow = pdfflow.read(undecided + GROUPS_HEADER + RED, hints)
    assert flow.tables == ()
    assert [(left.kind, left.why.split(":")[0]) for left in flow.unread] == [
        ("captions", "1 values where the header has 2"),
        ("columns", "its columns are lost"),
    ]
    with pytest.raises(SourceError, match="1 values where the header has 2"):
        pdfflow.read(undecided, hints)


def test_a_side_tab_that_spells_no_heading_is_set_apart() -> None:
    text = CHART + "Redland 2001 —\n\n\n471\n\nS O\nF TEA AN\n\nD LAM\nPS\n\nF\nOR\n\n—\n"
    assert cells(text, "marks")[1] == ["Redland", "2001", "—", "—"]
    assert [reason for reason, _ in reasons(text)] == ["page furniture"] * 7


def test_a_first_row_whose_bracket_closes_in_another_block_is_a_row() -> None:
    rows = cells(CHART + "Greenland and \nthe Sea\n\n2001(into \nforce 1 Jan \n\n2002) — —\n", "marks")
    assert rows[1] == ["Greenland and the Sea", "2001(into force 1 Jan 2002)", "—", "—"]


def test_terms_after_the_notes_need_no_letters_to_be_known() -> None:
    text = "NOTES: none of this is true, and nobody has said that it were.\n\nBL Sea Blue League of the Seas\n"
    assert cells(text, "terms") == [["BL Sea", "Blue League of the Seas"]]
    assert refusal(text.replace("BL Sea Blue League of the Seas", "XYZ Red Fences"))[1] == (
        "where the term ends cannot be told: 'XYZ Red Fences'"
    )
