"""What the page of one question shows: the form with what was asked, and the rows with where each stands."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Store

from kg import iris
from kg.ask import catalogue
from kg.ask import description as graph
from kg.ask.answer import Answer, Evidence
from kg.ask.answer_forms import remarks
from kg.ask.question import Column, Question
from kg.ask.rows import Row
from kg.ask.values import editions
from kg.serve.beside import OWN
from kg.serve.question_forms import SUFFIXES
from kg.serve.searching import LOOKED_UP
from kg.serve.site import Cell, root_of

NAMES: Final = {
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "srj": "SPARQL results",
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "md": "Markdown",
}
# Longer addresses are cut off by proxies and mail programs.
_LONGEST_LINK: Final = 8000


def card(store: Store, found: Question, given: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows without an answer too."""
    own = [_field(store, found, name, given) for name in found.parameter_names]
    return {
        "question": found,
        "fields": [*own, *_whom(found, given)],
        "examples": [(one.title, f"?{urlencode(one.parameters)}" if one.parameters else "?") for one in found.examples],
        "given": given,
        "command": _command(found, given),
        "call": _call(found, given),
    }


def question_page(store: Store, answer: Answer, given: Mapping[str, str], path: str) -> dict[str, Any]:
    found, root = answer.question, root_of(path)
    places = {place for one in found.evidence for place in (one.begin, one.end)}
    shown = [number for number, column in enumerate(found.columns) if column.name not in places]
    asked = f"?{urlencode(given)}" if given else ""
    sparql = f"{root}sparql?{urlencode({'query': answer.query})}"
    rows = Rows(store, answer, root, shown)
    return {
        **card(store, found, given),
        "answer": answer,
        "remarks": remarks(answer),
        "columns": [found.columns[number] for number in shown],
        "rows": [(*rows.shown(row), "") for row in answer.rows_found],
        "near": [(*rows.shown(one.row), one.differs_in) for one in answer.nearest],
        "forms": [(NAMES[suffix], f"./{found.name}.{suffix}{asked}") for suffix in SUFFIXES if suffix in NAMES],
        "sparql": sparql if len(sparql) <= _LONGEST_LINK else None,
    }


class Rows:
    """Makes cells with links; `root` is the way to the site's root, `columns` the numbers of those to be shown."""

    def __init__(self, store: Store, answer: Answer, root: str, columns: Sequence[int]) -> None:
        self._store = store
        self._answer = answer
        self._root = root
        self._columns = columns
        self._sources = {source.id for source in answer.sources}

    def shown(self, row: Row) -> tuple[list[Cell], list[Cell]]:
        """The cells, and where the row stands."""
        cells = [self._cell(self._answer.question.columns[number], row, number) for number in self._columns]
        return cells, [self._place(one) for one in self._answer.places(row)]

    def _cell(self, column: Column, row: Row, number: int) -> Cell:
        text, iri = str(row.values[number]), row.iris[number]
        if column.type == "source" and not iri and text in self._sources:
            iri = iris.source(text)
        if iri or row.terms[number].startswith("<"):
            return self._link(text.removeprefix(iris.BASE), iri or text)
        return Cell(text, text, outside=True) if text.startswith(("http://", "https://")) else Cell(text)

    def _link(self, text: str, iri: str) -> Cell:
        """Our own IRIs open on this server; other schemes than http are shown and not linked."""
        if iri.startswith(iris.BASE):
            local = iri.removeprefix(iris.BASE).replace("ontology#", "ontology?term=", 1)
            return Cell(text, self._root + local)
        return Cell(text, iri, outside=True) if iri.startswith(("http://", "https://")) else Cell(text)

    def _place(self, place: Evidence) -> Cell:
        """A place in the index of names has no passage of its own."""
        where = graph.value(self._store, NamedNode(place.iri), graph.WHERE)
        if where:
            return Cell(where, self._root + place.iri.removeprefix(iris.BASE), note=place.source)
        return Cell(f"characters {place.begin} to {place.end}", note=place.source)


def _field(store: Store, found: Question, name: str, given: Mapping[str, str]) -> dict[str, Any]:
    """A parameter as a field: what can be chosen, or the kind of thing that is looked up while one types."""
    blank = {"name": name, "choices": (), "none": "any", "kind": "", "lookup": None, "value": given.get(name, "")}
    if name == "nearest" and found.answers:
        return blank | {"words": "show what is near as well", "choices": ("true", "false"), "none": "no"}
    (one,) = (parameter for parameter in found.parameters if parameter.name == name)
    return blank | {
        "words": one.description,
        "choices": editions(store) if one.type == "edition" else (),
        "kind": one.type if one.type in LOOKED_UP else "",
        "value": given.get(name, one.default or ""),
        "lookup": one.lookup if one.lookup and one.lookup[0] != found.name else None,
    }


def _whom(found: Question, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Whom to ask, of a question beside Wikidata."""
    if not catalogue.is_federated(found.name):
        return []
    words = "live: Wikidata or an error; offline: nobody is asked, the offline twin answers"
    mode = {"name": "mode", "words": words, "choices": ("live", "offline"), "none": "Wikidata, or else its twin"}
    chosen = given.get("mode", "")
    fields = [mode | {"value": "" if chosen == "auto" else chosen, "kind": "", "lookup": None}]
    if "endpoint" in given:
        words = "in place of Wikidata"
        fields.append({"name": "endpoint", "words": words, "choices": (), "value": given["endpoint"]})
        fields[-1] |= {"kind": "", "lookup": None}
    return fields


def _command(found: Question, given: Mapping[str, str]) -> str:
    federated = catalogue.is_federated(found.name)
    own = {key: value for key, value in given.items() if not federated or key not in OWN}
    quoted = [f" --param '{_quoted(key)}={_quoted(value)}'" for key, value in own.items()]
    if federated and given.get("mode") in ("live", "offline"):
        quoted.append(f" --{given['mode']}")
    if federated and "endpoint" in given:
        quoted.append(f" --endpoint '{_quoted(given['endpoint'])}'")
    return f"tipkg {'federate' if federated else 'query'} {found.name}{''.join(quoted)}"


def _quoted(value: str) -> str:
    return value.replace("'", "'\\''")


def _call(found: Question, given: Mapping[str, str]) -> str:
    return f"graph.questions.{found.name}({', '.join(f'{key}={value!r}' for key, value in given.items())})"
