"""The shared tables of names, against the spellings of the texts and ISO 3166-1."""

from collections import defaultdict
from typing import Any

import pycountry
import pytest

from kg.mappings import names
from kg.read.lookup import fold_name

TABLES = ("organizations", "instruments", "states", "programmes", "regions")
FIELDS = {
    "organizations": {"label", "abbreviation", "names", "entity", "classes", "part_of", "row"},
    "instruments": {"label", "abbreviation", "names", "code", "symbol", "classes"},
    "states": {"label", "names", "alpha2"},
    "programmes": {"label", "abbreviation", "names", "classes", "phase_of"},
    "regions": {"label"},
}
CLASSES = {
    "organizations": "board committee consultative-process coordination-group court expert-group field-mission "
    "intergovernmental-organization ministry ngo police post regional-body secretariat social-partner "
    "specialized-agency task-force treaty-body un-entity un-organ unit working-group",
    "instruments": "agreement case declaration eu-directive guidelines handbook ilo-convention ilo-recommendation "
    "plan-of-action principles protocol publication recommendation report standard strategy study treaty "
    "un-document un-resolution",
    "programmes": "alliance campaign conference-series database fund initiative joint-programme mechanism network "
    "operation partnership portal programme-phase project system tool training-course",
}
# The members of ICAT that its list prints with an abbreviation; the World Bank has none.
ICAT = [
    *("CoE", "CTED", "DPA", "DPKO", "ICAO", "ICMPD", "INTERPOL", "ILO", "IOM", "OHCHR", "OGPRtoP", "OSRSG-SVC"),
    *("OSCE", "UNAIDS", "UNDP", "UNESCO", "UNFPA", "UNHCR", "UNICEF", "UNICRI", "UNODC", "UN Women"),
]


@pytest.mark.parametrize("table", TABLES)
def test_table_has_known_fields_only(table: str) -> None:
    assert {field for entry in names.table(table).values() for field in entry} == FIELDS[table]


@pytest.mark.parametrize("table", ["organizations", "instruments", "programmes"])
def test_table_gives_every_entry_a_label_and_a_class_of_the_closed_list(table: str) -> None:
    entries = names.table(table)
    assert [key for key, entry in entries.items() if not (entry["label"] and entry["classes"])] == []
    assert {kind for entry in entries.values() for kind in entry["classes"]} == set(CLASSES[table].split())


@pytest.mark.parametrize("table", TABLES)
def test_table_has_no_name_that_two_entries_share(table: str) -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, entry in names.table(table).items():
        for name in names.spellings(entry):
            owners[entry.get("row", ""), fold_name(name)].add(key)
    assert {name: keys for name, keys in owners.items() if len(keys) > 1} == {}


def test_programmes_and_organizations_have_no_key_in_common() -> None:
    assert names.table("programmes").keys() & names.table("organizations").keys() == set()


def test_organizations_are_parts_of_known_ones_and_never_of_themselves() -> None:
    entries = names.table("organizations")
    for key, entry in entries.items():
        above = [key]
        while part_of := entries[above[-1]].get("part_of"):
            assert part_of in entries, f"{above[-1]} is part of an unknown {part_of}"
            assert part_of not in above, f"{key} is part of itself"
            above.append(part_of)
        assert entry.get("row", key) in entries


def test_organizations_are_bodies_only_if_part_of_something() -> None:
    """But for the bodies of a programme (Alliance 8.7) and of states, which are parts of no organization."""
    bodies = {key for key, entry in names.table("organizations").items() if entry.get("entity")}
    assert {names.kind_of_organization(key) for key in bodies} == {"body"}
    assert {key for key in bodies if not names.table("organizations")[key].get("part_of")} == {
        "alliance-8-7-governing-body",
        "alliance-8-7-rule-of-law",
        "montenegro-coordinator",
        "poi-pet-governor",
        "see-national-coordinators",
    }


@pytest.mark.parametrize(("part", "whole"), [("ilo", "un"), ("greta", "council-of-europe"), ("ida", "world-bank")])
def test_organization_is_part_of(part: str, whole: str) -> None:
    assert names.table("organizations")[part]["part_of"] == whole


@pytest.mark.parametrize("key", ["eccas", "iom", "osce", "icat"])
def test_organization_is_part_of_nothing(key: str) -> None:
    assert "part_of" not in names.table("organizations")[key]


@pytest.mark.parametrize("abbreviation", ICAT)
def test_icat_member_is_an_organization_of_its_own(abbreviation: str) -> None:
    key = names.organization(abbreviation)
    assert key is not None
    assert names.kind_of_organization(key) == "organization"
    assert names.table("organizations")[key]["abbreviation"] == abbreviation


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("UNITED NATIONS", "un"),
        ("COE", "council-of-europe"),
        ("United Nations Office of the High Commissioner on Human Rights", "ohchr"),
        ("International Police Cooperation Organization", "interpol"),
        ("ICPO – Interpol", "interpol"),
        ("United Nations Department of Public Affairs", "dpa"),
        ("United Nations Department for Peacekeeping Operations", "dpko"),
        ("United Nations Joint Programme on HIV/AIDS", "unaids"),
        ("United Nations Children’s Fund", "unicef"),
        ("UN WOMEN", "un-women"),
        ("The World Bank", "world-bank"),
        ("European Police Office", "europol"),
        ("Organization for Security and Cooperation in Europe", "osce"),
        ("Organization for Economic Co-operation and Development", "oecd"),
        ("Organization for Economic Cooperation and Development", "oecd"),
        ("Council of Europe’s Group of Experts on Action against Trafficking in Human Beings", "greta"),
        ("EU/Horn of Africa Migration Route Initiative", "khartoum-process"),
        (
            "Bali Regional Ministerial Conference On People Smuggling, Trafficking In Persons "
            "And Related Transnational Crime",
            "bali-process",
        ),
        ("OSCE Alliance against Trafficking in Persons", None),
        ("Commission", None),
    ],
)
def test_organization_is_found_as_printed(printed: str, key: str | None) -> None:
    assert names.organization(printed) == key


@pytest.mark.parametrize(
    ("row", "printed", "key"),
    [
        ("un", "Special Rapporteur on Trafficking in Persons, Especially Women and Children", "un-sr-trafficking"),
        ("un", "UN Special Rapporteur on Trafficking in Persons, Especially Women and Children", "un-sr-trafficking"),
        ("un", "Special Rapporteur on Contemporary Forms of Slavery", "un-sr-slavery"),
        (
            "un",
            "Special Rapporteur on the Sale of Children, Child Prostitution, and Child Pornography",
            "un-sr-sale-of-children",
        ),
        ("un", "The Inter-agency Coordination Group against Trafficking in Persons", "icat"),
        ("asean", "ASEAN Senior Officials Meeting on Transnational Crime", "asean-somtc"),
        ("bali-process", "Bali Process Working Group on Trafficking in Persons", "bali-process-working-group"),
        ("commit", "United Nations Action for Cooperation against Trafficking in Persons", "un-act"),
        ("commit", "Regional COMMIT Task Force", "commit-task-force"),
        ("commit", "Special Representative and Coordinator for Trafficking in Human Beings", "osr-cthb"),
        ("cbss", "Task Force Against Trafficking in Human Beings", "tf-thb"),
        ("cbss", "Expert Group on Children at Risk", "egcc"),
        ("council-of-europe", "GRETA", "greta"),
        ("ecowas", "Anti-Trafficking Unit", "ecowas-anti-trafficking-unit"),
        ("eu", "European Union Anti-Trafficking Coordinator", "eu-atc"),
        ("oas", "Coordinator Against Trafficking in Persons", "oas-coordinator"),
        (
            "oas",
            "Department of Public Security and Department against Transnational Organized Crime",
            "oas-departments",
        ),
        ("oecd", "OECD Task Force on Countering Illicit Trade", "oecd-task-force"),
        ("osce", "Special Representative and Coordinator on Trafficking in Human Beings", "osr-cthb"),
        ("osce", "Special Representative and Co-ordinator for Trafficking in Human Beings", "osr-cthb"),
        (
            "rcm",
            "The Liaison Officers Network to Combat Migrant Smuggling and Trafficking in Persons",
            "rcm-liaison-officers",
        ),
        ("saarc", "Regional Task Force", "saarc-regional-task-force"),
        ("commit", "Regional Task Force", None),
        ("oas", "Anti-Trafficking Unit", None),
    ],
)
def test_focal_point_is_found_in_its_row(row: str, printed: str, key: str | None) -> None:
    assert names.organization(printed, row=row) == key


@pytest.mark.parametrize(
    ("caption", "key"),
    [
        ("UN Protocol to Prevent, Suppress and Punish Trafficking in Persons", "palermo-protocol"),
        (
            "Optional Protocol to the Convention on the Rights of the Child on the Sale of Children, "
            "Child Prostitution and Child Pornography",
            "crc-opsc",
        ),
        ("Optional Protocol to the Convention on the Rights of the Child in Armed Conflict", "crc-opac"),
        ("ILO Convention 29, Forced Labour", "ilo-c029"),
        ("ILO Convention 29 Forced Labour (1930), entered into force in 1932", "ilo-c029"),
        ("ILO Protocol of 2014 to the Forced Labour Convention", "ilo-p029"),
        ("ILO Convention 105, Abolition of Forced Labour (1957)", "ilo-c105"),
        ("ILO Convention 182, Elimination of Worst Forms of Child Labor", "ilo-c182"),
        ("ILO Convention 189, Domestic Workers (2011), entered into force September 5, 2013", "ilo-c189"),
        ("C29", "ilo-c029"),
        ("P029", "ilo-p029"),
        ("Protocol of 2014 and Recommendation R203, supplementing the Forced Labour Convention", "ilo-p029"),
        ("COE Convention on Action Against Trafficking in Human Beings", "coe-thb-convention"),
        (
            "Directive on Preventing and Combating Trafficking in Human Beings and Protecting Victims",
            "eu-directive-2011-36",
        ),
        ("United Nations Global Plan of Action to Combat Trafficking in Persons", "res-a-res-64-293"),
        ("S/RES/2493", "unsc-res-2493"),
        ("A/RES/55/25", "res-a-res-55-25"),
        ("ILO Convention 28", None),
    ],
)
def test_instrument_is_found_as_printed(caption: str, key: str | None) -> None:
    assert names.instrument(caption) == key


def test_states_have_iso_codes_and_kosovo_the_usual_one() -> None:
    iso = {country.alpha_3 for country in pycountry.countries}
    assert names.table("states").keys() - iso == {"XKX"}
    assert names.states()["XKX"].alpha2 == "XK"


def test_states_have_no_alias_that_iso_gives() -> None:
    given = {fold_name(form) for country in pycountry.countries for form in _iso_forms(country)}
    aliases = [name for entry in names.table("states").values() for name in entry.get("names", [])]
    assert [name for name in aliases if fold_name(name) in given] == []


def _iso_forms(country: Any) -> list[str]:
    printed = [country.name, *(getattr(country, n) for n in ("common_name", "official_name") if hasattr(country, n))]
    turned = [" ".join(reversed(name.split(", ", 1))) for name in printed]
    return printed + turned


@pytest.mark.parametrize(
    ("printed", "alpha3"),
    [
        ("Brunei", "BRN"),
        ("Lao PDR", "LAO"),
        ("Laos", "LAO"),
        ("Kyrgyz Republic", "KGZ"),
        ("Cape Verde", "CPV"),
        ("Swaziland", "SWZ"),
        ("Burma", "MMR"),
        ("Macedonia", "MKD"),
        ("Kosovo", "XKX"),
        ("Cote d'Ivoire", "CIV"),
        ("The Gambia", "GMB"),
        ("The Bahamas", "BHS"),
        ("Congo", "COG"),
        ("Congo, Republic of the", "COG"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Democratic Republic of Congo", "COD"),
        ("Korea, South", "KOR"),
        ("Republic of Korea", "KOR"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Palestine", "PSE"),
        ("Czech Republic", "CZE"),
        ("Turkey", "TUR"),
        ("U.S. Virgin Islands", "VIR"),
    ],
)
def test_state_is_found_as_printed(printed: str, alpha3: str) -> None:
    assert names.state(printed) == alpha3


def test_state_named_korea_alone_is_refused() -> None:
    with pytest.raises(names.UnknownNameError, match="no state of ISO 3166 is called 'Korea'"):
        names.state("Korea")


@pytest.mark.parametrize(
    ("alpha3", "alpha2", "label"),
    [
        ("NAM", "NA", "Namibia"),
        ("RUS", "RU", "Russia"),
        ("COG", "CG", "Republic of the Congo"),
        ("BOL", "BO", "Bolivia"),
        ("VAT", "VA", "Holy See"),
    ],
)
def test_state_has_its_codes_and_a_short_label(alpha3: str, alpha2: str, label: str) -> None:
    state = names.states()[alpha3]
    assert (state.alpha2, state.label) == (alpha2, label)


def test_second_phase_of_glo_act_points_to_the_programme() -> None:
    programmes = names.table("programmes")
    assert {key: entry["phase_of"] for key, entry in programmes.items() if "phase_of" in entry} == {
        "glo-act-phase-2": "glo-act",
        "icse-v4": "icse",
    }
    assert programmes["glo-act"]["abbreviation"] == "GLO.ACT"
