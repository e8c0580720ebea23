"""Things by their names: what a text can mean, and what a definite noun means in which section."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from kg import iris
from kg.ask import description as graph
from kg.ask.nearby import near
from kg.ask.search import Hit as Match
from kg.mcp import places, queries
from kg.mcp.answers import Found, Hit, Meaning
from kg.mcp.arguments import SearchEntities
from kg.mcp.graph import Graph
from kg.mcp.refusal import RefusedError

_IRI: Final = re.compile(r"https?://\S+|(?:id|statement|passage|source|vocab|finding|check|question|text)/\S+")
_ANOTHER: Final = ("misprint", "near")


def search(own: Graph, asked: SearchEntities) -> Found:
    """Raises SearchError."""
    matches = own.search.find(asked.text, asked.kind, asked.limit)
    found = [_hit(own.store, match) for match in matches or own.search.nearest(asked.text, asked.kind)]
    ambiguous, meanings = _ambiguous(own, asked.text, asked.kind), references(own.store, asked.text)
    sources = {name for hit in found for name in hit.stated_by} | {one.place.source for one in meanings}
    things = [NamedNode(hit.iri) for hit in found]
    return Found(
        hits=found,
        ambiguous=ambiguous,
        meanings=meanings,
        sources=places.named(own.store, sources),
        sparql=queries.shown(queries.text("stated_by"), "entity", things) if things else "",
        not_covered=list(_not_covered(found, ambiguous, meanings)),
        left_out=[f"no more than {asked.limit} hits are shown"] if len(found) == asked.limit else [],
    )


def resolve(own: Graph, text: str) -> tuple[NamedNode, str]:
    """The one thing that an IRI or a name means, and by which name it was found.

    Raises RefusedError: nothing (with the nearest), several things, or a definite noun."""
    if _IRI.fullmatch(text):
        return _known(own.store, text), text
    if meanings := references(own.store, text):
        told = "; ".join(f"{one.label} in section {one.section} ({one.iri})" for one in meanings)
        raise RefusedError(f"{text!r} means another thing in another section: {told}. Give the IRI of the one you mean")
    matches = own.search.lookup(text)
    best = [match for match in matches if match.how == matches[0].how]
    if len(best) > 1:
        raise RefusedError(f"{text!r} means several things: {_listed(best)}. Ask which is meant, and give its IRI")
    if best:
        return NamedNode(best[0].iri), best[0].matched
    close = own.search.find(text, limit=5) or own.search.nearest(text)
    raise RefusedError(
        f"nothing is called {text!r}; near it: {_listed(close) or 'nothing'}. Give a name or an IRI of these"
    )


def references(store: Store, text: str) -> list[Meaning]:
    """What the text means where a section uses it as a definite noun: with or without the article, in any case."""
    wanted = _phrase(text)
    return [one for one in _references(store) if _phrase(one.phrase) == wanted] if wanted else []


@lru_cache(maxsize=2)
def _references(store: Store) -> tuple[Meaning, ...]:
    found = []
    for row in queries.solutions(store, "references"):
        entity, passage = row["entity"], row["passage"]
        assert isinstance(entity, NamedNode)
        assert isinstance(passage, NamedNode)
        phrase, section, label = (
            one.value for one in (row["phrase"], row["section"], row["label"]) if isinstance(one, Literal)
        )
        place = places.of(store, passage)[0]
        found.append(Meaning(phrase=phrase, section=section, label=label, iri=entity.value, place=place))
    return tuple(found)


def _phrase(text: str) -> str:
    return re.sub(r"^the\s+", "", " ".join(text.lower().split()))


def _known(store: Store, text: str) -> NamedNode:
    full = text if text.startswith("http") else iris.BASE + text
    try:
        node = NamedNode(full)
    except ValueError as error:
        raise RefusedError(f"{full!r} is no IRI: {error}") from error
    if gone := graph.removal(store, node):
        raise RefusedError(f"{full} was published and is gone: {gone.why}")
    if graph.exists(store, node):
        return node
    close = near(store, full.removeprefix(iris.BASE)) if full.startswith(iris.BASE) else []
    told = ", ".join(iris.BASE + one for one in close) or "nothing; search_entities finds things by name"
    raise RefusedError(f"the graph says nothing of {full}; near it: {told}")


def _hit(store: Store, match: Match) -> Hit:
    rows = queries.solutions(store, "stated_by", NamedNode(match.iri))
    sources = [row["source"].value for row in rows if isinstance(row["source"], Literal)]
    return Hit(**vars(match), stated_by=sources)


def _ambiguous(own: Graph, text: str, kind: str | None) -> list[str]:
    """The things that have exactly this name, if there are several."""
    matches = own.search.lookup(text, kind)
    best = [match.iri for match in matches if match.how == matches[0].how]
    return best if len(best) > 1 else []


def _not_covered(found: list[Hit], ambiguous: list[str], meanings: list[Meaning]) -> Iterable[str]:
    if ambiguous:
        yield f"the name means {len(ambiguous)} things equally well: ask which is meant, or answer for each"
    if meanings:
        yield "as a definite noun it means another thing in another section: without the section it means none of them"
    if any(hit.how in _ANOTHER for hit in found):
        yield "nothing is called so; these are called something near it, and none of them need be meant"
    yield "that a thing is not found means that no source of this graph names it, not that it does not exist"


def _listed(matches: Iterable[Match]) -> str:
    return ", ".join(f"{one.label} ({one.kind}, {one.iri})" for one in matches)
