"""The command that accounts for every line of the sources: coverage."""

import sys
from pathlib import Path

import click

from kg.cli.options import FORM, RECORDS, SOURCES, echo_rows, sources_here
from kg.records import Coverage, Record


@click.command()
@click.argument("source", required=False)
@SOURCES
@RECORDS
@FORM
def coverage(source: str | None, sources: Path | None, records: Path | None, form: str) -> None:
    """Account for every line: mapped, left out for a reason, or unaccounted (exit 1)."""
    from kg.graph.build import packaged_records
    from kg.record_tables import read_all

    read = read_all(records or packaged_records())
    given = sources or sources_here()
    if given:
        read |= _again(given)
    if source is not None and source not in read:
        raise click.UsageError(f"no source is called {source!r} (known: {', '.join(read)})")
    rows = [row for key in sorted(read) if source in (None, key) for row in _rows(key, read[key])]
    echo_rows(("source", "section", "lines", "mapped", "reasons", "unaccounted"), rows, form)
    lost = sum(int(row[5]) for row in rows if row[1] == "all")
    if lost:
        click.echo(f"{lost} lines are unaccounted for", err=True)
        sys.exit(1)


def _again(folder: Path) -> dict[str, list[Record]]:
    from kg.mappings.extract import extract, texts_in

    found = {key: list(extract(key, path).records) for key, path in texts_in(folder).items()}
    return {key: records for key, records in found.items() if records}


def _rows(source: str, records: list[Record]) -> list[tuple[str | int, ...]]:
    """The whole source first, then its sections in order."""
    stretches = [record for record in records if isinstance(record, Coverage)]
    sections = list(dict.fromkeys(stretch.section for stretch in stretches))
    rows = [_row(source, "all", stretches)]
    return [*rows, *(_row(source, name, [s for s in stretches if s.section == name]) for name in sections)]


def _row(source: str, section: str, stretches: list[Coverage]) -> tuple[str | int, ...]:
    counts: dict[str, int] = {}
    for stretch in stretches:
        counts[stretch.reason] = counts.get(stretch.reason, 0) + stretch.lines
    mapped, lost = counts.pop("mapped", 0), counts.pop("unaccounted", 0)
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))
    return source, section, sum(s.lines for s in stretches), mapped, reasons, lost
