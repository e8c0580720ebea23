"""Where a source names a known thing: an index that code makes of every name, no statement about anything.

A definite noun ("the Protocol") is resolved only in the section for which a person recorded what it means there.
"""

import functools
from collections.abc import Iterator, Sequence
from typing import Final

from kg.mappings import names
from kg.mappings.reading import Reading
from kg.read.coverage import Stretches
from kg.read.mentions import Index, index, phrase
from kg.read.text import Span
from kg.records import Designation, Mention, Reference, Statement

# Names of people stand there, and some people are called Jordan.
PEOPLE: Final = frozenset({"credit", "staff"})


def read(reading: Reading, statements: Sequence[Statement]) -> list[Mention]:
    """Every mention in the text in order, none within another; the things are noted as spoken of."""
    people = Stretches(span for span, reason in reading.apart if reason in PEOPLE)
    found = [(span, key) for span, key in _index(_printed(statements)).find(reading.text) if not people.touch(span)]
    found = sorted([*found, *_references(reading, statements, Stretches(span for span, _ in found))])
    for _, key in found:
        kind_of, _, thing = key.partition("/")
        reading.use(kind_of, thing)
    return [Mention(id=f"{span.begin}-{span.end}", entity=key, begin=span.begin, end=span.end) for span, key in found]


def _printed(statements: Sequence[Statement]) -> tuple[tuple[str, str], ...]:
    """What the source itself says that things are called."""
    named = (statement for statement in statements if isinstance(statement, Designation))
    return tuple((one.entity, name) for one in named for name in (one.name, one.abbreviation) if name)


@functools.lru_cache(maxsize=8)
def _index(printed: tuple[tuple[str, str], ...]) -> Index:
    return index([*_known(), *printed])


def _known() -> Iterator[tuple[str, str]]:
    """Every name of the shared tables but for those that count in one row of a table only."""
    for table, kind_of in (("instruments", "instrument"), ("programmes", "programme"), ("regions", "region")):
        for key, entry in names.table(table).items():
            yield from ((f"{kind_of}/{key}", name) for name in names.spellings(entry))
    for key, entry in names.table("organizations").items():
        if not entry.get("row"):
            kind_of = names.kind_of_organization(key)
            yield from ((f"{kind_of}/{key}", name) for name in names.spellings(entry))
    for state in names.states().values():
        yield from ((f"state/{state.alpha3}", name) for name in state.names)


def _references(reading: Reading, statements: Sequence[Statement], taken: Stretches) -> Iterator[tuple[Span, str]]:
    """Definite nouns where they stand, the longest where they overlap, none within a name."""
    given = sorted((one for one in statements if isinstance(one, Reference)), key=lambda one: -len(one.phrase))
    found: list[Span] = []
    for statement in given:
        part = reading.parts[statement.section]
        for match in phrase(statement.phrase).finditer(reading.text, part.begin, part.end):
            span = Span(*match.span())
            if not taken.touch(span) and not any(span.begin < one.end and one.begin < span.end for one in found):
                found.append(span)
                yield span, statement.entity
