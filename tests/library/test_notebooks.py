"""The example notebooks run from top to bottom, each in a kernel of its own, and are kept without output."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kg.packaged import cache_folder

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_output(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


def run(path: Path, folder: Path) -> tuple[int, str]:
    """By nbclient's own command: the kernel is another process, with warnings of its own."""
    command = [sys.executable, "-c", "from nbclient.cli import main; main()", str(path), "--timeout=600"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    return done.returncode, done.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cache_folder().parent.mkdir(parents=True)
    cache_folder().symlink_to(built)
    code, said = run(path, tmp_path)
    assert code == 0, said


def test_notebook_that_fails_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells = [nbformat.v4.new_code_cell("1 / 0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "wrong.ipynb")
    code, said = run(tmp_path / "wrong.ipynb", tmp_path)
    assert code != 0
    assert "ZeroDivisionError" in said


def test_there_are_two_examples() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["ratifications-across-editions", "who-works-with-whom"]
