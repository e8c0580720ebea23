"""The socket to listen on."""

import errno
import socket

import pytest

from kg.gateway.listen import ListenError, bind, is_loopback


def test_taken_port_is_answered_with_the_next_free_one() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] <= port + 20


def test_unknown_host_is_named() -> None:
    with pytest.raises(ListenError, match=r"^'host.invalid' is no address to listen on: .+"):
        bind("host.invalid", 7878)


def test_host_of_another_machine_is_named() -> None:
    with pytest.raises(ListenError, match=r"^port 7878 of 192\.0\.2\.1 cannot be listened on: .+ give another --host$"):
        bind("192.0.2.1", 7878)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (
            errno.EACCES,
            "port 80 of 127.0.0.1 cannot be listened on: no; ports below 1024 are for the system: give another --port",
        ),
        (errno.EADDRINUSE, "ports 80 to 100 of 127.0.0.1 are all taken: give another --port"),
    ],
)
def test_port_that_cannot_be_had_is_named(monkeypatch: pytest.MonkeyPatch, number: int, message: str) -> None:
    def bind_by_the_system(listener: socket.socket, address: tuple[str, int]) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(socket.socket, "bind", bind_by_the_system)
    with pytest.raises(ListenError) as caught:
        bind("127.0.0.1", 80)
    assert str(caught.value) == message


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_loopback_is_told_from_other_addresses(host: str, loopback: bool) -> None:
    with bind(host, 0) as listener:
        assert is_loopback(listener) is loopback
