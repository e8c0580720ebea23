"""A light load, in a process of its own: python load.py < job.json > result.json, or python load.py static PORT.

It speaks only as much HTTP as the answers to short queries need, so that the server and not this is what is measured;
`static` is the server that tells its ceiling: it answers every request with the same bytes.
"""

import json
import math
import re
import select
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LENGTH = re.compile(rb"(?i)(\r\ncontent-length: *)\d")
CLOSE = b"onnection: close\r\n"
END = b"\r\n\r\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"
NUMBER = "@"
GRACE = 5.0
BODY = b'{"head":{"vars":["p","o"]},"results":{"bindings":[' + b" " * 1000 + b"]}}"
STATIC = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)


@dataclass(frozen=True)
class Job:
    """What to send: `requests` one after the other, each NUMBER in them replaced by a number that never comes twice.

    Without `every`, each connection sends the next one when it has its answer; with it, one in so many seconds, and
    the time to an answer counts from when it was due."""

    address: tuple[str, int]
    requests: tuple[str, ...]
    connections: int = 8
    seconds: float = 1.0
    first_number: int = 0
    every: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """`lost` are requests without a complete answer of status 200; latencies in seconds, sorted; `processor` is what
    the generator itself used."""

    answered: int
    lost: int
    seconds: float
    processor: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        return self.answered / self.seconds

    def quantile(self, part: float) -> float:
        if not self.latencies:
            return math.inf
        return self.latencies[min(int(part * len(self.latencies)), len(self.latencies) - 1)]


def begin(job: Job) -> "subprocess.Popen[str]":
    """Start the load in its own process; `end` waits for it."""
    command = [sys.executable, str(Path(__file__)), "job"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert child.stdin is not None
    child.stdin.write(json.dumps(asdict(job)))
    child.stdin.close()
    return child


def end(child: "subprocess.Popen[str]") -> Outcome:
    assert child.stdout is not None
    values = json.loads(child.stdout.read())
    child.stdout.close()
    child.wait()
    return Outcome(**{**values, "latencies": tuple(values["latencies"])})


def run(job: Job) -> Outcome:
    return end(begin(job))


class _Client:
    """The connections of a job, and what came of its requests."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.address = tuple(job["address"])
        self.parts = [tuple(part.encode() for part in text.split(NUMBER)) for text in job["requests"]]
        self.number = job["first_number"]
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.buffers: dict[int, bytes] = {}
        self.begun: dict[int, float] = {}
        self.latencies: list[float] = []
        self.lost = 0
        self.length = b"\r\nContent-Length: "
        for _ in range(job["connections"]):
            self.connect()

    def connect(self) -> int:
        connection = socket.create_connection(self.address, GRACE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # With a time-out, Python would poll before each call: half as fast.
        connection.setblocking(False)
        number = connection.fileno()
        self.sockets[number] = connection
        self.buffers[number] = b""
        self.poll.register(number, select.EPOLLIN)
        return number

    def drop(self, number: int) -> None:
        self.poll.unregister(number)
        self.sockets.pop(number).close()
        del self.buffers[number]

    def send(self, number: int, due: float) -> None:
        self.number += 1
        parts = self.parts[self.number % len(self.parts)]
        self.begun[number] = due
        self.sockets[number].sendall(b"%d".__mod__(self.number).join(parts))

    def receive(self, number: int, now: float) -> int | None:
        """The connection for the next request, once this one's answer is complete; else None."""
        try:
            data = self.sockets[number].recv(65536)
        except OSError:
            data = b""
        if not data:
            return self.broken(number)
        if waiting := self.buffers[number]:
            data = waiting + data
        if not self.complete(data):
            self.buffers[number] = data
            return None
        if waiting:
            self.buffers[number] = b""
        begun = self.begun.pop(number)
        if data.startswith(b"HTTP/1.1 200"):
            self.latencies.append(now - begun)
        else:
            self.lost += 1
        if CLOSE in data and data.find(CLOSE) < data.find(END):
            self.drop(number)
            return self.connect()
        return number

    def broken(self, number: int) -> int:
        """A new connection for one that ended; what was asked on that is lost."""
        self.lost += self.begun.pop(number, None) is not None
        self.drop(number)
        return self.connect()

    def complete(self, data: bytes) -> bool:
        """By length, or by the last chunk: a result in JSON has no raw line end before its own last one."""
        end = data.find(END)
        if end < 0:
            return False
        at = data.find(self.length, 0, end)
        if at >= 0:
            at += len(self.length)
            return len(data) >= end + 4 + int(data[at : data.find(b"\r", at)])
        if found := LENGTH.search(data, 0, end):
            # As this server writes it: to look for it just so is many times faster.
            self.length = found[1]
            return self.complete(data)
        return data.endswith(LAST_CHUNK)


def _work(job: dict[str, Any]) -> Outcome:
    client = _Client(job)
    began = time.perf_counter()
    used = time.process_time()
    (_paced if job["every"] else _closed)(client, job, began)
    seconds = time.perf_counter() - began
    # What is still open at the end of a closed loop is neither answered nor lost.
    lost = client.lost + (len(client.begun) if job["every"] else 0)
    latencies = tuple(sorted(client.latencies))
    return Outcome(len(latencies), lost, seconds, time.process_time() - used, latencies)


def _closed(client: _Client, job: dict[str, Any], began: float) -> None:
    """Every connection always has a request under way. The time of an answer is when its batch of events came."""
    stop = began + job["seconds"]
    for number in tuple(client.sockets):
        client.send(number, time.perf_counter())
    poll, clock = client.poll.poll, time.perf_counter
    while (now := clock()) < stop:
        events = poll(stop - now)
        now = clock()
        for number, _ in events:
            ready = client.receive(number, now)
            if ready is not None:
                client.send(ready, now)


def _paced(client: _Client, job: dict[str, Any], began: float) -> None:
    """Requests become due evenly; one that finds no free connection waits, and its waiting counts."""
    due, stop = began, began + job["seconds"]
    idle = list(client.sockets)
    while (now := time.perf_counter()) < stop or (client.begun and now < stop + GRACE):
        while due <= now and due < stop and idle:
            client.send(idle.pop(0), due)
            due += job["every"]
        for number, _ in client.poll.poll(max(0.0, min(due - now, 0.1)) if idle and due < stop else 0.1):
            asked = number in client.begun
            ready = client.receive(number, time.perf_counter())
            if ready is None:
                continue
            if not asked:
                idle.remove(number)
            idle.append(ready)


def static(port: int) -> None:
    """Answer every request with the same bytes, until the process is ended."""
    listener = socket.create_server(("127.0.0.1", port))
    poll = select.epoll()
    poll.register(listener.fileno(), select.EPOLLIN)
    connections: dict[int, socket.socket] = {}
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[connection.fileno()] = connection
                poll.register(connection.fileno(), select.EPOLLIN)
            elif not _replied(connections[number]):
                poll.unregister(number)
                connections.pop(number).close()


def _replied(connection: socket.socket) -> bool:
    try:
        if connection.recv(65536):
            connection.sendall(STATIC)
            return True
    except OSError:  # the client has gone
        pass
    return False


if __name__ == "__main__":
    if sys.argv[1] == "static":
        static(int(sys.argv[2]))
    else:
        json.dump(asdict(_work(json.load(sys.stdin))), sys.stdout)
