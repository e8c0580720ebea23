"""The address that others see: behind a proxy, under another name, under a sub-path."""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.serve.prefix import PREFIX, prefix_of

if TYPE_CHECKING:
    from starlette.datastructures import Headers

HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_SCHEMES: Final = frozenset({"http", "https"})


class PublicUrlError(ValueError):
    """An address under which nobody could reach the server."""


def public_url(given: str) -> str:
    """With a final slash. Raises PublicUrlError with what is allowed."""
    try:
        parts = urlsplit(given)
    except ValueError as error:
        raise PublicUrlError(f"{given!r} is no public address: {error}") from error
    path = parts.path.rstrip("/")
    if parts.scheme not in _SCHEMES or not HOST.fullmatch(parts.netloc) or not PREFIX.fullmatch(path):
        raise PublicUrlError(f"{given!r} is no public address: http or https, a host, and perhaps a path")
    if parts.query or parts.fragment:
        raise PublicUrlError(f"{given!r} is no public address: it has a query or a fragment")
    return f"{parts.scheme}://{parts.netloc}{path}/"


class PublicAddress:
    """Takes the sub-path off the path where the proxy has left it, and believes X-Forwarded-* only if told to."""

    def __init__(self, app: ASGIApp, *, public: str | None, trust_proxy: bool) -> None:
        self._app = app
        self._public = public
        self._trust_proxy = trust_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = dict(scope)
            prefix = prefix_of(self._public, _forwarded(scope) if self._trust_proxy else "")
            if prefix:
                _take_off(scope, prefix)
        await self._app(scope, receive, send)


def _forwarded(scope: Scope) -> str:
    """Sets host and scheme, returns the prefix; of several values the last is that of the nearest proxy."""
    from starlette.datastructures import Headers, MutableHeaders

    headers = Headers(scope=scope)
    scheme, host, prefix = (_last(headers, f"x-forwarded-{name}") for name in ("proto", "host", "prefix"))
    if scheme.lower() in _SCHEMES:
        scope["scheme"] = scheme.lower()
    if HOST.fullmatch(host):
        scope["headers"] = list(scope["headers"])
        MutableHeaders(scope=scope)["host"] = host
    return prefix


def _last(headers: "Headers", name: str) -> str:
    return ",".join(headers.getlist(name)).rpartition(",")[2].strip()


def _take_off(scope: Scope, prefix: str) -> None:
    # Starlette's base_url is made with this; root_path it would take off once more.
    scope["app_root_path"] = prefix
    if scope["path"].startswith(f"{prefix}/"):
        scope["path"] = scope["path"].removeprefix(prefix)
        scope["raw_path"] = scope["raw_path"].removeprefix(prefix.encode())
