"""Names folded for comparing: case, accents, punctuation and blanks do not count.

What is folded holds letters and digits only, so that none of it can be an operator of a search engine."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Letters that Unicode does not take apart.
PLAIN: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n", "ə": "a"}
)
WORD: Final = re.compile(r"[^\W_]+")
CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
APOSTROPHES: Final = re.compile(r"['’‘ʼʻ`´]")
# Words that say nothing of what is searched for; where there are no others, as in a code, they count.
STOP: Final = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"))
# British spellings and the American ones.
SPELLINGS: Final = (
    (re.compile(r"(?<=\w{3})is(?=(?:e|ed|es|ing|er|ers|ation|ations|ational)$)"), "iz"),
    (re.compile(r"(?<=\wgram)me(?=s?$)"), ""),
    (re.compile(r"(?<=\wab)our"), "or"),
    (re.compile(r"(?<=\wen)tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=\wfen)ce(?=s?$)"), "se"),
)

Chunk = tuple[str, ...]


def words(text: str) -> list[str]:
    """The words in order; what an apostrophe cuts is one word, "&" is "and"."""
    return WORD.findall(_plain(APOSTROPHES.sub("", text)))


def key(text: str) -> str:
    """The whole text as one word, without a leading "the": two names that differ in no more are the same."""
    return "".join(_named(text))


def phrase(text: str) -> str:
    """The folded words with blanks between them, without a leading "the"."""
    return " ".join(_named(text))


def american(text: str) -> str:
    """The key in American spelling, so that it is the same for both."""
    return "".join(map(respelt, _named(text)))


@lru_cache(maxsize=10_000)
def respelt(word: str) -> str:
    """A folded word in American spelling."""
    for pattern, instead in SPELLINGS:
        word = pattern.sub(instead, word)
    return word


def chunks(text: str) -> list[Chunk]:
    """What stands between blanks, each cut at its punctuation, so that it can be compared whole and in parts; without
    the words of STOP, if others are left."""
    parts = [_parts(one) for one in text.split()]
    found = [one for one in parts if one]
    return [one for one in found if "".join(one) not in STOP] or found


def searchable(text: str) -> str:
    """All words under which a search for words finds the text: in order, then what can be read whole or in parts, then
    in American spelling."""
    found = words(text)
    for chunk in chunks(text):
        if len(chunk) > 1:
            found += (*chunk, "".join(chunk))
    other = [respelt(word) for word in found]
    return " ".join(found if other == found else [*found, *other])


def spellings(chunk: Chunk) -> set[str]:
    """A chunk in parts and whole, in both spellings of English."""
    ways = {" ".join(chunk), "".join(chunk)}
    return ways | {" ".join(map(respelt, way.split())) for way in ways}


def digits(folded: str) -> str:
    """The digits alone: names that differ in them are no misprints of each other."""
    return "".join(re.findall(r"\d+", folded))


def camel(name: str) -> str:
    """A name of the ontology as words: cooperates With."""
    return CAMEL.sub(" ", name)


def _named(text: str) -> list[str]:
    found = words(text)
    return found[1:] if found[:1] == ["the"] and len(found) > 1 else found


@lru_cache(maxsize=10_000)
def _parts(chunk: str) -> Chunk:
    return tuple(WORD.findall(_plain(chunk)))


def _plain(text: str) -> str:
    text = text.replace("&", " and ")
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(PLAIN)
