"""Write the generated parts of the documentation: `make docs`. With --check nothing is written, and exit 1 names them.

The help of the command line stands in README.md between two marks; docs/questions.md is made from the headers of the
packaged questions, docs/data-quality.md of the graph: that of --store DIR, or else the one that the command line uses.
"""

import sys
from pathlib import Path

import click
from quality_page import page

from kg.ask.questions import Question, names, question
from kg.cli import cli
from kg.cli.graph import store_folder_or_built
from kg.graph.store import load_store

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


def main() -> None:
    given = Path(sys.argv[sys.argv.index("--store") + 1]) if "--store" in sys.argv[1:] else None
    store = load_store(store_folder_or_built(given))
    wanted = {README: readme(), QUESTIONS: catalogue(), QUALITY: page(store)}
    old = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        if old:
            raise SystemExit(f"out of date: {', '.join(path.name for path in old)}; run: make docs")
        return
    for path in old:
        path.write_text(wanted[path], encoding="utf-8")
        click.echo(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
