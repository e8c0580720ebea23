"""The wheel holds what the checkout holds: every module in a listed package, every data file under a listed pattern,
and it asks for every library that it imports."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUP = PYPROJECT["tool"]["setuptools"]
FOLDERS = SETUP["package-dir"]


def folder_of(package: str) -> Path:
    """kg.read -> kg/read, kg.mappings -> mappings: by the longest package that package-dir names."""
    known = max((name for name in FOLDERS if package == name or package.startswith(f"{name}.")), key=len)
    return ROOT.joinpath(FOLDERS[known], *package.removeprefix(known).strip(".").split("."))


def listed(package: str) -> set[Path]:
    folder = folder_of(package)
    patterns = ["*.py", *SETUP["package-data"].get(package, [])]
    return {path for pattern in patterns for path in folder.glob(pattern)}


def contents() -> set[Path]:
    files = {path for folder in set(FOLDERS.values()) for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {path for path in files if "__pycache__" not in path.parts}


def test_wheel_covers_every_file_of_the_content_folders() -> None:
    covered = {path for package in SETUP["packages"] for path in listed(package)}
    missing = {PurePosixPath(path.relative_to(ROOT)) for path in contents() - covered}
    assert missing == set()


def test_every_listed_package_is_there_and_says_what_it_is_for() -> None:
    for package in SETUP["packages"]:
        assert (folder_of(package) / "__init__.py").read_text(encoding="utf-8").startswith('"""')


def imported() -> set[str]:
    """The top names of all imports of the wheel's modules, without ours and the standard library's."""
    names: set[str] = set()
    for path in contents():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.suffix == ".py" else ():
            names |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"kg"}


def declared(lines: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", line)[0].lower() for line in lines}


def test_dependencies_are_the_libraries_that_are_imported() -> None:
    project = PYPROJECT["project"]
    delivered_by = importlib.metadata.packages_distributions()
    used = {delivered_by[name][0].lower() for name in imported()}
    extras = [declared(project["optional-dependencies"][name]) for name in ("pandas", "mcp")]
    assert used == declared(project["dependencies"]).union(*extras)
