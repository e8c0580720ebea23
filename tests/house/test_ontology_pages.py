"""The pages of the ontology: every term and concept is there, links lead somewhere, each query answers as pasted."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from kg import iris
from kg.ask.ontology import packaged

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [DOCS / "ontology.md", *sorted((DOCS / "ontology").glob("*.md"))]
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)#([^)\s]+)\)")
TERM = re.compile(r"^## (?P<name>\S+)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
QUERY = re.compile(r"```sparql\n(.*?)```", re.DOTALL)
# The engine cannot be told to stop; all queries together take some seconds.
SECONDS = 120
# Terms and lists that no source of this release uses, and why they are there all the same.
UNUSED = {
    "tip:BlankStatus": "no chart of these editions has an empty cell",
    "tip:ChartFootnote": "only of reports without settings of their own",
    "tip:Denunciation": "no chart of these editions has a footnote on a state that left",
    "tip:DenunciationNote": "no chart of these editions has a footnote on states that left",
    "tip:OtherCell": "only of reports without settings of their own",
    "tip:beneficiary": "no participation that the paper states is that of a beneficiary",
    "tip:formerParty": "no chart of these editions has a footnote on a state that left",
    "tip:plannedJointParticipant": "no joint cooperation that the paper states is only planned",
    "tip:printedMode": "only of reports without settings of their own",
    "tip:unreportedState": "no chart of these editions has an empty cell",
}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(page: str) -> list[str]:
    """As GitHub makes them: small letters, digits, underscores and hyphens, a hyphen for each space, and -1 for the
    second heading that comes out the same."""
    headings = HEADING.findall(re.sub(r"(?ms)^```.*?^```", "", page))
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    before = [plain[:at].count(name) for at, name in enumerate(plain)]
    return [f"{name}-{count}" if count else name for name, count in zip(plain, before, strict=True)]


def dead_links(path: Path) -> list[str]:
    """Links with an anchor that the page they lead to does not have."""
    found = LINK.findall(text(path))
    targets = {name: path.parent / name if name else path for name, _ in found}
    known = {name: set(anchors(text(target))) for name, target in targets.items()}
    return [f"{name}#{place}" for name, place in found if place not in known[name]]


def queries() -> Iterator[tuple[str, str]]:
    """Each term or list with the query that its page shows."""
    for path in PAGES[1:]:
        for match in TERM.finditer(text(path)):
            (query,) = QUERY.findall(match["body"])
            yield match["name"], query


def test_every_term_has_one_place() -> None:
    names = [name for name, _ in queries() if name.startswith("tip:")]
    assert sorted(names) == sorted(term.name for term in packaged().terms.values())


def test_every_term_is_in_the_class_tree_or_the_index() -> None:
    linked = set(re.findall(r"\[(tip:\w+)\]", text(PAGES[0]).partition("## All terms")[2]))
    assert linked == {term.name for term in packaged().terms.values()}
    tree = text(PAGES[0]).partition("## Class tree")[2].partition("\n## ")[0]
    classes = [term.name for term in packaged().terms.values() if term.kind == "class"]
    assert sorted(re.findall(r"^ *- \[(tip:\w+)\]", tree, re.MULTILINE)) == sorted(classes)


def test_every_concept_is_in_the_table_of_its_list() -> None:
    found = dict(TERM.findall(text(DOCS / "ontology" / "vocabularies.md")))
    for scheme in packaged().schemes:
        names = re.findall(r"^\| `([a-z0-9-]+)` \|", found[f"vocab/{scheme.slug}"], re.MULTILINE)
        assert [iris.concept(scheme.slug, name) for name in names] == [concept.iri for concept in scheme.concepts]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_to_headings_that_exist(path: Path) -> None:
    assert dead_links(path) == []


def test_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A page\n[this](#a-page) [that](page.md#tipa) [second](#tipa-1) [none](#tipb)\n## tip:A\n## tip:a\n",
        encoding="utf-8",
    )
    assert dead_links(page) == ["#tipb"]


def test_example_queries_answer_as_pasted(store: Store) -> None:
    rows: dict[str, int] = {}
    asking = threading.Thread(target=count_rows, args=(store, rows), daemon=True)
    asking.start()
    asking.join(SECONDS)
    assert not asking.is_alive(), f"the query after that of {list(rows)[-1:]} runs on"
    assert len(rows) == len(list(queries()))
    assert sorted(name for name, count in rows.items() if count == 0) == sorted(UNUSED)


def count_rows(store: Store, rows: dict[str, int]) -> None:
    for name, query in queries():
        solutions = store.query(query)
        assert isinstance(solutions, QuerySolutions)
        rows[name] = sum(1 for _ in solutions)


def test_example_queries_have_order_and_limit_and_name_their_term() -> None:
    for name, query in queries():
        lines = query.splitlines()
        assert (lines[-2][:9], lines[-1]) == ("ORDER BY ", "LIMIT 10")
        assert (name if name.startswith("tip:") else f"/{name}>") in query


def test_term_without_data_says_so() -> None:
    said = {m["name"] for path in PAGES for m in TERM.finditer(text(path)) if "No data uses it yet" in m["body"]}
    assert said == UNUSED.keys()
