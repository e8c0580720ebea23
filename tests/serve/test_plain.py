"""The quick way through the guard against the guard itself: it may leave queries to it, never let more pass."""

import contextlib
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.federate.refused import Refused
from kg.federate.tokens import scan
from kg.federate.words import WORDS
from kg.serve.guard import Outline, inspect, inspect_fully
from kg.serve.plain import Plain, read_plain
from kg.serve.problem import Problem
from tests.serve.test_guard import PIECES, QUERIES, SERVICE_CALLS
from tests.serve.test_limits import SHAPES

Look = Callable[[str], Outline]
FORMS = [
    "SELECT * ",
    "SELECT DISTINCT ?x ",
    "select*",
    "ASK",
    "CONSTRUCT { ?s ?p [] } ",
    "DESCRIBE ?x ",
    "Select(1 AS ?y)",
]
PROLOGUES = ["", "PREFIX ex: <http://x/> PREFIX : <b>\n", "base<http://x/>#c\nprefix ex:<y>", "PREFIX x", "# SELECT\n"]
TERMS = re.findall(
    r"\S+",
    r"""
    ?x $y ?x1 ex:a : :a.b ex:a-b. ex: a <http://x/y> <a> <urn:x> << <( >> 1 1.5 -1 .5 1e5 1. 'a' "b"@en '\n' '\u0041'
    '' ' " é 'é' 'a'^^ex:b true UNDEF _:b [] [ ] \ %41 ex:\# ex:%41 @en @en--ltr SERVICE 'service' ?a<?b """,
)
SIGNS = re.findall(r"\S+", "{ } ( ) . ; , * / + - = > ! | ^ ? ~ & < || && != <= ^^ {| |} <<( )>> # '''")
SIGNS += ["< ", "# it's {\n", "\n", " ", '"""it\'s\n"""']
BLOCKS = """
VALUES ?x { 1 'a' <http://x/> }
VALUES (?x ?y) { (1 ex:a) (UNDEF 'b'@en) }
values ?x{}
VALUES
FILTER(?x<2)
?s ?p ?o .
OPTIONAL { ?x ex:p ?o . }
FILTER(?x < 1 && STR(?y) = 'a')
FILTER(REGEX(?x, "a{2}"))
BIND((?x + 1) * 2 AS ?z)
?s (ex:a|^ex:b)* ?o
?s ?p (1 ?x) .
{ SELECT * { ?s ?p ?o } }
?s ?p ?o {| ?p ?o |}
DISTINCT *
GROUP BY ?x (STR(?y))
ORDER BY DESC(?x)
COUNT(DISTINCT ?x)
""".strip().splitlines()
SOUPS = st.builds(
    lambda prologue, form, parts, blank: f"{prologue}{form}{{{blank.join(parts)}}}",
    st.sampled_from(PROLOGUES),
    st.sampled_from(FORMS),
    st.lists(st.sampled_from([*TERMS, *SIGNS, *sorted(WORDS)]) | st.sampled_from(BLOCKS), max_size=12),
    st.sampled_from(["", " ", " ", "\n"]),
)
REPEATED = st.builds(
    lambda form, before, parts, times, after: f"PREFIX ex: <x> {form}{{ {before}{' '.join(parts) * times}{after} }}",
    st.sampled_from(FORMS),
    st.sampled_from(["", "?s ?p (", "FILTER(", "?s ", "VALUES ?x {", "("]),
    st.lists(
        st.sampled_from([*TERMS, *SIGNS, *BLOCKS, "UNION", "SELECT", "AS", "BY", "REPLACE("]), min_size=1, max_size=3
    ),
    st.integers(1, 300),
    st.sampled_from(["", ")", "}", "1"]),
)
TEXTS = SOUPS | REPEATED | st.text(alphabet="SELECT*{}?x<>'\"#\\ \n:a.()|/", max_size=60).map("ASK {".__add__)


def looked_at(look: Look, text: str) -> Outline | Problem:
    try:
        return look(text)
    except Problem as problem:
        return problem


def engine_takes(text: str) -> bool:
    try:
        Store().query(text, base_iri="http://x/")
    except SyntaxError:
        return False
    return True


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(TEXTS)
def test_quick_way_lets_nothing_pass_that_the_guard_refuses(text: str) -> None:
    if read_plain(text) is None:
        return
    fully = looked_at(inspect_fully, text)
    assert fully == inspect(text) or not engine_takes(text)
    assert isinstance(fully, Outline) or (fully.status, fully.title) == (400, "Syntax error in the query")


@pytest.mark.parametrize("name", SHAPES)
def test_quick_way_lets_no_shape_pass_that_the_guard_refuses(name: str) -> None:
    for size in (*range(5, 120, 10), 79, 81, 99, 101, 500, 1000, 2000):
        text = SHAPES[name][0](size)
        assert read_plain(text) is None or inspect(text) == inspect_fully(text)


@pytest.mark.parametrize("name", sorted(path.name for path in QUERIES.iterdir() if path.name.endswith(".rq")))
def test_packaged_question_takes_the_quick_way(name: str) -> None:
    text = (QUERIES / name).read_text("utf-8")
    assert read_plain(text) is not None
    assert inspect(text) == inspect_fully(text)


@pytest.mark.parametrize("query", SERVICE_CALLS)
def test_service_never_takes_the_quick_way(query: str) -> None:
    assert read_plain(query) is None


def test_star_and_its_variables_are_found() -> None:
    text = "PREFIX x: <y> select distinct * { ?z x:a '?no' . # ?no\n VALUES ?v { '?no' } ?z <http://x/?no> $m }"
    assert read_plain(text) == Plain("SELECT", 14, 30, ("z", "v", "m"))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x FROM <http://x/> {}",
        "SELECT (NOW() AS ?x) {}",
        "ASK { FILTER(1<2) }",
        "ASK { ?s \\u0061 ?o }",
        "ASK { << ?s ?p ?o >> ?q ?r }",
        "ASK { _:a ?p ?o }",
        "INSERT DATA {}",
        "ASK { ?s ?p trueFILTER(1) }",
    ],
)
def test_what_needs_a_closer_look_goes_to_the_guard(query: str) -> None:
    assert read_plain(query) is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS | st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_gives_an_outline_or_a_refusal(text: str) -> None:
    for look in (inspect, inspect_fully):
        found = looked_at(look, text)
        assert isinstance(found, Outline) or found.status in {400, 403}


@settings(max_examples=500, deadline=None, derandomize=True)
@given(TEXTS)
def test_tokens_cover_the_text(text: str) -> None:
    """Between them stand blanks and comments only; so nothing is hidden from the guard."""
    end = 0
    try:
        for token in scan(text):
            assert re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*)*", text[end : token.start])
            end = token.start + len(token.text)
            assert text[token.start : end] == token.text
    except Refused:
        return
    assert re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*)*", text[end:])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.sampled_from(FORMS), st.lists(st.sampled_from([*TERMS, *SIGNS, *BLOCKS, *PIECES]), min_size=1, max_size=3))
def test_time_is_linear_in_the_length(form: str, parts: list[str]) -> None:
    """A limit against hanging: a hundred times what it takes."""
    unit = " ".join(parts)
    text = f"PREFIX ex: <x> {form} {{ {unit * (20_000 // len(unit))}"
    begin = time.process_time()
    for look in (read_plain, inspect, inspect_fully):
        with contextlib.suppress(Problem):
            look(text)
    assert time.process_time() - begin < 20
