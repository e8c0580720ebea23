"""Pages that the gateway makes itself, when no worker can."""

import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.gateway.conftest import Start
from tests.gateway.test_hanging import BLOCKING as MANY

BLOCKING = MANY["count"]
BROWSER = {"Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_page_of_an_error_has_the_query_its_id_and_links_that_lead_somewhere(
    start: Start, built: Path, method: str
) -> None:
    server = start(built, "--query-timeout", "4")
    server.in_memory()
    asked = urlencode({"query": BLOCKING})
    sent = ("/sparql", asked.encode()) if method == "POST" else (f"/sparql?{asked}", None)
    answer = server.request(method, *sent, BROWSER | (FORM if method == "POST" else {}))
    page = answer.body.decode()
    assert answer.status == 503
    assert f"{html.escape(BLOCKING, quote=False)}</textarea>" in page
    assert f"(query id {answer.headers['query-id']})" in page
    # Neither the build nor the public address is known to the process that made the page.
    assert "Build" not in page
    assert "curl" not in page
    links = set(re.findall(r'(?:href|src|action)="\./([^"]*)"', page))
    assert [link for link in links if server.get(f"/{link}", BROWSER).status not in (200, 303)] == []
    anchors = re.findall(r'href="#([^"]*)"', page)
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


@pytest.mark.parametrize(
    ("options", "headers"),
    [
        (("--public-url", "https://example.org/seen/here"), {}),
        (("--trust-proxy",), {"X-Forwarded-Prefix": "/seen/here"}),
    ],
)
def test_page_of_an_error_has_links_that_hold_under_a_sub_path(
    start: Start, folder: Path, options: tuple[str, ...], headers: dict[str, str]
) -> None:
    server = start(folder, "--query-timeout", "1", *options)
    # Until then each worker reads the modules of pages for itself.
    server.in_memory()
    path = f"/seen/here/sparql?{urlencode({'query': BLOCKING})}"
    answer = server.request("GET", path, None, BROWSER | headers)
    assert answer.status == 503
    assert 'href="./' in answer.body.decode()
    assert 'href="../' not in answer.body.decode()
    # Proxies keep the probes to themselves by their paths.
    assert server.request("GET", "/seen/here/readyz", None, headers).status == 404
