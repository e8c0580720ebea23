"""/openapi.json, and /docs: the same for people, without anything from elsewhere."""

import hashlib
from functools import cached_property
from urllib.parse import urlencode

from pyoxigraph import Store
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import formats
from kg.ask.values import editions
from kg.serve.asked import parameters, refuse_unknown
from kg.serve.conditional import conditional
from kg.serve.openapi import Json, document, operations
from kg.serve.pages_of_things import Pages


class ApiDocs:
    def __init__(self, store: Store, pages: Pages) -> None:
        self._store = store
        self._pages = pages

    def routes(self) -> list[Route]:
        return [Route("/openapi.json", self.openapi), Route("/docs", self.docs)]

    async def openapi(self, request: Request) -> Response:
        refuse_unknown(parameters(request), ())
        return _answer(request, self._written, "application/json")

    async def docs(self, request: Request) -> Response:
        refuse_unknown(parameters(request), ())
        found = [(path, one, _example(path, one)) for path, one in operations(self._described)]
        groups = {
            tag["name"]: [one for one in found if tag["name"] in one[1]["tags"]] for tag in self._described["tags"]
        }
        values = {
            "groups": groups,
            "info": self._described["info"],
            "problems": self._described["components"]["responses"],
        }
        content = self._pages.render("docs.html", request.scope["path"], **values)
        return _answer(request, content, "text/html; charset=utf-8")

    @cached_property
    def _described(self) -> Json:
        return document(editions(self._store))

    @cached_property
    def _written(self) -> bytes:
        return formats.as_json(self._described).encode()


def _answer(request: Request, content: bytes, content_type: str) -> Response:
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Content-Type": content_type, "Cache-Control": "no-cache", "ETag": etag}
    return conditional(request, headers, lambda: content)


def _example(path: str, operation: Json) -> str:
    """An address that answers, with the values of the first example."""
    if "{" in path:
        return "questions/sources.csv"
    values = {one["name"]: _value(one) for one in operation["parameters"]}
    given = {name: value for name, value in values.items() if value}
    return f"{path.lstrip('/')}{f'?{urlencode(given)}' if given else ''}"


def _value(parameter: Json) -> str:
    examples = parameter.get("examples", {})
    return str(examples["0"]["value"] if "0" in examples else parameter.get("example", ""))
