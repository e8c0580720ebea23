"""What is refused before the engine sees a query, and what its outline is: one pass over its tokens, no parsing.

The engine follows SERVICE to any address, and what is too complex for it (`complexity.py`) ends or blocks its process.
Most queries never come to their tokens: `plain.py` shows that they need not be looked at.
"""

from kg.federate.allowed import Allowed, check
from kg.federate.refused import Refused
from kg.serve.outline import Outline
from kg.serve.plain import read_plain
from kg.serve.problem import Problem


def inspect(text: str, allowed: Allowed = Allowed(())) -> Outline:  # noqa: B008  it is frozen
    """Raises Problem: 400 for what is no query or is over a limit, 403 for SERVICE that is not on the list. A syntax
    error may stay unseen."""
    plain = read_plain(text)
    if plain is None:
        return inspect_fully(text, allowed)
    return Outline(
        form=plain.form,
        prologue=text[: plain.start],
        default_graphs=(),
        named_graphs=(),
        star=plain.star,
        variables=plain.variables,
        changing=False,
    )


def inspect_fully(text: str, allowed: Allowed = Allowed(())) -> Outline:  # noqa: B008  it is frozen
    """The same token by token, which tells a syntax error better than the engine."""
    # Few queries come here, and none waits for these before the first answer.
    from kg.federate.tokens import scan
    from kg.serve.guarded import Guard

    guard = Guard(text)
    try:
        for token in scan(text, data_together=True):
            guard.read(token)
        outline = guard.outline()
        check(text, outline.services, allowed)
        return outline
    except Refused as refused:
        raise Problem.of(refused) from refused
