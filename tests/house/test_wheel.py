"""The wheel holds what the checkout holds: every module in a listed package, every data file under a listed pattern."""

import tomllib
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
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
