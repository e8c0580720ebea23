"""What a bare GET of the endpoint answers: a SPARQL 1.1 service description."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Store, Triple

from kg.serve.negotiate import CSV, JSON, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TSV, TURTLE, XML, Format
from kg.serve.write import GRAPH_SYNTAXES

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RESULT_FORMATS: Final = {
    JSON: "SPARQL_Results_JSON",
    XML: "SPARQL_Results_XML",
    CSV: "SPARQL_Results_CSV",
    TSV: "SPARQL_Results_TSV",
    TURTLE: "Turtle",
    N_TRIPLES: "N-Triples",
    JSON_LD: "JSON-LD",
    RDF_XML: "RDF_XML",
    TRIG: "TriG",
    N_QUADS: "N-Quads",
}


def service_description(store: Store, endpoint: str, syntax: Format, *, federates: bool) -> bytes:
    """`endpoint` is the public address; without it right, clients that believe descriptions find nothing.

    `federates` is whether SERVICE may name any address at all. Limits have no term in this vocabulary."""
    graphs = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    prefixes = {"sd": _SD, "formats": _FORMATS} if syntax in {TURTLE, RDF_XML} else None
    written = BytesIO()
    pyoxigraph.serialize(_triples(endpoint, graphs, federates), written, GRAPH_SYNTAXES[syntax], prefixes=prefixes)
    return written.getvalue()


def _triples(endpoint: str, graphs: Iterable[str], federates: bool) -> Iterator[Triple]:
    service, dataset, default_graph = (
        NamedNode(endpoint + part) for part in ("#service", "#dataset", "#default-graph")
    )
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if federates:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    for name in _RESULT_FORMATS.values():
        yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default_graph)
    named_graphs = [(NamedNode(f"{endpoint}#graph-{place}"), graph) for place, graph in enumerate(graphs, 1)]
    for named_graph, _ in named_graphs:
        yield Triple(dataset, _sd("namedGraph"), named_graph)
    yield Triple(default_graph, _TYPE, _sd("Graph"))
    for named_graph, graph in named_graphs:
        yield Triple(named_graph, _TYPE, _sd("NamedGraph"))
        yield Triple(named_graph, _sd("name"), NamedNode(graph))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
