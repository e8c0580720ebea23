"""The files that a build left in its folder, as they are served: their names, media types, sizes and digests."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from kg.graph.store import texts_beside

MEDIA_TYPES: Final = {
    ".ttl": "text/turtle",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".rq": "application/sparql-query",
}
COMPRESSED: Final = {".zst": ("zstd", "application/zstd"), ".gz": ("gzip", "application/gzip")}
_PATTERNS: Final = (*(f"*{suffix}" for suffix in MEDIA_TYPES), *(f"*{suffix}" for suffix in COMPRESSED), "rules/*.rq")


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


class Files(NamedTuple):
    """What stood in a store folder when its store was opened: the dumps by name, the texts by source id."""

    folder: Path | None
    dumps: dict[str, Dump]
    texts: Mapping[str, Path]


def files_in(folder: Path | None) -> Files:
    """Another build may be put in its place later, and has other files."""
    return Files(folder, dumps_in(folder), texts_beside(folder)) if folder is not None else Files(None, {}, {})


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
