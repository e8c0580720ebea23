"""Draws what stands around the tables: glossary, note on currencies, photo credits, staff."""

import calendar
import random

from tests.editions import invented, stock
from tests.editions.model import Frame, Naming, Note


def draw(rng: random.Random, year: int, *, columns_lost: bool) -> Frame:
    rates, rates_note = _rates(rng, year)
    if columns_lost:
        return Frame(_glossary(rng), rates, (), (), (rates_note,))
    credited = tuple(f"Page {page}: {invented.person(rng)}/Test Pictures" for page in range(1, rng.randint(2, 9)))
    staff = tuple(invented.person(rng) for _ in range(rng.randint(2, 9)))
    notes = (rates_note, _count("photo_credits", credited), _count("staff", staff))
    return Frame(_glossary(rng), rates, credited, staff, notes)


def _count(about: str, listed: tuple[str, ...]) -> Note:
    return Note(about, "", "", "", str(len(listed)), "")


def _glossary(rng: random.Random) -> tuple[Naming, ...]:
    known = rng.sample(sorted(stock.organizations()), rng.randint(1, 8))
    entries = [stock.organizations()[key] for key in known]
    found = [Naming(entry["abbreviation"], entry["label"]) for entry in entries if entry.get("abbreviation")]
    name = invented.organization(rng)
    found.append(Naming(invented.initials(name), name))
    found.append(Naming("2000 UN TIP PROTOCOL (PALERMO PROTOCOL)", stock.treaties()["palermo-protocol"]["label"]))
    return tuple(sorted(set(found)))


def _rates(rng: random.Random, year: int) -> tuple[str, Note]:
    month = rng.randint(1, 12)
    url = f"https://www.example.org/rates/itin-{month}-{year - 1}.pdf"
    day = f"{calendar.month_name[month]} {rng.randint(10, 28)}, {year - 1}"
    iso = f"{year - 1}-{month:02}-{day.split()[1].rstrip(',')}"
    sentence = f"NOTES: Test coins were counted with the currency exchange rates of a dream on {day}. See <{url}>"
    return sentence, Note("exchange_rates", "", iso, "", "", url)
