"""The documentation says what is so: examples are run, generated parts are up to date, links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from kg import __version__
from kg.cli import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
BLOCK = re.compile(r"^ *```(?P<kind>\w+)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


def blocks(kind: str) -> list[str]:
    return [match["body"] for match in BLOCK.finditer(README) if match["kind"] == kind]


def examples() -> list[tuple[str, list[str]]]:
    """Each command of the README's console blocks with the lines that it shows for it."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def commands(start: str) -> list[list[str]]:
    lines = [line.strip() for line in "".join(blocks("sh")).splitlines()] + [command for command, _ in examples()]
    found = [part.strip() for line in lines for part in line.split("&&")]
    found += re.findall(r"`([^`\n]+)`", README)
    return [shlex.split(part, comments=True) for part in found if part.startswith(start)]


def run(*arguments: str, folder: Path) -> str:
    code = "from kg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("words", commands("tipkg "), ids=" ".join)
def test_readme_names_commands_and_options_that_exist(words: list[str]) -> None:
    command = cli.commands[words[1]]
    options = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words[2:] if word.startswith("-") and word not in options] == []


@pytest.mark.parametrize("words", commands("make "), ids=" ".join)
def test_readme_names_make_targets_and_variables_that_exist(words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [word for word in words[1:] if "=" not in word]
    variables = [word.partition("=")[0] for word in words[1:] if "=" in word]
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    assert [name for name in variables if not re.search(rf"^{name} \??=", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize(("command", "shown"), examples(), ids=lambda value: value if isinstance(value, str) else "")
def test_readme_example_answers_what_it_shows(command: str, shown: list[str], built: Path, tmp_path: Path) -> None:
    printed = run(*shlex.split(command)[1:], "--store", str(built), folder=tmp_path).splitlines()
    assert shown
    assert [line for line in shown if line not in printed] == []


def test_readme_reads_a_text_of_the_readers_own(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "tests" / "sources" / "tabbed-2031.txt", tmp_path / "my-report.txt")
    (block,) = [block for block in blocks("sh") if "my-report.txt" in block]
    printed = [run(*shlex.split(line)[1:], folder=tmp_path) for line in block.splitlines()]
    assert len(printed) == 3
    assert re.search(r"^2031 +Guinea +GIN +ilo-c189 +party +2022 ", printed[2], re.MULTILINE)


def test_generated_parts_are_up_to_date(built: Path) -> None:
    command = [sys.executable, "docs/generate.py", "--check", "--store", str(built)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_version_is_one_and_the_changelog_tells_of_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(r"^## \[([^]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert project["version"] == __version__
    assert headings[:2] == ["Unreleased", __version__]


def described() -> list[tuple[str, click.Parameter]]:
    return [(name, p) for name, command in cli.commands.items() for p in command.params if isinstance(p, click.Option)]


def test_every_command_and_option_has_a_help_text() -> None:
    assert [name for name, command in cli.commands.items() if not command.help] == []
    assert [(name, p.name) for name, p in described() if not getattr(p, "help", None)] == []


def told() -> set[str]:
    """The events that the gateway and its workers log."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kg" / "gateway").glob("*.py"))
    named = re.findall(r'\b(?:tell|_tell_job)\(\s*"([^"]+)"', source) + re.findall(r'"event": "([a-z ]+)"', source)
    return {*named, *re.findall(r'_tell_job\("(\w+)" if \w+ else "(\w+)"', source)[0], "note"}


def test_every_event_of_the_log_is_described() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| ([a-z ]+) \| ", page.partition("## Log\n")[2].partition("\n## ")[0], re.MULTILINE)
    assert told() - set(described) == set()
    assert {"serving", "slow", "request", "worker killed", "error"} <= told()


def test_decisions_are_numbered_and_short() -> None:
    paths = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    assert [path.name for path in paths if not 10 <= path.read_text(encoding="utf-8").count("\n") <= 25] == []
