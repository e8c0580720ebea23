"""Functions of at most 40 lines, modules of at most 300: what a stranger can read in one go."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES_OF_A_FUNCTION = 40
LINES_OF_A_MODULE = 300
MODULES = [path for folder in ("kg", "mappings") for path in sorted((ROOT / folder).rglob("*.py"))]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_functions(source: str) -> list[str]:
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LINES_OF_A_FUNCTION]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_is_short_and_so_are_its_functions(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= LINES_OF_A_MODULE
    assert long_functions(source) == []


def test_function_of_one_line_too_many_is_found() -> None:
    body = "    pass\n" * 39
    assert long_functions(f"def fits():\n{body}\n\nasync def long():\n{body}    pass\n") == ["long"]
