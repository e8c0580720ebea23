"""Whose turn it is, where more is asked than there are workers for."""

import asyncio
import io
from types import SimpleNamespace
from typing import cast

import pytest

from kg.gateway.connection import Connection
from kg.gateway.frames import Request
from kg.gateway.gateway import Gateway
from kg.gateway.job import Job
from kg.gateway.limits import Limits
from kg.gateway.pool import Pool
from kg.gateway.turns import Turns, client_of
from kg.gateway.watcher import Watcher
from tests.gateway.test_channel import Reply


def request(address: str, *headers: tuple[bytes, bytes]) -> Request:
    return Request(b"GET", b"/", b"/", b"", headers, b"", (address, 1), None)


def job(client: str, *, started: float = 0.0) -> Job:
    made = Job(request(client), Reply(), client=client, seconds=30, since=0)
    made.started = started
    return made


def queue(*clients: str) -> Turns:
    turns = Turns()
    for client in clients:
        turns.add(job(client))
    return turns


def order(turns: Turns, at_work: list[Job]) -> str:
    return "".join(turns.next(at_work).client for _ in range(len(turns)))


def test_one_client_is_answered_in_order() -> None:
    turns, jobs = Turns(), [job("a") for _ in range(3)]
    for one in jobs:
        turns.add(one)
    assert [turns.next([]) for _ in jobs] == jobs


def test_next_is_who_has_least_at_work() -> None:
    assert order(queue("a", "a", "b", "a", "c"), [job("a"), job("a"), job("b")]) == "cbaaa"


def test_who_has_waited_longest_is_first_among_equals() -> None:
    assert order(queue("b", "a", "c"), []) == "bac"


def test_who_has_most_in_a_full_queue_gives_way() -> None:
    turns = queue("a", "b", "a", "a")
    last = list(turns)[-1]
    assert turns.give_way(job("c")) is last
    assert [one.client for one in turns] == ["a", "b", "a"]


def test_nobody_gives_way_to_who_has_as_much() -> None:
    assert queue("a", "a", "b").give_way(job("a")) is None
    assert queue("a", "b").give_way(job("c")) is None


def test_who_runs_longest_beyond_the_share_is_the_greediest() -> None:
    at_work = [job("a", started=3), job("b", started=1), job("c", started=2)]
    assert queue("d").greediest(at_work, 12.5, 10) is at_work[1]
    assert queue("d").greediest(at_work, 10.9, 10) is None


def test_share_is_divided_among_what_a_client_has_at_work() -> None:
    at_work = [job("a", started=0), *(job("b", started=5) for _ in range(5))]
    assert queue("c").greediest(at_work, 8, 10) is at_work[1]
    assert queue("c").greediest(at_work, 6.9, 10) is None


def test_client_does_not_push_its_own_aside() -> None:
    at_work = [job("a", started=0), job("a", started=5), job("b", started=5)]
    assert queue("a").greediest(at_work, 9, 10) is None
    assert queue("b").greediest(at_work, 9, 10) is at_work[0]


def test_who_is_alone_has_the_whole_share() -> None:
    at_work = [job("a", started=0) for _ in range(32)]
    assert queue("a").greediest(at_work, 9.9, 10) is None
    assert queue("a").greediest(at_work, 10.1, 10) is not None


def test_client_is_an_address_or_a_network_of_ipv6() -> None:
    assert client_of(request("192.0.2.1")) == "192.0.2.1"
    assert client_of(request("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2"


def test_client_behind_a_proxy_is_the_one_it_names_last() -> None:
    forwarded = request("127.0.0.1", (b"x-forwarded-for", b"192.0.2.9, 192.0.2.1"))
    assert client_of(forwarded) == "192.0.2.1"


@pytest.mark.parametrize(("trusting", "client"), [(False, "192.0.2.7"), (True, "192.0.2.1")])
def test_what_a_proxy_names_is_believed_only_where_it_is_trusted(*, trusting: bool, client: str) -> None:
    async def main() -> list[Job]:
        jobs: list[Job] = []
        limits = Limits()
        gateway = Gateway(limits, Watcher(limits, lambda: 0.0, io.StringIO()), trust_proxy=trusting)
        gateway.pool = cast("Pool", SimpleNamespace(alive=True, submit=jobs.append, tidy=lambda: None))
        connection = Connection(gateway)
        connection.address = "192.0.2.7"
        gateway.answer(request("192.0.2.7", (b"x-forwarded-for", b"192.0.2.9, 192.0.2.1")), connection)
        return jobs

    assert [job.client for job in asyncio.run(main())] == [client]
