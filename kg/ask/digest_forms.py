"""The digest of the schema as Markdown, as data for JSON, and as /llms.txt (https://llmstxt.org)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from kg import iris
from kg.ask.digest import ClassDigest, Digest, Use
from kg.ask.honesty import RULES

_RANGES_SHOWN: Final = 6
_HOW_TO_ASK: Final = """
Ask with SPARQL 1.1 at {root}sparql (GET, parameter query; JSON, CSV or TSV by Accept). Prefer a packaged question:
each is SPARQL that runs as it stands. A statement has tip:source and tip:evidence (a passage with tip:where,
nif:beginIndex and nif:endIndex); derived properties mean that at least one source states it.
"""


class Sample(NamedTuple):
    """A packaged question: what it asks, in English and in SPARQL."""

    name: str
    summary: str
    query: str


def json_value(digest: Digest, samples: Iterable[Sample]) -> dict[str, Any]:
    """Names are compact (tip:State), with their prefixes beside them."""
    return {**asdict(digest), "rules": list(RULES), "questions": [sample._asdict() for sample in samples]}


def markdown(digest: Digest, samples: Sequence[Sample]) -> str:
    """All classes, each with its properties."""
    parts = [_head(digest), "## Prefixes\n", _prefixes(digest), "## Classes\n"]
    parts += [class_markdown(one) for one in digest.classes]
    parts += ["## Packaged questions\n", "".join(f"- `{one.name}`: {one.summary}\n" for one in samples)]
    return "\n".join(parts)


def overview(digest: Digest) -> str:
    """A line for each class; what it has is asked for class by class."""
    return "".join(f"- {_line(one)}\n" for one in digest.classes)


def class_markdown(one: ClassDigest) -> str:
    """Its definition, an example, its properties and a query."""
    kind = f" A kind of {', '.join(one.parents)}." if one.parents else ""
    lines = [f"### {one.name}\n", f"{one.label}, {one.things} in the graph.{kind} {one.definition}".rstrip() + "\n"]
    if one.example:
        lines.append(f"Example: <{one.example}> ({one.example_label})\n")
    lines += ["| property | label | things that have it | leads to |", "| --- | --- | --- | --- |"]
    lines += [f"| {use.name} | {use.label} | {use.things} | {_ranges(use)} |" for use in one.uses]
    if one.query:
        lines += ["", "```sparql", one.query.rstrip(), "```"]
    return "\n".join(lines) + "\n"


def llms_txt(digest: Digest, samples: Sequence[Sample], root: str) -> str:
    """`root` is the address of the server, with a final slash."""
    return "\n".join(_llms(digest, samples, root))


def _llms(digest: Digest, samples: Sequence[Sample], root: str) -> Iterator[str]:
    yield from (f"# {digest.title}", "", f"> {digest.description}", "")
    yield f"{digest.triples} triples, build {digest.build_id[:12]}, {digest.licence}. How to read answers:\n"
    yield from (f"- {rule}" for rule in RULES)
    yield _HOW_TO_ASK.format(root=root)
    yield from ("```sparql", _first_query(digest), "```", "", "## Schema", "")
    yield f"- [Schema in Markdown]({root}schema.md): each class with its properties, counts, an example and a query"
    yield f"- [Schema in JSON]({root}schema.json): the same as data, with the text of all packaged questions"
    yield f"- [Ontology in Turtle]({root}ontology.ttl): the axioms, with definitions"
    yield f"- [VoID and DCAT]({root}.well-known/void): the statistics from which the schema is made, and the files"
    yield from ("", "## Packaged questions", "")
    yield from (f"- [{one.name}]({root}question/{one.name}): {one.summary}" for one in samples)
    yield from ("", "## Classes", "")
    yield from (f"- [{one.name}]({_page(one, root)}): {_told(one)}" for one in digest.classes)
    yield from ("", "## Optional", "")
    yield f"- [Dumps]({root}dumps/): Turtle, TriG and N-Quads, also compressed\n"


def _first_query(digest: Digest) -> str:
    """Of the class with most things that has a query of its own: it shows the way from a statement to its place."""
    ordered = sorted(digest.classes, key=lambda one: -one.things)
    return next((one.query.rstrip() for one in ordered if "tip:evidence" in one.query), "")


def _page(one: ClassDigest, root: str) -> str:
    """Of a class: ours has a page of its own on the server."""
    ours = one.iri.startswith(iris.ONTOLOGY)
    return f"{root}ontology?term={one.iri.removeprefix(iris.ONTOLOGY)}" if ours else one.iri


def _head(digest: Digest) -> str:
    rules = "".join(f"- {rule}\n" for rule in RULES)
    return f"# {digest.title}\n\n{digest.description}\n\n{digest.triples} triples, build {digest.build_id}\n\n{rules}"


def _prefixes(digest: Digest) -> str:
    lines = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in digest.prefixes.items())
    return f"```sparql\n{lines}```\n"


def _line(one: ClassDigest) -> str:
    return f"{one.name}: {_told(one)}"


def _told(one: ClassDigest) -> str:
    return f"{one.things}. {one.definition or one.label}"


def _ranges(use: Use) -> str:
    shown = [f"{one.name} ({one.triples})" for one in use.ranges[:_RANGES_SHOWN]]
    more = len(use.ranges) - len(shown)
    return ", ".join([*shown, *([f"{more} more"] if more else [])]) or f"things of others ({use.triples})"
