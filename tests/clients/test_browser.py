"""Headless Chromium: what a page of another origin may read of the endpoint by CORS, with and without a preflight."""

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, URIRef

from tests.clients.conftest import C189, C189_QUERY, HERE
from tests.clients.programs import run_chromium

PAGE = (HERE / "page.html").read_text(encoding="utf-8")
SD = "http://www.w3.org/ns/sparql-service-description#"


def read_in_chromium(address: str, profile: Path) -> dict[str, Any]:
    document = run_chromium(address, profile)
    found: dict[str, Any] = json.loads(html.unescape(document.partition("<pre>")[2].partition("</pre>")[0]))
    return found


@pytest.mark.needs("chromium")
def test_page_of_another_origin_reads_all(endpoint: str, elsewhere: Callable[[str], str], tmp_path: Path) -> None:
    page = PAGE.replace("ENDPOINT", endpoint).replace("QUERY", json.dumps(C189_QUERY))
    found = read_in_chromium(elsewhere(page), tmp_path / "profile")
    label, description = found.pop("described")
    rows = [list(row) for row in C189]
    refused = [403, 403]
    assert found == {"posted": rows, "got": rows, "again": 304, "refused": refused, "withCookies": "TypeError"}
    graph = Graph().parse(data=description, format="turtle")
    assert (label, list(graph.objects(None, URIRef(f"{SD}endpoint")))) == (
        "text/turtle; charset=utf-8",
        [URIRef(endpoint)],
    )
