"""docs/data-quality.md: the template docs/data-quality.in.md with numbers and tables from a built graph."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pyoxigraph import Store

from kg.ask.questions import ask
from kg.graph.checks import packaged_checks

DOCS = Path(__file__).parent
MARK = "<!-- Made by `make docs` from data-quality.in.md, data-quality-reading.md and the graph. Edit those. -->\n\n"
Row = dict[str, str]


def page(store: Store) -> str:
    """The page, from the graph of this store."""
    template = (DOCS / "data-quality.in.md").read_text(encoding="utf-8")
    reading = (DOCS / "data-quality-reading.md").read_text(encoding="utf-8")
    measured = _rows(store, "quality_measurements")
    counts = [row for row in measured if row["metric"] == "statements"]
    sources = _rows(store, "sources")
    for mark, text in {
        "editions": _listed(sorted({row["edition"] for row in sources})),
        "statements": str(sum(int(row["value"]) for row in counts)),
        "sources": _sources(sources, counts),
        "kinds": _kinds(counts),
        "reading": reading.strip(),
        "checks": str(sum(bool(check.query) for check in packaged_checks())),
        "check_table": _checks(store),
        "evidence": _measured(measured, "evidence", "source", "measured_on"),
        "identifiers": _measured(measured, "external identifiers", "class", "category"),
        "severities": _measured(measured, "findings", "severity", "category"),
        "findings": _findings(store),
    }.items():
        template = template.replace(f"{{{mark}}}", text)
    return MARK + template


def _rows(store: Store, question: str) -> list[Row]:
    answer = ask(store, question, {})
    return [dict(zip(answer.question.column_names, map(str, row), strict=True)) for row in answer.rows]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(f"| {line} |" for line in lines)


def _sources(sources: list[Row], counts: list[Row]) -> str:
    totals = {row["source"]: 0 for row in sources}
    for row in counts:
        totals[row["measured_on"]] += int(row["value"])
    rows = [(row["source"], row["title"], row["publisher"], str(totals[row["source"]])) for row in sources]
    return _table(("source", "document", "publisher", "statements"), rows)


def _kinds(counts: list[Row]) -> str:
    sources = sorted({row["measured_on"] for row in counts})
    kinds = sorted({row["category"] for row in counts})
    number = {(row["category"], row["measured_on"]): row["value"] for row in counts}
    rows = [(kind, *(number.get((kind, source), "") for source in sources)) for kind in kinds]
    return _table(("kind", *sources), rows)


def _checks(store: Store) -> str:
    rows = [(r["check"], r["severity"], r["findings"], r["question"]) for r in _rows(store, "quality_checks")]
    return _table(("check", "usual severity", "findings", "question"), rows)


def _measured(measured: list[Row], metric: str, head: str, column: str) -> str:
    """A count for findings, a share in percent for all else."""
    rows = [(row[column], row["value"]) for row in measured if row["metric"] == metric]
    if metric == "findings":
        return _table((head, metric), rows)
    return _table((head, "share"), [(name, f"{float(value):.1%}") for name, value in rows])


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _findings(store: Store) -> str:
    """A list for each source, in the order of its statements; each finding once, with the checks that report it."""
    found = sorted(_rows(store, "quality_findings"), key=lambda row: (row["source"], row["where"], row["explanation"]))
    parts: list[str] = []
    for source, same in groupby(found, key=lambda row: row["source"]):
        parts.append("\n".join([f"### {source or 'things'}", "", *_items(same)]))
    return "\n\n".join(parts)


def _items(rows: Iterable[Row]) -> Iterator[str]:
    for _, same in groupby(rows, key=lambda row: (row["where"], row["statement"], row["explanation"])):
        group = list(same)
        first = next((row for row in group if row["check"] == "reading"), group[0])
        checks = ", ".join(row["check"] for row in group)
        yield f"- {_where(first)}: {first['explanation']} *({first['severity']}; {checks})*"


def _where(row: Row) -> str:
    """Where it stands and what is said there: as printed, or as the outside source has it."""
    where = row["where"].partition(", search for:")[0] or row["finding"]
    if row["outside_source"]:
        return f"{where}; {row['outside_source']}: {row['value']}"
    return f"{where}, **{row['value']}**" if row["check"] == "reading" else where
