"""Editions that nobody has printed, in the tabbed layout: read exactly as they were made up, or refused with the line.

`--editions N` tries the first N seeds (default 40). A failure prints its seed and what differs; to see the text:
python -c "from tests.editions.edition import edition; print(edition(SEED).tabbed())"
"""

import re
from pathlib import Path

import pytest

from kg.mappings.extract import ExtractError, Extraction, extract
from tests.editions import answers
from tests.editions.edition import edition
from tests.editions.model import StateRow
from tests.editions.spoiled import FAULTS, spoil

EDITION = "tip-2041"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--editions")))


def read(folder: Path, text: str) -> Extraction:
    path = folder / "edition.txt"
    path.write_bytes(text.encode())
    return extract(EDITION, path)


def test_edition_is_read_as_it_was_made_up(seed: int, tmp_path: Path) -> None:
    made = edition(seed)
    text = made.tabbed()
    found = read(tmp_path, text).records
    differs = answers.differences(answers.of(found), made.expected())
    differs += answers.faults_of_passages(text, found)
    assert not differs, f"seed {seed}:\n" + "\n".join(differs)


def test_spoiled_edition_is_refused_with_the_line(seed: int, tmp_path: Path) -> None:
    fault = list(FAULTS)[seed % len(FAULTS)]
    spoiled = spoil(seed, fault)
    with pytest.raises(ExtractError) as refused:
        read(tmp_path, spoiled.text)
    message = str(refused.value)
    line = re.search(r"edition\.txt:(\d+): ", message)
    where = f"seed {seed}, {fault}: {message}"
    assert line is not None, where
    assert int(line[1]) in spoiled.lines, f"{where}\nwanted line {sorted(spoiled.lines)}"
    assert spoiled.words in message, where


def test_wrong_cell_and_wrong_focal_point_are_seen(tmp_path: Path) -> None:
    made = next(e for e in map(edition, range(100)) if e.chart and e.rows and e.rows[0].focals)
    wanted, found = made.expected(), answers.of(read(tmp_path, made.tabbed()).records)
    wrong = found.ratifications[0]._replace(year="1815")
    other = found.focal_points[0]._replace(organization="un")
    found.ratifications[0], found.focal_points[0] = wrong, other
    lines = answers.differences(found, wanted)
    assert [line for line in lines if line.startswith("+")] == [f"+ ratifications {wrong}", f"+ focal_points {other}"]


def test_editions_differ_from_seed_to_seed_and_are_the_same_for_a_seed() -> None:
    assert edition(1).tabbed() == edition(1).tabbed()
    assert len({edition(seed).tabbed() for seed in range(20)}) == 20


def test_flow_prints_every_row_of_the_chart_cell_after_cell(seed: int) -> None:
    made = edition(seed, columns_lost=True)
    flow = "".join(made.flow().split())
    rows = made.chart.rows if made.chart else ()
    assert [row.name for row in rows if "".join(_printed(row).split()) not in flow] == []


def _printed(row: StateRow) -> str:
    return row.name + "".join(cell.printed + cell.mark for cell in row.cells)
