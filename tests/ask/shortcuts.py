"""The shortcuts that must follow from the records, worked out without the ontology: who is connected with whom, how.

A second way to the same triples: docs/design.md, section 3, says which records make a shortcut and which must not."""

import csv
from collections.abc import Iterator
from itertools import permutations, product

from kg.graph.build import packaged_records

Shortcut = tuple[str, str, str]
# Roles in which somebody carries a programme out; who funds, benefits, supports or uses it does not.
ACTIVE = {
    *("lead", "initiator", "implementing_partner", "manager", "coordinator", "secretariat", "host", "partner"),
    *("member", "contributor"),
}


def rows(kind: str) -> Iterator[dict[str, str]]:
    """The records of a kind, of all sources."""
    for path in sorted(packaged_records().glob(f"*/{kind}.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def slugs(cell: str) -> list[str]:
    """Several things in one cell; of body/greta only the slug."""
    return [part.rpartition("/")[2] for part in cell.split("|") if part]


def shortcuts() -> set[Shortcut]:
    """Slug or ISO code, label of the shortcut, slug."""
    return {*_from_tables(), *_from_mandates(), *_from_programmes(), *_from_cooperation()}


def _from_tables() -> Iterator[Shortcut]:
    for row in rows("treaty_status"):
        if row["status"] == "party":
            yield row["state"], "party to", row["instrument"]
    for row in rows("membership"):
        yield row["organization"], "member of", row["group"]
    for row in rows("focal_point"):
        if row["status"] == "named":
            yield slugs(row["organization"])[0], "has focal point", slugs(row["body"])[0]


def _from_mandates() -> Iterator[Shortcut]:
    for row in rows("mandate"):
        for organization, body in product(slugs(row["organization"]), slugs(row["tasked_by"])):
            yield organization, "mandated by", body


def _from_programmes() -> Iterator[Shortcut]:
    active: dict[str, set[str]] = {}
    for row in rows("participation"):
        if row["role"] in ACTIVE and row["progress"] != "planned":
            active.setdefault(row["programme"], set()).update(slugs(row["organization"]))
    for programme, organizations in active.items():
        yield from ((organization, "participates in", programme) for organization in organizations)
        yield from ((one, "shares programme with", other) for one, other in permutations(organizations, 2))


def _from_cooperation() -> Iterator[Shortcut]:
    for row in rows("cooperation"):
        one, others = slugs(row["cooperators"]), slugs(row["counterparts"])
        if row["progress"] == "planned" or row["pattern"] == "directed":
            continue
        pairs = permutations(one, 2) if row["pattern"] == "joint" else product(one, others)
        for left, right in pairs:
            yield left, "cooperates with", right
            yield right, "cooperates with", left
