"""What is made in a thread of its own comes back as it is, and the thread is gone."""

import threading

import pytest

from kg.apart import apart


def test_result_is_the_one_of_another_thread() -> None:
    assert apart(threading.get_ident) != threading.get_ident()


def test_thread_has_ended() -> None:
    # A process with a second thread must not be forked.
    thread = apart(threading.current_thread)
    assert not thread.is_alive()


@pytest.mark.parametrize("error", [ValueError("planted"), MemoryError(), SystemExit(3)])
def test_what_is_raised_comes_back(error: BaseException) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        apart(fail)
    assert raised.value is error
