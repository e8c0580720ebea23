"""Keys made of text: of a name, for IRIs and for looking up, and of a passage, to know it again.

Apart from the records, whose types take a tenth of a second to make, because who only asks needs no record."""

import hashlib
import re
import unicodedata


def fold(text: str) -> str:
    """The text with every run of blanks, line ends included, as one blank: what a passage's hash is taken over."""
    return " ".join(text.split())


def digest(passage: str) -> str:
    """SHA-256 (hex) of the passage in UTF-8, blanks folded, so that re-wrapping a text does not change it."""
    return hashlib.sha256(fold(passage).encode()).hexdigest()


def slug(name: str, *, limit: int = 80) -> str:
    """A readable key: lower-case ASCII words joined by hyphens, cut at a word end before `limit` characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    while len(words) > 1 and len("-".join(words)) > limit:
        words.pop()
    return "-".join(words)[:limit]
