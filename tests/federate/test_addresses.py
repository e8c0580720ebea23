"""A name that means an address of the server's own network is not connected to, whatever it says later."""

import ipaddress
import socket
import threading
import time
from typing import Any

import httpcore
import pytest

from kg.federate.addresses import ForbiddenAddressError, addresses, is_public
from kg.federate.allowed import Allowed, Budget
from kg.federate.answers import RemoteFailed
from kg.federate.remote import Remote
from tests.federate.conftest import StandIn


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "::127.0.0.1"),
    ],
)
def test_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "91.198.174.192", "2620:0:862:ed1a::1", "64:ff9b::1.1.1.1"])
def test_address_of_the_public_network_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def names(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Each name means these addresses."""

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_name_means_its_public_addresses_only(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "10.0.0.1", "1.1.1.1", "::1")
    assert addresses("data.example", 80, 5) == ["1.1.1.1"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_name_with_addresses_inside_only_is_forbidden(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, address)
    with pytest.raises(ForbiddenAddressError, match="which is none of the public network"):
        addresses("data.example", 80, 5)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.0.0.1", "0"])
def test_other_spelling_of_an_address_inside_is_forbidden(host: str) -> None:
    with pytest.raises((ForbiddenAddressError, httpcore.ConnectError)):
        addresses(host, 80, 5)


def test_address_that_the_list_itself_spells_out_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    assert addresses("127.0.0.1", 80, 5) == ["127.0.0.1"]
    assert set(addresses("localhost", 80, 5)) <= {"127.0.0.1", "::1"}
    names(monkeypatch, "10.0.0.1")
    with pytest.raises(ForbiddenAddressError):
        addresses("localhost", 80, 5)


def test_public_name_of_an_address_inside_is_not_called(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    url = stand_in.url.replace("127.0.0.1", "data.example")
    names(monkeypatch, "127.0.0.1")
    with Remote(Allowed((url,)), Budget()) as remote, pytest.raises(RemoteFailed, match="has the address") as caught:
        remote(url, "SELECT ?x {}", 10)
    assert caught.value.status == 502
    assert stand_in.queries == []


def test_connection_goes_to_the_address_that_was_checked(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look at the name would find another address: there is none."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *arguments: Any, **named: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "localhost" else host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    url = stand_in.url.replace("127.0.0.1", "localhost")
    with Remote(Allowed((url,)), Budget()) as remote:
        assert len(remote(url, "SELECT ?x { VALUES ?x { 1 } }", 10).rows) == 1
    assert asked == ["localhost", "127.0.0.1"]


def test_name_that_is_looked_up_for_ever_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    began = time.monotonic()
    with Remote(Allowed(("http://data.example/",)), Budget(seconds=0.2)) as remote:
        with pytest.raises(RemoteFailed, match="did not answer in the time") as caught:
            remote("http://data.example/", "ASK {}", 1)
        over.set()
    assert (caught.value.status, time.monotonic() - began < 10) == (504, True)


def test_address_that_is_spelled_out_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "1.1.1.1")
    assert addresses("127.0.0.1", 80, 5) == ["127.0.0.1"]
    assert addresses("::1", 80, 5) == ["::1"]


def test_look_up_needs_no_wide_stack() -> None:
    """A worker may have little memory, and its own stack is of 64 MiB."""
    before = threading.stack_size()
    assert set(addresses("localhost", 80, 5)) <= {"127.0.0.1", "::1"}
    assert threading.stack_size() == before
