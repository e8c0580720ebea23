"""A query of the client's own: guarded, bounded, held against the names that the graph knows, with its places."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.ask.honesty import RULES
from kg.federate.refused import Refused
from kg.mcp import asking, bounds, places
from kg.mcp.answers import Cell, Place, Ran, Suggestion
from kg.mcp.arguments import RunSparql
from kg.mcp.graph import Graph
from kg.mcp.refusal import RefusedError
from kg.mcp.unknown import names, refuse_unknown
from kg.serve.evaluate import Question, Row, Term
from kg.serve.guard import inspect
from kg.serve.outline import Outline

_SUGGESTED: Final = 3
_PROGRESS: Final = "tip:progress"


def run(own: Graph, asked: RunSparql) -> Ran:
    """Raises Refused for what the endpoint refuses, RefusedError for unknown names."""
    outline = _inspected(asked.query)
    refuse_unknown(own.store, own.digest, asked.query)
    table = own.engine.table(Question(asked.query, outline, None), asked.limit)
    found = _places(own, table.rows)
    used = _terms(asked.query)
    return Ran(
        form=outline.form,
        columns=list(table.columns),
        rows=[[_cell(term) for term in row] for row in table.rows],
        holds=table.answer,
        places=found[: bounds.MOST_PLACES],
        packaged=_packaged(used),
        sources=places.named(own.store, _sources(own, table.rows, found) or places.documents(own.store)),
        sparql=asked.query,
        not_covered=list(_not_covered(own, used, table.answer, bool(found))),
        left_out=list(_left_out(asked.limit, table.more, len(found))),
    )


def _inspected(query: str) -> Outline:
    try:
        return inspect(query)
    except Refused as refused:
        if refused.status != 403:
            raise
        beside = ", ".join(asking.beside())
        told = f"{refused.title}: {refused.place}no other endpoint is called for a query of your own"
        raise RefusedError(f"{told}; ask_question has packaged questions beside Wikidata: {beside}") from refused


def _cell(term: Term | None) -> Cell:
    if term is None:
        return None
    if isinstance(term, Literal) and term.datatype.value.endswith("#integer") and term.value.lstrip("+-").isdigit():
        return int(term.value) if len(term.value) < 16 else term.value
    return bounds.cell(term.value if isinstance(term, NamedNode | Literal) else str(term))


def _nodes(rows: Iterable[Row]) -> list[NamedNode]:
    """Things of ours among the cells, each once."""
    found = (term for row in rows for term in row if isinstance(term, NamedNode) and term.value.startswith(iris.BASE))
    return list(dict.fromkeys(found))


def _places(own: Graph, rows: Iterable[Row]) -> list[Place]:
    found = [place for node in _nodes(rows) for place in places.of(own.store, node)]
    return list({place.iri: place for place in found}.values())


def _sources(own: Graph, rows: Iterable[Row], found: Iterable[Place]) -> set[str]:
    """Those of the places, and those that the rows name themselves."""
    known = {source.iri: name for name, source in places.documents(own.store).items()}
    cells = {term.value for row in rows for term in row if isinstance(term, NamedNode | Literal)}
    return (
        {place.source for place in found} | {known[one] for one in cells & known.keys()} | (cells & {*known.values()})
    )


def _terms(query: str) -> frozenset[str]:
    """The local names of our terms in a query."""
    return frozenset(one.iri.removeprefix(iris.ONTOLOGY) for one in names(query) if one.iri.startswith(iris.ONTOLOGY))


@cache
def _terms_of_questions() -> dict[str, frozenset[str]]:
    """Without those beside Wikidata, which ask for something else."""
    names = {one.name for one in asking.catalogue()} - {*asking.beside()}
    return {name: _terms(asking.query_of(name)) for name in sorted(names)}


def _packaged(used: frozenset[str]) -> list[Suggestion]:
    """Packaged questions that share most of the terms; one that few questions use counts for more.

    Of those that share the same, the one with the fewest others comes first."""
    known = _terms_of_questions()
    often = Counter(term for found in known.values() for term in found)
    scores = {name: sum(1 / often[term] for term in found & used) for name, found in known.items()}
    order = {name: (-scores[name], len(known[name]), name) for name in scores if scores[name] > 1 / 4}
    best = sorted(order, key=order.__getitem__)
    summaries = {one.name: one.summary for one in asking.catalogue()}
    return [Suggestion(name=name, summary=summaries[name]) for name in best[:_SUGGESTED]]


def _not_covered(own: Graph, used: frozenset[str], answer: bool | None, placed: bool) -> Iterator[str]:
    if answer is False:
        yield "false means that the graph does not state it, not that it is not so"
    if not placed:
        yield "the rows name no statement and no passage, so that they have no place: select the statement too"
    if _PROGRESS.removeprefix("tip:") not in used and used & _with_progress(own):
        yield f"the query does not look at {_PROGRESS}: what is only planned may be among the rows"
    yield RULES[0]


def _with_progress(own: Graph) -> set[str]:
    """Classes whose statements can be about something that is only planned."""
    classes = (one.name for one in own.digest.classes if any(use.name == _PROGRESS for use in one.uses))
    return {name.removeprefix("tip:") for name in classes}


def _left_out(limit: int, more: bool, found: int) -> Iterator[str]:
    if more:
        yield f"there are more than the {limit} rows shown: add ORDER BY, LIMIT and OFFSET, or ask for less"
    if found > bounds.MOST_PLACES:
        yield f"{bounds.MOST_PLACES} of {found} places are shown; get_evidence has those of one statement"
