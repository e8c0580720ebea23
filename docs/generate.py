"""Write the generated parts of the documentation: `make docs`. With --check nothing is written, and exit 1 names them.

The help of the command line stands in README.md between two marks; docs/questions.md is made from the headers of the
packaged questions, docs/ontology.md and docs/ontology/ from the ontology, docs/data-quality.md from checks, reviews and
measurements. These need the graph; it is built for that, or --store DIR takes one that is built already."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from ontology_pages import Pages
from pyoxigraph import Store
from quality_page import page

from kg.ask.questions import Question, names, question
from kg.cli import cli
from kg.graph.build import build, packaged_records
from kg.graph.store import load_store
from kg.record_tables import read

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
QUESTIONS = ROOT / "docs" / "questions.md"
QUALITY = ROOT / "docs" / "data-quality.md"
BEGIN, END = "<!-- begin: tipkg --help (make docs) -->\n", "<!-- end: tipkg --help -->"


def readme() -> str:
    """README.md with the help texts as they are now."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{README}: the marks {BEGIN.strip()} and {END} are missing")
    return f"{before}{BEGIN}```text\n{_help()}```\n{end}{after}"


def _help() -> str:
    """A paragraph a command: its arguments, what it does, its options. Made here because click's own layout of help
    differs from release to release."""
    parts: list[str] = []
    for name in sorted(cli.commands):
        command = cli.commands[name]
        arguments = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
        shown = [a.human_readable_name if a.required else f"[{a.human_readable_name}]" for a in arguments]
        options = [_option(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
        parts.append("\n".join([" ".join(["tipkg", name, *shown]), f"    {command.help}", *options]) + "\n")
    return "\n".join(parts)


def _option(option: click.Option) -> str:
    kind = "|".join(option.type.choices) if isinstance(option.type, click.Choice) else option.type.name.split()[0]
    value = "" if option.is_flag else option.metavar or (kind if "|" in kind else kind.upper())
    default = f" (default: {option.default})" if option.show_default else ""
    return f"    {' '.join([*option.opts, value]):26} {option.help or ''}{default}".rstrip()


def catalogue() -> str:
    """docs/questions.md: every packaged question with its columns and parameters."""
    head = [
        "# The packaged questions",
        "",
        "Generated from the headers of `queries/*.rq` by `make docs`. Ask one with `tipkg query NAME --param k=v`;",
        "each file also runs as it is in any SPARQL tool. A parameter takes an IRI, slug, name, abbreviation or code.",
        "",
    ]
    return "\n".join([*head, *(_entry(question(name)) for name in names())])


def _entry(asked: Question) -> str:
    parameters = [f"- `{parameter.name}` ({parameter.type}): {parameter.about}" for parameter in asked.parameters]
    if asked.answers:
        wanted = ", ".join(f"{column} is {value}" for column, value in asked.answers.items())
        parameters.append(
            f"- `nearest` (true or false): also rows that are no answer; an answer is a row whose {wanted}"
        )
    columns = ", ".join(f"`{column}`" for column in asked.columns)
    lines = [f"## {asked.name}", "", asked.summary, "", asked.about, "", f"Columns: {columns}", ""]
    return "\n".join([*lines, "Parameters:" if parameters else "No parameters.", "", *parameters, ""]).rstrip() + "\n"


@contextmanager
def graph(folder: Path | None) -> Iterator[Store]:
    """The graph in a store folder; without one, the graph that the packaged records make."""
    if folder is not None:
        yield load_store(folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        records = [read(path) for path in sorted(packaged_records().iterdir()) if path.is_dir()]
        build(records, Path(temporary) / "graph")
        yield load_store(Path(temporary) / "graph")


def pages(store: Store) -> dict[Path, str]:
    """All generated files with what they should hold."""
    ontology = {ROOT / "docs" / path: text for path, text in Pages(store).written().items()}
    return {README: readme(), QUESTIONS: catalogue(), QUALITY: page(store), **ontology}


def stray(wanted: dict[Path, str]) -> list[Path]:
    """Pages of groups of terms that the ontology has no more."""
    return [path for path in sorted((ROOT / "docs" / "ontology").glob("*")) if path not in wanted]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something is out of date")
    parser.add_argument("--store", metavar="DIR", type=Path, help="a built graph (default: it is built)")
    given = parser.parse_args()
    with graph(given.store) as store:
        wanted = pages(store)
    old = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if given.check:
        if names_of_old := ", ".join(path.relative_to(ROOT).as_posix() for path in [*old, *stray(wanted)]):
            raise SystemExit(f"out of date: {names_of_old}; run: make docs")
        return
    for path in stray(wanted):
        path.unlink()
    for path in old:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
        click.echo(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
