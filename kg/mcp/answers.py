"""What the tools answer, as typed data: clients are shown the JSON schemas, and each answer is checked by them."""

from typing import Literal

from pydantic import BaseModel, Field

Cell = str | int | None


class Source(BaseModel):
    """A document that the graph rests on."""

    id: str
    title: str
    iri: str


class Place(BaseModel):
    """Where a source says it: `where` is for people, begin and end are code points of its text, half-open."""

    source: str
    where: str
    begin: int
    end: int
    iri: str


class Answer(BaseModel):
    """What every answer carries."""

    sources: list[Source] = Field(description="the documents that the answer rests on")
    sparql: str = Field(description="the query that was run; empty where none was")
    not_covered: list[str] = Field(description="what the answer does not say, and must not be taken to say")
    left_out: list[str] = Field(description="what was cut off to keep the answer short, and how to get it")


class Hit(BaseModel):
    """A thing; `how` it was found: exact, alias, printed, prefix, words, text, misprint or near."""

    iri: str
    kind: str
    label: str
    matched: str
    how: str
    about: str
    statements: int
    stated_by: list[str] = Field(description="ids of the sources that state something about it")


class Meaning(BaseModel):
    """What a definite noun means in one section of a source."""

    phrase: str
    section: str
    label: str
    iri: str
    place: Place


class Found(Answer):
    """`ambiguous` has the IRIs that the text means equally well: ask which, never choose."""

    hits: list[Hit]
    ambiguous: list[str]
    meanings: list[Meaning]


class Value(BaseModel):
    """What is said of a thing; `derived` follows from statements: at least one source states it."""

    property: str
    label: str
    value: str
    iri: str | None
    derived: bool


class Statement(BaseModel):
    """What a source states, with the part that the thing has in it."""

    iri: str
    kind: str
    label: str
    roles: list[str]
    progress: str
    places: list[Place]


class Described(Answer):
    iri: str
    label: str
    kinds: list[str]
    matched: str
    values: list[Value]
    statements: list[Statement]
    counts: dict[str, int] = Field(description="how many statements of each kind are about it")
    questions: list[str] = Field(description="packaged questions that take it as a parameter")


class Parameter(BaseModel):
    name: str
    type: str
    about: str
    required: bool


class Packaged(BaseModel):
    """A packaged question; `limits` says what it cannot tell."""

    name: str
    summary: str
    about: str
    limits: list[str]
    parameters: list[Parameter]
    columns: list[str]


class Listed(Answer):
    questions: list[Packaged]


class Row(BaseModel):
    values: dict[str, Cell]
    places: list[Place]


class Near(Row):
    """A row that is no answer; `differs_in` is what it does not hold."""

    differs_in: str


class Receipt(BaseModel):
    """What asking another endpoint took; requests is 0 where its offline twin or kept answers were used."""

    endpoint: str
    values: int = Field(description="rows of the graph that were sent")
    requests: int
    rows: int
    size: int = Field(description="bytes that came")
    seconds: float
    cache_age: float | None = Field(description="age in seconds of the oldest kept answer that was used")
    failed: str | None


class Asked(Answer):
    """An answer to a packaged question; `meant` is how each parameter was understood. `used` is graph, or for a
    question beside Wikidata live (Wikidata was asked) or twin (its offline twin was)."""

    question: str
    summary: str
    meant: dict[str, str]
    answer: Literal["stated", "none stated"]
    rows_found: int
    rows: list[Row]
    explanation: str
    not_stated_by: list[str]
    nearest: list[Near]
    used: Literal["graph", "live", "twin"]
    receipts: list[Receipt]


class Suggestion(BaseModel):
    name: str
    summary: str


class Ran(Answer):
    """The result of a query; ASK has `holds` and no rows, where false means that the graph does not state it."""

    form: str
    columns: list[str]
    rows: list[list[Cell]]
    holds: bool | None
    places: list[Place]
    packaged: list[Suggestion] = Field(description="packaged questions with the same terms: prefer them")


class Passage(BaseModel):
    """`quote` is there only where the server has the text of the source."""

    statement: str
    label: str
    place: Place
    sha256: str
    quote: str | None


class Evidence(Answer):
    passages: list[Passage]


class ClassLine(BaseModel):
    name: str
    things: int
    definition: str


class Schema(Answer):
    """All classes in a line each, or the one that was asked for with its properties in `markdown`."""

    prefixes: dict[str, str]
    classes: list[ClassLine]
    markdown: str
