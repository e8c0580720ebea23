"""/dumps/: the files that the build wrote, with ETags and byte ranges; large ones also compressed.

Only files that stand in the folder when its store is opened are served, by their names: no path leads out of it.
There is no Last-Modified: the same facts give the same bytes, and the time of a build says nothing of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.serve.dump_files import COMPRESSED, Dump
from kg.serve.problem import Problem
from kg.serve.ranges import Range, UnsatisfiableRange, byte_range, encoding

_CHUNK: Final = 256 * 1024


class Dumps:
    """The files of one folder over HTTP."""

    def __init__(self, dumps: dict[str, Dump]) -> None:
        self.files = dumps

    async def __call__(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self.files:
            raise Problem(404, "Not found", f"there is no dump {name}; all are listed at /dumps/")
        return self._answer(request, self.files[name])

    def _answer(self, request: Request, dump: Dump) -> Response:
        """A range is one of the file as it is: clients that join pieces do not expect them compressed."""
        wanted = request.headers.get("range")
        sent = dump if wanted or dump.compression else self._encoded(dump, request.headers.get("accept-encoding"))
        etag = f'"{sent.sha256}"'
        encoded = sent.compression if sent != dump else None
        headers = {
            "Content-Type": _content_type(dump.media_type if encoded else sent.own_type),
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Vary": "Accept-Encoding",
            "Cache-Control": "no-cache",
            **({"Content-Encoding": encoded} if encoded else {}),
        }
        if _is_known(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        if request.headers.get("if-range", etag) != etag or request.method not in ("GET", "HEAD"):
            wanted = None
        return _sent(sent, headers, wanted, head_only=request.method == "HEAD")

    def _encoded(self, dump: Dump, accepted: str | None) -> Dump:
        """The same content, compressed as the client likes it best, where there is such a file."""
        offered = {name: self.files[dump.name + suffix] for suffix, (name, _) in COMPRESSED.items()
                   if dump.name + suffix in self.files}  # fmt: skip
        chosen = encoding(accepted, offered)
        return offered[chosen] if chosen else dump


def _sent(dump: Dump, headers: dict[str, str], wanted: str | None, *, head_only: bool) -> Response:
    size = dump.size
    try:
        part = byte_range(wanted, size)
    except UnsatisfiableRange:
        kept = {name: value for name, value in headers.items() if name != "Content-Type"}
        return Response(status_code=416, headers={**kept, "Content-Range": f"bytes */{size}"})
    first, last = part or Range(0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if part else 200
    if head_only:
        return Response(status_code=status, headers=headers)
    return _Part(dump.path, Range(first, last), status, headers)


class _Part(Response):
    """Starlette's own response of a file reads it in a thread, and waits for that."""

    def __init__(self, path: Path, part: Range, status: int, headers: dict[str, str]) -> None:
        super().__init__(status_code=status, headers=headers)
        self._path = path
        self._part = part

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for chunk in _bytes(self._path, *self._part):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _bytes(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _is_known(if_none_match: str | None, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    return etag in tags or "*" in tags
