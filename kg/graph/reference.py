"""pySHACL, the reference that the compiled shapes are compared with; a build does without it."""

import itertools
from collections.abc import Iterable

import pyshacl
from pyoxigraph import Triple
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from kg.graph import rdflib_terms
from kg.graph.check import Violation, packaged_shapes, path_words


def validate(data: Iterable[Triple], ontology: Iterable[Triple]) -> list[Violation]:
    """What kg.graph.check.validate finds, as pySHACL sees it."""
    return violations(itertools.chain(data, ontology), packaged_shapes())


def violations(triples: Iterable[Triple], shapes: Iterable[Triple]) -> list[Violation]:
    """What kg.graph.check.violations finds, as pySHACL sees it. Raises TypeError for shapes that it cannot read."""
    rdflib_terms.forget_owlrl()
    _, report, text = pyshacl.validate(
        rdflib_terms.graph(triples),
        shacl_graph=rdflib_terms.graph(shapes),
        inference="none",
        advanced=False,
        inplace=True,
    )
    if not isinstance(report, Graph):
        raise TypeError(f"the shapes themselves cannot be read: {text}")
    return sorted({_violation(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)})


def _violation(report: Graph, result: Node) -> Violation:
    value = report.value(result, SH.value)
    return Violation(
        focus=str(report.value(result, SH.focusNode)),
        path=_path(report, report.value(result, SH.resultPath)),
        value="" if value is None else str(value),
        message=str(report.value(result, SH.resultMessage)),
    )


def _path(report: Graph, path: Node | None) -> str:
    if path is None or isinstance(path, URIRef):
        return path_words([str(path)] if path else [])
    alternatives = report.value(path, SH.alternativePath)
    return path_words(str(part) for part in report.items(alternatives)) if alternatives else ""
