"""The pages of the ontology in Markdown: an overview, a page for each group of terms, one for the lists of concepts."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import ontology_diagrams as diagrams
from pyoxigraph import Store

from kg import iris
from kg.ask import ontology as vocabulary
from kg.ask import term_examples, term_facts
from kg.ask.ontology import Ontology, Scheme, Term
from kg.ask.term_facts import Ref, Words
from kg.ask.term_uses import Uses, uses

OVERVIEW: Final = "ontology.md"
CONCEPTS: Final = "ontology/vocabularies.md"
ROOT_OF_DOCS: Final = "../"
# Facts that are read as a list of names; all others are sentences, a line each.
NAMES: Final = (
    *("parent", "child", "has", "has also what is of", "value of", "inverse", "characteristic", "disjoint with"),
    *("read by the rule", "question", "check"),
)
DOTTED: Final = "A dotted arrow leads to the parent class."
ABOUT: Final = Path(__file__).parent / "ontology-introduction.md"


class Pages:
    """All pages on one ontology and what one graph has of it; paths are under docs/."""

    def __init__(self, store: Store) -> None:
        self.ontology: Ontology = vocabulary.packaged()
        self.store = store
        self.uses: Uses = uses(store)
        self.groups = {
            heading: [self.ontology.terms[iri] for iri in terms]
            for heading, terms in vocabulary.packaged_groups().items()
        }
        self.places = dict(self._places())

    def _places(self) -> Iterator[tuple[str, str]]:
        """IRI -> page and anchor."""
        for heading, terms in self.groups.items():
            anchors = _anchors([term.name for term in terms])
            for term, anchor in zip(terms, anchors, strict=True):
                yield term.iri, f"{_page(heading)}#{anchor}"
        for scheme in self.ontology.schemes:
            (anchor,) = _anchors([f"vocab/{scheme.slug}"])
            for iri in (scheme.iri, *(concept.iri for concept in scheme.concepts)):
                yield iri, f"{CONCEPTS}#{anchor}"

    def written(self) -> dict[str, str]:
        """Path under docs/ -> text of the page."""
        pages = {_page(heading): self._group(heading, terms) for heading, terms in self.groups.items()}
        return {OVERVIEW: self._overview(), **pages, CONCEPTS: self._concepts()}

    def _overview(self) -> str:
        parts = [
            *("# The ontology\n", "Generated from `ontology/*.ttl` and `ontology/rules/*.rq` by `make docs`.\n"),
            self._header(),
            ABOUT.read_text(encoding="utf-8"),
            "## Class tree\n",
            "\n".join(self._tree(self._tops(), 0)) + "\n",
            "## What a statement has\n",
            f"{DOTTED}\n",
            diagrams.provenance(self.ontology),
            "## Kinds of statements and their roles\n",
            "Between two classes stand the properties that lead from one to the other; behind a colon, those under one "
            "parent.\n",
            diagrams.statements(self.ontology),
            "## What holds between things\n",
            diagrams.shortcuts(self.ontology),
            "## What is derived\n",
            "\n".join(self._derived()) + "\n",
            "## All terms\n",
            "\n".join(self._index()) + "\n",
        ]
        return "\n".join(parts)

    def _header(self) -> str:
        header = self.ontology.header
        rows = {
            "Namespace": f"`{header.namespace}`, prefix `{header.prefix}:`",
            "Version": f"{header.version} of {header.modified}, `{header.version_iri}`",
            "Version before": f"`{header.prior_version}`",
            "Created": f"{header.created}, by the {header.creator}",
            "Licence": f"<{header.licence}>",
            "Cite as": header.citation,
            "Profile": "OWL 2 RL, checked at each build",
            "Files": "[tip.ttl](../ontology/tip.ttl), [vocab.ttl](../ontology/vocab.ttl), "
            "[alignments.ttl](../ontology/alignments.ttl), [shapes.ttl](../ontology/shapes.ttl), "
            "[rules](../ontology/rules)",
        }
        return f"**{header.title}.** {header.abstract}\n\n{_table(rows)}\n" + "\n".join(header.notes) + "\n"

    def _tops(self) -> list[Term]:
        classes = [term for term in self.ontology.terms.values() if term.kind == "class"]
        return [c for c in classes if not diagrams.own(self.ontology, self.ontology.parents(c.iri))]

    def _tree(self, terms: list[Term], depth: int) -> Iterator[str]:
        for term in terms:
            yield f"{'  ' * depth}- {self._link(term.iri, OVERVIEW)}: {term.definition}"
            children = diagrams.own(self.ontology, self.ontology.children(term.iri))
            yield from self._tree(children, depth + 1)

    def _derived(self) -> Iterator[str]:
        yield from ("| shortcut | how | derived |", "| --- | --- | ---: |")
        for term in self.ontology.terms.values():
            found = [fact for fact in term_facts.facts(self.ontology, term) if fact.about == "derived"]
            how = "<br>".join(self._words(fact.words, OVERVIEW) for fact in found)
            if found:
                yield f"| {self._link(term.iri, OVERVIEW)} | {how} | {self.uses.derived.get(term.iri, 0)} |"

    def _index(self) -> Iterator[str]:
        for heading, terms in self.groups.items():
            links = ", ".join(self._link(term.iri, OVERVIEW) for term in terms)
            yield f"- [{heading}]({_page(heading)}): {links}"
        links = ", ".join(self._link(scheme.iri, OVERVIEW) for scheme in self.ontology.schemes)
        yield f"- [Lists of concepts]({CONCEPTS}): {links}"

    def _group(self, heading: str, terms: list[Term]) -> str:
        parts = [f"# {heading}\n", "Generated by `make docs`; [the ontology](../ontology.md) says how to read it.\n"]
        diagram = diagrams.group(self.ontology, terms)
        return "\n".join([*parts, *([f"{DOTTED}\n", diagram] if diagram else []), *map(self._term, terms)])

    def _term(self, term: Term) -> str:
        page = self.places[term.iri].partition("#")[0]
        example = term_examples.example(self.store, self.ontology, term)
        query = f"```sparql\n{example.query}```\n"
        if not example.has_rows:
            query = f"No data uses it yet, so this query has no rows:\n\n{query}"
        rows = {"IRI": f"`{term.iri}`", **dict(self._rows(term, page))}
        definition = f"**{term.label}**, {term.kind}: {self._text(term.definition, page)}"
        return f"## {term.name}\n\n{definition}\n\n{_table(rows)}\n{query}"

    def _rows(self, term: Term, page: str) -> Iterator[tuple[str, str]]:
        yield "example", self._text(term.example, page)
        if term.sources:
            yield "source", ", ".join(map(_source, term.sources))
        if term.notes:
            yield "note", "<br>".join(self._text(note, page) for note in term.notes)
        facts: dict[str, list[str]] = {}
        for fact in term_facts.facts(self.ontology, term):
            facts.setdefault(fact.about, []).append(self._words(fact.words, page))
        yield from ((about, (", " if about in NAMES else "<br>").join(words)) for about, words in facts.items())
        recorded, derived = (some.get(term.iri, 0) for some in (self.uses.recorded, self.uses.derived))
        yield "in the graph", f"{recorded} recorded, {derived} derived"

    def _concepts(self) -> str:
        head = [
            "# Lists of concepts\n",
            "Generated by `make docs`; [the ontology](../ontology.md) says how to read it.\n",
        ]
        base = f"A concept has the IRI `{iris.BASE}vocab/LIST/NAME`; uses counts the things that have it.\n"
        return "\n".join([*head, base, *map(self._scheme, self.ontology.schemes)])

    def _scheme(self, scheme: Scheme) -> str:
        props = ", ".join(self._link(prop, CONCEPTS) for prop in self.uses.properties.get(scheme.slug, ()))
        rows = ["| name | label | notation | definition | uses |", "| --- | --- | --- | --- | ---: |"]
        for concept in scheme.concepts:
            name = concept.iri.rpartition("/")[2]
            cells = (f"`{name}`", concept.label, f"`{concept.notation}`", self._text(concept.definition, CONCEPTS))
            rows.append(f"| {' | '.join(cells)} | {self.uses.concepts.get(concept.iri, 0)} |")
        values = f"Values of {props}." if props else "No data uses it yet."
        query = f"```sparql\n{term_examples.of_scheme(scheme)}```\n"
        table = "\n".join(rows)
        return f"## vocab/{scheme.slug}\n\n**{scheme.label}**: {scheme.definition} {values}\n\n{table}\n\n{query}"

    def _words(self, words: Words, page: str) -> str:
        return "".join(self._text(word, page) if isinstance(word, str) else self._ref(word, page) for word in words)

    def _text(self, text: str, page: str) -> str:
        """Plain text of the ontology for a table cell; terms in it become links."""
        escaped = re.sub(r"([|<*_\[\]])", r"\\\1", text)
        return re.sub(r"\btip:\w+", lambda match: self._mention(match[0], page), escaped)

    def _mention(self, name: str, page: str) -> str:
        iri = iris.term(name.removeprefix("tip:"))
        return self._link(iri, page) if iri in self.places else name

    def _ref(self, ref: Ref, page: str) -> str:
        up = ROOT_OF_DOCS * page.count("/")
        if ref.kind == "iri":
            return self._link(ref.key, page)
        if ref.kind == "question":
            return f"[{ref.key}]({up}questions.md#{_anchors([ref.key])[0]})"
        folder = {"rule": "ontology/rules", "check": "queries/checks"}[ref.kind]
        return f"[{ref.key}]({up}{ROOT_OF_DOCS}{folder}/{ref.key})"

    def _link(self, iri: str, page: str) -> str:
        name = vocabulary.short(iri)
        if iri not in self.places:
            return f"`{name}`" if name.startswith(("xsd:", "rdfs:")) else f"[{name}]({iri})"
        target, _, anchor = self.places[iri].partition("#")
        folder = PurePosixPath(page).parent
        path = "" if target == page else PurePosixPath(target).relative_to(folder).as_posix()
        return f"[{name}]({path}#{anchor})"


def _page(heading: str) -> str:
    return f"ontology/{re.sub(r'[^a-z]+', '-', heading.lower()).strip('-')}.md"


def _anchors(headings: list[str]) -> list[str]:
    """The anchors that GitHub gives to the headings of a page."""
    found: list[str] = []
    for heading in headings:
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        again = sum(re.sub(r"-\d+$", "", other) == anchor for other in found)
        found.append(f"{anchor}-{again}" if again else anchor)
    return found


def _source(iri: str) -> str:
    return f"the source `{iri.rpartition('/')[2]}`" if iri.startswith(iris.BASE) else f"<{iri}>"


def _table(rows: dict[str, str]) -> str:
    """A table of two columns; its first row is its head, as Markdown demands one."""
    (first, value), *others = rows.items()
    lines = [f"| {first} | {value} |", "| --- | --- |", *(f"| {about} | {said} |" for about, said in others)]
    return "\n".join(lines) + "\n"
