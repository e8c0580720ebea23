"""The digest of the schema: what the graph counts of itself, in few words; counts are those of a query of its own."""

import pytest
from pyoxigraph import Store

from kg.ask import digest_forms as forms
from kg.ask.digest import ClassDigest, Digest, Range, Use, digest
from kg.ask.honesty import RULES

TIP = "https://w3id.org/tipkg/ontology#"
SAMPLE = forms.Sample("icat_members", "Who are the members?", "SELECT * { }")


@pytest.fixture(scope="module")
def whole(store: Store) -> Digest:
    return digest(store)


def of(whole: Digest, name: str) -> ClassDigest:
    (found,) = (one for one in whole.classes if one.name == name)
    return found


def counted(store: Store, query: str) -> int:
    (row,) = store.query(f"PREFIX tip: <{TIP}> SELECT (COUNT(DISTINCT ?it) AS ?n) {{ {query} }}")  # type: ignore[misc]
    return int(row[0].value)  # type: ignore[union-attr]


def test_class_has_what_the_ontology_says_and_how_many_there_are(whole: Digest, store: Store) -> None:
    found = of(whole, "tip:NonParty")
    assert (found.iri, found.parents) == (f"{TIP}NonParty", ("tip:TreatyStatus",))
    assert found.things == counted(store, "?it a tip:NonParty")
    assert found.definition.startswith("A treaty status whose cell has a dash")


def test_property_tells_how_many_have_it_and_to_what_it_leads(whole: Digest, store: Store) -> None:
    (use,) = (one for one in of(whole, "tip:Ratification").uses if one.name == "tip:party")
    count = counted(store, "?it a tip:Ratification ; tip:party ?state")
    assert use == Use("tip:party", "party", count, count, (Range("tip:State", count),))


def test_classes_of_ours_come_first_and_those_of_owl_not_at_all(whole: Digest) -> None:
    names = [one.name for one in whole.classes]
    ours = [name for name in names if name.startswith("tip:")]
    assert names[: len(ours)] == sorted(ours)
    assert [name for name in names if name.startswith("owl:")] == []


def test_example_of_a_class_is_one_of_its_things(whole: Digest, store: Store) -> None:
    for one in whole.classes:
        assert store.query(f"ASK {{ <{one.example}> a <{one.iri}> }}"), one.name


def test_query_of_each_class_of_ours_has_rows(whole: Digest, store: Store) -> None:
    for one in whole.classes:
        if one.name.startswith("tip:"):
            assert next(iter(store.query(one.query)), None) is not None, one.name  # type: ignore[arg-type]


def test_prefixes_are_those_of_the_names_in_it(whole: Digest) -> None:
    used = {name.partition(":")[0] for one in whole.classes for name in (one.name, *(use.name for use in one.uses))}
    assert used <= whole.prefixes.keys()
    assert whole.prefixes["tip"] == TIP


def test_graph_without_a_description_of_itself_has_no_classes() -> None:
    assert digest(Store()).classes == ()


def test_llms_txt_has_the_form_of_llmstxt_org(whole: Digest) -> None:
    """H1, a quotation, no heading before the first H2, and lists of links below each H2."""
    text = forms.llms_txt(whole, [SAMPLE], "http://host/")
    first, *sections = text.split("\n## ")
    assert first.startswith(f"# {whole.title}\n\n> {whole.description}\n")
    assert "\n#" not in first
    lines = [line for section in sections for line in section.split("\n")[1:] if line]
    assert all(line.startswith("- [") and "](" in line for line in lines)


def test_llms_txt_links_questions_and_classes_on_the_server(whole: Digest) -> None:
    text = forms.llms_txt(whole, [SAMPLE], "http://host/")
    assert "- [icat_members](http://host/question/icat_members): Who are the members?\n" in text
    assert "- [tip:State](http://host/ontology?term=State): " in text
    assert "- [prov:Entity](http://www.w3.org/ns/prov#Entity): " in text


def test_markdown_and_json_hold_every_class_and_the_rules(whole: Digest) -> None:
    text, value = forms.markdown(whole, [SAMPLE]), forms.json_value(whole, [SAMPLE])
    assert [one["name"] for one in value["classes"]] == [one.name for one in whole.classes]
    assert all(f"\n### {one.name}\n" in text for one in whole.classes)
    assert value["rules"] == list(RULES)
    assert all(f"- {rule}\n" in text for rule in RULES)


def test_overview_has_one_line_for_each_class(whole: Digest) -> None:
    assert len(forms.overview(whole).rstrip("\n").split("\n")) == len(whole.classes)
