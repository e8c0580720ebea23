"""Whole answers against the tables that people wrote (oracle.py), where tests/expected holds a typed part."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pyoxigraph import Store

from kg.ask.answer import Answer
from kg.ask.questions import ask
from tests.ask.oracle import ANSWERS, MAPPINGS
from tests.tables import table


@cache
def places() -> dict[tuple[str, str], set[tuple[str, str, str]]]:
    """Which locators lead to each passage (begin, end) of the paper."""
    found: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for path in sorted((MAPPINGS / "curated" / "icat-2018").glob("*.tsv")):
        places_of = {row["id"]: row for row in table(MAPPINGS / "records" / "icat-2018" / path.name)}
        for row in table(path) if path.stem != "link_target" else ():
            record = places_of[row["id"]]
            where = (row["section"], row["locator"], row["until"])
            found.setdefault((record["begin"], record["end"]), set()).add(where)
    return found


def cells(answer: Answer, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Each row in these columns; a place stands for the offsets, a number is one."""
    for row in answer.rows:
        values: dict[str, Any] = dict(zip(answer.question.column_names, map(str, row), strict=True))
        if "value" in columns:
            values["value"] = float(values["value"])
        values["place"] = (values.get("begin"), values.get("end"))
        yield tuple(values[column] for column in columns)


def expected(rows: set[tuple[Any, ...]], columns: tuple[str, ...]) -> set[tuple[Any, ...]]:
    if "place" not in columns:
        return rows
    offsets = {where: passage for passage, some in places().items() for where in some}
    return {(*row[:-3], offsets[row[-3:]]) for row in rows}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_whole_answer_is_what_the_tables_say(store: Store, name: str) -> None:
    columns, rows = ANSWERS[name]
    assert set(cells(ask(store, name, {}), columns)) == expected(rows(), columns)
