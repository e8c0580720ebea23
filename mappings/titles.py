"""Titles of framework documents: what is the name, and what are years, symbols, abbreviations and links around it."""

import re
from dataclasses import dataclass, field
from typing import Final

from kg.read.text import Span

URL: Final = re.compile(r"<?((?:https?://|www\.)[^\s<>]*[^\s<>.,;:])>?")
YEAR: Final = r"(?:1[89]|20)\d{2}"
YEARS: Final = re.compile(rf"{YEAR}(?:\s*[-–]\s*(?:{YEAR}|\d{{2}})(?!\d))?")
# A document symbol: capitals first, then a slash and a number somewhere: A/RES/55/25, AG/RES. 2551 (XL-0/10).
SYMBOL: Final = re.compile(r"(?=[^/]*/)(?=\D*\d)[A-Z]{1,6}[A-Z./-][\w./() -]*")
CODE: Final = re.compile(r"^([CPR]\d{1,3})\s+(?=[A-Z])")
BRACKET: Final = re.compile(r"\s*\(((?:[^()]|\([^()]*\))*)\)?")
MONTH: Final = r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
TRAILING: Final = re.compile(rf"(?:,? (?:of|for|in))?(?:,? {MONTH},?)?,? ({YEARS.pattern})$")
OWN_YEAR: Final = re.compile(rf"^(?:\w+ )?(?:Protocol|Convention|Recommendation) of ({YEAR})\b")
# Numbers that are part of the name: "Directive 2011/36/EU on ...", "Decision No. 1107 ...".
NUMBERED: Final = re.compile(r"Directive (\d{4}/\d+/\w+)|(Decision No\. \d+)")
NEXT: Final = re.compile(r"(?<=\(\d{4}\)) +(?=[A-Z])")


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
    """Where the documents of one paragraph stand: a capital after a bracketed year begins another one."""
    starts = [0, *(match.end() for match in NEXT.finditer(paragraph))]
    ends = [*(match.start() for match in NEXT.finditer(paragraph)), len(paragraph)]
    return [Span(begin, end) for begin, end in zip(starts, ends, strict=True)]


def read_title(printed: str) -> Title:
    """Take a document's name apart: list mark, code, brackets, trailing year and link leave the name."""
    text = printed.strip()
    url = URL.search(text)
    if url:
        text = (text[: url.start()] + text[url.end() :]).strip()
    text = text.removeprefix("-").strip().rstrip(":").strip()
    parts = _Parts()
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
    return Title(text, tuple(years), parts.symbol, parts.short, url[1] if url else "", remark)


def _bracket(match: re.Match[str], parts: _Parts) -> str:
    inner = " ".join(match[1].split())
    years = YEARS.findall(inner)
    if YEARS.fullmatch(inner):
        parts.years.append(_plain(inner))
        return ""
    if SYMBOL.fullmatch(inner):
        parts.symbol = inner
        return ""
    if years and re.match(r"[a-z]", inner):
        parts.remarks.append(inner)
        return ""
    if re.fullmatch(r"[A-Z][A-Za-z.]*(?:[ -][A-Z][A-Za-z]*)*(?:, .+)?", inner) and _is_short(inner):
        parts.short = inner.split(",")[0]
        parts.years += [_plain(year) for year in years]
        return ""
    return match[0]


def _is_short(inner: str) -> bool:
    return all(sum(c.isupper() for c in word) >= 2 for word in inner.split(",")[0].split())


def _tail(text: str, parts: _Parts) -> str:
    extended = re.search(rf",? (extended until {YEAR})$", text)
    if extended:
        parts.remarks.append(extended[1])
        text = text[: extended.start()]
    trailing = TRAILING.search(text)
    if trailing and not parts.years:
        parts.years.append(_plain(trailing[1]))
        text = text[: trailing.start()]
    if parts.years:
        text = re.sub(rf",? {MONTH}$", "", text.strip())
    return text.strip().strip(",;").strip()


def _plain(period: str) -> str:
    return re.sub(r"\s*[-–]\s*", "-", period)


def series(paragraph: str) -> list[Title]:
    """Several numbered resolutions of one sentence, each with its own number or symbol and year; else nothing."""
    numbered = list(re.finditer(rf"\b(\d{{3,5}}) \(({YEAR})(?: ([A-Z]/[A-Z0-9/]+))?\)", paragraph))
    if len(numbered) < 2:
        return []
    name = paragraph[: numbered[0].start()].strip()
    return [Title(name, (match[2],), match[3] or match[1]) for match in numbered]
