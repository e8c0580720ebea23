"""RFC 9110, section 12.5.1, on the formats of each kind of answer."""

import pytest

from kg.serve.negotiate import (
    CSV,
    FORMATS,
    HTML,
    JSON,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TSV,
    TURTLE,
    XML,
    Choice,
    Format,
    choose,
    takes,
)
from kg.serve.problem import Problem

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def chosen(form: str, accept: str | None, wanted: str | None = None) -> Format:
    return choose(FORMATS[form], accept, wanted).format


@pytest.mark.parametrize("accept", [None, "", " ", ",", "*/*", "*", "*/*;q=0.1", "application/*"])
def test_no_preference_gives_json_for_select(accept: str | None) -> None:
    assert choose(FORMATS["SELECT"], accept) == Choice(JSON, "application/sparql-results+json")


@pytest.mark.parametrize("accept", [None, "*/*", "text/*"])
def test_no_preference_gives_turtle_for_construct(accept: str | None) -> None:
    assert choose(FORMATS["CONSTRUCT"], accept) == Choice(TURTLE, "text/turtle")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/sparql-results+json", JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", XML),
        ("application/xml", XML),
        ("text/csv", CSV),
        ("text/tab-separated-values", TSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("text/csv;q=0.5, text/tab-separated-values", TSV),
        ("text/csv ; q=0.5 , text/tab-separated-values ; q=0.4", CSV),
        ("text/csv;Q=0.2, application/json;q=0.1", CSV),
        ("text/csv, */*", CSV),
        ("text/csv;q=0.9, */*", JSON),
        ("*/*, application/sparql-results+json;q=0, application/json;q=0", XML),
        ("text/*, text/csv;q=0", TSV),
        ("text/*;q=0.3, text/csv;q=0.1", TSV),
        (", ,text/csv,,", CSV),
        (";, ;q=1, text/csv", CSV),
        ("image/png, text/csv;q=0.001", CSV),
        ("text/csv;charset=utf-8", CSV),
        ('text/csv;charset="UTF-8";q=0.5', CSV),
        ("text/csv;header=present, application/sparql-results+xml", XML),
        ("text/html, image/gif, *; q=.2, */*; q=.2", HTML),
        ("garbage, text/csv", CSV),
        ("text/csv;q=high, application/xml;q=0.1", XML),
        (BROWSER, HTML),
    ],
)
def test_accept_for_select(accept: str, expected: Format) -> None:
    assert chosen("SELECT", accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/n-triples", N_TRIPLES),
        ("text/plain, */*;q=.1", N_TRIPLES),
        ("text/turtle;q=0.2, application/n-triples;q=0.3", N_TRIPLES),
        ("application/ld+json, application/rdf+xml;q=0.9, text/turtle;q=0.8", JSON_LD),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted", text/turtle;q=0.8', JSON_LD),
        ("text/turtle;version=1.2, application/rdf+xml;q=0.9", TURTLE),
        ("text/turtle;level=1, application/rdf+xml;q=0.9", RDF_XML),
        ("application/n-quads,application/trig;q=0.95,text/turtle;q=0.6", N_QUADS),
        ("application/trig", TRIG),
        ("application/xml", RDF_XML),
        ("application/json", JSON_LD),
        ("application/xhtml+xml;q=0.1, application/rdf+xml", RDF_XML),
        (BROWSER, HTML),
    ],
)
def test_accept_for_describe(accept: str, expected: Format) -> None:
    assert chosen("DESCRIBE", accept) == expected


def test_ask_takes_every_result_format() -> None:
    assert FORMATS["ASK"] == FORMATS["SELECT"]


@pytest.mark.parametrize(
    ("form", "accept"),
    [
        ("SELECT", "image/png"),
        ("SELECT", "text/turtle"),
        ("CONSTRUCT", "application/sparql-results+json"),
        ("ASK", "*/*;q=0"),
        ("ASK", "text/csv;q=0.0000"),
        ("SELECT", "text/csv;charset=iso-8859-1"),
        ("SELECT", "*/csv"),
        ("SELECT", "garbage"),
    ],
)
def test_nothing_acceptable_is_406(form: str, accept: str) -> None:
    with pytest.raises(Problem) as caught:
        chosen(form, accept)
    assert caught.value.status == 406


def test_406_names_what_is_on_offer() -> None:
    with pytest.raises(Problem) as caught:
        chosen("CONSTRUCT", "image/png")
    assert caught.value.detail == (
        "nothing on offer fits Accept: image/png; "
        "on offer: turtle (text/turtle), ntriples (application/n-triples), jsonld (application/ld+json), "
        "rdfxml (application/rdf+xml), trig (application/trig), nquads (application/n-quads), html (text/html)"
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("csv", CSV), ("JSON", JSON), ("text/csv", CSV), ("application/json", JSON), ("html", HTML)],
)
def test_format_overrides_accept(wanted: str, expected: Format) -> None:
    assert chosen("SELECT", "application/sparql-results+xml", wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("ttl", TURTLE),
        ("nt", N_TRIPLES),
        ("jsonld", JSON_LD),
        ("json", JSON_LD),
        ("rdf", RDF_XML),
        ("xml", RDF_XML),
        ("trig", TRIG),
        ("nq", N_QUADS),
        ("application/rdf+xml", RDF_XML),
    ],
)
def test_format_of_a_graph_has_short_names(wanted: str, expected: Format) -> None:
    assert chosen("CONSTRUCT", None, wanted) == expected


@pytest.mark.parametrize(
    ("form", "wanted"), [("SELECT", "turtle"), ("CONSTRUCT", "csv"), ("SELECT", "png"), ("ASK", "")]
)
def test_format_that_is_not_offered_is_406(form: str, wanted: str) -> None:
    with pytest.raises(Problem) as caught:
        chosen(form, "*/*", wanted)
    assert caught.value.status == 406


def test_label_is_the_type_asked_for_and_utf8() -> None:
    assert choose(FORMATS["SELECT"], "application/json").content_type == "application/json"
    assert choose(FORMATS["SELECT"], "text/csv").content_type == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    [
        "gzip",
        "GZIP",
        "deflate, gzip;q=0.5",
        "*",
        "br;q=1, *;q=0.1",
        ", gzip ;q=1,",
        ";, ;q=0, gzip",
        "identity;q=0, gzip",
    ],
)
def test_gzip_is_taken(accept: str) -> None:
    assert takes("gzip", accept)


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "br", "gzip;q=x"])
def test_gzip_is_not_taken(accept: str) -> None:
    assert not takes("gzip", accept)
