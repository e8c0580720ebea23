"""The shapes: what every statement, passage and thing must have. SHACL Core, compiled, on asserted data."""

import importlib.resources
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from kg.graph import validation
from kg.graph.shapes import compiled

SHOWN: Final = 20


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
    """Everything that breaks the packaged shapes, in order. The ontology tells which class is under which.

    Raises ShapeError for a shape that is not compiled."""
    return violations(itertools.chain(data, ontology), packaged_shapes())


def violations(triples: Iterable[Triple], shapes: Iterable[Triple]) -> list[Violation]:
    """Everything in the triples that breaks the shapes of a shapes graph, in order. Raises ShapeError."""
    return sorted({_violation(result) for result in validation.results(compiled(shapes), triples)})


def packaged_shapes() -> list[Triple]:
    """The triples of ontology/shapes.ttl."""
    data = (importlib.resources.files("kg.ontology") / "shapes.ttl").read_bytes()
    return [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]


def _violation(result: validation.Result) -> Violation:
    value = "" if result.value is None else result.value.value
    return Violation(result.focus.value, path_words(part.value for part in result.path), value, result.message)


def path_words(path: Iterable[str]) -> str:
    """A path in words: each property as its local name, alternatives joined by "or"."""
    return " or ".join(iri.rpartition("#")[2].rpartition("/")[2] for iri in path)
