"""The dataset described for catalogues: VoID and DCAT 3 at /.well-known/void, schema.org on the start page.

What the build counted comes from the graph; what depends on this server (its address, the files, their sizes and
checksums) is added here."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg import __version__, iris
from kg.ask import description as graph
from kg.serve.dump_files import COMPRESSED, Dump

_DATASET: Final = NamedNode(iris.dataset())
_CATALOGUE: Final = NamedNode(iris.service("catalogue"))
_SERVICE: Final = NamedNode(iris.service("sparql"))
_PROJECT: Final = NamedNode(iris.service("project"))
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_LICENCE: Final = NamedNode(f"{_DCTERMS}license")
_TITLE: Final = NamedNode(f"{_DCTERMS}title")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_PROTOCOL: Final = NamedNode("http://www.w3.org/TR/sparql11-protocol/")
_SPACES: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": _DCTERMS,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
_KEYWORDS: Final = ("trafficking in persons", "international organizations", "ratification", "provenance")


def _name(compact: str) -> NamedNode:
    prefix, _, local = compact.partition(":")
    return NamedNode(_SPACES[prefix] + local)


def description(store: Store, dumps: Mapping[str, Dump], public: str) -> list[Triple]:
    """VoID and DCAT; `public` is the address of the server's root as others see it, with a final slash."""
    own = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph.SERVICE)
           if str(quad.subject).startswith(f"<{_DATASET.value}")}  # fmt: skip
    added = {*_catalogue(store, public), *_service(store, public)}
    for dump in dumps.values():
        added |= set(_distribution(store, dump, public))
    return sorted(own | added, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))


def _licence(store: Store) -> NamedNode | None:
    found = graph.value(store, _DATASET, _LICENCE)
    return NamedNode(found) if found else None


def _catalogue(store: Store, public: str) -> Iterator[Triple]:
    title = graph.value(store, _DATASET, _TITLE)
    for node, cls in ((_CATALOGUE, "dcat:Catalog"), (_DATASET, "dcat:Dataset")):
        yield Triple(node, graph.TYPE, _name(cls))
        yield Triple(node, _name("dcterms:publisher"), _PROJECT)
        yield Triple(node, _TITLE, Literal(title, language="en"))
        yield from _licensed(store, node)
    yield Triple(_PROJECT, graph.TYPE, _name("foaf:Organization"))
    yield Triple(_CATALOGUE, _name("foaf:homepage"), NamedNode(public))
    yield Triple(_CATALOGUE, _name("dcat:dataset"), _DATASET)
    yield Triple(_CATALOGUE, _name("dcat:service"), _SERVICE)
    yield Triple(_DATASET, _name("dcat:landingPage"), NamedNode(public))
    yield Triple(_DATASET, _name("dcat:version"), Literal(__version__))
    yield Triple(_DATASET, _name("void:sparqlEndpoint"), NamedNode(f"{public}sparql"))
    for keyword in _KEYWORDS:
        yield Triple(_DATASET, _name("dcat:keyword"), Literal(keyword, language="en"))


def _service(store: Store, public: str) -> Iterator[Triple]:
    yield Triple(_SERVICE, graph.TYPE, _name("dcat:DataService"))
    yield Triple(_SERVICE, _TITLE, Literal("SPARQL endpoint", language="en"))
    yield Triple(_SERVICE, _name("dcat:endpointURL"), NamedNode(f"{public}sparql"))
    yield Triple(_SERVICE, _name("dcat:endpointDescription"), NamedNode(f"{public}sparql"))
    yield Triple(_SERVICE, _name("dcat:servesDataset"), _DATASET)
    yield Triple(_SERVICE, _name("dcterms:conformsTo"), _PROTOCOL)
    yield from _licensed(store, _SERVICE)


def _distribution(store: Store, dump: Dump, public: str) -> Iterator[Triple]:
    """Named by its address under the base, which leads to the file itself."""
    node = NamedNode(iris.service(f"dumps/{dump.name}"))
    download = NamedNode(f"{public}dumps/{dump.name}")
    checksum = NamedNode(f"{node.value}#sha256")
    yield Triple(_DATASET, _name("dcat:distribution"), node)
    yield Triple(_DATASET, _name("void:dataDump"), download)
    yield Triple(node, graph.TYPE, _name("dcat:Distribution"))
    yield Triple(node, _TITLE, Literal(dump.name, language="en"))
    yield Triple(node, _name("dcat:accessURL"), NamedNode(f"{public}dumps/"))
    yield Triple(node, _name("dcat:downloadURL"), download)
    yield Triple(node, _name("dcat:mediaType"), NamedNode(_MEDIA_TYPES + dump.media_type))
    if dump.compression:
        packed = next(kind for name, kind in COMPRESSED.values() if name == dump.compression)
        yield Triple(node, _name("dcat:compressFormat"), NamedNode(_MEDIA_TYPES + packed))
    size = Literal(str(dump.size), datatype=NamedNode(f"{_XSD}nonNegativeInteger"))
    yield Triple(node, _name("dcat:byteSize"), size)
    yield Triple(node, _name("spdx:checksum"), checksum)
    yield Triple(checksum, graph.TYPE, _name("spdx:Checksum"))
    yield Triple(checksum, _name("spdx:algorithm"), _name("spdx:checksumAlgorithm_sha256"))
    value = Literal(dump.sha256, datatype=NamedNode(f"{_XSD}hexBinary"))
    yield Triple(checksum, _name("spdx:checksumValue"), value)
    yield from _licensed(store, node)


def _licensed(store: Store, node: NamedNode) -> Iterator[Triple]:
    licence = _licence(store)
    if licence:
        yield Triple(node, _LICENCE, licence)


def schema_org(store: Store, dumps: Mapping[str, Dump], public: str) -> str | None:
    """A schema.org Dataset as JSON-LD that can stand in a script element; None if the graph describes no dataset."""
    name = graph.value(store, _DATASET, _TITLE)
    if not name:
        return None
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": _DATASET.value,
        "name": name,
        "description": graph.value(store, _DATASET, NamedNode(f"{_DCTERMS}description")),
        "identifier": graph.value(store, _DATASET, NamedNode(f"{_DCTERMS}identifier")),
        "license": graph.value(store, _DATASET, _LICENCE),
        "url": public,
        "version": __version__,
        "isAccessibleForFree": True,
        "keywords": list(_KEYWORDS),
        "creator": {"@type": "Organization", "@id": _PROJECT.value, "name": "tipkg project"},
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": _CATALOGUE.value, "name": name},
        "distribution": [_download(dump, public) for dump in dumps.values()],
    }
    # Within a script element only < can end it, or begin a comment.
    return json.dumps(document, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _download(dump: Dump, public: str) -> dict[str, str]:
    return {
        "@type": "DataDownload",
        "name": dump.name,
        "contentUrl": f"{public}dumps/{dump.name}",
        "encodingFormat": dump.own_type,
        "contentSize": f"{dump.size} B",
        "sha256": dump.sha256,
    }
