"""What the guard makes of a query: its outline, SERVICE in every disguise, and errors with their place."""

import random
from importlib.resources import files

import pytest
from pyoxigraph import Store

from kg.federate.allowed import Allowed, Call
from kg.serve.guard import Outline, inspect, inspect_fully
from kg.serve.problem import Problem

QUERIES = files("kg.queries")
# The engine refuses port 1 before it connects: an OSError shows that it would have called.
CALLED = "<http://127.0.0.1:1/>"


def refusal(query: str) -> Problem:
    with pytest.raises(Problem) as caught:
        inspect(query)
    return caught.value


@pytest.mark.parametrize("form", ["SELECT ?s", "ASK", "CONSTRUCT { ?s ?p ?o }", "DESCRIBE ?s", "select ?s", "aSk"])
def test_outline_names_the_form(form: str) -> None:
    assert (
        inspect(f"BASE <http://x/> PREFIX ex: <y> # SELECT\n{form} WHERE {{ ?s ?p ?o }}").form
        == form.split()[0].upper()
    )


def test_outline_lists_the_dataset_as_written() -> None:
    outline = inspect(
        "PREFIX ex: <http://x/>\nSELECT ?s FROM <a> FROM NAMED ex:b FROM ex:c WHERE { GRAPH ex:d { ?s ?p ?o } }"
    )
    assert outline == Outline(
        form="SELECT",
        prologue="PREFIX ex: <http://x/>\n",
        default_graphs=("<a>", "ex:c"),
        named_graphs=("ex:b",),
        star=None,
        variables=(),
        changing=False,
    )


def test_outline_lists_variables_of_a_star_in_order_of_first_use() -> None:
    outline = inspect("SELECT DISTINCT * { ?z ?a $m . { SELECT * { ?a ?b 1 } } }")
    assert (outline.star, outline.variables) == (16, ("z", "a", "m", "b"))


@pytest.mark.parametrize(
    "query", ["SELECT (COUNT(*) AS ?n) {}", "SELECT ?s { { SELECT * { ?s ?p ?o } } }", "DESCRIBE * {}"]
)
def test_star_of_another_kind_is_none(query: str) -> None:
    assert inspect(query).star is None


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "uuid()", "StrUUID()", "BNODE()"])
def test_changing_answers_are_known(function: str) -> None:
    assert inspect(f"SELECT ({function} AS ?x) {{}}").changing


SERVICE_CALLS = [
    f"ASK {{ SERVICE {CALLED} {{}} }}",
    f"ASK {{ service {CALLED} {{}} }}",
    f"ASK {{ {{ SELECT * {{ SERVICE {CALLED} {{}} }} }} }}",
    f"ASK {{#\rSERVICE{CALLED}{{}}}}",
    f"ASK {{ BIND('''it's''' AS ?x) SERVICE {CALLED} {{}} }}",
    f'ASK {{ BIND("a\\"" AS ?x) SERVICE {CALLED} {{}} }}',
    f'ASK {{ BIND("\\u0022" AS ?x) SERVICE {CALLED} {{}} #" }}\n}}',
    f"PREFIX ex: {CALLED} ASK {{ BIND(ex:a\\#b AS ?x) SERVICE {CALLED} {{}} }}",
    # Read as a tokenizer would, <2)SERVICE#> is an IRI.
    f"ASK {{ FILTER(1<2)SERVICE#>\n{CALLED} {{}} }}",
    f"ASK {{ FILTER(EXISTS{{}}<2)SERVICE#>\n{CALLED} {{}} }}",
    # The engine needs no blank after a keyword.
    f"PREFIX ex: {CALLED} PREFIX SERVICEex: <http://x/> ASK {{ SERVICEex:a{{}} }}",
    f"PREFIX : {CALLED} PREFIX SERVICE: <http://x/> ASK {{ SERVICE:a{{}} }}",
]


PIECES = [
    "'",
    '"',
    "'''",
    '"""',
    "#",
    "\n",
    "<",
    ">",
    "<a",
    "b>",
    "(",
    ")",
    "{",
    "}",
    "1",
    "?x",
    "ex:",
    "&&",
    "\\",
    "\\u0022",
]


@pytest.mark.parametrize("query", SERVICE_CALLS)
def test_service_is_refused_where_the_engine_would_call(query: str) -> None:
    with pytest.raises(OSError, match="port 1 is not allowed"):
        bool(Store().query(query))
    assert refusal(query).status == 403


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ SERV\\u0049CE {CALLED} {{}} }}",
        f"ASK {{ \\U00000053ervice {CALLED} {{}} }}",
        "ASK { SERVICE ?endpoint {} }",
        f"ASK {{ SERVICE SILENT {CALLED} {{}} }}",
        f"ASK {{ OPTIONAL {{ SERVICE {CALLED} {{}} }} }}",
        f"ASK {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {CALLED} {{}} }} }}",
        f"ASK {{ ?s ?p ?o MINUS {{ SERVICE {CALLED} {{}} }} }}",
        f"CONSTRUCT {{}} WHERE {{ SERVICE {CALLED} {{}} }}",
        f"DESCRIBE ?s {{ SERVICE {CALLED} {{}} }}",
        f"ASK {{ ?s ?p 1SERVICE{CALLED}{{}} }}",
    ],
)
def test_service_is_refused_in_other_disguises(query: str) -> None:
    assert refusal(query).status == 403


def test_no_mutation_of_a_call_reaches_the_engine() -> None:
    """Seeded; a million others were tried when the tokens were written."""
    chance = random.Random(7)
    reached = []
    for _ in range(4000):
        query = chance.choice(SERVICE_CALLS)
        for _ in range(chance.randint(1, 4)):
            cut = chance.randrange(len(query))
            query = query[:cut] + chance.choice(PIECES) + query[cut + chance.randint(0, 2) :]
        if passes(query) and calls(query):
            reached.append(query)
    assert reached == []


def passes(query: str) -> bool:
    try:
        inspect(query)
    except Problem:
        return False
    return True


def calls(query: str) -> bool:
    try:
        Store().query(query)
    except SyntaxError:
        return False
    except (OSError, RuntimeError) as error:
        return "custom function" not in str(error)
    return False


def test_outline_lists_the_services_that_are_allowed() -> None:
    outline = inspect(f"PREFIX ex: {CALLED} ASK {{ SERVICE SILENT ex: {{}} }}", Allowed(("http://127.0.0.1:1/",)))
    assert outline.services == (Call("http://127.0.0.1:1/", None, True, 39),)


def test_service_glued_to_its_name_is_refused_even_if_that_is_allowed() -> None:
    query = f"PREFIX ex: {CALLED} PREFIX SERVICEex: <http://x/> ASK {{ SERVICEex:{{}} }}"
    with pytest.raises(Problem, match="put a blank after the word SERVICE"):
        inspect(query, Allowed(("http://127.0.0.1:1/", "http://x/")))


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ ?s ?p trueSERVICE{CALLED}{{}} }}",
        f"ASK {{ SERVICESILENT{CALLED}{{}} }}",
        f"PREFIX ex: {CALLED} ASK {{ SERVICEex:a{{}} }}",
    ],
)
def test_service_glued_to_a_word_is_no_sparql(query: str) -> None:
    assert refusal(query).status == 400


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE <http://x/> {}', \"INSERT\", '''LOAD\n{''', \"\"\"DROP ' \" {\"\"\" }",
        "ASK { ?SERVICE $INSERT <http://x/SERVICE> } # SERVICE <http://x/> {",
        "PREFIX service: <http://x/> ASK { GRAPH service:SERVICE { service:a service:b service:c.SERVICE } }",
        "ASK { _:SERVICE ?p 'a'@service }",
    ],
)
def test_the_word_is_harmless_elsewhere(query: str) -> None:
    assert inspect(query).form == "ASK"
    bool(Store().query(query))


@pytest.mark.parametrize("condition", ["?a<?b", "?a<?b&&?c>?d", "?a<=?b&&?c>=?d", "(?a<?b)&&(?c>?d)", "?a<<http://x/>"])
def test_comparison_without_blanks_is_read(condition: str) -> None:
    assert inspect(f"ASK {{ FILTER({condition}) }}").form == "ASK"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { VALUES (?a ?b) { (<a#x'y> <b#z>) (1 <c>) } ?s ?p (1 <b> <http://x/#y'> <urn:a:b>) }",
        "ASK { ?s (<p>|^<q>)* ?o . [] <p> <<( <a> <b> <<( <c> <d> <e> )>> )>> }",
        "ASK { <<?s ?p ?o>> ?q ?r {| <a> 1.5e3, .5, 1, true |} }",
    ],
)
def test_iris_in_lists_are_read(query: str) -> None:
    assert inspect(query).form == "ASK"
    bool(Store().query(query, base_iri="http://x/"))


@pytest.mark.parametrize(
    ("query", "line", "column", "detail"),
    [
        ("SELECT * {\n  ?s ?p ?o\n} ORDR BY ?s", 3, 3, "ORDR is not a word of SPARQL; did you mean ORDER?"),
        ("SELECT ?x {\n ?x rdfs:label ?y }", 2, 5, "the prefix rdfs: is not declared"),
        ("PREFIX skos: <x>\nASK { ?x sko:y ?z }", 2, 10, "the prefix sko: is not declared; did you mean skos:?"),
        ("SELECT ?x {\n ?x ?y ?z", 1, 11, "{ is never closed"),
        ("ASK { ?x ?y ?z ] }", 1, 16, "] closes nothing that is open here"),
        ("ASK { ?x ?y 'abc }", 1, 13, "this string is never closed, or holds a line break or an unknown escape"),
        ('ASK { ?x ?y """abc" }', 1, 13, "this string is never closed, or holds a line break or an unknown escape"),
        ("ASK { ?x ?y é }", 1, 13, "'é' cannot stand here"),
        ("PREFIX ex <x> ASK {}", 1, 8, "a prefix is declared with a colon: ex:"),
        ("PREFIX a: <x>\n?s", 2, 1, "expected PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("ASK { ?s ?p (1 <b#c>) }", 1, 16, "< could open an IRI or mean less than: put a blank after it"),
        ("ASK { FILTER(?s <http://x/>) }", 1, 17, "an operator or a comma is missing before this IRI"),
        ("ASK { VALUES ?x { 1 'a' (1 2) x:y } }", 1, 31, "the prefix x: is not declared"),
    ],
)
def test_error_tells_line_and_column(query: str, line: int, column: int, detail: str) -> None:
    with pytest.raises(Problem) as caught:
        inspect_fully(query)
    problem = caught.value
    assert (problem.status, problem.line, problem.column, problem.detail) == (400, line, column, detail)


@pytest.mark.parametrize(
    "query", ["INSERT DATA { <a> <b> <c> }", "PREFIX a: <b> clear all", "LOAD <http://x/>", "WITH <a> DELETE {}"]
)
def test_update_in_a_query_is_refused_as_read_only(query: str) -> None:
    problem = refusal(query)
    assert (problem.status, problem.title) == (400, "Read-only")


@pytest.mark.parametrize(
    "name", [name for name in sorted(path.name for path in QUERIES.iterdir()) if name.endswith(".rq")]
)
def test_packaged_question_passes(name: str) -> None:
    assert inspect((QUERIES / name).read_text("utf-8")).form in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


@pytest.mark.parametrize("query", ["", " \n", "# SELECT ?s {}", "PREFIX a: <b>"])
def test_nothing_to_answer_is_no_query(query: str) -> None:
    assert (refusal(query).status, refusal(query).title) == (400, "No query")
