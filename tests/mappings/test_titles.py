"""Titles of framework documents, taken apart: on titles of our own with the marks that the reports print."""

import pytest

from kg.mappings.titles import URL, Title, documents, is_abbreviation, read_title, series


def split(paragraph: str) -> list[str]:
    return [paragraph[piece.begin : piece.end] for piece in documents(paragraph)]


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Plan of the Test (2006)", Title("Plan of the Test", ("2006",))),
        ("Plan of the Test (2006).", Title("Plan of the Test", ("2006",))),
        ("Plan of the Test, 2004", Title("Plan of the Test", ("2004",))),
        ("Plan of the Test 2010-2012", Title("Plan of the Test", ("2010-2012",))),
        ("Plan of the Test for 2014–2018", Title("Plan of the Test", ("2014-2018",))),
        ("Plan of the Test 2019 – 2030", Title("Plan of the Test", ("2019-2030",))),
        ("Plan of the Test (2010-12)", Title("Plan of the Test", ("2010-2012",))),
        ("Plan of the Test (2015–17)", Title("Plan of the Test", ("2015-17",))),
        ("Plan of the Test (2004 and 2007)", Title("Plan of the Test", ("2004", "2007"))),
        ("Plan of the Test (6 December 2013)", Title("Plan of the Test", ("2013",))),
        ("Plan of the Test, 6 December (2013)", Title("Plan of the Test", ("2013",))),
        ("Plan of the Test, 6 December 2013", Title("Plan of the Test", ("2013",))),
        ("Plan of the Test (updated in 2009)", Title("Plan of the Test", remark="updated in 2009")),
        ("Plan (2002-2003), extended until 2011", Title("Plan", ("2002-2003",), remark="extended until 2011")),
        ("Test 2016 – Round-up Report", Title("Test 2016 – Round-up Report")),
        ("A Vision for the Test by 2020", Title("A Vision for the Test by 2020")),
        ("A Vision for the Test by 2020, Summit 2010", Title("A Vision for the Test by 2020, Summit", ("2010",))),
        ("2018-2019 Report of the Test", Title("2018-2019 Report of the Test")),
    ],
)
def test_years_in_brackets_or_at_the_end_leave_the_name(printed: str, title: Title) -> None:
    assert read_title(printed) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Plan (A/RES/64/293) (2010)", Title("Plan", ("2010",), "A/RES/64/293")),
        ("Plan (ARES/64/293)", Title("Plan", symbol="ARES/64/293")),
        ("Plan 2010-2012 (AG/RES. 2551 (XL-0/10))", Title("Plan", ("2010-2012",), "AG/RES. 2551 (XL-0/10)")),
        ("Plan 2015-2018 (RTP-IV/doc.4/14 rev. 1)", Title("Plan", ("2015-2018",), "RTP-IV/doc.4/14 rev. 1")),
        ("Plan (AG/RES.2945 XLIX-O/19) http://a.b/?c=D/e.&f", Title("Plan", symbol="AG/RES.2945 XLIX-O/19")),
        ("Convention of the Test (CETS No. 197)", Title("Convention of the Test", symbol="CETS No. 197")),
        ("Directive 2011/36/EU on the Test", Title("Directive 2011/36/EU on the Test", symbol="2011/36/EU")),
        ("Decision No. 1107 Addendum", Title("Decision No. 1107 Addendum", symbol="Decision No. 1107")),
        ("Strategy, Council Resolution 15/2/2012", Title("Strategy, Council Resolution 15/2/2012")),
    ],
)
def test_symbols_are_kept_as_printed(printed: str, title: Title) -> None:
    found = read_title(printed)
    assert (found.name, found.years, found.symbol) == (title.name, title.years, title.symbol)


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("-C29 Test Convention, 1930", Title("Test Convention", ("1930",), "C29")),
        ("• C29 Test Convention (1930)", Title("Test Convention", ("1930",), "C29")),
        ("-P029 Protocol of 2014, adding to X, 1930", Title("Protocol of 2014, adding to X", ("2014",), "P029")),
        ("C189 Test Convention, and its R201, 2011", Title("Test Convention, and its R201", ("2011",), "C189")),
        ("Crime Convention", Title("Crime Convention")),
    ],
)
def test_list_mark_and_code_leave_the_name(printed: str, title: Title) -> None:
    assert read_title(printed) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Campaign (AU.COMMIT)", Title("Campaign", short="AU.COMMIT")),
        ("Plan (COMMIT SPAMII, 2011-2013)", Title("Plan", ("2011-2013",), short="COMMIT SPAMII")),
        ("Strategy (CASCTHB), Council of the Test", Title("Strategy, Council of the Test", short="CASCTHB")),
        ("Joint Programme (J/TIP)", Title("Joint Programme", short="J/TIP")),
        ("Guidance (Brief)", Title("Guidance (Brief)")),
        ("Declaration “of the Test” (2014)", Title("Declaration “of the Test”", ("2014",))),
    ],
)
def test_abbreviations_in_brackets_leave_the_name(printed: str, title: Title) -> None:
    assert read_title(printed) == title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Plan: https://a.b/c_d/?e=F:1", Title("Plan", url="https://a.b/c_d/?e=F:1")),
        ("Plan (2014) : <http://a.b/c>", Title("Plan", ("2014",), url="http://a.b/c")),
        ("Plan www.a.b/c.", Title("Plan", url="www.a.b/c")),
        ("Plan http://a.b/c http://a.b/d", Title("Plan", url="http://a.b/c", remark="also http://a.b/d")),
    ],
)
def test_links_leave_the_name(printed: str, title: Title) -> None:
    assert read_title(printed) == title


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("-http://a.b/c-d/", "http://a.b/c-d/"),
        ("(see http://a.b/c)", "http://a.b/c"),
        ("https://a.b/list_(of)_c.html, and", "https://a.b/list_(of)_c.html"),
        ("HTTP://A.B/C;", "HTTP://A.B/C"),
        ("www.a.b/?d=e&f=Doc/x.&g", "www.a.b/?d=e&f=Doc/x.&g"),
        ("awww.a", None),
    ],
)
def test_a_link_ends_before_the_punctuation_around_it(text: str, url: str | None) -> None:
    match = URL.search(text)
    assert (match[1] if match else None) == url


@pytest.mark.parametrize(
    ("paragraph", "pieces"),
    [
        ("Memorandum (2004) 3rd Plan (2011-2013)", ["Memorandum (2004)", "3rd Plan (2011-2013)"]),
        ("Memorandum (2004) COMMIT 3rd Plan", ["Memorandum (2004)", "COMMIT 3rd Plan"]),
        ("Act (2008) Initiative of the Test, 2010", ["Act (2008)", "Initiative of the Test, 2010"]),
        ("Plan (2010-2012) Second Plan (2013)", ["Plan (2010-2012)", "Second Plan (2013)"]),
        ("Plan http://a.b/c Second Plan http://a.b/d", ["Plan http://a.b/c", "Second Plan http://a.b/d"]),
        ("Declaration (2017) (A/RES/72/1)", ["Declaration (2017) (A/RES/72/1)"]),
        ("Statements of the first (2002), second (2003)", ["Statements of the first (2002), second (2003)"]),
    ],
)
def test_two_documents_in_one_paragraph_are_two(paragraph: str, pieces: list[str]) -> None:
    assert split(paragraph) == pieces


def test_years_of_the_first_and_second_do_not_end_a_title() -> None:
    paragraph = "Statements of the first (2031) and second (2033) Lantern Summit"
    assert split(paragraph) == [paragraph]
    assert read_title(paragraph) == Title("Statements of the first and second Lantern Summit", ("2031", "2033"))


def test_three_resolutions_in_one_sentence_are_three() -> None:
    assert series("Resolutions on the Test 2331 (2016) , 2388 (2017) and 2493 (2019 S/RES/2493)") == [
        Title("Resolutions on the Test", ("2016",), "2331"),
        Title("Resolutions on the Test", ("2017",), "2388"),
        Title("Resolutions on the Test", ("2019",), "S/RES/2493"),
    ]
    assert series("Resolution 2331 (2016)") == []


@pytest.mark.parametrize(("text", "is_short"), [("TF-THB", True), ("SDGs", True), ("Puebla", False), ("TF x", False)])
def test_an_abbreviation_has_two_capitals_in_each_word(text: str, is_short: bool) -> None:
    assert is_abbreviation(text) == is_short
