"""Every format of an answer read again by another tool, and what a format cannot hold."""

import io
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, Store, parse, parse_query_results

from kg.serve.negotiate import CSV, JSON, JSON_LD, RDF_XML, TRIG, TSV, TURTLE, XML, Format
from kg.serve.problem import Problem
from kg.serve.write import GRAPH_SYNTAXES, RESULT_SYNTAXES, write_graph, write_rows

CONTROL = "a value holds a control character, which XML cannot hold: ask for JSON"
# Without named graphs TriG is Turtle and N-Quads are N-Triples.
RDFLIB = {"jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt", "trig": "turtle", "nquads": "nt", "turtle": "turtle"}


def rows(query: str, wanted: Format) -> bytes:
    output, results = io.BytesIO(), Store().query(query)
    assert isinstance(results, (QuerySolutions, QueryBoolean))
    write_rows(results, wanted, output)
    return output.getvalue()


def graph(query: str, wanted: Format, **prefixes: str) -> bytes:
    output, results = io.BytesIO(), Store().query(query)
    assert isinstance(results, QueryTriples)
    write_graph(results, wanted, output, prefixes)
    return output.getvalue()


def refusal(query: str, wanted: Format) -> Problem:
    with pytest.raises(Problem) as caught:
        (graph if query.startswith("CONSTRUCT") else rows)(query, wanted)
    assert caught.value.status == 406
    return caught.value


@pytest.mark.parametrize("wanted", [JSON, XML])
@pytest.mark.parametrize(("query", "answer"), [("ASK {}", True), ("ASK { FILTER(false) }", False)])
def test_ask_is_a_boolean(wanted: Format, query: str, answer: bool) -> None:
    assert bool(parse_query_results(rows(query, wanted), RESULT_SYNTAXES[wanted])) is answer


@pytest.mark.parametrize("wanted", [CSV, TSV])
def test_ask_is_a_word_where_the_format_has_no_boolean(wanted: Format) -> None:
    assert (rows("ASK {}", wanted), rows("ASK { FILTER(false) }", wanted)) == (b"true", b"false")


# rdflib's reader of JSON-LD uses a class that rdflib itself has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("syntax", GRAPH_SYNTAXES, ids=lambda syntax: syntax.names[0])
def test_graph_is_read_again_by_another_tool(syntax: Format) -> None:
    written = graph('CONSTRUCT { <x:a> <http://example.org/b> "é\\r\\n\\t<&", "x"@en, 1 } {}', syntax)
    read = {str(literal) for literal in rdflib.Graph().parse(data=written, format=RDFLIB[syntax.names[0]]).objects()}
    assert read == {"é\r\n\t<&", "x", "1"}


@pytest.mark.parametrize("character", ["\\u0001", "\\u000B", "\\uFFFE"])
def test_value_that_xml_cannot_hold_is_refused(character: str) -> None:
    assert refusal(f'SELECT ("a{character}" AS ?x) {{}}', XML).detail == CONTROL
    assert refusal(f'CONSTRUCT {{ <x:a> <x:b> "a{character}" }} {{}}', RDF_XML).detail == CONTROL


def test_value_that_xml_cannot_hold_is_right_in_json() -> None:
    assert b'"a\\u0001"' in rows('SELECT ("a\\u0001" AS ?x) {}', JSON)


class Blocks:
    """An answer that the engine hands over in blocks."""

    def __init__(self, *blocks: bytes) -> None:
        self._blocks = blocks

    def serialize(self, output: io.BytesIO, syntax: QueryResultsFormat) -> None:
        for block in self._blocks:
            output.write(block)


@pytest.mark.parametrize("blocks", [(b"<literal>\xef", b"\xbf\xbe"), (b"<literal>\xef\xbf", b"\xbf</literal>")])
def test_value_that_xml_cannot_hold_is_found_across_two_blocks(blocks: tuple[bytes, ...]) -> None:
    with pytest.raises(Problem) as caught:
        write_rows(Blocks(*blocks), XML, io.BytesIO())  # type: ignore[arg-type]
    assert caught.value.detail == CONTROL


@pytest.mark.parametrize("character", ["\t", "\n", "\r", "\r\n", "é", "\ufffd", "\U0001f600"])
def test_other_characters_are_kept_in_xml(character: str) -> None:
    escaped = character.replace("\r", "\\r").replace("\n", "\\n")
    document = ElementTree.fromstring(rows(f'SELECT ("a{escaped}b" AS ?x) {{}}', XML))
    assert [literal.text for literal in document.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [
        f"a{character}b"
    ]


@pytest.mark.parametrize("predicate", ["http://example.org/", "http://example.org/1", "http://example.org/a?b=1"])
def test_predicate_without_a_name_is_refused_in_rdf_xml(predicate: str) -> None:
    problem = refusal(f"CONSTRUCT {{ <x:a> <{predicate}> 1 }} {{}}", RDF_XML)
    assert problem.detail == "a predicate ends in no name, so that RDF/XML cannot hold it: ask for Turtle"


def test_text_that_looks_like_such_a_predicate_is_none() -> None:
    written = graph('CONSTRUCT { <x:a> <x:b> "<oxprefix: " } {}', RDF_XML)
    assert [str(quad.object) for quad in parse(written, GRAPH_SYNTAXES[RDF_XML])] == ['"<oxprefix: "']


def test_triple_term_is_refused_in_json_ld() -> None:
    problem = refusal("CONSTRUCT { <x:a> <x:b> <<( <x:a> <x:b> 1 )>> } {}", JSON_LD)
    assert problem.detail == "a term is of RDF 1.2, which JSON-LD cannot hold: ask for Turtle"


@pytest.mark.parametrize("wanted", [TURTLE, TRIG], ids=lambda wanted: wanted.names[0])
def test_short_graph_has_the_prefixes_that_it_uses(wanted: Format) -> None:
    query = 'CONSTRUCT { <http://example.org/a> a <http://example.org/B> . <x:a> <x:b> "<http://example.com/>" } {}'
    lines = graph(query, wanted, ex="http://example.org/", com="http://example.net/").decode().splitlines()
    assert sorted(lines) == [
        '<x:a> <x:b> "<http://example.com/>" .',
        "@prefix ex: <http://example.org/> .",
        "ex:a a ex:B .",
    ]


def test_long_graph_is_written_as_it_comes() -> None:
    values = " ".join(f"<http://example.org/{number}>" for number in range(3000))
    query = f"CONSTRUCT {{ ?x a <http://example.org/B> }} {{ VALUES ?x {{ {values} }} }}"
    written = graph(query, TURTLE, ex="http://example.org/")
    assert written.startswith(b"<http://example.org/0> a <http://example.org/B> .\n")
    assert sum(1 for _ in parse(written, GRAPH_SYNTAXES[TURTLE])) == 3000
