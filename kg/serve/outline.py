"""What the guard says of a query that may be evaluated."""

from typing import NamedTuple

from kg.federate.allowed import Call


class Outline(NamedTuple):
    """A query as its tokens show it.

    `prologue` is the text before the query form; `default_graphs` and `named_graphs` are the IRIs of FROM and FROM
    NAMED as written. `star` is the offset of the `*` of SELECT *, or None; `variables` then are all names after it in
    order of first use. `changing` queries (RAND, NOW ...) have another answer each time. The engine must see none of
    the `services`: federation.py carries them out.
    """

    form: str
    prologue: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    star: int | None
    variables: tuple[str, ...]
    changing: bool
    services: tuple[Call, ...] = ()
