"""The dataset in VoID, DCAT 3 and schema.org: complete, with the public address, and true of the files."""

import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from kg.graph.store import open_store, read_manifest
from kg.graph.terms import prefixes
from kg.serve import catalogue
from kg.serve.app import create_app
from kg.serve.dump_files import dumps_in
from tests.serve.conftest import Ask, client_of

PUBLIC = "https://example.org/sub/"
PREFIXES = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes().items())
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def ask(built: Path) -> Ask:
    build_id = read_manifest(built).build_id
    return client_of(create_app(open_store(built), build_id=build_id, questions=[], public=PUBLIC, folder=built))


@pytest.fixture(scope="module")
def described(ask: Ask) -> Store:
    store = Store()
    response = ask("GET", "/.well-known/void", headers={"Accept": "text/turtle"})
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    store.load(response.content, RdfFormat.TURTLE)
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value for term in row) for row in found]


def test_service_has_the_public_address(described: Store) -> None:
    query = "SELECT ?url ?dataset { ?service a dcat:DataService ; dcat:endpointURL ?url ; dcat:servesDataset ?dataset }"
    assert rows(described, query) == [(f"{PUBLIC}sparql", "https://w3id.org/tipkg/dataset")]
    assert rows(described, "SELECT ?url { ?dataset a void:Dataset ; void:sparqlEndpoint ?url }") == [
        (f"{PUBLIC}sparql",)
    ]


def test_catalogue_holds_dataset_and_service(described: Store) -> None:
    query = """SELECT ?licence { ?catalogue a dcat:Catalog ; dcat:dataset ?dataset ; dcat:service ?service .
      ?dataset a dcat:Dataset ; dcterms:license ?licence ; dcterms:publisher ?who ; dcterms:title ?title .
      ?service dcat:servesDataset ?dataset }"""
    assert rows(described, query) == [("https://creativecommons.org/publicdomain/zero/1.0/",)]


def test_distributions_tell_size_and_checksum_of_each_file(described: Store, built: Path) -> None:
    query = """SELECT ?url ?size ?sum { ?dataset dcat:distribution ?file . ?file a dcat:Distribution ;
      dcat:downloadURL ?url ; dcat:byteSize ?size ; dcterms:license ?licence ; dcat:mediaType ?type ;
      spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum ] }"""
    expected = {
        (f"{PUBLIC}dumps/{name}", str(len(data)), hashlib.sha256(data).hexdigest())
        for name, data in ((name, (built / name).read_bytes()) for name in dumps_in(built))
    }
    assert set(rows(described, query)) == expected


def test_compressed_file_tells_both_its_formats(described: Store) -> None:
    file = "<https://w3id.org/tipkg/dumps/tipkg.ttl.zst>"
    types = "https://www.iana.org/assignments/media-types/"
    query = f"SELECT ?type ?packed {{ {file} dcat:mediaType ?type ; dcat:compressFormat ?packed }}"
    assert rows(described, query) == [(f"{types}text/turtle", f"{types}application/zstd")]


def test_numbers_of_the_graph_are_there(described: Store, built: Path) -> None:
    query = "SELECT ?n { <https://w3id.org/tipkg/dataset/tipkg.ttl> void:triples ?n }"
    assert rows(described, query) == [(str(read_manifest(built).dumps["tipkg.ttl"]),)]


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf"])
def test_catalogue_opens_in_every_syntax(ask: Ask, suffix: str) -> None:
    response = ask("GET", f"/catalogue.{suffix}")
    again = ask("GET", f"/catalogue.{suffix}", headers={"If-None-Match": response.headers["etag"]})
    assert (response.status_code, again.status_code) == (200, 304)
    assert f"{PUBLIC}sparql" in response.text


def test_catalogue_in_another_syntax_is_404(ask: Ask) -> None:
    assert ask("GET", "/catalogue.csv").status_code == 404


def test_browser_gets_the_list_of_files(ask: Ask) -> None:
    assert "<h1>Dumps</h1>" in ask("GET", "/.well-known/void", headers=BROWSER).text


def test_start_page_embeds_a_schema_org_dataset(ask: Ask, built: Path) -> None:
    page = ask("GET", "/", headers=BROWSER).text
    embedded = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert embedded
    document = json.loads(embedded[1])
    assert (document["@type"], document["identifier"]) == ("Dataset", read_manifest(built).build_id)
    assert 50 <= len(document["description"]) <= 5000
    assert document["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    urls = [one["contentUrl"] for one in document["distribution"]]
    assert urls == [f"{PUBLIC}dumps/{name}" for name in dumps_in(built)]


def test_embedded_json_cannot_end_its_script(built: Path) -> None:
    written = catalogue.schema_org(open_store(built), {}, "https://example.org/</script><script>alert(1)</script>/")
    assert written
    assert "<" not in written
    assert json.loads(written)["url"].startswith("https://example.org/</script>")


def test_editors_ask_across_origins_and_with_a_parameter_of_their_own(ask: Ask) -> None:
    query = "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?p { [] sh:namespace ?n ; sh:prefix ?p } ORDER BY ?p"
    headers = {"Origin": "https://editor.example", "Accept": "application/sparql-results+json"}
    response = ask("GET", "/sparql", params={"ac": "1", "query": query}, headers=headers)
    assert response.headers["access-control-allow-origin"] == "*"
    found = [row["p"]["value"] for row in response.json()["results"]["bindings"]]
    assert found == sorted(prefixes())


def test_start_page_leads_to_pages_and_dumps(ask: Ask) -> None:
    page = html.unescape(ask("GET", "/", headers=BROWSER).text)
    for address in ("./ontology?term=Organization", "./dumps/", "./ontology", "./dataset"):
        assert f'href="{address}"' in page
        assert ask("GET", address[1:], headers=BROWSER).status_code in (200, 303)
