"""Questions beside Wikidata over HTTP: whom a request may ask, what is told of it in headers, why there is no answer.

Nobody is asked who is not on the list of the server; without Wikidata the offline twin answers, where it can."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pyoxigraph import Store
from starlette.requests import Request

from kg import formats
from kg.ask import catalogue
from kg.ask.answer import Answer
from kg.ask.values import Nearest
from kg.federate.allowed import FOR_SERVICE, PUBLIC, Allowed
from kg.federate.answers import Answers
from kg.serve.boundary import BEGAN
from kg.serve.endpoint import Limits
from kg.serve.problem import Problem
from kg.serve.protocol import pairs, seconds

if TYPE_CHECKING:
    from kg.ask.federated import FederationError, Whom

# Of every question beside Wikidata, beside its own parameters.
OWN: Final = ("mode", "endpoint")
# A header that says whether Wikidata or its twin was asked.
USED: Final = "Service-Used"
# Of what the graph itself holds, in a refusal; all of it is a question of its own.
SHOWN: Final = 20
_KEPT_BYTES: Final = 8 * 1024 * 1024
_KEPT_SECONDS: Final = 600
_TITLES: Final = {
    400: "The question asks too much of Wikidata",
    403: "Not allowed by this server",
    422: "No answer offline",
    502: "Wikidata cannot be asked",
    503: "Wikidata is busy",
    504: "Wikidata is too slow",
}


class Beside:
    """`allowed` are the endpoints that the server may ask. Answers of theirs are kept for a while, by this process."""

    def __init__(self, store: Store, allowed: Allowed, limits: Limits) -> None:
        self._store = store
        self._allowed = allowed
        self._limits = limits
        self._answers = Answers(_KEPT_BYTES, _KEPT_SECONDS)

    @property
    def may_ask(self) -> bool:
        return PUBLIC in self._allowed.urls

    def whom(self, name: str, given: Mapping[str, str], request: Request) -> "Whom | None":
        """Whom a request may ask; None for a question to the graph alone. Raises Problem."""
        if not catalogue.is_federated(name):
            return None
        from dataclasses import replace

        from kg.ask.federated import MODES, Whom, mode_of

        try:
            mode = mode_of(given.get("mode", "auto"))
        except ValueError as error:
            problem = Problem(422, "No such value", str(error))
            problem.members = {"parameter": "mode", "nearest": [{"label": one} for one in MODES]}
            raise problem from error
        found, left = Whom(self._endpoint(given), self._allowed, mode), self._seconds(request)
        if not found.may_ask:
            return found
        return replace(found, budget=replace(self._limits.services, seconds=left), answers=self._answers)

    def ask(self, name: str, given: Mapping[str, str], whom: "Whom", nearest: Nearest) -> Answer:
        """Raises QuestionError; Problem with what the graph itself holds."""
        from kg.ask.federated import FederationError

        asked = {key: value for key, value in given.items() if key not in OWN}
        try:
            return catalogue.ask(self._store, name, asked, whom, nearest=nearest)
        except FederationError as error:
            raise _problem(error) from error

    def _endpoint(self, given: Mapping[str, str]) -> str:
        named = given.get("endpoint")
        if named is None:
            return PUBLIC
        if given.get("mode") == "offline":
            raise Problem(400, "Ambiguous request", "mode=offline asks nobody: give it without endpoint")
        if named not in self._allowed.urls:
            listed = f"it may ask {', '.join(self._allowed.urls) or 'no other endpoint'}"
            problem = Problem(403, _TITLES[403], f"{named[:200]!r} is not on the list of this server: {listed}")
            problem.members = {"parameter": "endpoint"}
            raise problem
        return named

    def _seconds(self, request: Request) -> float:
        """For all requests to others: what is left of their share of the time, so that the twin can still answer."""
        timeout = dict(pairs(request.scope["query_string"], "the query string")).get("timeout")
        most = self._limits.services.seconds
        share = min(most, seconds(timeout, self._limits.seconds) * FOR_SERVICE) if timeout else most
        began: float = request.scope[BEGAN]
        return share - (time.monotonic() - began)


def told(answer: Answer) -> dict[str, str]:
    """The same as the members of JSON, for forms that hold nothing but rows."""
    if answer.used == "graph":
        return {}
    from kg.serve.federation import RECEIPT, receipt_line

    return {USED: answer.used, RECEIPT: ", ".join(map(receipt_line, answer.receipts))}


def _problem(error: "FederationError") -> Problem:
    problem = Problem(error.status, _TITLES[error.status], str(error), headers=error.headers)
    if error.columns:
        rows = formats.as_objects(error.columns, error.rows[:SHOWN])
        problem.members = {"here": {"rows": list(rows), "total": len(error.rows)}}
    return problem
