"""The graph for Python: its questions as functions, their answers as rows, frames and RDF.

from kg import open_graph

graph = open_graph()
answer = graph.questions.ratification_status(state="Lao PDR")
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from inspect import Parameter, Signature
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from kg.ask import catalogue, description, sparql
from kg.ask.answer import Answer
from kg.ask.evidence import Passage, passages
from kg.ask.question import Parameter as Asking
from kg.ask.question import Question
from kg.ask.questions import QuestionError
from kg.ask.search import Search
from kg.ask.sources import Source, build_id, sources_of
from kg.ask.values import full_iri
from kg.graph.store import open_store
from kg.packaged import built_folder

if TYPE_CHECKING:
    import rdflib

    from kg.ask.federated import Whom
    from kg.federate.answers import Answers

Value = str | int | float | bool | None
# What questions beside Wikidata take too, and what holds where it is not given.
WHOM: Final[Mapping[str, Value]] = MappingProxyType({"endpoint": None, "mode": "auto", "timeout": 30.0})
WHOM_IN_WORDS: Final = """\
mode: auto (Wikidata, its offline twin where that fails), live (Wikidata or an error), offline (the twin or an error)
endpoint: in place of Wikidata
timeout: seconds for all requests"""


def open_graph(folder: str | PathLike[str] | None = None) -> "Graph":
    """See kg.open_graph."""
    found = Path(folder) if folder is not None else built_folder()
    return Graph(open_store(found), found)


class Graph:
    """An open graph. Nothing can be written to it that would last."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self._folder = folder

    @cached_property
    def search(self) -> Search:
        """Search by name, alias, code or misprint: `graph.search.find("ILO")`."""
        return Search.open(self._folder)

    @cached_property
    def questions(self) -> "Questions":
        """The packaged questions as functions, by name."""
        return Questions(self)

    @property
    def sources(self) -> tuple[Source, ...]:
        return sources_of(self.store)

    @property
    def build_id(self) -> str:
        """The SHA-256 that names the facts of the graph."""
        return build_id(self.store)

    def ask(self, question: str, /, **asked: Value) -> Answer:
        """Answer a packaged question; parameters as people type them, None for all values. One beside Wikidata takes
        `mode` (auto, live, offline), `endpoint` in place of Wikidata and `timeout` in seconds too, and tells whom it
        asked in `used`, `receipts` and `notes`.

        Raises QuestionError: an unknown question, parameter or value; `nearest` of it says what may be meant. One
        beside Wikidata that cannot be answered raises FederationError with what the graph itself holds."""
        given = {key: value for key, value in asked.items() if value is not None}
        whom = self._whom(given) if catalogue.is_federated(question) else None
        own = {key: _typed(value) for key, value in given.items() if whom is None or key not in WHOM}
        return catalogue.ask(self.store, question, own, whom, nearest=lambda *value: self.search.candidates(*value))

    def _whom(self, given: Mapping[str, Value]) -> "Whom":
        from kg.ask.federated import whom

        endpoint, mode, seconds = (given.get(key, default) for key, default in WHOM.items())
        assert seconds is not None
        return whom(str(endpoint) if endpoint else None, str(mode), float(seconds), self._answers)

    @cached_property
    def _answers(self) -> "Answers":
        """Those of other endpoints, kept while the graph is open."""
        from kg.federate.answers import Answers
        from kg.federate.kept import KEPT_BYTES, KEPT_SECONDS

        return Answers(KEPT_BYTES, KEPT_SECONDS)

    def label(self, iri: str) -> str:
        """How the thing of an IRI is called, or the IRI itself; it may be given without the base."""
        return description.label(self.store, full_iri(iri))

    def evidence(self, iri: str) -> list[Passage]:
        """The passages that a statement, a finding or a passage rests on, with where a person finds them.

        Raises EvidenceError if the graph has none for it."""
        return passages(self.store, iri)

    def sparql(self, query: str) -> sparql.Rows:
        """The rows of a SELECT or ASK query, as strings. Raises SparqlError, with line and column."""
        found = sparql.run(self.store, query, None)
        if not isinstance(found, sparql.Rows):
            raise sparql.SparqlError("a query for rows is SELECT or ASK; for triples take graph.store.query")
        return found

    def to_rdflib(self, source: str | None = None) -> "rdflib.Graph":
        """All triples, or those that one source states (by its id), as a graph of rdflib. All take some seconds.

        Raises ValueError for an id that no source has."""
        from rdflib import Graph as RdflibGraph

        known = {one.id: one.iri for one in self.sources}
        if source is not None and source not in known:
            raise ValueError(f"no source of this graph has the id {source!r}; it has: {', '.join(known)}")
        name = NamedNode(known[source]) if source else DefaultGraph()
        graph = RdflibGraph()
        for quad in self.store.quads_for_pattern(None, None, None, name):
            graph.add((_rdflib(quad.subject), _rdflib(quad.predicate), _rdflib(quad.object)))
        return graph

    def __repr__(self) -> str:
        return f"<Graph of {', '.join(one.id for one in self.sources)}>"


class Questions:
    """Every packaged question as a function: `graph.questions.icat_members(organization="ILO")`."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def __getattr__(self, name: str) -> "Ask":
        try:
            return Ask(self._graph, catalogue.question(name))
        except QuestionError as error:
            raise AttributeError(str(error)) from error

    def __dir__(self) -> list[str]:
        return list(catalogue.names())

    def __iter__(self) -> Iterator["Ask"]:
        return (getattr(self, name) for name in catalogue.names())

    def __len__(self) -> int:
        return len(catalogue.names())


class Ask:
    """A question that can be called; signature and help are made from its header."""

    def __init__(self, graph: Graph, question: Question) -> None:
        self._graph = graph
        self.question = question
        self.__name__ = question.name
        self.__signature__ = _signature(question)
        self.__doc__ = _help(question)

    def __call__(self, **asked: Value) -> Answer:
        return self._graph.ask(self.question.name, **asked)

    def __repr__(self) -> str:
        return f"<question {self.question.name}{self.__signature__}: {self.question.summary}>"


def _signature(question: Question) -> Signature:
    parameters = [_parameter(one) for one in question.parameters]
    if question.answers:
        parameters.append(Parameter("nearest", Parameter.KEYWORD_ONLY, default=False, annotation=bool))
    if catalogue.is_federated(question.name):
        for name, kind in (("endpoint", str | None), ("mode", str), ("timeout", float)):
            parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=WHOM[name], annotation=kind))
    return Signature(parameters, return_annotation=Answer)


def _parameter(one: Asking) -> Parameter:
    kind: Any = str | int if one.type in ("edition", "number", "date") else str
    if one.required and one.default is None:
        return Parameter(one.name, Parameter.KEYWORD_ONLY, annotation=kind)
    annotation = kind if one.default is not None else kind | None
    return Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default, annotation=annotation)


def _help(question: Question) -> str:
    lines = [question.summary, "", question.description, "", question.limits.dates, question.limits.coverage, ""]
    lines += [f"{one.name} ({one.type}): {one.description}" for one in question.parameters]
    if catalogue.is_federated(question.name):
        lines += ["", WHOM_IN_WORDS]
    lines += ["", "Columns:", *(f"  {one.name} ({one.type}): {one.meaning}" for one in question.columns)]
    lines += ["", "Examples:", *(f"  {one.title}: {_call(question, one.parameters)}" for one in question.examples)]
    return "\n".join(lines)


def _call(question: Question, asked: Any) -> str:
    return f"{question.name}({', '.join(f'{key}={value!r}' for key, value in asked.items())})"


def _typed(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rdflib(term: object) -> "rdflib.term.Node":
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    datatype = None if term.language else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
