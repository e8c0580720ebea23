"""Memory that nothing else gets into."""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
# Not everywhere may a thread go as deep as a process; only what is used of it takes memory.
_STACK: Final = 64 * 1024 * 1024


def apart(make: Callable[[], T]) -> T:
    """What `make` returns or raises, called in a thread of its own, which has ended then.

    The allocator of glibc gives each thread an arena: what is made here lies close together, and what is taken later by
    others does too, not in the holes that reading has left. A query is up to a tenth faster so."""
    made: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            made.append(make())
        except BaseException as error:
            failed.append(error)

    before = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if failed:
        raise failed[0]
    return made[0]
