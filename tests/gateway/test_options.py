"""Options of `tipkg serve` that a running server shows."""

from pathlib import Path

from tests.gateway.conftest import Start

CALLING = "SELECT * { ?s ?p ?o SERVICE <https://query.wikidata.org/sparql> { ?s ?q ?z } }"


def test_no_service_holds_on_loopback_too(start: Start, folder: Path) -> None:
    server = start(folder, "--no-service")
    refused = server.ask(CALLING)
    assert refused.status == 403
    assert "this endpoint calls no other endpoint" in str(refused.json["detail"])
    assert b"BasicFederatedQuery" not in server.get("/sparql", {"Accept": "text/turtle"}).body
