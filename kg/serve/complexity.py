"""The limits on the size and shape of a query (`query_limits.py`), counted token by token."""

from typing import Final

from kg.federate.refused import place_in
from kg.federate.tokens import START, Token, terms_in
from kg.federate.words import NESTING
from kg.serve.problem import Problem
from kg.serve.query_limits import (
    DEEPEST,
    DEEPEST_SUBQUERY,
    LONGEST_PATH,
    LONGEST_STRING,
    MOST_DATA,
    MOST_OPERATORS,
    MOST_PATTERNS,
    MOST_REGEXES,
    MOST_TOKENS,
    MOST_VARIABLES,
)

_OPERATORS: Final = frozenset({"&&", "||", "!", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "|", "^"})
_PATH_STEPS: Final = frozenset({"/", "|", "^"})
_PATH_PARTS: Final = frozenset({"a", "/", "|", "^", "!", "(", ")", "*", "+", "?"})
_LISTING: Final = frozenset({"SELECT", "DESCRIBE", "BY"})
# A constant pattern is compiled when the query is planned.
_REGEXES: Final = frozenset({"REGEX", "REPLACE"})


class Complexity:
    def __init__(self, text: str) -> None:
        self._text = text
        self._last = START
        self._listing = False
        self._names: set[str] = set()
        self._selects: list[int] = []
        self._tokens = self._data = self._operators = self._patterns = self._path = self._regexes = 0

    def add(self, token: Token) -> None:
        """Raises Problem 400 where this token is one too many."""
        if token.inside in {"data", "row"}:
            self._count_data(token)
        else:
            self._count(token)
            self._compare(token)
        self._last = token

    def _count(self, token: Token) -> None:
        word = token.word
        self._count_listed(token, word)
        self._tokens += 1
        self._operators += word in NESTING or token.text in _OPERATORS
        self._patterns += self._patterns_of(token, word)
        steps = token.kind in {"iri", "name"} or token.text in _PATH_PARTS
        self._path = self._path + (token.text in _PATH_STEPS) if steps else 0
        self._regexes += word in _REGEXES
        if word == "SELECT":
            self._selects = [depth for depth in self._selects if depth < token.depth] + [token.depth]
        elif token.kind == "variable":
            self._names.add(token.text[1:])

    def _compare(self, token: Token) -> None:
        if token.depth > DEEPEST:
            raise self._too_complex(token, f"{DEEPEST} brackets inside each other")
        if len(self._selects) > DEEPEST_SUBQUERY:
            raise self._too_complex(token, f"{DEEPEST_SUBQUERY} queries inside each other")
        if self._operators > MOST_OPERATORS:
            raise self._too_complex(token, f"{MOST_OPERATORS} operators and listed terms")
        if self._patterns > MOST_PATTERNS:
            raise self._too_complex(token, f"{MOST_PATTERNS} triple patterns and groups")
        if self._path > LONGEST_PATH:
            raise self._too_complex(token, f"{LONGEST_PATH} steps in a property path")
        if self._regexes > MOST_REGEXES:
            raise self._too_complex(token, f"{MOST_REGEXES} REGEX and REPLACE")
        if len(self._names) > MOST_VARIABLES:
            raise self._too_complex(token, f"{MOST_VARIABLES} different variables")
        if token.kind == "string" and len(token.text) > LONGEST_STRING:
            raise self._too_complex(token, f"{LONGEST_STRING} characters in a string")
        if self._tokens > MOST_TOKENS:
            raise self._too_complex(token, f"{MOST_TOKENS} words, terms and signs")

    def _count_data(self, token: Token) -> None:
        self._data += terms_in(token.text) if token.kind == "data" else 1
        if self._data > MOST_DATA:
            raise self._too_complex(token, f"{MOST_DATA} terms and rows in VALUES")

    def _too_complex(self, token: Token, most: str) -> Problem:
        line, column = place_in(self._text, token.start)
        detail = f"more than {most}; a list of values goes into VALUES, which takes {MOST_DATA} terms"
        return Problem(400, "The query is too complex", detail, line=line, column=column)

    def _count_listed(self, token: Token, word: str) -> None:
        """What SELECT, DESCRIBE and BY list costs the engine the square of its length."""
        if token.text in {"{", "}"}:
            self._listing = False
        elif word in _LISTING:
            self._listing = True
        elif self._listing and token.kind in {"variable", "iri", "name"}:
            self._operators += 1

    def _patterns_of(self, token: Token, word: str) -> int:
        """How many patterns it adds to a join, roughly: OPTIONAL and an annotation count twice with their brackets."""
        if token.inside == "template":
            return 0
        if token.text in {"{", "[", "<<"} or word in {"VALUES", "OPTIONAL"}:
            return 1
        if token.text == "/":
            return self._path > 0
        if token.text == "|":
            return self._last.text == "{"
        if token.inside == "list":
            starts_value = token.ends_value and token.text != ")"
            return token.text == "(" or (starts_value and self._last.ends_value)
        if token.text == "}" and self._last.text == ".":
            return -1 if self._last.inside == "group" else 0
        return token.text in {".", ";", ","} and token.inside in {"group", "square"}
