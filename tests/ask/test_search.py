"""Search: what people type and what they mean, worked out by hand from the texts, ISO 3166-1 and pycountry."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.ask.search import HOW, KINDS, Hit, Search, SearchError
from kg.graph.search_index import FILE

BASE = "https://w3id.org/tipkg/"
TIP = f"{BASE}ontology#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALSO = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
TABLE = (Path(__file__).parent / "searches.tsv").read_text(encoding="utf-8")
SEARCHES = [line.split("\t") for line in TABLE.rstrip("\n").split("\n")[1:] if not line.startswith("#")]


@pytest.fixture(scope="module")
def search(built: Path) -> Search:
    return Search.open(built)


def paths(hits: list[Hit]) -> list[str]:
    return [hit.iri.removeprefix(BASE) for hit in hits]


def states(*names: tuple[str, str]) -> Search:
    """A graph of states alone, each with one name."""
    store = Store()
    for code, name in names:
        state = NamedNode(f"{BASE}id/state/{code}")
        store.add(Quad(state, TYPE, NamedNode(f"{TIP}State")))
        store.add(Quad(state, LABEL, Literal(name, language="en")))
    return Search.of(store)


@pytest.mark.parametrize(("text", "kind", "how", "first"), SEARCHES)
def test_search_finds_what_is_meant(search: Search, text: str, kind: str, how: str, first: str) -> None:
    meant = [] if first == "-" else first.split()
    hits = search.find(text, kind or None)
    assert sorted(paths(hits[: max(1, len(meant))])) == sorted(meant)
    assert {hit.how for hit in hits[: len(meant)]} == ({how} if meant else set())


def test_table_of_searches_has_every_kind_and_way_but_the_last() -> None:
    assert len(SEARCHES) >= 60
    assert {how for _, _, how, _ in SEARCHES} == {*HOW, "-"} - {"text", "near"}


@pytest.mark.parametrize("code", ["GIN", "LAO", "KOR", "COD", "IRN", "TUR", "NLD", "RUS", "SYR", "USA"])
def test_every_name_of_iso_finds_its_state(search: Search, code: str) -> None:
    country = pycountry.countries.get(alpha_3=code)
    names = {country.alpha_2, country.alpha_3, country.name}
    names |= {getattr(country, key) for key in ("common_name", "official_name") if hasattr(country, key)}
    found = {name: paths(search.find(name, "state", limit=1)) for name in names}
    assert found == {name: [f"id/state/{code}"] for name in names}


@pytest.mark.parametrize("text", ["Côte d'Ivoire", "Cote d’Ivoire", "COTE DIVOIRE", "côte-d-ivoire"])
def test_accents_apostrophes_and_hyphens_do_not_count(text: str) -> None:
    (hit,) = states(("CIV", "Côte d’Ivoire"), ("GIN", "Guinea")).find(text)
    assert (hit.label, hit.how) == ("Côte d’Ivoire", "exact")


@pytest.mark.parametrize("text", ["Cote d'Ivorie", "Cote d'Ivore", "Cote d'Ivoiree"])
def test_letters_swapped_left_out_or_doubled_are_a_misprint(text: str) -> None:
    (hit,) = states(("CIV", "Côte d’Ivoire"), ("GIN", "Guinea")).find(text)
    assert (hit.label, hit.matched, hit.how) == ("Côte d’Ivoire", "Côte d’Ivoire", "misprint")


def test_codes_and_names_of_three_letters_have_no_misprints(search: Search) -> None:
    assert search.find("GIM", "state") == []
    assert search.find("ILP", "organization") == []


def test_only_the_nearest_misprint_is_meant() -> None:
    hits = states(("AAA", "Commission"), ("BBB", "Mission")).find("Comission")
    assert [(hit.label, hit.how) for hit in hits] == [("Commission", "misprint")]


def test_misprints_are_looked_for_only_where_there_is_nothing_else() -> None:
    names = states(("AAA", "Malopolska"), ("BBB", "Mali"))
    assert [(hit.label, hit.how) for hit in names.find("Malo")] == [("Malopolska", "prefix")]
    assert [(hit.label, hit.how) for hit in names.find("Malu")] == [("Mali", "misprint")]


def test_words_of_a_slug_are_no_names(search: Search) -> None:
    slug = "asean-plan-of-action-against-trafficking-in-persons-especially-women-942ab878"
    assert paths(search.find(slug)) == [f"id/instrument/{slug}"]
    assert search.find("942ab878") == []


def test_hit_tells_kind_name_and_what_it_is(search: Search) -> None:
    (hit,) = search.find("C189", "instrument", limit=1)
    assert (hit.kind, hit.label) == ("instrument", "Domestic Workers Convention, 2011 (No. 189)")
    assert (hit.matched, hit.how, hit.about) == ("C189", "alias", "ILO convention, treaty")


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("GRETA", "expert group, treaty body; part of Council of Europe"),
        ("Guinea", "state, GN, GIN"),
        ("source/tip-2017", "Trafficking in Persons Report 2017: international conventions, peacekeeping,"),
        ("first meeting of ICAT 2006", "held, Inter-Agency Coordination Group against Trafficking in Persons"),
        ("forced labour", "A theme that concerns work exacted under a menace and not offered freely."),
    ],
)
def test_hit_is_described_in_one_line(search: Search, text: str, about: str) -> None:
    assert search.find(text)[0].about.startswith(about)


def test_number_of_statements_is_that_of_those_about_the_thing(search: Search, store: Store) -> None:
    state = NamedNode(f"{BASE}id/state/GIN")
    about = {quad.subject for quad in store.quads_for_pattern(None, NamedNode(f"{TIP}concerns"), state)}
    assert search.find("GIN", "state")[0].statements == len(about) > 0


def test_equally_good_hits_come_by_statements_then_by_label(search: Search) -> None:
    hits = [hit for hit in search.find("UN", limit=100) if hit.how == "prefix"]
    assert hits == sorted(hits, key=lambda hit: (-hit.statements, hit.label, hit.iri))
    assert len(hits) > 10


def test_ways_of_matching_come_in_their_order(search: Search) -> None:
    ranks = [HOW.index(hit.how) for hit in search.find("forced labour", limit=100)]
    assert ranks == sorted(ranks)
    assert {HOW[rank] for rank in ranks} >= {"exact", "prefix", "words"}


def test_what_two_names_say_together_is_told_with_both(search: Search) -> None:
    (hit,) = search.find("Laos PDR")
    assert hit.matched == "Laos, Lao PDR"


def test_question_is_found_by_the_words_of_its_description(search: Search) -> None:
    (hit,) = search.find("kept beside printed, repaired", "question")
    assert (hit.iri, hit.how) == (f"{BASE}question/data_findings", "text")


def test_organization_means_bodies_too_and_body_does_not_mean_organizations(search: Search) -> None:
    assert paths(search.find("GRETA", "organization", 1)) == ["id/body/greta"]
    assert paths(search.find("ILO", "body", 1)) != ["id/organization/ilo"]


def test_lookup_gives_only_what_is_called_exactly_so(search: Search) -> None:
    assert paths(search.lookup("AU", "thing")) == ["id/organization/african-union", "id/state/AUS"]
    assert paths(search.lookup("AU", "state")) == ["id/state/AUS"]
    assert paths(search.lookup("id/state/GIN", "state")) == ["id/state/GIN"]
    assert search.lookup("id/state/GIN", "organization") == []
    assert search.lookup("Palermo Protocl", "instrument") == []


def test_lookup_tells_names_from_aliases_and_printed_names(search: Search) -> None:
    hits = search.lookup("SDGs", "instrument")
    assert [(hit.how, hit.iri.rpartition("/")[2][:11]) for hit in hits] == [
        ("exact", "sustainable"),
        ("printed", "un-sustaina"),
    ]


def test_nearest_are_names_that_look_alike(search: Search) -> None:
    assert search.nearest("UNSCR 2332", "instrument")[0].matched == "UNSCR 2331"
    assert search.nearest("Guinee", "state")[0].label == "Guinea"
    assert {hit.how for hit in search.nearest("Guinee", "state")} == {"near"}
    assert search.nearest("zzz") == []


def test_limit_is_kept(search: Search) -> None:
    assert len(search.find("UN", limit=3)) == 3
    assert search.find("UN", limit=3) == search.find("UN", limit=100)[:3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "'' has no letter or digit to search for"),
        ((" \t\n",), "has no letter or digit"),
        (('"*()-',), "has no letter or digit"),
        (("ILO\ud800",), "no text of Unicode (character 4 is half of one)"),
        (("x" * 201,), "a search has at most 200 characters, this one has 201"),
        (("ILO", "people"), "no kind is called 'people'; kinds: body, concept, event"),
        (("ILO", None, 0), "a limit is a number from 1 to 100, not 0"),
        (("ILO", None, 101), "a limit is a number from 1 to 100, not 101"),
    ],
)
def test_bad_search_is_refused_in_words(search: Search, arguments: tuple[str, ...], message: str) -> None:
    for ask in (search.find, search.nearest):
        with pytest.raises(SearchError, match=r".") as error:
            ask(*arguments)
        assert message in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        'ILO" OR "a', "ILO OR UNODC", "ILO NOT ILO", "NEAR(ILO UNODC)", "names:ILO", "{names more}: ILO", "^ILO", "I*",
        "-ILO", "ILO'; DROP TABLE names; --", "ILO\0UNODC", "%", "_", "ILO AND", '"', "more : x", "(ILO", "ILO + UN",
    ],
)  # fmt: skip
def test_operators_are_words_like_others(search: Search, text: str) -> None:
    plain = "".join(one if one.isalnum() else " " for one in text).lower()
    if plain.strip():
        assert {*paths(search.find(text, limit=100))} <= {*paths(search.find(plain, limit=100))}
    assert paths(search.find("ILO", limit=1)) == ["id/organization/ilo"]


ALPHABET = st.one_of(
    st.characters(), st.sampled_from("\"'*()^:{}-+&./ 0aé’"), st.sampled_from([" OR ", " NEAR(", " AND "])
)


@settings(max_examples=150, deadline=None)
@given(
    text=st.lists(ALPHABET, max_size=40).map("".join),
    kind=st.sampled_from([None, *sorted(KINDS)]),
    limit=st.integers(min_value=-1, max_value=101),
)
def test_any_text_is_answered_or_refused(search: Search, text: str, kind: str | None, limit: int) -> None:
    for ask in (search.find, search.nearest):
        try:
            hits = ask(text, kind, limit)
        except SearchError:
            continue
        assert len(hits) <= limit
        assert {hit.kind for hit in hits} <= set(KINDS[kind] if kind else sum(KINDS.values(), ()))


@pytest.mark.parametrize(
    "text", ["a b " * 50, "a-b " * 50, "t" * 200, "u.n." * 50, "'a" * 100, "the " * 50, "isation " * 25]
)
def test_longest_texts_are_answered(search: Search, text: str) -> None:
    assert len(search.find(text)) <= 10
    assert len(search.nearest(text)) <= 3


def test_folder_of_an_older_release_is_searched_all_the_same(built: Path, search: Search, tmp_path: Path) -> None:
    folder = shutil.copytree(built, tmp_path / "older", ignore=shutil.ignore_patterns("*.ttl*", "*.nq*", "*.trig*"))
    (folder / FILE).unlink()
    assert Search.open(folder).find("Palermo Protocl") == search.find("Palermo Protocl")
    assert not (folder / FILE).exists()


def test_index_of_another_layout_is_not_read(built: Path, search: Search, tmp_path: Path) -> None:
    folder = shutil.copytree(built, tmp_path / "newer", ignore=shutil.ignore_patterns("*.ttl*", "*.nq*", "*.trig*"))
    (folder / FILE).unlink()
    sqlite3.connect(folder / FILE).execute("PRAGMA user_version = 99")
    assert Search.open(folder).find("ILO") == search.find("ILO")


def test_damaged_index_is_an_error_that_says_what_to_do(built: Path, tmp_path: Path) -> None:
    shutil.copyfile(built / "manifest.json", tmp_path / "manifest.json")
    (tmp_path / FILE).write_bytes(b"SQLite format 3\0" + b"no" * 2000)
    with pytest.raises(SearchError, match=r"search\.sqlite: .* build it again: tipkg build --out "):
        Search.open(tmp_path)


def test_folder_without_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no tipkg store there"):
        Search.open(tmp_path)


def test_index_is_only_read_and_needs_no_right_to_write(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    for name in ("manifest.json", FILE):
        shutil.copyfile(built / name, folder / name)
    # A file in WAL mode (bytes 18 and 19 of the header): opened otherwise than as immutable it gets files beside it.
    whole = bytearray((folder / FILE).read_bytes())
    whole[18:20] = b"\2\2"
    (folder / FILE).write_bytes(whole)
    before = (folder / FILE).read_bytes()
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    try:
        assert paths(Search.open(folder).find("ILO", limit=1)) == ["id/organization/ilo"]
        assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", FILE]
        assert (folder / FILE).read_bytes() == before
    finally:
        folder.chmod(0o755)


def test_threads_may_share_a_search(search: Search) -> None:
    texts = ["ILO", "Palermo Protocl", "forced labour", "zzz"] * 8
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(search.find, texts)) == [search.find(text) for text in texts]


@pytest.mark.parametrize(
    ("kind", "value", "first"),
    [
        ("organization", "ILOO", "id/organization/ilo"),
        ("organization", "https://w3id.org/tipkg/id/organization/iloo", "id/organization/ilo"),
        ("state", "Kirgizstan", "id/state/KGZ"),
        ("instrument", "Palermo Protocl", "id/instrument/palermo-protocol"),
    ],
)
def test_candidates_are_what_a_value_may_mean(search: Search, kind: str, value: str, first: str) -> None:
    assert search.candidates(kind, value)[0].iri == f"https://w3id.org/tipkg/{first}"


@pytest.mark.parametrize("value", ["", "—", "\ud800", "zzzzzzzz"])
def test_value_like_nothing_has_no_candidates(search: Search, value: str) -> None:
    assert search.candidates("region", value) == []
