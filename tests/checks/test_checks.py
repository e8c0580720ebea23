"""Each check on a planted violation with clean neighbours: tests/checks/cases/<check>.ttl, made from the texts.

A line `#+ finds: entity property "value" compared-with` is a row that the check must give; it must give no other."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.graph.checks import ChecksError, Row, packaged_checks, read_check, read_metric, rows
from kg.graph.terms import named

HERE = Path(__file__).parent
PREFIXES = (HERE / "prefixes.ttl").read_text(encoding="utf-8")
CASES = sorted((HERE / "cases").glob("*.ttl"))
FINDS = re.compile(r'^#\+ finds: (\S+) (\S+) "([^"]*)"(?: (\S+))?$', re.MULTILINE)
CHECKS = {check.name: check for check in packaged_checks()}
HEADER = "#+ summary: What?\n#+ problem: It is.\n#+ solution: Mend it.\n#+ kind: conflict\n#+ dimension: consistency\n"
SELECT = "SELECT ?entity ?property ?value WHERE { ?entity ?property ?value } ORDER BY ?entity"


def planted(text: str) -> Store:
    """A store with the snippet, under the prefixes of all snippets."""
    store = Store()
    store.extend(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))
    return store


def iri(name: str) -> str:
    """:gone, mode:accession or tip:mode in full; other text as it is."""
    match = re.fullmatch(r"(\w*):([\w-]+)", name)
    space = re.search(rf"^@prefix {match[1]}: <([^>]+)>", PREFIXES, re.MULTILINE) if match else None
    return f"{space[1]}{match[2]}" if space and match else name


def expected(path: Path) -> list[Row]:
    found = FINDS.findall(path.read_text(encoding="utf-8"))
    return sorted(Row(path.stem, *(iri(cell) for cell in cells)) for cells in found)


def test_every_check_has_a_planted_violation() -> None:
    assert {path.stem for path in CASES} == {check.name for check in packaged_checks() if check.query}
    assert [path.stem for path in CASES if not expected(path)] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_check_finds_what_is_planted_and_nothing_else(path: Path) -> None:
    assert rows(planted(path.read_text(encoding="utf-8")), [CHECKS[path.stem]]) == expected(path)


def test_checks_find_nothing_in_an_empty_graph() -> None:
    assert rows(Store(), packaged_checks()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER, "odd.rq: its header (#+ lines) lacks severity; it must give summary, problem"),
        ("#+ summary: [\n", "odd.rq: its header (#+ lines) is no YAML: "),
        (HEADER + "#+ severity: grave\n", "odd.rq: severity is 'grave'; known: error, warning, note"),
    ],
)
def test_check_file_is_refused_with_its_name(text: str, message: str) -> None:
    with pytest.raises(ChecksError) as error:
        read_check("odd", text)
    assert str(error.value).startswith(f"queries/checks/{message}")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("ASK { ?a ?b ?c }", "odd.rq: must be a SELECT query"),
        ("SELECT ?entity WHERE { ?entity ?b ?c }", "odd.rq: must give ?entity ?property ?value"),
        (SELECT.replace("?value WHERE", "?value (1 AS ?more) WHERE"), "odd.rq: must give ?entity ?property ?value"),
        ("SELECT {", "odd.rq: error at 7:"),
    ],
)
def test_check_of_another_form_is_refused_by_name(query: str, message: str) -> None:
    check = read_check("odd", HEADER + "#+ severity: note\n" + query)
    with pytest.raises(ChecksError) as error:
        rows(planted(":a tip:value 1 ."), [check])
    assert str(error.value).startswith(f"queries/checks/{message}")


def test_metric_file_must_say_what_it_measures() -> None:
    with pytest.raises(ChecksError, match=r"^queries/metrics/odd\.rq: its header \(#\+ lines\) lacks definition"):
        read_metric("odd", "#+ summary: How many?\n#+ datatype: integer\n#+ dimension: completeness\n" + SELECT)


def test_kinds_of_checks_are_problems_of_the_vocabulary(store: Store) -> None:
    scheme = NamedNode("https://w3id.org/tipkg/vocab/problem")
    concepts = {quad.subject for quad in store.quads_for_pattern(None, named("skos:inScheme"), scheme)}
    known = {NamedNode(f"{scheme.value}/{check.kind.replace('_', '-')}") for check in packaged_checks()}
    assert known - concepts == set()
