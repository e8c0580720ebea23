"""Queries that take for ever, that must be refused, or that nobody waits for."""

from collections.abc import Callable
from urllib.parse import quote_from_bytes, urlencode

from tests.gateway.made_up import RESULTS, Case, Maker, head
from tests.gateway.test_hanging import BLOCKING, STREAMING

CROSS = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"
HARD = [*BLOCKING.values(), STREAMING]
DEEP = ["{", "(", "SELECT * {", "OPTIONAL {", "FILTER(", "[", "<<", "!", "^", "(1+", "UNION{"]
UPDATES = [
    "INSERT DATA { <a:b> <a:b> 1 }",
    "DROP ALL",
    "LOAD <file:///etc/passwd>",
    "LOAD <http://127.0.0.1:9/>",
    "CLEAR ALL",
]
SERVICES = [
    "http://127.0.0.1:9/",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "https://query.wikidata.org/sparql",
]


def leaving(make: Maker) -> Case:
    """A client that goes before it has sent, or got, everything."""
    steps: list[bytes | float | str]
    if make.random.random() < 0.5:
        data = b"".join(make.requests()[0])
        steps = [data[: make.random.randrange(len(data))], make.random.choice([0.0, 0.01]), "leave"]
    else:
        query = make.random.choice([CROSS, *HARD])
        steps = [
            head(f"/sparql?{urlencode({'query': query, 'timeout': '0.5'})}"),
            "some",
            make.random.choice([0.0, 0.05]),
            "leave",
        ]
    return Case("leaving", steps)


def hard(make: Maker) -> Case:
    timeout = make.random.choice(["0.05", "0.05", "0.1", "0.001", "1e-9"])
    parameters = {"query": make.random.choice(HARD), "timeout": timeout}
    return Case("hard", [head(f"/sparql?{urlencode(parameters)}", f"Accept: {make.random.choice(RESULTS)}")])


def query(make: Maker) -> Case:
    """Queries that must be refused, or that nobody would write."""
    choice = make.random.choice
    texts = [
        choice(DEEP) * choice([10, 101, 3000, 20000]),
        "SELECT * { " + choice(DEEP) * 500 + "}" * 500 + " }",
        f"SELECT * {{ SERVICE <{choice(SERVICES)}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERV\\u0049CE ?x {{ ?s ?p '{make.tag()}' }} }}",
        choice(UPDATES),
        "".join(map(chr, make.random.choices([*range(1, 0x300), 0x1F600, 0xFFFF], k=60))),
        "SELECT * { ?s (" + "/".join(["<x:p>"] * choice([50, 100, 101, 2000])) + ") ?o }",
        "SELECT (REGEX('" + "a" * 200 + "', '(a+)+$') AS ?x) {}",
    ]
    text = choice(texts).encode("utf-8", "surrogatepass")
    kind = choice(["sparql-query", "sparql-update", "x-www-form-urlencoded"])
    body = text if kind.startswith("sparql") else b"query=" + quote_from_bytes(text).encode()
    given = (f"Content-Type: application/{kind}", f"Content-Length: {len(body)}")
    return Case("query", [head("/sparql", *given, method="POST") + body])


KINDS: dict[Callable[[Maker], Case], int] = {leaving: 8, hard: 4, query: 8}
