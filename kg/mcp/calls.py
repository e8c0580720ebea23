"""The tools by name: what each takes and what it does. All of them run in a process that may be killed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pyoxigraph import NamedNode

from kg import iris
from kg.ask.digest_forms import class_markdown, overview
from kg.ask.evidence import passages
from kg.federate.refused import Refused
from kg.mcp import answers, arguments, asking, bounds, describing, finding, places, queries, querying
from kg.mcp.arguments import Arguments, told
from kg.mcp.graph import Graph
from kg.mcp.refusal import RefusedError
from kg.mcp.unknown import alike

_MOST_QUESTIONS: Final = 15


class Tool(NamedTuple):
    takes: type[Arguments]
    gives: type[answers.Answer]
    run: Callable[[Graph, Any], answers.Answer]


def call(own: Graph, name: str, given: Mapping[str, Any]) -> answers.Answer:
    """Raises RefusedError with what the client is told."""
    tool = TOOLS[name]
    try:
        return tool.run(own, tool.takes.model_validate(given))
    except ValidationError as error:
        raise RefusedError(f"{told(error)}; {name} takes: {', '.join(tool.takes.model_fields)}") from error
    except Refused as error:
        raise RefusedError(f"{error.title}: {error.place}{error.detail}") from error
    except MemoryError as error:
        raise RefusedError("it needs more memory than one call may have: ask for less") from error
    except ValueError as error:
        if not type(error).__module__.startswith("kg."):
            raise
        raise RefusedError(str(error)) from error


def warm(own: Graph) -> None:
    """Read what most calls need, once, before processes are forked: by calls that read it. None of them searches."""
    call(own, "list_questions", {})
    for source in places.documents(own.store):
        call(own, "ask_question", {"question": "sources", "parameters": {"source": source}})
    call(own, "run_sparql", {"query": "ASK {}"})
    finding.references(own.store, "anything")


def list_questions(own: Graph, asked: arguments.ListQuestions) -> answers.Listed:
    """All, or those that say most of the words, the most telling first."""
    words = [word for word in asked.about.lower().split() if len(word) > 2]
    scores = {one.name: _score(one, words) for one in asking.catalogue()}
    found = [one for one in asking.catalogue() if not asked.about.strip() or scores[one.name]]
    found.sort(key=lambda one: (-scores[one.name], one.name))
    if not found:
        raise RefusedError(f"no packaged question says {asked.about!r}; ask without about for all of them")
    shown = found[:_MOST_QUESTIONS] if words else [_in_short(one) for one in found]
    return answers.Listed(
        questions=shown,
        sources=places.named(own.store, places.documents(own.store)),
        sparql="",
        not_covered=["what no packaged question asks can be asked with run_sparql; get_schema tells what there is"],
        left_out=list(_not_listed(len(found) - len(shown), bool(words))),
    )


def _in_short(one: answers.Packaged) -> answers.Packaged:
    return one.model_copy(update={"about": "", "limits": [], "columns": []})


def _not_listed(questions: int, at_length: bool) -> Iterator[str]:
    if not at_length:
        yield "remarks, limits and columns: ask with about for some questions at length"
    if questions:
        yield f"{questions} questions that say fewer of the words"


def _score(one: answers.Packaged, words: list[str]) -> int:
    """Words of its name and summary count for more than those of its parameters, columns and remarks."""
    parameters = " ".join(f"{parameter.name} {parameter.type}" for parameter in one.parameters)
    title, rest = f"{one.name} {one.summary}".lower(), f"{one.about} {parameters} {' '.join(one.columns)}".lower()
    return sum(3 * (word in title) + (word in rest) for word in words)


def ask_question(own: Graph, asked: arguments.AskQuestion) -> answers.Asked:
    given = {
        key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in asked.parameters.items()
    }
    long = [key for key, value in given.items() if len(value) > bounds.LONGEST_CELL]
    if long:
        raise RefusedError(f"parameter {long[0]}: a value has at most {bounds.LONGEST_CELL} characters")
    return asking.ask(own.store, asked.question, given, own.whom, limit=asked.limit, offset=asked.offset)


def get_evidence(own: Graph, asked: arguments.GetEvidence) -> answers.Evidence:
    found = []
    for one in passages(own.store, asked.iri):
        words = own.quotes.words(one)
        quote = bounds.cell(words.inside, bounds.LONGEST_QUOTE) if words else None
        place = answers.Place(source=one.source, where=one.where, begin=one.begin, end=one.end, iri="")
        place.iri = places.at(own.store, one.source, one.begin, one.end).iri
        found.append(
            answers.Passage(statement=one.statement, label=one.label, place=place, sha256=one.sha256, quote=quote)
        )
    silent = [] if own.quotes.some else ["the texts are not here: the place tells where to read, nothing is quoted"]
    return answers.Evidence(
        passages=found[: bounds.MOST_PLACES],
        sources=places.named(own.store, {one.place.source for one in found}),
        sparql=_query_of_evidence(asked.iri, found[0]),
        not_covered=[
            *silent,
            "a statement is what the passage says in words of the graph: quote the source, not the label",
        ],
        left_out=bounds.part(len(found), min(len(found), bounds.MOST_PLACES)),
    )


def _query_of_evidence(iri: str, first: answers.Passage) -> str:
    """As it was run: for a statement, or for the passage if the IRI is that of one."""
    is_passage = first.place.iri.endswith(iri.removeprefix(iris.BASE))
    variable, node = ("passage", first.place.iri) if is_passage else ("statement", first.statement)
    return queries.shown(asking.query_of("evidence"), variable, [NamedNode(node)])


def get_schema(own: Graph, asked: arguments.GetSchema) -> answers.Schema:
    digest = own.digest
    wanted = asked.term.strip().lower()
    found = [
        one
        for one in digest.classes
        if wanted in ("", one.name.lower(), one.label.lower(), one.iri.lower(), one.name.partition(":")[2].lower())
    ]
    if not found:
        close = alike(wanted, {one.name: (one.name.partition(":")[2], one.label) for one in digest.classes})
        raise RefusedError(
            f"no class with things in the graph is called {asked.term!r} (nearest: {', '.join(close) or 'none'})"
        )
    return answers.Schema(
        prefixes=digest.prefixes,
        classes=[
            answers.ClassLine(name=one.name, things=one.things, definition=one.definition or one.label) for one in found
        ],
        markdown="\n".join(map(class_markdown, found)) if wanted else overview(digest),
        sources=places.named(own.store, places.documents(own.store)),
        sparql="",
        not_covered=["it counts what the graph holds; classes and properties without a thing are in the ontology only"],
        left_out=[] if wanted else ["the properties of a class: ask with term, such as tip:Ratification"],
    )


TOOLS: Final = {
    "search_entities": Tool(arguments.SearchEntities, answers.Found, finding.search),
    "describe_entity": Tool(arguments.DescribeEntity, answers.Described, describing.describe),
    "list_questions": Tool(arguments.ListQuestions, answers.Listed, list_questions),
    "ask_question": Tool(arguments.AskQuestion, answers.Asked, ask_question),
    "run_sparql": Tool(arguments.RunSparql, answers.Ran, querying.run),
    "get_evidence": Tool(arguments.GetEvidence, answers.Evidence, get_evidence),
    "get_schema": Tool(arguments.GetSchema, answers.Schema, get_schema),
}
