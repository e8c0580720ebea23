"""What is answered when a request is not: an RFC 9457 problem, as JSON or as text."""

import json

PROBLEM_JSON = "application/problem+json"
PLAIN = "text/plain"


class Problem(Exception):  # noqa: N818  it is the word of RFC 9457
    """A request that gets an error answer; `line` and `column` (from 1) point into the query text."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers
        self.line = line
        self.column = column

    @property
    def place(self) -> str:
        """ "line 2, column 5: ", or nothing."""
        return f"line {self.line}, column {self.column}: " if self.line else ""

    def as_json(self) -> bytes:
        document: dict[str, str | int] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.place + self.detail,
        }
        if self.line and self.column:
            document |= {"line": self.line, "column": self.column}
        return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"

    def as_text(self) -> bytes:
        return f"{self.status} {self.title}\n{self.place}{self.detail}\n".encode()


def place_in(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, from 1, in code points."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def syntax_problem(text: str, offset: int, detail: str) -> Problem:
    line, column = place_in(text, offset)
    return Problem(400, "Syntax error in the query", detail, line=line, column=column)
