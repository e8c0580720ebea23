"""docs/clients.md says what is so: each piece of code there is run against a server and prints what stands under it."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clients.conftest import expected
from tests.clients.programs import ROOT, run, run_chromium, run_node, run_python

PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7878"
FENCE = re.compile(
    r"^(?:[^\n]*`(?P<name>[^`\n]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
NEEDS = {"curl": ["curl"], "SPARQLWrapper": ["SPARQLWrapper"], "Comunica": ["node", "comunica"]}
NEEDS["A page of another site"] = ["chromium"]


class Block(NamedTuple):
    """`file` is the name that the page gives it, `section` the heading it stands under."""

    section: str
    kind: str
    file: str | None
    body: str


def blocks() -> list[Block]:
    found = []
    for section in PAGE.split("\n## "):
        title = section.partition("\n")[0]
        found += [Block(title, match["kind"], match["name"], match["body"]) for match in FENCE.finditer(section)]
    return found


FILES = [block for block in blocks() if block.file]
SNIPPETS = [block for block in blocks() if not block.file and block.kind != "text"]
PRINTED = [block for block in blocks() if block.kind == "text"]


def pairs() -> list[object]:
    numbers = {snippet: f"{snippet.section} {place}" for place, snippet in enumerate(SNIPPETS, 1)}
    return [
        pytest.param(snippet, shown.body, marks=pytest.mark.needs(*NEEDS.get(snippet.section, [])), id=numbers[snippet])
        for snippet, shown in zip(SNIPPETS, PRINTED, strict=True)
    ]


@pytest.mark.parametrize(("snippet", "shown"), pairs())
def test_snippet_prints_what_is_shown(
    snippet: Block, shown: str, server: str, tmp_path: Path, elsewhere: Callable[[str], str]
) -> None:
    for block in FILES:
        (tmp_path / str(block.file)).write_text(block.body.replace(ADDRESS, server), encoding="utf-8")
    code = snippet.body.replace(ADDRESS, server)
    if snippet.kind == "html":
        document = run_chromium(elsewhere(code), tmp_path / "profile")
        printed = html.unescape(document.partition("<pre>")[2].partition("</pre>")[0]) + "\n"
    elif snippet.kind == "sh":
        printed = run("bash", "-euo", "pipefail", "-c", code, folder=tmp_path)
    else:
        printed = {"python": run_python, "js": run_node}[snippet.kind](code, tmp_path)
    assert printed == shown


def test_page_has_code_of_every_client_and_every_code_has_its_answer() -> None:
    kinds = [block.kind for block in blocks() if not block.file]
    assert kinds == [kind for snippet in SNIPPETS for kind in (snippet.kind, "text")]
    assert {snippet.section for snippet in SNIPPETS} == {*NEEDS, "rdflib", "pyoxigraph"}


def test_page_shows_what_the_sources_say() -> None:
    cells = expected("ratification_status", "iso3", "edition", "status", instrument="ilo-c189")
    desks = {"GIN": "https://example.org/conakry", "JAM": "https://example.org/kingston"}
    guinea = "".join(f"{edition} {status}\n" for iso3, edition, status in cells if iso3 == "GIN")
    table = "edition,status\n" + guinea.replace(" ", ",")
    both = "".join(f"{desks[iso3]} {edition} {status}\n" for iso3, edition, status in sorted(cells) if iso3 in desks)
    (name,) = expected("organizations", "organization", slug="ilo")[0]
    assert {shown.body for shown in PRINTED} == {guinea, table, both, f"{name}\n"}
