"""/search: things by name, for people, for programs, and for the forms of the questions while one types."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pyoxigraph import Store
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import __version__, formats
from kg.ask.names import Candidate
from kg.ask.search import KINDS, MOST, Hit, Search, SearchError
from kg.iris import BASE
from kg.serve.asked import accept_of, parameters, refuse_unknown
from kg.serve.conditional import conditional
from kg.serve.negotiate import HTML
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem
from kg.serve.question_forms import CATALOGUE, chosen

HITS = 20
# Of every kind of thing that can be a value of a parameter.
LOOKED_UP = frozenset(KINDS)


class Searching:
    """Opens the index at the first search: a connection to it must not go through a fork."""

    def __init__(self, store: Store, build_id: str, pages: Pages, folder: Path | None) -> None:
        self._store = store
        self._build_id = build_id
        self._pages = pages
        self._folder = folder
        self._search: Search | None = None

    def routes(self) -> list[Route]:
        return [Route("/search", self.search)]

    def candidates(self, kind: str, value: str) -> Sequence[Candidate]:
        """What may be meant by the value of a parameter."""
        return self._index().candidates(kind, value)

    async def search(self, request: Request) -> Response:
        """Without `q` a browser gets the form."""
        given = parameters(request)
        refuse_unknown(given, ("q", "kind", "limit"))
        choice = chosen(CATALOGUE, accept_of(request), None)
        if "q" not in given and choice.format != HTML:
            raise Problem(400, "Nothing to search for", "the parameter q is missing: /search?q=NAME")
        found = self._found(given) if "q" in given else {"hits": [], "nearest": []}
        value = {"q": given.get("q", ""), "kind": given.get("kind", ""), **found}
        if choice.format == HTML:
            content = self._pages.render("search.html", request.scope["path"], kinds=sorted(KINDS), base=BASE, **value)
        else:
            content = formats.as_json(value).encode()
        parts = (self._build_id, __version__, self._pages.etag, request.url.path, request.url.query, choice.media_type)
        etag = f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
        headers = {"Content-Type": choice.content_type, "Vary": "Accept", "Cache-Control": "no-cache", "ETag": etag}
        return conditional(request, headers, lambda: content)

    def _found(self, given: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
        """Raises Problem 400 with what is allowed."""
        text, kind = given["q"], given.get("kind")
        index = self._index()
        try:
            hits = index.find(text, kind, _limit(given.get("limit", str(HITS))))
            near = index.nearest(text, kind) if not hits else []
        except SearchError as error:
            raise Problem(400, "No such search", str(error)) from error
        return {"hits": _as_json(hits), "nearest": _as_json(near)}

    def _index(self) -> Search:
        if self._search is None:
            self._search = Search.open(self._folder) if self._folder else Search.of(self._store)
        return self._search


def _as_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return [asdict(hit) for hit in hits]


def _limit(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MOST:
        raise Problem(400, "No such limit", f"limit is a whole number from 1 to {MOST}, not {text[:40]!r}")
    return int(text)
