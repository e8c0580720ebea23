"""The code on a page of the documentation, the files that it gives, and what it prints."""

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.clients.programs import ROOT, run, run_chromium, run_node, run_python

FENCE: Final = re.compile(
    r"^(?:[^\n]*`(?P<name>[^`\n]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """`file` is the name that the page gives it, `section` the heading it stands under."""

    section: str
    kind: str
    file: str | None
    body: str


class Page:
    """docs/<name>: `files`, `snippets`, and what is `printed` by each snippet in turn."""

    def __init__(self, name: str) -> None:
        self.blocks: list[Block] = []
        for section in (ROOT / "docs" / name).read_text(encoding="utf-8").split("\n## "):
            title = section.partition("\n")[0]
            self.blocks += [
                Block(title, match["kind"], match["name"], match["body"]) for match in FENCE.finditer(section)
            ]
        self.files = [block for block in self.blocks if block.file]
        self.snippets = [block for block in self.blocks if not block.file and block.kind != "text"]
        self.printed = [block for block in self.blocks if block.kind == "text"]

    def pairs(self, needs: Mapping[str, list[str]]) -> list[object]:
        """Parameters of a test: a snippet and what it must print; `needs` are the programs of a section."""
        return [
            pytest.param(
                snippet,
                shown.body,
                marks=pytest.mark.needs(*needs.get(snippet.section, [])),
                id=f"{snippet.section} {n}",
            )
            for n, (snippet, shown) in enumerate(zip(self.snippets, self.printed, strict=True), 1)
        ]


def printed(
    snippet: Block, page: Page, addresses: Mapping[str, str], folder: Path, elsewhere: Callable[[str], str]
) -> str:
    """What the snippet prints in a folder with the files of its page, other addresses in place of those on it."""
    for block in page.files:
        (folder / str(block.file)).write_text(_replaced(block.body, addresses), encoding="utf-8")
    code = _replaced(snippet.body, addresses)
    if snippet.kind == "html":
        document = run_chromium(elsewhere(code), folder / "profile")
        return html.unescape(document.partition("<pre>")[2].partition("</pre>")[0]) + "\n"
    if snippet.kind == "sh":
        return run("bash", "-euo", "pipefail", "-c", code, folder=folder)
    return {"python": run_python, "js": run_node}[snippet.kind](code, folder)


def _replaced(text: str, addresses: Mapping[str, str]) -> str:
    for old, new in addresses.items():
        text = text.replace(old, new)
    return text
