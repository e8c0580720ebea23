"""A query that is not carried out, and why."""


class Refused(Exception):  # noqa: N818  it is no error of ours
    """`status` is what the endpoint answers; `line` and `column` (from 1) point into the query text."""

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


def place_in(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, from 1, in code points."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def malformed(text: str, offset: int, detail: str) -> Refused:
    line, column = place_in(text, offset)
    return Refused(400, "Syntax error in the query", detail, line=line, column=column)
