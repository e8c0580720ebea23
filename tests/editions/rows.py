"""Draws the multilateral table: organizations known and unknown, alone or sharing a row, with what they list."""

import random
from dataclasses import replace

from tests.editions import documents, invented, stock
from tests.editions.model import Document, Focal, LinkPart, Row

LABELS = ("Handbook", "Portal", "Guide", "Case Digest", "Course")
REMARKS = ("(in Esperanto only)", "(test link)")


def draw(rng: random.Random, *, columns_lost: bool) -> tuple[Row, ...]:
    """Rows of different organizations; with `columns_lost` nothing in a cell but paragraphs, and mostly plain rows."""
    known = rng.sample(sorted(stock.organizations()), rng.randint(1, 7))
    rows = [_known(rng, key) for key in known]
    invented_names = {invented.organization(rng) for _ in range(rng.randrange(3))}
    rows += [_unknown(rng, name) for name in sorted(invented_names)]
    if rng.random() < 0.15:
        name = invented.lookalike(rng)
        rows.append(_row(rng, f"new: {name.partition(' (')[0]}", name))
    rng.shuffle(rows)
    if not columns_lost:
        return tuple(rows)
    plain = rng.random() < 0.7
    rows = [replace(row, documents=documents.single(row.documents)) for row in rows]
    return tuple(_plain(rng, row) if plain else row for row in rows)


def _plain(rng: random.Random, row: Row) -> Row:
    """The row with a homepage, a document, a focal point or N/A, and no organization that shares it."""
    first, *others = row.links
    home = first.urls or (others and not others[0].label)
    own = [first if home else replace(first, urls=(invented.link(rng),))]
    for part in others:
        if part.owner and not stock.is_part(part.owner, row.organization):
            break
        own.append(replace(part, colon=":") if part.label and part.urls else part)
    return replace(
        row,
        shared_with=(),
        links=tuple(own),
        documents=row.documents or (documents.plain(rng, row.organization),),
        focals=row.focals or documents.not_applicable(row.organization, "N/A"),
    )


def _known(rng: random.Random, key: str) -> Row:
    return _row(rng, key, spelling(rng, key))


def spelling(rng: random.Random, key: str) -> str:
    """A name that the tables have, or the label with its abbreviation in brackets."""
    entry = stock.organizations()[key]
    short = entry.get("abbreviation")
    if short and rng.random() < 0.5:
        return f"{entry['label']} ({short})"
    return rng.choice(stock.spellings(entry))


def _unknown(rng: random.Random, name: str) -> Row:
    short = f" ({invented.initials(name)})"
    # An abbreviation that another organization has does not make it that organization.
    bracket = rng.choice(("", short, short, " (AU)", " (IOM)", f"{short} ({rng.choice(invented.NOUNS)} Group)"))
    return _row(rng, f"new: {name}", f"{name}{bracket}")


def _row(rng: random.Random, key: str, name: str) -> Row:
    parts = [*_own_links(rng, name), *_more_links(rng)]
    inside = rng.sample(sorted(stock.organizations()), rng.choice((0, 0, 0, 1, 2)))
    inside = [other for other in inside if other != key]
    for other in inside:
        parts.append(_part(rng, spelling(rng, other), rng.randrange(4), other))
        parts += _more_links(rng)
    return Row(
        organization=key,
        name=name,
        shared_with=tuple(other for other in inside if not stock.is_part(other, key)),
        links=tuple(parts),
        documents=_documents(rng, key),
        focals=_focals(rng, key),
    )


def _own_links(rng: random.Random, name: str) -> list[LinkPart]:
    """The name with its links, in one paragraph or in two; sometimes without any."""
    count = rng.choice((0, 1, 1, 1, 1, 2))
    remark = rng.choice(REMARKS) if count == 1 and rng.random() < 0.1 else ""
    if count and rng.random() < 0.3:
        return [_part(rng, name, 0), replace(_part(rng, "", count), colon="", remark=remark)]
    return [replace(_part(rng, name, count), remark=remark)]


def _more_links(rng: random.Random) -> list[LinkPart]:
    count = rng.choice((0, 0, 1, 2))
    labels = [f"{rng.choice(invented.NOUNS)} {rng.choice(LABELS)}{rng.choice(('', ' (2039)'))}" for _ in range(count)]
    return [_part(rng, label, rng.randint(1, 2)) for label in labels]


def _part(rng: random.Random, label: str, count: int, owner: str = "") -> LinkPart:
    """A paragraph with so many links; a further link may have a name in brackets."""
    urls = tuple(invented.link(rng) for _ in range(count))
    names = [f"{rng.choice(invented.NOUNS)} Page" if label and rng.random() < 0.2 else "" for _ in urls[1:]]
    return LinkPart(label, _colon(rng) if count else "", urls, owner, names=tuple(names))


def _colon(rng: random.Random) -> str:
    return rng.choice(("", ":", " :"))


def _documents(rng: random.Random, key: str) -> tuple[Document, ...]:
    found: list[Document] = []
    for _ in range(rng.choice((0, 1, 2, 3, 4))):
        found += documents.draw(rng, key)
    return tuple(found)


def _focals(rng: random.Random, key: str) -> tuple[Focal, ...]:
    if rng.random() < 0.4:
        return documents.no_focal_point(rng, key)
    drawn = [documents.focal_point(rng, key) for _ in range(rng.choice((1, 1, 2, 3)))]
    return tuple({focal.fact.name: focal for focal in drawn}.values())
