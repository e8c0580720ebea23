"""The conformance table, checks.toml, as it is read: what it does not know is an error with the id of the check."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

SEVERITIES: Final = ("must", "should", "nice")
# intrusive: may hurt a server that is not prepared; canary: the server has to reach this machine's loopback interface;
# tipkg: only of this project's own server.
NEEDS: Final = ("intrusive", "canary", "tipkg")


class TableError(ValueError):
    """The table is not in its own form; the message names the check."""


@dataclass(frozen=True)
class Nested:
    """A query of that depth: `open` and `close` so many times around the middle."""

    before: str
    open: str
    times: int
    close: str
    after: str
    middle: str = ""


@dataclass(frozen=True)
class Request:
    """`query` is the parameter of the URL, `url` and `form` are parameters, `octets` is the query string as it is sent.

    `at` is a path from the root of the host, or a name beside the endpoint. `padded` is the length to which a comment
    fills the query, `padded_head` that of a header more; `clients` is how many send the same at once."""

    method: str = "GET"
    at: str = ""
    query: str | None = None
    url: Mapping[str, str | list[str]] = field(default_factory=dict)
    octets: str = ""
    form: Mapping[str, str | list[str]] | None = None
    body: str | None = None
    encoding: str = "utf-8"
    type: str = ""
    accept: str = "*/*"
    headers: Mapping[str, str] = field(default_factory=dict)
    nested: Nested | None = None
    padded: int = 0
    padded_head: int = 0
    chunked: bool = False
    clients: int = 1


@dataclass(frozen=True)
class Expect:
    """What has to come. `status` and `statuses` (one an answer on the connection) may be 4xx; none given is any.

    What concerns the content counts for answers of 2xx only. `value` is the first cell, `triple` predicate and object.
    `has` wants a header with that text, `lacks` no header of that name, or none of that name with that text. `same` are
    headers, `differs` is `body`, against the first answer. `or_closed` takes a connection closed without an answer."""

    status: tuple[str, ...] = ("200",)
    statuses: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    boolean: bool | None = None
    value: str | None = None
    rows: int | None = None
    triple: tuple[str, str] | None = None
    well_formed: bool = False
    contains: str = ""
    omits: str = ""
    no_markup: str = ""
    empty: bool = False
    has: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    differs: str = ""
    closed: bool = False
    or_closed: bool = False
    untouched: bool = False
    within: float = 0
    meanwhile: bool = False
    alive: bool = False


@dataclass(frozen=True)
class Check:
    """Either a request, after `first` if that meets `given`, or `raw` text for a socket, which may be `half` a request;
    `wait` reads until something comes."""

    group: str
    id: str
    severity: str
    standard: str
    says: str
    mend: str
    expect: Expect
    request: Request | None = None
    first: Request | None = None
    given: Expect | None = None
    raw: str = ""
    half: bool = False
    wait: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`groups` are the titles by name; checks stand in the order in which they are tried."""

    groups: Mapping[str, str]
    checks: tuple[Check, ...]


@cache
def packaged() -> Table:
    """The table that comes with this package."""
    return read(files("kg.doctor").joinpath("checks.toml").read_text(encoding="utf-8"))


def read(text: str) -> Table:
    """Raises TableError."""
    document = tomllib.loads(text)
    groups = document.pop("groups")
    if strange := document.keys() ^ groups.keys():
        raise TableError(f"groups and checks differ: {', '.join(sorted(strange))}")
    checks = tuple(_check(group, given) for group in groups for given in document[group])
    ids = [check.id for check in checks]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise TableError(f"there are two checks of one id: {', '.join(twice)}")
    return Table(groups, checks)


def _check(group: str, given: dict[str, Any]) -> Check:
    where = f"{group}, {given.get('id', 'a check without an id')}"
    values = dict(given) | {"group": group}
    if "raw" in values:
        values["expect"] = {"status": []} | values["expect"]
    for name, kind in (("request", Request), ("first", Request), ("given", Expect), ("expect", Expect)):
        if name in values:
            values[name] = _made(kind, values[name], f"{where}, {name}")
    check: Check = _made(Check, values, where)
    if check.severity not in SEVERITIES:
        raise TableError(f"{where}: severity is one of {', '.join(SEVERITIES)}, not {check.severity!r}")
    if strange := set(check.needs) - set(NEEDS):
        raise TableError(f"{where}: needs are of {', '.join(NEEDS)}, not {', '.join(sorted(strange))}")
    if (check.request is None) == (not check.raw):
        raise TableError(f"{where}: wanted is either request or raw")
    return check


def _made(kind: type, values: dict[str, Any], where: str) -> Any:
    known = {one.name for one in fields(kind)}
    if strange := values.keys() - known:
        raise TableError(f"{where}: no such key: {', '.join(sorted(strange))}; there are {', '.join(sorted(known))}")
    given: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in values.items()}
    if "nested" in given:
        given["nested"] = _made(Nested, given["nested"], f"{where}, nested")
    try:
        return kind(**given)
    except TypeError as error:
        raise TableError(f"{where}: {error}") from error
