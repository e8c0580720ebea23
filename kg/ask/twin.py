"""A small slice in the shapes of Wikidata, for questions with no network: what the reviewed tables say, nothing more.

Each triple rests on the row that pairs a thing with its item, and on the evidence that the row names in its comment:

- rdfs:label: the name that the item has in Wikidata, where the review saw it (column object_label);
- wdt:P297: the ISO 3166-1 alpha-2 code of the state, where the evidence is a query for P297 or names that code;
- wdt:P6782: the ROR id of the organization, where the evidence is that ROR record, which names the item;
- wdt:P31: that the item is a country, where the evidence is typed so.

Codes and ids that are only known of the thing, not of the item, are left out: Wikidata may not have them there.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Quad, QuerySolutions, Store

from kg.federate.answers import Answer, too_much
from kg.graph.sssom import Match, packaged_matches
from kg.graph.terms import LABEL, english, named, text

_COUNTRY: Final = named("wd:Q6256")
_TYPED: Final = "(typed country)"
# The registries, by how their identifiers begin.
_ISO: Final = "https://www.iso.org/obp/ui/#iso:code:3166:"
_ROR: Final = "https://ror.org/"


def twin_answer(endpoint: str, query: str, most_rows: int) -> Answer:
    """In place of `endpoint`, from the twin. Raises Refused beyond `most_rows`."""
    solutions = packaged_twin().query(query)
    assert isinstance(solutions, QuerySolutions)
    rows = [tuple(solution) for solution in solutions]
    if len(rows) > most_rows:
        raise too_much(f"the twin of {endpoint} answered with more rows than the {most_rows} that are left")
    return Answer(tuple(variable.value for variable in solutions.variables), rows, size=0, requests=0)


@functools.cache
def packaged_twin() -> Store:
    """The twin of the tables that come with the package, in memory."""
    store = Store()
    store.extend(twin(packaged_matches()))
    return store


def twin(matches: Iterable[Match]) -> Iterator[Quad]:
    """What the matches say of items, in the default graph."""
    found = list(matches)
    items = named("wd:").value
    others: dict[str, list[str]] = {}
    for match in found:
        others.setdefault(match.subject, []).append(match.target)
    for match in found:
        if match.target.startswith(items):
            yield from _said(match, others[match.subject])


def _said(match: Match, identifiers: list[str]) -> Iterator[Quad]:
    item = named(f"wd:{match.target.rpartition('/')[2]}")
    if match.label:
        yield Quad(item, LABEL, english(match.label))
    if _TYPED in match.comment:
        yield Quad(item, named("wdt:P31"), _COUNTRY)
        yield Quad(_COUNTRY, LABEL, english("country"))
    for identifier in identifiers:
        code, ror = identifier.removeprefix(_ISO), identifier.removeprefix(_ROR)
        if code != identifier and re.search(rf"\bP297\b|\bISO code {re.escape(code)}\b", match.comment):
            yield Quad(item, named("wdt:P297"), text(code))
        if ror != identifier and f"/{ror}.json" in match.comment:
            yield Quad(item, named("wdt:P6782"), text(ror))
