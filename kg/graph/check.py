"""The shapes: what every statement, passage and thing must have. SHACL Core by pySHACL, on asserted data."""

import functools
import importlib.resources
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyshacl
from pyoxigraph import Triple
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg.graph import rdflib_terms

SHOWN: Final = 20
NEEDED: Final = frozenset({str(RDF.type), str(RDFS.subClassOf)})


@dataclass(frozen=True, order=True)
class Violation:
    """A thing that breaks a shape: its IRI, the property concerned ("" if it is the thing as a whole), the value
    concerned ("" if one is missing), and what the shape demands."""

    focus: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        about = " ".join(part for part in (self.path, self.value) if part)
        return f"{self.focus}: {self.message}" + (f" ({about})" if about else "")


class CheckError(ValueError):
    """Data that break the shapes; the message lists the first of them."""

    def __init__(self, violations: list[Violation]) -> None:
        self.violations = violations
        more = len(violations) - SHOWN
        lines = [str(violation) for violation in violations[:SHOWN]] + ([f"... and {more} more"] if more > 0 else [])
        super().__init__("\n".join([f"{len(violations)} violations of the shapes:", *lines]))


def check(data: Iterable[Triple], ontology: Iterable[Triple]) -> None:
    """Raise CheckError if the data break the packaged shapes."""
    violations = validate(data, ontology)
    if violations:
        raise CheckError(violations)


def validate(data: Iterable[Triple], ontology: Iterable[Triple]) -> list[Violation]:
    """Everything that breaks the packaged shapes, in order. The ontology tells which class is under which."""
    shapes = _shapes()
    looked_at = {str(term) for triple in shapes for term in triple if isinstance(term, URIRef)} | NEEDED
    looked = [triple for some in (data, ontology) for triple in some if triple.predicate.value in looked_at]
    conforms, report, text = pyshacl.validate(
        rdflib_terms.graph(looked), shacl_graph=shapes, inference="none", advanced=False, inplace=True
    )
    if not isinstance(report, Graph):
        raise TypeError(f"the shapes themselves cannot be read: {text}")
    found = {_violation(report, shapes, result) for result in report.subjects(RDF.type, SH.ValidationResult)}
    return [] if conforms else sorted(found)


@functools.cache
def _shapes() -> Graph:
    """The packaged shapes, each property shape with the targets of the node shape that holds it.

    That means the same, and pySHACL then looks at all targets at once instead of one by one: three times as fast."""
    shapes = Graph().parse(data=(importlib.resources.files("kg.ontology") / "shapes.ttl").read_bytes(), format="turtle")
    for shape in set(shapes.subjects(SH.targetClass)):
        for inner in list(shapes.objects(shape, SH.property)):
            for target in list(shapes.objects(shape, SH.targetClass)):
                shapes.add((inner, SH.targetClass, target))
            shapes.remove((shape, SH.property, inner))
    return shapes


def _violation(report: Graph, shapes: Graph, result: Node) -> Violation:
    path = report.value(result, SH.resultPath)
    return Violation(
        focus=str(report.value(result, SH.focusNode)),
        path=_path(shapes, report.value(result, SH.sourceShape), path),
        value=str(report.value(result, SH.value) or ""),
        message=str(report.value(result, SH.resultMessage)),
    )


def _path(shapes: Graph, shape: Node | None, path: Node | None) -> str:
    """A property as its local name; several alternatives joined by "or"."""
    if path is None:
        return ""
    if isinstance(path, URIRef):
        return _local(path)
    alternatives = shapes.value(shapes.value(shape, SH.path), SH.alternativePath)
    return " or ".join(_local(part) for part in shapes.items(alternatives)) if alternatives else ""


def _local(iri: Node) -> str:
    return str(iri).rpartition("#")[2].rpartition("/")[2]
