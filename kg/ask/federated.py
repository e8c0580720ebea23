"""An answer to a question that asks Wikidata too: from Wikidata itself, or from the offline twin of it.

The answer says from which it comes, with a receipt for each SERVICE and what the twin can and cannot say. Where neither
can answer, the error gives what the graph itself holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from pyoxigraph import QuerySolutions, Store

from kg.ask.answer import Asked
from kg.ask.federated_questions import FederatedQuestion, federated_question
from kg.ask.question import Question
from kg.ask.questions import meant
from kg.ask.rows import Cell, value
from kg.ask.values import Nearest
from kg.federate.allowed import PUBLIC, Allowed, Budget
from kg.federate.answers import Cache, RemoteFailed, Row, Term
from kg.federate.bound import with_endpoint, with_values, without_services
from kg.federate.refused import Refused
from kg.federate.rewrite import Ask, Receipt, federated
from kg.iris import BASE

Mode = Literal["auto", "live", "offline"]
WIKIDATA: Final = Allowed((PUBLIC,))


@dataclass(frozen=True)
class Whom:
    """Whom to ask, and how: `endpoint` takes the place of Wikidata and must be `allowed`; `mode` is live (Wikidata or
    an error), offline (nobody is asked, the twin answers) or auto (the twin where Wikidata fails)."""

    endpoint: str = PUBLIC
    allowed: Allowed = WIKIDATA
    mode: Mode = "auto"
    budget: Budget = field(default_factory=Budget)
    answers: Cache | None = None


@dataclass(frozen=True)
class FederatedAnswer:
    """`used` is live or twin; `query` is what was run, parameters as VALUES, and gives the same rows in any tool."""

    question: Question
    asked: tuple[Asked, ...]
    query: str
    rows: tuple[tuple[Cell, ...], ...]
    used: Literal["live", "twin"]
    receipts: tuple[Receipt, ...]
    notes: tuple[str, ...]


class FederationError(ValueError):
    """A question that cannot be answered: over its budget, off the list, or without Wikidata and without the twin.
    `status` is what HTTP would answer; `rows` are what the graph itself holds, in the `columns` that it knows."""

    def __init__(
        self, message: str, status: int, columns: tuple[str, ...] = (), rows: tuple[tuple[Cell, ...], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.columns = columns
        self.rows = rows


def ask_federated(
    store: Store, name: str, asked: Mapping[str, str], whom: Whom, *, nearest: Nearest | None = None
) -> FederatedAnswer:
    """Answer a federated question; `asked` holds the parameters as people type them.

    Raises QuestionError (unknown question, parameter or value) and FederationError."""
    found = federated_question(name)
    understood = meant(store, found.question, asked, nearest)
    variables = {parameter.name: parameter.variable for parameter in found.question.parameters}
    query = with_values(found.question.query, {variables[one.parameter]: one.term for one in understood})
    asking = _Asking(store, found, understood, query)
    return asking.offline() if whom.mode == "offline" else asking.live(whom)


@dataclass(frozen=True)
class _Asking:
    store: Store
    found: FederatedQuestion
    asked: tuple[Asked, ...]
    query: str

    def live(self, whom: Whom) -> FederatedAnswer:
        # The HTTP client takes a fifth of a second to import, which the twin is not to wait for.
        from kg.federate.remote import Remote

        text = with_endpoint(self.query, PUBLIC, whom.endpoint)
        try:
            with Remote(whom.allowed, whom.budget, whom.answers) as remote:
                return self._answered(text, remote, whom)
        except RemoteFailed as failed:
            why = f"not reachable ({failed.detail})"
            if whom.mode == "live" or self.found.twin is None:
                raise self._needs_live(why, failed.status) from failed
            return self._twin(why)
        except Refused as refused:
            raise FederationError(refused.detail, refused.status) from refused

    def offline(self) -> FederatedAnswer:
        why = "not asked (offline)"
        if self.found.twin is None:
            raise self._needs_live(why, 503)
        return self._twin(why)

    def _twin(self, why: str) -> FederatedAnswer:
        from kg.ask.twin import twin_answer

        answer = self._answered(self.query, twin_answer, Whom())
        notes = (f"from the offline twin, Wikidata was {why}", f"the twin holds: {self.found.twin}", *answer.notes)
        return replace(answer, used="twin", notes=notes)

    def _needs_live(self, why: str, status: int) -> FederationError:
        columns = self.found.here
        rows = self._rows(without_services(self.query), columns)
        message = (
            f"{self.found.question.name} needs Wikidata live; {why}; what the graph itself holds: {len(rows)} rows"
        )
        return FederationError(message, status, columns, rows)

    def _answered(self, text: str, ask: Ask, whom: Whom) -> FederatedAnswer:
        rewritten = federated(text, self._select, ask, allowed=whom.allowed, budget=whom.budget)
        return FederatedAnswer(
            question=self.found.question,
            asked=self.asked,
            query=self.query,
            rows=self._rows(rewritten.text, self.found.question.column_names),
            used="live",
            receipts=rewritten.receipts,
            notes=(f"tested: {self.found.tested}",),
        )

    def _select(self, text: str) -> Iterable[Row]:
        return (tuple(solution) for solution in self._solutions(text))

    def _rows(self, text: str, columns: Iterable[str]) -> tuple[tuple[Cell, ...], ...]:
        """Of these columns, each row once."""
        shown = list(columns)
        rows = (tuple(_cell(solution[name]) for name in shown) for solution in self._solutions(text))
        return tuple(dict.fromkeys(rows))

    def _solutions(self, text: str) -> QuerySolutions:
        solutions = self.store.query(text, base_iri=BASE)
        assert isinstance(solutions, QuerySolutions)
        return solutions


def _cell(term: Term | None) -> Cell:
    return "" if term is None else value(str(term))
