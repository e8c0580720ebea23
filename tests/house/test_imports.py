"""Data flows one way: which room may import which, read from the source of every module (docs/design.md, section 2)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = {"kg": ROOT / "kg", "kg.mappings": ROOT / "mappings"}
# Room or module -> what of ours it may import beside itself and kg (the version); kg.cli may import everything.
ALLOWED = {
    "kg": ("kg.library",),
    "kg.library": ("kg.ask", "kg.federate.answers", "kg.federate.kept", "kg.graph.store", "kg.packaged", "kg.iris"),
    "kg.packaged": ("kg.graph", "kg.record_tables"),
    "kg.keys": (),
    "kg.records": ("kg.keys",),
    "kg.iris": (),
    "kg.apart": (),
    "kg.formats": (),
    "kg.record_tables": ("kg.records",),
    "kg.read": ("kg.records",),
    "kg.mappings": ("kg.read", "kg.records", "kg.record_tables"),
    "kg.graph": ("kg.records", "kg.iris", "kg.apart"),
    "kg.federate": ("kg.iris",),
    "kg.ask": (
        "kg.federate",
        *("kg.graph.store", "kg.graph.terms", "kg.graph.proof", "kg.graph.rulebook"),
        *("kg.graph.folding", "kg.graph.search_index", "kg.graph.sssom"),
        *("kg.keys", "kg.iris", "kg.formats"),
    ),
    "kg.serve": ("kg.ask", "kg.federate", "kg.graph.store", "kg.iris", "kg.formats"),
    "kg.gateway": ("kg.serve", "kg.ask", "kg.federate", "kg.graph.store", "kg.graph.terms", "kg.iris", "kg.apart"),
    "kg.doctor": ("kg.iris",),
    "kg.mcp": (
        *("kg.ask", "kg.serve", "kg.federate", "kg.gateway.first_line", "kg.gateway.worker"),
        *("kg.graph.store", "kg.graph.terms", "kg.iris"),
    ),
    "kg.cli": ("kg",),
}
STANDARD_LIBRARY_ONLY = ("kg.keys", "kg.records", "kg.record_tables", "kg.iris", "kg.apart")
NO_TRIPLES = {"kg.mappings": ("rdflib", "pyoxigraph", "owlrl", "pyshacl"), "kg.read": ("rdflib", "pyoxigraph")}
SILENT = ("print", "input", "breakpoint")
TALK = ("os.environ", "os.getenv", "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr")


def modules() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for package, folder in FOLDERS.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join([package, *(part for part in parts if part != "__init__")])] = path
    return found


def imports(source: str) -> Iterator[str]:
    """Every module that a source imports, wherever the import stands; a from-import gives its names as modules too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return max((name for name in ALLOWED if _within(module, name)), key=len)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def faults(module: str, source: str) -> list[str]:
    """The imports of a module that the rules forbid."""
    here = room(module)
    return [name for name in imports(source) if not (_ours_fits(here, name) and _others_fit(here, name))]


def _ours_fits(here: str, name: str) -> bool:
    """Whether an import is none of ours, or one that the room may have."""
    if name.startswith((".", "mappings", "ontology", "queries", "tests")):
        return False
    if not _within(name, "kg"):
        return True
    target = max((module for module in modules() if _within(name, module)), key=len)
    return target == "kg" or any(_within(target, given) or _within(given, target) for given in (here, *ALLOWED[here]))


def _others_fit(here: str, name: str) -> bool:
    """Whether an import is ours, of the standard library, or of a library that the room may have."""
    top = name.partition(".")[0]
    if here in STANDARD_LIBRARY_ONLY:
        return top == "kg" or top in sys.stdlib_module_names
    return top not in NO_TRIPLES.get(here, ())


@pytest.mark.parametrize("module", modules())
def test_module_imports_only_what_its_room_may(module: str) -> None:
    assert faults(module, modules()[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("kg.records", "import rdflib"),
        ("kg.iris", "from kg.records import slug"),
        ("kg.read.text", "from kg.iris import BASE"),
        ("kg.read.text", "from kg.mappings import names"),
        ("kg.mappings.tip", "import pyoxigraph"),
        ("kg.mappings.tip", "from kg import iris"),
        ("kg.mappings.tip", "from mappings import names"),
        ("kg.graph.build", "from kg.read import text"),
        ("kg.federate.tokens", "from kg.serve.problem import Problem"),
        ("kg.ask.names", "from kg.graph import build"),
        ("kg.ask.explain", "from kg.graph import axioms"),
        ("kg.ask.names", "from kg.graph.build import build"),
        ("kg.serve.app", "    from kg.graph.build import build"),
        ("kg.serve.app", "from kg.mappings import extract"),
        ("kg.graph.store", "from kg.ask import questions"),
        ("kg.doctor.run", "from kg.serve import protocol"),
        ("kg.mcp.calls", "from kg.graph.build import build"),
        ("kg.mcp.server", "from kg.gateway.pool import Pool"),
        ("kg.serve.app", "from kg.mcp import server"),
    ],
)
def test_forbidden_import_is_found(module: str, line: str) -> None:
    source = f"def late() -> None:\n{line}\n" if line.startswith(" ") else line
    assert faults(module, source) != []


def test_imports_between_modules_go_round_in_no_circle() -> None:
    known = modules()
    # Whoever imports from kg itself takes a module or the version, which stands above all imports.
    edges = {
        module: {
            name for name in imports(path.read_text(encoding="utf-8")) if name in known and name not in (module, "kg")
        }
        for module, path in known.items()
    }
    left = dict(edges)
    while leaves := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in leaves:
            del left[module]
    assert left == {}


def taken_from_kg() -> set[str]:
    """What modules import from kg itself that is no module."""
    names = {name for path in modules().values() for name in imports(path.read_text(encoding="utf-8"))}
    return {name for name in names if re.fullmatch(r"kg\.\w+", name) and name not in {*modules(), *rooms()}}


def rooms() -> set[str]:
    return {module.rpartition(".")[0] for module in modules()}


def test_only_the_version_is_taken_from_the_package_itself() -> None:
    assert taken_from_kg() == {"kg.__version__"}


def reached(start: str) -> set[str]:
    """Every module that a module imports, directly or by way of others of ours."""
    known, found, left = modules(), set[str](), [start]
    while left:
        module = left.pop()
        if module not in found:
            found.add(module)
            left += imports(known[module].read_text(encoding="utf-8")) if module in known else ()
    return found


def test_a_build_does_without_the_references() -> None:
    assert {"kg.graph.check", "pyoxigraph"} <= reached("kg.graph.build")
    assert not {"kg.graph.reference", "pyshacl"} & reached("kg.graph.build")


def speaks(source: str) -> list[str]:
    """Calls of print and uses of the environment or of the standard streams."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SILENT:
            found.append(node.func.id)
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in TALK:
            found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("module", [module for module in modules() if room(module) != "kg.cli"])
def test_only_the_command_line_prints_or_reads_the_environment(module: str) -> None:
    assert speaks(modules()[module].read_text(encoding="utf-8")) == []


def test_printing_and_reading_the_environment_are_found() -> None:
    assert speaks("print(1)\nos.environ['X']\nsys.stderr.write('x')") == ["print", "os.environ", "sys.stderr"]


def test_importing_kg_pulls_in_nothing_heavy() -> None:
    code = "import sys, kg, kg.cli.commands; print(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "httpx",
        "jsonschema",
        "owlrl",
        "pandas",
        "pycountry",
        "pyoxigraph",
        "pyshacl",
        "rapidfuzz",
        "rdflib",
        "rich",
        "starlette",
        "uvloop",
        "yaml",
    }
    assert heavy & set(loaded) == set()


def test_asking_a_question_makes_no_record_types_and_compares_no_spellings() -> None:
    code = "import sys, kg.cli.answers, kg.ask.answer_forms, kg.ask.questions, kg.graph.store; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"kg.records", "rapidfuzz"} & set(loaded) == set()
