"""Which endpoints a query may name in SERVICE: those of a list, each exactly as it stands there; and at what cost."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.federate.refused import Refused, place_in
from kg.iris import BASE

if TYPE_CHECKING:
    from kg.federate.groups import Element, Query

PUBLIC: Final = "https://query.wikidata.org/sparql"
# Of the time of a request, what may be spent on other endpoints; what is left is for the query itself.
FOR_SERVICE: Final = 2 / 3
_TITLE: Final = "SERVICE is not allowed"


@dataclass(frozen=True)
class Call:
    """A SERVICE of a query: `iri` is resolved against BASE and PREFIX; of a variable there is `variable` instead."""

    iri: str | None
    variable: str | None
    silent: bool
    start: int


@dataclass(frozen=True)
class Allowed:
    """The addresses that may be called, by SERVICE or as the target of a redirect."""

    urls: tuple[str, ...]


@dataclass(frozen=True)
class Budget:
    """Of one query, all its SERVICE together; `values` are the local values that one SERVICE may send."""

    seconds: float = 20.0
    requests: int = 40
    rows: int = 50_000
    size: int = 16 * 1024 * 1024
    values: int = 10_000


def allowed(host: str, named: Iterable[str] = ()) -> Allowed:
    """Those that the operator names; without one, the public query service if `host`, where the server listens, is
    loopback, else none. Raises ValueError with the reason where a named one is no address of an endpoint."""
    urls = tuple(dict.fromkeys(map(checked_url, named)))
    return Allowed(urls or ((PUBLIC,) if _is_loopback(host) else ()))


def checked_url(url: str) -> str:
    """The address as it is, or ValueError: http or https, a host, no user, no fragment, no blank."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is no address of an endpoint: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not re.fullmatch(r"[!-~]+", url):
        raise ValueError(f"{url!r} is no address of an endpoint: write it like {PUBLIC}")
    if "@" in parts.netloc or "#" in url:
        raise ValueError(f"{url!r} holds a user or a fragment, which the address of an endpoint may not")
    if port == 0:
        raise ValueError(f"{url!r} names port 0; a port is 1 to 65535")
    return url


def calls(text: str) -> tuple[Call, ...]:
    """Every SERVICE of a query, at whatever depth; raises Refused (400) where one stands where none can."""
    # A server starts, and answers queries of a plain form, without the tokens: their expressions take long to make.
    from kg.federate.groups import read
    from kg.federate.tokens import spelled_out

    return calls_in(read(spelled_out(text)))


def calls_in(query: "Query") -> tuple[Call, ...]:
    """The same of a query that is read already."""
    found = services(query)
    spelled = [token for token in query.tokens if token.word == "SERVICE"]
    if astray := {token.start for token in spelled} - {element.start for element in found}:
        line, column = place_in(query.text, min(astray))
        raise Refused(400, "Syntax error in the query", "SERVICE cannot stand here", line=line, column=column)
    iris = iter(resolved(query, [element for element in found if element.term and element.term.kind != "variable"]))
    return tuple(_call(element, iris) for element in found)


def services(query: "Query") -> "list[Element]":
    from kg.federate.groups import walk

    groups = ([query.where] if query.where else []) + query.others
    found = [element for group in groups for element in walk(group) if element.kind == "service"]
    return sorted(found, key=lambda element: element.start)


def resolved(query: "Query", elements: "list[Element]") -> list[str]:
    """The IRIs that they name, as the engine resolves them."""
    from pyoxigraph import Store

    if not elements:
        return []
    columns = " ".join(f"({element.term.text} AS ?s{n})" for n, element in enumerate(elements) if element.term)
    try:
        solutions = Store().query(f"{query.prologue} SELECT {columns} {{}}", base_iri=BASE)
    except SyntaxError as error:
        line, column = place_in(query.text, elements[0].start)
        detail = "SERVICE names no IRI, or BASE or PREFIX before it are wrong"
        raise Refused(400, "Syntax error in the query", detail, line=line, column=column) from error
    return [str(term.value) for row in solutions for term in row]  # type: ignore[union-attr]


def check(text: str, found: Iterable[Call], allowed: Allowed) -> None:
    """Raises Refused (403) for the first SERVICE that names no address of the list."""
    for call in found:
        if call.iri in allowed.urls:
            continue
        line, column = place_in(text, call.start)
        listed = f"may call only {', '.join(allowed.urls)}" if allowed.urls else "calls no other endpoint"
        named = f"<{call.iri}> is not on the list" if call.iri else f"?{call.variable} is a variable, not a fixed IRI"
        detail = f"{named}: this endpoint {listed}; run that part there and join the answers, or call this endpoint"
        raise Refused(403, _TITLE, f"{detail} by SERVICE from your own", line=line, column=column)


def _call(element: "Element", iris: Iterator[str]) -> Call:
    assert element.term is not None
    if element.term.kind == "variable":
        return Call(None, element.term.text[1:], element.silent, element.start)
    return Call(next(iris), None, element.silent, element.start)


def _is_loopback(host: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
