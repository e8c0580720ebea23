"""The answer to the flagship question comes from the records: each change to a copy of them changes it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pyoxigraph import Store

from kg.ask.answer import Answer
from kg.ask.questions import ask
from kg.graph.build import build, packaged_records
from kg.graph.store import open_store
from kg.record_tables import read, read_all, write
from kg.records import Cooperation, Participation, Record

Change = Callable[[list[Record]], list[Record]]


def participations(records: list[Record]) -> Iterator[Participation]:
    return (record for record in records if isinstance(record, Participation))


def add_ilo(records: list[Record]) -> list[Record]:
    like = next(p for p in participations(records) if p.id == "glo-act-iom")
    return [*records, replace(like, id="planted", organization="ilo", role="implementing_partner")]


def add_ilo_without_unicef(records: list[Record]) -> list[Record]:
    unicef = [p for p in participations(records) if p.organization == "unicef"]
    return [record for record in add_ilo(records) if record not in unicef]


def plan_ilo(records: list[Record]) -> list[Record]:
    like = next(p for p in participations(records) if p.id == "glo-act-iom")
    planned = replace(like, organization="ilo", progress="planned")
    return [*records, replace(planned, id="planted-1", role="planned"), replace(planned, id="planted-2")]


def add_hub_of_undp(records: list[Record]) -> list[Record]:
    like = next(record for record in records if isinstance(record, Cooperation) and record.id == "unhcr-partners")
    return [*records, replace(like, id="planted", cooperators=("undp",), counterparts=("ilo", "unodc"))]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Change], Store]:
    """The graph that the records make after a change to those of the ICAT paper, built once for each change."""
    stores: dict[Change, Store] = {}

    def store(change: Change) -> Store:
        if change not in stores:
            folder = tmp_path_factory.mktemp(change.__name__)
            shutil.copytree(packaged_records(), folder / "records")
            write(folder / "records" / "icat-2018", change(read(folder / "records" / "icat-2018")))
            build(list(read_all(folder / "records").values()), folder / "built")
            stores[change] = open_store(folder / "built")
        return stores[change]

    return store


def flagship(store: Store) -> Answer:
    return ask(store, "programme_partners", {"programme": "GLO.ACT", "organization": "ILO"})


def members(rows: tuple[tuple[str | int, ...], ...], match: str) -> set[str | int]:
    return {row[2] for row in rows if row[0] == match}


def test_records_as_they_are_give_no_answer(store: Store) -> None:
    assert flagship(store).rows == ()


def test_record_of_ilo_on_the_programme_makes_its_partners_answers(changed: Callable[[Change], Store]) -> None:
    found = flagship(changed(add_ilo))
    assert members(found.rows, "both") == {"UNODC", "IOM", "UNICEF"}
    assert {row[0] for row in found.rows} == {"both"}
    assert found.explanation == ""


def test_member_whose_records_go_leaves_the_answer(changed: Callable[[Change], Store]) -> None:
    assert members(flagship(changed(add_ilo_without_unicef)).rows, "both") == {"UNODC", "IOM"}


def test_new_partner_has_partners_of_its_own(changed: Callable[[Change], Store]) -> None:
    found = ask(changed(add_ilo), "programme_partners", {"programme": "GLO.ACT", "organization": "UNICEF"})
    assert members(found.rows, "both") == {"UNODC", "IOM", "ILO"}


def test_plan_makes_no_answer(changed: Callable[[Change], Store]) -> None:
    found = flagship(changed(plan_ilo))
    assert found.rows == ()
    assert found.explanation == (
        "no source names ILO on GLO.ACT; named on it: IOM, UNICEF and UNODC (ICAT members) and EU; "
        "planned on it: ILO; stated to work with ILO elsewhere: UNHCR"
    )


def test_hub_elsewhere_makes_no_answer_and_does_not_join_its_partners(changed: Callable[[Change], Store]) -> None:
    found = flagship(changed(add_hub_of_undp))
    assert found.rows == ()
    assert members(tuple(one.row.values for one in found.nearest), "programme_only") == {"UNODC", "IOM", "UNICEF"}
    assert members(tuple(one.row.values for one in found.nearest), "organization_only") == {"UNHCR", "UNDP"}
