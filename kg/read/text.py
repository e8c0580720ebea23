"""Source texts as they are: strict UTF-8, positions in code points, lines that end at LF only."""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

LIMIT: Final = 20_000_000


class TextError(ValueError):
    """A file that is no readable source text; the message names the file and what is wrong."""


class SourceError(ValueError):
    """A place in a text that cannot be read safely: what stands there, and what was expected. `at` is its offset."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class Span(NamedTuple):
    """A stretch of a text: 0-based code points, half-open."""

    begin: int
    end: int


class Text(NamedTuple):
    """A text with the SHA-256 (hex) of the bytes that it was read from."""

    value: str
    sha256: str


def read_text(path: Path) -> Text:
    """Read without newline translation. Raises TextError: over 20 MB (unread), BOM, NUL, not UTF-8, no such file."""
    if not path.is_file():
        raise TextError(f"{path}: no such file")
    if path.stat().st_size > LIMIT:
        raise TextError(f"{path}: {path.stat().st_size:,} bytes; source texts of up to {LIMIT:,} bytes are read")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TextError(f"{path}: cannot be read ({error.strerror})") from error
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise TextError(f"{path}:1: starts with a byte-order mark; save the text as UTF-8 without one")
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise TextError(f"{path}:{line}: holds a NUL byte; this is no text file (UTF-8 is wanted)")
    try:
        return Text(data.decode("utf-8"), hashlib.sha256(data).hexdigest())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TextError(f"{path}:{line}: not UTF-8 (byte {error.start}); save the text as UTF-8") from error


def lines(text: str) -> list[Span]:
    """The lines without their line ends. U+2028 and form feeds do not end a line; a CR before LF is dropped."""
    spans: list[Span] = []
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        spans.append(Span(begin, end - line.endswith("\r")))
        begin = end + 1
    return spans


def line_number(text: str, at: int) -> int:
    """The 1-based number of the line that holds the offset."""
    return text.count("\n", 0, at) + 1


def strip(text: str, span: Span) -> Span:
    """The span without blanks at either end; an all-blank span becomes empty at its begin."""
    part = text[span.begin : span.end]
    if not part.strip():
        return Span(span.begin, span.begin)
    return Span(span.end - len(part.lstrip()), span.begin + len(part.rstrip()))
