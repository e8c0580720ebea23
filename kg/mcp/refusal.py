"""A call that is not carried out, and why: what the client is told."""


class RefusedError(ValueError):
    """The message says what is wrong, and what can be done instead."""
