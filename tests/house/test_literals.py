"""No name of a state, organization, programme or instrument of the records is a string literal in kg: nothing is
hard-coded, every answer comes from the records.

Docstrings are left out, they answer nothing. Labels and the longer names count whatever their case; abbreviations and
codes only in their own case and as whole words, so that "eu" in "neutral" is none. A slug that is an English word
(ENGLISH below) counts as an abbreviation only, in capitals.
"""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.records import Entity, Record

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "kg").rglob("*.py"))
ENGLISH = {"commit", "who"}


def literals(source: str) -> list[str]:
    """All string literals of a module but its docstrings, the constant parts of f-strings among them."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body[0] for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    docstrings = {id(first.value) for first in bodies if isinstance(first, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings]
    return [node.value for node in constants if isinstance(node.value, str)]


def needles(entities: Iterable[Entity]) -> re.Pattern[str]:
    """What must not stand in a literal. Names of one word and fewer than four letters count in their own case."""
    exact: set[str] = set()
    folded: set[str] = set()
    for entity in entities:
        exact |= {name for name in (entity.abbreviation, entity.id) if len(name) > 1}
        folded |= {name.lower() for name in (entity.label, *entity.names) if len(name) > 3}
        folded |= {entity.id.lower()} if len(entity.id) > 3 else set()
    exact -= ENGLISH
    folded -= ENGLISH
    parts = [rf"(?i:{'|'.join(map(re.escape, sorted(folded, key=len, reverse=True)))})", *map(re.escape, exact)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])")


def hits(source: str, pattern: re.Pattern[str]) -> list[str]:
    return [match[0] for literal in literals(source) for match in pattern.finditer(literal)]


@pytest.fixture(scope="module")
def pattern(records: list[list[Record]]) -> re.Pattern[str]:
    return needles(record for some in records for record in some if isinstance(record, Entity))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_names_nothing_that_the_records_speak_of(path: Path, pattern: re.Pattern[str]) -> None:
    assert hits(path.read_text(encoding="utf-8"), pattern) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 'ilo'", ["ilo"]),
        ("x = f'{y} works with ILO'", ["ILO"]),
        ("x = 'id/programme/glo-act'", ["glo-act"]),
        ("x = {'GUINEA': 1}", ["GUINEA"]),
        ("x = 'GIN'", ["GIN"]),
        ("x = 'the palermo-protocol'", ["palermo-protocol"]),
        ("x = 'United Nations Office on Drugs and Crime'", ["United Nations Office on Drugs and Crime"]),
        ("x = 'silo, commit, un, begin, who, neutral'", ["un"]),
        ("x = 'commit the change'", []),
        ("'''ILO'''\ndef f():\n    '''Guinea'''", []),
    ],
)
def test_name_in_a_literal_is_found(code: str, found: list[str], pattern: re.Pattern[str]) -> None:
    assert hits(code, pattern) == found
