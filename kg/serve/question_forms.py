"""The forms in which an answer of a question goes out, and their suffixes."""

from collections.abc import Callable, Mapping
from typing import Final

from kg import formats
from kg.ask import answer_forms
from kg.ask.answer import Answer
from kg.serve.documents import written
from kg.serve.negotiate import CSV, HTML, JSON_LD, TSV, TURTLE, Choice, Format, choose

ROWS: Final = Format(("json",), ("application/json",))
RESULTS: Final = Format(("srj",), ("application/sparql-results+json",))
LINKED: Final = Format(("jsonld",), ("application/ld+json",))
MARKDOWN: Final = Format(("md",), ("text/markdown",))
# In the order in which the server prefers them where the client does not mind.
FORMS: Final = (ROWS, HTML, CSV, TSV, RESULTS, TURTLE, LINKED, MARKDOWN)
SUFFIXES: Final = {form.names[-1]: form for form in FORMS}
CATALOGUE: Final = (ROWS, HTML)

_TEXTS: Final[Mapping[Format, Callable[[Answer], str]]] = {
    RESULTS: answer_forms.as_sparql_json,
    CSV: answer_forms.as_csv,
    TSV: answer_forms.as_tsv,
    MARKDOWN: answer_forms.as_markdown,
}


def chosen(forms: tuple[Format, ...], accept: str | None, suffix: str | None) -> Choice:
    """By suffix, else by Accept. Raises Problem 406."""
    return choose(forms, accept) if suffix is None else Choice(SUFFIXES[suffix], SUFFIXES[suffix].media_types[0])


def write(answer: Answer, form: Format, prefixes: Mapping[str, str], page: Mapping[str, int] | None) -> bytes:
    """An answer in one of FORMS but HTML; `page` is told in JSON."""
    if form == ROWS:
        value = answer_forms.json_value(answer)
        if page is not None:
            value["page"] = dict(page)
        return formats.as_json(value).encode()
    if form in (TURTLE, LINKED):
        syntax = TURTLE if form == TURTLE else JSON_LD
        return written(answer.triples(), syntax, prefixes)
    return _TEXTS[form](answer).encode()
