"""The only place where an IRI is minted (table in docs/design.md, section 3)."""

from typing import Final
from urllib.parse import quote

BASE: Final = "https://w3id.org/tipkg/"
ONTOLOGY: Final = BASE + "ontology#"


def entity(kind: str, key: str) -> str:
    """id/organization/ilo, id/state/GIN ..."""
    return f"{BASE}id/{kind}/{key}"


def act(state: str, instrument: str) -> str:
    """The act by which a state becomes party: one for all editions that state it."""
    return f"{BASE}id/ratification/{state}/{instrument}"


def concept(scheme: str, key: str) -> str:
    """A value of a closed list: vocab/mode/accession."""
    return f"{BASE}vocab/{scheme}/{key}"


def statement(source: str, kind: str, key: str) -> str:
    """statement/tip-2017/treaty-status/gin-ilo-c189"""
    return f"{BASE}statement/{source}/{kind.replace('_', '-')}/{key}"


def passage(source: str, begin: int, end: int) -> str:
    """A stretch of the source's text, 0-based code points, half-open."""
    return f"{BASE}passage/{source}/{begin}-{end}"


def mention(source: str, begin: int, end: int) -> str:
    """A name in the source's text, counted like a passage."""
    return f"{BASE}mention/{source}/{begin}-{end}"


def source(key: str) -> str:
    """A document and the named graph of what it states."""
    return f"{BASE}source/{key}"


def text(source_key: str, sha256: str) -> str:
    """The file that passages hang on: another conversion of the same document is another text."""
    return f"{BASE}text/{source_key}/{sha256[:8]}"


def graph(name: str) -> str:
    """A named graph that is no source: graph/entities, graph/inferred ..."""
    return f"{BASE}graph/{name}"


def finding(source_key: str, key: str) -> str:
    """A remark on data quality."""
    return f"{BASE}finding/{source_key}/{key}"


def check(name: str) -> str:
    """A check of data quality, and the metric that counts its findings."""
    return f"{BASE}check/{name.replace('_', '-')}"


def check_finding(name: str, key: str) -> str:
    """What a check found: finding/check/row-outside-window/..."""
    return f"{BASE}finding/check/{name.replace('_', '-')}/{key}"


def metric(name: str) -> str:
    """Something that is measured about the data."""
    return f"{BASE}metric/{name.replace('_', '-')}"


def measurement(name: str, key: str) -> str:
    """One measurement of a metric; the key tells of what."""
    return f"{BASE}measurement/{name.replace('_', '-')}/{key}"


def term(name: str) -> str:
    """A class or property of the ontology."""
    return ONTOLOGY + name


def question(name: str) -> str:
    """A packaged question."""
    return f"{BASE}question/{name}"


def prefix(name: str) -> str:
    """The declaration of a prefix for SPARQL editors."""
    return f"{BASE}prefix/{name}"


def dataset(*parts: str) -> str:
    """The graph as a dataset, and its parts: dataset/class/tip-State/property/tip-partyTo ..."""
    return BASE + "/".join(("dataset", *parts))


def service(name: str) -> str:
    """What the server itself has to offer: sparql, catalogue, dumps/FILE."""
    return BASE + name


def build(build_id: str) -> str:
    """A build of the whole graph, by its build id."""
    return f"{BASE}build/{build_id}"


def dump(digest: str) -> str:
    """A dump of which no build id is known, by the digest of what it asserts."""
    return f"{BASE}dump/{digest}"


def changes(old: str, new: str) -> str:
    """All changes from one build or dump to another, each named by the digits that tell it."""
    return f"{BASE}change/{old}-{new}"


def change(of: str, subject: str) -> str:
    """The change of one subject, as part of the changes `of`; a subject of others is named by its IRI, escaped."""
    return f"{of}/{'/'.join(steps(subject)) or quote(subject, safe='')}"


def triple(digest: str) -> str:
    """A triple as a thing, named by the SHA-256 of its N-Triples: the same triple is the same thing everywhere."""
    return f"{BASE}triple/{digest}"


def unnamed(digest: str) -> str:
    """What is a blank node in the ontology, named by the digest of what is said of it (a Skolem IRI, RDF 1.1)."""
    return f"{BASE}genid/{digest}"


def steps(iri: str) -> tuple[str, ...]:
    """The parts of an IRI of ours, such as (statement, source, kind, key) or (ontology, Term); of others', none."""
    return tuple(iri.removeprefix(BASE).replace("#", "/").split("/")) if iri.startswith(BASE) else ()
