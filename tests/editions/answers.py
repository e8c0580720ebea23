"""What the reader found, in the words of the model: the records of an extraction as answers."""

from collections.abc import Iterable

from kg import records
from kg.records import Entity, Record
from tests.editions.model import (
    Answers,
    Figure,
    FocalPoint,
    Framework,
    Link,
    Listed,
    Naming,
    Note,
    Ratification,
)


class _Things:
    """Names of things as the model has them: a slug, or "new: <label>" where the id was generated."""

    def __init__(self, found: Iterable[Record]) -> None:
        self.entities = {(e.kind_of, e.id): e for e in found if isinstance(e, Entity)}

    def name(self, kind_of: str, key: str) -> str:
        entity = self.entities[kind_of, key]
        return key if entity.generated == "no" else f"new: {entity.label}"

    def organization(self, key: str) -> str:
        kind_of = "organization" if ("organization", key) in self.entities else "body"
        return self.name(kind_of, key)

    def body(self, key: str) -> str:
        kind_of, _, rest = key.partition("/")
        return self.name(kind_of, rest) if key else ""


def of(found: Iterable[Record]) -> Answers:
    """The answers that these records give."""
    found = list(found)
    things = _Things(found)
    answers = Answers([], [], [], [], [], [], [], [])
    for record in found:
        _add(answers, things, record)
    return answers


def _add(answers: Answers, things: _Things, record: Record) -> None:
    match record:
        case records.TreatyStatus():
            answers.ratifications.append(_ratification(things, record))
        case records.OrganizationRow():
            shared = tuple(things.organization(key) for key in record.shared_with)
            answers.rows.append(Listed(things.organization(record.organization), record.name, shared))
        case records.Link():
            owner = things.organization(record.organization)
            answers.links.append(Link(things.organization(record.row), owner, record.label, record.url))
        case records.Framework():
            answers.frameworks.append(_framework(things, record))
        case records.FocalPoint():
            owner, body = things.organization(record.organization), things.body(record.body)
            answers.focal_points.append(FocalPoint(owner, record.name, record.status, body, record.heading))
        case records.Figure():
            answers.figures.append(_figure(things, record))
        case records.Naming():
            answers.glossary.append(Naming(record.abbreviation, record.expansion))
        case records.Note():
            answers.notes.append(_note(things, record))
        case _:
            pass


def _ratification(things: _Things, record: records.TreatyStatus) -> Ratification:
    instrument = things.name("instrument", record.instrument)
    return Ratification(
        record.state_name, record.state, instrument, record.status, record.year, record.mode, record.entry_into_force,
        record.ended,
    )  # fmt: skip


def _framework(things: _Things, record: records.Framework) -> Framework:
    owner, instrument = things.organization(record.organization), things.name("instrument", record.instrument)
    return Framework(
        owner, record.title, record.years, record.symbol, record.short, record.url, instrument, record.heading
    )


def _figure(things: _Things, record: records.Figure) -> Figure:
    value = record.value.split()[0] if record.unit == "summary" else record.value
    return Figure(
        things.organization(record.organization), record.measure, "; ".join(record.years), record.status, value
    )


def _note(things: _Things, record: records.Note) -> Note:
    instrument = things.name("instrument", record.instrument) if record.instrument else ""
    return Note(record.about, instrument, record.since, record.until, record.value, record.url)


def differences(found: Answers, wanted: Answers) -> list[str]:
    """The first things that differ, a line each: - wanted and not found, + found and not wanted."""
    lines: list[str] = []
    for name in Answers._fields:
        here, there = (list(getattr(answers, name)) for answers in (found, wanted))
        if here != there:
            missing = [f"- {name} {row}" for row in there if row not in here]
            more = [f"+ {name} {row}" for row in here if row not in there]
            lines += [*missing[:5], *more[:5]] or [f"  {name}: the same rows in another order or number"]
    return lines


def faults_of_passages(text: str, found: Iterable[Record]) -> list[str]:
    """Records whose passage does not hold the value that they state; blanks do not count, as lines may be broken."""
    faults: list[str] = []
    for record in found:
        if isinstance(record, records.Statement):
            passage = text[record.begin : record.end]
            lost = [value for value in _stated(record) if _solid(value) not in _solid(passage)]
            faults += [f"{record.kind} {record.id}: {value!r} is not in {passage[:80]!r}" for value in lost]
    return faults


def _stated(record: records.Statement) -> list[str]:
    match record:
        case records.TreatyStatus():
            return [record.printed] if record.printed else [record.state_name]
        case records.Link():
            return [record.url]
        case records.Framework():
            return [record.title.split(",")[0].split(" (")[0], record.url, *(year[:4] for year in record.years)]
        case records.FocalPoint():
            return [record.name]
        case records.OrganizationRow():
            return [record.name]
        case records.Naming():
            return [record.abbreviation, record.expansion]
        case _:
            return []


def _solid(text: str) -> str:
    return "".join(text.split())
