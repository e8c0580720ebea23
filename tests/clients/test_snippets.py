"""docs/clients.md says what is so: each piece of code there is run against a server and prints what stands under it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import expected
from tests.clients.pages import Block, Page, printed

ADDRESS = "http://127.0.0.1:7878"
PAGE = Page("clients.md")
NEEDS = {"curl": ["curl"], "SPARQLWrapper": ["SPARQLWrapper"], "Comunica": ["node", "comunica"]}
NEEDS["A page of another site"] = ["chromium"]


@pytest.mark.parametrize(("snippet", "shown"), PAGE.pairs(NEEDS))
def test_snippet_prints_what_is_shown(
    snippet: Block, shown: str, server: str, tmp_path: Path, elsewhere: Callable[[str], str]
) -> None:
    assert printed(snippet, PAGE, {ADDRESS: server}, tmp_path, elsewhere) == shown


def test_page_has_code_of_every_client_and_every_code_has_its_answer() -> None:
    kinds = [block.kind for block in PAGE.blocks if not block.file]
    assert kinds == [kind for snippet in PAGE.snippets for kind in (snippet.kind, "text")]
    assert {snippet.section for snippet in PAGE.snippets} == {*NEEDS, "rdflib", "pyoxigraph"}


def test_page_shows_what_the_sources_say() -> None:
    cells = expected("ratification_status", "iso3", "edition", "status", instrument="ilo-c189")
    desks = {"GIN": "https://example.org/conakry", "JAM": "https://example.org/kingston"}
    guinea = "".join(f"{edition} {status}\n" for iso3, edition, status in cells if iso3 == "GIN")
    table = "edition,status\n" + guinea.replace(" ", ",")
    both = "".join(f"{desks[iso3]} {edition} {status}\n" for iso3, edition, status in sorted(cells) if iso3 in desks)
    (name,) = expected("organizations", "organization", slug="ilo")[0]
    assert {shown.body for shown in PAGE.printed} == {guinea, table, both, f"{name}\n"}
