"""Which SERVICE may be carried out: one whose IRI stands exactly so on the list."""

import pytest

from kg.federate.allowed import PUBLIC, Allowed, Call, allowed, calls, check
from kg.federate.refused import Refused

LIST = Allowed(("https://a.example/sparql", "http://127.0.0.1:7000/sparql"))


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        check(text, calls(text), LIST)
    return caught.value


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_default_on_loopback_is_the_public_query_service(host: str) -> None:
    assert allowed(host) == Allowed((PUBLIC,))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "data.example", ""])
def test_default_elsewhere_is_none(host: str) -> None:
    assert allowed(host) == Allowed(())


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_named_ones_stand_for_the_default(host: str) -> None:
    assert allowed(host, ["http://b.example/s", "http://b.example/s"]) == Allowed(("http://b.example/s",))


@pytest.mark.parametrize(
    "url",
    [
        *("", "b.example/sparql", "file:///etc/hosts", "http://", "ftp://b.example/", "http://user@b.example/"),
        *("http://b.example/#x", "http://b.example/ x", "http://b.example:0/", "http://b.example:99999/", "http://é/"),
    ],
)
def test_what_is_no_address_of_an_endpoint_is_told(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        allowed("0.0.0.0", [url])


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <https://a.example/sparql> {} }",
        "ASK { service silent <https://a.example/sparql> {} }",
        "PREFIX a: <https://a.example/> ASK { OPTIONAL { SERVICE a:sparql {} } }",
        "BASE <https://a.example/x/> ASK { { SELECT * { SERVICE <../sparql> {} } } }",
        "ASK { \\u0053ERVICE <https://a.example/sparql> {} }",
        "ASK { SERVICE <http://127.0.0.1:7000/sparql> {} }",
    ],
)
def test_address_on_the_list_is_allowed_however_it_is_written(text: str) -> None:
    check(text, calls(text), LIST)


@pytest.mark.parametrize(
    "iri",
    [
        *(
            "https://a.example/sparql/",
            "https://a.example/sparql?",
            "http://a.example/sparql",
            "https://A.example/sparql",
        ),
        *("https://a.example:443/sparql", "https://a.example/x/../sparql", "https://a.example/sparql#x"),
        *(
            "https://a.example/%73parql",
            "http://localhost:7000/sparql",
            "http://127.1:7000/sparql",
            "file:///etc/hosts",
        ),
    ],
)
def test_address_not_exactly_on_the_list_is_refused(iri: str) -> None:
    refused = refusal(f"ASK {{\n  SERVICE <{iri}> {{}} }}")
    assert (refused.status, refused.line, refused.column) == (403, 2, 3)
    assert refused.detail.startswith(
        f"<{iri}> is not on the list: this endpoint may call only https://a.example/sparql,"
    )


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?e a ?t SERVICE ?e {} }",
        "ASK { VALUES ?e { <https://a.example/sparql> } SERVICE SILENT ?e {} }",
        "PREFIX a: <https://b.example/> ASK { SERVICE a:sparql {} }",
        "ASK { SERV\\u0049CE <http://b.example/> {} }",
        "ASK { SERVICE <https://a.example/sparql> { SERVICE <http://b.example/> {} } }",
        "ASK { ?a ?b ?c FILTER EXISTS { SERVICE <http://b.example/> {} } }",
        "SELECT * { ?a ?b ?c } ORDER BY EXISTS { SERVICE <http://b.example/> {} }",
        "ASK { SERVICE <sparql> {} }",
    ],
)
def test_service_in_disguise_is_refused(text: str) -> None:
    assert refusal(text).status == 403


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE { } }",
        "ASK { SERVICE 'x' { } }",
        "ASK { SERVICE <https://a.example/sparql> ?x }",
        "ASK { FILTER(SERVICE) }",
        "ASK { } SERVICE <https://a.example/sparql> { }",
        "ASK { SERVICE <https://[> { } }",
        "PREFIX SERVICEa: <x:> PREFIX a: <https://a.example/> ASK { SERVICEa:sparql {} }",
    ],
)
def test_service_that_cannot_be_read_is_no_sparql(text: str) -> None:
    assert refusal(text).status == 400


def test_calls_are_listed_in_order() -> None:
    text = "PREFIX a: <http://a/> ASK { SERVICE a:b { } SERVICE SILENT ?x { } }"
    assert calls(text) == (Call("http://a/b", None, False, 28), Call(None, "x", True, 44))
