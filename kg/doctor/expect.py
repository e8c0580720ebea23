"""Whether what came is what the table expects, and both in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from kg.doctor.answer import Answer, Came, is_well_formed, printable, rows, summary, triples
from kg.doctor.table import Expect

Said = Iterator[str]


def judge(expect: Expect, came: Came, first: Answer | None = None) -> list[str]:
    """What differs, in words; nothing where all is as expected."""
    found = list(_of_the_server(expect, came))
    if not came.answers:
        refused = expect.or_closed and (came.closed or "closed" in came.failure)
        return found if refused or (expect.closed and came.closed) else [*found, summary(came)]
    if expect.statuses:
        found += _of_a_connection(expect, came)
    for answer in dict.fromkeys(came.answers):
        found += _of_an_answer(expect, answer, first)
    return list(dict.fromkeys(map(printable, found)))


def _of_the_server(expect: Expect, came: Came) -> Said:
    if expect.closed and not came.closed:
        yield f"the connection was still open after {came.seconds:.0f} s"
    if expect.untouched and came.touched:
        yield "the server called the address that the query names"
    if expect.within and came.seconds > expect.within:
        yield f"it took {came.seconds:.1f} s"
    if expect.meanwhile and not came.meanwhile:
        yield "another client got no answer meanwhile"
    if expect.alive and not came.alive:
        yield "the server did not answer afterwards"


def _of_a_connection(expect: Expect, came: Came) -> Said:
    shown = ", ".join(str(answer.status) for answer in came.answers)
    missing = len(expect.statuses) - len(came.answers)
    if missing > 0 and not (expect.or_closed and came.closed):
        yield f"{len(came.answers)} of {len(expect.statuses)} answers came: {shown}"
    for answer, wanted in zip(came.answers, expect.statuses, strict=False):
        if not _fits(answer.status, (wanted,)):
            yield f"status {answer.status}"


def _fits(status: int, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(one in (str(status), f"{status // 100}xx") for one in wanted)


def _of_an_answer(expect: Expect, answer: Answer, first: Answer | None) -> Said:
    if not _fits(answer.status, expect.status):
        yield f"status {answer.status}{f' ({answer.media_type})' if answer.media_type else ''}"
        return
    yield from _of_headers(expect, answer, first)
    yield from _of_text(expect, answer)
    if expect.differs == "body" and first is not None and first.body == answer.body:
        yield "the same answer twice"
    if answer.status // 100 == 2:
        for read in (_boolean, _value, _rows, _triple, _form):
            try:
                yield from read(expect, answer)
            except ValueError as error:
                yield f"the body cannot be read: {error}"
                return


def _of_headers(expect: Expect, answer: Answer, first: Answer | None) -> Said:
    if expect.type and answer.media_type not in expect.type:
        yield f"Content-Type {answer.header('content-type') or 'is missing'}"
    for name, wanted in expect.has.items():
        value = answer.header(name)
        if value is None:
            yield f"no {name}"
        elif wanted.lower() not in value.lower() and not (value == "*" and name.startswith("access-control")):
            yield f"{name}: {value}"
    for line in expect.lacks:
        name, _, part = line.partition(": ")
        value = answer.header(name)
        if value is not None and part.lower() in value.lower():
            yield f"{name}: {value}"
    for name in expect.same:
        if first is not None and first.header(name) != answer.header(name):
            yield f"{name} {answer.header(name)}, but {first.header(name)} before"


def _of_text(expect: Expect, answer: Answer) -> Said:
    text = answer.body.decode("utf-8", "replace")
    if expect.empty and answer.body:
        yield f"a body of {len(answer.body)} bytes"
    if expect.contains and expect.contains not in text:
        yield f"{expect.contains!r} does not stand in the body"
    if expect.omits and expect.omits in text:
        yield f"{expect.omits!r} stands in the body"
    if expect.no_markup and answer.media_type.endswith("html") and expect.no_markup in text:
        yield f"the page has {expect.no_markup!r} as markup"


def _boolean(expect: Expect, answer: Answer) -> Said:
    if expect.boolean is not None and (found := rows(answer).boolean) is not expect.boolean:
        yield "no boolean" if found is None else f"the answer is {str(found).lower()}"


def _value(expect: Expect, answer: Answer) -> Said:
    if expect.value is not None and (found := first_cell(answer)) != expect.value:
        yield f"the value is {found!r}"


def _rows(expect: Expect, answer: Answer) -> Said:
    if expect.rows is not None and (found := len(rows(answer).cells)) != expect.rows:
        yield f"{found} rows"


def _triple(expect: Expect, answer: Answer) -> Said:
    if expect.triple is None:
        return
    predicate, wanted = expect.triple
    said = [getattr(triple.object, "value", "") for triple in triples(answer) if triple.predicate.value == predicate]
    if wanted not in said:
        yield f"{predicate} is {', '.join(sorted(said)[:3]) or 'not there'}"


def _form(expect: Expect, answer: Answer) -> Said:
    if expect.well_formed and is_well_formed(answer):
        return
    yield from ()


def first_cell(answer: Answer) -> str | None:
    """None where there is no row. Raises ValueError where it is no result."""
    cells = rows(answer).cells
    return cells[0][0] if cells and cells[0] else None


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "status": lambda value: f"status {' or '.join(value)}" if value else "any status",
    "statuses": lambda value: f"status {', then '.join(value)}",
    "type": lambda value: f"Content-Type {' or '.join(value)}",
    "boolean": lambda value: f"the boolean {str(value).lower()}",
    "value": lambda value: f"the value {value!r}",
    "rows": lambda value: f"{value} rows",
    "triple": lambda value: f"{value[0]} {value[1]}",
    "well_formed": lambda _: "a body that is what its type says",
    "contains": lambda value: f"{value!r} in the body",
    "omits": lambda value: f"no {value!r} in the body",
    "no_markup": lambda value: f"{value!r} escaped",
    "empty": lambda _: "no body",
    "has": lambda value: ", ".join(f"{name}: {part or '...'}" for name, part in value.items()),
    "lacks": lambda value: f"no {', no '.join(value)}",
    "same": lambda value: f"the same {', '.join(value)} as before",
    "differs": lambda _: "another answer than before",
    "closed": lambda _: "the connection closed",
    "or_closed": lambda _: "or the connection closed",
    "untouched": lambda _: "no call",
    "within": lambda value: f"within {value:g} s",
    "meanwhile": lambda _: "others served meanwhile",
    "alive": lambda _: "an answer to the next request",
}


def in_words(expect: Expect) -> str:
    """What is expected, in one line."""
    unset = {one.name: one.default for one in fields(expect)}
    given = {name: getattr(expect, name) for name in _WORDS}
    # A status is always told; a mapping that is empty is one that was not given.
    told = [name for name, value in given.items() if name == "status" or (value != unset[name] and value != {})]
    if expect.statuses:
        told.remove("status")
    return "; ".join(_WORDS[name](given[name]) for name in told)
