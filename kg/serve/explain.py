"""The engine's syntax errors made readable: which sign is wrong, and where it stands."""

import re
from collections import deque
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from pyoxigraph import Store

from kg.federate.refused import Refused, place_in
from kg.iris import BASE
from kg.serve.problem import Problem

if TYPE_CHECKING:
    from kg.federate.tokens import Token

TITLE: Final = "Syntax error in the query"
# The engine reads a longer query too slowly to be asked again and again where it could go on.
_LONG: Final = 100_000


def explain(text: str, message: str) -> Problem:
    """A problem that is no matter of syntax (a variable that is not bound) is told in the engine's own words."""
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if match is None:
        return Problem(400, TITLE, message)
    line, column = int(match[1]), int(match[2])
    for item in re.sub(r"\[[^\]]*\]|\"[^\"]*\"", "", match[3]).split(", "):
        if item.strip().count(" ") > 1:
            return Problem(400, TITLE, item.strip(), line=line, column=column)
    if len(text) > _LONG:
        return Problem(400, TITLE, "what stands here or just before is not expected", line=line, column=column)
    wrong = _first_wrong(text, line, column)
    if wrong is None:
        return Problem(400, TITLE, "the query ends too early", line=line, column=column)
    line, column = place_in(text, wrong.start)
    return Problem(400, TITLE, f"{wrong.text[:40]} is not expected here", line=line, column=column)


def _first_wrong(text: str, line: int, column: int) -> "Token | None":
    """The engine names the end of the longest keyword it tried, up to 14 signs too far: look back from there for the
    last token after which the query could go on."""
    from kg.federate.tokens import scan

    end = sum(len(one) for one in text.split("\n")[: line - 1]) + line - 1 + column - 1
    try:
        tokens = deque(takewhile(lambda token: token.start <= end, scan(text, data_together=True)), maxlen=20)
    except Refused as refused:
        raise Problem.of(refused) from refused
    wrong = None
    for token in reversed(tokens):
        if _can_go_on(text[: token.start + len(token.text)]):
            return wrong
        wrong = token
    return wrong


def _can_go_on(beginning: str) -> bool:
    """Whether what the engine misses stands at the end and is more than one of its keywords."""
    try:
        Store().query(beginning, base_iri=BASE)
    except SyntaxError as error:
        line, column = place_in(beginning, len(beginning))
        expected = str(error).partition(f"error at {line}:{column}: ")[2]
        return '"' in expected or "['" in expected
    return True
