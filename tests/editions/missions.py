"""Draws a peacekeeping table: organizations of the header in any order, rows in any order, cells empty or not."""

import random

from tests.editions import invented, stock
from tests.editions.model import Figure, Mission, Missions

# What is printed; status and value of each fact in it. A title has a year of its own: title;year.
Printed = tuple[str, list[tuple[str, str]]]


def draw(rng: random.Random, year: int, *, blanks: bool) -> Missions:
    """A table with the rows and columns of some edition; without `blanks` no cell is empty."""
    keys = rng.sample(["un", "osce", "nato", "african-union", "oas", "eu"], rng.randint(1, 4))
    header = [(key, rng.choice(stock.spellings(stock.organizations()[key])).upper()) for key in keys]
    if rng.random() < 0.2:
        name = f"{rng.choice(invented.NOUNS)} LEAGUE".upper()
        header.append((f"new: {name}", name))
    rng.shuffle(header)
    kinds = list(ROWS)
    rng.shuffle(kinds)
    rows = tuple(_row(rng, kind, header, year, blanks=blanks) for kind in kinds[: rng.randint(3, len(kinds))])
    return Missions(tuple(name for _, name in header), rows)


def _row(rng: random.Random, kind: str, header: list[tuple[str, str]], year: int, *, blanks: bool) -> Mission:
    caption, stated = (f"{kind} IN {year - 1}", str(year - 1)) if kind == "NUMBER OF ALLEGATIONS" else (kind, "")
    cells: list[str] = []
    facts: list[tuple[Figure, ...]] = []
    for key, _ in header:
        empty = blanks and rng.random() < 0.1
        printed, values = ("", [("empty", "")]) if empty else ROWS[kind](rng)
        cells.append(printed)
        facts.append(tuple(_figure(key, kind, stated, value) for value in values))
    return Mission(caption, tuple(cells), tuple(facts))


def _figure(key: str, kind: str, year: str, fact: tuple[str, str]) -> Figure:
    value, _, own = fact[1].partition(";")
    return Figure(key, kind.lower(), own or year, fact[0], value)


def _personnel(rng: random.Random) -> Printed:
    number = rng.choice((rng.randint(1, 999), rng.randint(1000, 400_000)))
    if rng.random() < 0.1:
        return "1.5 million", [("number", "1500000")]
    return f"{number:,}", [("number", str(number))]


def _office(rng: random.Random) -> Printed:
    name = f"Office of {rng.choice(invented.ADJECTIVES)} {rng.choice(invented.NOUNS)} Affairs"
    return rng.choice(((name, [("text", name)]), (f"{name} (ABC)", [("text", name)])))


def _policy(rng: random.Random) -> Printed:
    titles = [f"{rng.choice(invented.ADJECTIVES)} {rng.choice(invented.NOUNS)} Rules" for _ in range(rng.randint(1, 2))]
    opening, closing = rng.choice(("“”", '""'))
    year = rng.choice(("", str(rng.randint(2001, 2040))))
    bracket = f" ({year})" if year else ""
    facts = [("text", f"{title};{year}") for title in titles]
    return " ".join(f"{opening}{title}{closing}{bracket}" for title in titles), facts


def _allegations(rng: random.Random) -> Printed:
    number = rng.randint(1, 900)
    return rng.choice((
        ("No reported allegations", [("none_reported", "No reported allegations")]),
        ("No reported allegations - the test would say so.", [("none_reported", "No reported allegations")]),
        (f"{number} allegations were dreamt of.", [("number", str(number))]),
    ))  # fmt: skip


def _initiative(rng: random.Random) -> Printed:
    noun = rng.choice(invented.NOUNS)
    return f"{noun} lessons are planned. None of them has begun.", [("text", noun)]


def _links(rng: random.Random) -> Printed:
    url = invented.link(rng)
    return url, [("text", url)]


ROWS = {
    "TOTAL NUMBER OF PEACEKEEPING AND SUPPORT PERSONNEL": _personnel,
    "TOTAL NUMBER OF MISSIONS": _personnel,
    "PREVENTION POLICY": _policy,
    "LEAD OFFICE RESPONSIBLE FOR IMPLEMENTATION": _office,
    "NUMBER OF ALLEGATIONS": _allegations,
    "NEW INITIATIVES": _initiative,
    "LINKS FOR ADDITIONAL INFORMATION": _links,
}
