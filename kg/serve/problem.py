"""What is answered when a request is not: an RFC 9457 problem, as JSON or as text."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from kg.federate.refused import Refused, malformed

PROBLEM_JSON = "application/problem+json"
PLAIN = "text/plain"


class Problem(Refused):
    """A request that gets an error answer; it is the word of RFC 9457. `members` are more of its JSON."""

    members: Mapping[str, Any] = MappingProxyType({})

    @classmethod
    def of(cls, refused: Refused) -> Self:
        return cls(
            refused.status,
            refused.title,
            refused.detail,
            headers=refused.headers,
            line=refused.line,
            column=refused.column,
        )

    def as_json(self) -> bytes:
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.place + self.detail,
        }
        if self.line and self.column:
            document |= {"line": self.line, "column": self.column}
        document |= self.members
        return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"

    def as_text(self) -> bytes:
        return f"{self.status} {self.title}\n{self.place}{self.detail}\n".encode()


def syntax_problem(text: str, offset: int, detail: str) -> Problem:
    return Problem.of(malformed(text, offset, detail))
