"""Records to triples, as the tables of mappings/rdf say: one table a record kind, column -> class and property."""

import functools
import importlib.resources
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg import iris
from kg.graph import terms
from kg.graph.labels import ENTITY_CLASSES, Things, label
from kg.graph.terms import LABEL, TYPE, named, tip
from kg.records import Entity, Finding, Mention, Record, Source, Statement, slug

Graphs = dict[str, set[Triple]]


class MappingError(ValueError):
    """A record that the mapping tables cannot turn into triples; the message names record, column and value."""


@functools.cache
def table(kind: str) -> dict[str, Any]:
    """The mapping table of a record kind."""
    path = importlib.resources.files("kg.mappings") / "rdf" / f"{kind}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def graphs(sources: Iterable[list[Record]]) -> Graphs:
    """All triples by the IRI of their named graph: one graph a source; graph/entities, /quality and /mentions."""
    found: Graphs = {}
    entities: dict[tuple[str, str], list[Entity]] = {}
    for records in sources:
        source = next(record for record in records if isinstance(record, Source))
        own = found.setdefault(iris.source(source.id), set())
        own.update(_source(source))
        things = {(record.kind_of, record.id): record for record in records if isinstance(record, Entity)}
        for statement in _by_where(records):
            own.update(_passage(source, statement))
        for record in records:
            if isinstance(record, Entity):
                entities.setdefault((record.kind_of, record.id), []).append(record)
            elif isinstance(record, Mention):
                found.setdefault(iris.graph("mentions"), set()).update(_mention(source, record))
            elif isinstance(record, Statement):
                graph = iris.graph("quality") if isinstance(record, Finding) else iris.source(source.id)
                found.setdefault(graph, set()).update(_statement(source, record, things))
    shared = found.setdefault(iris.graph("entities"), set())
    for same in entities.values():
        shared.update(_entity(same))
    for graph in list(found):
        shared.update(_acts(found[graph], entities))
    return found


def _by_where(records: Iterable[Record]) -> Iterable[Statement]:
    """One record a passage: of several that share it, the one whose words on where it stands come first."""
    first: dict[tuple[int, int], Statement] = {}
    for record in records:
        if isinstance(record, Statement):
            key = (record.begin, record.end)
            first[key] = min(first.get(key, record), record, key=lambda some: some.where)
    return first.values()


def _source(source: Source) -> Iterator[Triple]:
    node = NamedNode(iris.source(source.id))
    file = NamedNode(iris.text(source.id, source.sha256))
    yield Triple(node, TYPE, tip("SourceDocument"))
    yield Triple(node, LABEL, terms.english(source.short_title))
    yield Triple(node, named("dcterms:title"), terms.english(source.title))
    yield Triple(node, named("dcterms:identifier"), terms.text(source.id))
    yield Triple(node, named("dcterms:publisher"), terms.english(source.publisher))
    yield Triple(node, named("dcterms:issued"), terms.date(source.published))
    yield Triple(node, named("dcterms:rights"), terms.english(source.licence))
    yield Triple(node, tip("series"), terms.text(source.series))
    yield Triple(node, tip("edition"), terms.typed(source.edition, "gYear"))
    yield Triple(node, tip("editionYear"), terms.typed(source.edition, "integer"))
    yield Triple(file, TYPE, tip("SourceText"))
    yield Triple(file, LABEL, terms.english(f"text of {source.short_title}, {source.layout}"))
    yield Triple(file, named("prov:specializationOf"), node)
    yield Triple(file, tip("sha256"), terms.text(source.sha256))
    yield Triple(file, tip("characters"), terms.typed(str(source.characters), "nonNegativeInteger"))


def _passage(source: Source, record: Any) -> Iterator[Triple]:
    node = NamedNode(iris.passage(source.id, record.begin, record.end))
    yield Triple(node, TYPE, tip("Passage"))
    yield Triple(node, LABEL, terms.english(f"{source.short_title}, characters {record.begin} to {record.end}"))
    yield Triple(node, named("nif:beginIndex"), terms.typed(str(record.begin), "nonNegativeInteger"))
    yield Triple(node, named("nif:endIndex"), terms.typed(str(record.end), "nonNegativeInteger"))
    yield Triple(node, named("nif:referenceContext"), NamedNode(iris.text(source.id, source.sha256)))
    yield Triple(node, tip("where"), terms.english(record.where))
    yield Triple(node, tip("sha256"), terms.text(record.sha256))


def _mention(source: Source, record: Mention) -> Iterator[Triple]:
    """A NIF annotation: a stretch of the text, and the thing that it names."""
    node = NamedNode(iris.mention(source.id, record.begin, record.end))
    yield Triple(node, TYPE, named("nif:Phrase"))
    yield Triple(node, TYPE, named("nif:String"))
    yield Triple(node, named("nif:beginIndex"), terms.typed(str(record.begin), "nonNegativeInteger"))
    yield Triple(node, named("nif:endIndex"), terms.typed(str(record.end), "nonNegativeInteger"))
    yield Triple(node, named("nif:referenceContext"), NamedNode(iris.text(source.id, source.sha256)))
    yield Triple(node, named("itsrdf:taIdentRef"), NamedNode(iris.entity(*record.entity.split("/", 1))))


def statement_iri(source: str, record: Statement) -> str:
    """The IRI of a record's statement; a finding is no statement about the world and has its own kind of IRI."""
    if isinstance(record, Finding):
        return iris.finding(source, record.id)
    return iris.statement(source, record.kind, record.id)


def _statement(source: Source, record: Any, things: Things) -> Iterator[Triple]:
    mapping = table(record.kind)
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    node = NamedNode(statement_iri(source.id, record))
    yield Triple(node, TYPE, named(_class(mapping["class"], values, record)))
    yield Triple(node, LABEL, terms.english(label(mapping, values, things)))
    yield Triple(node, tip("source"), NamedNode(iris.source(source.id)))
    if "basis" in mapping:
        yield Triple(node, tip("basis"), NamedNode(iris.concept("basis", mapping["basis"])))
    yield Triple(node, tip("evidence"), NamedNode(iris.passage(source.id, record.begin, record.end)))
    for rule in mapping.get("property", ()):
        if _holds(rule, values):
            yield from _values(_Context(source.id, things, record), node, rule, values)


def _class(rule: str | dict[str, str], values: dict[str, Any], record: Statement) -> str:
    if isinstance(rule, str):
        return rule
    value = values[rule["column"]]
    if value not in rule:
        raise MappingError(f"{record.kind} {record.id}: {rule['column']} is {value!r}; known: {', '.join(rule)}")
    return rule[value]


def _holds(rule: dict[str, Any], values: dict[str, Any]) -> bool:
    when, unless = rule.get("when", {}), rule.get("unless", {})
    return all(values[c] in wanted for c, wanted in when.items()) and not any(
        values[c] in no for c, no in unless.items()
    )


@dataclass(frozen=True)
class _Context:
    """The record at hand, its source, and the things that the source speaks of, by kind and id."""

    source: str
    things: Things
    record: Statement


def _values(context: _Context, node: NamedNode, rule: dict[str, Any], values: dict[str, Any]) -> Iterator[Triple]:
    as_type, prop = str(rule["as"]), named(rule["property"])
    if as_type == "constant":
        yield Triple(node, prop, named(rule["constant"]))
        return
    if as_type == "act":
        first, second = (values[column] for column in rule["columns"])
        yield Triple(node, prop, NamedNode(iris.act(first, second)))
        return
    value = values[rule["column"]]
    given = [part for part in (value if isinstance(value, tuple) else (str(value),)) if part]
    if as_type == "joined":
        given = ["; ".join(given)] if given else []
    if as_type == "dated":
        yield from _dated(node, given)
    for part in given:
        try:
            yield Triple(node, prop, _term(context, as_type, part))
        except (ValueError, KeyError) as error:
            record = context.record
            raise MappingError(f"{record.kind} {record.id}: {rule['column']} {part!r} is no {as_type}") from error


def _dated(node: NamedNode, dates: list[str]) -> Iterator[Triple]:
    known = [both for both in map(terms.bounds, dates) if both]
    if not known:
        return
    earliest, latest = min(low for low, _ in known), max(high for _, high in known)
    yield Triple(node, tip("earliest"), terms.typed(earliest, "date"))
    yield Triple(node, tip("latest"), terms.typed(latest, "date"))
    if earliest[:4] == latest[:4]:
        yield Triple(node, tip("year"), terms.typed(earliest[:4], "integer"))


def _term(context: _Context, as_type: str, value: str) -> NamedNode | Literal:
    if as_type == "organization" and ("body", value) in context.things:
        return NamedNode(iris.entity("body", value))
    if as_type in ENTITY_CLASSES:
        return NamedNode(iris.entity(as_type, value))
    kind, _, detail = as_type.partition(":")
    if kind == "concept":
        return NamedNode(iris.concept(detail, slug(value)))
    if kind == "statement":
        statement_kind, key = (detail, value) if detail else value.split("/", 1)
        return NamedNode(iris.statement(context.source, statement_kind, key))
    return _literal(as_type, value)


def _literal(as_type: str, value: str) -> NamedNode | Literal:
    match as_type:
        case "entity":
            return NamedNode(iris.entity(*value.split("/", 1)))
        case "text" | "joined":
            return terms.text(value)
        case "text@en":
            return terms.english(value)
        case "url":
            return terms.typed(value, "anyURI")
        case "date" | "dated":
            return terms.date(value)
        case "boolean":
            return terms.typed({"yes": "true", "no": "false"}[value], "boolean")
        case "integer" | "decimal":
            return terms.typed(str(int(value) if as_type == "integer" else float(value)).removesuffix(".0"), as_type)
    raise KeyError(as_type)


def _entity(same: list[Entity]) -> Iterator[Triple]:
    """One thing as several sources record it: a shared table's label goes first, other labels become names."""
    first = min(same, key=lambda entity: entity.generated == "yes")
    node = NamedNode(iris.entity(first.kind_of, first.id))
    if first.kind_of not in ENTITY_CLASSES:
        raise MappingError(f"entity {first.id}: kind_of is {first.kind_of!r}; known: {', '.join(ENTITY_CLASSES)}")
    yield Triple(node, TYPE, tip(ENTITY_CLASSES[first.kind_of]))
    yield Triple(node, LABEL, terms.english(first.label))
    yield Triple(node, named("skos:prefLabel"), terms.english(first.label))
    yield Triple(node, named("skos:notation"), terms.text(first.id))
    for entity in same:
        for name in (entity.label, *entity.names):
            if name != first.label:
                yield Triple(node, named("skos:altLabel"), terms.english(name))
    yield from _codes(node, first)


def _codes(node: NamedNode, entity: Entity) -> Iterator[Triple]:
    if entity.abbreviation:
        yield Triple(node, tip("abbreviation"), terms.text(entity.abbreviation))
    if entity.alpha2:
        yield Triple(node, tip("alpha2"), terms.text(entity.alpha2))
        yield Triple(node, tip("alpha3"), terms.text(entity.id))
    for kind in entity.classes:
        yield Triple(node, tip("kind"), NamedNode(iris.concept("kind", kind)))
    if entity.part_of:
        yield Triple(node, tip("partOf"), NamedNode(iris.entity(_whole_kind(entity), entity.part_of)))
    if entity.generated == "yes":
        yield Triple(node, tip("generated"), terms.typed("true", "boolean"))


def _whole_kind(entity: Entity) -> str:
    return entity.kind_of if entity.kind_of == "programme" else "organization"


def _known(entities: dict[tuple[str, str], list[Entity]], kind_of: str, key: str) -> Entity:
    if (kind_of, key) not in entities:
        raise MappingError(f"no entity.tsv has the {kind_of} {key!r} that a statement speaks of")
    return entities[kind_of, key][0]


def _acts(triples: set[Triple], entities: dict[tuple[str, str], list[Entity]]) -> list[Triple]:
    """A label, state and instrument for every act that the statements point to."""
    found: list[Triple] = []
    act = tip("act")
    for triple in triples:
        if triple.predicate == act and isinstance(triple.object, NamedNode):
            state, instrument = triple.object.value.rsplit("/", 2)[1:]
            names = [_known(entities, kind, key) for kind, key in (("state", state), ("instrument", instrument))]
            label = f"{names[0].label} becomes party to {names[1].abbreviation or names[1].label}"
            found.append(Triple(triple.object, TYPE, tip("RatificationAct")))
            found.append(Triple(triple.object, LABEL, terms.english(label)))
            found.append(Triple(triple.object, tip("ratifyingState"), NamedNode(iris.entity("state", state))))
            found.append(
                Triple(triple.object, tip("ratifiedInstrument"), NamedNode(iris.entity("instrument", instrument)))
            )
    return found
