"""What the tables that people wrote say in answer to a question, worked out row by row without RDF and SPARQL.

Each function gives the rows that the question must have, in the columns that stand in ANSWERS: the whole answer, where
tests/expected can hold only a typed part of it. A place is (section, locator, until): it stands for begin and end."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from kg.mappings import icat, names
from tests.ask.shortcuts import shortcuts
from tests.tables import Row, table

MAPPINGS = Path(icat.__file__).parent


@cache
def curated(kind: str) -> list[Row]:
    return table(MAPPINGS / "curated" / "icat-2018" / f"{kind}.tsv")


@cache
def reports(kind: str) -> list[tuple[str, Row]]:
    """The records of a kind that code read in the reports, each with its edition."""
    folders = sorted((MAPPINGS / "records").glob("tip-*"))
    return [(f.name[-4:], row) for f in folders if (f / f"{kind}.tsv").is_file() for row in table(f / f"{kind}.tsv")]


def many(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def label(kind_of: str, key: str) -> str:
    if kind_of == "state":
        return names.states()[key].label
    return str(names.table(f"{'organization' if kind_of == 'body' else kind_of}s")[key]["label"])


def organization(key: str) -> str:
    return label("organization", key)


@cache
def members() -> frozenset[str]:
    rows = table(MAPPINGS / "records" / "icat-2018" / "membership.tsv")
    return frozenset(row["organization"] for row in rows)


def place(row: Row) -> tuple[str, str, str]:
    return row["section"], row["locator"], row["until"]


def pairs() -> Iterator[tuple[Row, str, str, str]]:
    """Every cooperation from either side: the row, one organization, the other, and who acts."""
    for row in curated("cooperation"):
        some, others = many(row["cooperators"]), many(row["counterparts"])
        if row["pattern"] == "joint":
            yield from ((row, one, two, "both") for one in some for two in some if one != two)
            continue
        for one in some:
            for two in others:
                both = row["pattern"] == "hub"
                yield row, one, two, "both" if both else "organization"
                yield row, two, one, "both" if both else "with_organization"


def words(slug: str) -> str:
    """The label of a value of a closed list: co-leads keeps its hyphen."""
    return re.sub(r"(?<!^co)[-_]", " ", slug)


def cooperation_between() -> set[tuple[Any, ...]]:
    return {
        (organization(one), organization(two), words(row["relation"]), acts, row["subject"], row["progress"])
        for row, one, two, acts in pairs()
    }


def cooperation_of() -> set[tuple[Any, ...]]:
    """Also with partners that are no single organization, whom no row names."""
    named = {
        (organization(one), organization(two), words(row["relation"]), acts, row["others"])
        for row, one, two, acts in pairs()
    }
    unnamed = {
        (organization(row["cooperators"]), "", words(row["relation"]), "both", row["others"])
        for row in curated("cooperation")
        if row["pattern"] == "hub" and not row["counterparts"]
    }
    return named | unnamed


def instruments_cited_by() -> set[tuple[Any, ...]]:
    return {
        (organization(row["organization"]), label("instrument", row["instrument"]), row["provision"], row["progress"])
        for row in curated("citation")
    }


def mandate_basis() -> set[tuple[Any, ...]]:
    return {
        (
            organization(row["organization"]),
            row["task"],
            instrument and label("instrument", instrument),
            by and organization(by),
        )
        for row in curated("mandate")
        for instrument in many(row["instruments"]) or [""]
        for by in many(row["tasked_by"]) or [""]
    }


def mandates_by_theme() -> set[tuple[Any, ...]]:
    return {
        (words(theme), organization(row["organization"]), row["task"], "; ".join(sorted(many(row["pillars"]))))
        for row in curated("mandate")
        for theme in many(row["themes"])
    }


def activities_of() -> set[tuple[Any, ...]]:
    return {
        (organization(key), words(row["kind_of_activity"]), row["what"], row["served"], row["progress"], *place(row))
        for row in curated("activity")
        for key in many(row["organizations"])
    }


def activities_by_theme() -> set[tuple[Any, ...]]:
    return {
        (words(theme), organization(key), row["what"], row["progress"], *place(row))
        for row in curated("activity")
        for theme in many(row["themes"])
        for key in many(row["organizations"])
    }


def posts() -> set[tuple[Any, ...]]:
    return {
        (
            label(*row["post_of"].split("/", 1)),
            words(row["post_role"]),
            row["post"] and organization(row["post"]),
            row["held_by"] and organization(row["held_by"]),
            row["since"],
            row["ended"],
            *place(row),
        )
        for row in curated("post")
    }


def mandates_given_by() -> set[tuple[Any, ...]]:
    return {
        (
            organization(by),
            organization(row["organization"]),
            row["task"],
            "; ".join(sorted(label("instrument", one) for one in many(row["instruments"]))),
            *place(row),
        )
        for row in curated("mandate")
        for by in many(row["tasked_by"])
    }


def parties_as_of() -> set[tuple[Any, ...]]:
    """From the cells of the charts as a reader typed them."""
    cells = table(Path(__file__).parents[1] / "gold" / "ratification_status.tsv")
    return {
        (str(year), row["instrument"], row["iso3"], row["year"], row["source"][-4:])
        for row in cells
        for year in range(2000, 2019)
        if row["status"] == "party" and int(row["year"]) <= year
    }


# Columns of the records that name things, and of which kind these are where the cell does not say so itself.
ROLES = {
    **dict.fromkeys(
        ("organization", "organizations", "group", "tasked_by", "cooperators", "counterparts"), "organization"
    ),
    **dict.fromkeys(("held_by", "post", "body", "bodies", "shared_with"), "organization"),
    **dict.fromkeys(("instrument", "instruments", "produced"), "instrument"),
    **dict.fromkeys(("programme", "programmes", "phase_of"), "programme"),
    **dict.fromkeys(("state", "states"), "state"),
    **dict.fromkeys(("region", "regions"), "region"),
    **dict.fromkeys(("about", "entity", "post_of"), ""),
}


def recorded() -> Iterator[tuple[str, str, Row]]:
    """Every record that is a statement: its source, its kind and the row."""
    for path in sorted((MAPPINGS / "records").glob("*/*.tsv")):
        if path.stem not in ("coverage", "entity", "finding", "mention", "sentence", "source"):
            yield from ((path.parent.name, path.stem, row) for row in table(path))


@cache
def things() -> dict[str, str]:
    """What each thing is called that a record speaks of; "body/" is "organization/" to the cells that leave it out."""
    rows = (row for path in (MAPPINGS / "records").glob("*/entity.tsv") for row in table(path))
    found = {f"{row['kind_of']}/{row['id']}": row["label"] for row in rows}
    return found | {key.replace("body/", "organization/"): name for key, name in found.items()}


def concerned() -> Iterator[tuple[str, str, Row]]:
    """Every thing (kind/id) that a statement speaks of, with the source and the row of that."""
    for source, kind, row in recorded():
        for column in ROLES.keys() & row.keys():
            for cell in many(row[column]) if (kind, column) != ("note", "about") else ():
                yield cell if "/" in cell else f"{ROLES[column]}/{cell}", source, row


def statements_about() -> set[tuple[Any, ...]]:
    return {(things()[key], source, row["begin"], row["end"]) for key, source, row in concerned()}


def first_sources(kind: str) -> set[tuple[str, ...]]:
    """The id of each thing of a kind that a statement speaks of, with the first by id of the sources that do."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, source, _ in concerned():
        found[key].add(source)
    return {(key.partition("/")[2], min(some)) for key, some in found.items() if key.startswith(f"{kind}/")}


def connections() -> set[tuple[str, ...]]:
    """Each shortcut with the first source that states it, and how many passages do."""
    named = {key.partition("/")[2]: name for key, name in things().items()}
    return {
        (named[one], connection, named[other], min(places)[0], str(len(places)))
        for (one, connection, other), places in shortcuts().items()
    }


def dated_in_year() -> set[tuple[Any, ...]]:
    """A date stands in one of these columns, but several years and periods are no year, and neither is a window."""
    columns = {"event": "date", "citation": "date", "quantity": "as_of", "membership": "as_of", "treaty_status": "year"}
    columns |= {"framework": "years", "figure": "years", "note": "since"}
    return {
        (year[:4], source, row["begin"], row["end"])
        for source, kind, row in recorded()
        if kind in columns and row.get("about") != "reporting_window"
        for year in [row[columns[kind]]]
        if year and (len(year) == 4 or kind not in ("framework", "figure"))
    }


def programmes_with_most_partners() -> set[tuple[Any, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in curated("participation"):
        if row["progress"] != "planned":
            found[row["programme"]].add(row["organization"])
    return {
        (
            label("programme", key),
            str(len(some)),
            str(len(some & members())),
            "; ".join(sorted(map(organization, some))),
        )
        for key, some in found.items()
    }


def programmes() -> set[tuple[Any, ...]]:
    return {
        (
            label("programme", row["programme"]),
            row["name"],
            "; ".join(sorted(label("state", state) for state in many(row["states"]))),
            row["phase_of"] and label("programme", row["phase_of"]),
            row["progress"],
        )
        for row in curated("programme_listing")
    }


def programme_participants() -> set[tuple[Any, ...]]:
    return {
        (
            label("programme", row["programme"]),
            organization(row["organization"]),
            words("planned" if row["progress"] == "planned" else row["role"]),
            row["progress"],
            str(row["organization"] in members()).lower(),
        )
        for row in curated("participation")
    }


def figures_about() -> set[tuple[Any, ...]]:
    stated = {
        (label(*about.split("/", 1)), row["measure"], row["unit"], float(row["value"]))
        for row in curated("quantity")
        for about in many(row["about"])
    }
    cells = {
        (organization(row["organization"]), row["measure"], row["unit"], float(row["value"]))
        for _, row in reports("figure")
        if row["status"] == "number"
    }
    return stated | cells


def cooperating() -> dict[str, set[str]]:
    """Whom each organization is stated to cooperate with: both act, and it is not only planned."""
    found: dict[str, set[str]] = defaultdict(set)
    for row, one, two, acts in pairs():
        if acts == "both" and row["progress"] != "planned":
            found[one].add(two)
    return found


def two_step_partners() -> set[tuple[Any, ...]]:
    known = cooperating()
    return {
        (organization(one), organization(via), organization(partner))
        for one in known
        for via in known[one]
        for partner in known[via] - known[one] - {one}
    }


def framework_documents_announced_in_paper() -> set[tuple[Any, ...]]:
    return {
        (label("instrument", row["instrument"]), organization(row["organization"]), row["progress"], edition)
        for row in curated("citation")
        for edition, listed in reports("framework")
        if listed["instrument"] == row["instrument"]
    }


def regional_partners_with_a_row() -> set[tuple[Any, ...]]:
    parents = {names.table("organizations")[member].get("part_of") for member in members()}
    return {
        (organization(two), organization(one), words(row["relation"]), edition)
        for row, one, two, _ in pairs()
        for edition, listed in reports("organization_row")
        if listed["organization"] == two and one in members() and two not in members() and two not in parents
    }


def countries_with_most_members() -> set[tuple[Any, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    columns = {"activity": "organizations", "participation": "organization", "cooperation": "cooperators"}
    for kind, column in columns.items():
        for row in curated(kind):
            if row["progress"] != "planned":
                for state in many(row["states"]):
                    found[state] |= members() & {*many(row[column])}
    return {(label("state", state), str(len(some))) for state, some in found.items() if some}


def country_activities() -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    columns = {
        "activity": "organizations",
        "participation": "organization",
        "cooperation": "cooperators",
        "programme_listing": "",
        "quantity": "",
        "event": "",
    }
    for kind, column in columns.items():
        for row in curated(kind):
            for state in many(row["states"]):
                for key in (many(row[column]) if column else []) or [""]:
                    found.add((label("state", state), key and organization(key), row.get("progress", ""), *place(row)))
    return found


def planned_in_2018() -> set[tuple[Any, ...]]:
    kinds = [path.stem for path in (MAPPINGS / "curated" / "icat-2018").glob("*.tsv")]
    rows = (row for kind in kinds for row in curated(kind) if row.get("progress") == "planned")
    return {place(row) for row in rows}


def name_variants() -> set[tuple[Any, ...]]:
    printed = {(row["entity"], row["name"]) for row in curated("designation")}
    printed |= {(f"programme/{row['programme']}", row["name"]) for row in curated("programme_listing")}
    for row in table(MAPPINGS / "records" / "icat-2018" / "membership.tsv"):
        printed.add((f"organization/{row['organization']}", row["name"]))
    for row in table(MAPPINGS / "records" / "icat-2018" / "section.tsv"):
        printed.add((f"organization/{row['organization']}", row["heading"]))
    printed |= {(f"organization/{row['organization']}", row["name"]) for _, row in reports("organization_row")}
    printed |= {(row["entity"], row["expansion"]) for _, row in reports("naming") if row["entity"]}
    return {(label(*entity.split("/", 1)), name) for entity, name in printed}


# question -> columns of its typed rows, and what the records say in them.
TYPED: dict[str, tuple[tuple[str, ...], Callable[[], set[tuple[str, ...]]]]] = {
    "connections": (("thing", "connection", "other", "source", "passages"), connections),
    "instruments": (("instrument", "source"), partial(first_sources, "instrument")),
    "organizations": (("slug", "source"), partial(first_sources, "organization")),
}
# question -> its columns, and what the tables say in them; "place" is where the passage stands.
ANSWERS: dict[str, tuple[tuple[str, ...], Callable[[], set[tuple[Any, ...]]]]] = {
    "activities_by_theme": (("theme", "organization", "what", "progress", "place"), activities_by_theme),
    "activities_of": (("organization", "kind", "what", "served", "progress", "place"), activities_of),
    "cooperation_between": (
        ("organization", "with_organization", "relation", "acts", "subject", "progress"),
        cooperation_between,
    ),
    "cooperation_of": (("organization", "with_organization", "relation", "acts", "others"), cooperation_of),
    "countries_with_most_members": (("state", "members"), countries_with_most_members),
    "country_activities": (("state", "organization", "progress", "place"), country_activities),
    "dated_in_year": (("year", "source", "begin", "end"), dated_in_year),
    "figures_about": (("thing", "measure", "unit", "value"), figures_about),
    "framework_documents_announced_in_paper": (
        ("title", "organization", "progress", "edition"),
        framework_documents_announced_in_paper,
    ),
    "instruments_cited_by": (("organization", "instrument", "provision", "progress"), instruments_cited_by),
    "mandate_basis": (("organization", "task", "instrument", "tasked_by"), mandate_basis),
    "mandates_given_by": (("body", "organization", "task", "instruments", "place"), mandates_given_by),
    "mandates_by_theme": (("theme", "organization", "task", "pillars"), mandates_by_theme),
    "name_variants": (("preferred", "name"), name_variants),
    "planned_in_2018": (("place",), planned_in_2018),
    "programme_participants": (
        ("programme", "organization", "role", "progress", "icat_member"),
        programme_participants,
    ),
    "parties_as_of": (("as_of", "instrument", "iso3", "year", "edition"), parties_as_of),
    "posts": (("of", "role", "post", "held_by", "since", "ended", "place"), posts),
    "programmes": (("programme", "name", "states", "phase_of", "progress"), programmes),
    "programmes_with_most_partners": (
        ("programme", "partners", "members", "organizations"),
        programmes_with_most_partners,
    ),
    "regional_partners_with_a_row": (("partner", "organization", "relation", "edition"), regional_partners_with_a_row),
    "statements_about": (("thing", "source", "begin", "end"), statements_about),
    "two_step_partners": (("organization", "via", "partner"), two_step_partners),
}
