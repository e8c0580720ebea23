"""What the page of one thing shows: names, facts, and the statements that name it, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from kg import iris
from kg.ask import description as graph
from kg.ask.description import Description, Said, Term
from kg.ask.grounds import grounds
from kg.serve.quotes import Quotes, Words

PER_PAGE: Final = 40
VALUES_SHOWN: Final = 100
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_NAMES: Final = (
    NamedNode(f"{_SKOS}prefLabel"),
    NamedNode(f"{_SKOS}altLabel"),
    NamedNode(iris.term("abbreviation")),
    NamedNode(iris.term("alpha2")),
    NamedNode(iris.term("alpha3")),
)
_DEFINITION: Final = NamedNode(f"{_SKOS}definition")
# schema:sameAs repeats skos:exactMatch for search engines.
_ELSEWHERE: Final = (
    *(graph.TYPE, graph.LABEL, graph.EVIDENCE, graph.WHERE, _DEFINITION, NamedNode("https://schema.org/sameAs")),
    *_NAMES,
)
_ABOVE: Final = (NamedNode(iris.term("source")), NamedNode(f"{_SKOS}inScheme"))
_PLAIN: Final = frozenset(f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("string", "integer", "anyURI"))


@dataclass(frozen=True)
class Place:
    """Where a passage stands, in words; its own words where the text is at hand."""

    where: str
    href: str
    words: Words | None


@dataclass(frozen=True)
class Value:
    """A term to be shown; `note` is a language or datatype, `outside` links leave this server."""

    text: str
    href: str | None = None
    note: str = ""
    outside: bool = False
    derived: bool = False
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Group:
    """Values under one property; `count` is of all, also of those that another page shows."""

    name: Value
    values: tuple[Value, ...]
    count: int


@dataclass(frozen=True)
class Thing:
    """The page's content. `statements` name the thing as evidence-backed statements do, `others` are all else."""

    iri: str
    title: str
    classes: tuple[Value, ...]
    above: tuple[Value, ...]
    names: tuple[str, ...]
    definition: str
    facts: tuple[Group, ...]
    places: tuple[Place, ...]
    statements: tuple[Group, ...]
    others: tuple[Group, ...]
    inbound: int
    page: int
    pages: int


class Shelf:
    """Makes pages of one store; `root` is the way to the site's root."""

    def __init__(self, store: Store, quotes: Quotes, root: str) -> None:
        self._store = store
        self._quotes = quotes
        self._root = root

    def thing(self, description: Description, page: int) -> Thing:
        """Page 1 is the first; one beyond the last shows nothing of who names the thing."""
        node = description.node
        inbound = graph.naming(self._store, node)
        shown = inbound[(page - 1) * PER_PAGE : page * PER_PAGE]
        statements = [said for said in shown if graph.states(self._store, said)]
        others = [said for said in shown if not graph.states(self._store, said)]
        return Thing(
            iri=node.value,
            title=graph.label(self._store, node),
            classes=tuple(self._classes(description)),
            above=tuple(self.value(term) for term in description.values(*_ABOVE) or _source(node)),
            names=tuple(dict.fromkeys(term.value for term in description.values(*_NAMES) if isinstance(term, Literal))),
            definition=graph.value(self._store, node, _DEFINITION),
            facts=tuple(self._facts(description)),
            places=self.places(node),
            statements=tuple(self._inbound(node, statements)),
            others=tuple(self._inbound(node, others)),
            inbound=len(inbound),
            page=page,
            pages=max(ceil(len(inbound) / PER_PAGE), 1),
        )

    def _term(self, term: NamedNode) -> Value:
        """A property, by its name in words."""
        href, outside = self._address(term.value)
        return Value(graph.called(self._store, term), href, outside=outside)

    def value(self, term: Term, *, derived: bool = False, places: bool = True) -> Value:
        """`places`: with those of a term that is a statement, a finding or a passage."""
        if isinstance(term, NamedNode):
            stands = self.places(term) if places and term.value.startswith(iris.BASE) else ()
            href, outside = self._address(term.value)
            text, note = self._text(term)
            return Value(text, href, note=note, outside=outside, derived=derived, places=stands)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            note = term.language or ("" if datatype in _PLAIN else datatype.rpartition("#")[2])
            return Value(term.value, note="" if note == "en" else note, derived=derived)
        return Value(str(term), note="unnamed part", derived=derived)

    def _text(self, term: NamedNode) -> tuple[str, str]:
        """A term of a declared vocabulary by its name and the prefix, which tells apart three that are called alike."""
        if term.value.startswith(iris.BASE):
            return graph.label(self._store, term), ""
        spaces = graph.prefixes(self._store).items()
        prefix = next((name for name, space in spaces if space == graph.namespace(term)), None)
        if prefix is None or prefix == "wd":
            return graph.label(self._store, term), ""
        return graph.called(self._store, term), prefix

    def places(self, node: NamedNode) -> tuple[Place, ...]:
        found = graph.places(self._store, node)
        return tuple(Place(one.where, self._address(one.label)[0] or "", self._quotes.words(one)) for one in found)

    def _address(self, iri: str) -> tuple[str | None, bool]:
        """Other schemes than http are shown and not linked (javascript: is one)."""
        if iri.startswith(iris.ONTOLOGY):
            return f"{self._root}ontology?term={iri.removeprefix(iris.ONTOLOGY)}", False
        if iri.startswith(iris.BASE):
            return self._root + iri.removeprefix(iris.BASE), False
        return (iri, True) if iri.startswith(("http://", "https://")) else (None, False)

    def _classes(self, description: Description) -> Iterable[Value]:
        said = [said for said in description.outbound if said.triple.predicate == graph.TYPE]
        asserted = [one for one in said if not one.derived] or said
        return (self.value(one.triple.object) for one in asserted)

    def _facts(self, description: Description) -> Iterable[Group]:
        """Our own properties before others', stated before derived. A link to a statement that names the thing is
        left out where it is only derived: the statement is shown with its role."""
        naming = {said.triple.subject for said in graph.naming(self._store, description.node)}
        groups: dict[NamedNode, list[Said]] = {}
        for said in graph.most_exact(self._store, description.outbound):
            twice = said.derived and said.triple.object in naming and self._is_statement(said.triple.object)
            if said.triple.predicate not in _ELSEWHERE and not twice:
                groups.setdefault(said.triple.predicate, []).append(said)
        for predicate, some in sorted(groups.items(), key=_importance):
            values = [self._fact(one) for one in some[:VALUES_SHOWN]]
            yield Group(self._term(predicate), tuple(sorted(values, key=lambda value: value.text)), len(some))

    def _fact(self, said: Said) -> Value:
        """A shortcut stands where the statements stand that it rests on."""
        value = self.value(said.triple.object, derived=said.derived)
        if not said.derived or value.places:
            return value
        resting = (place for one in grounds(self._store, said.triple) for place in self.places(one))
        return replace(value, places=tuple(dict.fromkeys(resting)))

    def _is_statement(self, term: Term) -> bool:
        return isinstance(term, NamedNode) and graph.is_statement(self._store, term)

    def _inbound(self, node: NamedNode, shown: Iterable[Said]) -> Iterable[Group]:
        counts = graph.counts(self._store, node)
        groups: dict[NamedNode, list[Said]] = {}
        for said in shown:
            groups.setdefault(said.triple.predicate, []).append(said)
        for predicate, some in groups.items():
            values = tuple(self.value(said.triple.subject, derived=said.derived) for said in some)
            yield Group(self._term(predicate), values, counts[predicate, graph.states(self._store, some[0])])


def _importance(group: tuple[NamedNode, list[Said]]) -> tuple[bool, bool, str]:
    predicate, said = group
    return not predicate.value.startswith(iris.ONTOLOGY), all(one.derived for one in said), predicate.value


def _source(node: NamedNode) -> list[NamedNode]:
    """The source of a place in a text, which its IRI tells."""
    kind, *key = iris.steps(node.value) or ("",)
    return [NamedNode(iris.source(key[0]))] if kind in ("passage", "mention", "text") and key else []
