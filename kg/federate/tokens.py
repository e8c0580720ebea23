"""SPARQL text cut into tokens in linear time, the way the engine reads it.

The guard decides on these tokens what the engine may see, so the two must never disagree about where a string, comment
or IRI ends. The engine is a parser without a tokenizer of its own: it reads `<` after a value as "less than" even
where an IRI could stand (tried: FILTER(1<2)SERVICE#> calls out). Where the surroundings do not tell the two apart, the
query is refused with the advice to add a blank.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.federate.refused import Refused, malformed

_LETTER: Final = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_MARK: Final = r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_CHARACTER: Final = rf"{_LETTER}_{_MARK}\-"
_ESCAPE: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PERCENT: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

_IRI: Final = re.compile(rf"<((?:[^\x00-\x20<>\"{{}}|^`\\]|{_ESCAPE})*+)>")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_BLANKS: Final = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
_STRING: Final = rf"""
    '''(?:'{{0,2}}(?:[^'\\]|\\[tbnrf\\"']|{_ESCAPE}))*+'''
  | \"\"\"(?:"{{0,2}}(?:[^"\\]|\\[tbnrf\\"']|{_ESCAPE}))*+\"\"\"
  | (?!''')'(?:[^'\\\n\r]|\\[tbnrf\\"']|{_ESCAPE})*+'
  | (?!\"\"\")"(?:[^"\\\n\r]|\\[tbnrf\\"']|{_ESCAPE})*+" """
_NUMBER: Final = r"(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"
# Prefixes and words are bounded, so that a failed attempt never rescans the rest of the text.
_TOKEN: Final = re.compile(
    rf"""
    (?P<string> {_STRING} )
    | (?P<variable> [?$][{_LETTER}_0-9][{_LETTER}_{_MARK}]*+ )
    | (?P<bnode> _:[{_LETTER}_0-9](?:[{_CHARACTER}.]*[{_CHARACTER}])? )
    | (?P<name> (?:[{_LETTER}](?:[{_CHARACTER}.]{{0,100}}[{_CHARACTER}])?)? :
                (?: (?:[{_LETTER}_0-9:]|{_PERCENT})
                    (?:(?:[{_CHARACTER}.:]|{_PERCENT})*(?:[{_CHARACTER}:]|{_PERCENT}))? )? )
    | (?P<number> {_NUMBER} )
    | (?P<word> (?:[A-Za-z_]|{_ESCAPE})(?:[A-Za-z0-9_]|{_ESCAPE}){{0,100}} )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)? )
    | (?P<punctuation> && | \|\| | \^\^ | != | >= | >> | [{{}}()\[\].;,*/+\-=>!|^?~] )
    """,
    re.VERBOSE,
)
# What VALUES lists by the thousand: no names, whose prefixes have to be declared, and nothing glued to its neighbour.
_DATUM: Final = re.compile(
    rf"""(?: {_STRING} | <(?:[^\x00-\x20<>\"{{}}|^`\\]|{_ESCAPE})*+> | [+-]?(?:{_NUMBER}) | [Uu][Nn][Dd][Ee][Ff] )
         (?=[ \t\r\n()}}])""",
    re.VERBOSE,
)
_TERMS: Final = rf"(?:{_DATUM.pattern}[ \t\r\n]*+)"
_DATA: Final = re.compile(rf"(?:{_TERMS} | \([ \t\r\n]*+{_TERMS}*+\)[ \t\r\n]*+){{1,10000}}+", re.VERBOSE)
_VALUE_KINDS: Final = frozenset({"variable", "iri", "name", "string", "number", "bnode", "language"})
_CLOSED_BY: Final = {"{": "}", "(": ")", "[": "]"}


class Token(NamedTuple):
    """`inside` names the innermost open bracket (see `_Brackets`), `depth` counts them; an opener counts itself."""

    kind: str
    text: str
    start: int
    inside: str
    depth: int

    @property
    def word(self) -> str:
        """The keyword in upper case, or nothing."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def ends_value(self) -> bool:
        """After such a token a binary operator may stand."""
        return (
            self.kind in _VALUE_KINDS or self.text in {")", "]", "}", ">>"} or self.word in {"TRUE", "FALSE", "UNDEF"}
        )


START: Final = Token("start", "", 0, "", 0)


class _Brackets:
    """What is open: group, template (of CONSTRUCT), data (of VALUES), row (in data), expression, square (also the round
    one of a triple term), or list (a collection, a path, or an expression whose opening does not say so)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[str, str, int]] = []
        self._values = False

    @property
    def inside(self) -> str:
        return self._open[-1][0] if self._open else ""

    @property
    def depth(self) -> int:
        return len(self._open)

    def follow(self, token: Token, before: tuple[Token, Token]) -> None:
        if token.word == "VALUES":
            self._values = True
        if token.kind != "punctuation":
            return
        if token.text in _CLOSED_BY:
            self._open.append((self._kind(token.text, before), token.text, token.start))
        elif token.text in {"}", ")", "]"}:
            self._close(token)

    def _kind(self, bracket: str, before: tuple[Token, Token]) -> str:
        earlier, last = before
        if bracket == "[" or last.text == "<<":
            return "square"
        if bracket == "{":
            kind = "data" if self._values else "template" if last.word == "CONSTRUCT" else "group"
            self._values = False
            return kind
        if self.inside in {"data", "row"}:
            return "row"
        after_keyword = last.kind == "word" and last.text != "a" and last.word not in {"TRUE", "FALSE"}
        called = last.kind in {"name", "iri"} and earlier.word in {"FILTER", "HAVING", "BY"}
        return "expression" if self.inside == "expression" or after_keyword or called else "list"

    def _close(self, token: Token) -> None:
        if not self._open or _CLOSED_BY[self._open[-1][1]] != token.text:
            raise malformed(self._text, token.start, f"{token.text} closes nothing that is open here")
        self._open.pop()

    def end_of_data(self, position: int) -> int:
        """Where plain terms end that begin here, or the position itself."""
        match = _DATA.match(self._text, position) if self.inside == "data" else None
        return match.end() if match else position

    def end(self) -> None:
        if self._open:
            _, bracket, start = self._open[-1]
            raise malformed(self._text, start, f"{bracket} is never closed")


def scan(text: str, *, data_together: bool = False) -> Iterator[Token]:
    """The tokens, comments left out; raises Refused (400) where the text cannot be read for certain.

    With `data_together`, plain terms that VALUES lists come as one token of the kind "data"."""
    brackets = _Brackets(text)
    earlier, last = START, START
    position = _skip_blanks(text, 0)
    while position < len(text):
        end = brackets.end_of_data(position) if data_together else position
        kind, end = ("data", end) if end > position else _next(text, position, last, brackets.inside)
        token = Token(kind, text[position:end], position, brackets.inside, brackets.depth)
        if kind == "word" and "\\" in token.text:
            token = token._replace(text=_unescape(token.text))
        brackets.follow(token, (earlier, last))
        if token.text in _CLOSED_BY:
            token = token._replace(inside=brackets.inside, depth=brackets.depth)
        yield token
        earlier, last = last, token
        position = _skip_blanks(text, end)
    brackets.end()


def spelled_out(text: str) -> str:
    """The text with the escapes in its keywords undone; blanks after them keep every offset as it was."""
    parts, done = [], 0
    for token in scan(text) if "\\" in text else ():
        if token.kind == "word" and (raw := _TOKEN.match(text, token.start)) and raw[0] != token.text:
            parts += [text[done : token.start], token.text.ljust(len(raw[0]))]
            done = raw.end()
    return "".join([*parts, text[done:]])


def terms_in(data: str) -> int:
    """How many terms and rows a token of the kind "data" holds; a bracket in a string counts as a row."""
    return len(_DATUM.findall(data + " ")) + data.count("(")


def _skip_blanks(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def _next(text: str, position: int, last: Token, inside: str) -> tuple[str, int]:
    if text[position] == "<":
        return _angle(text, position, last, inside)
    match = _TOKEN.match(text, position)
    if match and match.lastgroup:
        return match.lastgroup, match.end()
    if text[position] in "\"'":
        raise malformed(text, position, "this string is never closed, or holds a line break or an unknown escape")
    raise malformed(text, position, f"{text[position]!r} cannot stand here")


def _angle(text: str, position: int, last: Token, inside: str) -> tuple[str, int]:
    """An IRI, the `<<` of a triple term, or "less than"."""
    match = _IRI.match(text, position)
    if last.ends_value and inside in {"expression", "list"}:
        if match and inside == "expression" and _SCHEME.match(match[1]):
            raise malformed(text, position, "an operator or a comma is missing before this IRI")
        if inside == "expression" or not (match or text.startswith("<<", position)):
            return "punctuation", position + 1 + text.startswith("<=", position)
        if match is None or not _surely_iri(match[1]):
            raise malformed(text, position, "< could open an IRI or mean less than: put a blank after it")
    if text.startswith("<<", position):
        return "punctuation", position + 2
    if match:
        return "iri", match.end()
    return "punctuation", position + 1 + text.startswith("<=", position)


def _surely_iri(body: str) -> bool:
    """Read as a comparison, x<BODY>y would be no SPARQL: comparisons do not chain, and // is no operator."""
    return _SCHEME.match(body) is not None or not re.search(r"[&(),#']", body)


def _unescape(word: str) -> str:
    try:
        return re.sub(_ESCAPE, lambda match: chr(int(match[0][2:], 16)), word)
    except ValueError as error:
        raise Refused(400, "Syntax error in the query", f"{word} holds an escape that is no character") from error
