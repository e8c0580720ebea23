"""/dumps/: the files that the build wrote, with ETags and byte ranges; large ones also compressed.

Only files that stand in the folder when the server starts are served, by their names: no path leads out of it.
There is no Last-Modified: the same facts give the same bytes, and the time of a build says nothing of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.serve.problem import Problem
from kg.serve.ranges import Range, UnsatisfiableRange, byte_range, encoding

MEDIA_TYPES: Final = {
    ".ttl": "text/turtle",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".rq": "application/sparql-query",
}
COMPRESSED: Final = {".zst": ("zstd", "application/zstd"), ".gz": ("gzip", "application/gzip")}
_PATTERNS: Final = (*(f"*{suffix}" for suffix in MEDIA_TYPES), *(f"*{suffix}" for suffix in COMPRESSED), "rules/*.rq")
_CHUNK: Final = 256 * 1024


@dataclass(frozen=True)
class Dump:
    """One file: its name under /dumps/, the media type of its content, and how it is compressed."""

    name: str
    path: Path
    media_type: str
    compression: str | None

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        stat = self.path.stat()
        return _sha256(self.path, stat.st_size, stat.st_mtime_ns)

    @property
    def own_type(self) -> str:
        """The media type of the file as it is, compressed or not."""
        return next((kind for name, kind in COMPRESSED.values() if name == self.compression), self.media_type)


@lru_cache(maxsize=100)
def _sha256(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def dumps_in(folder: Path) -> dict[str, Dump]:
    """The dumps of a store folder by name, in order."""
    found = {path.relative_to(folder).as_posix(): path for pattern in _PATTERNS for path in folder.glob(pattern)}
    return {name: _dump(name, path) for name, path in sorted(found.items())}


def _dump(name: str, path: Path) -> Dump:
    compression = COMPRESSED[path.suffix][0] if path.suffix in COMPRESSED else None
    bare = Path(path.stem) if compression else path
    return Dump(name, path, MEDIA_TYPES[bare.suffix], compression)


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
