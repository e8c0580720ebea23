"""What stands in a query with SERVICE, group by group: enough of its grammar to take a part out and run it alone.

The engine has parsed the same text with SERVICE blanked out before anything is done with these groups, so that here
only what SERVICE adds needs checking.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kg.federate.refused import Refused, malformed
from kg.federate.tokens import Token, scan
from kg.federate.words import FORMS

_INSIDE_OTHERS: Final = {"OPTIONAL": "optional", "MINUS": "minus", "LATERAL": "lateral", "GRAPH": "graph"}
_ELEMENTS: Final = frozenset({*_INSIDE_OTHERS, "SERVICE", "FILTER", "BIND", "VALUES", "UNION"})
# The keywords that the engine may read in a name before such a sign.
_GLUED: Final = {"{": ("SERVICE", "GRAPH"), "(": ("FILTER",)}


@dataclass(eq=False)
class Group:
    """From brace to brace. A sub-select has the variables that it `projects`: those of a star are None."""

    first: Token
    last: Token
    elements: list["Element"] = field(default_factory=list)
    select: bool = False
    projects: frozenset[str] | None = None

    @property
    def end(self) -> int:
        return self.last.start + 1


@dataclass(eq=False)
class Element:
    """One of: triples, group (one group, or several of UNION), optional, minus, lateral, graph, service, filter, bind,
    values. `term` is what GRAPH or SERVICE names; in a filter or bind, `groups` are those of its EXISTS."""

    kind: str
    tokens: list[Token]
    groups: list[Group] = field(default_factory=list)
    term: Token | None = None
    silent: bool = False

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].start + len(self.tokens[-1].text)

    @property
    def group(self) -> Group:
        return self.groups[0]

    @property
    def variables(self) -> frozenset[str]:
        """All that are written in it, at whatever depth."""
        return names(self.tokens)


@dataclass(eq=False)
class Query:
    """`dataset` is FROM and FROM NAMED as written; `others` are groups of EXISTS outside of WHERE."""

    text: str
    tokens: list[Token]
    form: Token
    dataset: str
    where: Group | None
    others: list[Group]

    @property
    def prologue(self) -> str:
        return self.text[: self.form.start]


def names(tokens: list[Token]) -> frozenset[str]:
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")


def read(text: str) -> Query:
    """Escapes in keywords must be spelled out; raises Refused (400) where it cannot be read for certain."""
    return _Reader(text).query()


def walk(group: Group) -> Iterator[Element]:
    """Every element of a group and of those inside it, from left to right."""
    for element in group.elements:
        yield element
        for inner in element.groups:
            yield from walk(inner)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(scan(text))
        self._at = 0
        self._others: list[Group] = []

    def query(self) -> Query:
        while self._at < len(self._tokens) and self._tokens[self._at].word not in FORMS:
            self._at += 1
        if self._at == len(self._tokens):
            raise Refused(400, "No query", "there is no SELECT, ASK, CONSTRUCT or DESCRIBE in the query")
        form = self._tokens[self._at]
        begin = self._at
        if form.word == "CONSTRUCT" and self._text_at(1) == "{":
            self._at += 1
            self._skip_bracket()
        where = self._where(len(self._tokens))
        header = self._tokens[begin : self._at]
        query = Query(self._text, self._tokens, form, self._dataset(header), where, self._others)
        self._at = self._tokens.index(where.last) + 1 if where else self._at
        self._rest(len(self._tokens))
        return query

    def _dataset(self, header: list[Token]) -> str:
        clauses = []
        for before, token in pairwise(header):
            if token.kind in {"iri", "name"} and before.word in {"FROM", "NAMED"}:
                clauses.append(f"FROM {'NAMED ' if before.word == 'NAMED' else ''}{token.text}")
        return " ".join(clauses)

    def _where(self, end: int) -> Group | None:
        """The group after a header; leaves the place at its opening brace."""
        while self._at < end:
            if self._text_at(0) != "{":
                self._at += 1
            elif self._tokens[self._at - 1].word == "EXISTS":
                self._others.append(self._group())
            else:
                begin = self._at
                group = self._group()
                self._at = begin
                return group
        return None

    def _rest(self, end: int) -> None:
        """ORDER BY, HAVING and what else follows a group."""
        while self._at < end:
            if self._text_at(0) == "{" and self._tokens[self._at - 1].word == "EXISTS":
                self._others.append(self._group())
            else:
                self._at += 1

    def _group(self) -> Group:
        begin, end = self._at, self._closing()
        group = Group(self._tokens[begin], self._tokens[end])
        self._at += 1
        if self._word() == "SELECT":
            self._select(group, end)
        else:
            while self._at < end:
                if self._text_at(0) == ".":
                    self._at += 1
                else:
                    group.elements.append(self._element(end))
        self._at = end + 1
        return group

    def _select(self, group: Group, end: int) -> None:
        """A sub-select: the elements are those of its WHERE."""
        begin = self._at
        where = self._where(end)
        if where is None:
            raise malformed(self._text, group.first.start, "this sub-select has no group")
        header = self._tokens[begin : self._at]
        star = any(token.text == "*" and token.depth == group.first.depth for token in header)
        group.select = True
        group.elements = where.elements
        if where.select:
            raise malformed(self._text, where.first.start, "put braces around this sub-select: { { SELECT ... } }")
        group.projects = None if star else names([token for token in header if token.depth == group.first.depth])
        self._at = self._tokens.index(where.last, begin) + 1
        self._rest(end)

    def _element(self, end: int) -> Element:
        begin, word = self._at, self._word()
        element = Element("triples", [])
        if self._text_at(0) == "{":
            element.kind = "group"
            element.groups = [self._group()]
            while self._word() == "UNION":
                self._at += 1
                element.groups.append(self._braced())
        elif word in _INSIDE_OTHERS or word == "SERVICE":
            self._block(element, word)
        elif word in {"FILTER", "BIND"}:
            element.kind = word.lower()
            self._expression(element)
        elif word == "VALUES":
            element.kind = "values"
            while self._text_at(0) != "{":
                self._at += 1
            self._skip_bracket()
        else:
            self._triples(end)
        element.tokens = self._tokens[begin : self._at]
        return element

    def _block(self, element: Element, word: str) -> None:
        element.kind = _INSIDE_OTHERS.get(word, "service")
        self._at += 1
        if word == "SERVICE" and self._word() == "SILENT":
            element.silent = True
            self._at += 1
        if word in {"SERVICE", "GRAPH"}:
            element.term = self._tokens[self._at]
            if element.term.kind not in {"iri", "name", "variable"}:
                raise malformed(self._text, element.term.start, f"after {word} stands an IRI or a variable")
            self._at += 1
        element.groups = [self._braced()]

    def _braced(self) -> Group:
        if self._text_at(0) != "{":
            raise malformed(self._text, self._tokens[self._at].start, "expected {")
        return self._group()

    def _expression(self, element: Element) -> None:
        """FILTER or BIND and what follows: (...), a call, EXISTS {...}, NOT EXISTS {...}."""
        self._at += 1
        while self._text_at(0) not in {"(", "{"}:
            self._at += 1
        if self._text_at(0) == "{":
            element.groups.append(self._braced())
            return
        end = self._closing()
        while self._at < end:
            if self._text_at(0) == "{":
                element.groups.append(self._group())
            else:
                self._at += 1
        self._at = end + 1

    def _triples(self, end: int) -> None:
        """Up to what is no triple; `FILTERex:f(...)` and `GRAPHex:g {...}` are for the engine no names."""
        begin = self._at
        while self._at < end and self._word() not in _ELEMENTS and self._text_at(0) != "{":
            token = self._tokens[self._at]
            prefix = token.text.partition(":")[0].upper() if token.kind == "name" else ""
            if any(word in prefix for word in _GLUED.get(self._text_at(1), ())):
                raise malformed(self._text, token.start, "put a blank between the keyword and the name")
            self._at += 1
        if self._at == begin:
            raise malformed(self._text, self._tokens[begin].start, f"{self._text_at(0)} is not expected here")

    def _closing(self) -> int:
        """The index of the bracket that closes the one here."""
        depth = self._tokens[self._at].depth
        at = self._at + 1
        while not (self._tokens[at].depth == depth and self._tokens[at].text in {"}", ")", "]"}):
            at += 1
        return at

    def _skip_bracket(self) -> None:
        self._at = self._closing() + 1

    def _word(self) -> str:
        return self._tokens[self._at].word if self._at < len(self._tokens) else ""

    def _text_at(self, distance: int) -> str:
        at = self._at + distance
        return self._tokens[at].text if at < len(self._tokens) else ""
