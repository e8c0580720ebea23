"""Answers with an ETag: 304 to those who have them (RFC 9110, section 13), and marked for the cache in front of us."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

# For the process in front of the workers, which takes it off: the same request gets this answer from this build.
CACHEABLE: Final = {"tipkg-cacheable": "1"}


def conditional(
    request: "Request", headers: Mapping[str, str], make: Callable[[], bytes], *, cacheable: bool = True
) -> "Response":
    """304, or what `make` gives. `headers` have the ETag; not `cacheable` is what depends on the Host header."""
    from starlette.responses import Response

    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    marks = CACHEABLE if cacheable and request.method == "GET" else {}
    return Response(make(), headers={**headers, **marks})


def matches(if_none_match: str | None, etag: str) -> bool:
    """The weak comparison of section 13.1.2; * is left out, since only an evaluation could tell."""
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(",")) if if_none_match else ()
    return etag.removeprefix("W/") in tags
