"""Titles of framework documents: what is the name, and what are years, symbols, abbreviations and links around it."""

import re
from dataclasses import dataclass, field
from typing import Final

from kg.read.text import Span

# A link ends before a blank, a bracket that it did not open, or the punctuation of the sentence around it.
URL: Final = re.compile(
    r"<?((?:[Hh][Tt][Tt][Pp][Ss]?://|\bwww\.)(?:[^\s<>()\"]|\([^\s<>()\"]*\))*(?:[^\s<>()\".,;:]|\([^\s<>()\"]*\)))>?"
)
YEAR: Final = r"(?:1[89]|20)\d{2}"
YEARS: Final = re.compile(rf"{YEAR}(?:\s*[-–]\s*(?:{YEAR}|\d{{2}})(?!\d))?")
# A document symbol: capitals first, then a slash and a number somewhere: A/RES/55/25, AG/RES. 2551 (XL-0/10).
SYMBOL: Final = re.compile(r"(?=[^/]*/)(?=\D*\d)[A-Z]{1,6}[A-Z./-][\w./() -]*|C?ETS (?:No\. ?)?\d+")
CODE: Final = re.compile(r"^([CPR]\d{1,3})\s+(?=[A-Z])")
MARK: Final = re.compile(r"^[-•–]\s*")
BRACKET: Final = re.compile(r"\s*\(((?:[^()]|\([^()]*\))*)\)?")
MONTH: Final = r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATED: Final = rf"(?:{MONTH},? )?{YEARS.pattern}"
DATES: Final = re.compile(rf"{DATED}(?:(?:,|;|,? and|,? &) {DATED})*")
REVISED: Final = re.compile(rf"({YEARS.pattern}), ([a-z].*)")
ACRONYM: Final = re.compile(r"[A-Z][\w./&-]*(?:[ -][A-Z][\w./&]*)*(?:, .+)?")
TRAILING: Final = re.compile(rf"(?:,? (?:of|for|in))?(?:,? {MONTH},?)?,? ({YEARS.pattern})$")
OWN_YEAR: Final = re.compile(rf"^(?:\w+ )?(?:Protocol|Convention|Recommendation) of ({YEAR})\b")
# Numbers that are part of the name: "Directive 2011/36/EU on ...", "Decision No. 1107 ...".
NUMBERED: Final = re.compile(r"Directive (\d{4}/\d+/\w+)|(Decision No\. \d+)")
BREAK: Final = re.compile(rf"(\({YEARS.pattern}\)|{URL.pattern}) +(?=[A-Z“]|\d+(?:st|nd|rd|th) )")
ORDINAL: Final = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\d+(?:st|nd|rd|th))\s*$"
)
# "by 2020": the year is part of the name.
BOUND: Final = re.compile(r"\b(?:by|to|until|till|through|towards?|beyond|since|from|and|before|after)$")


@dataclass(frozen=True)
class Title:
    """A document's name and what was printed around it; years and periods as printed, with a plain hyphen."""

    name: str
    years: tuple[str, ...] = ()
    symbol: str = ""
    short: str = ""
    url: str = ""
    remark: str = ""


@dataclass
class _Parts:
    years: list[str] = field(default_factory=list)
    symbol: str = ""
    short: str = ""
    remarks: list[str] = field(default_factory=list)


def documents(paragraph: str) -> list[Span]:
    """Where the documents of one paragraph stand: a capital after a bracketed year or a link begins another one, but
    not after "second (2033)", which no title ends with."""
    breaks = [match for match in BREAK.finditer(paragraph) if not ORDINAL.search(paragraph[: match.start()])]
    starts = [0, *(match.end() for match in breaks)]
    ends = [*(match.end(1) for match in breaks), len(paragraph)]
    return [Span(begin, end) for begin, end in zip(starts, ends, strict=True)]


def read_title(printed: str) -> Title:
    """Take a document's name apart: list mark, code, brackets, trailing year and links leave the name."""
    url, *more = [match[1] for match in URL.finditer(printed)] or [""]
    text = MARK.sub("", URL.sub(" ", printed).strip()).rstrip(" :")
    parts = _Parts(remarks=[f"also {link}" for link in more])
    code = CODE.match(text)
    if code:
        parts.symbol, text = code[1], text[code.end() :]
    text = BRACKET.sub(lambda match: _bracket(match, parts), text)
    text = _tail(" ".join(text.split()).replace(" ,", ","), parts)
    numbered = NUMBERED.match(text)
    if numbered and not parts.symbol:
        parts.symbol = numbered[1] or numbered[2]
    own = OWN_YEAR.match(text)
    years = [own[1]] if own and code else parts.years
    remark = "; ".join(parts.remarks)
    return Title(text, tuple(years), parts.symbol, parts.short, url, remark)


def _bracket(match: re.Match[str], parts: _Parts) -> str:
    """Sort what a bracket holds; gives back what stays in the name."""
    inner = " ".join(match[1].split())
    years = [_plain(year) for year in YEARS.findall(inner)]
    revised = REVISED.fullmatch(inner)
    if DATES.fullmatch(inner):
        parts.years += years
    elif SYMBOL.fullmatch(inner):
        parts.symbol = inner
    elif revised:
        parts.years.append(_plain(revised[1]))
        parts.remarks.append(revised[2])
    elif years and inner[0].islower():
        parts.remarks.append(inner)
    elif ACRONYM.fullmatch(inner) and is_abbreviation(inner):
        parts.short = inner.split(",")[0]
        parts.years += years
    elif inner:
        return match[0]
    return ""


def is_abbreviation(bracket: str) -> bool:
    """Whether what stands in a bracket, up to a comma, abbreviates: two capitals or more in each word."""
    return all(sum(c.isupper() for c in word) >= 2 for word in bracket.split(",")[0].split())


def _tail(text: str, parts: _Parts) -> str:
    extended = re.search(rf",? (extended until {YEAR})$", text)
    if extended:
        parts.remarks.append(extended[1])
        text = text[: extended.start()]
    text = text.rstrip(" .")
    trailing = TRAILING.search(text)
    if trailing and not parts.years and not BOUND.search(text[: trailing.start()]):
        parts.years.append(_plain(trailing[1]))
        text = text[: trailing.start()]
    if parts.years:
        text = re.sub(rf",? {MONTH}$", "", text.strip())
    return text.strip(" ,;:")


def _plain(period: str) -> str:
    """A year or period as printed, with a plain hyphen; the last year in full where 2010-12 would read as a month."""
    first, _, last = re.sub(r"\s*[-–]\s*", "-", period).partition("-")
    if not last:
        return first
    return f"{first}-{first[:2]}{last}" if len(last) == 2 and int(last) <= 12 else f"{first}-{last}"


def series(paragraph: str) -> list[Title]:
    """Several numbered resolutions of one sentence, each with its own number or symbol and year; else nothing."""
    numbered = list(re.finditer(rf"\b(\d{{3,5}}) \(({YEAR})(?: ([A-Z]/[A-Z0-9/]+))?\)", paragraph))
    if len(numbered) < 2:
        return []
    name = paragraph[: numbered[0].start()].strip()
    return [Title(name, (match[2],), match[3] or match[1]) for match in numbered]
