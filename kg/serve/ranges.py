"""Byte ranges (RFC 9110, section 14) and content encodings (section 12.5.3), without sockets."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Range(NamedTuple):
    """Bytes from first to last, both included."""

    first: int
    last: int


class UnsatisfiableRange(ValueError):  # noqa: N818  it is the word of RFC 9110
    """A range that begins after the end."""


def byte_range(header: str | None, size: int) -> Range | None:
    """None where the whole is to be sent: no header, another unit, several ranges, or one that is malformed.

    Raises UnsatisfiableRange."""
    match = re.fullmatch(r"bytes=\s*([0-9]*)-([0-9]*)\s*", header or "", re.IGNORECASE)
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        begin, end = max(size - int(last), 0), size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < begin:
            return None
    if begin >= size:
        raise UnsatisfiableRange
    return Range(begin, end)


def encoding(header: str | None, offered: Iterable[str]) -> str | None:
    """The best of what is offered (the first where the client does not mind), or None: as it is.

    Without the header nothing is encoded; q=0 forbids, * stands for all that are not named."""
    weights: dict[str, float] = {}
    for member in (header or "").lower().split(","):
        name, _, parameter = (part.strip() for part in member.partition(";"))
        match = re.fullmatch(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", parameter)
        if name and (match or not parameter):
            weights[name] = float(match[1]) if match else 1.0
    everything = weights.get("*", 0.0)
    plain = weights.get("identity", 0.0)
    ranked = [(weights.get(name, everything), -place, name) for place, name in enumerate(offered)]
    best = max(ranked, default=(0.0, 0, ""))
    return best[2] if best[0] > 0 and best[0] >= plain else None
