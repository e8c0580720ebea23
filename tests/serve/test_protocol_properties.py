"""Reading of requests, for any bytes at all: one query as it was meant, or a refusal, and nothing else."""

from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.serve.problem import Problem
from kg.serve.protocol import DIRECT, FORM, METHODS, Dataset, Operation, QueryOperation, Request, read

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
QUERY = TEXT.filter(lambda text: text.strip() != "")
NAMES = ["query", "update", "format", "graph", "default", "timeout", "default-graph-uri", "named-graph-uri", "x"]
VALUES = st.sampled_from(["", "1", "ASK {}", "csv", "http://x/é"])
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)
PIECES = [
    *(name.encode() for name in NAMES),
    b"%",
    b"&",
    b"=",
    b"+",
    b";",
    b"%C3",
    b"%a9",
    b"\xc3",
    b"\xa9",
    b"ASK",
    b"\0",
]
RAW = st.binary(max_size=30) | st.lists(st.sampled_from(PIECES)).map(b"".join)
TYPES = [
    None,
    FORM,
    DIRECT,
    f"{FORM}; charset=utf-8",
    "application/sparql-update",
    "text/plain",
    "",
    ";",
    "a/b;charset",
]


def asked(request: Request) -> Operation | Problem:
    try:
        return read(request, most_seconds=30)
    except Problem as problem:
        return problem


def via(method: str, encoded: bytes) -> Operation:
    """By the address, or the same bytes as a form."""
    if method == "GET":
        return read(Request("GET", encoded, {}), most_seconds=30)
    return read(Request("POST", b"", {"content-type": FORM}, encoded), most_seconds=30)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.sampled_from([*METHODS, "PUT", "X"]),
    RAW,
    RAW,
    st.sampled_from(TYPES),
    st.sampled_from([None, "gzip", "identity"]),
)
def test_any_bytes_give_an_operation_or_a_refusal(
    method: str, query_string: bytes, body: bytes, content_type: str | None, coding: str | None
) -> None:
    named = {"content-type": content_type, "content-encoding": coding}
    headers = {name: value for name, value in named.items() if value is not None}
    found = asked(Request(method, query_string, headers, body))
    assert isinstance(found, Operation) or found.status in {400, 403, 405, 415}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(["GET", "POST"]), QUERY, st.sampled_from([quote, quote_plus]))
def test_query_arrives_as_it_was_written(method: str, query: str, encode: type[str]) -> None:
    assert via(method, f"query={encode(query)}".encode()) == QueryOperation(query, None, None)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(["GET", "POST"]), st.binary(min_size=1, max_size=12))
def test_bytes_that_are_no_utf8_are_never_replaced(method: str, value: bytes) -> None:
    encoded = b"query=ASK" + b"".join(b"%%%02x" % byte for byte in value)
    try:
        expected = "ASK" + value.decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(Problem, match="is not UTF-8"):
            via(method, encoded)
    else:
        assert via(method, encoded) == QueryOperation(expected, None, None)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(QUERY, st.lists(TEXT, max_size=3), st.lists(TEXT, max_size=3))
def test_posted_text_is_the_query_whatever_it_is(query: str, defaults: list[str], named: list[str]) -> None:
    graphs = [("default-graph-uri", one) for one in defaults] + [("named-graph-uri", one) for one in named]
    request = Request("POST", urlencode(graphs).encode(), {"content-type": DIRECT}, query.encode())
    expected = Dataset(tuple(filter(None, defaults)), tuple(filter(None, named)))
    assert read(request, most_seconds=30) == QueryOperation(query, expected if any(defaults + named) else None, None)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(PAIRS)
def test_form_asks_exactly_one_query(pairs: list[tuple[str, str]]) -> None:
    found = asked(Request("POST", b"", {"content-type": FORM}, urlencode(pairs).encode()))
    queries = [value for name, value in pairs if name == "query"]
    if isinstance(found, Problem):
        assert found.status in {400, 403, 405}
    else:
        assert isinstance(found, QueryOperation)
        assert (queries, "update" in dict(pairs)) == ([found.query], False)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(RAW, st.sampled_from(["GET", "HEAD", "DELETE"]), st.sampled_from(["x", "content-length", "transfer-encoding"]))
def test_query_alone_is_read_as_among_other_parameters(encoded: bytes, method: str, name: str) -> None:
    headers = {name: "1", "content-length": "1"}
    alone, among = (asked(Request(method, said + encoded, headers)) for said in (b"query=", b"&query="))
    assert alone == among or str(alone) == str(among)
