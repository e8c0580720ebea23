"""A packaged question as the pages show it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload


@dataclass(frozen=True)
class QuestionCard:
    """`summary` is the question in plain English; `example_query` is SPARQL that runs as it stands."""

    name: str
    summary: str
    parameters: tuple[str, ...]
    example_query: str


class CardsOnDemand(Sequence[QuestionCard]):
    """Cards that are made when the first of them is looked at."""

    def __init__(self, make: Callable[[], Sequence[QuestionCard]]) -> None:
        self._make = make

    @cached_property
    def _cards(self) -> Sequence[QuestionCard]:
        return self._make()

    @overload
    def __getitem__(self, place: int) -> QuestionCard: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[QuestionCard]: ...
    def __getitem__(self, place: int | slice) -> QuestionCard | Sequence[QuestionCard]:
        return self._cards[place]

    def __len__(self) -> int:
        return len(self._cards)

    def __iter__(self) -> Iterator[QuestionCard]:
        return iter(self._cards)
