"""Editions of the report that come as a PDF flow: what their reader has to know of the series, and its tables."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kg.mappings import matter, names
from kg.mappings.reading import Reading
from kg.mappings.row import NOT_APPLICABLE, belongs, find
from kg.read import pdfflow
from kg.read.hints import Caption, Hints
from kg.read.tabbed import Line, Table, is_heading

# The reader's kinds of table: rows of a name and marks, rows known by captions, columns below each other, terms.
KINDS: Final = {"conventions": "marks", "peacekeeping": "captions", "multilateral": "columns", "glossary": "terms"}
# Where columns are lost, the rows of organizations can be told apart for certain only in an edition that people have
# read and given settings. In any other they are left, and so is what else cannot be told apart, but for the chart.
CERTAIN: Final = frozenset({"marks", "captions", "terms"})
WHOLE: Final = frozenset({"marks"})
COLUMNS: Final = {"links": "links", "framework": "titles", "focal_point": "posts"}


def read(reading: Reading, series: dict[str, Any]) -> tuple[dict[str, list[Table]], tuple[Line, ...]]:
    """The tables by their kind, and the other lines. Raises SourceError for what cannot be told apart."""
    known = hints(series)
    flow = pdfflow.read(reading.text, known if reading.strict else replace(known, read=CERTAIN, whole=WHOLE))
    for left in flow.unread:
        title = next(series["tables"][ours] for ours, theirs in KINDS.items() if theirs == left.kind)
        reading.warn(f"the {title} is not read, as {reading.source} has no settings: {left.why}", left.at)
    tables: dict[str, list[Table]] = {}
    for kind, table in flow.tables:
        ours = next(ours for ours, theirs in KINDS.items() if theirs == kind)
        tables.setdefault(ours, []).append(table)
        reading.sections.append((table.rows[0].span.begin, table.heading or series["tables"][ours]))
        reading.apart += [(table.rows[0].span, "heading")] if ours != "glossary" else []
    reading.apart += [(part.span, part.reason) for part in flow.apart]
    for line in flow.lines:
        reading.apart.append((line.span, _reason(line, series["headings"])))
        reading.sections += [(line.span.begin, line.text)] if is_heading(line.text) else []
    return tables, flow.lines


def _reason(line: Line, headings: Mapping[str, str]) -> str:
    """Why a line outside of tables states nothing. Prose that stands under the heading of a list of people is none."""
    if is_heading(line.text):
        return "heading"
    if headings["credits"] in line.heading.lower():
        return "credit"
    return "staff" if headings["staff"] in line.heading.lower() and matter.is_person(line.text) else "essay"


def hints(series: dict[str, Any]) -> Hints:
    """What the shared tables and the TOML of the series tell of names, captions and headings."""
    shared = [set(keys) for keys in series["flow"]["shared_rows"]]
    return Hints(
        is_name=names.is_state,
        is_caption=lambda printed: names.instrument(printed) is not None,
        organization=_organization,
        is_post=_is_post,
        belongs=belongs,
        shares=lambda key, row: {key, row} in shared,
        is_term=lambda printed: names.organization(printed) is not None or names.instrument(printed) is not None,
        headings={KINDS.get(kind, kind): words for kind, words in series["headings"].items()},
        columns={COLUMNS[column]: words for column, words in series["columns"].items() if column in COLUMNS},
        captions=tuple(Caption(str(row["caption"]), _begins(row)) for row in series["peacekeeping"]),
        nothing=frozenset(f"{phrase}{stop}" for phrase in NOT_APPLICABLE for stop in ("", ".")),
        after=tuple(series["flow"]["after"]),
    )


def _begins(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(phrase for phrase in (*row.get("begins", ()), row.get("none_reported", "")) if phrase)


def _organization(label: str) -> str | None:
    """An organization; posts, units and groups are listed by one."""
    key = find(label)
    return key if key and names.kind_of_organization(key) == "organization" else None


def _is_post(printed: str, row: str) -> bool:
    key = names.organization(re.sub(r"\s*\([^()]+\)$", "", printed), row=row)
    return key is not None and names.kind_of_organization(key) == "body"
