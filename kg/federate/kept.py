"""Answers of other endpoints in a folder, so that the next process need not ask again: bounded, dated, checked."""

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

# Of whoever asks for one person: the command line, the library and MCP.
KEPT_BYTES: Final = 64 * 1024 * 1024
KEPT_SECONDS: Final = 86_400

_SUFFIX: Final = ".answer"
_BESIDE: Final = ".beside"
_LEFT_BEHIND: Final = 3600
_DIGEST: Final = 64


class KeptAnswers:
    """Like Answers, in files. A file that is not whole, or dated in the future, counts as none; a folder that cannot
    be written keeps nothing, since an answer is no less right for that."""

    def __init__(self, folder: Path, size: int, seconds: float, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._size = size
        self._seconds = seconds
        self._now = now

    def get(self, endpoint: str, query: str) -> tuple[bytes, float] | None:
        """The bytes and their age in seconds."""
        path = self._path(endpoint, query)
        try:
            age = self._now() - path.stat().st_mtime
            content = path.read_bytes()
        except OSError:
            return None
        digest, data = content[:_DIGEST], content[_DIGEST:]
        whole = hashlib.sha256(data).hexdigest().encode() == digest
        return (data, age) if whole and 0 <= age <= self._seconds else None

    def put(self, endpoint: str, query: str, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._path(endpoint, query), hashlib.sha256(data).hexdigest().encode() + data)
            self._remove_oldest()

    def _path(self, endpoint: str, query: str) -> Path:
        return self._folder / (hashlib.sha256(f"{endpoint}\0{query}".encode()).hexdigest() + _SUFFIX)

    def _write(self, path: Path, content: bytes) -> None:
        """Beside and then in place: who reads meanwhile reads the old one or the new one."""
        handle, beside = tempfile.mkstemp(dir=self._folder, suffix=_BESIDE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            now = self._now()
            os.utime(beside, (now, now))
            Path(beside).replace(path)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise

    def _remove_oldest(self) -> None:
        for left in self._folder.glob(f"*{_BESIDE}"):  # by a process that was ended while it wrote
            with contextlib.suppress(FileNotFoundError):
                if self._now() - left.stat().st_mtime > _LEFT_BEHIND:
                    left.unlink()
        found = [(path.stat(), path) for path in self._folder.glob(f"*{_SUFFIX}")]
        total = sum(stat.st_size for stat, _ in found)
        for stat, path in sorted(found, key=lambda pair: pair[0].st_mtime):
            if total <= self._size:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size
