"""SPARQL 1.1 Protocol (W3C, 2013), sections 2.1 and 2.2, read without a server."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.serve.problem import Problem
from kg.serve.protocol import (
    Dataset,
    DescribeService,
    Operation,
    Preflight,
    QueryOperation,
    ReadGraph,
    Request,
    read,
)

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"

characters = st.text(st.characters(exclude_categories=["Cs"]))


def get(query_string: bytes, *, method: str = "GET") -> Operation:
    return read(Request(method, query_string, {}), most_seconds=30)


def post(body: bytes, content_type: str | None, *, query_string: bytes = b"", **headers: str) -> Operation:
    fields = headers | ({"content-type": content_type} if content_type else {})
    return read(Request("POST", query_string, fields, body), most_seconds=30)


def refusal(method: str = "GET", query_string: bytes = b"", body: bytes = b"", **headers: str) -> Problem:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(Problem) as caught:
        read(Request(method, query_string, fields, body), most_seconds=30)
    return caught.value


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_query_via_get(method: str) -> None:
    assert get(b"query=ASK%20%7B%7D", method=method) == QueryOperation("ASK {}", None, None)


def test_query_via_post_form() -> None:
    assert post(b"query=ASK+%7B%7D", FORM) == QueryOperation("ASK {}", None, None)


@pytest.mark.parametrize(
    "content_type", [f"{FORM}; charset=UTF-8", f'{FORM};charset="utf-8"', FORM.upper(), f"{FORM} ;charset=utf8"]
)
def test_post_form_type_in_any_spelling(content_type: str) -> None:
    assert post(b"query=ASK+%7B%7D", content_type) == QueryOperation("ASK {}", None, None)


@pytest.mark.parametrize("content_type", [DIRECT, "Application/SPARQL-Query", f"{DIRECT}; charset=utf-8"])
def test_query_via_post_direct(content_type: str) -> None:
    body = "ASK { ?s ?p 'é %41 +' }".encode()
    assert post(body, content_type) == QueryOperation("ASK { ?s ?p 'é %41 +' }", None, None)


def test_post_without_body_takes_the_query_of_the_address() -> None:
    assert post(b"", None, query_string=b"query=ASK%7B%7D") == QueryOperation("ASK{}", None, None)


def test_value_is_decoded_once() -> None:
    assert get(b"query=ASK%7B%3Fs%20%3Fp%20%22%2525%2B%22%7D") == QueryOperation('ASK{?s ?p "%25+"}', None, None)


@settings(deadline=None)
@given(text=characters.filter(str.strip), safe=characters)
def test_any_text_comes_through_the_address_and_the_form(text: str, safe: str) -> None:
    encoded = quote(text, safe=safe.translate(dict.fromkeys(map(ord, "%&+")))).encode()
    assert get(b"query=" + encoded) == QueryOperation(text, None, None)
    assert post(b"format=csv&query=" + encoded, FORM) == QueryOperation(text, None, "csv")


def test_equals_sign_in_a_value_is_one() -> None:
    assert get(b"query=ASK{}%23=41=\n=\r\n=") == QueryOperation("ASK{}#=41=\n=\r\n=", None, None)


def test_raw_utf8_in_the_address_is_read() -> None:
    assert get("query=ASK{?s ?p 'é'}".replace(" ", "+").encode()) == QueryOperation("ASK{?s ?p 'é'}", None, None)


def test_dataset_of_the_address() -> None:
    query_string = b"query=ASK%7B%7D&default-graph-uri=http%3A%2F%2Fx%2Fa&default-graph-uri=b&named-graph-uri=c"
    assert get(query_string) == QueryOperation("ASK{}", Dataset(("http://x/a", "b"), ("c",)), None)


def test_dataset_of_the_form() -> None:
    operation = post(b"query=ASK%7B%7D&named-graph-uri=c", FORM, query_string=b"default-graph-uri=a")
    assert operation == QueryOperation("ASK{}", Dataset(("a",), ("c",)), None)


def test_dataset_beside_a_direct_post() -> None:
    operation = post(b"ASK {}", DIRECT, query_string=b"default-graph-uri=a&format=csv")
    assert operation == QueryOperation("ASK {}", Dataset(("a",), ()), "csv")


def test_empty_graph_names_are_none() -> None:
    assert get(b"query=ASK%7B%7D&default-graph-uri=&named-graph-uri=") == QueryOperation("ASK{}", None, None)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_graph_store_read(method: str) -> None:
    assert get(b"graph=http%3A%2F%2Fx%2Fa&format=nt", method=method) == ReadGraph("http://x/a", "nt")
    assert get(b"default", method=method) == ReadGraph(None, None)
    assert get(b"default=&timeout=1", method=method) == ReadGraph(None, None)


@pytest.mark.parametrize("seconds", [b"30", b"1", b"0.25", b".5", b"1.", b"%30%31"])
def test_timeout_is_part_of_the_address_or_the_form(seconds: bytes) -> None:
    assert get(b"query=ASK%7B%7D&timeout=" + seconds) == QueryOperation("ASK{}", None, None)
    assert post(b"query=ASK%7B%7D&timeout=" + seconds, FORM) == QueryOperation("ASK{}", None, None)
    assert post(b"ASK{}", DIRECT, query_string=b"timeout=" + seconds) == QueryOperation("ASK{}", None, None)
    assert get(b"timeout=" + seconds) == DescribeService(None)


@pytest.mark.parametrize("seconds", [b"0", b"0.0", b"-1", b"30.001", b"1e1", b"1s", b"inf", b"nan", b"%D9%A1"])
@pytest.mark.parametrize("parameter", [b"query=ASK%7B%7D", b"graph=a", b"format=ttl"])
def test_timeout_out_of_range_is_refused_with_the_range(parameter: bytes, seconds: bytes) -> None:
    problem = refusal(query_string=parameter + b"&timeout=" + seconds)
    assert (problem.status, problem.title) == (400, "No such time-out")
    assert problem.detail.startswith("timeout is a number of seconds, more than 0 and at most 30, not ")
    assert refusal("POST", b"", b"query=ASK%7B%7D&timeout=" + seconds, content_type=FORM).detail == problem.detail


def test_empty_timeout_is_what_a_form_sends_that_was_left_empty() -> None:
    assert get(b"query=ASK%7B%7D&timeout=") == QueryOperation("ASK{}", None, None)


def test_unknown_parameters_are_ignored() -> None:
    assert get(b"query=ASK%7B%7D&output=json&soft-limit=1&&=&q") == QueryOperation("ASK{}", None, None)


def test_bare_get_asks_for_the_description() -> None:
    assert get(b"") == DescribeService(None)
    assert get(b"format=ttl") == DescribeService("ttl")


def test_options_is_a_preflight() -> None:
    assert get(b"query=%FF", method="OPTIONS") == Preflight()


@pytest.mark.parametrize(
    ("query_string", "detail"),
    [
        (b"query=", "the parameter query is missing or empty"),
        (b"query=%20%0A", "the parameter query is missing or empty"),
        (b"default-graph-uri=a", "the parameter query is missing or empty"),
        (b"query=ASK%7B%7D&query=ASK%7B%7D", "there are 2 parameters query, where one is allowed"),
        (b"query=ASK%7B%7D&format=csv&format=tsv", "there are 2 parameters format, where one is allowed"),
        (b"query=ASK%7B%7D&timeout=1&timeout=1", "there are 2 parameters timeout, where one is allowed"),
        (b"graph=", "the parameter graph is empty; default is for the default graph"),
        (b"graph=a&graph=b", "there are 2 parameters graph, where one is allowed"),
        (b"graph=a&default", "only one of these is allowed: default, graph"),
        (b"graph=a&query=ASK%7B%7D", "only one of these is allowed: graph, query"),
        (b"query=%FF", "the query string is not UTF-8: byte 0xff at 0"),
        (b"query=ASK%7B%7D&x=%C3%28", "the query string is not UTF-8: byte 0xc3 at 0"),
        (b"query=%ED%A0%80", "the query string is not UTF-8: byte 0xed at 0"),
        (b"query=ASK%7", "the query string has a percent sign that starts no escape: %7"),
        (b"query=100%zzASK", "the query string has a percent sign that starts no escape: %zz"),
    ],
)
def test_malformed_address_is_refused(query_string: bytes, detail: str) -> None:
    problem = refusal(query_string=query_string)
    assert (problem.status, problem.detail) == (400, detail)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_writing_method_is_refused_with_the_allowed_ones(method: str) -> None:
    problem = refusal(method, b"query=ASK%7B%7D")
    assert (problem.status, problem.headers) == (405, (("Allow", "GET, HEAD, POST, OPTIONS"),))
    assert "read-only" in problem.detail


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("query_string", [b"graph=http%3A%2F%2Fx%2Fa", b"default"])
def test_graph_store_write_is_refused_as_read_only(method: str, query_string: bytes) -> None:
    problem = refusal(method, query_string, b"<x:a> <x:b> 1 .", content_type="text/turtle")
    assert (problem.status, problem.headers) == (405, (("Allow", "GET, HEAD, OPTIONS"),))
    assert "read-only" in problem.detail


@pytest.mark.parametrize(
    ("query_string", "body", "content_type"),
    [
        (b"update=INSERT+DATA+%7B%7D", b"", None),
        (b"", b"update=INSERT+DATA+%7B%7D", FORM),
        (b"", b"INSERT DATA {}", "application/sparql-update"),
    ],
)
def test_update_is_refused_as_read_only(query_string: bytes, body: bytes, content_type: str | None) -> None:
    headers = {"content_type": content_type} if content_type else {}
    problem = refusal("POST", query_string, body, **headers)
    assert (problem.status, problem.title) == (403, "Read-only")


def test_query_with_update_is_ambiguous() -> None:
    assert refusal("POST", b"", b"query=ASK%7B%7D&update=CLEAR+ALL", content_type=FORM).status == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"ASK {}"),
        ("application/json", b'{"query": "ASK {}"}'),
        ("multipart/form-data; boundary=x", b"--x--"),
        (f"{FORM}; charset=iso-8859-1", b"query=ASK+%7B%7D"),
        (f"{DIRECT}; charset=utf-16", "ASK {}".encode("utf-16")),
        ("", b"ASK {}"),
    ],
)
def test_other_type_or_charset_is_unsupported(content_type: str, body: bytes) -> None:
    assert refusal("POST", b"", body, content_type=content_type).status == 415


def test_body_without_a_type_is_unsupported() -> None:
    assert refusal("POST", b"", b"query=ASK%7B%7D").status == 415


def test_compressed_body_is_unsupported() -> None:
    assert refusal("POST", b"", b"\x1f\x8b", content_type=DIRECT, content_encoding="gzip").status == 415


@pytest.mark.parametrize("body", [b"", b"x=1", b"graph=http%3A%2F%2Fx%2Fa"])
def test_post_without_a_query_is_no_description(body: bytes) -> None:
    assert refusal("POST", b"", body, content_type=FORM).status == 400


def test_direct_post_that_is_not_utf8_is_refused() -> None:
    problem = refusal("POST", b"", b"ASK { ?s ?p '\xe9' }", content_type=DIRECT)
    assert (problem.status, problem.detail) == (400, "the query is not UTF-8: byte 0xe9 at 13")


def test_direct_post_beside_a_query_of_the_address_is_ambiguous() -> None:
    assert refusal("POST", b"query=ASK%7B%7D", b"ASK {}", content_type=DIRECT).status == 400


def test_two_lengths_are_refused_and_the_connection_closed() -> None:
    problem = refusal("POST", b"", b"ASK {}", content_type=DIRECT, content_length="6", transfer_encoding="chunked")
    assert (problem.status, problem.headers) == (400, (("Connection", "close"),))
