"""What the graph says of itself, in graph/service: statistics (VoID), prefixes and packaged questions for SPARQL
editors, and the statements that are gone. It states no fact, so it is no part of the build id and of tipkg.nq."""

import csv
import importlib.resources
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import yaml
from pyoxigraph import Literal, NamedNode, Triple

from kg import iris
from kg.graph.statistics import Property, Statistics, count
from kg.graph.terms import LABEL, TYPE, english, named, prefixes, text, typed

LICENCE: Final = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
TITLE: Final = "tipkg: who does what against trafficking in persons"
ABOUT: Final = (
    "Organizations, instruments, mandates, membership, focal points, programmes, cooperation and ratifications, "
    "each statement tied to the passage of the source that states it."
)
# What is counted apart: statements and passages are nodes of the graph, but nothing that the graph is about.
APART: Final = {"entities": "tip:Entity", "statements": "tip:Statement", "passages": "tip:Passage"}


def void(graph: Iterable[Triple], files: Mapping[str, int], build: str) -> set[Triple]:
    """VoID of the default graph without graph/service, and how many triples each dump holds."""
    found = count(graph, always=iris.ONTOLOGY)
    dataset = NamedNode(iris.dataset())
    triples = {
        Triple(dataset, TYPE, named("void:Dataset")),
        Triple(dataset, named("dcterms:title"), english(TITLE)),
        Triple(dataset, LABEL, english(TITLE)),
        Triple(dataset, named("dcterms:description"), english(ABOUT)),
        Triple(dataset, named("dcterms:identifier"), text(build)),
        Triple(dataset, named("dcterms:license"), LICENCE),
        Triple(dataset, named("foaf:homepage"), NamedNode(iris.BASE)),
        Triple(dataset, named("void:uriSpace"), text(iris.BASE)),
        Triple(dataset, named("void:exampleResource"), NamedNode(iris.ONTOLOGY.rstrip("#"))),
        _number(dataset, "void:triples", found.triples),
        _number(dataset, "void:distinctSubjects", found.subjects),
        _number(dataset, "void:distinctObjects", found.objects),
        _number(dataset, "void:classes", len(found.instances)),
        _number(dataset, "void:properties", len(found.properties)),
        _number(dataset, "void:entities", found.instances.get(named(APART["entities"]), 0)),
    }
    vocabularies = {space for space in prefixes().values() if _uses(found, space)}
    triples |= {Triple(dataset, named("void:vocabulary"), NamedNode(space)) for space in vocabularies}
    for name, holds in files.items():
        triples |= _subset(dataset, name, [_number(NamedNode(iris.dataset(name)), "void:triples", holds)])
    triples |= _apart(dataset, found)
    return triples | set(_partitions(dataset, found))


def _uses(found: Statistics, space: str) -> bool:
    return any(term.value.startswith(space) for term in (*found.properties, *found.instances))


def _subset(dataset: NamedNode, name: str, said: Iterable[Triple]) -> set[Triple]:
    part = NamedNode(iris.dataset(name))
    return {
        Triple(dataset, named("void:subset"), part),
        Triple(part, TYPE, named("void:Dataset")),
        Triple(part, LABEL, english(name)),
        Triple(part, named("dcterms:title"), english(name)),
        *said,
    }


def _apart(dataset: NamedNode, found: Statistics) -> set[Triple]:
    """Things, statements and passages as parts, each with the number of its nodes and of what is said of these."""
    triples: set[Triple] = set()
    for name, cls in APART.items():
        part = NamedNode(iris.dataset(name))
        said = found.links.get(named(cls), {})
        numbers = [
            _number(part, "void:entities", found.instances.get(named(cls), 0)),
            _number(part, "void:triples", sum(one.triples for one in said.values())),
            Triple(part, named("void:classPartition"), _class(named(cls))),
        ]
        triples |= _subset(dataset, name, numbers)
    return triples


def _partitions(dataset: NamedNode, found: Statistics) -> Iterator[Triple]:
    for predicate, one in found.properties.items():
        part = NamedNode(iris.dataset("property", compact(predicate)))
        yield Triple(dataset, named("void:propertyPartition"), part)
        yield from _property(part, predicate, one)
    for cls, instances in found.instances.items():
        part = _class(cls)
        yield Triple(dataset, named("void:classPartition"), part)
        yield Triple(part, TYPE, named("void:Dataset"))
        yield Triple(part, LABEL, english(f"things of the class {compact(cls)}"))
        yield Triple(part, named("void:class"), cls)
        yield _number(part, "void:entities", instances)
        for predicate, one in found.links.get(cls, {}).items():
            path = ("class", compact(cls), "property", compact(predicate))
            link = NamedNode(iris.dataset(*path))
            yield Triple(part, named("void:propertyPartition"), link)
            yield from _property(link, predicate, one)
            yield from _objects(link, path, one)


def _class(cls: NamedNode) -> NamedNode:
    return NamedNode(iris.dataset("class", compact(cls)))


def _property(part: NamedNode, predicate: NamedNode, one: Property) -> Iterator[Triple]:
    yield Triple(part, named("void:property"), predicate)
    yield _number(part, "void:triples", one.triples)
    yield _number(part, "void:distinctSubjects", len(one.subjects))
    yield _number(part, "void:distinctObjects", len(one.objects))


def _objects(link: NamedNode, path: tuple[str, ...], one: Property) -> Iterator[Triple]:
    """To which classes and datatypes a property of a class leads, as SPARQL editors look for it."""
    for cls, triples in one.classes.items():
        part = NamedNode(iris.dataset(*path, "class", compact(cls)))
        yield Triple(link, named("void:classPartition"), part)
        yield Triple(part, named("void:class"), cls)
        yield _number(part, "void:triples", triples)
    for datatype, triples in one.datatypes.items():
        part = NamedNode(iris.dataset(*path, "datatype", compact(datatype)))
        yield Triple(link, named("void-ext:datatypePartition"), part)
        yield Triple(part, named("void-ext:datatype"), datatype)
        yield _number(part, "void:triples", triples)


def compact(term: NamedNode) -> str:
    """tip-State, as a part of a path; a term without a declared prefix is a KeyError of the build."""
    spaces = [(space, prefix) for prefix, space in prefixes().items() if term.value.startswith(space)]
    space, prefix = max(spaces, key=lambda pair: len(pair[0]), default=("", ""))
    if not space:
        raise KeyError(f"{term.value}: no prefix of ontology/prefixes.ttl fits this class, property or datatype")
    return f"{prefix}-{term.value.removeprefix(space).replace('/', '-')}"


def declared_prefixes() -> set[Triple]:
    """The prefixes as SPARQL editors ask for them (SHACL 5.2.1), without blank nodes."""
    ontology = NamedNode(iris.ONTOLOGY.rstrip("#"))
    triples: set[Triple] = set()
    for name, space in prefixes().items():
        declaration = NamedNode(iris.prefix(name))
        triples |= {
            Triple(ontology, named("sh:declare"), declaration),
            Triple(declaration, TYPE, named("sh:PrefixDeclaration")),
            Triple(declaration, LABEL, english(f"prefix {name}")),
            Triple(declaration, named("sh:prefix"), text(name)),
            Triple(declaration, named("sh:namespace"), typed(space, "anyURI")),
        }
    return triples


def examples() -> set[Triple]:
    """The packaged questions as SPARQL editors ask for examples: the question in words, and the query."""
    triples: set[Triple] = set()
    for item in importlib.resources.files("kg.queries").iterdir():
        if not item.name.endswith(".rq"):
            continue
        lines = item.read_text(encoding="utf-8").split("\n")
        header = yaml.safe_load("\n".join(line[3:] for line in lines if line.startswith("#+ ")))
        query = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
        node = NamedNode(iris.question(item.name.removesuffix(".rq")))
        triples |= {
            Triple(node, TYPE, named("sh:SPARQLExecutable")),
            Triple(node, TYPE, named("sh:SPARQLSelectExecutable")),
            Triple(node, LABEL, english(header["summary"])),
            Triple(node, named("rdfs:comment"), english(header["summary"])),
            Triple(node, named("dcterms:description"), english(header["description"])),
            Triple(node, named("sh:select"), Literal(query)),
            Triple(node, named("sh:prefixes"), NamedNode(iris.ONTOLOGY.rstrip("#"))),
            Triple(node, named("schema:target"), NamedNode(iris.service("sparql"))),
        }
    return triples


def removed() -> set[Triple]:
    """The IRIs that were published and are gone (mappings/removed.tsv), with what stands in their place."""
    written = (importlib.resources.files("kg.mappings") / "removed.tsv").read_text(encoding="utf-8")
    triples: set[Triple] = set()
    for row in csv.DictReader(written.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE):
        gone = NamedNode(iris.BASE + row["iri"])
        triples.add(Triple(gone, named("owl:deprecated"), typed("true", "boolean")))
        triples.add(Triple(gone, named("rdfs:comment"), english(row["why"])))
        if row["replaced_by"]:
            triples.add(Triple(gone, named("dcterms:isReplacedBy"), NamedNode(iris.BASE + row["replaced_by"])))
    return triples


def _number(subject: NamedNode, name: str, value: int) -> Triple:
    return Triple(subject, named(name), typed(str(value), "integer"))
