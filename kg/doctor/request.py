"""From a request of the table to the bytes that are sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from kg.doctor.table import Nested, Request
from kg.doctor.target import Target

FORM: Final = "application/x-www-form-urlencoded"
_PLACE: Final = re.compile(r"\$([a-z_]+)")


class Missing(LookupError):  # noqa: N818  nothing is wrong
    """A value that the table names is not known: what the first answer lacks."""


@dataclass(frozen=True)
class Sent:
    """One request as an HTTP client takes it; with `chunked` the length is not announced."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes
    chunked: bool = False


def sent(request: Request, target: Target, values: Mapping[str, str]) -> Sent:
    """Raises Missing for a $name that has no value."""
    query_string = request.octets or urlencode(_parameters(request, values), doseq=True)
    url = target.at(request.at) + (f"?{query_string}" if query_string else "")
    content, media_type = _content(request, values)
    headers = {"accept": request.accept, "accept-encoding": "identity"}
    headers |= {"content-type": media_type} if media_type else {}
    headers |= {"x-doctor": "x" * request.padded_head} if request.padded_head else {}
    headers |= {name: filled(value, values) for name, value in request.headers.items()}
    return Sent(request.method, url, tuple(headers.items()), content, request.chunked)


def _parameters(request: Request, values: Mapping[str, str]) -> dict[str, str | list[str]]:
    given = dict(request.url)
    if request.query is not None:
        pad = request.padded if request.body is None else 0
        given["query"] = _padded(request.query, pad)
    return {name: _filled(value, values) for name, value in given.items()}


def _content(request: Request, values: Mapping[str, str]) -> tuple[bytes, str]:
    """The body and its type; a nested query goes as a form."""
    form = request.form
    if request.nested is not None:
        form = {"query": _nested(request.nested)}
    if form is not None:
        return urlencode({name: _filled(value, values) for name, value in form.items()}, doseq=True).encode(), FORM
    if request.body is None:
        return b"", request.type
    return _padded(filled(request.body, values), request.padded).encode(request.encoding), request.type


def _padded(query: str, length: int) -> str:
    """With a comment that makes it as long as that."""
    return query if length <= len(query) else f"{query} #".ljust(length, "x")


def _nested(shape: Nested) -> str:
    return shape.before + shape.open * shape.times + shape.middle + shape.close * shape.times + shape.after


def _filled(value: str | list[str], values: Mapping[str, str]) -> str | list[str]:
    return filled(value, values) if isinstance(value, str) else [filled(one, values) for one in value]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each $name replaced; raises Missing."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise Missing(match[1])
        return values[match[1]]

    return _PLACE.sub(value, text)
