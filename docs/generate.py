"""Write the generated parts of the documentation: `make docs`. With --check nothing is written, and exit 1 names them.

Between two marks stand the help of the command line in README.md, the endpoint's formats and the W3C's tests in
docs/protocol.md, the options and metrics of `tipkg serve` in docs/deploy.md, and the table of `tipkg doctor` in
docs/doctor.md; docs/questions.md is made from the headers of the
packaged questions, docs/ontology.md and docs/ontology/ from the ontology, docs/data-quality.md from checks, reviews and
measurements. The last three need the graph; it is built for that, or --store DIR takes one that is built already."""

import argparse
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from ontology_pages import Pages
from pyoxigraph import Store
from quality_page import page
from questions_page import catalogue

from kg.cli import cli
from kg.cli.serving_options import group_of
from kg.doctor.expect import in_words
from kg.doctor.table import Check, packaged
from kg.gateway.counts import Counts
from kg.graph.build import build, packaged_records
from kg.graph.store import load_store
from kg.record_tables import read
from kg.serve.negotiate import GRAPHS, RESULTS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
QUESTIONS = ROOT / "docs" / "questions.md"
QUALITY = ROOT / "docs" / "data-quality.md"
PROTOCOL = ROOT / "docs" / "protocol.md"
DOCTOR = ROOT / "docs" / "doctor.md"
DEPLOY = ROOT / "docs" / "deploy.md"
W3C = ROOT / "tests" / "serve" / "w3c.toml"
SUITES = {
    "protocol": "SPARQL 1.1 Protocol (protocol)",
    "service-description": "Service Description (service-description)",
    "graph-store": "Graph Store Protocol (http-rdf-update)",
}


def readme() -> str:
    """README.md with the help texts as they are now."""
    return _between(README.read_text(encoding="utf-8"), "tipkg --help", f"```text\n{_help()}```\n")


def _between(page: str, name: str, text: str) -> str:
    """The page with the text between the marks of that name."""
    begin, end = f"<!-- begin: {name} (make docs) -->\n", f"<!-- end: {name} -->"
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"the marks {begin.strip()} and {end} are missing")
    return f"{before}{begin}{text}{found}{after}"


def protocol() -> str:
    """docs/protocol.md with the formats and the tests as they are now."""
    page = _between(PROTOCOL.read_text(encoding="utf-8"), "formats", _formats())
    suites = tomllib.loads(W3C.read_text(encoding="utf-8"))
    return _between(page, "W3C tests", "\n".join(_suite(SUITES[name], cases) for name, cases in suites.items()))


def _formats() -> str:
    rows = ["| of | format= | media types |\n", "| --- | --- | --- |\n"]
    for forms, offers in (("SELECT, ASK", RESULTS), ("CONSTRUCT, DESCRIBE, graphs", GRAPHS)):
        rows += [f"| {forms} | {', '.join(offer.names)} | {', '.join(offer.media_types)} |\n" for offer in offers]
    return "".join(rows)


def _suite(title: str, cases: list[dict[str, Any]]) -> str:
    rows = [f"| {case['name']} | {_sent(case)} | {_outcome(case)} |\n" for case in cases]
    return f"### {title}\n\n| test | ours | result |\n| --- | --- | --- |\n{''.join(rows)}"


def _sent(case: dict[str, Any]) -> str:
    if "test" in case:
        return case["test"]  # type: ignore[no-any-return]
    if "check" in case:
        case = _as_case(case["name"])
    parts = [case.get("method", "GET"), *case.get("url", ()), *(f"form {name}" for name in case.get("form", ()))]
    if "body" in case:
        parts.append(f"body {case.get('type', 'without a type')}")
    return ", ".join(parts) + (f" ({case['note']})" if "note" in case else "")


def _as_case(name: str) -> dict[str, Any]:
    """A check of the doctor's table that is one of the W3C's tests, as w3c.toml would write it."""
    (check,) = (check for check in packaged().checks if check.id == name)
    request = check.request
    assert request is not None
    url = {"query": request.query} if request.query is not None else request.url
    case = {"name": name, "method": request.method, "url": url, "form": request.form or {}, "type": request.type}
    case |= {"body": request.body} if request.body is not None else {}
    return {key: value for key, value in case.items() if value} | {"status": " or ".join(check.expect.status)}


def _outcome(case: dict[str, Any]) -> str:
    if "check" in case:
        status = _as_case(case["name"])["status"]
        return "passes" if status == "200" else f"passes ({status})"
    status = case.get("status", 200)
    refused = status in {403, 405} and not case["name"].startswith("bad_")
    return f"refused: read-only ({status})" if refused else "passes" if status == 200 else f"passes ({status})"


def deploy() -> str:
    """docs/deploy.md with the options and the metrics as they are now."""
    page = _between(DEPLOY.read_text(encoding="utf-8"), "options of tipkg serve", _serving())
    return _between(page, "metrics", _metrics())


def _serving() -> str:
    groups: dict[str, list[click.Option]] = {}
    for parameter in cli.commands["serve"].params:
        assert isinstance(parameter, click.Option)
        groups.setdefault(group_of(parameter), []).append(parameter)
    head = "| option | default | allowed | |\n| --- | --- | --- | --- |\n"
    return "\n".join(f"**{title}**\n\n{head}{''.join(map(_served, group))}" for title, group in groups.items())


def _served(option: click.Option) -> str:
    kind = option.type
    allowed = ""
    if isinstance(kind, click.IntRange | click.FloatRange):
        allowed = f"{kind.min} to {kind.max}"
    shown = str(option.default).removesuffix(".0") if option.show_default else ""
    value = f" {option.metavar or option.type.name.upper()}" if not option.is_flag else ""
    return f"| `{option.opts[0]}{value}` | {shown} | {allowed} | {option.help} |\n"


def _metrics() -> str:
    """Counters are exposed under a name that ends in _total."""
    watched = Counts().registry.collect()
    rows = [
        f"| `{metric.name}{'_total' if metric.type == 'counter' else ''}` | {metric.type} | {metric.documentation} |\n"
        for metric in watched
    ]
    return f"| metric | type | |\n| --- | --- | --- |\n{''.join(sorted(rows))}"


def doctor() -> str:
    """docs/doctor.md with the conformance table as it is now."""
    parts = [_group(title, [check for check in packaged().checks if check.group == name]) for name, title in _groups()]
    return _between(DOCTOR.read_text(encoding="utf-8"), "checks", "\n".join(parts))


def _groups() -> list[tuple[str, str]]:
    return list(packaged().groups.items())


def _group(title: str, checks: list[Check]) -> str:
    head = (
        f"### {title}\n\n| check | severity | the rule | where it stands | expected | tried |\n| --- |{' --- |' * 5}\n"
    )
    return head + "".join(_checked(check) for check in checks)


def _checked(check: Check) -> str:
    when = {"intrusive": "with `--intrusive`, or on the loopback interface", "canary": "on the loopback interface"}
    tried = "; ".join(when.get(need, "where the server is this project's") for need in check.needs) or "always"
    cells = (check.id, check.severity, check.says, check.standard, in_words(check.expect), tried)
    # A < would begin a tag, and a | another cell.
    return "".join(f"| {cell.replace('|', chr(92) + '|').replace('<', '&lt;')} " for cell in cells) + "|\n"


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
    return {
        README: readme(),
        QUESTIONS: catalogue(),
        QUALITY: page(store),
        PROTOCOL: protocol(),
        DOCTOR: doctor(),
        DEPLOY: deploy(),
        **ontology,
    }


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
