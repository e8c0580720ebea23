"""A packaged question as the pages show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionCard:
    """`summary` is the question in plain English; `example_query` is SPARQL that runs as it stands."""

    name: str
    summary: str
    parameters: tuple[str, ...]
    example_query: str
