"""docs/federation.md says what is so, with an endpoint that stands for Wikidata: from here to it, from other engines to
here, and both asked by a client. And being asked by other engines: many values, large bodies, a lasting ETag."""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.clients.conftest import expected, serving
from tests.clients.pages import Block, Page, printed
from tests.federate.conftest import StandIn, standing_in, wikidata_sample

PAGE = Page("federation.md")
NEEDS = {"SERVICE at the endpoint": ["curl"], "The client asks both": ["node", "comunica"]}
MIB = 1024 * 1024
STATES = """PREFIX tip: <https://w3id.org/tipkg/ontology#>
SELECT ?n ?iso3 {{ VALUES (?n ?iso3) {{ {rows} }} ?state tip:alpha3 ?iso3 }}"""


@pytest.fixture(scope="module")
def wikidata() -> Iterator[StandIn]:
    with standing_in(wikidata_sample()) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def asking(built: Path, wikidata: StandIn) -> Iterator[str]:
    """The address of a server that may call the stand-in."""
    with serving(built, "--allow-service", wikidata.url) as address:
        yield address


@pytest.fixture
def installed(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`tipkg` as a command, with a cache that holds nothing but the graph; and the graph in the folder `graph`."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "tipkg"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nfrom kg.cli import main\nsys.argv += ['--store', {str(built)!r}]\nmain()\n",
        encoding="utf-8",
    )
    command.chmod(0o755)
    (tmp_path / "graph").symlink_to(built, target_is_directory=True)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("snippet", "shown"), PAGE.pairs(NEEDS))
def test_snippet_prints_what_is_shown(
    snippet: Block, shown: str, asking: str, wikidata: StandIn, tmp_path: Path, elsewhere: Callable[[str], str]
) -> None:
    addresses = {"http://127.0.0.1:7878": asking, "https://query.wikidata.org/sparql": wikidata.url}
    assert printed(snippet, PAGE, addresses, tmp_path, elsewhere) == shown


def test_page_shows_every_way_and_every_code_has_its_answer() -> None:
    kinds = [block.kind for block in PAGE.blocks if not block.file]
    assert kinds == [kind for snippet in PAGE.snippets for kind in (snippet.kind, "text")]
    assert [snippet.kind for snippet in PAGE.snippets] == ["sh", "sh", "python", "sh", "python", "python", "js"]


def test_page_shows_what_the_reports_say() -> None:
    cells = expected("ratification_status", "iso3", "edition", "status", instrument="ilo-c189")
    desks = {"FJI": "https://example.org/suva", "JAM": "https://example.org/kingston"}
    rows = sorted(f"{desks[iso3]} {edition} {status}\n" for iso3, edition, status in cells if iso3 in desks)
    assert [block.body for block in PAGE.printed if "example.org" in block.body] == ["".join(rows)] * 2


@pytest.mark.needs("node", "comunica")
@pytest.mark.usefixtures("installed")
def test_comunica_asks_the_other_side_for_its_rows_only(
    asking: str, wikidata: StandIn, tmp_path: Path, elsewhere: Callable[[str], str]
) -> None:
    addresses = {"http://127.0.0.1:7878": asking, "https://query.wikidata.org/sparql": wikidata.url}
    wikidata.queries.clear()
    printed(PAGE.snippets[-1], PAGE, addresses, tmp_path, elsewhere)
    asked = [query for query in wikidata.queries if "COUNT" not in query.upper()]
    assert asked
    assert all(re.search(r"VALUES|wd:|Q712|Q766", query) for query in asked), asked


def answer(request: urllib.request.Request) -> tuple[dict[str, str], list[dict[str, dict[str, str]]]]:
    with urllib.request.urlopen(request, timeout=60) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return headers, json.loads(response.read())["results"]["bindings"]


def posted(address: str, query: str) -> urllib.request.Request:
    headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
    return urllib.request.Request(f"{address}/sparql", query.encode(), headers)


def test_a_thousand_values_by_post(server: str) -> None:
    rows = " ".join(f'({n} "{("FJI", "JAM", "XXX", "NLD")[n % 4]}")' for n in range(1000))
    _, bindings = answer(posted(server, STATES.format(rows=rows)))
    assert sorted(int(row["n"]["value"]) for row in bindings) == [n for n in range(1000) if n % 4 != 2]


def test_body_up_to_the_limit_is_answered_and_a_larger_one_refused(server: str) -> None:
    query = STATES.format(rows='(1 "FJI")')
    _, bindings = answer(posted(server, query.ljust(4 * MIB)))
    assert [row["iso3"]["value"] for row in bindings] == ["FJI"]
    with pytest.raises(urllib.error.HTTPError) as caught:
        answer(posted(server, query.ljust(4 * MIB + 1)))
    with caught.value:
        assert caught.value.code == 413


def test_sixty_thousand_values_by_post(server: str) -> None:
    rows = " ".join(f'({n} "{("XXX", "FJI")[n % 100 == 0]}")' for n in range(60_000))
    _, bindings = answer(posted(server, STATES.format(rows=rows)))
    assert len(bindings) == 600


def test_etag_of_a_get_stays_and_saves_the_answer(server: str) -> None:
    query = STATES.format(rows='(1 "FJI")')
    url = f"{server}/sparql?{urlencode({'query': query})}"
    headers = {"Accept": "application/sparql-results+json"}
    tags = {answer(urllib.request.Request(url, headers=headers))[0]["etag"] for _ in range(3)}
    (tag,) = tags
    with pytest.raises(urllib.error.HTTPError) as caught:
        answer(urllib.request.Request(url, headers=headers | {"If-None-Match": tag}))
    with caught.value:
        assert (caught.value.code, caught.value.headers["ETag"]) == (304, tag)
