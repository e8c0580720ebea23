"""The header of the ontology: what it is, whose, and which version, in step with the releases of the package."""

import functools
import importlib.resources
import re
from pathlib import Path

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import FOAF

from kg import __version__, iris

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
VERSIONS = "https://w3id.org/tipkg/ontology/"


@functools.cache
def graph() -> Graph:
    return Graph().parse(data=(importlib.resources.files("kg.ontology") / "tip.ttl").read_bytes(), format="turtle")


def header() -> dict[str, str]:
    """What the ontology says of itself, by local name."""
    found = graph().predicate_objects(URIRef("https://w3id.org/tipkg/ontology"))
    return {re.split("[#/]", str(predicate))[-1]: str(value) for predicate, value in found}


def releases() -> list[tuple[str, str]]:
    """Version and day of each release in CHANGELOG.md, the newest first."""
    return re.findall(r"(?m)^## \[(\d[^]]*)\] - (\S+)$", CHANGELOG)


def unreleased() -> str:
    """What CHANGELOG.md says of changes that are in no release yet."""
    return CHANGELOG.partition("\n## [Unreleased]\n")[2].partition("\n## [")[0].strip()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_the_header_says_what_by_whom_and_under_which_licence() -> None:
    said = header()
    assert said["title"] == "Ontology of international action against trafficking in persons"
    assert said["abstract"].endswith("each as a statement tied to the passage of the source that states it.")
    assert said["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert (said["preferredNamespacePrefix"], said["preferredNamespaceUri"]) == ("tip", iris.ONTOLOGY)


def test_the_creator_is_an_organization_with_a_name() -> None:
    creator = URIRef(header()["creator"])
    assert str(creator) == "https://w3id.org/tipkg/project"
    assert (creator, RDF.type, FOAF.Organization) in graph()
    assert graph().value(creator, FOAF.name) == Literal("tipkg project")


def test_the_version_is_that_of_the_release_or_of_the_next_one() -> None:
    said, package = header(), releases()[0][0]
    assert package == __version__
    if unreleased():
        assert numbers(said["versionInfo"]) > numbers(package)
    else:
        assert said["versionInfo"] == package
    assert said["versionIRI"] == VERSIONS + said["versionInfo"]


def test_the_version_before_is_that_of_the_release_before() -> None:
    earlier = [version for version, _ in releases() if numbers(version) < numbers(header()["versionInfo"])]
    assert header()["priorVersion"] == VERSIONS + earlier[0]


def test_the_dates_are_in_order() -> None:
    created, modified = (header()[name][:10] for name in ("created", "modified"))
    assert created == "2026-11-22"
    assert created <= modified
    assert releases()[0][1] <= modified


def test_the_citation_names_author_title_version_and_address() -> None:
    said = header()
    words = f"tipkg project: {said['title']}, version {said['versionInfo']}, {said['modified'][:4]}. "
    assert said["bibliographicCitation"] == words + said["versionIRI"]
