"""Draws what a row of the multilateral table lists: framework documents and focal points."""

import random
from collections.abc import Sequence

from tests.editions import invented, stock
from tests.editions.model import Document, Focal, FocalPoint, Framework

# Titles that a table knows and that hold no number or bracket, which a year beside them could be taken for.
CODES = (
    ("C029", "Forced Labour Convention", "1930", "ilo-c029"),
    ("C105", "Abolition of Forced Labour Convention", "1957", "ilo-c105"),
    ("C182", "Worst Forms of Child Labour Convention", "1999", "ilo-c182"),
    ("C189", "Domestic Workers Convention, and its Recommendation R201", "2011", "ilo-c189"),
)
HEADING = "ILO Conventions"


def draw(rng: random.Random, row: str) -> list[Document]:
    """One document mostly; sometimes two in one paragraph, or a list under its heading."""
    kind = rng.random()
    if kind < 0.1:
        return _list(rng, row)
    if kind < 0.15:
        first, second = (_fact(row, invented.document(rng), years=(str(rng.randint(1990, 2041)),)) for _ in range(2))
        text = " ".join(f"{fact.title} ({fact.years[0]})" for fact in (first, second))
        return [Document(text, "", (first, second))]
    if kind < 0.2:
        return [_series(rng, row)]
    if kind < 0.3:
        return [_known(rng, row)]
    return [plain(rng, row)]


def _fact(
    row: str, title: str, *, years: tuple[str, ...] = (), symbol: str = "", short: str = "", url: str = "",
    instrument: str = "", heading: str = "",
) -> Framework:  # fmt: skip
    return Framework(row, title, years, symbol, short, url, instrument or f"new: {title}", heading)


def plain(rng: random.Random, row: str) -> Document:
    """A title that no table knows, with whatever may stand around it."""
    title, year = invented.document(rng), rng.randint(1990, 2041)
    period = f"{year}-{year + 3}"
    url = invented.link(rng) if rng.random() < 0.4 else ""
    symbol, short = f"A/RES/{rng.randint(80, 99)}/{rng.randint(1, 300)}", invented.initials(title)
    text, years, symbol, short = rng.choice((
        (title, (), "", ""),
        (f"{title} ({year})", (str(year),), "", ""),
        (f"{title} ({year})", (str(year),), "", ""),
        (f"{title}, {year}", (str(year),), "", ""),
        (f"{title} ({period})", (period,), "", ""),
        (f"{title} ({year}–{year + 3})", (period,), "", ""),
        (f"{title} ({period}), extended until {year + 5}", (period,), "", ""),
        (f"{title} ({symbol}) ({year})", (str(year),), symbol, ""),
        (f"{title} ({short}) ({year})", (str(year),), "", short),
        (f"{title} {period}", (period,), "", ""),
        (f"{title}, 6 December {year}", (str(year),), "", ""),
        (f"{title} by {year}", (), "", ""),
        (f"{title} (updated in {year})", (), "", ""),
        (f"Test {year} – {title}", (), "", ""),
        (f"Directive {year}/12/EU on {title}", (), f"{year}/12/EU", ""),
    ))  # fmt: skip
    named = text if text.endswith(f" by {year}") or text.startswith((f"Test {year}", "Directive")) else title
    return Document(text, url, (_fact(row, named, years=years, symbol=symbol, short=short, url=url),))


def _series(rng: random.Random, row: str) -> Document:
    """One title for the papers of several years."""
    first = rng.randint(1990, 2030)
    topic = f"{rng.choice(invented.NOUNS)} Summit"
    before, after = rng.choice(((f"{topic} ", ""), ("", f" {topic}"), ("", "")))
    text = f"{before}Statements of the first ({first}), second ({first + 2}), and third ({first + 9}){after}"
    title = f"{before}Statements of the first, second, and third{after}"
    years = (str(first), str(first + 2), str(first + 9))
    return Document(text, "", (_fact(row, title, years=years),))


def _known(rng: random.Random, row: str) -> Document:
    """A document that the tables know, by a name without numbers."""
    names = [
        (key, name) for key, entry in stock.table("instruments").items() for name in stock.spellings(entry)
        if not any(c.isdigit() or c in "()/" for c in name) and len(name.split()) > 2
    ]  # fmt: skip
    key, name = rng.choice(names)
    year = str(rng.randint(1948, 2041))
    text, years = rng.choice(((name, ()), (f"{name} ({year})", (year,)), (f"{name}, {year}", (year,))))
    return Document(text, "", (_fact(row, name, years=years, instrument=key),))


def _list(rng: random.Random, row: str) -> list[Document]:
    chosen = rng.sample(CODES, rng.randint(2, 4))
    items = [
        Document(
            f"{code} {title} ({year})",
            "",
            (_fact(row, title, years=(year,), symbol=code, instrument=key, heading=HEADING),),
            item=True,
        )
        for code, title, year, key in chosen
    ]
    return [Document(f"{HEADING}:", "", ()), *items]


def single(listed: Sequence[Document]) -> tuple[Document, ...]:
    """Only those that have a paragraph to themselves, under no heading."""
    return tuple(document for document in listed if len(document.facts) == 1 and not document.item)


def focal_point(rng: random.Random, row: str) -> Focal:
    """A post known or unknown; a name that counts in another row only is an unknown one here."""
    name, body, short = _named(rng, row)
    heading = "Test Experts" if rng.random() < 0.1 else ""
    bracket = f" ({short})" if short else ""
    text = f"{heading}: {name}{bracket}" if heading else f"{name}{bracket}"
    return Focal(text, FocalPoint(row, name, "named", body, heading))


def _named(rng: random.Random, row: str) -> tuple[str, str, str]:
    """Name, the body that it means, and the abbreviation printed after it."""
    if rng.random() < 0.5:
        name = invented.post(rng)
        return name, f"new: {name}", rng.choice(("", invented.initials(name)))
    key, entry = rng.choice(sorted(stock.bodies().items()))
    name = rng.choice([entry["label"], *entry.get("names", [])])
    counts = entry.get("row", row) == row
    short = str(entry.get("abbreviation", "")) if counts and name == entry["label"] else ""
    return name, key if counts else f"new: {name}", short if short.isupper() and "/" not in short else ""


def no_focal_point(rng: random.Random, row: str) -> tuple[Focal, ...]:
    """A cell that says N/A, and one that says nothing, are two things."""
    return () if rng.random() < 0.5 else not_applicable(row, rng.choice(("N/A", "N/A", "n/a")))


def not_applicable(row: str, printed: str) -> tuple[Focal, ...]:
    return (Focal(printed, FocalPoint(row, "", "not_applicable", "", "")),)
