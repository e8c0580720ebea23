"""Names in a query that the graph does not know: with them a query is empty, and a reader takes that for an answer."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urljoin

from pyoxigraph import NamedNode, Store
from rapidfuzz import fuzz, process

from kg import iris
from kg.ask import description as graph
from kg.ask.digest import Digest
from kg.ask.nearby import near
from kg.ask.ontology import short
from kg.ask.terms import terms
from kg.federate.refused import place_in
from kg.federate.tokens import START, Token, scan
from kg.graph.terms import prefixes
from kg.mcp.refusal import RefusedError

_WHOLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE: Final = re.compile(r"\\([_~.\-!$&'()*+,;=/?#@%])")
# Datatypes and functions need not be in the data to be of use.
_NOT_LOOKED_UP: Final = ("xsd",)
_NEAREST: Final = 3
_ALIKE: Final = 55


class Named(NamedTuple):
    """A name of a query, where it starts, and whether it stands where CONSTRUCT makes new triples."""

    iri: str
    written: str
    start: int
    made: bool


def refuse_unknown(store: Store, digest: Digest, text: str) -> None:
    """Raises RefusedError for the first names that neither the graph nor its ontology has, with the nearest known."""
    faults = []
    first: dict[str, Named] = {}
    for name in names(text):
        first.setdefault(name.iri, name)
    for name in first.values():
        if _is_looked_up(name) and not _is_known(store, name.iri):
            line, column = place_in(text, name.start)
            close = ", ".join(_nearest(store, digest, name.iri)) or "none"
            faults.append(f"line {line}, column {column}: the graph knows no {name.written} (nearest: {close})")
    if faults:
        raise RefusedError(f"not run: {'; '.join(faults[:5])}. get_schema tells what there is")


def names(text: str) -> Iterator[Named]:
    """All IRIs that a query names after its prologue, in full. Raises Refused where the text is no query."""
    spaces: dict[str, str] = {}
    base, earlier, last = iris.BASE, START, START
    for token in scan(text):
        if token.kind == "iri" and last.word == "BASE":
            base = _resolved(base, token.text[1:-1])
        elif token.kind == "iri" and earlier.word == "PREFIX":
            spaces[last.text[:-1]] = _resolved(base, token.text[1:-1])
        elif token.kind in ("iri", "name") and last.word != "PREFIX":
            yield Named(_full(token, base, spaces), token.text, token.start, token.inside == "template")
        earlier, last = last, token


def _full(token: Token, base: str, spaces: dict[str, str]) -> str:
    if token.kind == "iri":
        return _resolved(base, token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    return spaces.get(prefix, "") + _ESCAPE.sub(r"\1", local)


def _resolved(base: str, iri: str) -> str:
    """An IRI in full; one that is whole stays as it is, since urljoin drops an empty fragment."""
    if _WHOLE.match(iri):
        return iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def _is_looked_up(name: Named) -> bool:
    """Names of ours, and those of the vocabularies that the graph is written in."""
    if name.iri.startswith(iris.BASE):
        return not name.made
    space = short(name.iri).partition(":")[0]
    return space in prefixes() and space not in _NOT_LOOKED_UP and not name.made


def _is_known(store: Store, iri: str) -> bool:
    try:
        node = NamedNode(iri)
    except ValueError:
        return True  # the engine says better what is wrong with it
    used = store.quads_for_pattern(None, node, None, None)
    return graph.exists(store, node) or next(used, None) is not None or store.contains_named_graph(node)


def _nearest(store: Store, digest: Digest, iri: str) -> list[str]:
    if iri.startswith(iris.ONTOLOGY):
        return alike(
            iri.removeprefix(iris.ONTOLOGY), {f"tip:{one.name}": (one.name, one.label) for one in terms(store)}
        )
    if iri.startswith(iris.BASE):
        path = iri.removeprefix(iris.BASE)
        return [f"<{iris.BASE}{one}>" for one in near(store, path, most=_NEAREST) or _graphs(store, path)]
    space, _, local = short(iri).partition(":")
    uses = {use.name: use.label for one in digest.classes for use in one.uses}
    known = uses | {one.name: one.label for one in digest.classes}
    return alike(
        local, {name: (name.partition(":")[2], label) for name, label in known.items() if name.startswith(space)}
    )


def _graphs(store: Store, path: str) -> list[str]:
    """Named graphs of ours that are called nearly so."""
    known = [name.value.removeprefix(iris.BASE) for name in store.named_graphs() if isinstance(name, NamedNode)]
    return [one for one, _, _ in process.extract(path, sorted(known), limit=_NEAREST, score_cutoff=_ALIKE)]


def alike(local: str, known: dict[str, tuple[str, str]]) -> list[str]:
    """The nearest of these by local name or label."""
    written = {f"{at} {name}": text for name, texts in known.items() for at, text in enumerate(texts)}
    found = process.extract(
        local, written, scorer=fuzz.WRatio, processor=str.lower, limit=2 * _NEAREST, score_cutoff=_ALIKE
    )
    return list(dict.fromkeys(key.partition(" ")[2] for _, _, key in found))[:_NEAREST]
