"""The guard at work: every token of a query, which it counts, refuses, or takes for the outline."""

import difflib
from typing import Final

from kg.federate.allowed import calls
from kg.federate.tokens import START, Token
from kg.federate.words import CHANGING, FORMS, PROLOGUE, UPDATES, WORDS
from kg.serve.complexity import Complexity
from kg.serve.outline import Outline
from kg.serve.problem import Problem, syntax_problem

_GRAPH_WORDS: Final = frozenset({"GRAPH", "FROM", "NAMED"})


class Guard:
    """Reads the tokens of a query in their order; what it refuses it raises as Problem or Refused."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._earlier = self._last = START
        self._prefixes: set[str] = set()
        self._form = START
        self._default_graphs: list[str] = []
        self._named_graphs: list[str] = []
        self._star: int | None = None
        self._variables: dict[str, None] = {}
        self._changing = self._service = False
        self._complexity = Complexity(text)

    def read(self, token: Token) -> None:
        if token.kind == "word":
            self._read_word(token)
        elif token.kind == "name":
            self._read_name(token)
        elif token.text == "{":
            self._refuse_glued_service()
        self._complexity.add(token)
        if self._form is START:
            self._read_prologue(token)
        elif token.inside not in {"data", "row"}:
            self._read_header(token)
        self._earlier, self._last = self._last, token

    def outline(self) -> Outline:
        if self._form is START:
            raise Problem(400, "No query", "there is no SELECT, ASK, CONSTRUCT or DESCRIBE in the query")
        return Outline(
            form=self._form.word,
            prologue=self._text[: self._form.start],
            default_graphs=tuple(self._default_graphs),
            named_graphs=tuple(self._named_graphs),
            star=self._star,
            variables=tuple(self._variables),
            changing=self._changing,
            services=calls(self._text) if self._service else (),
        )

    def _read_word(self, token: Token) -> None:
        word = token.word
        if self._form is START and word in UPDATES:
            raise Problem(400, "Read-only", f"this endpoint is read-only and takes no update: {word}")
        self._service |= word == "SERVICE"
        if self._last.word == "PREFIX":
            raise syntax_problem(self._text, token.start, f"a prefix is declared with a colon: {token.text}:")
        if word not in WORDS:
            near = difflib.get_close_matches(word, WORDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise syntax_problem(self._text, token.start, f"{token.text} is not a word of SPARQL{hint}")
        self._changing |= word in CHANGING

    def _read_name(self, token: Token) -> None:
        prefix = token.text.partition(":")[0]
        if self._last.word == "PREFIX" and token.text == prefix + ":":
            self._prefixes.add(prefix)
        elif prefix not in self._prefixes:
            near = difflib.get_close_matches(prefix, self._prefixes, n=1)
            hint = f"; did you mean {near[0]}:?" if near else ""
            raise syntax_problem(self._text, token.start, f"the prefix {prefix}: is not declared{hint}")

    def _refuse_glued_service(self) -> None:
        """The engine needs no blank after a keyword: SERVICEex:a{ } calls ex:a, a declared prefix SERVICEex: or not."""
        prefix = self._last.text.partition(":")[0]
        if self._last.kind == "name" and "SERVICE" in prefix.upper() and self._earlier.word not in _GRAPH_WORDS:
            raise Problem(
                403, "SERVICE is not allowed", "put a blank after the word SERVICE, so that all read it alike"
            )

    def _read_prologue(self, token: Token) -> None:
        if token.word in FORMS:
            self._form = token
        elif token.word not in PROLOGUE and not (
            token.kind in {"iri", "name", "string"} and (self._last.word in PROLOGUE or self._last.kind == "name")
        ):
            raise syntax_problem(self._text, token.start, "expected PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE")

    def _read_header(self, token: Token) -> None:
        if self._star is not None and token.kind == "variable":
            self._variables.setdefault(token.text[1:])
        if token.depth:
            return
        if self._form.word == "SELECT" and token.text == "*" and self._last.word in {"SELECT", "DISTINCT", "REDUCED"}:
            self._star = token.start
        if token.kind in {"iri", "name"} and self._last.word == "FROM":
            self._default_graphs.append(token.text)
        elif token.kind in {"iri", "name"} and self._last.word == "NAMED":
            self._named_graphs.append(token.text)
