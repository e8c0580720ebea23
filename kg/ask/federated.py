"""An answer to a question that asks Wikidata too: from Wikidata itself, or from the offline twin of it.

The answer says from which it comes, with a receipt for each SERVICE and what the twin can and cannot say. Where neither
can answer, the error gives what the graph itself holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from pyoxigraph import QuerySolutions, Store

from kg.ask.answer import Answer, Asked
from kg.ask.federated_questions import FederatedQuestion, federated_question
from kg.ask.questions import meant
from kg.ask.rows import Cell, Rows, once, tabled
from kg.ask.sources import able_to_say, build_id
from kg.ask.values import Nearest
from kg.federate.allowed import PUBLIC, Allowed, Budget, checked_url
from kg.federate.answers import Cache, RemoteFailed, Row
from kg.federate.bound import with_endpoint, with_values, without_services
from kg.federate.refused import Refused
from kg.federate.rewrite import Ask, federated
from kg.iris import BASE

Mode = Literal["auto", "live", "offline"]
Headers = tuple[tuple[str, str], ...]
MODES: Final[tuple[Mode, ...]] = ("auto", "live", "offline")
WIKIDATA: Final = Allowed((PUBLIC,))


@dataclass(frozen=True)
class Whom:
    """Whom to ask, and how: `endpoint` takes the place of Wikidata and must be `allowed`; `mode` is live (Wikidata or
    an error), offline (nobody is asked, the twin answers) or auto (the twin where Wikidata fails, or may not be
    asked)."""

    endpoint: str = PUBLIC
    allowed: Allowed = WIKIDATA
    mode: Mode = "auto"
    budget: Budget = field(default_factory=Budget)
    answers: Cache | None = None

    @property
    def may_ask(self) -> bool:
        """Whether a question may go to the endpoint at all; without, the same question has the same answer."""
        return self.mode != "offline" and self.endpoint in self.allowed.urls


class FederationError(ValueError):
    """A question that cannot be answered: over its budget, off the list, or without Wikidata and without the twin.
    `status` and `headers` are what HTTP would answer; `rows` are what the graph itself holds, in the `columns` that it
    knows, where that is all that can be told."""

    def __init__(
        self,
        message: str,
        status: int,
        columns: tuple[str, ...] = (),
        rows: tuple[tuple[Cell, ...], ...] = (),
        *,
        headers: Headers = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.columns = columns
        self.rows = rows
        self.headers = headers


def whom(endpoint: str | None = None, mode: str = "auto", seconds: float = 30.0, answers: Cache | None = None) -> Whom:
    """Wikidata, or the endpoint in its place, which is thereby allowed. Raises ValueError for what is no address of
    one, and for a mode that there is not."""
    url = checked_url(endpoint or PUBLIC)
    return Whom(url, Allowed((url,)), mode_of(mode), Budget(seconds=seconds), answers)


def mode_of(text: str) -> Mode:
    """Raises ValueError with the modes that there are."""
    for mode in MODES:
        if text == mode:
            return mode
    raise ValueError(f"mode is {', '.join(MODES[:-1])} or {MODES[-1]}, not {text[:40]!r}")


def ask_federated(
    store: Store, name: str, asked: Mapping[str, str], whom: Whom, *, nearest: Nearest | None = None
) -> Answer:
    """Answer a federated question; `asked` holds the parameters as people type them.

    Raises QuestionError (unknown question, parameter or value) and FederationError."""
    found = federated_question(name)
    understood = meant(store, found.question, asked, nearest)
    variables = {parameter.name: parameter.variable for parameter in found.question.parameters}
    query = with_values(found.question.query, {variables[one.parameter]: one.term for one in understood})
    asking = _Asking(store, found, understood, query)
    if whom.mode == "offline":
        return asking.twin("not asked (offline)", 422)
    if not whom.may_ask:
        return asking.twin(f"not asked ({whom.endpoint} is not on the list of endpoints)", 403, whom.mode)
    return asking.live(whom)


@dataclass(frozen=True)
class _Asking:
    store: Store
    found: FederatedQuestion
    asked: tuple[Asked, ...]
    query: str

    def live(self, whom: Whom) -> Answer:
        # The HTTP client takes a fifth of a second to import, which the twin is not to wait for.
        from kg.federate.remote import Remote

        text = with_endpoint(self.query, PUBLIC, whom.endpoint)
        try:
            with Remote(whom.allowed, whom.budget, whom.answers) as remote:
                return self._answered(text, remote, whom)
        except RemoteFailed as failed:
            return self.twin(f"not reachable ({failed.detail})", failed.status, whom.mode, failed.headers)
        except Refused as refused:
            raise FederationError(refused.detail, refused.status) from refused

    def twin(self, why: str, status: int, mode: Mode = "offline", headers: Headers = ()) -> Answer:
        """From the twin, because of `why`; with `status` and `headers` fails a question that it cannot answer, or that
        is to be live."""
        if mode == "live" or self.found.twin is None:
            raise self._needs_live(why, status, headers)
        from kg.ask.twin import twin_answer

        answer = self._answered(self.query, twin_answer, Whom())
        notes = (f"from the offline twin, Wikidata was {why}", f"the twin holds: {self.found.twin}", *answer.notes)
        return replace(answer, used="twin", notes=notes)

    def _needs_live(self, why: str, status: int, headers: Headers = ()) -> FederationError:
        columns = self.found.here
        rows = tuple(row.values for row in self._rows(without_services(self.query), columns))
        message = (
            f"{self.found.question.name} needs Wikidata live; {why}; what the graph itself holds: {len(rows)} rows"
        )
        return FederationError(message, status, columns, rows, headers=headers)

    def _answered(self, text: str, ask: Ask, whom: Whom) -> Answer:
        rewritten = federated(text, self._select, ask, allowed=whom.allowed, budget=whom.budget)
        question = self.found.question
        rows = self._rows(rewritten.text, question.column_names)
        return Answer(
            question=question,
            asked=self.asked,
            rows_found=rows,
            sources=able_to_say(self.store, question),
            build_id=build_id(self.store),
            query=self.query,
            explanation="" if rows else "nothing was found there that fits the rows of the graph",
            used="live",
            receipts=rewritten.receipts,
            notes=(f"tested: {self.found.tested}",),
        )

    def _select(self, text: str) -> Iterable[Row]:
        return (tuple(solution) for solution in self._solutions(text))

    def _rows(self, text: str, columns: Sequence[str]) -> Rows:
        """Of these columns, each row once."""
        things = {column.name: column.iri for column in self.found.question.columns}
        places, lines = tabled(self._solutions(text))
        cells = [line.split("\t") for line in lines]
        shown = ["\t".join([one[places[name]] for name in columns]) for one in cells]
        return once(shown, lines, [places.get(things[name] or "", -1) for name in columns])

    def _solutions(self, text: str) -> QuerySolutions:
        solutions = self.store.query(text, base_iri=BASE)
        assert isinstance(solutions, QuerySolutions)
        return solutions
