"""What the graph says of one thing: its values, what the sources state about it, and the questions that it fits."""

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg import iris
from kg.ask import description as graph
from kg.ask.honesty import RULES
from kg.ask.ontology import short
from kg.mcp import asking, bounds, places, queries
from kg.mcp.answers import Described, Statement, Value
from kg.mcp.arguments import DescribeEntity
from kg.mcp.finding import resolve
from kg.mcp.graph import Graph

_MOST_VALUES = 60


def describe(own: Graph, asked: DescribeEntity) -> Described:
    """Raises RefusedError for what means nothing, or several things."""
    node, matched = resolve(own, asked.entity)
    described = graph.describe(own.store, node)
    assert described is not None
    values = [_value(own.store, said) for said in graph.most_exact(own.store, described.outbound) if _tells(said)]
    stated = _statements(own.store, node)
    shown = stated[asked.offset : asked.offset + asked.limit]
    kinds = [one for one in described.values(graph.TYPE) if isinstance(one, NamedNode)]
    sources = {place.source for one in stated for place in one.places} | {p.source for p in places.of(own.store, node)}
    return Described(
        iri=node.value,
        label=graph.label(own.store, node),
        kinds=[short(kind.value) for kind in kinds if kind.value.startswith(iris.ONTOLOGY)],
        matched=matched,
        values=values[:_MOST_VALUES],
        statements=shown,
        counts=dict(sorted(Counter(one.kind for one in stated).items())),
        questions=_questions({graph.called(own.store, kind) for kind in kinds}),
        sources=places.named(own.store, sources),
        sparql=queries.shown(queries.text("entity"), "entity", [node]),
        not_covered=list(_not_covered(own.store, stated, sources)),
        left_out=[*bounds.part(len(stated), len(shown), asked.offset), *_values_left_out(len(values))],
    )


def _tells(said: graph.Said) -> bool:
    return said.triple.predicate not in (graph.TYPE, graph.LABEL)


def _value(store: Store, said: graph.Said) -> Value:
    term, prop = said.triple.object, said.triple.predicate
    iri = term.value if isinstance(term, NamedNode) else None
    text = graph.label(store, term) if isinstance(term, NamedNode) else _plain(term)
    return Value(
        property=short(prop.value),
        label=graph.called(store, prop),
        value=bounds.cell(text),
        iri=iri,
        derived=said.derived,
    )


def _plain(term: graph.Term) -> str:
    return term.value if isinstance(term, Literal | BlankNode) else str(term)


def _statements(store: Store, node: NamedNode) -> list[Statement]:
    """One for each statement, with all roles that the thing has in it, and all places where it stands."""
    found: dict[str, Statement] = {}
    for row in queries.solutions(store, "entity", node):
        statement, passage = row["statement"], row["passage"]
        assert isinstance(statement, NamedNode)
        assert isinstance(passage, NamedNode)
        kind, label, role, progress = (_text(row[name]) for name in ("kind", "label", "role", "progress"))
        one = found.setdefault(
            statement.value,
            Statement(iri=statement.value, kind=kind, label=bounds.cell(label), roles=[], progress=progress, places=[]),
        )
        one.roles += [role] if role not in one.roles else []
        one.places += [place for place in places.of(store, passage) if place not in one.places]
    return list(found.values())


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""


def _questions(kinds: set[str]) -> list[str]:
    wanted = {*kinds, "thing"} if kinds & {"entity"} else kinds
    return [one.name for one in asking.catalogue() if any(parameter.type in wanted for parameter in one.parameters)]


def _not_covered(store: Store, stated: list[Statement], sources: set[str]) -> Iterator[str]:
    planned = sum(one.progress == "planned" for one in stated)
    if planned:
        yield f"{planned} of the {len(stated)} statements are planned, not done"
    silent = [name for name in places.documents(store) if name not in sources]
    if silent:
        yield f"no source of these states anything about it: {', '.join(silent)}"
    yield "a derived value means that at least one source states it, whenever that was"
    yield RULES[0]


def _values_left_out(found: int) -> list[str]:
    return [f"{_MOST_VALUES} of {found} values are shown; the others with run_sparql"] if found > _MOST_VALUES else []
