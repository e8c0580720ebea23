"""Answers on their way out: whole where they are short, the first block at once where they are not."""

from types import SimpleNamespace

import pytest
from starlette.types import Message

from kg.serve.boundary import TransferBroken
from kg.serve.now import respond
from kg.serve.problem import Problem
from kg.serve.push import CHUNK, Headers, Pushed
from kg.serve.write import Output

BLOCK = b"x" * 8192
HEADERS = Headers(((b"content-type", b"text/csv"),))
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]}


def blocks(count: int) -> Pushed:
    def write(output: Output) -> None:
        for _ in range(count):
            output.write(BLOCK)
        output.flush()

    return Pushed(write, HEADERS)


def failing(after: int) -> Pushed:
    def write(output: Output) -> None:
        for _ in range(after):
            output.write(BLOCK)
        raise Problem(400, "No", "it cannot be")

    return Pushed(write, HEADERS)


def sent(answer: Pushed, method: str = "GET") -> list[Message]:
    messages: list[Message] = []
    respond(answer, {"type": "http", "method": method}, b"", messages.append)
    return messages


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_short_answer_is_one_message_with_its_length(count: int, method: str) -> None:
    start, *bodies = sent(blocks(count), method)
    assert start["headers"] == [(b"content-type", b"text/csv"), (b"content-length", str(count * 8192).encode())]
    assert bodies == [{"type": "http.response.body", "body": BLOCK * count, "more_body": False}]


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block comes when the time in which blocks are held has passed."""
    monkeypatch.setattr("kg.serve.push._AT_MOST", 0.0)


@pytest.mark.usefixtures("late")
def test_first_block_of_a_slow_answer_leaves_before_the_third_is_made() -> None:
    messages: list[Message] = []

    def write(output: Output) -> None:
        output.write(BLOCK)
        assert messages == []
        output.write(BLOCK)
        assert messages == [START, {"type": "http.response.body", "body": BLOCK, "more_body": True}]

    respond(Pushed(write, HEADERS), {"type": "http", "method": "GET"}, b"", messages.append)


def test_time_begins_with_the_first_block(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([100.0, 100.02])
    monkeypatch.setattr("kg.serve.push.time", SimpleNamespace(monotonic=lambda: next(moments)))
    _, *bodies = sent(blocks(2))
    assert [len(message["body"]) for message in bodies] == [8192, 8192]


@pytest.mark.parametrize("count", [2, CHUNK // 8192])
def test_blocks_that_come_at_once_are_one_message_with_its_length(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("kg.serve.push._AT_MOST", 60.0)
    start, *bodies = sent(blocks(count))
    assert start["headers"] == [(b"content-type", b"text/csv"), (b"content-length", str(count * 8192).encode())]
    assert bodies == [{"type": "http.response.body", "body": BLOCK * count, "more_body": False}]


def test_long_answer_leaves_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.push._AT_MOST", 60.0)
    start, *bodies = sent(blocks(20))
    assert start == START
    assert [len(message["body"]) for message in bodies] == [CHUNK, CHUNK, 20 * 8192 - 2 * CHUNK]
    assert [message["more_body"] for message in bodies] == [True, True, False]


def test_head_ends_the_writing_with_the_second_block() -> None:
    written = 0

    def write(output: Output) -> None:
        nonlocal written
        for _ in range(9):
            output.write(BLOCK)
            written += 1

    start, *bodies = sent(Pushed(write, HEADERS), "HEAD")
    assert (start, written, [message["more_body"] for message in bodies]) == (START, 1, [True, False])


@pytest.mark.parametrize("after", [0, 1])
def test_problem_before_anything_is_sent_is_still_one(after: int) -> None:
    with pytest.raises(Problem, match="it cannot be"):
        sent(failing(after))


@pytest.mark.usefixtures("late")
def test_problem_in_the_midst_breaks_the_transfer() -> None:
    with pytest.raises(TransferBroken, match="it cannot be"):
        sent(failing(2))
