"""Format and coding of an answer: a table per kind of answer, by Accept (RFC 9110, section 12.5) or by `format=`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from kg.serve.problem import PLAIN, PROBLEM_JSON, Problem


# Without eq each is itself only: tables of formats are keys of the caches below, and this makes them cheap ones.
@dataclass(frozen=True, eq=False)
class Format:
    """`names` are what `format=` takes, `media_types` what Accept may ask for; the first of each is the proper one."""

    names: tuple[str, ...]
    media_types: tuple[str, ...]


JSON: Final = Format(("json",), ("application/sparql-results+json", "application/json"))
XML: Final = Format(("xml",), ("application/sparql-results+xml", "application/xml"))
CSV: Final = Format(("csv",), ("text/csv",))
TSV: Final = Format(("tsv",), ("text/tab-separated-values",))
TURTLE: Final = Format(("turtle", "ttl"), ("text/turtle",))
# text/plain was its type before it had one, and is what rdflib asks for.
N_TRIPLES: Final = Format(("ntriples", "nt"), ("application/n-triples", "text/plain"))
TRIG: Final = Format(("trig",), ("application/trig",))
N_QUADS: Final = Format(("nquads", "nq"), ("application/n-quads",))
JSON_LD: Final = Format(("jsonld", "json-ld", "json"), ("application/ld+json", "application/json"))
RDF_XML: Final = Format(("rdfxml", "rdf", "xml"), ("application/rdf+xml", "application/xml"))
HTML: Final = Format(("html",), ("text/html", "application/xhtml+xml"))

# In the order in which the server prefers them where the client does not mind.
RESULTS: Final = (JSON, XML, CSV, TSV, HTML)
GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS, HTML)
DESCRIPTIONS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, HTML)
FORMATS: Final = {"SELECT": RESULTS, "ASK": RESULTS, "CONSTRUCT": GRAPHS, "DESCRIBE": GRAPHS}
PROBLEMS: Final = (Format(("json",), (PROBLEM_JSON, "application/json")), Format(("text",), (PLAIN,)), HTML)


# Programs send the same few headers again and again.
_KEPT: Final = 256
# A wish of the client for a form of JSON-LD or a version of RDF, which an answer without them meets well enough.
_HINTS: Final = frozenset({"profile", "version"})


class Choice(NamedTuple):
    """The media type is the one that was asked for, where a format has several."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        return self.media_type + ("; charset=utf-8" if self.media_type.startswith("text/") else "")


class _Range(NamedTuple):
    """`specificity`: 0 for */*, 1 for text/*, 2 for text/csv, 3 with a charset."""

    kind: str
    subtype: str
    specificity: int
    quality: float


@lru_cache(maxsize=_KEPT)
def choose(formats: tuple[Format, ...], accept: str | None, wanted: str | None = None) -> Choice:
    """`wanted` (from `format=`) overrides Accept; raises Problem 406 with all that is on offer."""
    if wanted is not None:
        return _named(formats, wanted)
    choice = best(formats, accept)
    if choice is None:
        raise _not_acceptable(formats, f"nothing on offer fits Accept: {accept}")
    return choice


@lru_cache(maxsize=_KEPT)
def best(formats: tuple[Format, ...], accept: str | None) -> Choice | None:
    """The highest quality, then what was named most exactly, then what the server prefers."""
    ranges = list(_ranges(accept)) if accept and accept.strip(" \t,") else [_Range("*", "*", 0, 1.0)]
    choices = [Choice(offer, media_type) for offer in formats for media_type in offer.media_types]
    ranked = [(_quality(choice.media_type, ranges), -place, choice) for place, choice in enumerate(choices)]
    (quality, _), _, choice = max(ranked, key=lambda rank: rank[:2])
    return choice if quality > 0 else None


@lru_cache(maxsize=_KEPT)
def takes(coding: str, accept_encoding: str) -> bool:
    """Whether Accept-Encoding (RFC 9110, section 12.5.3) asks for a content coding; without the field, none."""
    quality: dict[str, float] = {}
    for member in _split(accept_encoding.lower(), ","):
        name, *parameters = (part.strip() for part in member.split(";"))
        weight = next(
            (value for key, _, value in (one.partition("=") for one in parameters) if key.strip() == "q"), "1"
        )
        quality[name] = _weight(weight.strip()) or 0.0
    return quality.get(coding, quality.get("*", 0.0)) > 0


def _named(formats: tuple[Format, ...], wanted: str) -> Choice:
    name = wanted.strip().lower()
    for offer in formats:
        if name in offer.names:
            return Choice(offer, offer.media_types[0])
        if name in offer.media_types:
            return Choice(offer, name)
    raise _not_acceptable(formats, f"there is no format {wanted!r} for this")


def _not_acceptable(formats: tuple[Format, ...], reason: str) -> Problem:
    offers = ", ".join(f"{offer.names[0]} ({offer.media_types[0]})" for offer in formats)
    return Problem(406, "No acceptable format", f"{reason}; on offer: {offers}")


def _quality(media_type: str, ranges: list[_Range]) -> tuple[float, int]:
    """Quality and specificity given by the most specific range that covers the type."""
    kind, _, subtype = media_type.partition("/")
    covering = [one for one in ranges if one.kind in {"*", kind} and one.subtype in {"*", subtype}]
    if not covering:
        return 0.0, 0
    closest = max(covering, key=lambda one: (one.specificity, one.quality))
    return closest.quality, closest.specificity


def _ranges(accept: str) -> Iterator[_Range]:
    """Members that are empty or malformed cover nothing; a lone * is what old Java clients send for */*."""
    for member in _split(accept.lower(), ","):
        media_range, *parameters = member.split(";")
        media_range = media_range.strip()
        kind, _, subtype = ("*/*" if media_range == "*" else media_range).partition("/")
        specificity = (kind != "*") + (subtype != "*")
        quality: float | None = 1.0
        fits = True
        for parameter in filter(None, map(str.strip, parameters)):
            name, _, value = (part.strip() for part in parameter.partition("="))
            if name == "q":
                quality = _weight(value)
                break
            if name in _HINTS:
                continue
            # We speak UTF-8 only and have no other parameter: such a range covers none of our types.
            fits = fits and (name, value.strip('"')) == ("charset", "utf-8")
            specificity = 3
        if fits and quality is not None and kind and subtype and (kind != "*" or subtype == "*"):
            yield _Range(kind, subtype, specificity, quality)


def _weight(text: str) -> float | None:
    return (
        float(text)
        if re.fullmatch(r"[01]?(?:\.[0-9]{0,3})?", text) and text not in {"", "."} and float(text) <= 1
        else None
    )


def _split(text: str, separator: str) -> list[str]:
    """Empty members are allowed and mean nothing."""
    return [part.strip() for part in text.split(separator) if part.strip()]
