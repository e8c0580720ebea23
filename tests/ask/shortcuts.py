"""The shortcuts that must follow from the records, worked out without the ontology: who is connected with whom, how.

A second way to the same triples: docs/design.md, section 3, says which records make a shortcut and which must not."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations, product

from kg.graph.build import packaged_records
from tests.tables import Row, table

Shortcut = tuple[str, str, str]
# Source, begin, end.
Place = tuple[str, int, int]
# Roles in which somebody carries a programme out; who funds, benefits, supports or uses it does not.
ACTIVE = {
    *("lead", "initiator", "implementing_partner", "manager", "coordinator", "secretariat", "host", "partner"),
    *("member", "contributor"),
}


def rows(kind: str) -> Iterator[Row]:
    """The records of a kind, of all sources."""
    for path in sorted(packaged_records().glob(f"*/{kind}.tsv")):
        yield from (row | {"source": path.parent.name} for row in table(path))


def slugs(cell: str) -> list[str]:
    """Several things in one cell; of body/greta only the slug."""
    return [part.rpartition("/")[2] for part in cell.split("|") if part]


def shortcuts() -> dict[Shortcut, set[Place]]:
    """Slug or ISO code, label of the shortcut, slug; and the places that state each."""
    found = defaultdict[Shortcut, set[Place]](set)
    for shortcut, row in (*_from_tables(), *_from_mandates(), *_from_programmes(), *_from_cooperation()):
        found[shortcut].add((row["source"], int(row["begin"]), int(row["end"])))
    return found


def _from_tables() -> Iterator[tuple[Shortcut, Row]]:
    for row in rows("treaty_status"):
        if row["status"] == "party":
            yield (row["state"], "party to", row["instrument"]), row
    for row in rows("membership"):
        yield (row["organization"], "member of", row["group"]), row
    for row in rows("focal_point"):
        if row["status"] == "named":
            yield (slugs(row["organization"])[0], "has focal point", slugs(row["body"])[0]), row


def _from_mandates() -> Iterator[tuple[Shortcut, Row]]:
    for row in rows("mandate"):
        for organization, body in product(slugs(row["organization"]), slugs(row["tasked_by"])):
            yield (organization, "mandated by", body), row


def _from_programmes() -> Iterator[tuple[Shortcut, Row]]:
    """That two share a programme is stated, of the first, where it is said to take part."""
    active = defaultdict[str, list[tuple[str, Row]]](list)
    for row in rows("participation"):
        if row["role"] in ACTIVE and row["progress"] != "planned":
            active[row["programme"]] += [(organization, row) for organization in slugs(row["organization"])]
    for programme, some in active.items():
        yield from (((organization, "participates in", programme), row) for organization, row in some)
        for (one, row), (other, _) in product(some, some):
            if one != other:
                yield (one, "shares programme with", other), row


def _from_cooperation() -> Iterator[tuple[Shortcut, Row]]:
    for row in rows("cooperation"):
        one, others = slugs(row["cooperators"]), slugs(row["counterparts"])
        if row["progress"] == "planned" or row["pattern"] == "directed":
            continue
        pairs = permutations(one, 2) if row["pattern"] == "joint" else product(one, others)
        for left, right in pairs:
            yield (left, "cooperates with", right), row
            yield (right, "cooperates with", left), row
