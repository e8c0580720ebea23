"""The references: pySHACL for the compiled shapes, owlrl for the compiled rules. A build does without both."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyshacl
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from kg import iris
from kg.graph import check, rdflib_terms
from kg.graph.check import Violation, packaged_shapes, path_words
from kg.graph.checks import text
from kg.graph.closure import Comparison, compare
from kg.graph.reason import packaged_rules
from kg.graph.store import read_manifest


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


@dataclass(frozen=True)
class Proof:
    """What the references say of a built graph: how owlrl's closure compares with graph/inferred, and what pySHACL and
    the compiled shapes find, each that the other does not."""

    closure: Comparison
    only_pyshacl: tuple[str, ...]
    only_compiled: tuple[str, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """One line a difference; none where the references confirm the graph."""
        groups = {
            "owlrl derives, the graph lacks": self.closure.missing,
            "the graph has, owlrl does not derive": self.closure.extra,
            "only pySHACL finds": self.only_pyshacl,
            "only the compiled shapes find": self.only_compiled,
        }
        return tuple(f"{what}: {line}" for what, lines in groups.items() for line in lines)


def prove(folder: Path) -> Proof:
    """Close the whole graph of a store folder with owlrl, check it with pySHACL, and compare both with the build.

    The dump is read and not the store, which keeps every whole number as xsd:integer. Raises StoreError."""
    read_manifest(folder)
    apart = {iris.graph(name) for name in ("inferred", "mentions", "ontology")}
    by_graph: dict[str, list[Triple]] = {}
    for quad in parse(path=str(folder / "tipkg.nq"), format=RdfFormat.N_QUADS):
        by_graph.setdefault(text(quad.graph_name), []).append(quad.triple)
    data = {triple for graph, some in by_graph.items() if graph not in apart for triple in some}
    ontology, inferred = (by_graph.get(iris.graph(name), []) for name in ("ontology", "inferred"))
    closure = compare(data, ontology, inferred, [query for _, query in packaged_rules()])
    theirs, ours = set(validate(data, ontology)), set(check.validate(data, ontology))
    only = (tuple(str(violation) for violation in sorted(some)) for some in (theirs - ours, ours - theirs))
    return Proof(closure, *only)
