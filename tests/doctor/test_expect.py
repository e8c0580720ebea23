"""What differs between an answer and what the table expects, in words."""

import pytest

from kg.doctor.answer import Answer, Came, summary
from kg.doctor.expect import in_words, judge
from kg.doctor.table import Expect

JSON = (("content-type", "application/sparql-results+json"),)
TRUE = b'{"head":{},"boolean":true}'
TWO_ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"a"}},{}]}}'


def came(status: int = 200, headers: tuple[tuple[str, str], ...] = JSON, body: bytes = TRUE) -> Came:
    return Came((Answer(status, headers, body),))


@pytest.mark.parametrize(
    ("expect", "answer", "differences"),
    [
        (Expect(boolean=True), came(), []),
        (Expect(boolean=False), came(), ["the answer is true"]),
        (Expect(boolean=True), came(body=TWO_ROWS), ["no boolean"]),
        (Expect(boolean=False, status=("200", "4xx")), came(404), []),
        (Expect(status=("4xx",)), came(), ["status 200 (application/sparql-results+json)"]),
        (Expect(value="a", rows=2), came(body=TWO_ROWS), []),
        (Expect(value="b", rows=3), came(body=TWO_ROWS), ["the value is 'a'", "2 rows"]),
        (Expect(type=("text/csv",)), came(), ["Content-Type application/sparql-results+json"]),
        (Expect(has={"etag": '"', "content-type": "JSON"}), came(), ["no etag"]),
        (Expect(lacks=("content-type: json",)), came(), ["content-type: application/sparql-results+json"]),
        (Expect(lacks=("server: /", "etag")), came(headers=(*JSON, ("server", "made"))), []),
        (Expect(empty=True), came(), ["a body of 26 bytes"]),
        (Expect(contains="no", omits="true"), came(), ["'no' does not stand in the body", "'true' stands in the body"]),
        (
            Expect(untouched=True),
            Came(came().answers, touched=True),
            ["the server called the address that the query names"],
        ),
        (Expect(within=5), Came(came().answers, seconds=6), ["it took 6.0 s"]),
        (Expect(alive=True), Came(came().answers, alive=False), ["the server did not answer afterwards"]),
        (Expect(meanwhile=True), Came(came().answers, meanwhile=False), ["another client got no answer meanwhile"]),
        (Expect(or_closed=True), Came(closed=True), []),
        (Expect(), Came(failure="no luck"), ["no luck"]),
        (Expect(status=(), closed=True), Came(came().answers), ["the connection was still open after 0 s"]),
        (Expect(status=(), statuses=("200", "200")), came(), ["1 of 2 answers came: 200"]),
        (Expect(status=(), statuses=("400",)), came(), ["status 200"]),
    ],
)
def test_differences_are_told(expect: Expect, answer: Came, differences: list[str]) -> None:
    assert judge(expect, answer) == differences


def test_body_that_is_not_what_its_label_says_is_told() -> None:
    (difference,) = judge(Expect(well_formed=True), came(headers=(("content-type", "application/rdf+xml"),)))
    assert difference.startswith("the body cannot be read: no application/rdf+xml: ")


@pytest.mark.parametrize(
    ("media_type", "body", "value"),
    [
        ("text/csv; charset=utf-8", b'x\r\n"a,""b"\r\n', 'a,"b'),
        ("text/tab-separated-values", '?x\n"é\\t"@en\n'.encode(), "é\t"),
        ("text/tab-separated-values", b"?x\n<http://example.org/>\n", "http://example.org/"),
    ],
)
def test_first_cell_is_read_in_every_format(media_type: str, body: bytes, value: str) -> None:
    assert judge(Expect(value=value, rows=1), came(headers=(("content-type", media_type),), body=body)) == []


def test_second_answer_is_compared_with_the_first() -> None:
    first = came(headers=(("content-type", "text/csv"),)).answers[0]
    expect = Expect(same=("content-type",), differs="body")
    assert judge(expect, came(), first) == [
        "content-type application/sparql-results+json, but text/csv before",
        "the same answer twice",
    ]


def test_expectation_in_words() -> None:
    expect = Expect(status=("200", "4xx"), boolean=False, has={"vary": "accept", "etag": ""}, alive=True)
    assert in_words(expect) == (
        "status 200 or 4xx; the boolean false; vary: accept, etag: ...; an answer to the next request"
    )
    assert in_words(Expect(status=(), statuses=("400",), closed=True)) == "status 400; the connection closed"


def test_result_that_cannot_be_read_is_told() -> None:
    (difference,) = judge(Expect(boolean=True), came(body=b'{"head":'))
    assert difference.startswith("the body cannot be read: ")


def test_what_would_steer_a_terminal_is_not_repeated() -> None:
    strange = came(body=b"\x1b]0;x\x07\x9b", headers=(("content-type", "a\x1b[2J"),))
    assert "\x1b" not in summary(strange) + "".join(judge(Expect(type=("b",)), strange))
    assert summary(strange).endswith(": \ufffd]0;x\ufffd\ufffd")


def test_answer_in_one_line() -> None:
    assert summary(came(body=b"a\n" * 100)) == "200 application/sparql-results+json: " + "a " * 40
    assert summary(Came(closed=True, seconds=15.2)) == "the connection was closed without an answer after 15 s"
