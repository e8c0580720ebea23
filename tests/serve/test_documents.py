"""Every IRI of the graph opens: documents in all syntaxes, things that are no documents, what is gone or unknown."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse
from starlette.routing import Match
from starlette.types import ASGIApp

from kg import iris
from kg.ask import questions
from kg.graph.store import load_store, read_manifest
from kg.serve.app import create_app
from kg.serve.cards import QuestionCard
from kg.serve.documents import written
from kg.serve.dump_files import files_in
from kg.serve.endpoint import PATHS, Limits, Service
from kg.serve.evaluate import Engine
from kg.serve.negotiate import TURTLE
from kg.serve.rooms import routes
from kg.serve.site import Site
from tests.serve.conftest import Ask, client_of

ROOT = Path(__file__).parents[2]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
GUINEA = "/id/state/GIN"
STATED = "/statement/tip-2017/treaty-status/gin-ilo-c189"
SYNTAXES = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
PRIMARY_TOPIC = NamedNode("http://xmlns.com/foaf/0.1/primaryTopic")


@pytest.fixture(scope="module")
def graph(built: Path) -> Store:
    return load_store(built)


@pytest.fixture(scope="module")
def app(graph: Store, built: Path) -> ASGIApp:
    found = [questions.question(name) for name in questions.names()]
    cards = [QuestionCard(q.name, q.summary, tuple(q.parameter_names), q.query) for q in found]
    return create_app(graph, build_id=read_manifest(built).build_id, questions=cards, folder=built)


@pytest.fixture(scope="module")
def ask(app: ASGIApp) -> Ask:
    return client_of(app)


@pytest.mark.parametrize(
    "path",
    [
        GUINEA,
        STATED,
        "/passage/tip-2017/1511-1512",
        "/source/tip-2018",
        "/text/tip-2017/61f87f7c",
        "/vocab/mode/accession",
        "/vocab/mode",
        "/finding/icat-2018/dpko-name",
        "/mention/icat-2018/10054-10059",
        "/dataset",
        "/dataset/class/tip-State/property/tip-partyTo",
        "/question/events",
        "/prefix/tip",
        "/project",
    ],
)
def test_thing_is_no_document_and_leads_to_one(ask: Ask, path: str) -> None:
    response = ask("GET", path, headers={"Accept": "text/turtle"})
    assert (response.status_code, response.headers["location"]) == (303, f"./{path.rpartition('/')[2]}.ttl")
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    document = ask("GET", f"{path}.ttl")
    assert (document.status_code, document.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    about = NamedNode(iris.BASE + path[1:])
    assert Triple(NamedNode(f"{about.value}.ttl"), PRIMARY_TOPIC, about) in triples(document.content, RdfFormat.TURTLE)


def triples(data: bytes, syntax: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in parse(data, format=syntax)}


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("*/*", "ttl"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples;q=0.9, text/turtle;q=0.1", "nt"),
        ("application/rdf+xml", "rdf"),
        (BROWSER["Accept"], "html"),
    ],
)
def test_accept_chooses_the_document(ask: Ask, accept: str, suffix: str) -> None:
    assert ask("GET", GUINEA, headers={"Accept": accept}).headers["location"] == f"./GIN.{suffix}"


def test_nothing_acceptable_is_406(ask: Ask) -> None:
    assert ask("GET", GUINEA, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("suffix", SYNTAXES)
def test_every_syntax_says_the_same_of_the_persistent_iri(ask: Ask, suffix: str) -> None:
    media_type, syntax = SYNTAXES[suffix]
    response = ask("GET", f"{STATED}.{suffix}", headers={"Accept": "image/png"})
    assert response.headers["content-type"].split(";")[0] == media_type
    said = {triple for triple in triples(response.content, syntax) if triple.predicate != PRIMARY_TOPIC}
    turtle = triples(ask("GET", f"{STATED}.ttl").content, RdfFormat.TURTLE)
    assert said == {triple for triple in turtle if triple.predicate != PRIMARY_TOPIC}
    passage = NamedNode(iris.passage("tip-2017", 1511, 1512))
    assert Triple(NamedNode(iris.BASE + STATED[1:]), NamedNode(iris.term("evidence")), passage) in said


def test_document_tells_who_names_the_thing_and_where_a_statement_stands(ask: Ask) -> None:
    said = triples(ask("GET", f"{GUINEA}.nt").content, RdfFormat.N_TRIPLES)
    statement, guinea = NamedNode(iris.BASE + STATED[1:]), NamedNode(iris.entity("state", "GIN"))
    assert Triple(statement, NamedNode(iris.term("nonParty")), guinea) in said
    stated = ask("GET", f"{STATED}.nt").text
    assert "TIP Report 2017, conventions chart, row Guinea, column ILO C189" in stated


def test_links_name_the_thing_and_the_other_syntaxes(ask: Ask) -> None:
    link = ask("GET", f"{GUINEA}.html").headers["link"]
    assert link.startswith(f'<{iris.BASE}id/state/GIN>; rel="canonical", <{iris.BASE}id/state/GIN>; rel="describes", ')
    assert '<./GIN.jsonld>; rel="alternate"; type="application/ld+json"' in link
    assert '<./GIN.ttl>; rel="describedby"' in ask("GET", GUINEA).headers["link"]


@pytest.mark.parametrize("path", ["/ontology", "/ontology/0.2.0", "/graph/quality"])
def test_document_of_ours_answers_at_its_own_address(ask: Ask, path: str) -> None:
    response = ask("GET", path)
    assert (response.status_code, response.headers["vary"]) == (200, "Accept, Accept-Encoding")
    assert response.headers["content-location"].endswith(".ttl")
    assert triples(response.content, RdfFormat.TURTLE)


def test_ontology_is_what_was_written(ask: Ask) -> None:
    said = triples(ask("GET", "/ontology.ttl").content, RdfFormat.TURTLE)
    written = triples((ROOT / "ontology" / "tip.ttl").read_bytes(), RdfFormat.TURTLE)
    named = {t for t in written if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode)}
    assert named <= said


def test_etag_answers_304_and_differs_by_syntax_and_page(ask: Ask) -> None:
    paths = (f"{GUINEA}.ttl", f"{GUINEA}.html", f"{GUINEA}.html?page=2")
    etags = [ask("GET", path).headers["etag"] for path in paths]
    assert len(set(etags)) == 3
    again = ask("GET", paths[0], headers={"If-None-Match": etags[0]})
    assert (again.status_code, again.content) == (304, b"")


def test_head_is_get_without_a_body(ask: Ask) -> None:
    head, get = ask("HEAD", f"{GUINEA}.ttl"), ask("GET", f"{GUINEA}.ttl")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", get.headers["etag"])


def test_unknown_iri_names_what_is_near(ask: Ask) -> None:
    response = ask("GET", "/id/instrument/ilo-c198")
    assert response.status_code == 404
    assert "near it: id/instrument/ilo-c189" in response.json()["detail"]
    page = ask("GET", "/id/instrument/ilo-c198", headers=BROWSER)
    assert (page.status_code, '<a href="../../id/instrument/ilo-c189">' in page.text) == (404, True)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/id/organization/ilx", "id/organization/ilo"),
        ("/id/state/gin", "id/state/GIN"),
        ("/id/state/GIN2.ttl", "id/state/GIN"),
        ("/id/organisation/unicef", "id/organization/unicef"),
        ("/id/body/labour-conference", "id/body/international-labour-conference"),
    ],
)
def test_near_name_comes_first(ask: Ask, path: str, near: str) -> None:
    detail = ask("GET", path).json()["detail"]
    assert detail.partition("; near it: ")[2].split(", ")[0] == near


def test_removed_statement_is_gone_with_the_reason(ask: Ask) -> None:
    lines = (ROOT / "mappings" / "removed.tsv").read_text(encoding="utf-8").splitlines()
    for iri, why, _ in (line.split("\t") for line in lines[1:]):
        for path in (f"/{iri}", f"/{iri}.ttl"):
            response = ask("GET", path)
            assert (response.status_code, why in response.json()["detail"]) == (410, True)


@pytest.mark.parametrize(
    "path", ["/ontology.html?term=Nothing", "/graph/nothing", "/id", "/vocab/mode/", "/%00", "/a%zz"]
)
def test_what_the_graph_does_not_know_is_404(ask: Ask, path: str) -> None:
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "99999999"])
def test_page_that_is_no_number_is_400(ask: Ask, page: str) -> None:
    assert ask("GET", f"{GUINEA}.html?page={page}").status_code == 400


def test_no_route_stands_before_an_iri_of_the_graph(built: Path, graph: Store) -> None:
    found = {quad.subject.value for quad in graph.quads_for_pattern(None, None, None, None)
             if isinstance(quad.subject, NamedNode)}  # fmt: skip
    found |= {name.value for name in graph.named_graphs() if isinstance(name, NamedNode)}
    paths = {"/" + iri.removeprefix(iris.BASE).partition("#")[0] for iri in found if iri.startswith(iris.BASE)}
    service = Service(graph, "1", None, Limits(), Engine(graph, dict), Site((), "1"))
    fixed = routes(service, files_in(built), [])[:-1]
    shadowed = [path for path in sorted(paths) if path in PATHS or any(matches(route, path) for route in fixed)]
    assert (len(paths) > 5000, shadowed) == (True, [])


def matches(route: object, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return route.matches(scope)[0] is Match.FULL  # type: ignore[attr-defined,no-any-return]


def test_every_kind_of_iri_that_is_minted_opens(ask: Ask, graph: Store) -> None:
    first: dict[str, str] = {}
    for quad in graph.quads_for_pattern(None, None, None, None):
        iri = getattr(quad.subject, "value", "")
        if iri.startswith(iris.BASE):
            first.setdefault("/".join(iri.removeprefix(iris.BASE).split("/")[:2]).partition("#")[0], iri)
    for iri in first.values():
        assert ask("GET", "/" + iri.removeprefix(iris.BASE).partition("#")[0]).status_code in (200, 303, 410), iri


def test_redirects_of_w3id_lead_to_the_same_path() -> None:
    rules = re.findall(r"^RewriteRule (\S+) (\S+) \[(\S+)\]$", (ROOT / "docs/w3id/.htaccess").read_text(), re.MULTILINE)
    assert rules == [("^(.*)$", "https://tipkg.example.org/$1", "R=303,L,QSA,NE")]


@pytest.mark.parametrize("path", [GUINEA, f"{GUINEA}.ttl", "/dumps/tipkg.ttl", "/ontology", "/.well-known/void"])
def test_page_of_another_origin_may_ask_first(ask: Ask, path: str) -> None:
    headers = {"Origin": "https://editor.example", "Access-Control-Request-Headers": "accept, if-none-match"}
    response = ask("OPTIONS", path, headers=headers)
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, "*")
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response.headers["access-control-allow-headers"]


def test_turtle_declares_the_prefixes_that_it_uses_in_order() -> None:
    says = Triple(NamedNode("http://b.example/x"), NamedNode("http://a.example/p"), Literal("c: no prefix"))
    document = written([says], TURTLE, {"c": "http://c.example/", "b": "http://b.example/", "a": "http://a.example/"})
    first, second, third = document.decode().strip().split("\n")
    assert (first, second) == ("@prefix a: <http://a.example/> .", "@prefix b: <http://b.example/> .")
    assert third == 'b:x a:p "c: no prefix" .'
