"""Asking an application a few things before it is needed: templates are compiled, names and headers read."""

from typing import Final

from starlette.types import ASGIApp, Message, Scope

from kg.serve.now import respond

# No search: its index must be opened after a fork.
PATHS: Final = ("/", "/questions", "/questions/sources", "/questions/sources.json", "/docs", "/search")


def warm(app: ASGIApp) -> None:
    for path in PATHS:
        respond(app, _scope(path), b"", _ignore)


def _scope(path: str) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"text/html")],
        "client": None,
        "server": ("localhost", None),
    }


def _ignore(message: Message) -> None:
    pass
