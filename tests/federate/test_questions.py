"""Federated questions against an endpoint that stands for Wikidata: rows read by hand from its facts (tests/data, whose
head says where each comes from) and from the records; faults; what is sent; the twin; what the graph itself holds."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import Store

from kg.ask.answer import Answer
from kg.ask.answer_forms import as_json, as_markdown
from kg.ask.federated import FederationError, Whom, ask_federated
from kg.ask.federated import whom as make_whom
from kg.ask.federated_questions import federated_question, names
from kg.ask.header import check_header
from kg.ask.questions import QuestionError
from kg.ask.questions import names as packaged_names
from kg.federate.allowed import Allowed, Budget
from kg.federate.rewrite import blanked
from tests.federate.conftest import StandIn, loaded
from tests.federate.test_remote import FAULTS

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "kg" / "ask" / "answer.schema.json"
DEAD = "http://127.0.0.1:1/sparql"
WD = "http://www.wikidata.org/entity/"
TESTED = [name for name in names() if not federated_question(name).tested.startswith("not tested here")]
UNTESTED = ["names_in_languages", "organization_inceptions", "organization_seats"]
LIVE_ONLY = [*UNTESTED, "organization_websites", "state_memberships", "treaty_parties_there"]
NETHERLANDS = "Netherlands", "NLD"
Ask = Callable[..., Answer]


def whom(url: str, **given: object) -> Whom:
    return Whom(url, Allowed((url,)), **given)  # type: ignore[arg-type]


@pytest.fixture
def ask(store: Store, wikidata: StandIn) -> Ask:
    """ask(name, parameters, mode=..., budget=...) of the stand-in."""

    def ask(name: str, asked: Mapping[str, str], **given: object) -> Answer:
        return ask_federated(store, name, asked, whom(wikidata.url, **{"mode": "live"} | given))

    return ask


def member_of(item: str, match: str, *organizations: str) -> list[tuple[str, ...]]:
    return [(*NETHERLANDS, WD + item, match, "member of", name) for name in organizations]


COE, ECHR = "Council of Europe", "European Convention on Human Rights"
INTERPOL, NATO = "International Criminal Police Organization", "North Atlantic Treaty Organization"
OECD, OSCE = (
    "Organization for Economic Cooperation and Development",
    "Organization for Security and Co-operation in Europe",
)
UN, UNESCO = "United Nations", "United Nations Educational, Scientific and Cultural Organization"
CEDAW = "Convention on the Elimination of All Forms of Discrimination against Women"
CBSS = "Council of the Baltic Sea States"
UDHR = "Universal Declaration of Human Rights"
IGO = "intergovernmental organization"
BANKS = ["African Development Bank", "Asian Development Bank"]
ASKED = [
    ("state_codes", {"state": "DK"}, [
        ("Denmark", "DK", "DNK", f"{WD}Q35", "DK", "DNK", "true"),
        ("Denmark", "DK", "DNK", f"{WD}Q756617", "DK", "DNK", "true"),
    ]),
    ("state_codes", {"state": "Netherlands"}, [
        ("Netherlands", "NL", "NLD", f"{WD}Q29999", "NL", "NLD", "true"),
        ("Netherlands", "NL", "NLD", f"{WD}Q55", "", "", ""),
    ]),
    ("state_codes", {"state": "NA"}, [("Namibia", "NA", "NAM", f"{WD}Q1030", "NA", "NAM", "true")]),
    # Activities in Ukraine: four of a body of OSCE, and one each of UNODC, OHCHR and UNICRI, which belong to the UN.
    ("state_memberships", {"state": "UA"}, [
        ("Ukraine", "UKR", COE, "CoE", f"{WD}Q212", 0),
        ("Ukraine", "UKR", INTERPOL, "INTERPOL", f"{WD}Q212", 0),
        ("Ukraine", "UKR", OSCE, "OSCE", f"{WD}Q212", 4),
        ("Ukraine", "UKR", UN, "UN", f"{WD}Q212", 3),
        ("Ukraine", "UKR", UNESCO, "UNESCO", f"{WD}Q212", 0),
    ]),
    ("state_memberships", {"organization": "CBSS"}, [
        (state, iso3, CBSS, "CBSS", WD + item, 0)
        for state, iso3, item in (
            ("Denmark", "DNK", "Q35"), ("Estonia", "EST", "Q191"), ("Finland", "FIN", "Q33"),
            ("Iceland", "ISL", "Q189"), ("Latvia", "LVA", "Q211"), ("Poland", "POL", "Q36"), ("Sweden", "SWE", "Q34"),
        )
    ]),
    ("split_states", {"state": "NL"}, [
        *member_of("Q55", "exactMatch", *BANKS, COE, "European Union", "International Civil Aviation Organization",
                   INTERPOL, NATO, OECD, OSCE, UNESCO),
        (*NETHERLANDS, f"{WD}Q55", "exactMatch", "name", "Netherlands"),
        (*NETHERLANDS, f"{WD}Q29999", "relatedMatch", "code", "NL"),
        *member_of("Q29999", "relatedMatch", *BANKS, "European Union", INTERPOL, UN),
        (*NETHERLANDS, f"{WD}Q29999", "relatedMatch", "name", "Kingdom of the Netherlands"),
    ]),
    # Of OSCE the reports print three addresses in each edition, the paper six others.
    ("organization_websites", {"organization": "OSCE"}, [
        (OSCE, "OSCE", f"{WD}Q81299", "https://www.osce.org/", 9, 9),
    ]),
    ("organization_websites", {"organization": "African Union"}, [
        ("African Union", "AU", f"{WD}Q7159", "https://au.int", 2, 1),
    ]),
    ("organization_ror_ids", {"organization": "UNHCR"}, [
        ("Office of the United Nations High Commissioner for Refugees", "UNHCR", f"{WD}Q132551", "0437ej039",
         "0437ej039", "true"),
    ]),
    ("organization_ror_ids", {"organization": "African Union Commission"}, [
        ("African Union Commission", "AU Commission", f"{WD}Q2362881", "01jg4aw19", "", ""),
    ]),
    ("classes", {"thing": "INTERPOL"}, [
        (INTERPOL, f"{WD}Q8475", IGO, f"{WD}Q245065", IGO),
        (INTERPOL, f"{WD}Q8475", IGO, f"{WD}Q484652", "international organization"),
        (INTERPOL, f"{WD}Q8475", IGO, f"{WD}Q732717", "law enforcement agency"),
    ]),
    ("classes", {"thing": "Denmark"}, [
        ("Denmark", f"{WD}Q35", "", f"{WD}Q6256", "country"),
        ("Denmark", f"{WD}Q35", "", f"{WD}Q3624078", "sovereign state"),
        ("Denmark", f"{WD}Q756617", "", f"{WD}Q3624078", "sovereign state"),
    ]),
    ("instruments_there", {"instrument": "UDHR"}, [(UDHR, f"{WD}Q7813", 1, UDHR, "")]),
    ("instruments_there", {}, [
        ("Charter of the United Nations", f"{WD}Q171328", 4, "Charter of the United Nations", ""),
        (CEDAW, f"{WD}Q277072", 2, CEDAW.replace("against", "Against"), "treaty"),
        (ECHR, f"{WD}Q183191", 3, ECHR, ""),
        (UDHR, f"{WD}Q7813", 1, UDHR, ""),
    ]),
    ("treaty_parties_there", {"instrument": "CEDAW", "state": "Fiji"}, [
        ("Fiji", "FJI", "cedaw", 1995, "",
         "crc-opac 2005; crc-opsc 2005; ilo-c029 1974; ilo-c105 1974; ilo-c182 2002; palermo-protocol 2017"),
    ]),
    ("treaty_parties_there", {"state": "NL"}, [
        (*NETHERLANDS, "cedaw", 1991, "", "crc-opac 2009; crc-opsc 2005; ilo-c029 1933; ilo-c105 1959; ilo-c182 2002; "
         "ilo-p029 2017; palermo-protocol 2005"),
    ]),
    ("treaty_parties_there", {"instrument": "UDHR"}, []),
    ("things_without_item", {"thing": "CTED"}, [
        ("Counter-Terrorism Committee Executive Directorate", "organization", "", ""),
    ]),
    ("things_without_item", {"thing": "A/71/223"}, [
        ("Report of the Secretary-General, trafficking in women and girls", "instrument", "A/71/223", ""),
    ]),
    ("things_without_item", {"thing": "UNHCR"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "asked", "rows"), ASKED, ids=lambda value: str(value)[:50])
def test_question_gives_the_rows_of_the_sample(
    name: str, asked: dict[str, str], rows: list[tuple[object, ...]], ask: Ask
) -> None:
    assert list(ask(name, asked).rows) == rows


def test_every_tested_question_is_asked_with_two_sets_of_parameters() -> None:
    times = {name: sum(asked == name for asked, _, _ in ASKED) for name in TESTED}
    assert {name: n for name, n in times.items() if n < 2} == {"split_states": 1}, (
        "the other state has a test of its own"
    )
    assert [name for name in names() if name not in TESTED] == UNTESTED


def test_second_item_of_denmark_has_a_name_and_a_code_only(ask: Ask) -> None:
    rows = [row[2:] for row in ask("split_states", {"state": "DK"}).rows if row[3] == "relatedMatch"]
    assert rows == [
        (f"{WD}Q756617", "relatedMatch", "code", "DK"),
        (f"{WD}Q756617", "relatedMatch", "name", "Kingdom of Denmark"),
    ]


# All rows of a question, counted in the text of the sample.
COUNTED = [("treaty_parties_there", 43), ("organization_websites", 39), ("state_codes", 92), ("instruments_there", 4)]


@pytest.mark.parametrize(("name", "count"), COUNTED)
def test_question_without_parameters_gives_all_rows(name: str, count: int, ask: Ask) -> None:
    assert len(ask(name, {}).rows) == count


def test_all_ratifications_of_the_sample_are_found(ask: Ask) -> None:
    """Each ratification of CEDAW in the sample is by a state of the graph; its year is that of its statement."""
    text = (ROOT / "tests" / "data" / "wikidata_sample.ttl").read_text(encoding="utf-8")
    there = re.findall(r'^wds:Q277072-sample-P6193-\w+ a [^.]*?pq:P585 "(\d{4})-', text, re.MULTILINE)
    assert sorted(row[3] for row in ask("treaty_parties_there", {}).rows) == sorted(map(int, there))


def test_things_without_item_are_those_that_no_table_pairs(ask: Ask, store: Store) -> None:
    paired = re.compile(r"^(?:organization|instrument|state):(\S+)\t[^\t]*\tskos:exactMatch\twd:", re.MULTILINE)
    tables = (ROOT / "mappings" / "alignments").glob("*.sssom.tsv")
    known = {slug for table in tables for slug in paired.findall(table.read_text(encoding="utf-8"))}
    query = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX tip: <https://w3id.org/tipkg/ontology#>
      SELECT ?label ?slug { VALUES ?c { tip:State tip:Organization tip:Instrument tip:Programme }
      ?x a ?c ; skos:prefLabel ?label ; skos:notation ?slug }"""
    listed = {row[0] for row in ask("things_without_item", {}).rows}
    assert listed == {label.value for label, slug in store.query(query) if slug.value not in known}  # type: ignore


INVENTED = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX wd: <{WD}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
wd:Q81299 wdt:P159 wd:Q1 ; wdt:P571 "1901-02-03T00:00:00Z"^^xsd:dateTime ; rdfs:label "nom"@fr, "name"@de .
wd:Q1 rdfs:label "somewhere"@en, "irgendwo"@de .
wd:Q2 wdt:P3069 "A/71/223" .
"""
SHAPES = [
    ("organization_seats", {"organization": "OSCE"}, [(OSCE, "OSCE", f"{WD}Q81299", "somewhere")]),
    ("organization_inceptions", {"organization": "OSCE"},
     [(OSCE, "OSCE", f"{WD}Q81299", "1901-02-03T00:00:00Z", "2013")]),
    ("names_in_languages", {"thing": "OSCE"}, [(OSCE, f"{WD}Q81299", "fr", "nom")]),
    ("things_without_item", {"thing": "A/71/223"},
     [("Report of the Secretary-General, trafficking in women and girls", "instrument", "A/71/223", f"{WD}Q2")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "asked", "rows"), SHAPES, ids=lambda value: str(value)[:30])
def test_question_that_lacks_evidence_reads_invented_facts(
    name: str, asked: dict[str, str], rows: list[tuple[object, ...]], ask: Ask, wikidata: StandIn
) -> None:
    wikidata.store = loaded(INVENTED)
    assert list(ask(name, asked).rows) == rows


@pytest.mark.parametrize("name", names())
def test_requests_are_as_few_as_the_values_allow(name: str, ask: Ask, wikidata: StandIn) -> None:
    answer = ask(name, {})
    assert [one.requests for one in answer.receipts] == [math.ceil(one.values / 500) for one in answer.receipts]
    assert sum(one.requests for one in answer.receipts) == len(wikidata.queries)
    assert {one.endpoint for one in answer.receipts} == {wikidata.url}
    assert (answer.used, answer.notes) == ("live", (f"tested: {federated_question(name).tested}",))


@pytest.mark.parametrize(("fault", "status", "detail"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_fault_leads_to_the_twin_or_to_what_the_graph_holds(
    fault: object, status: int, detail: str, ask: Ask, wikidata: StandIn
) -> None:
    wikidata.faults = [fault]  # type: ignore[list-item]
    # Only who never answers in time has to be waited for; a busy machine is slow with the others too.
    budget = Budget(seconds=0.5 if status == 504 else 20)
    answer = ask("split_states", {"state": "NL"}, mode="auto", budget=budget)
    assert answer.used == "twin"
    assert f"not reachable ({wikidata.url} {detail}" in answer.notes[0]
    wikidata.faults = [fault]  # type: ignore[list-item]
    with pytest.raises(FederationError, match="needs Wikidata live; not reachable") as caught:
        ask("organization_websites", {"organization": "OSCE"}, mode="auto", budget=budget)
    assert (caught.value.status, caught.value.rows) == (status, ((OSCE, "OSCE", f"{WD}Q81299", 9),))


def test_live_means_no_twin(store: Store) -> None:
    with pytest.raises(FederationError, match=r"not reachable \(http://127.0.0.1:1/sparql cannot be asked") as caught:
        ask_federated(store, "split_states", {}, whom(DEAD, mode="live"))
    assert caught.value.columns == ("state", "iso3", "item", "match")
    assert [row[2].removeprefix(WD) for row in caught.value.rows] == ["Q35", "Q756617", "Q55", "Q29999"]  # type: ignore


def test_offline_asks_nobody(ask: Ask, wikidata: StandIn) -> None:
    answer = ask("split_states", {"state": "NL"}, mode="offline")
    assert (answer.used, wikidata.queries, [one.requests for one in answer.receipts]) == ("twin", [], [0])
    assert answer.rows == (
        (*NETHERLANDS, f"{WD}Q55", "exactMatch", "name", "Netherlands"),
        (*NETHERLANDS, f"{WD}Q29999", "relatedMatch", "code", "NL"),
        (*NETHERLANDS, f"{WD}Q29999", "relatedMatch", "name", "Kingdom of the Netherlands"),
    )
    assert answer.notes[:2] == (
        "from the offline twin, Wikidata was not asked (offline)",
        "the twin holds: Names and codes as the table has them; no memberships.",
    )


@pytest.mark.parametrize("name", names())
def test_question_works_offline_or_says_what_the_graph_holds(name: str, ask: Ask) -> None:
    if name not in LIVE_ONLY:
        assert ask(name, {}, mode="offline").rows
        return
    with pytest.raises(FederationError, match=r"needs Wikidata live; not asked \(offline\); what the graph") as caught:
        ask(name, {}, mode="offline")
    assert (caught.value.columns, caught.value.status) == (federated_question(name).here, 422)
    assert len(caught.value.rows) >= 49


def test_twin_says_of_codes_what_its_evidence_says(ask: Ask) -> None:
    rows = ask("state_codes", {}, mode="offline").rows
    assert [row[0] for row in rows if row[4] == ""] == ["Namibia", "Netherlands"]
    assert {row[5:] for row in rows} == {("", "true"), ("", "")}


def test_endpoint_off_the_list_is_not_asked(store: Store, wikidata: StandIn) -> None:
    off = Whom(wikidata.url, Allowed((DEAD,)))
    answer = ask_federated(store, "split_states", {}, off)
    why = f"not asked ({wikidata.url} is not on the list of endpoints)"
    assert (answer.used, answer.notes[0]) == ("twin", f"from the offline twin, Wikidata was {why}")
    for name, mode in (("split_states", "live"), ("organization_websites", "auto")):
        with pytest.raises(FederationError, match=re.escape(f"{name} needs Wikidata live; {why}; what")) as caught:
            ask_federated(store, name, {}, replace(off, mode=mode))  # type: ignore[arg-type]
        assert (caught.value.status, wikidata.queries) == (403, [])


def test_answer_says_what_every_answer_says(ask: Ask) -> None:
    answer = ask("state_codes", {"state": "NL"}, mode="offline")
    assert [one.label for one in answer.asked] == ["Netherlands"]
    assert [row.iris[0] for row in answer.rows_found] == ["https://w3id.org/tipkg/id/state/NLD"] * 2
    assert [one.id for one in answer.sources] == ["icat-2018", "tip-2017", "tip-2018", "tip-2020"]
    told = json.loads(as_json(answer))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(told)
    assert (told["used"], told["receipts"][0]["requests"]) == ("twin", 0)


def test_empty_answer_says_who_has_nothing(ask: Ask) -> None:
    answer = ask("split_states", {"state": "FJ"}, mode="offline")
    assert (answer.rows, answer.not_stated_by) == ((), ())
    assert answer.explanation == "nothing was found there that fits the rows of the graph"
    markdown = as_markdown(answer)
    assert "None stated: nothing was found there" in markdown
    assert "\n- used: twin\n" in markdown
    assert "Not stated by" not in markdown


@pytest.mark.parametrize(
    ("given", "message"),
    [({"endpoint": "ftp://x/"}, "is no address of an endpoint"), ({"mode": "twin"}, "mode is auto, live or offline")],
)
def test_whom_to_ask_is_checked(given: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_whom(**given)


def test_question_over_its_budget_is_refused_and_no_twin_helps(ask: Ask) -> None:
    with pytest.raises(FederationError, match="more rows than the 5 that are left") as caught:
        ask("treaty_parties_there", {}, mode="auto", budget=Budget(rows=5))
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("state_code", {}, r"no federated question is called 'state_code' \(nearest: state_codes"),
        ("state_codes", {"country": "NL"}, r"has no parameter 'country' \(it takes: state\)"),
        ("state_codes", {"state": "Atlantis"}, "no state is called 'Atlantis'"),
    ],
)
def test_bad_input_is_told_before_anybody_is_asked(
    name: str, asked: dict[str, str], message: str, ask: Ask, wikidata: StandIn
) -> None:
    with pytest.raises(QuestionError, match=message):
        ask(name, asked)
    assert wikidata.queries == []


@pytest.mark.parametrize("name", names())
def test_header_is_as_the_schema_wants_it_and_fits_the_query(name: str) -> None:
    text = (ROOT / "queries" / "federated" / f"{name}.rq").read_text(encoding="utf-8")
    check_header(name, text)
    found = federated_question(name).question
    variables = [variable.value for variable in Store().query(blanked(text)).variables]  # type: ignore[union-attr]
    bound = {parameter.variable for parameter in found.parameters}
    assert tuple(variables[: len(found.columns)]) == found.column_names
    assert set(variables[len(found.columns) :]) == bound
    assert set(found.evidence_elsewhere) <= set(packaged_names())
    assert "SERVICE <https://query.wikidata.org/sparql>" in text


@pytest.mark.parametrize("name", names())
def test_examples_can_be_asked(name: str, ask: Ask) -> None:
    for example in federated_question(name).question.examples:
        assert ask(name, example.parameters).rows or name in UNTESTED
