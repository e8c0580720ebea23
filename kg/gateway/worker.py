"""A worker: takes one request at a time off its socket and answers it, until the gateway hangs up or kills it."""

import contextlib
import gc
import json
import logging
import os
import resource
import signal
import socket
import time
from functools import lru_cache
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

from kg.gateway.frames import BEGIN, BROKEN, END, FAILED, FRAME, LENGTH, PIECE, READY, WHOLE, Head, Request, unpacked
from kg.serve.direct import Direct
from kg.serve.endpoint import PROBLEM
from kg.serve.now import respond
from kg.serve.push import Fields, Headers

KEEP: Final = b"tipkg-cacheable"
_END: Final = FRAME.pack(END, 0)
_LENGTH: Final = b"content-length"
_NO_BODY: Final = frozenset({204, 304})
# Larger pieces would be mapped anew for each request.
_RECEIVED: Final = 16 * 1024
_COLLECTED_AFTER: Final = 200
_A_PAGE: Final = 20
# The engine recurses: a stack of this size holds whatever passes the guard many times over.
_STACK: Final = 64 * 1024 * 1024


def bound(most_bytes: int) -> None:
    """Let this process have no more memory than it has now and so many bytes, and let it be the first to go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + most_bytes, resource.RLIM_INFINITY))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with contextlib.suppress(OSError, AttributeError):
        # It begins when who has woken it has nothing more to do: being switched to at once, and back, costs both.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def widen_stack() -> None:
    """For this process and those forked from it: what one may use is looked up while the stack grows (Linux)."""
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = _STACK if most == resource.RLIM_INFINITY else min(_STACK, most)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, most))


def work(channel: socket.socket, app: ASGIApp) -> None:
    """Returns when the gateway has hung up."""
    channel.sendall(FRAME.pack(READY, 0))
    answered = 0
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while (content := _content(channel)) is not None:
            request = unpacked(content)
            _Lines.query_id = request.id
            # Pages leave more behind than queries.
            answered += 1 if _answer(channel, app, request) else _A_PAGE
            if answered >= _COLLECTED_AFTER:
                answered = 0
                gc.collect()  # which `run` has switched off while there is something to answer


def _content(channel: socket.socket) -> bytes | None:
    """Of the next request; the gateway sends none before this one is answered, so that nothing else can follow it."""
    data = channel.recv(_RECEIVED)
    while data and len(data) < LENGTH.size:
        data += (more := channel.recv(_RECEIVED))
        if not more:
            return None
    if not data:
        return None
    size = LENGTH.size + LENGTH.unpack_from(data)[0]
    if len(data) == size:
        return data[LENGTH.size :]
    parts = bytearray(data)
    while len(parts) < size:
        data = channel.recv(min(size - len(parts), _RECEIVED))
        if not data:
            return None
        parts += data
    return bytes(parts[LENGTH.size :])


def _answer(channel: socket.socket, app: ASGIApp, request: Request) -> bool:
    """Whether it went the short way."""
    answer = _Answer(channel)
    direct: Direct | None = getattr(app, "direct", None)
    try:
        line = request.method, request.path, request.query
        told = direct is not None and direct.answer(line, request.headers, request.body, answer.emit)
        if told is not True:
            scope = _scope(request)
            if told:
                scope[PROBLEM] = told
            respond(app, scope, request.body, answer.send)
    except OSError:
        raise
    except Exception:  # whatever it was, the log has it (kg.serve.boundary); the gateway cuts the connection
        answer.break_off()
        return False
    answer.close()
    return told is True


def _scope(request: Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method.decode("ascii"),
        "scheme": "http",
        "path": unquote(request.path.decode("ascii")),
        "raw_path": request.path,
        "query_string": request.query,
        "root_path": "",
        "headers": list(request.headers),
        "client": request.client,
        "server": request.server,
    }


class _Answer:
    """ASGI messages in, frames out: one frame for an answer that is whole at once, several for one that streams."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._start: Message | None = None
        self._begun = self._ended = False

    def send(self, message: Message) -> None:
        """A message of ASGI; the head goes out with the first piece of the body."""
        if message["type"] == "http.response.start":
            if not self._begun:
                self._start = message
            return
        start, self._start = self._start, None
        body, more = message.get("body", b""), message.get("more_body", False)
        status, headers = (start["status"], tuple(start["headers"])) if start is not None else (200, None)
        if headers is not None and not more and not any(name == _LENGTH for name, _ in headers):
            headers = (*headers, (_LENGTH, b"%d" % len(body)))
        self.emit(None if headers is None else Headers(headers), body, more=more, status=status)

    def emit(self, headers: Headers | None, body: bytes, *, more: bool, status: int = 200) -> None:
        """A piece of an answer; the first has the headers, with its length where it is the last too."""
        if headers is not None:
            head = head_of(status, headers).packed()
            self._begun, self._ended = True, not more
            self._write(BEGIN if more else WHOLE, head, body)
        elif not self._ended:
            self._ended = not more
            piece = (FRAME.pack(PIECE, len(body)), body) if body else ()
            self._send(*piece, *((_END,) if not more else ()))

    def close(self) -> None:
        if self._begun and not self._ended:
            self._ended = True
            self._write(END)
        elif not self._begun:
            self.break_off()

    def break_off(self) -> None:
        """Once an answer is whole nothing may follow it: the gateway would take that for the next one."""
        if not self._ended:
            self._begun = self._ended = True
            self._write(BROKEN)

    def _write(self, kind: bytes, *parts: bytes) -> None:
        self._send(FRAME.pack(kind, sum(map(len, parts))), *parts)

    def _send(self, *parts: bytes) -> None:
        """All at once: told of them one after the other, the gateway would be woken for each."""
        if not parts:
            return
        left = sum(map(len, parts)) - self._channel.sendmsg(parts)
        if left:  # a signal came in between
            self._channel.sendall(b"".join(parts)[-left:])


def head_of(status: int, headers: Headers) -> Head:
    """Raises ValueError for a header that would end its line."""
    (first, keep), (last, _) = _shared_lines(headers.shared), _shared_lines(headers.also)
    own = dict(headers.own)
    keep = keep or KEEP in own
    without = (KEEP, _LENGTH) if status in _NO_BODY else (KEEP,)
    lines = _lines([field for field in headers.own if field[0] not in without])
    length = 0 if status in _NO_BODY else int(own[_LENGTH]) if _LENGTH in own else None
    return Head(status, first + lines + last, length, own.get(b"etag"), keep)


@lru_cache(maxsize=64)
def _shared_lines(fields: Fields) -> tuple[bytes, bool]:
    """And whether the answer may be kept."""
    return _lines([field for field in fields if field[0] != KEEP]), KEEP in dict(fields)


def _lines(fields: list[tuple[bytes, bytes]]) -> bytes:
    lines = b"".join([b"%b: %b\r\n" % field for field in fields])
    if lines.count(b"\n") != len(fields) or lines.count(b"\r") != len(fields):
        name = next(name for name, value in fields if b"\r" in name + value or b"\n" in name + value)
        raise ValueError(f"a line break in the header {name.decode('latin-1')}")
    return lines


def fail(channel: socket.socket, why: str) -> NoReturn:
    """Of a worker that cannot open its store."""
    content = why.encode()
    with contextlib.suppress(OSError):
        channel.sendall(FRAME.pack(FAILED, len(content)) + content)
    os._exit(1)


class _Lines(logging.Formatter):
    """Log records as JSON lines, like those of the gateway, with the id of the request that is being answered."""

    query_id = ""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = {"time": moment, "event": "error" if record.levelno >= logging.ERROR else "note"}
        line |= {"query_id": self.query_id, "message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_as_json() -> None:
    """From now on, in this process and those forked from it, whatever becomes of their standard error."""
    stream = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def run(channel: socket.socket, app: ASGIApp, most_bytes: int) -> None:
    """The whole life of a worker, from just after the fork; never returns."""
    status = 1
    try:
        bound(most_bytes)
        # A short query costs a quarter less without it.
        gc.freeze()
        gc.disable()
        work(channel, app)
        status = 0
    finally:
        logging.shutdown()
        os._exit(status)
