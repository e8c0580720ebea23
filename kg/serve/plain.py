"""Queries of a plain form, which is nearly all of them: read by one regular expression instead of token by token.

It proves from upper bounds that a query keeps every limit of the guard; what it cannot prove it leaves to the guard. It
never cuts text into fewer tokens than the guard would, and it does not take: SERVICE in any spelling, FROM, functions
that change, escapes outside of strings, labels of blank nodes, triple terms, `>>`, IRIs without `scheme://`, and `<`
without a blank after it (so `<` is never in doubt). Syntax errors that it does not see the engine finds.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

from kg.federate.words import CHANGING, WORDS
from kg.serve.query_limits import (
    DEEPEST,
    DEEPEST_SUBQUERY,
    LONGEST_PATH,
    LONGEST_STRING,
    MOST_DATA,
    MOST_OPERATORS,
    MOST_PATTERNS,
    MOST_REGEXES,
)

# A token adds at most one to each of these.
_FEW: Final = min(DEEPEST, MOST_PATTERNS, LONGEST_PATH)
# VALUES is one token here, whose header adds up to four.
_MORE: Final = MOST_OPERATORS - _FEW - 4 * MOST_PATTERNS


def _any_of(words: Iterable[str]) -> str:
    """A pattern for the words in any case that tries each letter once, unlike an alternation of words."""
    branches = []
    for letter, group in groupby(sorted(words), key=lambda word: word[:1]):
        if letter:
            branches.append(f"[{letter}{letter.lower()}]{_any_of(word[1:] for word in group)}")
        else:
            branches.append("")
    # The empty branch sorts first and has to be tried last.
    branches.sort(key=len, reverse=True)
    return f"(?:{'|'.join(branches)})" if len(branches) > 1 else branches[0]


_B: Final = r"[ \t\r\n]*+"
_BLANKS: Final = rf"{_B}(?:\#[^\r\n]*+{_B})*+"
_STRINGS: Final = r"""
    \"\"\"(?:"{0,2}(?:[^"\\]|\\[tbnrf\\"']))*+\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\[tbnrf\\"']))*+'''
  | "(?!"")(?:[^"\\\n\r]++|\\[tbnrf\\"'])*+" | '(?!'')(?:[^'\\\n\r]++|\\[tbnrf\\"'])*+' """
_STRING: Final = rf"(?:{_STRINGS})"
_IRI: Final = r"""<[A-Za-z][A-Za-z0-9+.\-]*+://[^\x00-\x20<>"{}|^`\\]*+>"""
_LOCAL: Final = r":(?:[A-Za-z0-9_:][A-Za-z0-9_:\-]*+(?:\.++[A-Za-z0-9_:\-]++)*+)?+"
_NAME: Final = rf"(?:[A-Za-z][A-Za-z0-9_\-]*+)?+{_LOCAL}"
_ENDS: Final = r"(?![A-Za-z0-9_:\-]|\.[A-Za-z0-9_:.\-])"
_WORD: Final = _any_of(WORDS - CHANGING - {"FROM", "NAMED", "SERVICE", "SILENT", "VALUES", "VERSION"}) + _ENDS
_VALUES: Final = _any_of(["VALUES"]) + _ENDS
_VARIABLE: Final = r"[?$][A-Za-z0-9_]++"
_NUMBER: Final = r"[0-9]++(?:\.[0-9]++)?+"
# Terms stand apart, so that there are no more of them than blanks and round brackets.
_DATUM: Final = rf"""(?: [()] | (?: {_any_of(["UNDEF", "TRUE", "FALSE"])}{_ENDS} | {_NAME} | {_IRI} | [+\-]?+{_NUMBER}
                     | {_STRING}(?:@[A-Za-z0-9\-]++|\^\^(?:{_IRI}|{_NAME}))?+ )(?=[ \t\r\n()}}]) )"""
_HEADER: Final = rf"{_VALUES}{_B}(?:{_VARIABLE}|\({_B}(?:{_VARIABLE}{_B}){{0,4}}+\)){_B}"
_DATA: Final = rf"\{{{_B}(?:{_DATUM}{_B})*+\}}"
_TERM: Final = rf"{_STRING} | {_IRI} | {_NUMBER} | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ | \#[^\r\n]*+ | <=?+(?=[ \t\r\n])"

_PREFIX: Final = rf"{_any_of(['PREFIX'])}{_BLANKS}(?:[A-Za-z][A-Za-z0-9_\-]*+)?+:"
_PROLOGUE: Final = rf"""{_BLANKS}(?:(?:{_PREFIX}|{_any_of(["BASE"])})
                        {_BLANKS}<[^\x00-\x20<>\"{{}}|^`\\]*+>{_BLANKS}){{0,1000}}+"""
_TOKEN: Final = rf"""(?:(?: {_VARIABLE} | [{{}}()\[\].;,*/+\-=!|^?~&] | >(?!>) | {_WORD} | {_NAME} | {_TERM}
                         | {_HEADER}{_DATA} | {_VALUES} ){_B})"""
_START: Final = re.compile(
    rf"""{_PROLOGUE}(?P<form>{_any_of(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])})(?=[ \t\r\n*?$(\#{{<])
         (?:{_B}{_any_of(["DISTINCT", "REDUCED"])}{_ENDS})?+{_B}(?P<star>\*)?+{_B}{_TOKEN}{{0,{_FEW}}}+""",
    re.VERBOSE,
)
_BLOCK: Final = rf"(?<![A-Za-z0-9_:?$.@\-][Vv]){_HEADER.removeprefix('[Vv]')}{_DATA}"
_UNBRACKETED: Final = str.maketrans("()", "  ")
_VARIABLES: Final = re.compile(r"[?$]([A-Za-z0-9_]++)")
_VALUE: Final = rf"(?:[?$][A-Za-z0-9_]*+|{_NAME}|[\"'@]|\.?+[0-9]|{_any_of(['TRUE', 'FALSE', 'UNDEF'])}{_ENDS})"


class Plain(NamedTuple):
    """`start` and `star` are the offsets of the query form and of the `*` of SELECT *."""

    form: str
    start: int
    star: int | None
    variables: tuple[str, ...]


# What only a longer query needs is compiled for the first of them: no server waits for it at its start.


@cache
def _rest() -> re.Pattern[str]:
    return re.compile(rf"{_TOKEN}{{0,{_MORE}}}+", re.VERBOSE)


@cache
def _hidden() -> re.Pattern[str]:
    # Every branch begins with a letter of its own, which makes the search three times as fast.
    return re.compile(rf"{_STRINGS} | {_IRI} | \#[^\r\n]*+ | V{_BLOCK} | v{_BLOCK}", re.VERBOSE)


@cache
def _no_pattern() -> re.Pattern[str]:
    """A point before a closing brace, and the round bracket after a word, which opens no list."""
    opener = rf"""(?<![A-Za-z0-9_?$:@.\-])(?!{_any_of(["TRUE", "FALSE"])}{_B}\()[A-Za-z_]{{2,}}+{_B}\("""
    return re.compile(rf"\.{_B}\}} | {opener}", re.VERBOSE)


@cache
def _innermost() -> re.Pattern[str]:
    """Inside of braces and square brackets may stand what will; the sign of a string or an IRI stands for it."""
    return re.compile(
        rf"""\({_B}(?:{_VALUE}[A-Za-z0-9_.\-]*+{_B}(?!{_VALUE}) | (?!{_VALUE})(?:[A-Za-z]++|[^(){{}}\[\]]){_B})*+\)
             | \{{[^(){{}}\[\]]*+\}} | \[[^(){{}}\[\]]*+\]""",
        re.VERBOSE,
    )


def read_plain(text: str) -> Plain | None:
    """None is no refusal: the guard has to read every token."""
    match = _START.match(text)
    if match is None or not _is_harmless(text):
        return None
    start, end = match.span("form")
    if match.end() < len(text) and not (_rest().fullmatch(text, match.end()) and _keeps_limits(_shown(text[end:]))):
        return None
    form = text[start:end].upper()
    if match["star"] is None or form != "SELECT":
        return Plain(form, start, None, ())
    star = match.start("star")
    return Plain(form, start, star, tuple(dict.fromkeys(_VARIABLES.findall(_shown(text[star:])))))


def _is_harmless(text: str) -> bool:
    """What a few tokens, or single ones, may exceed; words are counted in names and strings too."""
    upper = text.upper()
    return (
        "SERVICE" not in upper
        and upper.count("SELECT") <= DEEPEST_SUBQUERY
        and upper.count("REGEX") + upper.count("REPLACE") <= MOST_REGEXES
        and (len(text) <= LONGEST_STRING or not _is_too_long(text))
    )


def _is_too_long(text: str) -> bool:
    listed = sum(map(text.count, " \t\r\n()"))
    return listed > MOST_DATA or any(
        len(one[0]) > LONGEST_STRING and one[0][0] in "\"'" for one in _hidden().finditer(text)
    )


def _shown(text: str) -> str:
    """Without comments and the data of VALUES; of a string or an IRI only a quote or a colon."""
    return _hidden().sub(_shown_of, text)


def _shown_of(hidden: re.Match[str]) -> str:
    first = hidden[0][0]
    if first in "Vv":
        header = hidden[0].partition("{")[0]
        return f" {header.translate(_UNBRACKETED)} "
    return {"#": " ", "<": " : "}.get(first, ' " ')


def _keeps_limits(shown: str) -> bool:
    brackets, steps, ends = (sum(map(shown.count, signs)) for signs in ("{[(", "/|^", ".;,/"))
    # A bar after a brace opens an annotation, which is two patterns.
    annotations = shown.count("|") - 2 * shown.count("||")
    upper = shown.upper()
    words = upper.count("VALUES") + upper.count("OPTIONAL")
    patterns = brackets + ends + annotations + words - len(_no_pattern().findall(shown))
    return max(brackets, patterns, steps) <= _FEW and _has_no_members(shown)


def _has_no_members(shown: str) -> bool:
    """No value follows a value in round brackets: there is no list, or none of more than one member."""
    while "(" in shown:
        shown, replaced = _innermost().subn(" ?v ", shown)
        if not replaced:
            return False
    return True
