"""/schema and /llms.txt: the digest of the schema for people, programs and language models."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kg import __version__
from kg.ask import digest_forms as forms
from kg.ask.digest import digest
from kg.ask.honesty import RULES
from kg.iris import ONTOLOGY
from kg.serve.cards import QuestionCard
from kg.serve.conditional import conditional
from kg.serve.endpoint import Service, endpoint_of
from kg.serve.negotiate import HTML, Choice, Format, choose
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem

MARKDOWN: Final = Format(("md", "markdown"), ("text/markdown", "text/plain"))
JSON: Final = Format(("json",), ("application/json",))
FORMATS: Final = (HTML, JSON, MARKDOWN)
SUFFIXES: Final = {".html": HTML, ".json": JSON, ".md": MARKDOWN}


class Schema:
    def __init__(self, service: Service, pages: Pages, questions: Sequence[QuestionCard]) -> None:
        self._service = service
        self._pages = pages
        self._samples = [forms.Sample(card.name, card.summary, card.example_query) for card in questions]

    async def schema(self, request: Request) -> Response:
        """By suffix or by Accept; a client that minds neither gets the page."""
        suffix = request.path_params.get("suffix")
        if suffix is not None and suffix not in SUFFIXES:
            raise Problem(404, "Not found", f"the schema is there as {', '.join(f'schema{one}' for one in SUFFIXES)}")
        wanted = SUFFIXES[suffix] if suffix else None
        accept = ", ".join(request.headers.getlist("accept")) or None
        choice = Choice(wanted, wanted.media_types[0]) if wanted else choose(FORMATS, accept)
        return self._answer(request, choice.content_type, partial(self._written, choice.format, request.scope["path"]))

    async def llms(self, request: Request) -> Response:
        """As llmstxt.org has it, with the addresses that the client sees."""
        root = endpoint_of(self._service, request).removesuffix("sparql")
        make = partial(self._llms, root)
        fixed = self._service.public is not None
        return self._answer(request, "text/markdown; charset=utf-8", make, root=root, cacheable=fixed)

    def _answer(
        self, request: Request, kind: str, make: Callable[[], bytes], *, root: str = "", cacheable: bool = True
    ) -> Response:
        """The same build says the same, so that an answer that the client has need not be made."""
        parts = (self._service.build_id, __version__, self._pages.etag, request.scope["path"], kind, root)
        etag = f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
        headers = {"Content-Type": kind, "Vary": "Accept", "Cache-Control": "no-cache", "ETag": etag}
        return conditional(request, headers, make, cacheable=cacheable)

    def _written(self, wanted: Format, path: str) -> bytes:
        found = digest(self._service.store)
        if wanted == JSON:
            return json.dumps(forms.json_value(found, self._samples), ensure_ascii=False, indent=1).encode() + b"\n"
        if wanted == MARKDOWN:
            return forms.markdown(found, self._samples).encode()
        return self._pages.render("schema.html", path, digest=found, rules=RULES, ontology=ONTOLOGY)

    def _llms(self, root: str) -> bytes:
        return forms.llms_txt(digest(self._service.store), self._samples, root).encode()
