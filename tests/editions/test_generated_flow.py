"""Editions that nobody has printed, as a PDF text flow: read exactly as they were made up, or refused with the line.

A flow loses its columns: of an edition without settings of its own the rows of organizations are left, and so is a
peacekeeping table or glossary that cannot be decided, each with a warning. Some charts cannot be decided, which refuses
the edition; what is read has no wrong cell.
`--editions N` tries the first N seeds. To see the text:
python -c "from tests.editions.edition import edition; print(edition(SEED, columns_lost=True).flow())"
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kg.mappings.extract import ExtractError, Extraction, extract
from tests.editions import answers
from tests.editions.edition import edition
from tests.editions.spoiled_flow import FAULTS, spoil

EDITION = "tip-2041"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--editions")))


def read(folder: Path, text: str) -> Extraction:
    path = folder / "edition.txt"
    path.write_bytes(text.encode())
    return extract(EDITION, path)


def read_or_refuse(folder: Path, text: str) -> Extraction | None:
    """None if the text is refused; the refusal names a line."""
    try:
        return read(folder, text)
    except ExtractError as refused:
        line_of(refused)
        return None


def line_of(refused: ExtractError) -> int:
    """The line that a refusal names."""
    line = re.search(r"edition\.txt:(\d+): ", str(refused))
    assert line is not None, f"no line in: {refused}"
    return int(line[1])


def is_left(found: Extraction, table: str) -> bool:
    """Whether a warning says that this table is not read."""
    return any(f"the {table} is not read" in warning for warning in found.warnings)


def test_flow_is_read_as_it_was_made_up_or_refused_with_the_line(seed: int, tmp_path: Path) -> None:
    made = edition(seed, columns_lost=True)
    text = made.flow()
    found = read_or_refuse(tmp_path, text)
    if found is None:
        return
    wanted = replace(
        made,
        missions=None if is_left(found, "peacekeeping table") else made.missions,
        rows=(),
        frame=replace(made.frame, glossary=()) if made.frame and is_left(found, "glossary") else made.frame,
    )
    differs = answers.differences(answers.of(found.records), wanted.expected())
    differs += answers.faults_of_passages(text, found.records)
    assert not differs, f"seed {seed}:\n" + "\n".join(differs)


def test_most_charts_of_flows_are_read_to_the_last_cell(tmp_path: Path) -> None:
    """No cell of them is empty, so that a reader has few reasons to refuse one."""
    drawn = [edition(seed, columns_lost=True) for seed in range(40)]
    charts = [replace(made, missions=None, rows=(), frame=None) for made in drawn if made.chart]
    found = [(made, read_or_refuse(tmp_path, made.flow())) for made in charts]
    whole = [(made, answers.of(extraction.records)) for made, extraction in found if extraction]
    assert [made.seed for made, given in whole if answers.differences(given, made.expected())] == []
    assert len(whole) >= 0.9 * len(charts)


def test_glossaries_and_a_third_of_the_peacekeeping_tables_of_flows_are_read(tmp_path: Path) -> None:
    drawn = [edition(seed, columns_lost=True) for seed in range(40)]
    found = [(made, read_or_refuse(tmp_path, made.flow())) for made in drawn if made.chart]
    assert [made.seed for made, done in found if done and is_left(done, "glossary")] == []
    missions = [done is not None and not is_left(done, "peacekeeping table") for made, done in found if made.missions]
    assert sum(missions) >= len(missions) / 3


def test_spoiled_flow_is_refused_with_the_line(seed: int, tmp_path: Path) -> None:
    fault = FAULTS[seed % len(FAULTS)]
    spoiled = spoil(seed, fault)
    with pytest.raises(ExtractError) as refused:
        read(tmp_path, replace(spoiled.edition, missions=None, rows=(), frame=None).flow())
    where = f"seed {seed}, {fault}: {refused.value}"
    assert spoiled.first <= line_of(refused.value) <= spoiled.last, where
