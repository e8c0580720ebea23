"""An error that the gateway itself tells: in the form that the client accepts, like those of the application."""

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from kg.gateway.frames import Head, Request
from kg.gateway.job import Refusal
from kg.gateway.limits import KIB
from kg.serve.boundary import HEADERS
from kg.serve.negotiate import HTML, PROBLEMS, best
from kg.serve.problem import PLAIN, PROBLEM_JSON, Problem

if TYPE_CHECKING:
    from kg.serve.site import Site

_JSON_INDENT = 2
# No longer one is taken apart here, where nothing else is done meanwhile.
_LONGEST_SHOWN = 64 * KIB
_FORM = b"application/x-www-form-urlencoded"
_LONGEST_ACCEPT = 2000


def rendered(why: Refusal, request: Request | None, query_id: str | None, *, path: bytes = b"/") -> tuple[Head, bytes]:
    """Head and body. Without a request that could be read it is JSON; `path` is the page's own, for relative links."""
    accept = request.header(b"accept") if request is not None else None
    # Nobody else waits while this is worked out: a longer one is not worth it.
    choice = best(PROBLEMS, accept.decode("latin-1")) if accept is not None and len(accept) <= _LONGEST_ACCEPT else None
    detail = why.detail + (f" (query id {query_id})" if query_id else "")
    problem = Problem(why.status, why.title, detail, headers=why.headers)
    if choice is not None and choice.format == HTML and request is not None:
        content_type, body = choice.content_type, _page(request, problem, path.decode("latin-1"))
    elif choice is not None and choice.media_type == PLAIN:
        content_type, body = choice.content_type, problem.as_text()
    else:
        document = json.loads(problem.as_json()) | {"detail": why.detail}
        if query_id:
            document["query_id"] = query_id
        content_type, body = (
            PROBLEM_JSON,
            json.dumps(document, ensure_ascii=False, indent=_JSON_INDENT).encode() + b"\n",
        )
    headers = {"cache-control": "no-store", "vary": "Accept"} | {name.lower(): value for name, value in why.headers}
    return made(why.status, content_type, body, headers)


def made(status: int, content_type: str, body: bytes, headers: Mapping[str, str]) -> tuple[Head, bytes]:
    """An answer of the gateway's own, with the headers that all answers have."""
    own = {"content-type": content_type, "content-length": str(len(body)), **headers}
    fields = [*((name.encode(), value.encode("latin-1")) for name, value in own.items()), *HEADERS]
    return Head(status, b"".join(b"%b: %b\r\n" % one for one in fields), len(body), None, keep=False), body


@cache
def _site() -> "Site":
    # Nobody waits for the pages at the start; the first one is a refusal that somebody sees in a browser.
    from kg.serve.site import Site

    return Site([], "")


def _page(request: Request, problem: Problem, path: str) -> bytes:
    """With the query that was sent, so that it can be changed and sent again."""
    form = (request.header(b"content-type") or b"").startswith(_FORM)
    sent = request.body if form else request.query
    given = parse_qs(sent.decode("latin-1")) if len(sent) <= _LONGEST_SHOWN else {}
    query = given["query"][0] if "query" in given else None
    return _site().page(path, "", query=query, problem=problem)
