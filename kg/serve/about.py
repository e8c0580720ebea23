"""What the server says of all of it: the start page, the list of dumps, and the description for catalogues."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from kg.ask import description as graph
from kg.serve import catalogue
from kg.serve.conditional import conditional
from kg.serve.documents import FORMATS, SUFFIXES, written
from kg.serve.dumps import Dumps
from kg.serve.endpoint import Service, endpoint_of
from kg.serve.negotiate import HTML, Choice, choose
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem


class About:
    def __init__(self, service: Service, dumps: Dumps, pages: Pages) -> None:
        self._service = service
        self._dumps = dumps
        self._pages = pages

    async def home(self, request: Request) -> Response:
        """With a schema.org description for search engines."""
        question = request.query_params.get("question")
        endpoint = endpoint_of(self._service, request)
        about = catalogue.schema_org(self._service.store, self._dumps.files, endpoint.removesuffix("sparql"))
        page = self._service.site.page("/", endpoint, question=question, about=about)
        return self._conditional(request, page, {"Content-Type": "text/html; charset=utf-8"})

    async def dumps(self, request: Request) -> Response:
        """The list of files, for people; for programs the catalogue has it."""
        page = self._list(request)
        return Response(page, media_type="text/html", headers={"Cache-Control": "no-cache"})

    def _list(self, request: Request) -> bytes:
        return self._pages.render("dumps.html", request.scope["path"], files=list(self._dumps.files.values()))

    async def catalogue(self, request: Request) -> Response:
        """VoID and DCAT, by suffix or by Accept; a browser gets the list of files."""
        suffix = request.path_params.get("suffix")
        if suffix is not None and suffix not in SUFFIXES:
            raise Problem(404, "Not found", f"the catalogue is there as {', '.join(SUFFIXES)}")
        accept = ", ".join(request.headers.getlist("accept")) or None
        wanted = SUFFIXES[suffix] if suffix else None
        choice = Choice(wanted, wanted.media_types[0]) if wanted else choose(FORMATS, accept)
        content = self._catalogue(request, choice)
        return self._conditional(request, content, {"Content-Type": choice.content_type, "Vary": "Accept"})

    def _conditional(self, request: Request, content: bytes, headers: dict[str, str]) -> Response:
        etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers |= {"Cache-Control": "no-cache", "ETag": etag}
        return conditional(request, headers, lambda: content, cacheable=self._service.public is not None)

    def _catalogue(self, request: Request, choice: Choice) -> bytes:
        if choice.format == HTML:
            return self._list(request)
        public = endpoint_of(self._service, request).removesuffix("sparql")
        triples = catalogue.description(self._service.store, self._dumps.files, public)
        return written(triples, choice.format, graph.prefixes(self._service.store))
