"""One check of the table, whoever carries requests: the doctor over HTTP, or a test to an application in process."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kg.doctor.answer import Answer, Came
from kg.doctor.expect import first_cell, in_words, judge
from kg.doctor.request import Missing, Sent, filled, sent
from kg.doctor.table import Check, Expect, Request
from kg.doctor.target import Target

Ask = Callable[[Sent], Came]
Values = Mapping[str, str]


class NotTried(Exception):  # noqa: N818  nothing is wrong
    """Raised with the reason why a check says nothing about this endpoint."""


def attempt(check: Check, target: Target, ask: Ask, values: Values) -> tuple[Came, Answer | None]:
    """What comes of the request, and of `first` where there is one. Raises NotTried."""
    assert check.request is not None
    first = None
    if check.first is not None:
        first = _first(check, ask(_sent(check.first, target, values)))
        values = {**values, **dict(_values_of(first))}
    return ask(_sent(check.request, target, values)), first


def expected(check: Check, values: Values) -> Expect:
    """What the check expects, with the address of this endpoint where the table says $url."""
    expect = check.expect
    if expect.triple is None:
        return expect
    predicate, value = expect.triple
    return replace(expect, triple=(predicate, filled(value, values)))


def _first(check: Check, came: Came) -> Answer:
    if not came.answers:
        raise NotTried(f"the request before it got no answer: {came.failure}")
    if check.given and (reasons := judge(check.given, came)):
        raise NotTried(f"it needs {in_words(check.given)}, but: {'; '.join(reasons)}")
    return came.answers[0]


def _sent(request: Request, target: Target, values: Values) -> Sent:
    try:
        return sent(request, target, values)
    except Missing as error:
        name = error.args[0]
        raise NotTried(f"the request before it gave no {'row' if name == 'value' else name}") from error


def _values_of(answer: Answer) -> Iterator[tuple[str, str]]:
    etag = answer.header("etag")
    if etag:
        yield "etag", etag
    try:
        cell = first_cell(answer)
    except ValueError:
        return
    if cell is not None:
        yield "value", cell
