"""The queries that are measured. Each "@" becomes a number that never comes twice, so that no answer is known yet."""

import itertools
from typing import Final

PREFIXES: Final = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX tip: <https://w3id.org/tipkg/ontology#> "
# Ten rows of what is said of one statement; its IRI takes the place of {}.
POINT: Final = "SELECT ?property ?value@ WHERE {{ <{}> ?property ?value@ }} LIMIT 10"
# A millisecond and more in the engine, so that HTTP is the smaller part.
EVALUATIONS: Final = {
    "aggregate": PREFIXES + "SELECT ?source ?class (COUNT(DISTINCT ?thing) AS ?things@) WHERE { ?statement a ?class ; "
    "tip:source ?source ; tip:concerns ?thing } GROUP BY ?source ?class",
    "1,000 rows": PREFIXES
    + "SELECT ?statement ?label ?where@ WHERE { ?statement a tip:Statement ; rdfs:label ?label ; "
    "tip:evidence ?passage . ?passage tip:where ?where@ } LIMIT 1000",
    "CONTAINS": PREFIXES + "SELECT ?thing ?label@ WHERE { ?thing rdfs:label ?label@ "
    'FILTER(CONTAINS(LCASE(STR(?label@)), "protocol")) } LIMIT 1000',
    "ORDER BY": PREFIXES + "SELECT ?statement ?label@ WHERE { ?statement a tip:Statement ; rdfs:label ?label@ } "
    "ORDER BY ?label@ ?statement LIMIT 100",
}
AGGREGATE: Final = EVALUATIONS["aggregate"]
# All triples, as often as it takes; a union, because every engine can stream it.
LARGE: Final = (
    "SELECT ?subject ?property ?value@ WHERE { { ?subject ?property ?value@ } UNION { ?subject ?property ?value@ } "
    "UNION { ?subject ?property ?value@ } } LIMIT 100000"
)
ENDLESS: Final = "SELECT (COUNT(*) AS ?n@) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
STATEMENTS: Final = PREFIXES + "SELECT ?s WHERE { ?s a tip:Statement ; tip:evidence ?passage } LIMIT 2000"
SHORT: Final = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"

_numbers = itertools.count(1)


def new(query: str) -> str:
    """The query as it was never asked before."""
    return query.replace("@", str(next(_numbers)))


def skip(number: int) -> int:
    """Keep so many numbers for a load; the first of them."""
    global _numbers
    first = next(_numbers)
    _numbers = itertools.count(first + number)
    return first
