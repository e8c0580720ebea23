"""A query with SERVICE at the endpoint: checked against the list, carried out, its failures told as problems."""

from typing import Final

from kg.federate.allowed import Allowed, Budget
from kg.federate.answers import Cache
from kg.federate.refused import Refused
from kg.federate.rewrite import Local, Receipt, Rewritten, blanked
from kg.federate.rewrite import federated as carried_out
from kg.serve.explain import explain
from kg.serve.problem import Problem

# A header with a receipt for each SERVICE of the query.
RECEIPT: Final = "Service-Receipt"


def federated(text: str, local: Local, allowed: Allowed, budget: Budget, *, answers: Cache | None = None) -> Rewritten:
    """The query without SERVICE, for a `text` whose outline has services; `local` evaluates a SELECT on the graphs of
    the query. Raises Problem: 403 off the list, 400 for a form that cannot be done or is over the budget, 502 to 504.
    """
    # The HTTP client takes a fifth of a second to import, which no start and no other query is to wait for.
    from kg.federate.remote import Remote

    try:
        with Remote(allowed, budget, answers) as remote:
            return carried_out(text, local, remote, allowed=allowed, budget=budget)
    except Refused as refused:
        raise Problem.of(refused) from refused
    except SyntaxError as error:
        # The engine must not see the SERVICE of any part of the text.
        raise explain(blanked(text), str(error)) from error


def receipt_line(receipt: Receipt) -> str:
    """A structured field (RFC 9651): the endpoint, what was sent and got, the age of kept answers, and whether a SILENT
    one failed."""
    age = "" if receipt.cache_age is None else f";age={receipt.cache_age:.0f}"
    failed = ";failed" if receipt.failed else ""
    return (
        f'"{receipt.endpoint}";values={receipt.values};requests={receipt.requests};rows={receipt.rows}'
        f";bytes={receipt.size};seconds={receipt.seconds:.3f}{age}{failed}"
    )
