"""The only place where an IRI is minted (table in docs/design.md, section 3)."""

from typing import Final

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


def term(name: str) -> str:
    """A class or property of the ontology."""
    return ONTOLOGY + name
