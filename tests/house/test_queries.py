"""Every query file: a header that says what it asks, exactly the prefixes that it uses, an order, cheap negation."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kg.ask.header import check_header
from kg.ask.question import Question, parse_question
from kg.graph.terms import prefixes

ROOT = Path(__file__).parents[2]
QUESTIONS = sorted((ROOT / "queries").glob("*.rq"))
CHECKS = sorted([*(ROOT / "queries" / "checks").glob("*.rq"), *(ROOT / "queries" / "metrics").glob("*.rq")])
FEDERATED = sorted((ROOT / "queries" / "federated").glob("*.rq"))
OTHERS = sorted([*(ROOT / "kg").rglob("*.rq"), *(ROOT / "ontology").rglob("*.rq")])
ALL = [*QUESTIONS, *CHECKS, *FEDERATED, *OTHERS]
DECLARED = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>\s*$", re.MULTILINE | re.IGNORECASE)
# IRIs, strings and comments: what looks like a prefix or a brace in them is none.
QUIET = re.compile(r"<[^<>\"{}|^`\\\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*")
USED = re.compile(r"(?<![\w?$:-])([A-Za-z][\w-]*)?:(?=[\w(/])")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def quiet(query: str) -> str:
    return QUIET.sub(lambda match: "<>" if match[0].startswith("<") else " ", query)


def prefix_faults(query: str) -> list[str]:
    """Prefixes used and not declared, declared and not used, or declared otherwise than in ontology/prefixes.ttl."""
    declared = {match[1]: match[2] for match in DECLARED.finditer(query)}
    used = {match[1] or "" for match in USED.finditer(quiet(DECLARED.sub("", query)))}
    wrong = {prefix for prefix, namespace in declared.items() if prefixes().get(prefix) != namespace}
    return sorted(wrong | (declared.keys() ^ used))


def groups_of_exists(query: str) -> Iterator[str]:
    text = quiet(query)
    for match in re.finditer(r"\bEXISTS\s*\{", text, re.IGNORECASE):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[match.end() : end - 1]


def long_exists(query: str) -> list[str]:
    """Bodies of EXISTS with more than one triple pattern: the engine does not order their joins, MINUS does it."""
    return [body for body in groups_of_exists(query) if re.search(r"[.;,{]\s*\S", body)]


def late_patterns(query: str) -> list[str]:
    """Patterns after an OPTIONAL of their group: the engine orders the joins before it, and joins these to the rest
    only when it has matched them in the whole graph."""
    found, after_optional = [], [False]
    for line in quiet(query).split("\n"):
        text = line.strip()
        if after_optional[-1] and re.match(r"[?<]|GRAPH\b", text):
            found.append(text)
        after_optional[-1] |= text.startswith("OPTIONAL")
        for brace in re.findall(r"[{}]", text):
            after_optional = [*after_optional, False] if brace == "{" else after_optional[:-1]
    return found


@pytest.mark.parametrize("path", ALL, ids=name)
def test_query_declares_just_the_prefixes_that_it_uses(path: Path) -> None:
    assert prefix_faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", ALL, ids=name)
def test_query_has_no_exists_of_several_patterns(path: Path) -> None:
    assert long_exists(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", QUESTIONS, ids=name)
def test_question_has_its_optional_parts_last(path: Path) -> None:
    assert late_patterns(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [*QUESTIONS, *CHECKS, *FEDERATED], ids=name)
def test_query_sets_an_order(path: Path) -> None:
    assert re.search(r"^ORDER BY ", path.read_text(encoding="utf-8"), re.MULTILINE)


def parsed(path: Path) -> Question:
    return parse_question(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", QUESTIONS, ids=name)
def test_header_of_question_is_as_the_schema_wants_it(path: Path) -> None:
    check_header(path.stem, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", QUESTIONS, ids=name)
def test_question_runs_and_selects_its_columns_in_their_order(path: Path) -> None:
    question = parsed(path)
    solutions = Store().query(path.read_text(encoding="utf-8"))
    assert isinstance(solutions, QuerySolutions)
    projected = [variable.value for variable in solutions.variables]
    shown = question.column_names
    assert tuple(projected[: len(shown)]) == shown
    bound = {parameter.variable for parameter in question.parameters}
    assert set(projected[len(shown) :]) == bound - set(shown)
    assert {column.iri for column in question.columns if column.iri} <= set(projected)


@pytest.mark.parametrize("path", QUESTIONS, ids=name)
def test_question_names_questions_and_columns_that_there_are(path: Path) -> None:
    question, others = parsed(path), {path.stem: path for path in QUESTIONS}
    assert set(question.evidence_elsewhere) <= others.keys() - {question.name}
    for parameter in question.parameters:
        asked, column = parameter.lookup or (question.name, question.column_names[0])
        assert column in parsed(others[asked]).column_names


SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (SKOS + "SELECT ?x { ?x skos:notation ?y }", []),
        (SKOS + "SELECT ?x { ?x a ?y } # skos:notation", ["skos"]),
        (SKOS + "SELECT ?x { ?x a <skos:notation> }", ["skos"]),
        (SKOS + "SELECT ?x { ?x skos:notation 'tip:x' ; tip:state ?y }", ["tip"]),
        ("PREFIX tip: <https://example.org/>\nSELECT ?x { ?x tip:state ?y }", ["tip"]),
    ],
)
def test_wrong_prefix_is_found(query: str, found: list[str]) -> None:
    assert prefix_faults(query) == found


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("ASK { ?x a ?y FILTER NOT EXISTS { ?x tip:state ?z } }", 0),
        ("ASK { ?x a ?y FILTER EXISTS { ?x tip:state <http://a.b/c> . } }", 0),
        ("ASK { ?x a ?y FILTER NOT EXISTS { ?x tip:state ?z . ?z a ?t } }", 1),
        ("ASK { ?x a ?y FILTER NOT EXISTS { ?x tip:state ?z ; a ?t } }", 1),
        ("ASK { ?x a ?y FILTER NOT EXISTS { GRAPH ?g { ?x a ?z . ?z a ?t } } }", 1),
    ],
)
def test_exists_of_several_patterns_is_found(query: str, count: int) -> None:
    assert len(long_exists(query)) == count


@pytest.mark.parametrize(
    ("query", "late"),
    [
        ("ASK {\n?x a ?y .\nOPTIONAL { ?x tip:state ?z }\n}", []),
        ("ASK {\nOPTIONAL { ?x tip:state ?z }\n?x a ?y .\n}", ["?x a ?y ."]),
        ("ASK {\nOPTIONAL {\n?x tip:state ?z .\n?z a ?t .\n}\n}", []),
        ("ASK {\n{\nOPTIONAL { ?x tip:state ?z }\n} UNION {\n?x a ?y .\n}\n}", []),
        ("ASK {\nOPTIONAL {\n?x tip:state ?z .\n}\n<http://a.b/c> a ?y .\n}", ["<> a ?y ."]),
    ],
)
def test_pattern_after_an_optional_part_is_found(query: str, late: list[str]) -> None:
    assert late_patterns(query) == late
