"""A query with SERVICE made into one without: each is asked for what fits local values, and its answers take its place.

The rows are those of one merged store, since an answer that fits no local row has no part in a join, an OPTIONAL or a
MINUS.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import BlankNode, Store, Triple

from kg.federate import shapes
from kg.federate.allowed import Allowed, Budget, calls_in, check, resolved
from kg.federate.answers import Answer, RemoteFailed, Row, Term, too_much
from kg.federate.blocks import VALUES_IN_A_REQUEST, columns_of, requests, rows_of, values_clause
from kg.federate.groups import Element, Query, read
from kg.federate.local import Path, certain, local_part, paths, rendered
from kg.federate.refused import Refused
from kg.federate.tokens import Token, scan, spelled_out
from kg.iris import BASE

# Evaluates a SELECT on the graphs of the query.
Local = Callable[[str], Iterable[Sequence[Term | None]]]
# What an endpoint answers to a query, with at most so many rows.
Ask = Callable[[str, str, int], Answer]


@dataclass(frozen=True)
class Receipt:
    """What a SERVICE took. `values` is the number of local rows sent, `cache_age` the age in seconds of the oldest kept
    answer that was used, or None; `failed` says why a SILENT one was left out."""

    endpoint: str
    values: int = 0
    requests: int = 0
    rows: int = 0
    size: int = 0
    seconds: float = 0.0
    cache_age: float | None = None
    failed: str | None = None


@dataclass(frozen=True)
class Rewritten:
    """The offsets of what stands before the first SERVICE are as they were."""

    text: str
    receipts: tuple[Receipt, ...]


def federated(text: str, local: Local, ask: Ask, *, allowed: Allowed, budget: Budget) -> Rewritten:
    """Carries out every SERVICE. Raises Refused (400 for what cannot be done or is over budget, 403 for what is not on
    the list, 502 to 504 for another endpoint's failure), SyntaxError with places as in `blanked(text)`."""
    query = read(spelled_out(text))
    check(text, calls_in(query), allowed)
    shapes.check(query)
    Store().query(_without_service(_blanked(query)), base_iri=BASE)
    run = _Run(query, local, ask, budget)
    while run.pending:
        run.next()
    return run.result()


def blanked(text: str) -> str:
    """The query with its SERVICE blocks as plain groups, each sign where it was: for the engine to check."""
    return _blanked(read(spelled_out(text)))


def _blanked(query: Query) -> str:
    parts, done = [], 0
    heads = [(token.start, after.start) for token, after in _heads(query)]
    for start, end in heads:
        parts += [query.text[done:start], re.sub(r"[^\n]", " ", query.text[start:end])]
        done = end
    return "".join([*parts, query.text[done:]])


def _heads(query: Query) -> Iterable[tuple[Token, Token]]:
    """Each word SERVICE with the brace that opens its group."""
    service = None
    for token in query.tokens:
        if token.word == "SERVICE":
            service = token
        elif token.text == "{" and service:
            yield service, token
            service = None


class _Run:
    def __init__(self, query: Query, local: Local, ask: Ask, budget: Budget) -> None:
        self._query = query
        self._local = local
        self._ask = ask
        self._budget = budget
        self._rows = budget.rows
        self._done: dict[Element, str] = {}
        self._receipts: dict[Element, Receipt] = {}
        self._paths = list(paths(query))
        elements = [path[-1].element for path in self._paths]
        self._endpoints = dict(zip(elements, resolved(query, elements), strict=True))

    @property
    def pending(self) -> list[Path]:
        return [path for path in self._paths if path[-1].element not in self._done]

    def result(self) -> Rewritten:
        where = self._query.where
        text = self._query.text
        if where is not None:
            whole = Element("group", [where.first, where.last], [where])
            text = text[: whole.start] + rendered(self._query, whole, self._done) + text[whole.end :]
        return Rewritten(text, tuple(self._receipts[path[-1].element] for path in self._paths))

    def next(self) -> None:
        """Carries out the first that shares a variable with what is known; raises Refused if none does."""
        reasons = []
        for path in self.pending:
            values = self._values(path)
            if isinstance(values, Refused):
                reasons.append(values)
                continue
            element = path[-1].element
            self._done[element], self._receipts[element] = self._carried_out(element, values)
            return
        raise reasons[0]

    def _values(self, path: Path) -> tuple[list[str], list[Row]] | Refused:
        """Variables that each local row binds, and their values, each row once; or why there are none."""
        _without_service(local_part(self._query, path, dict.fromkeys(self._done, "{}")))
        part = local_part(self._query, path, self._done)
        known = self._in_scope(part)
        names = sorted(certain(path[-1].element.group) & known)
        if not names:
            return shapes.unbound(self._query, path, known)
        columns = " ".join(f"?{name}" for name in names)
        text = f"{self._query.prologue} SELECT DISTINCT {columns} {self._query.dataset} WHERE {part}"
        rows = [tuple(row) for row in islice(self._local(text), self._budget.values + 1)]
        bound = [place for place, _ in enumerate(names) if all(_is_usable(row[place]) for row in rows)]
        if not bound:
            return shapes.unbound(self._query, path, known, in_some_rows=names[0])
        kept = {tuple(row[place] for place in bound) for row in rows}
        most = min(self._budget.values, self._budget.requests * VALUES_IN_A_REQUEST)
        if len(rows) > self._budget.values or len(kept) > most:
            raise too_much(f"the local part gives more than {most} rows to ask about")
        # A blank node is known nowhere else: no answer can fit it.
        sent = [row for row in kept if not any(isinstance(term, BlankNode) for term in row)]
        return [names[place] for place in bound], sorted(sent, key=str)

    def _in_scope(self, group: str) -> frozenset[str]:
        try:
            results = Store().query(f"{self._query.prologue} SELECT * WHERE {group}", base_iri=BASE)
        except SyntaxError as error:
            title = "This form of SERVICE is not carried out"
            raise Refused(400, title, "what stands around SERVICE cannot be run without it") from error
        return frozenset(variable.value for variable in results.variables)  # type: ignore[union-attr]

    def _carried_out(self, element: Element, values: tuple[list[str], list[Row]]) -> tuple[str, Receipt]:
        """What stands in its place."""
        began = time.monotonic()
        receipt = Receipt(self._endpoints[element], values=len(values[1]))
        block = self._query.text[element.group.first.start : element.group.end]
        columns = columns_of(self._query, element, self._in_scope(block))
        rows: list[Row] = []
        try:
            for text in requests(self._query, element, columns, values):
                answer = self._ask(receipt.endpoint, text, self._rows)
                rows += rows_of(receipt.endpoint, answer, columns, values[0])
                self._rows -= len(answer.rows)
                receipt = _added(receipt, answer)
        except RemoteFailed as failed:
            if not element.silent:
                raise
            # SPARQL 1.1 Federated Query, section 3.1: one solution without bindings.
            return "{}", replace(receipt, seconds=time.monotonic() - began, failed=failed.detail)
        return values_clause(columns, rows), replace(receipt, seconds=time.monotonic() - began)


def _added(receipt: Receipt, answer: Answer) -> Receipt:
    ages = [age for age in (receipt.cache_age, answer.age) if age is not None]
    return replace(
        receipt,
        requests=receipt.requests + answer.requests,
        rows=receipt.rows + len(answer.rows),
        size=receipt.size + answer.size,
        cache_age=max(ages, default=None),
    )


def _is_usable(term: Term | None) -> bool:
    return term is not None and not isinstance(term, Triple)


def _without_service(text: str) -> str:
    """A last look at what goes to the engine, which would call any address."""
    if any(token.word == "SERVICE" for token in scan(text, data_together=True)):
        raise Refused(400, "SERVICE is not allowed", "what SERVICE asks cannot be told from the rest of the query")
    return text
