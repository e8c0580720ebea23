"""The large dumps once more, compressed: for download as they are, and for clients that take them as an encoding."""

import gzip
from pathlib import Path
from typing import Final

import zstandard

LARGE: Final = ("tipkg.ttl", "tipkg-inferred.ttl", "tipkg.nq", "tipkg.trig")
# From here on, more effort saves next to nothing on these files.
_LEVEL_GZIP: Final = 6
_LEVEL_ZSTD: Final = 9


def compress(folder: Path) -> None:
    """Write .gz and .zst beside each large dump; without a time stamp, so that two builds give the same bytes."""
    for name in LARGE:
        data = (folder / name).read_bytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(data, _LEVEL_GZIP, mtime=0))
        (folder / f"{name}.zst").write_bytes(zstandard.ZstdCompressor(level=_LEVEL_ZSTD).compress(data))
