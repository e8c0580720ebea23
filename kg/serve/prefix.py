"""The sub-path under which others see the server; apart, since the gateway needs no more than this."""

import re
from typing import Final
from urllib.parse import urlsplit

PREFIX: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


def prefix_of(public: str | None, forwarded: str = "") -> str:
    """The sub-path under which others see the server, without a final slash: what X-Forwarded-Prefix says where that is
    believed, or that of the public address."""
    if forwarded and PREFIX.fullmatch(forwarded.rstrip("/")):
        return forwarded.rstrip("/")
    return urlsplit(public).path.rstrip("/") if public else ""
