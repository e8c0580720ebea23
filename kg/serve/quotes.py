"""The words of passages, where the server was started with the texts beside the store."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kg.ask.evidence import EvidenceError, Passage, quote


class Words(NamedTuple):
    """What stands before a passage, the passage, and what follows."""

    before: str
    inside: str
    after: str


class Quotes:
    """Texts by source id, each read when first quoted. Words of another text than offsets count in are none."""

    def __init__(self, texts: Mapping[str, Path]) -> None:
        self.some = bool(texts)
        self._paths = texts
        self._read: dict[str, tuple[str, str]] = {}

    def words(self, passage: Passage) -> Words | None:
        if passage.source not in self._paths:
            return None
        text, sha256 = self._text(passage.source)
        if sha256 != passage.text_sha256:
            return None
        try:
            return Words(*quote(passage, text))
        except EvidenceError:
            return None

    def _text(self, source: str) -> tuple[str, str]:
        if source not in self._read:
            data = self._paths[source].read_bytes()
            self._read[source] = data.decode("utf-8"), hashlib.sha256(data).hexdigest()
        return self._read[source]
